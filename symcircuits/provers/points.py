"""Refutation by exact points: small ones first, inside the domain, then smaller ones still."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from symcircuits.exact.polyhedron import simplify_point
from symcircuits.kernel.check import Context
from symcircuits.provers.domain import Inside
from symcircuits.provers.result import Clock, Counterexample, counterexample
from symcircuits.provers.search import Point, Search, value

RADII = (1, 2, 3, 3, 10, 10, 100)
POINTS = 60


def inner_points(inside: Inside) -> Iterator[Point]:
    """Points strictly inside the domain: its simple one, and small integer points drawn towards that one."""
    hypotheses = [form for form, _ in inside.goal[0].hypotheses if form.numerators]
    yield inside.point
    for target in _integer_points(len(inside.point)):
        for share in (Fraction(1), Fraction(1, 2), Fraction(1, 4), Fraction(1, 16)):
            point = [old + share * (new - old) for old, new in zip(inside.point, target, strict=True)]
            if all(value(form, point) > 0 for form in hypotheses):
                yield point
                break


def _integer_points(size: int) -> Iterator[Point]:
    """Unit vectors of either sign, then integer points with growing radius, always the same."""
    for sign in (1, -1):
        for j in range(min(size, 12)):
            yield [Fraction(sign if k == j else 0) for k in range(size)]
    source = random.Random(2022)
    for count in range(POINTS):
        radius = RADII[count * len(RADII) // POINTS]
        yield [Fraction(source.randint(-radius, radius)) for _ in range(size)]


def refute(search: Search, inside: Inside, cloud: list[Point], clock: Clock) -> Counterexample | None:
    """The first of the points at which the claim is false, made simple."""
    for point in cloud:
        clock.tick()
        if counterexample(search.claim, search.named(inside.goal[0], point)) is not None:
            return simple_counterexample(search, inside.goal[0], point)
    return None


def simple_counterexample(search: Search, context: Context, point: Point) -> Counterexample | None:
    """The counterexample at a point or at a simpler one nearby; None if the claim holds at the point."""

    def judged(at: Point) -> Counterexample | None:
        return counterexample(search.claim, search.named(context, at))

    return None if judged(point) is None else judged(simplify_point(point, lambda at: judged(at) is not None))
