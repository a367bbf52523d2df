"""Polyhedra given by affine inequalities: empty, flat, or with an interior and a simple point in it.

A polyhedron is given by rows h (see `symcircuits.exact.simplex`), each standing for h >= 0 or, where strict, h > 0.
Exactly one of three things is true of it, and each comes with its proof: it has no point (`Empty`); it has one, but
some row that is not the constant 0 is 0 on all of it (`Flat`); or some point makes all such rows positive (`Solid`).

>>> analyse(2, [(0, 1, 0), (0, 0, 1), (1, -1, -1)], [False, False, False]).point  # x >= 0, y >= 0, x + y <= 1
[Fraction(1, 2), Fraction(1, 3)]
>>> analyse(1, [(-1, 1), (1, -1)], [False, False])  # x >= 1, x <= 1
Flat(index=0, multipliers={1: Fraction(1, 1)}, constant=Fraction(0, 1))
>>> analyse(1, [(-1, 1), (1, -1)], [True, False])  # x > 1, x <= 1
Empty(multipliers={0: Fraction(1, 1), 1: Fraction(1, 1)})
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import chain
from math import ceil, floor, lcm
from typing import NamedTuple

from symcircuits.exact.simplex import Implied, Multipliers, Simplex

BOUNDS = (*range(2, 9), 10, 12, 16, 24, 32, 64, 128, 256, 1024, *(1 << (1 << k) for k in range(4, 12)))
"""The denominators up to which `simplify_point` looks for approximations: dense where small, then ever sparser."""


class Empty(NamedTuple):
    """Sum of m*h is a negative constant, or 0 and some m of a strict row is positive: there is no point."""

    multipliers: Multipliers


class Flat(NamedTuple):
    """-h = constant + sum of m*h', h the row of that index, not strict, the constant 0: h is 0 on the polyhedron."""

    index: int  # type: ignore[assignment]
    multipliers: Multipliers
    constant: Fraction


@dataclass(frozen=True)
class Solid:
    """Every row that is not the constant 0 is positive at the point; constraint i of the simplex is row i, >= 0."""

    point: list[Fraction]
    load: Callable[[], Simplex] = field(repr=False, compare=False)

    @cached_property
    def simplex(self) -> Simplex:
        """The rows in a simplex; they are loaded when it is asked for the first time."""
        return self.load()


def analyse(
    n: int, rows: Sequence[Sequence[int]], strict: Sequence[bool], tick: Callable[[], None] | None = None
) -> Empty | Flat | Solid:
    """Which of the three a polyhedron in n variables is; `tick` is called at each pivot and may raise to stop.

    >>> analyse(1, [(0, 0)], [True])  # 0 > 0
    Empty(multipliers={0: Fraction(1, 1)})
    """
    if len(rows) != len(strict):
        raise ValueError(f"{len(rows)} rows, but {len(strict)} of them are said to be strict or not")
    proper = [row for row in rows if any(row)]
    if len(proper) == len(rows):
        for easy in chain(_small_points(n), _easy_points(n, proper)):
            if _is_inside(proper, easy):
                return Solid(easy, lambda: _loaded(n, rows, tick))
    simplex = Simplex(n, tick)
    for row in rows:
        impossible = simplex.add(row)
        if impossible is not None:
            return Empty(impossible)
    never = next((i for i, row in enumerate(rows) if strict[i] and not any(row)), None)
    if never is not None:
        return Empty({never: Fraction(1)})
    # Strict rows come first: a flat row is reported only when there is a point.
    order = sorted((i for i, row in enumerate(rows) if any(row)), key=lambda i: not strict[i])
    found = _positive_points(simplex, rows, order)
    if isinstance(found, Flat):
        return Empty({found.index: Fraction(1), **found.multipliers}) if strict[found.index] else found
    average = [sum(column, Fraction(0)) / len(found) for column in zip(*found, strict=True)]
    return Solid(_simplify_inside(proper, average), lambda: simplex)


def _loaded(n: int, rows: Sequence[Sequence[int]], tick: Callable[[], None] | None) -> Simplex:
    """The rows, which have a point in common, in a simplex."""
    simplex = Simplex(n, tick)
    for row in rows:
        simplex.add(row)
    return simplex


def _positive_points(
    simplex: Simplex, rows: Sequence[Sequence[int]], order: Sequence[int]
) -> list[list[Fraction]] | Flat:
    """Points such that each row of that order is positive at one of them, or the first row that is 0 throughout."""
    points = [simplex.point()]
    scaled = [_scale(points[0])]
    for index in order:
        row = rows[index]
        if any(_value(row, *known) > 0 for known in scaled):
            continue
        answer = simplex.minimise([-c for c in row])
        if isinstance(answer, Implied):
            return Flat(index, answer.multipliers, answer.constant)
        points.append(answer.point)
        scaled.append(_scale(answer.point))
    return points


def _small_points(n: int) -> Iterator[list[Fraction]]:
    """0, all 1, all -1, and the unit vectors of either sign."""
    for c in (0, 1, -1):
        yield [Fraction(c)] * n
    for c in (1, -1):
        for j in range(n):
            yield [*[Fraction(0)] * j, Fraction(c), *[Fraction(0)] * (n - 1 - j)]


def _easy_points(n: int, rows: Sequence[Sequence[int]]) -> Iterator[list[Fraction]]:
    """Rising and falling coordinates, and simple numbers between the bounds that rows of one variable give."""
    yield [Fraction(j) for j in range(1, n + 1)]
    yield [Fraction(-j) for j in range(1, n + 1)]
    low: dict[int, Fraction] = {}
    high: dict[int, Fraction] = {}
    for row in rows:
        inside = [j for j, c in enumerate(row) if c and j]
        if len(inside) == 1:
            (j,), bound = inside, Fraction(-row[0], row[inside[0]])
            if row[j] > 0:
                low[j] = max(bound, low.get(j, bound))
            else:
                high[j] = min(bound, high.get(j, bound))
    if all(low[j] < high[j] for j in low.keys() & high.keys()):
        yield [_simplest_in(low.get(j), high.get(j)) for j in range(1, n + 1)]


def _scale(point: Sequence[Fraction]) -> tuple[int, list[int]]:
    """The point as a common denominator and integer numerators."""
    den = lcm(*(x.denominator for x in point))
    return den, [x.numerator * (den // x.denominator) for x in point]


def _value(row: Sequence[int], den: int, numerators: Sequence[int]) -> int:
    """den times the value of the row at a point so scaled."""
    return row[0] * den + sum(c * x for c, x in zip(row[1:], numerators, strict=True) if c)


def _is_inside(rows: Sequence[Sequence[int]], point: Sequence[Fraction]) -> bool:
    """Whether every row is positive at the point."""
    den, numerators = _scale(point)
    return all(_value(row, den, numerators) > 0 for row in rows)


def _simplify_inside(rows: Sequence[Sequence[int]], point: list[Fraction]) -> list[Fraction]:
    """A simple point where every row is positive, from such a point: integers if near, then by coordinates."""
    for near in _integer_points(point):
        if _is_inside(rows, near):
            point = near
            break
    den, numerators = _scale(point)
    values = [Fraction(_value(row, den, numerators), den) for row in rows]
    result = list(point)
    for j, x in enumerate(point):
        slopes = [row[j + 1] for row in rows]
        steps = [(c, -value / c) for value, c in zip(values, slopes, strict=True) if c]
        low = max((x + step for c, step in steps if c > 0), default=None)
        high = min((x + step for c, step in steps if c < 0), default=None)
        result[j] = _simplest_in(low, high)
        move = result[j] - x
        if move:
            values = [value + c * move if c else value for value, c in zip(values, slopes, strict=True)]
    return result


def _integer_points(point: Sequence[Fraction]) -> list[list[Fraction]]:
    """0 and the point rounded to the nearest integers, down, up."""
    return [
        [Fraction(0)] * len(point),
        [Fraction(round(x)) for x in point],
        [Fraction(floor(x)) for x in point],
        [Fraction(ceil(x)) for x in point],
    ]


def _simplest_in(low: Fraction | None, high: Fraction | None) -> Fraction:
    """The simplest rational strictly between two ends, either of which may be missing."""
    # A missing end is put where the integer of least absolute value still fits.
    if low is None:
        low = min(high or Fraction(0), Fraction(0)) - 2
    if high is None:
        high = max(low, Fraction(0)) + 2
    return simplest_between(low, high)


def simplest_between(low: Fraction, high: Fraction) -> Fraction:
    """The rational of least denominator, then of least absolute numerator, strictly between low and high.

    It is the highest node of the Stern-Brocot tree there, found from the continued fractions of both ends (Graham,
    Knuth, Patashnik, Concrete Mathematics, section 4.5). `ValueError` unless low < high.

    >>> simplest_between(Fraction(3, 10), Fraction(2, 5))
    Fraction(1, 3)
    """
    if low >= high:
        raise ValueError("no number lies strictly between: the first end must be below the second")
    if low < 0 < high:
        return Fraction(0)
    if high <= 0:
        return -simplest_between(-high, -low)
    # What is sought is (p*y + p0) / (q*y + q0), y the simplest between a/b and c/d, where d = 0 means infinity.
    a, b, c, d = low.numerator, low.denominator, high.numerator, high.denominator
    p0, p, q0, q = 0, 1, 1, 0
    while True:
        whole = a // b
        if (whole + 1) * d < c:
            return Fraction(p * (whole + 1) + p0, q * (whole + 1) + q0)
        p0, p, q0, q = p, whole * p + p0, q, whole * q + q0
        a, b, c, d = d, c - whole * d, b, a - whole * b


def simplify_point(point: Sequence[Fraction], accepts: Callable[[list[Fraction]], bool]) -> list[Fraction]:
    """A point that `accepts` holds for, no coordinate with a larger denominator than it had.

    It tries nearby integer points, then simpler numbers for one coordinate after another, and asks at most 40*n + 1
    times. `ValueError` if the given point is not accepted.

    >>> simplify_point([Fraction(355, 113), Fraction(1, 7)], lambda point: point[0] > 3 and point[1] > 0)
    [Fraction(4, 1), Fraction(1, 1)]
    """
    result = list(point)
    if not accepts(list(result)):
        raise ValueError("the point to simplify is not accepted itself")
    for near in _integer_points(result):
        if near != result and accepts(list(near)):
            result = near
            break
    for j, x in enumerate(result):
        for simpler in _simpler_numbers(x):
            if accepts([*result[:j], simpler, *result[j + 1 :]]):
                result[j] = simpler
                break
    return result


def _simpler_numbers(x: Fraction) -> list[Fraction]:
    """At most 40 numbers simpler than x, the simplest first: 0, 1, -1, integers and halves near x, approximations."""
    down = floor(x)
    near = [Fraction(c) for c in (0, 1, -1, down - 1, down, down + 1, down + 2)]
    halves = [Fraction(floor(2 * x) + c, 2) for c in (0, 1)]
    numbers = {*near, *halves, *(x.limit_denominator(bound) for bound in BOUNDS)}
    return sorted((y for y in numbers if _complexity(y) < _complexity(x)), key=lambda y: (*_complexity(y), x * y < 0))


def _complexity(x: Fraction) -> tuple[int, int]:
    return x.denominator, abs(x.numerator)
