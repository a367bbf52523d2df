"""Formal sums of maxima of affine forms, and how those of few forms stand for every CPWL function.

A *formal sum* of maxima, sum of m*[S] with integers m and sets S of affine forms, *stands for* a function f when

    max(f(x), t) = sum of m*max(max S(x), t)     for all points x and all numbers t.

Then phi(f) is the sum of m*phi(max S) for all functions phi of one variable. So from formal sums of f and g follow
those of max(f, g), by unions of sets, of f + g, by sums of their forms, and of min(f, g), since the values max(f, g)
and min(f, g) are those of f and g in some order. In this way every CPWL function gets one.

Sets of more forms than the affine rank of their slopes allows can be taken apart (Wang and Sun, Generalization of
hinging hyperplanes, 2005): they contain a `Circuit`, so that max(upper) >= min(lower), and by inclusion and exclusion

    [all] = - sum over proper subsets S of lower of (-1)^(|lower| - |S|) * [all but lower, and S].

What is left are sets of at most n + 1 forms in n variables. These are independent, if no circuit has two sides of
equal value (the indicators [max S < t] are a basis of the functions on the cells of the hyperplanes f_i(x) = t,
Varchenko and Gelfand, Heaviside functions of a configuration of hyperplanes, 1987): so the formal sum does not depend
on the way it was found, and has terms only where the function has faces. To the same end, where the two sides of a
circuit are equal, the constants are thought of as moved a little, each far more than all those before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from symcircuits.exact.cells import Affine, Tick

ONCE = Fraction(1)
Places = tuple[int, ...]
"""A set of forms by their numbers, which increase."""
Maxima = dict[Places, int]
"""A formal sum."""


class Circuit(NamedTuple):
    """Convex combinations of two disjoint sets of forms, with the same slopes: that of `upper` is nowhere the smaller.

    No proper subset of both together has such combinations.
    """

    upper: dict[int, Fraction]
    lower: dict[int, Fraction]

    def opened(self, places: Places) -> Maxima:
        """The sum of smaller maxima that equals the maximum of a set which contains the circuit.

        >>> Circuit({0: ONCE}, {1: ONCE}).opened((0, 1, 2))
        {(0, 2): 1}
        """
        rest = [place for place in places if place not in self.lower]
        count = len(self.lower)
        return {
            tuple(sorted((*rest, *some))): -((-1) ** (count - size))
            for size in range(count)
            for some in combinations(self.lower, size)
        }


class Forms:
    """Affine forms in so many variables, numbered in the order in which they come up."""

    def __init__(self, size: int, tick: Tick | None = None) -> None:
        self.size, self.tick = size, tick
        self.forms: list[Affine] = []
        self._places: dict[Affine, int] = {}
        self._circuits: dict[Places, Circuit | None] = {}

    def place(self, form: Affine) -> int:
        """The number of a form."""
        place = self._places.setdefault(form, len(self.forms))
        if place == len(self.forms):
            self.forms.append(form)
        return place

    def circuit(self, places: Places) -> Circuit | None:
        """The first circuit in a set of forms; None if their slopes are affinely independent."""
        if places not in self._circuits:
            if self.tick is not None:
                self.tick()
            self._circuits[places] = self._found(places)
        return self._circuits[places]

    def _found(self, places: Places) -> Circuit | None:
        weights = dependence({place: (ONCE, *self.forms[place][1:]) for place in places})
        if weights is None:
            return None
        constant = sum(weight * self.forms[place][0] for place, weight in weights.items())
        sign = 1 if (constant or weights[max(weights)]) > 0 else -1
        size = sum(weight for weight in weights.values() if weight > 0)
        shares = {place: sign * weight / size for place, weight in sorted(weights.items())}
        upper = {place: share for place, share in shares.items() if share > 0}
        return Circuit(upper, {place: -share for place, share in shares.items() if share < 0})

    def rounds(self, maxima: Maxima) -> tuple[list[list[Places]], Maxima]:
        """The sets with circuits that are opened, largest first, sets of one size a round, and the sum that is left."""
        waiting: dict[int, Maxima] = {}
        for places, m in maxima.items():
            waiting.setdefault(len(places), {})[places] = m
        opened, done = list[list[Places]](), Maxima()
        while waiting:
            size = max(waiting)
            found = [(places, m, self.circuit(places)) for places, m in waiting.pop(size).items() if m]
            done |= {places: m for places, m, circuit in found if circuit is None}
            opened.append([places for places, _, circuit in found if circuit])
            for places, m, circuit in found:
                for smaller, factor in circuit.opened(places).items() if circuit else ():
                    level = waiting.setdefault(len(smaller), {})
                    level[smaller] = level.get(smaller, 0) + m * factor
        return [places for places in opened if places], done

    def reduced(self, maxima: Maxima) -> Maxima:
        """The formal sum without circuits.

        >>> forms = Forms(1)
        >>> x, minus, half = (forms.place((Fraction(c), Fraction(d, 2))) for c, d in ((0, 2), (0, -2), (1, 1)))
        >>> forms.reduced({(x, minus, half): 1})
        {(0, 2): 1, (1, 2): 1, (2,): -1}
        """
        return self.rounds(maxima)[1]


def combined(items: Iterable[tuple[int, Mapping[Places, int]]]) -> Maxima:
    """The formal sum of c times a formal sum over the items."""
    total = Maxima()
    for c, maxima in items:
        for places, m in maxima.items():
            total[places] = total.get(places, 0) + c * m
    return {places: m for places, m in total.items() if m}


def dependence(vectors: Mapping[int, tuple[Fraction, ...]]) -> dict[int, Fraction] | None:
    """Weights, none of them 0, of some vectors that add up to 0, if there are any: of the first that can be.

    >>> dependence({3: (ONCE, 2 * ONCE), 5: (ONCE, 3 * ONCE), 7: (ONCE, 4 * ONCE)})
    {3: Fraction(1, 1), 5: Fraction(-2, 1), 7: Fraction(1, 1)}
    """
    rows: list[tuple[int, list[Fraction], dict[int, Fraction]]] = []
    for key, vector in vectors.items():
        rest, weights = list(vector), {key: ONCE}
        for pivot, row, combination in rows:
            factor = rest[pivot] / row[pivot]
            if factor:
                rest = [c - factor * d for c, d in zip(rest, row, strict=True)]
                for other, weight in combination.items():
                    weights[other] = weights.get(other, Fraction(0)) - factor * weight
        place = next((at for at, c in enumerate(rest) if c), None)
        if place is None:
            return {key: weights[key] for key in sorted(weights) if weights[key]}
        rows.append((place, rest, weights))
    return None
