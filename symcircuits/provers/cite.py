"""Proofs by citation: the parts of a composed term are rewritten by theorems already proved, one congruence each.

The cost is one citation a part, whatever the part's own proof cost, and the parts' certificates are carried along once.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from symcircuits.errors import CertificateRejected
from symcircuits.exact.simplex import Implied, Simplex
from symcircuits.kernel.check import Goal, Theorem, check
from symcircuits.kernel.number import integer_from_text
from symcircuits.kernel.term import Claim, Term
from symcircuits.provers.certificate import Data, Step, number_to_json
from symcircuits.provers.result import Clock
from symcircuits.provers.search import Search, integers, multipliers_to_json


class Citation(NamedTuple):
    """The theorem, an equality, at these terms, one for each of its variables, says whole == value."""

    theorem: Theorem
    terms: tuple[Term, ...]
    whole: Term
    value: Term


def prove_by_citation(claim: Claim, citations: Sequence[Citation], through: Term | None = None) -> Theorem:
    """The theorem of an equality whose sides agree in normal form once each whole is replaced by its value, in order.

    With `through`, a term of the left side's normal form, the citations are about that term in place of the left side.
    The domains of the theorems cited must follow from the claim's by linear combination. Raises `CertificateRejected`
    where one of this does not hold.

    >>> from symcircuits.expr.parse import parse_claim, parse_expression
    >>> from symcircuits.provers.prove import prove
    >>> minimum = prove("b - relu(b - a) == min(a, b)")
    >>> claim = parse_claim("m - relu(m - c) == min(c, b, a)", let=[("m", "b - relu(b - a)")])
    >>> whole = claim.goal.left
    >>> inner, c, (a, b) = whole.args[0], parse_expression("c"), map(parse_expression, "ab")
    >>> first = Citation(minimum, (b, a), inner, Term("min", (a, b)))
    >>> second = Citation(minimum, (inner, c), whole, Term("min", (c, inner)))
    >>> print(prove_by_citation(claim, [first, second]).claim)
    for all real b, a, c: (b - relu(b - a)) - relu((b - relu(b - a)) - c) == min(c, b, a)
    """
    lemmas: list[Data] = []
    number = {certificate: _carry(certificate, lemmas) for certificate in _distinct(citations)}
    skeleton: list[Step] = [["chain", through], ["normal"]] if through is not None else []
    for theorem, terms, whole, value in citations:
        skeleton += [["congruence", whole, value], ["cite", number[theorem.certificate], list(terms)]]
    search = Search(claim, Clock(), [*skeleton, ["normal"]], lemmas)
    goals = [search.root]
    for name, *arguments in search.skeleton:
        premises = search.apply(goals.pop(), name, *arguments)
        if name == "cite":
            for premise in premises:
                _show(search, premise)
        else:
            goals += reversed(premises)
    return check(search.certificate())


def _show(search: Search, premise: Goal) -> None:
    """Close an affine inequality by the hypotheses; `CertificateRejected` if they do not show it."""
    context, goal = premise
    gap = context.gap(goal)
    simplex = Simplex(len(search.proof.draft.variables))
    for form, _ in context.hypotheses:
        simplex.add(integers(form, simplex.n))
    answer = simplex.minimise(integers(gap, simplex.n)) if context.algebra.is_affine(gap) else None
    if not isinstance(answer, Implied):
        raise CertificateRejected(f"the domain of a cited theorem does not follow: {goal.left} {goal.relation} 0")
    factor = Fraction(1, gap.denominator)
    search.apply(premise, "farkas", multipliers_to_json(answer.multipliers, context.hypotheses, factor))


def _distinct(citations: Sequence[Citation]) -> list[str]:
    return list(dict.fromkeys(citation.theorem.certificate for citation in citations))


def _carry(certificate: str, lemmas: list[Data]) -> int:
    """The number of a certificate's theorem among the lemmas, to which its theorems are added where they are new."""
    renumbered: list[int] = []
    theorems: list[Data] = json.loads(certificate, parse_int=_integer)["theorems"]
    for theorem in theorems:
        steps = theorem["proof"]
        theorem["proof"] = [[s[0], renumbered[s[1]], *s[2:]] if s[0] == "cite" else s for s in steps]
        if theorem not in lemmas:
            lemmas.append(theorem)
        renumbered.append(lemmas.index(theorem))
    return renumbered[-1]


def _integer(text: str) -> int | str:
    return number_to_json(Fraction(integer_from_text(text)))
