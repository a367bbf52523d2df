"""Large maxima of affine forms that are sums of smaller atoms of the claim, rewritten as such sums.

The maximum over all sets of neurons of a network with one layer is a sum of relus, and written so it cancels. Values at
points say which sum it may be, by linear equations; that it is this sum is shown by the signs of the atoms.

>>> from symcircuits.provers.prove import prove
>>> theorem = prove("max(0, x, y, x + y) - max(0, 2*x - y) == relu(x) - relu(2*x - y) + relu(y)")
>>> theorem.certificate.count("rewrite")
1
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction

from symcircuits.cpwl.columns import columns
from symcircuits.kernel.term import ONE, Term, subterms, table, total, variable
from symcircuits.provers.domain import Inside
from symcircuits.provers.polarity import prove_by_polarity
from symcircuits.provers.result import Clock
from symcircuits.provers.route import Passed
from symcircuits.provers.search import Search, renewed

LARGE, MOST, SPARE, RADIUS = 4, 60, 6, 50
"""Arguments of a large maximum; unknowns; points more than unknowns; how far from 0 they are."""
CHOICES = ("relu", "abs", "max", "min")


def decompose(search: Search, inside: Inside, clock: Clock) -> Inside:
    """The goal with sums of smaller atoms in the place of large maxima; `Passed` if there are none."""
    goal = inside.goal[1]
    flat = [term for term in subterms(goal[::2]) if term.kind in CHOICES and _is_flat(term)]
    large = [term for term in flat if term.kind in ("max", "min") and len(term.args) >= LARGE]
    names = search.proof.draft.variables
    small = [term for term in flat if not any(term is other for other in large)]
    unknown = [*small, *map(variable, names), ONE]
    if not large or not small or len(unknown) > MOST:
        raise Passed("no large maximum beside smaller atoms")
    found = [(term, value) for term in large if (value := _as_sum(term, unknown, names, clock)) is not None]
    if not found:
        raise Passed("no maximum is a sum of smaller atoms")
    pairs = [[search.number(term), search.number(value)] for term, value in found]
    *premises, after = search.apply(renewed(inside.goal), "rewrite", pairs)
    for premise in premises:
        if prove_by_polarity(search, inside._replace(goal=premise), clock) is not None:
            raise Passed("a maximum is not the sum that it was thought to be")
    return inside._replace(goal=after)


def _is_flat(term: Term) -> bool:
    """Whether the arguments are affine."""
    return all(part.kind in ("variable", "one", "sum") for part in subterms(term.args))


def _as_sum(whole: Term, unknown: Sequence[Term], names: Sequence[str], clock: Clock) -> Term | None:
    """The sum of multiples of terms that has the values of the whole at some points; None if there is none."""
    source = random.Random(2022)
    points = [(1, {name: source.randint(-RADIUS, RADIUS) for name in names}) for _ in range(len(unknown) + SPARE)]
    rows, places = table(*unknown, whole)
    made = [[Fraction(value, below) for value in values] for values, below in columns(rows, points)]
    equations = [[made[place][at] for place in places] for at in range(len(points))]
    solution = solved(equations, clock)
    if solution is None:
        return None
    return total((c, term) for c, term in zip(solution, unknown, strict=True) if c)


def solved(equations: list[list[Fraction]], clock: Clock) -> list[Fraction] | None:
    """A solution of linear equations, rows of coefficients with the right side last; None if there is none.

    >>> [int(x) for x in solved([[Fraction(c) for c in row] for row in ([1, 1, 3], [1, -1, 1], [2, 0, 4])], Clock())]
    [2, 1]
    """
    size = len(equations[0]) - 1
    left, pivots = [*equations], dict[int, list[Fraction]]()
    for at in range(size):
        clock.tick()
        pivot = next((row for row in left if row[at]), None)
        if pivot is None:
            continue
        left = [row for row in left if row is not pivot]
        pivot = [c / pivot[at] for c in pivot]
        left = [_less(row, pivot, at) for row in left]
        pivots = {place: _less(row, pivot, at) for place, row in pivots.items()}
        pivots[at] = pivot
    if any(row[-1] for row in left):
        return None
    return [pivots[at][-1] if at in pivots else Fraction(0) for at in range(size)]


def _less(row: list[Fraction], pivot: list[Fraction], at: int) -> list[Fraction]:
    """The row without its entry there."""
    return [c - row[at] * d for c, d in zip(row, pivot, strict=True)] if row[at] else row
