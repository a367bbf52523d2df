"""Sampling: `cross_check`, which trusts neither prover nor kernel, and the search that it shares with the assertions.

Both sides are evaluated exactly at points where a mistake would show, and the first point that shows one is made small.
"""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from fractions import Fraction
from functools import cache
from typing import NamedTuple, TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, currently_in_test_context, find, settings
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

Example = TypeVar("Example")
KINKED, GRID, WIDE = 500, 8, 64
"""Most weights of networks whose kinks are sought; other points are multiples of 1 / GRID, WIDE of them each way."""


class CrossCheckFailed(AssertionError):
    """A statement is false at a point; the message shows the point, the values of both sides and the statement."""

    def __init__(self, found: Counterexample | Difference, statement: object) -> None:
        super().__init__(f"{found}\nso this is false: {statement}")
        self.counterexample = found


Stated = Theorem | Claim | NetworkTheorem


def cross_check(theorem: Stated, examples: int = 100) -> int:
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
    return cross_check_all([theorem], examples)[0]


def cross_check_all(theorems: Sequence[Stated], examples: int = 100) -> list[int]:
    """What `cross_check` gives for each of several theorems, in one search, which is faster than one for each."""
    checks = list(map(_check_of, theorems))
    tried: list[set[tuple[Fraction, ...]]] = [set() for _ in checks]

    def is_wrong(at: int, point: Named) -> bool:
        tried[at].add(tuple(point.values()))
        return checks[at].difference(point) is not None

    found = search(_first([each.places for each in checks], is_wrong), lambda found: found is not None, examples)
    if found is not None:
        check, point = checks[found[0]], found[1]
        raise CrossCheckFailed(_simple(check, point), check.statement)
    missed = [at for at, each in enumerate(checks) if not tried[at] and not each.places.is_empty]
    if missed and len(checks) > 1:  # together they were more than one example holds
        for at in missed:
            tried[at] = {(Fraction(place),) for place in range(cross_check(theorems[at], examples))}
    return [len(points) for points in tried]


class _Check(NamedTuple):
    """A statement, points of its domain, and what shows that it is false at a point."""

    statement: Claim | NetworkTheorem
    places: st.SearchStrategy[Named]
    difference: Callable[[Mapping[str, Fraction]], Counterexample | Difference | None]


def _check_of(theorem: Stated) -> _Check:
    if isinstance(theorem, NetworkTheorem):
        return _network_check(theorem)
    if not isinstance(theorem, Theorem | Claim):
        raise TypeError(f"cross_check takes a Theorem or a Claim, not {type(theorem).__name__}")
    claim = theorem if isinstance(theorem, Claim) else theorem.claim
    return _Check(claim, points(claim), lambda point: counterexample(claim, point))


def _network_check(theorem: NetworkTheorem) -> _Check:
    names = tuple(f"x{at}" for at in range(1, theorem.inputs + 1))
    left, right = (Network(name, names, layers) for name, layers in (("A", theorem.left), ("B", theorem.right)))

    def difference(point: Mapping[str, Fraction]) -> Difference | None:
        pairs = zip(left.run(*point.values()), right.run(*point.values()), strict=True)
        return next((Difference(dict(point), at, a, b) for at, (a, b) in enumerate(pairs) if a != b), None)

    weights = sum(len(row) for layers in (theorem.left, theorem.right) for layer in layers for row in layer.weights)
    places = points(left, right) if weights <= KINKED else st.integers(0, 2**32).map(_grid(names))
    return _Check(theorem, places, difference)


def _grid(names: Sequence[str]) -> Callable[[int], Named]:
    """Points of a grid by a seed, so that one choice makes a point whatever the number of its coordinates."""

    def point(seed: int) -> Named:
        source = random.Random(seed)
        return {name: Fraction(source.randint(-WIDE, WIDE), GRID) for name in names}

    return point


@st.composite
def _first(
    draw: st.DrawFn, places: Sequence[st.SearchStrategy[Named]], is_wrong: Callable[[int, Named], bool]
) -> tuple[int, Named] | None:
    """A point of each in turn, until one is wrong: its number and the point."""
    for at, each in enumerate(places):
        if not each.is_empty:
            point = draw(each)
            if is_wrong(at, point):
                return at, point
    return None


def search(strategy: st.SearchStrategy[Example], is_sought: Callable[[Example], bool], examples: int) -> Example | None:
    """The smallest example found that is sought, among as many examples of the strategy: the same every time."""
    if not currently_in_test_context():
        return _search(strategy, is_sought, examples)
    # Hypothesis keeps its state by thread: in another thread, sampling also works inside a test of it. The thread is
    # kept, because Hypothesis collects all garbage for each new one; one that searches itself leaves it to the next.
    threads = _threads(os.getpid(), getattr(LEVEL, "of_thread", 0) + 1)
    return threads.submit(_search, strategy, is_sought, examples).result()


LEVEL = threading.local()


@cache
def _threads(process: int, level: int) -> ThreadPoolExecutor:
    """The thread that searches for tests on threads of the level below; a forked process has threads of its own."""

    def begin() -> None:
        LEVEL.of_thread = level

    return ThreadPoolExecutor(1, f"symcircuits-search-{level}", begin)


def _search(
    strategy: st.SearchStrategy[Example], is_sought: Callable[[Example], bool], examples: int
) -> Example | None:
    quiet = settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        verbosity=Verbosity.quiet,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    with suppress(NoSuchExample, Unsatisfiable):
        return find(strategy, is_sought, settings=quiet)
    return None


def _simple(check: _Check, point: Named) -> Counterexample | Difference:
    """The difference at a simple point near one at which the statement is false."""

    def judged(values: Sequence[Fraction]) -> Counterexample | Difference | None:
        return check.difference(dict(zip(point, values, strict=True)))

    found = judged(simplify_point(list(point.values()), lambda values: judged(values) is not None))
    if found is None:
        raise RuntimeError("what is false at a point is true there when asked again")
    return found
