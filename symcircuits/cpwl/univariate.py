"""CPWL functions of one variable: a line plus a kink at each breakpoint, slope*x + constant + sum of c*relu(x - t).

One hidden layer computes each of them, with one neuron a breakpoint and what the line needs.

>>> x = Univariate(Fraction(1), Fraction(0))
>>> maximum([x, combination([(Fraction(-1), x)])])  # |x|
Univariate(slope=Fraction(-1, 1), constant=Fraction(0, 1), kinks=((Fraction(0, 1), Fraction(2, 1)),))
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from symcircuits.cpwl.forms import arranged
from symcircuits.kernel.term import ONE, Term

ONCE = Fraction(1)
Line = tuple[Fraction, Fraction]


class Univariate(NamedTuple):
    """slope*x + constant + sum of c*relu(x - t) over the kinks (t, c), t increasing, no c is 0."""

    slope: Fraction
    constant: Fraction
    kinks: tuple[tuple[Fraction, Fraction], ...] = ()

    def value(self, x: Fraction) -> Fraction:
        """The value at a point."""
        return self.slope * x + self.constant + sum((c * (x - t) for t, c in self.kinks if x > t), Fraction(0))

    def values(self, points: Iterable[Fraction]) -> list[Fraction]:
        """The values at increasing points.

        >>> Univariate(Fraction(1), Fraction(0), ((Fraction(2), Fraction(-1)),)).values([Fraction(1), Fraction(5)])
        [Fraction(1, 1), Fraction(2, 1)]
        """
        slope, constant, place, found = self.slope, self.constant, 0, list[Fraction]()
        for x in points:
            while place < len(self.kinks) and self.kinks[place][0] <= x:
                t, c = self.kinks[place]
                slope, constant, place = slope + c, constant - c * t, place + 1
            found.append(slope * x + constant)
        return found

    def term(self, x: Term) -> Term:
        """The function of a term, as a sum of its line and one relu a kink.

        >>> from symcircuits.kernel.term import variable
        >>> Univariate(Fraction(1), Fraction(0), ((Fraction(2), Fraction(-1)),)).term(variable("x"))
        x - relu(x - 2)
        """
        steps = [(c, Term("relu", (arranged([(ONCE, x), (-t, ONE)]),))) for t, c in self.kinks]
        return arranged([(self.slope, x), *steps, (self.constant, ONE)])


def combination(items: Iterable[tuple[Fraction, Univariate]]) -> Univariate:
    """The function sum(c * f) over the items (c, f)."""
    slope, constant, kinks = Fraction(0), Fraction(0), dict[Fraction, Fraction]()
    for factor, f in items:
        slope, constant = slope + factor * f.slope, constant + factor * f.constant
        for t, c in f.kinks:
            kinks[t] = kinks.get(t, Fraction(0)) + factor * c
    return Univariate(slope, constant, tuple(sorted((t, c) for t, c in kinks.items() if c)))


def maximum(functions: Iterable[Univariate]) -> Univariate:
    """The largest of one or more functions."""
    first, *others = functions
    for other in others:
        rise = positive_part(combination([(ONCE, other), (-ONCE, first)]))
        first = combination([(ONCE, first), (ONCE, rise)])
    return first


def positive_part(f: Univariate) -> Univariate:
    """The function relu(f)."""
    lines = list(_positive_lines(f))
    (_, (slope, constant)), *_ = lines
    steps = ((start, after[0] - before[0]) for (_, before), (start, after) in pairwise(lines) if start is not None)
    return Univariate(slope, constant, tuple((start, change) for start, change in steps if change))


def _lines(f: Univariate) -> Iterator[tuple[Fraction | None, Line]]:
    """The start of each interval and the slope and intercept there; the first has no start."""
    slope, constant = f.slope, f.constant
    yield None, (slope, constant)
    for t, c in f.kinks:
        slope, constant = slope + c, constant - c * t
        yield t, (slope, constant)


def _positive_lines(f: Univariate) -> Iterator[tuple[Fraction | None, Line]]:
    lines = list(_lines(f))
    zero = Fraction(0), Fraction(0)
    for (low, line), (high, _) in zip(lines, [*lines[1:], (None, zero)], strict=True):
        slope, constant = line
        if not slope:
            yield low, line if constant > 0 else zero
            continue
        root = -constant / slope
        if low is not None and root <= low:
            yield low, line if slope > 0 else zero
        elif high is not None and root >= high:
            yield low, line if slope < 0 else zero
        else:
            yield low, line if slope < 0 else zero
            yield root, line if slope > 0 else zero
