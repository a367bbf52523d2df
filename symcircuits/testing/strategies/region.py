"""A claim's domain with points of it: an inner one, vertices, points along its rays, and what lies between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from symcircuits.exact.simplex import Optimum, Simplex
from symcircuits.kernel.normal import Form
from symcircuits.kernel.term import Claim
from symcircuits.provers.domain import Inside, reduce_domain
from symcircuits.provers.result import Clock
from symcircuits.provers.search import Point, Search, value

UNIT, HALF, DIRECTIONS = Fraction(1), Fraction(1, 2), 8


@dataclass(frozen=True, eq=False)
class Region:
    """A domain with interior after its flat directions are gone.

    A point has a coordinate for every variable; those that the domain's equations fix are not looked at.
    """

    search: Search
    inside: Inside

    @cached_property
    def anchors(self) -> list[Point]:
        """Points of the closure: the inner one, vertices, and points one step along its rays."""
        return [self.inside.point, *_corners(self.inside.simplex)]

    @cached_property
    def rows(self) -> tuple[tuple[Form, bool], ...]:
        """The hypotheses, each a form and whether it is strict, but for those that are 0 >= 0."""
        return tuple(row for row in self.inside.goal[0].hypotheses if row[0].numerators)

    @cached_property
    def free(self) -> list[int]:
        """The places of the coordinates that the equations do not fix."""
        fixed = self.inside.goal[0].algebra.values
        return [place for place in range(len(self.inside.point)) if place + 1 not in fixed]

    @cached_property
    def slopes(self) -> dict[str, list[Fraction]]:
        """The slope of each variable along each free coordinate."""
        origin = [Fraction(0)] * len(self.inside.point)
        start = self.named(origin)
        ends = [self.named([*origin[:place], UNIT, *origin[place + 1 :]]) for place in self.free]
        return {name: [end[name] - shift for end in ends] for name, shift in start.items()}

    def contains(self, point: Point) -> bool:
        """Whether every hypothesis holds, strictly where it is strict."""
        values = ((value(form, point), strict) for form, strict in self.rows)
        return all(v > 0 if strict else v >= 0 for v, strict in values)

    def towards(self, start: Point, end: Point, share: Fraction) -> Point:
        """The point at that share of the way from start to end, or to where the segment leaves the domain.

        A point that a strict hypothesis excludes is pulled halfway to the inner point.
        """
        reach = UNIT
        for form, _ in self.rows:
            first, last = value(form, start), value(form, end)
            if last < 0:
                reach = min(reach, first / (first - last))
        point = between(start, end, share * reach)
        return point if self.contains(point) else between(point, self.inside.point, HALF)

    def named(self, point: Point) -> dict[str, Fraction]:
        """All variables' values, also of those that the domain's equations fix."""
        return self.search.named(self.inside.goal[0], point)


def between(start: Point, end: Point, share: Fraction) -> Point:
    """The point at that share of the way."""
    return [old + share * (new - old) for old, new in zip(start, end, strict=True)]


def region(claim: Claim) -> Region | None:
    """The claim's domain, None when it is empty; `CertificateRejected` when it is no polyhedron."""
    clock = Clock()
    search = Search(claim, clock)
    inside = reduce_domain(search, search.root, clock)
    return inside and Region(search, inside)


def _corners(simplex: Simplex) -> Iterator[Point]:
    """Vertices of the closed domain, least and greatest in some directions, and points one step along its rays."""
    if not simplex.count:
        return
    size = simplex.n
    directions = [[int(at == j) for at in range(size)] for j in range(min(size, DIRECTIONS))] + [[1] * size]
    for direction in directions:
        for sign in (1, -1):
            # A copy, so that the vertex does not depend on what was asked before.
            answer = simplex.copy().minimum([0, *(sign * c for c in direction)])
            yield answer.point
            if not isinstance(answer, Optimum):
                yield [x + step for x, step in zip(answer.point, answer.direction, strict=True)]
