"""Large compositions proved in sections: a lemma for some blocks together, cited wherever the same section occurs.

A proof by citation rewrites one term, block by block, and each step costs something for all of the term. So the blocks
of a large composition are put together to sections of at most `SECTION` blocks, each read by one other block only; a
section's theorem is about fresh variables, so that equal sections have one theorem. Sections of sections follow until
few are left: the tournament of 1,023 circuits of two inputs is 33 sections, all of them equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from symcircuits.cpwl.substitute import substitute
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.term import Claim, Comparison, Term, rebuilt, subterms, variable
from symcircuits.provers.cite import Citation, prove_by_citation

SHORT, SECTION = 64, 32


class Lemma(NamedTuple):
    """A theorem output == target about an output of a circuit, with the target and the theorem's variables."""

    theorem: Theorem
    target: Term
    variables: tuple[str, ...]


class Use(NamedTuple):
    """A lemma where it is used: the output as a term, and the terms in the place of the lemma's inputs."""

    output: Term
    fed: Mapping[str, Term]
    lemma: Lemma

    @property
    def citation(self) -> Citation:
        """That the output equals the target at these terms."""
        terms = tuple(self.fed[name] if name in self.fed else variable(name) for name in self.lemma.variables)
        return Citation(self.lemma.theorem, terms, self.output, substitute([self.lemma.target], self.fed)[0])


def in_sections(claim: Claim, uses: Sequence[Use]) -> list[Use]:
    """Fewer uses that prove the same, if there are many; where domains or parameters occur they stay as they are."""
    made: dict[Claim, Lemma] = {}
    left, before = list(uses), len(uses) + 1
    if len(uses) <= SHORT or _is_restricted(claim, uses):
        return left
    while SHORT < len(left) < before:
        before, outputs = len(left), {id(use.output) for use in left}
        left = [_section(members, outputs, made) for members in _groups(claim.goal.left, left)]
    return left


def _is_restricted(claim: Claim, uses: Sequence[Use]) -> bool:
    theorems = {id(use.lemma.theorem): use.lemma.theorem for use in uses}.values()
    parameters = any(term.kind == "scale" for term in subterms((claim.goal.left,)))
    return parameters or any(theorem.claim.where or theorem.claim.ranges for theorem in theorems)


def _groups(whole: Term, uses: Sequence[Use]) -> Iterable[list[Use]]:
    """The uses in groups, inner ones first: a use joins the one that reads its output if no other does."""
    outputs = {id(use.output) for use in uses}
    reads = [_reads(use.fed.values(), outputs) for use in uses]
    readers: dict[int, int] = {}
    for output in (output for row in (*reads, _reads([whole], outputs)) for output in row):
        readers[output] = readers.get(output, 0) + 1
    groups: dict[int, list[Use]] = {}
    for use, row in zip(uses, reads, strict=True):
        members = [use]
        for output in row:
            if readers[output] == 1 and output in groups and len(groups[output]) + len(members) <= SECTION:
                members = groups.pop(output) + members
        groups[id(use.output)] = members
    return groups.values()


def _reads(roots: Iterable[Term], outputs: set[int]) -> list[int]:
    """The outputs in the roots that are in no other output."""
    roots = tuple(roots)
    inside = (part for term in subterms(roots, known=outputs) for part in term.args)
    return list(dict.fromkeys(id(term) for term in (*roots, *inside) if id(term) in outputs))


def _section(members: list[Use], outputs: set[int], made: dict[Claim, Lemma]) -> Use:
    """The members as one use, of the last one's output; `outputs` are those of all uses."""
    if len(members) == 1:
        return members[0]
    whole = members[-1].output
    border = list(_border(members, outputs))
    names = {id(term): variable(f"x{place}") for place, term in enumerate(border, start=1)}
    output, *parts = rebuilt([whole, *(term for use in members for term in (use.output, *use.fed.values()))], names)
    new = iter(parts)
    uses = [use._replace(output=next(new), fed=dict(zip(use.fed, new, strict=False))) for use in members]
    values = dict[int, Term]()
    for use in uses:
        fed = dict(zip(use.fed, rebuilt(use.fed.values(), values), strict=True))
        values[id(use.output)] = substitute([use.lemma.target], fed)[0]
    claim = Claim(Comparison(output, "==", values[id(uses[-1].output)]))
    lemma = made.get(claim)
    if lemma is None:
        theorem = prove_by_citation(claim, [use.citation for use in uses])
        lemma = made[claim] = Lemma(theorem, claim.goal.right, tuple(claim.variables()))
    return Use(whole, {f"x{place}": term for place, term in enumerate(border, start=1)}, lemma)


def _border(members: Sequence[Use], outputs: set[int]) -> Iterator[Term]:
    """The variables and the outputs of others that the members read, in order."""
    seen = {id(use.output) for use in members}
    for use in members:
        fed = tuple(use.fed.values())
        inside = (part for term in subterms(fed, known=outputs) for part in term.args)
        for term in (*fed, *inside):
            if id(term) not in seen and (term.kind == "variable" or id(term) in outputs):
                seen.add(id(term))
                yield term
