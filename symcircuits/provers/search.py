"""A proof under construction: steps are applied by the kernel's own rules as they are chosen.

So the search sees the very goals that the checker will see, and the certificate is the list of the steps. Nothing
here is trusted: the finished text is checked from scratch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from symcircuits.kernel.certificate import draft, read
from symcircuits.kernel.check import RULES, Context, Goal, Proof, Theorem, domain_of
from symcircuits.kernel.normal import Form, Meter
from symcircuits.kernel.term import Claim, Term, subterms, total
from symcircuits.provers.certificate import INLINE, Data, Step, number_to_json, term_to_json, text_of, theorem_to_json

Point = list[Fraction]


class Search:
    """The claim in the kernel's own form, and the steps chosen so far, which have left `root` as the goal to prove.

    A skeleton is a list of steps that mention terms by themselves; `skeleton` has them as the kernel reads them. Terms
    and lemmas that steps need can also be added while the search goes on.
    """

    def __init__(self, claim: Claim, meter: Meter, skeleton: Sequence[Step] = (), lemmas: Sequence[Data] = ()) -> None:
        self.claim, self.meter, self.steps = claim, meter, list[Step]()
        self.theorems = [*lemmas, theorem_to_json(claim, skeleton)]
        drafts = [draft(theorem) for theorem in self.theorems]
        self.skeleton: Sequence[Step] = drafts[-1].proof
        self.proof = Proof(drafts[-1], drafts, len(lemmas))
        self.root: Goal = (domain_of(drafts[-1], meter), drafts[-1].claim.goal)
        self._carried: dict[str, int] = {}
        self._numbers: dict[int, int] = {}
        self._held: list[Term] = []
        self._rows: dict[Any, int] = {}

    def apply(self, goal: Goal, name: str, *arguments: Any) -> list[Goal]:
        """Note one step and return the goals it leaves; `CertificateRejected` if the kernel would refuse it."""
        goals = RULES[name](self.proof, *goal, *arguments)
        self.steps.append([name, *arguments])
        return goals

    def advance(self, name: str, *arguments: Any) -> None:
        """Apply a step that leaves one goal to the root."""
        (self.root,) = self.apply(self.root, name, *arguments)

    def lemma(self, theorem: Data) -> int:
        """The number of a theorem that steps may cite; it is not checked before the certificate is."""
        *before, last = self.proof.drafts
        self.theorems.insert(-1, theorem)
        self.proof = Proof(last, [*before, draft(theorem), last], self.proof.place + 1)
        return self.proof.place - 1

    def carried(self, theorem: Theorem) -> int:
        """The number of a theorem that is proved already; its certificate's theorems are added, each once."""
        renumbered: list[int] = []
        for data in read(theorem.certificate):
            steps = [[s[0], renumbered[s[1]], *s[2:]] if s[0] == "cite" else s for s in data["proof"]]
            text = repr({**data, "proof": steps})
            if text not in self._carried:
                self._carried[text] = self.lemma({**data, "proof": steps})
            renumbered.append(self._carried[text])
        return renumbered[-1]

    def number(self, term: Term) -> int:
        """The number of a term in the certificate, to which it is added if it is not there yet."""
        if not self._held:
            self._note_draft(self.proof.draft.terms)
        for part in subterms((term,), known=self._numbers):
            row = (part.kind, tuple(self._numbers[id(inner)] for inner in part.args), *part[2:])
            if row not in self._rows:
                self._add(part, row)
            self._note(part, self._rows[row])
        if self._numbers[id(term)] == INLINE:
            return self.number(total([(Fraction(1), term)]))
        return self._numbers[id(term)]

    def _note(self, term: Term, number: int) -> None:
        self._numbers[id(term)] = number
        self._held.append(term)  # a term that is gone could leave its id to another

    def _note_draft(self, terms: Sequence[Term]) -> None:
        """Number the terms that the certificate has from the start; a 1 that it has only in sums has no number."""
        ones = [place for place, term in enumerate(terms) if term.kind == "one"] or [INLINE]
        for term in subterms(terms):
            if term.kind == "one":
                self._note(term, ones[0])
                self._rows[(term.kind, (), *term[2:])] = ones[0]
        for place, term in enumerate(terms):
            self._note(term, place)
            if all(id(part) in self._numbers for part in term.args):
                self._rows[(term.kind, tuple(self._numbers[id(part)] for part in term.args), *term[2:])] = place

    def _add(self, term: Term, row: Any) -> None:
        """Write a term whose parts have numbers into the certificate."""
        changed, parts = self.proof.draft, row[1]
        if term.kind == "one":
            self._rows[row] = INLINE
            return
        self._rows[row] = len(changed.terms)
        self.theorems[-1]["terms"].append(term_to_json(term, parts))
        args = (part if at == INLINE else changed.terms[at] for part, at in zip(term.args, parts, strict=True))
        changed = changed._replace(terms=(*changed.terms, term._replace(args=tuple(args))))
        self.proof = Proof(changed, [*self.proof.drafts[:-1], changed], self.proof.place)

    def certificate(self) -> str:
        """The text of the certificate as it stands."""
        return text_of([*self.theorems[:-1], {**self.theorems[-1], "proof": self.steps}])

    def named(self, context: Context, point: Point) -> dict[str, Fraction]:
        """The point by variable names, with the values of variables that the context has replaced."""
        full = list(point)
        for number, form in context.algebra.values.items():
            full[number - 1] = value(form, point)
        return dict(zip(self.proof.draft.variables, full, strict=True))


def renewed(goal: Goal) -> Goal:
    """The goal with an algebra that remembers nothing, as the checker has it where it has seen no normal form yet.

    Atoms are numbered as they come up, so a route must begin with it if its steps name atoms of a goal that it changes.
    """
    return goal[0]._replace(algebra=goal[0].algebra.with_facts([])), goal[1]


def value(form: Form, point: Point) -> Fraction:
    """The value of an affine form at a point."""
    total, below = 0, 1
    for at, n in form.numerators.items():
        if at:
            x = point[at - 1]
            d = x.denominator
            if d == below:
                total += n * x.numerator
            else:
                total, below = total * d + n * x.numerator * below, below * d
        else:
            total += n * below
    return Fraction(total, below * form.denominator)


def integers(form: Form, size: int) -> list[int]:
    """The numerators of an affine form in `size` variables, the constant first: the form times its denominator."""
    row = [0] * (size + 1)
    for at, numerator in form.numerators.items():
        row[at] = numerator
    return row


def row_to_json(form: Form) -> list[Any]:
    """An affine form as the certificate writes it."""
    pairs = ((number_to_json(Fraction(n, form.denominator)), at) for at, n in sorted(form.numerators.items()))
    return [[c, at - 1] if at else c for c, at in pairs]


def multipliers_to_json(
    multipliers: Mapping[int, Fraction], hypotheses: Sequence[tuple[Form, bool]], factor: Fraction
) -> list[Any]:
    """Multipliers of the integer rows of the hypotheses, as multipliers of the hypotheses, times a factor."""
    return [
        [at, number_to_json(m * factor * hypotheses[at][0].denominator)] for at, m in sorted(multipliers.items()) if m
    ]
