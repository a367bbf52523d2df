"""What `prove` returns beside a `Theorem`: a counterexample, or an honest unknown; and the limits of a search."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import NamedTuple

from symcircuits.kernel.normal import Meter
from symcircuits.kernel.number import rational_to_text
from symcircuits.kernel.term import Claim, evaluate


class Counterexample(NamedTuple):
    """A point of a claim's domain at which its goal is false, with the exact values of both sides.

    It is false, as `Unknown` is and a `Theorem` is not, so that `assert prove(...)` means what it says.
    """

    claim: Claim
    point: dict[str, Fraction]
    left: Fraction
    right: Fraction

    def __str__(self) -> str:
        place = ", ".join(f"{name} = {rational_to_text(value)}" for name, value in self.point.items())
        left, right = rational_to_text(self.left), rational_to_text(self.right)
        return f"at {place or 'any point'}: left side {left}, right side {right}"

    def __repr__(self) -> str:
        return f"Counterexample: {self}"

    def __bool__(self) -> bool:
        return False


class Unknown(NamedTuple):
    """No proof and no counterexample; `reason` says why, `stopped` whether it was a limit that the user set."""

    claim: Claim
    reason: str
    tried: tuple[str, ...] = ()
    stopped: bool = False

    def __str__(self) -> str:
        return "; ".join([self.reason, *self.tried])

    def __repr__(self) -> str:
        return f"Unknown: {self}"

    def __bool__(self) -> bool:
        return False


class LimitReached(Exception):
    """A limit that the user set stopped the search."""


class Clock(Meter):
    """The meter of a search: no bound on arithmetic, but bounds on time and on cases, and a sign of life.

    seconds: stop after so many, None for never; cases: stop after so many case splits, None for never;
    report: called now and then with the number of cases closed and still open.
    """

    def __init__(
        self, seconds: float | None = None, cases: int | None = None, report: Callable[[int, int], None] | None = None
    ) -> None:
        super().__init__()
        self.seconds, self.cases, self.report = seconds, cases, report
        self.start = time.monotonic()
        self.pause = 0
        self.closed = 0

    def spend(self, bits: int) -> None:
        """Look at the time once in a while."""
        self.pause -= bits
        if self.pause < 0:
            self.pause = 200_000
            self.tick()

    def tick(self) -> None:
        """Raise `LimitReached` when the time is over."""
        if self.seconds is not None and self.elapsed() > self.seconds:
            raise LimitReached(f"the limit of {self.seconds:g} seconds is reached")

    def part(self, share: float, most: float | None = None) -> Clock:
        """A clock for a part of the search: a share of the time that is left, and so many seconds at most."""
        left = None if self.seconds is None else share * max(self.seconds - self.elapsed(), 0.0)
        limits = [limit for limit in (left, most) if limit is not None]
        return Clock(min(limits, default=None), self.cases, self.report)

    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.start

    def count(self, open_cases: int) -> None:
        """One more case is closed, so many are open."""
        self.closed += 1
        if self.cases is not None and self.closed > self.cases:
            raise LimitReached(f"the limit of {self.cases} case{'' if self.cases == 1 else 's'} is reached")
        if self.report:
            self.report(self.closed, open_cases)


def counterexample(claim: Claim, point: Mapping[str, Fraction]) -> Counterexample | None:
    """The counterexample that the point is, judged on the claim as given; None when it is none."""
    if not all(Fraction(point[name]) in values for name, values in claim.ranges):
        return None
    try:
        if not all(comparison.holds(point) for comparison in claim.where) or claim.goal.holds(point):
            return None
    except ZeroDivisionError:
        return None
    values = {name: Fraction(point[name]) for name in claim.variables()}
    return Counterexample(claim, values, evaluate(claim.goal.left, values), evaluate(claim.goal.right, values))
