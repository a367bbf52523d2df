"""Whether claims of the corpus are what they say they are, as far as exact values at random points tell."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from prover.claim import CorpusClaim, Point
from prover.expressions import Problem, read

POINTS, NODES = 20, 200_000  # so many points, fewer where they would be values of more nodes than that
SCALES = ((6, 1), (4000, 100), (40, 10))  # numerators up to the first, denominator


def cross_check(claim: CorpusClaim, seed: int = 0) -> str | None:
    """What contradicts `expected`: a false claim's counterexample is none, or a true claim has one; None if nothing.

    >>> cross_check(CorpusClaim("seed", "abs", 1, ("x",), "relu(x)", "x"))
    'it is false at x = -4/5'
    """
    problem = read(claim)
    if claim.counterexample is not None:
        return None if problem.is_counterexample(claim.counterexample) else "its counterexample is none"
    source = random.Random(f"{seed} {claim.id}")
    points = [next(points_of(problem, source)) for _ in range(max(2, min(POINTS, NODES // len(problem.nodes))))]
    for point in points:
        if problem.is_counterexample(point):
            return f"it is false at {', '.join(f'{name} = {value}' for name, value in point.items())}"
    return None if any(map(problem.is_inside, points)) else "no point of its domain was found"


def points_of(problem: Problem, source: random.Random) -> Iterator[Point]:
    """Random points, within the ranges and bounds of single variables; in order if the domain has other comparisons."""
    bounds = list(_bounds(problem))
    while True:
        size, below = source.choice(SCALES)
        point = {name: Fraction(source.randint(-size, size), below) for name in problem.claim.variables}
        point |= {name: source.choice(values) for name, values in problem.ranges.items()}
        for name, low, high in bounds:
            point[name] = low + (high - low) * Fraction(source.randint(0, 64), 64)
        if problem.domain and not bounds:
            order = sorted(point.values(), reverse=source.random() < 0.5)
            point = dict(zip(point, order, strict=True))
        yield point


def _bounds(problem: Problem) -> Iterator[tuple[str, Fraction, Fraction]]:
    """The variables with a least and a greatest value, both numbers."""
    ends: dict[tuple[str, str], Fraction] = {}
    for left, relation, right in problem.domain:
        first, second = problem.nodes[left], problem.nodes[right]
        if first.kind == "variable" and second.kind == "constant":
            ends[first.name, relation] = second.shift
    for name in problem.claim.variables:
        if (name, ">=") in ends and (name, "<=") in ends:
            yield name, ends[name, ">="], ends[name, "<="]
