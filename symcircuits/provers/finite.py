"""Variables with finitely many values: one table for all points, or one goal for each value of each such variable."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from math import prod

from symcircuits.kernel.check import Goal, Theorem, check
from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.finite import POINTS, first_failure
from symcircuits.provers.points import places_where_false
from symcircuits.provers.result import Clock, Counterexample, counterexample
from symcircuits.provers.search import Search
from symcircuits.provers.zero_one import compacted

VALUES, POINTS_OF_RANGES = 4096, 126
"""Goals that values of variables may make, beside real variables; points where a claim about ranges is tried first."""


def is_finite(search: Search) -> bool:
    """Whether every variable of the claim has a range, and a table of all points is small enough."""
    names = search.proof.draft.variables
    return {name for name, _ in search.claim.ranges} >= set(names) and count_of(search) <= POINTS


def count_of(search: Search) -> int:
    """How many points the claim's ranges have."""
    return prod(len(values) for _, values in search.claim.ranges)


def prove_by_table(search: Search, clock: Clock) -> Theorem | Counterexample | None:
    """The theorem of the claim by a table, or the first point at which it is false.

    Raises `CertificateRejected` for a table that the kernel refuses, as one without any point.
    """
    draft, mark = search.proof.draft, len(search.steps)
    goal = compacted(search, search.root, clock)
    search.steps.append(["table"])
    with suppress(CertificateRejected):  # it tries all points, so that nobody need do it before
        return check(search.certificate())
    del search.steps[mark:]
    point = first_failure(draft.claim, goal[1], draft.variables, clock.spend)
    return None if point is None else counterexample(search.claim, dict(zip(draft.variables, point, strict=True)))


def refute_at_values(search: Search, clock: Clock) -> Counterexample | None:
    """The counterexample at some points of the ranges, first the ends of all of them; None if there is none.

    Variables without a range are 0, 1 or -1.
    """
    source, names = random.Random(2022), search.proof.draft.variables
    ranges = dict(search.claim.ranges)
    values = [ranges.get(name, (Fraction(0), Fraction(1), Fraction(-1))) for name in names]
    points = [[each[0] for each in values], [each[-1] for each in values]]
    points += [[source.choice(each) for each in values] for _ in range(POINTS_OF_RANGES)]
    named = [dict(zip(names, point, strict=True)) for point in points]
    places: Sequence[int] = range(len(named))
    with suppress(ValueError):  # with products
        places = places_where_false(search.claim.goal, named)
    clock.tick()
    found = (counterexample(search.claim, named[at]) for at in places)
    return next((counter for counter in found if counter is not None), None)


def each_value(search: Search, goal: Goal, clock: Clock) -> Iterator[Goal]:
    """The goals with each ranged variable fixed to each of its values, in the order in which they must be closed."""
    ranges = sorted(search.claim.ranges, key=lambda entry: len(entry.values))
    stack = [(goal, 0)]
    while stack:
        goal, depth = stack.pop()
        clock.tick()
        if depth == len(ranges):
            yield goal
            continue
        number = search.proof.draft.variables.index(ranges[depth].name)
        goals = search.apply(goal, "each", number)
        stack += reversed([(each, depth + 1) for each in goals])
