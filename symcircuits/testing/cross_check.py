"""`cross_check`: both sides of a theorem evaluated at many points, a check that trusts neither prover nor kernel."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

from hypothesis import Phase, Verbosity, find, settings
from hypothesis.errors import NoSuchExample, Unsatisfiable

from symcircuits.exact.polyhedron import simplify_point
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.term import Claim
from symcircuits.provers.result import Counterexample, counterexample
from symcircuits.testing.strategies import points


class CrossCheckFailed(AssertionError):
    """A claim is false at a point; the message shows the point, the values of both sides and the claim."""

    def __init__(self, found: Counterexample) -> None:
        super().__init__(f"{found}\nso this is false: {found.claim}")
        self.counterexample = found


def cross_check(theorem: Theorem | Claim, examples: int = 100) -> int:
    """How many distinct points of the claim's domain were tried, at most `examples`; the goal holds at all of them.

    Both sides are evaluated exactly, as the claim gives them, at `points` of its domain: the same ones every time. An
    empty domain has none. Raises `CrossCheckFailed`, with a point that was shrunk, if the claim is
    false at one, `CertificateRejected` if its domain is no polyhedron, and `TypeError` for anything else.

    >>> from symcircuits.expr.parse import parse_claim
    >>> from symcircuits.provers.prove import prove_claim
    >>> cross_check(prove_claim(parse_claim("x == 1/3", where="3*x == 1")))
    1
    >>> cross_check(parse_claim("abs(x) == relu(x) - relu(-x)"))
    Traceback (most recent call last):
    ...
    symcircuits.testing.cross_check.CrossCheckFailed: at x = -1: left side 1, right side -1
    so this is false: for all real x: abs(x) == relu(x) - relu(-x)
    """
    if not isinstance(theorem, Theorem | Claim):
        raise TypeError(f"cross_check takes a Theorem or a Claim, not {type(theorem).__name__}")
    claim = theorem if isinstance(theorem, Claim) else theorem.claim
    # Hypothesis keeps its state by thread: in a thread of its own, sampling also works inside another test of it.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_sample, claim, examples).result()


def _sample(claim: Claim, examples: int) -> int:
    tried: dict[tuple[Fraction, ...], bool] = {}

    def is_false(point: dict[str, Fraction]) -> bool:
        key = tuple(point.values())
        if key not in tried:
            tried[key] = counterexample(claim, point) is not None
        return tried[key]

    quiet = settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        verbosity=Verbosity.quiet,
        phases=(Phase.generate, Phase.shrink),
    )
    try:
        shrunk = find(points(claim), is_false, settings=quiet)
    except (NoSuchExample, Unsatisfiable):
        return len(tried)
    raise CrossCheckFailed(_simple(claim, shrunk))


def _simple(claim: Claim, point: dict[str, Fraction]) -> Counterexample:
    """The counterexample at a simple point near one at which the claim is false."""

    def judged(values: Sequence[Fraction]) -> Counterexample | None:
        return counterexample(claim, dict(zip(point, values, strict=True)))

    found = judged(simplify_point(list(point.values()), lambda values: judged(values) is not None))
    if found is None:
        raise RuntimeError("a claim that is false at a point is true there when asked again")
    return found
