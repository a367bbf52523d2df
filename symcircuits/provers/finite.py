"""Variables with finitely many values: one table for all points, or one goal for each value of each such variable."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from symcircuits.kernel.check import Goal
from symcircuits.kernel.finite import POINTS, first_failure
from symcircuits.provers.result import Clock, Counterexample, counterexample
from symcircuits.provers.search import Search

VALUES = 4096
"""Goals that values of variables may make, beside real variables."""


def is_finite(search: Search) -> bool:
    """Whether every variable of the claim has a range, and a table of all points is small enough."""
    claim, names = search.claim, search.proof.draft.variables
    return {name for name, _ in claim.ranges} >= set(names) and prod(
        len(values) for _, values in claim.ranges
    ) <= POINTS


def prove_by_table(search: Search, clock: Clock) -> Counterexample | None:
    """Close the root by a table, or return the first point at which the claim is false.

    Raises `CertificateRejected` for a table that the kernel refuses, as one without any point.
    """
    draft = search.proof.draft
    point = first_failure(draft.claim, draft.claim.goal, draft.variables, clock.spend)
    if point is None:
        search.apply(search.root, "table")
        return None
    return counterexample(search.claim, dict(zip(draft.variables, point, strict=True)))


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
