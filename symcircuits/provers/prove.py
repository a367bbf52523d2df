"""`prove`: a claim to a checked theorem, an exact counterexample, or an honest unknown.

    claim -> domain (empty? flat? signs of parameters) -> normal form -> exact points -> cells -> certificate -> kernel

Every route only writes steps of a certificate. The answer `Theorem` comes from the kernel's check of the finished text, and
a `Counterexample` is evaluated on the claim as it was given.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symcircuits.kernel.check import Theorem, check
from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.term import Claim
from symcircuits.provers.cells import Refuted, Stuck, prove_by_cells
from symcircuits.provers.domain import Inside, find_signs, reduce_domain
from symcircuits.provers.points import inner_points, refute, simple_counterexample
from symcircuits.provers.result import Clock, Counterexample, LimitReached, Unknown
from symcircuits.provers.search import Search

Answer = Theorem | Counterexample | Unknown


def prove_claim(
    claim: Claim,
    seconds: float | None = None,
    cases: int | None = None,
    report: Callable[[int, int], None] | None = None,
) -> Answer:
    """The theorem, a counterexample, or `Unknown` when a limit is reached or the claim is outside what is decided.

    A claim of rational CPWL functions on a polyhedron is always decided, given time.

    >>> from symcircuits.expr.parse import parse_claim
    >>> prove_claim(parse_claim("max(x, y) == y + relu(x - y)"))
    Theorem: for all real x, y: max(x, y) == y + relu(x - y)
    >>> print(prove_claim(parse_claim("relu(x) + relu(y) <= relu(x + y)")))
    at x = 1, y = -1: left side 1, right side 0
    """
    clock = Clock(seconds, cases, report)
    tried: list[str] = []
    try:
        search = Search(claim, clock)
        answer = _decide(search, clock, tried)
        return answer or check(search.certificate())
    except LimitReached as limit:
        return Unknown(claim, str(limit), (*tried, f"{clock.closed} cases were closed"))
    except Stuck as stuck:
        return Unknown(claim, f"what is left is outside what the prover decides: {stuck}", tuple(tried))


def _decide(search: Search, clock: Clock, tried: list[str]) -> Counterexample | Unknown | None:
    """None when the search holds a whole proof."""
    inside = reduce_domain(search, search.root, clock)
    if inside is None:
        return None
    try:
        inside = find_signs(search, inside)
        if _close_at_once(search, inside):
            return None
    except CertificateRejected as error:
        return _sample(search, inside, clock) or Unknown(search.claim, f"the normal form is not defined: {error}")
    tried.append("the normal forms of the two sides differ")
    cloud = list(inner_points(inside))
    found = refute(search, inside, cloud, clock)
    if found:
        return found
    tried.append(f"no counterexample among {len(cloud)} points")
    try:
        prove_by_cells(search, inside, cloud, clock)
    except Refuted as refuted:
        return simple_counterexample(search, inside.goal[0], refuted.point)
    return None


def _sample(search: Search, inside: Inside, clock: Clock) -> Counterexample | None:
    return refute(search, inside, list(inner_points(inside)), clock)


def _close_at_once(search: Search, inside: Inside) -> bool:
    """Close an equality whose normal forms agree, or an inequality whose gap is a constant of the right sign."""
    context, goal = inside.goal
    gap = context.gap(goal)
    if goal.relation == "==" and not gap.numerators:
        search.apply(inside.goal, "normal")
        return True
    if goal.relation != "==" and (gap.constant() or Fraction(-1)) >= (
        0 if "=" in goal.relation else Fraction(1, 10**9)
    ):
        search.apply(inside.goal, "farkas", [])
        return True
    return False
