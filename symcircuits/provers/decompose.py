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
from symcircuits.provers.result import Clock, Counterexample
from symcircuits.provers.route import Passed
from symcircuits.provers.search import Search, renewed

LARGE, MOST, SPARE, RADIUS, PRIME = 4, 60, 6, 50, 2**61 - 1
"""Arguments of a large maximum; unknowns; points more than unknowns; how far from 0 they are; modulus of equations."""
CHOICES = ("relu", "abs", "max", "min")


def decompose(search: Search, inside: Inside, clock: Clock) -> Counterexample | Inside:
    """The goal with sums of smaller atoms in the place of large maxima, or a counterexample; `Passed` without a sum."""
    goal = inside.goal[1]
    if goal.relation != "==":
        raise Passed("sums are for equalities")
    flat = [term for term in subterms(goal[::2]) if term.kind in CHOICES and _is_flat(term)]
    large = [term for term in flat if term.kind in ("max", "min") and len(term.args) >= LARGE]
    names = search.proof.draft.variables
    small = [term for term in flat if not any(term is other for other in large)]
    unknown = [*small, *map(variable, names), ONE]
    if not large or not small or len(unknown) > MOST:
        raise Passed("no large maximum beside smaller atoms")
    found = [(term, value) for term, value in _as_sums(large, unknown, names, clock) if value is not None]
    if not found:
        raise Passed("no maximum is a sum of smaller atoms")
    pairs = [[search.number(term), search.number(value)] for term, value in found]
    *premises, after = search.apply(renewed(inside.goal), "rewrite", pairs)
    for premise in premises:
        counter = prove_by_polarity(search, inside._replace(goal=premise), clock)
        if counter is not None:  # a point where the claim itself is false
            return counter
    return inside._replace(goal=after)


def _is_flat(term: Term) -> bool:
    """Whether the arguments are affine."""
    return all(part.kind in ("variable", "one", "sum") for part in subterms(term.args))


def _as_sums(
    wholes: Sequence[Term], unknown: Sequence[Term], names: Sequence[str], clock: Clock
) -> list[tuple[Term, Term | None]]:
    """Each of the wholes with the sum of multiples of terms that has its values at some points, if there is one."""
    source = random.Random(2022)
    points = [(1, {name: source.randint(-RADIUS, RADIUS) for name in names}) for _ in range(len(unknown) + SPARE)]
    rows, places = table(*unknown, *wholes)
    made = columns(rows, points)
    if not all(below % PRIME for _, below in made):
        raise Passed("a denominator is a multiple of the prime by which equations are solved")
    inverses = [pow(below, -1, PRIME) for _, below in made]
    equations = [[made[place][0][at] * inverses[place] % PRIME for place in places] for at in range(len(points))]
    found = []
    for whole, solution in zip(wholes, solved(equations, len(unknown), clock), strict=True):
        pairs = zip(map(_rational, solution or ()), unknown, strict=solution is not None)
        found.append((whole, None if solution is None else total((c, term) for c, term in pairs if c)))
    return found


def solved(equations: list[list[int]], size: int, clock: Clock) -> list[list[int] | None]:
    """Solutions of linear equations modulo `PRIME`, one for each right side; None where there is none.

    A row has `size` coefficients and then the right sides.

    >>> solved([[1, 1, 3, 1], [1, -1, 1, 1], [2, 0, 4, 1]], 2, Clock())
    [[2, 1], None]
    """
    left, pivots = [*equations], dict[int, list[int]]()
    for at in range(size):
        clock.tick()
        place = next((place for place, row in enumerate(left) if row[at] % PRIME), None)
        if place is None:
            continue
        chosen = left.pop(place)
        inverse = pow(chosen[at], -1, PRIME)
        pivot = [c * inverse % PRIME for c in chosen]
        left = [_less(row, pivot, at) for row in left]
        pivots = {place: _less(row, pivot, at) for place, row in pivots.items()}
        pivots[at] = pivot
    right = range(size, len(equations[0]))
    return [
        None if any(row[side] for row in left) else [pivots[at][side] if at in pivots else 0 for at in range(size)]
        for side in right
    ]


def _less(row: list[int], pivot: list[int], at: int) -> list[int]:
    """The row without its entry there."""
    factor = row[at]
    return [(c - factor * d) % PRIME for c, d in zip(row, pivot, strict=True)] if factor else row


def _rational(residue: int) -> Fraction:
    """The rational of small numerator and denominator that the residue stands for, by Euclid's algorithm.

    >>> _rational(-3 * pow(7, -1, PRIME) % PRIME)
    Fraction(-3, 7)
    """
    (above, below), (numerator, denominator) = (PRIME, 0), (residue, 1)
    while numerator * numerator > PRIME:
        quotient = above // numerator
        (above, below), (numerator, denominator) = (
            (numerator, denominator),
            (above - quotient * numerator, below - quotient * denominator),
        )
    return Fraction(numerator, denominator)
