"""Proofs by citation: the parts of a composed term are rewritten by theorems already proved, one congruence each.

The cost is one citation a part, whatever the part's own proof cost, and the parts' certificates are carried along once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import NamedTuple

from symcircuits.errors import CertificateRejected
from symcircuits.exact.simplex import Implied, Simplex
from symcircuits.kernel.check import Goal, Theorem, check
from symcircuits.kernel.number import integer_from_text
from symcircuits.kernel.term import Claim, Term, variable
from symcircuits.provers.certificate import Data, Step, number_to_json, text_of, theorem_to_json
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
    The domains of the theorems cited must follow from the claim's, by linear combination or at each of finitely many
    points. Raises `CertificateRejected` where one of this does not hold.

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
    lemmas = Lemmas(citation.theorem for citation in citations)
    skeleton: list[Step] = [["chain", through], ["normal"]] if through is not None else []
    for theorem, terms, whole, value in citations:
        skeleton += [["congruence", whole, value], ["cite", lemmas.number(theorem), list(terms)]]
    return _finished(claim, [*skeleton, ["normal"]], lemmas)


def prove_by_chain(claim: Claim, middle: Term, first: Theorem, second: Theorem) -> Theorem:
    """The theorem left == right from left == middle and middle == right, about the same variables on the same domain.

    >>> from symcircuits.expr.parse import parse_claim, parse_expression
    >>> from symcircuits.provers.prove import prove
    >>> first, second = prove("abs(x) == max(x, -x)"), prove("max(x, -x) == relu(x) + relu(-x)")
    >>> claim = parse_claim("abs(x) == relu(x) + relu(-x)")
    >>> prove_by_chain(claim, parse_expression("max(x, -x)"), first, second)
    Theorem: for all real x: abs(x) == relu(x) + relu(-x)
    """
    lemmas = Lemmas((first, second))
    cited: list[Step] = [
        ["cite", lemmas.number(theorem), list(map(variable, theorem.claim.variables()))] for theorem in (first, second)
    ]
    return _finished(claim, [["chain", middle], *cited], lemmas)


def _finished(claim: Claim, skeleton: Sequence[Step], lemmas: Lemmas) -> Theorem:
    """The theorem with these steps, and, after each citation, those that show the domain of what is cited."""
    if not lemmas.have_domains:
        return check(text_of([*lemmas.theorems, theorem_to_json(claim, skeleton)]))
    search = Search(claim, Clock(), skeleton, lemmas.theorems)
    goals = [search.root]
    for name, *arguments in search.skeleton:
        premises = search.apply(goals.pop(), name, *arguments)
        if name == "cite":
            for premise in premises:
                show_premise(search, premise)
        else:
            goals += reversed(premises)
    return check(search.certificate())


def show_premise(search: Search, premise: Goal) -> None:
    """Close a condition of a cited theorem by the hypotheses; `CertificateRejected` if they do not show it."""
    context, goal = premise
    if goal.relation == "==":
        for rule in ("normal", "table"):
            with suppress(CertificateRejected):
                search.apply(premise, rule)
                return
        for half in search.apply(premise, "both"):
            show_premise(search, half)
        return
    gap = context.gap(goal)
    simplex = Simplex(len(search.proof.draft.variables))
    for form, _ in context.hypotheses:
        simplex.add(integers(form, simplex.n))
    answer = simplex.minimise(integers(gap, simplex.n)) if context.algebra.is_affine(gap) else None
    if not isinstance(answer, Implied):
        raise CertificateRejected(f"the domain of a cited theorem does not follow: {goal.left} {goal.relation} 0")
    factor = Fraction(1, gap.denominator)
    search.apply(premise, "farkas", multipliers_to_json(answer.multipliers, context.hypotheses, factor))


class Lemmas:
    """The theorems of several certificates as one list, each once, and the place of each certificate's last one."""

    def __init__(self, cited: Iterable[Theorem]) -> None:
        self.theorems: list[Data] = []
        self.have_domains = False
        self.places: dict[str, int] = {}
        self.last: dict[str, int] = {}
        for theorem in {id(each): each for each in cited}.values():
            if theorem.certificate not in self.last:
                self.last[theorem.certificate] = self.carry(theorem.certificate)
                self.have_domains |= bool(theorem.claim.where or theorem.claim.ranges)

    def number(self, theorem: Theorem) -> int:
        """The number of the theorem in the list."""
        return self.last[theorem.certificate]

    def carry(self, certificate: str) -> int:
        """Add what is new of a certificate's theorems; the number of the last one."""
        renumbered: list[int] = []
        theorems: list[Data] = json.loads(certificate, parse_int=_integer)["theorems"]
        for theorem in theorems:
            steps = theorem["proof"]
            theorem["proof"] = [[s[0], renumbered[s[1]], *s[2:]] if s[0] == "cite" else s for s in steps]
            place = self.places.setdefault(json.dumps(theorem), len(self.theorems))
            if place == len(self.theorems):
                self.theorems.append(theorem)
            renumbered.append(place)
        return renumbered[-1]


def _integer(text: str) -> int | str:
    return number_to_json(Fraction(integer_from_text(text)))
