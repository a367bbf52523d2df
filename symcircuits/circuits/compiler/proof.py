"""The theorem that a compiled network computes its expression.

Most often the kernel's normal form shows it at once. Otherwise it is proved as the network was made: each rule is a
lemma of its own, in variables, and is cited for the part that it rewrote; then the normal forms agree. So the cost
grows with the number of parts, not with the number of linear regions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from symcircuits.circuits.compiler.neurons import ONCE
from symcircuits.circuits.compiler.rules import Rule
from symcircuits.circuits.compiler.ways import Candidate, Through
from symcircuits.cpwl.substitute import substitute
from symcircuits.errors import CertificateRejected
from symcircuits.kernel.check import Theorem, check
from symcircuits.kernel.term import Claim, Comparison, Term, table, total, variable
from symcircuits.provers.cite import Citation
from symcircuits.provers.prove import Answer, prove_claim
from symcircuits.provers.result import Clock, LimitReached, Unknown
from symcircuits.provers.rewrite import prove_by_rewriting
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
        text = str(rule.claim)
        if text not in self._known:
            self._known[text] = (
                _by_normal_form(rule.claim) or self._by_joins(rule) or prove_claim(rule.claim, self.seconds)
            )
        return self._known[text]

    def _by_joins(self, rule: Rule) -> Theorem | None:
        """The equation of a tree of maxima, whose normal form is seen once each join is read as a maximum."""
        if len(rule.joins) < 2:
            return None
        pairs = [Rule(join.whole, JOINED, PAIR.right, {"v1": join.first, "v2": join.second}) for join in rule.joins]
        return _by_rules(rule.claim, pairs, self)


def prove_candidate(candidate: Candidate, lemmas: Lemmas, seconds: float | None = None) -> tuple[Answer, ...]:
    """For each output the theorem that the term equals it, or why it is not proved."""
    network, through = candidate.network, candidate.through
    rules = [*candidate.rules, *(_passing(term) for term in network.wire_terms if is_passing(term))]
    terms = through.terms if through else candidate.terms
    claims = [Claim(Comparison(term, "==", output)) for term, output in zip(terms, network.terms, strict=True)]
    answers = tuple(
        _by_normal_form(claim) or _by_rules(claim, rules, lemmas) or prove_claim(claim, seconds) for claim in claims
    )
    return _from(candidate.terms, answers, through) if through else answers


def _from(terms: Sequence[Term], answers: Sequence[Answer], through: Through) -> tuple[Answer, ...]:
    """The theorems that the terms equal what the others, of which the answers are about, were proved to equal."""
    proved: list[Answer] = []
    for place, (term, answer) in enumerate(zip(terms, answers, strict=True)):
        if not isinstance(answer, Theorem):
            proved.append(answer)
            continue
        goal = answer.claim.goal
        whole = Claim(Comparison(term, "==", goal.right))
        try:
            first, second = through.claim(place), through.series.adopted(answer)
            entry = through.series.add(whole, [["chain", goal.left], first.cited({}), second.cited({})])
            proved.append(through.series.theorem(entry))
        except (CertificateRejected, LimitReached) as error:
            proved.append(Unknown(whole, str(error)))
    return tuple(proved)


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
    """The equation once the rules that occur in it, and are proved, have rewritten it, parts before wholes."""
    try:
        return prove_by_rewriting(claim, list(_citations(claim, list(rules), lemmas)), "normal")
    except CertificateRejected:
        return None


def _citations(claim: Claim, rules: Sequence[Rule], lemmas: Lemmas) -> Iterator[Citation]:
    """The rules at terms in which all that is inside is rewritten already."""
    roots = [*claim.sides(), *(term for rule in rules for term in (rule.whole, *rule.at.values()))]
    rows, places = table(*roots)
    place = {id(term): at for term, at in zip(roots, places, strict=True)}
    of_claim = max(places[:2])
    at_place = {place[id(rule.whole)]: rule for rule in rules}
    made: list[Term] = []
    for number, (kind, parts, coefficients, name, exponent) in enumerate(rows[: of_claim + 1]):
        made.append(Term(kind, tuple(made[part] for part in parts), coefficients, name, exponent))
        rule = at_place.get(number)
        theorem = None if rule is None else lemmas.answer(rule)
        if rule is not None and isinstance(theorem, Theorem):
            # A term that is no part of the whole is an affine form, in which nothing is rewritten.
            at = {v: made[place[id(term)]] if place[id(term)] < number else term for v, term in rule.at.items()}
            (made[number],) = substitute([rule.right], at)
            yield Citation(theorem, tuple(at[v] for v in rule.claim.variables()), rule.whole, made[number])
