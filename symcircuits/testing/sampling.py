"""Sampling: `cross_check`, which trusts neither prover nor kernel, and the search that it shares with the assertions.

Both sides are evaluated exactly at points where a mistake would show, and the first point that shows one is made small.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from typing import NamedTuple

from hypothesis import Phase, Verbosity, find, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample, Unsatisfiable

from symcircuits.circuits.network import Network
from symcircuits.exact.polyhedron import simplify_point
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.networks import NetworkTheorem
from symcircuits.kernel.term import Claim
from symcircuits.provers.result import Counterexample, counterexample
from symcircuits.testing.strategies.kink import Named
from symcircuits.testing.strategies.point import points
from symcircuits.transform.equal import Difference

KINKED, GRID, WIDE = 500, 8, 64
"""Most weights of networks whose kinks are sought; other points are multiples of 1 / GRID, WIDE of them each way."""


class CrossCheckFailed(AssertionError):
    """A statement is false at a point; the message shows the point, the values of both sides and the statement."""

    def __init__(self, found: Counterexample | Difference, statement: object) -> None:
        super().__init__(f"{found}\nso this is false: {statement}")
        self.counterexample = found


def cross_check(theorem: Theorem | Claim | NetworkTheorem, examples: int = 100) -> int:
    """How many distinct points of the domain were tried, at most `examples`; what is stated holds at all of them.

    Both sides are evaluated exactly, as the statement gives them, at `points` of its domain: the same ones every time.
    An empty domain has none. Kinks of networks are sought if these are small. Raises `CrossCheckFailed`, with a point
    that was made small, if the statement is false at one, `CertificateRejected` if its domain is no polyhedron, and
    `TypeError` for anything else.

    >>> from symcircuits.expr.parse import parse_claim
    >>> from symcircuits.provers.prove import prove_claim
    >>> cross_check(prove_claim(parse_claim("x == 1/3", where="3*x == 1")))
    1
    >>> cross_check(parse_claim("abs(x) == relu(x) - relu(-x)"))
    Traceback (most recent call last):
    ...
    symcircuits.testing.sampling.CrossCheckFailed: at x = -1: left side 1, right side -1
    so this is false: for all real x: abs(x) == relu(x) - relu(-x)
    """
    if isinstance(theorem, NetworkTheorem):
        return _cross_check_networks(theorem, examples)
    if not isinstance(theorem, Theorem | Claim):
        raise TypeError(f"cross_check takes a Theorem or a Claim, not {type(theorem).__name__}")
    claim = theorem if isinstance(theorem, Claim) else theorem.claim
    sample = search(points(claim), lambda point: counterexample(claim, point) is not None, examples)
    if sample.found is not None:
        raise CrossCheckFailed(_simple(claim, sample.found), claim)
    return sample.tried


def _cross_check_networks(theorem: NetworkTheorem, examples: int) -> int:
    names = tuple(f"x{at}" for at in range(1, theorem.inputs + 1))
    left, right = (Network(name, names, layers) for name, layers in (("A", theorem.left), ("B", theorem.right)))

    def difference(point: Named) -> Difference | None:
        pairs = zip(left.run(*point.values()), right.run(*point.values()), strict=True)
        return next((Difference(point, at, a, b) for at, (a, b) in enumerate(pairs) if a != b), None)

    weights = sum(len(row) for layers in (theorem.left, theorem.right) for layer in layers for row in layer.weights)
    if weights <= KINKED:
        sample = search(points(left, right), lambda point: difference(point) is not None, examples)
    else:
        drawn = [dict(zip(names, point, strict=True)) for point in _grid_points(len(names), examples)]
        sample = Sample(len(drawn), next((point for point in drawn if difference(point) is not None), None))
    found = None if sample.found is None else difference(sample.found)
    if found is not None:
        raise CrossCheckFailed(found, theorem)
    return sample.tried


def _grid_points(size: int, count: int) -> Iterator[list[Fraction]]:
    source = random.Random(2022)
    for _ in range(count):
        yield [Fraction(source.randint(-WIDE, WIDE), GRID) for _ in range(size)]


class Sample(NamedTuple):
    """How many distinct points were tried, and a point that was sought, made small, or None."""

    tried: int
    found: Named | None


def search(strategy: st.SearchStrategy[Named], is_sought: Callable[[Named], bool], examples: int) -> Sample:
    """The same search every time, for a point that is sought, among as many examples of the strategy."""
    # Hypothesis keeps its state by thread: in a thread of its own, sampling also works inside another test of it.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_search, strategy, is_sought, examples).result()


def _search(strategy: st.SearchStrategy[Named], is_sought: Callable[[Named], bool], examples: int) -> Sample:
    tried: dict[tuple[Fraction, ...], bool] = {}

    def judge(point: Named) -> bool:
        key = tuple(point.values())
        if key not in tried:
            tried[key] = is_sought(point)
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
        return Sample(len(tried), find(strategy, judge, settings=quiet))
    except (NoSuchExample, Unsatisfiable):
        return Sample(len(tried), None)


def _simple(claim: Claim, point: Named) -> Counterexample:
    """The counterexample at a simple point near one at which the claim is false."""

    def judged(values: Sequence[Fraction]) -> Counterexample | None:
        return counterexample(claim, dict(zip(point, values, strict=True)))

    found = judged(simplify_point(list(point.values()), lambda values: judged(values) is not None))
    if found is None:
        raise RuntimeError("a claim that is false at a point is true there when asked again")
    return found
