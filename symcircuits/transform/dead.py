"""Networks that differ in neurons which are off on the whole domain: bounds for these, then outputs by citing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symcircuits.circuits.network import Network
from symcircuits.errors import CertificateRejected
from symcircuits.kernel.check import Goal, Theorem, check
from symcircuits.kernel.term import Claim, Comparison, Term, subterms, total, variable
from symcircuits.provers.certificate import theorem_to_json
from symcircuits.provers.cite import show_premise
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.result import Clock
from symcircuits.provers.search import Search

Way = tuple[Theorem, ...]
"""Theorems t <= s, s <= r, ..., q <= 0 on a domain, which show t <= 0 there."""
COMPARING = 0.5
"""Seconds for comparing two neurons, so that one long proof may serve both."""
ZERO = total([])


def prove_with_dead_neurons(
    domain: Claim, one: Network, other: Network, wires: Sequence[tuple[Network, int]], seconds: float | None
) -> tuple[Theorem, ...] | None:
    """The theorems that the outputs are equal on the claim's domain, because the neurons on the wires are 0 there.

    A neuron is off where one is that is never smaller before relu. None when this is not proved within the seconds, or
    the outputs differ even so. The inputs of all networks must have the same names.

    >>> from symcircuits.circuits.network import network
    >>> from symcircuits.kernel.term import constant
    >>> def with_weight(w):
    ...     return network("n", ("x",), [([[1], [-1]], [0, 0]), ([[w, w]], [-1]), ([[1]], [0])])
    >>> domain = Claim(Comparison(constant(0), "==", constant(0)), (Comparison(variable("x"), "==", constant(0)),))
    >>> one, other = with_weight(2), with_weight(3)
    >>> prove_with_dead_neurons(domain, one, other, [(one, 3), (other, 3)], None)
    (Theorem: for all real x with x == 0: relu(2*relu(x) + 2*relu(-x) - 1) == relu(3*relu(x) + 3*relu(-x) - 1),)
    """
    clock = Clock(seconds)
    neurons = [network.wire_terms[wire] for network, wire in wires]
    ways = _ways(domain, [neuron.args[0] for neuron in neurons], clock)
    if ways is None:
        return None
    off = list(zip(neurons, ways, strict=True))
    pairs = zip(one.terms, other.terms, strict=True)
    try:
        return tuple(_proved(domain._replace(goal=Comparison(a, "==", b)), off) for a, b in pairs)
    except CertificateRejected:
        return None


def _ways(domain: Claim, terms: Sequence[Term], clock: Clock) -> list[Way] | None:
    """How each of the terms is at most 0: by that of a larger one, or by a theorem that is searched for."""
    ways: dict[int, Way] = {}
    larger = {at: found for at in range(len(terms)) if (found := _larger(domain, terms, at, clock)) is not None}
    for at in sorted(range(len(terms)), key=lambda at: at in larger):
        other, theorem = larger.get(at, (at, None))
        if theorem is not None and other in ways:
            ways[at] = (theorem, *ways[other])
            continue
        bound = _theorem(domain, terms[at], ZERO, _left(clock))
        if bound is None:
            return None
        ways[at] = (bound,)
    return [ways[at] for at in range(len(terms))]


def _larger(domain: Claim, terms: Sequence[Term], at: int, clock: Clock) -> tuple[int, Theorem] | None:
    """The first other term that is never smaller, with the theorem."""
    for other, term in enumerate(terms):
        if other != at:
            left = _left(clock)
            theorem = _theorem(domain, terms[at], term, COMPARING if left is None else min(COMPARING, left))
            if theorem is not None:
                return other, theorem
    return None


def _theorem(domain: Claim, low: Term, high: Term, seconds: float | None) -> Theorem | None:
    answer = prove_claim(domain._replace(goal=Comparison(low, "<=", high)), seconds)
    return answer if isinstance(answer, Theorem) else None


def _left(clock: Clock) -> float | None:
    return None if clock.seconds is None else max(clock.seconds - clock.elapsed(), 0.0)


def _proved(claim: Claim, off: Sequence[tuple[Term, Way]]) -> Theorem:
    """The theorem of the claim with 0 in the place of those neurons that are parts of it."""
    search = Search(claim, Clock())
    p = variable("p")
    relu_off = Claim(Comparison(Term("relu", (p,)), "==", ZERO), (Comparison(p, "<=", ZERO),))
    lemma = search.lemma(theorem_to_json(relu_off, [["normal"]]))
    goal, inside = search.root, {id(part) for part in subterms((claim.goal.left, claim.goal.right))}
    for neuron, way in off:
        if id(neuron) in inside:
            first, goal = search.apply(goal, "congruence", search.number(neuron), search.number(ZERO))
            (bound,) = search.apply(first, "cite", lemma, [search.number(neuron.args[0])])
            _bounded(search, bound, way)
    search.apply(goal, "normal")
    return check(search.certificate())


def _bounded(search: Search, goal: Goal, way: Way) -> None:
    """Close the goal, that a term is at most 0."""
    for theorem in way[:-1]:
        first, goal = search.apply(goal, "chain", search.number(theorem.claim.goal.right))
        _cited(search, first, theorem)
    _cited(search, goal, way[-1])


def _cited(search: Search, goal: Goal, theorem: Theorem) -> None:
    """Close the goal by a theorem about the same variables on the same domain."""
    at = [search.number(variable(name)) for name in theorem.claim.variables()]
    for premise in search.apply(goal, "cite", search.carried(theorem), at):
        show_premise(search, premise)


def with_inputs(network: Network, names: Sequence[str]) -> Network:
    """The network with its inputs called by these names."""
    return replace(network, inputs=tuple(names))
