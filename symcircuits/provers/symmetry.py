"""Claims that do not change when variables are exchanged: it is enough to look at where these increase.

>>> from symcircuits.provers.prove import prove
>>> median = "max(min(a, b), min(b, c), min(c, a))"
>>> prove(f"{median} == a + b + c - max(a, b, c) - min(a, b, c)").certificate.count("symmetry")
1
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from math import lcm

from symcircuits.cpwl.columns import columns
from symcircuits.kernel.check import Goal
from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.term import subterms, table
from symcircuits.kernel.text import Row
from symcircuits.provers.domain import Inside, reduce_domain
from symcircuits.provers.points import reachable_atoms
from symcircuits.provers.result import Clock
from symcircuits.provers.route import Passed
from symcircuits.provers.search import Search, renewed

LEAST, ATOMS, PROBES, RADIUS = 3, 3, 3, 1000
"""Variables that are exchanged, and atoms of the gap, at least; points where exchanges are tried, and their size."""


def order_variables(search: Search, inside: Inside, clock: Clock) -> Inside:
    """The goal where variables that can be exchanged increase; `Passed` where there are not three of them."""
    context, claim = inside.goal
    if context.known or context.algebra.values or search.claim.ranges:
        raise Passed("variables with ranges, or that are replaced, are not exchanged")
    if len(reachable_atoms(context.algebra, context.gap(claim))) < ATOMS:
        raise Passed("the gap has few atoms")
    group = max(_groups(search, inside.goal), key=len, default=[])
    if len(group) < LEAST:
        raise Passed("no three variables can be exchanged")
    try:
        (goal,) = search.apply(renewed(inside.goal), "symmetry", group)
    except CertificateRejected as error:
        raise Passed(str(error)) from None
    reduced = reduce_domain(search, goal, clock)
    if reduced is None:
        raise Passed("the variables cannot increase")
    return reduced


def _groups(search: Search, goal: Goal) -> list[list[int]]:
    """Variables, by number from 0, whose exchange leaves both sides what they are at some points."""
    names, source = search.proof.draft.variables, random.Random(2022)
    if any(term.kind == "scale" for term in subterms(goal[1][::2])):
        return []
    points = [{name: source.randint(-RADIUS, RADIUS) for name in names} for _ in range(PROBES)]
    rows, sides = table(goal[1].left, goal[1].right)
    groups: list[list[int]] = []
    for at, name in enumerate(names):
        for group in groups:
            other = names[group[-1]]
            swapped = [{**point, name: point[other], other: point[name]} for point in points]
            values = _values(rows, sides, [*points, *swapped])
            if all(side[:PROBES] == side[PROBES:] for side in values):
                group.append(at)
                break
        else:
            groups.append([at])
    return groups


def _values(rows: Sequence[Row], sides: Sequence[int], points: Sequence[dict[str, int]]) -> list[list[int]]:
    """The values of both sides at the points, each side over a denominator of its own."""
    made = columns(rows, [(1, point) for point in points])
    scale = [lcm(*(below for _, below in made))] * len(sides)
    return [[value * (q // made[side][1]) for value in made[side][0]] for side, q in zip(sides, scale, strict=True)]
