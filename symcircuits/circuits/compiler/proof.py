"""The theorem that a compiled network computes its expression.

Most often the kernel's normal form shows it at once. Otherwise it is proved as the network was made: each rule is a
lemma of its own, in variables, and is cited for the part that it rewrote; then the normal forms agree. So the cost
grows with the number of parts, not with the number of linear regions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from symcircuits.circuits.compiler.neurons import ONCE
from symcircuits.circuits.compiler.rules import Rule
from symcircuits.circuits.network import Network
from symcircuits.cpwl.substitute import substitute
from symcircuits.errors import CertificateRejected
from symcircuits.kernel.check import Theorem, check
from symcircuits.kernel.term import Claim, Comparison, Term, subterms, total, variable
from symcircuits.provers.cite import Citation, prove_by_citation
from symcircuits.provers.prove import Answer, prove_claim
from symcircuits.provers.result import Clock, LimitReached
from symcircuits.provers.search import Search

FIRST, SECOND = variable("v1"), variable("v2")
GAP = Term("relu", (total([(ONCE, SECOND), (-ONCE, FIRST)]),))
JOINED = total([(ONCE, FIRST), (ONCE, GAP)])
PAIR = Rule(JOINED, JOINED, Term("max", (FIRST, SECOND)), {"v1": FIRST, "v2": SECOND})
DIRECT = 1.0
"""Seconds for the normal forms of the whole, before the parts are proved one by one."""


class Lemmas:
    """Theorems left == right of the rules, each proved once."""

    def __init__(self, seconds: float | None = None) -> None:
        self.seconds = seconds
        self._known: dict[str, Answer] = {}

    def answer(self, rule: Rule) -> Answer:
        """The theorem of the rule's equation, or why it is not proved."""
        claim = Claim(Comparison(rule.left, "==", rule.right))
        text = str(claim)
        if text not in self._known:
            self._known[text] = (
                _by_normal_form(claim) or self._by_joins(claim, rule) or prove_claim(claim, self.seconds)
            )
        return self._known[text]

    def _by_joins(self, claim: Claim, rule: Rule) -> Theorem | None:
        """The equation of a tree of maxima, whose normal form is seen once each join is read as a maximum."""
        pair = self.answer(PAIR) if len(rule.joins) > 1 else None
        if not isinstance(pair, Theorem):
            return None
        read: dict[Term, Term] = {}
        citations: list[Citation] = []
        for whole, first, second in rule.joins:
            read[whole] = Term("max", (read.get(first, first), read.get(second, second)))
            citations.append(Citation(pair, (first, second), whole, read[whole]))
        return _cited(claim, citations)

    def citation(self, rule: Rule) -> Citation | None:
        """The rule's theorem at its terms; None where it is not proved."""
        theorem = self.answer(rule)
        if not isinstance(theorem, Theorem):
            return None
        (value,) = substitute([rule.right], rule.at)
        terms = tuple(rule.at[name] for name in theorem.claim.variables())
        return Citation(theorem, terms, rule.whole, value)


def prove_network(
    terms: Sequence[Term], network: Network, rules: Iterable[Rule], lemmas: Lemmas, seconds: float | None = None
) -> tuple[Answer, ...]:
    """For each output the theorem that the term equals it, or why it is not proved."""
    claims = [Claim(Comparison(term, "==", output)) for term, output in zip(terms, network.terms, strict=True)]
    rules = [*rules, *(_passing(term) for term in network.wire_terms if is_passing(term))]
    return tuple(
        _by_normal_form(claim) or _by_rules(claim, rules, lemmas) or prove_claim(claim, seconds) for claim in claims
    )


def is_passing(term: Term) -> bool:
    """Whether the term is relu(relu(t)): a neuron that only passes a value on."""
    return term.kind == term.args[0].kind == "relu" if term.args else False


def _passing(term: Term) -> Rule:
    inner = Term("relu", (variable("v"),))
    return Rule(term, Term("relu", (inner,)), inner, {"v": term.args[0].args[0]})


def _by_normal_form(claim: Claim) -> Theorem | None:
    search = Search(claim, Clock(DIRECT))
    context, goal = search.root
    try:
        if context.gap(goal).numerators:
            return None
        search.apply(search.root, "normal")
        return check(search.certificate())
    except (LimitReached, CertificateRejected):
        return None


def _by_rules(claim: Claim, rules: Iterable[Rule], lemmas: Lemmas) -> Theorem | None:
    inside = {id(term) for term in subterms(claim.sides())}
    citations = [lemmas.citation(rule) for rule in rules if id(rule.whole) in inside]
    return _cited(claim, [citation for citation in citations if citation is not None])


def _cited(claim: Claim, citations: Sequence[Citation]) -> Theorem | None:
    try:
        return prove_by_citation(claim, citations)
    except CertificateRejected:
        return None
