"""`maximum` and `minimum`: the exact extreme value of a CPWL function on a domain, a point, and the theorem.

    a point of the domain -> the affine piece around it -> linear program on that piece -> its best vertex, or a ray
                          -> the prover: "nowhere is the function larger" -> a theorem, or a point where it is -> again

Each round ends on a piece with a larger optimum than all before, of which there are finitely many. The linear programs
are about the closure of the domain, so that a value that strict constraints keep from being attained is found as well.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from symcircuits.cpwl.active import active_piece
from symcircuits.cpwl.substitute import substitute
from symcircuits.exact.cells import Affine, Row, integer_row, minus, negative
from symcircuits.exact.simplex import Simplex
from symcircuits.exact.simplex import Unbounded as Ray
from symcircuits.expr.claim import as_claim
from symcircuits.expr.parse import parse_claim, parse_expression
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.number import rational_to_text
from symcircuits.kernel.term import ONE, Claim, Comparison, Term, constant, evaluate, total, variable
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.result import Clock, Counterexample, LimitReached, Unknown

Point = dict[str, Fraction]
DIRECTIONS = 24
"""Directions in which a better piece is looked for around a vertex."""


class Extremum(NamedTuple):
    """The function takes the value at the point of the domain; the theorem says that no value is larger (smaller)."""

    value: Fraction
    point: Point
    theorem: Theorem

    def __str__(self) -> str:
        return f"{rational_to_text(self.value)} at {_place(self.point) or 'any point'}"


class Unattained(NamedTuple):
    """The least upper (greatest lower) bound, which is not attained: the theorem says that all values are on one side.

    The values come as near as one likes on the way from `inner`, a point of the domain, to `limit`, which is none: the
    theorems of `path` are about limit + t*(inner - limit) for 0 < t <= 1. The first one gives the value there, each
    other one that a condition of the domain holds.
    """

    value: Fraction
    limit: Point
    inner: Point
    theorem: Theorem
    path: tuple[Theorem, ...]

    def __str__(self) -> str:
        way = f"on the way from {_place(self.inner)} to {_place(self.limit)}"
        return f"{rational_to_text(self.value)}, not attained but approached {way}"

    def __bool__(self) -> bool:
        return False


class Unbounded(NamedTuple):
    """The values grow (fall) without end along the ray point + t*direction, t >= 0.

    The theorems of `path` are about the ray: the first gives the value at t, each other that a condition holds.
    """

    point: Point
    direction: Point
    path: tuple[Theorem, ...]

    def __str__(self) -> str:
        return f"unbounded from {_place(self.point)} in direction {_place(self.direction)}"

    def __bool__(self) -> bool:
        return False


class EmptyDomain(NamedTuple):
    """The domain has no points, as the theorem says: even 0 == 1 is true on it."""

    theorem: Theorem

    def __str__(self) -> str:
        return "the domain is empty"

    def __bool__(self) -> bool:
        return False


Answer = Extremum | Unattained | Unbounded | EmptyDomain | Unknown
Report = Callable[[int, int], None]


def maximum(
    function: Any,
    where: Any = "",
    *,
    let: Sequence[tuple[str, str]] | Mapping[str, str] = (),
    seconds: float | None = None,
    report: Report | None = None,
    memory: float | None = None,
) -> Answer:
    """The largest value of a CPWL function on a domain, which is an `Extremum` if there is one.

    The function is a text or a SymPy expression; the rest is as in `prove`. Only an
    extremum is true as a condition. Raises `ClaimError`, or `NotPiecewiseLinear` where what varies multiplies.

    >>> found = maximum("x - relu(2*x - 1)", "0 <= x <= 1")
    >>> print(found, found.theorem.claim, sep="; ")
    1/2 at x = 1/2; for all real x with 0 <= x, x <= 1: x - relu(2*x - 1) <= 1/2
    >>> print(maximum("min(x, y)", "abs(x) + abs(y) < 3"))
    3/2, not attained but approached on the way from x = 0, y = 0 to x = 3/2, y = 3/2
    >>> print(maximum("x - abs(y)", "x <= 2*y"))
    unbounded from x = 0, y = 0 in direction x = 2, y = 1
    """
    return extremum(read_function(function, where, let), 1, seconds, report, memory)


def minimum(
    function: Any,
    where: Any = "",
    *,
    let: Sequence[tuple[str, str]] | Mapping[str, str] = (),
    seconds: float | None = None,
    report: Report | None = None,
    memory: float | None = None,
) -> Answer:
    """The smallest value of a CPWL function on a domain; otherwise as `maximum`.

    >>> print(minimum("max(x, y, -x - y)"))
    0 at x = 0, y = 0
    """
    return extremum(read_function(function, where, let), -1, seconds, report, memory)


def read_function(function: Any, where: Any, let: Sequence[tuple[str, str]] | Mapping[str, str] = ()) -> Claim:
    """The function as the left side of a claim on the domain."""
    if not isinstance(function, str):
        return as_claim((function, "<=", 0), where)
    domain = as_claim("0 == 0", where, let)
    term = parse_expression(function, where if isinstance(where, str) else "", tuple(dict(let).items()))
    return domain._replace(goal=Comparison(term, "<=", constant(0)))


def extremum(
    stated: Claim,
    sign: int,
    seconds: float | None = None,
    report: Report | None = None,
    memory: float | None = None,
) -> Answer:
    """The largest (for sign 1) or smallest (-1) value of the left side of a claim on the claim's domain."""
    search = _Search(stated, sign, Clock(seconds, None, report, memory))
    try:
        return search.answer()
    except LimitReached as limit:
        return search.unknown(Unknown(stated, str(limit), stopped=True))


class _Search:
    """A function, its domain, and the best value found so far."""

    def __init__(self, stated: Claim, sign: int, clock: Clock) -> None:
        self.stated, self.sign, self.clock = stated, sign, clock
        self.function, self.names = stated.goal.left, stated.variables()
        self.best: tuple[Fraction, Point] | None = None

    def prove(self, goal: Comparison) -> Theorem | Counterexample | Unknown:
        """What the prover says about a goal on the domain in the time that is left."""
        limit = self.clock.seconds
        remaining = None if limit is None else max(limit - self.clock.elapsed(), 0.0)
        claim = self.stated._replace(goal=goal)
        return prove_claim(claim, remaining, None, self.clock.report, self.clock.memory)

    def bound(self, value: Fraction, relation: str) -> Comparison:
        """That the function is at most the value, or for a minimum at least."""
        mirrored = relation if self.sign > 0 else relation.replace("<", ">")
        return Comparison(self.function, mirrored, constant(value))

    def unknown(self, answer: Unknown) -> Unknown:
        """The answer, with the best value found."""
        if self.best is None:
            return answer
        kind = "largest" if self.sign > 0 else "smallest"
        found = f"the {kind} value found is {rational_to_text(self.best[0])} near {_place(self.best[1])}"
        return answer._replace(tried=(found, *answer.tried))

    def answer(self) -> Answer:
        start = self.prove(Comparison(constant(0), "==", constant(1)))
        if isinstance(start, Theorem):
            return EmptyDomain(start)
        while isinstance(start, Counterexample):
            inner = {name: start.point.get(name, Fraction(0)) for name in self.names}
            found = self.climb(inner)
            if isinstance(found, Unbounded | Unknown):
                return found
            value, inner, limit = found
            self.best = value, limit
            start = self.prove(self.bound(value, "<="))
            if isinstance(start, Theorem):
                return self.finished(value, inner, limit, start)
        return self.unknown(start)

    def finished(self, value: Fraction, inner: Point, limit: Point, theorem: Theorem) -> Answer:
        """The answer when no value is larger: whether it is attained."""
        if self.is_inside(limit):
            return Extremum(value, limit, theorem)
        strict = self.prove(self.bound(value, "<"))
        if isinstance(strict, Counterexample):
            return Extremum(value, {name: strict.point.get(name, Fraction(0)) for name in self.names}, theorem)
        if isinstance(strict, Unknown):
            return self.unknown(strict)
        step = {name: inner[name] - limit[name] for name in self.names}
        path = self.along(limit, step, "0 < t, t <= 1")
        return path if isinstance(path, Unknown) else Unattained(value, limit, inner, strict, path)

    def is_inside(self, point: Point) -> bool:
        in_ranges = all(point[name] in values for name, values in self.stated.ranges)
        return in_ranges and all(comparison.holds(point) for comparison in self.stated.where)

    def climb(self, inner: Point) -> tuple[Fraction, Point, Point] | Unbounded | Unknown:
        """A value that no piece around its place betters, a point of its piece, and its place; or a ray."""
        found = self.optimum(inner, {})
        while not isinstance(found, Ray):
            value, limit = found
            better = self.better(value, inner, limit)
            if better is None:
                return value, inner, limit
            inner, found = limit, better
        return self.unbounded(inner, dict(zip(self.names, found.direction, strict=True)))

    def better(self, value: Fraction, inner: Point, limit: Point) -> tuple[Fraction, Point] | Ray | None:
        """A better optimum on one of the pieces around a point of the domain."""
        for direction in self.directions(inner, limit) if self.is_inside(limit) else ():
            self.clock.tick()
            found = self.optimum(limit, direction)
            if isinstance(found, Ray) or self.sign * (found[0] - value) > 0:
                return found
        return None

    def directions(self, inner: Point, limit: Point) -> Iterator[Point]:
        """Directions from a vertex: onwards, along the axes, and some others, always the same."""
        yield {name: limit[name] - inner[name] for name in self.names}
        for name in self.names[: DIRECTIONS // 2]:
            for sign in (1, -1):
                yield {other: Fraction(sign * (other == name)) for other in self.names}
        source = random.Random(2022)
        for _ in range(DIRECTIONS // 2):
            yield {name: Fraction(source.randint(-9, 9)) for name in self.names}

    def optimum(self, inner: Point, direction: Point) -> tuple[Fraction, Point] | Ray:
        """The best value on the piece at a point in that direction, and where; or a ray without a best one."""
        sides = [side for comparison in self.stated.where for side in (comparison.left, comparison.right)]
        vectors = [[at.get(name, Fraction(0)) for name in self.names] for at in (inner, direction)]
        piece = active_piece([self.function, *sides], self.names, *vectors)
        simplex = Simplex(len(self.names), self.clock.tick)
        for row in (*piece.rows, *self.domain_rows(piece.values[1:], inner)):
            if simplex.add(row) is not None:
                raise RuntimeError("the piece around a point of the domain has no points")
        value = piece.values[0] if self.sign < 0 else negative(piece.values[0])
        found = simplex.minimum(integer_row(value))
        if isinstance(found, Ray):
            return found
        limit = dict(zip(self.names, found.point, strict=True))
        return evaluate(self.function, limit), limit

    def domain_rows(self, sides: Sequence[Affine], inner: Point) -> Iterator[Row]:
        """The rows of the conditions on a piece, strict or not, and those that keep ranged variables where they are."""
        for (_, relation, _), left, right in zip(self.stated.where, sides[::2], sides[1::2], strict=True):
            if relation != "<" and relation != "<=":
                yield integer_row(minus(left, right))
            if relation != ">" and relation != ">=":
                yield integer_row(minus(right, left))
        for name, _ in self.stated.ranges:
            unit = [Fraction(-inner[name]), *(Fraction(int(other == name)) for other in self.names)]
            yield integer_row(tuple(unit))
            yield integer_row(tuple(-c for c in unit))

    def unbounded(self, point: Point, direction: Point) -> Unbounded | Unknown:
        path = self.along(point, direction, "t >= 0")
        return path if isinstance(path, Unknown) else Unbounded(point, direction, path)

    def along(self, start: Point, direction: Point, where: str) -> tuple[Theorem, ...] | Unknown:
        """The theorems that the function is affine at start + t*direction, and that the conditions hold there."""
        at = {name: _line(start[name], direction[name]) for name in self.names}
        first = evaluate(self.function, start)
        slope = evaluate(self.function, {name: start[name] + direction[name] for name in self.names}) - first
        claims: list[Claim] = []
        for left, relation, right in (Comparison(self.function, "==", constant(0)), *self.stated.where):
            sides = substitute([left, right], at)
            claims.append(Claim(Comparison(sides[0], relation, sides[1]), parse_claim("0 == 0", where).where))
        claims[0] = claims[0]._replace(goal=claims[0].goal._replace(right=_line(first, slope)))
        answers = [prove_claim(claim) for claim in claims]
        missing = next((answer for answer in answers if not isinstance(answer, Theorem)), None)
        if missing is not None:
            return Unknown(missing.claim, f"a path to the extreme value is not proved: {missing}")
        return tuple(answer for answer in answers if isinstance(answer, Theorem))


def _line(start: Fraction, slope: Fraction) -> Term:
    """start + slope*t."""
    return total([(c, part) for c, part in ((start, ONE), (slope, variable("t"))) if c])


def _place(point: Point) -> str:
    return ", ".join(f"{name} = {rational_to_text(value)}" for name, value in point.items())
