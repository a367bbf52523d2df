"""The simplex method in exact integers: a system of affine inequalities with a feasible vertex, asked again and again.

An affine form in n real variables is a row of integers (constant, c1, ..., cn): constant + c1*x1 + ... + cn*xn. A
`Simplex` holds constraints h0 >= 0, h1 >= 0, ... and a dictionary (Chvatal, Linear Programming, 1983, chapter 2): n
quantities are nonbasic and have the value 0, and every other quantity is written in terms of them,

    den * quantity = constant + sum of coefficient * nonbasic        as [den, constant, coefficients...], den > 0,

in lowest terms. A quantity is a variable xj, of any sign, numbered -j (j = 1..n), or the value of the constraint hi,
never negative, numbered i (i = 0, 1, ...). The lists are replaced, never changed, so that copies share them. Every
answer carries its proof: multipliers that make an identity between affine forms, or a point.

>>> triangle = Simplex(2)
>>> [triangle.add(row) for row in [(0, 1, 0), (0, 0, 1), (4, -1, -1)]]  # x >= 0, y >= 0, x + y <= 4
[None, None, None]
>>> triangle.minimise((9, -2, -1))  # 9 - 2x - y = 1 + y + 2(4 - x - y)
Implied(multipliers={1: Fraction(1, 1), 2: Fraction(2, 1)}, constant=Fraction(1, 1))
>>> triangle.minimise((5, -2, -1))
Violated(point=[Fraction(4, 1), Fraction(0, 1)])
>>> triangle.add((-5, 1, 1))  # (x + y - 5) + (4 - x - y) = -1
{2: Fraction(1, 1), 3: Fraction(1, 1)}
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple

Multipliers = dict[int, Fraction]
"""Of constraints, by index; those left out are 0, the others are positive."""

PATIENCE = 8
"""Consecutive pivots that do not move the vertex before Bland's rule, which never cycles, takes over."""


class Implied(NamedTuple):
    """v = constant + sum of m*h, identically, with constant >= 0 the least value of v where all h >= 0."""

    multipliers: Multipliers
    constant: Fraction


class Violated(NamedTuple):
    """A point where every constraint holds and v < 0."""

    point: list[Fraction]


class Optimum(NamedTuple):
    """v = value + sum of m*h, identically, and v takes its least value at the point."""

    value: Fraction
    point: list[Fraction]
    multipliers: Multipliers


class Unbounded(NamedTuple):
    """The constraints hold at point + t*direction for all t >= 0, and v falls along it without end."""

    point: list[Fraction]
    direction: list[Fraction]


class Simplex:
    """Constraints on n real variables, numbered in the order they are added, and a point where all of them hold.

    `tick`, if given, is called before every pivot, and may raise to stop: the object then stays sound, with the
    constraints it had.
    """

    __slots__ = ("_columns", "_constraints", "_variables", "count", "n", "tick")

    def __init__(self, n: int, tick: Callable[[], None] | None = None) -> None:
        if n < 0:
            raise ValueError(f"the number of variables cannot be negative: {n}")
        self.n = n
        self.count = 0
        self.tick = tick
        self._columns = [-j for j in range(1, n + 1)]
        self._variables: dict[int, list[int]] = {}
        self._constraints: dict[int, list[int]] = {}

    def copy(self) -> Simplex:
        """A simplex with the same constraints and vertex; from now on neither can influence the other.

        >>> first = Simplex(1)
        >>> second = first.copy()
        >>> second.add((-1, 1)), second.count, first.count
        (None, 1, 0)
        """
        twin = Simplex.__new__(Simplex)
        twin.n, twin.count, twin.tick = self.n, self.count, self.tick
        twin._columns = self._columns.copy()
        twin._variables = self._variables.copy()
        twin._constraints = self._constraints.copy()
        return twin

    def point(self) -> list[Fraction]:
        """The current vertex: a point where every constraint holds."""
        return self._coordinates(1)

    def add(self, row: Sequence[int]) -> Multipliers | None:
        """Add the constraint row >= 0; if no point is left, do not, and return the multipliers that show it.

        They include the refused row's, under the index it would have had, and sum of m*h is a negative constant,
        identically. A refusal leaves the constraints as they were; the vertex may have moved.

        >>> Simplex(1).add((-3, 0))
        {0: Fraction(1, 1)}
        """
        goal, _ = self._climb(self._express(row), -1, entrant=True)
        if goal[1] < 0:
            return {**self._multipliers(goal), self.count: Fraction(1)}
        if self.count not in self._columns:
            self._constraints[self.count] = goal
        self.count += 1
        return None

    def minimise(self, row: Sequence[int]) -> Implied | Violated:
        """Whether v = row is >= 0 wherever the constraints hold, with the proof; it stops at the first v < 0.

        Where v falls without end, the point is a vertex and K steps of a ray, K the least positive integer that does.

        >>> line = Simplex(1)
        >>> line.add((0, 1)), line.minimise((7, -2))
        (None, Violated(point=[Fraction(4, 1)]))
        """
        goal, ray = self._climb(self._express([-c for c in row]), 0)
        if goal[1] > 0:
            return Violated(self.point())
        if not ray:
            return Implied(self._multipliers(goal), Fraction(-goal[1], goal[0]))
        steps = -goal[1] // abs(goal[ray]) + 1
        moves = zip(self.point(), self._direction(goal, ray), strict=True)
        return Violated([start + steps * move for start, move in moves])

    def minimum(self, row: Sequence[int]) -> Optimum | Unbounded:
        """The least value of v = row where the constraints hold, with the proof, or a ray along which there is none.

        >>> half = Simplex(1)
        >>> half.add((-1, 2)), half.minimum((0, 3))
        (None, Optimum(value=Fraction(3, 2), point=[Fraction(1, 2)], multipliers={0: Fraction(3, 2)}))
        >>> half.minimum((0, -1))
        Unbounded(point=[Fraction(1, 2)], direction=[Fraction(1, 2)])
        """
        goal, ray = self._climb(self._express([-c for c in row]), None)
        if ray:
            return Unbounded(self.point(), self._direction(goal, ray))
        return Optimum(Fraction(-goal[1], goal[0]), self.point(), self._multipliers(goal))

    def _climb(self, goal: list[int], enough: int | None, entrant: bool = False) -> tuple[list[int], int]:
        """Maximise the goal, or until its constant exceeds `enough`; also the position of a ray's column, or else 0.

        The goal of an entrant is a constraint to be, negative so far: it may become nonbasic when it reaches 0.
        """
        stalled = 0
        while enough is None or goal[1] <= enough:
            place = self._entering(goal, stalled > PATIENCE)
            if not place:
                break
            leaving = self._leaving(goal, place, entrant)
            if leaving < 0:
                return goal, place
            if self.tick is not None:
                self.tick()
            row = goal if leaving == self.count else self._constraints.pop(leaving)
            stalled = 0 if row[1] else stalled + 1
            step = self._pivot(place, leaving, row)
            goal = _substitute(goal, step, place, abs(row[place]))
        return goal, 0

    def _entering(self, goal: list[int], bland: bool) -> int:
        """The position of a nonbasic quantity that can raise the goal: the steepest, or that of least number; or 0."""
        best, found = 0, 0
        for place, (c, name) in enumerate(zip(goal[2:], self._columns, strict=True), 2):
            if c > 0 or (c and name < 0):
                merit = -name if bland else abs(c)
                if not found or merit > best:
                    best, found = merit, place
        return found

    def _leaving(self, goal: list[int], place: int, entrant: bool) -> int:
        """The first constraint, of least number, to reach 0 when that column moves so as to raise the goal; or -1."""
        rising = goal[place] > 0
        # The ratio value/slope is the distance to go; it starts infinite.
        value, slope, leaving = (-goal[1], abs(goal[place]), self.count) if entrant else (1, 0, -1)
        for name, row in self._constraints.items():
            c = row[place]
            if c and (c < 0) is rising:
                c = abs(c)
                mine, best = row[1] * slope, value * c
                if mine < best or (mine == best and name < leaving):
                    value, slope, leaving = row[1], c, name
        return leaving

    def _pivot(self, place: int, leaving: int, row: list[int]) -> list[int]:
        """Let the quantity of that column enter the basis and the `leaving` one, given by its row, take its place."""
        c = row[place]
        # c*entering = den*leaving - the rest of the row; lowest terms stay so.
        solved = [-entry for entry in row] if c > 0 else row.copy()
        solved[0] = size = abs(c)
        solved[place] = row[0] if c > 0 else -row[0]
        step = solved.copy()
        step[0] = 0
        step[place] -= size
        for rows in (self._variables, self._constraints):
            for name, old in rows.items():
                if old[place]:
                    rows[name] = _substitute(old, step, place, size)
        entering = self._columns[place - 2]
        (self._variables if entering < 0 else self._constraints)[entering] = solved
        self._columns[place - 2] = leaving
        return step

    def _express(self, row: Sequence[int]) -> list[int]:
        """The affine form in terms of the nonbasic quantities."""
        if len(row) != self.n + 1:
            raise ValueError(f"a row in {self.n} variables has {self.n + 1} numbers, not {len(row)}")
        basic = [(row[-name], form) for name, form in self._variables.items() if row[-name]]
        den = lcm(*(form[0] for _, form in basic))
        result = [den, den * row[0], *(den * row[-name] if name < 0 else 0 for name in self._columns)]
        for c, form in basic:
            factor = c * (den // form[0])
            result = [p + factor * q for p, q in zip(result, form, strict=True)]
        result[0] = den
        return _reduce(result)

    def _multipliers(self, goal: list[int]) -> Multipliers:
        """Those of the maximal goal: goal = its greatest value - sum of m*h."""
        return {name: Fraction(-c, goal[0]) for name, c in sorted(zip(self._columns, goal[2:], strict=True)) if c}

    def _direction(self, goal: list[int], place: int) -> list[Fraction]:
        """How the variables move when the quantity of that column moves by 1 so as to raise the goal."""
        sign = 1 if goal[place] > 0 else -1
        return [sign * speed for speed in self._coordinates(place)]

    def _coordinates(self, place: int) -> list[Fraction]:
        """The variables' entries at that position of their rows: constants at 1, coefficients from 2."""
        result = [Fraction(0)] * self.n
        for name, row in self._variables.items():
            result[-name - 1] = Fraction(row[place], row[0])
        if place > 1 and self._columns[place - 2] < 0:
            result[-self._columns[place - 2] - 1] = Fraction(1)
        return result


def _substitute(row: list[int], step: list[int], place: int, size: int) -> list[int]:
    """The row after a pivot; size*(old column) = the step with `size` added at `place`, where row[place] is not 0."""
    shared = gcd(size, row[place])
    scale, factor = size // shared, row[place] // shared
    if scale == 1:
        return _reduce([p + factor * q for p, q in zip(row, step, strict=True)])
    return _reduce([scale * p + factor * q for p, q in zip(row, step, strict=True)])


def _reduce(row: list[int]) -> list[int]:
    divisor = gcd(*row)
    return row if divisor == 1 else [entry // divisor for entry in row]
