"""The domain of an equality as a polyhedron: an inner point, and points drawn towards others.

>>> from symcircuits.expr.parse import parse_where
>>> square = region(("x", "y"), parse_where("0 <= x <= 1, 0 <= y <= 1"))
>>> [str(c) for c in square.inner], [str(c) for c in square.pulled([Fraction(9, 2), Fraction(1, 2)])]
(['1/2', '1/2'], ['127/128', '1/2'])
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from symcircuits.exact.polyhedron import Solid, analyse, simplest_between
from symcircuits.kernel.normal import Form, Meter
from symcircuits.kernel.term import Claim, Comparison, total, variable
from symcircuits.provers.search import Search, integers

Point = list[Fraction]
Array = np.ndarray[Any, Any]
Bounds = tuple[Fraction | None, Fraction | None]
INSIDE = Fraction(63, 64)
"""How far from the inner point towards the wall a point is put that lies outside."""


class Region(NamedTuple):
    """A polyhedron with an inner point: where each coordinate is between its bounds and every form is >= 0.

    A bound is None where there is none, and else a bit inside the polyhedron; forms number variables from 1, and 0 is
    the constant.
    """

    inner: Point
    bounds: tuple[tuple[Fraction | None, Fraction | None], ...]
    forms: tuple[Form, ...]

    def pulled(self, point: Sequence[Fraction]) -> Point:
        """The point with coordinates put between the bounds, drawn towards the inner point if it is outside then."""
        near: Point = []
        for value, (low, high) in zip(point, self.bounds, strict=True):
            value = value if low is None else max(value, low)
            near.append(value if high is None else min(value, high))
        share = Fraction(1)
        for form in self.forms:
            here, there = _value(form, self.inner), _value(form, near)
            if there <= 0:
                share = min(share, INSIDE * here / (here - there))
        return [old + share * (new - old) for old, new in zip(self.inner, near, strict=True)]

    def pulled_floats(self, points: Array) -> Array:
        """What `pulled` gives for each row, roughly."""
        low = [-np.inf if low is None else float(low) for low, _ in self.bounds]
        high = [np.inf if high is None else float(high) for _, high in self.bounds]
        points = np.clip(points, low, high)
        if not self.forms:
            return points
        rows = np.array([[float(Fraction(n, f.denominator)) for n in integers(f, len(self.inner))] for f in self.forms])
        inner = np.array([float(c) for c in self.inner])
        here, there = rows[:, 1:] @ inner + rows[:, 0], points @ rows[:, 1:].T + rows[:, 0]
        shares = np.where(there > 0, 1.0, float(INSIDE) * here / np.maximum(here - there, 1e-300))
        return np.asarray(inner + shares.min(axis=1)[:, None] * (points - inner))


def region(names: Sequence[str], where: Iterable[Comparison]) -> Region | None:
    """The polyhedron that the comparisons give, in variables of these names; None when it has no interior."""
    everything = total((Fraction(1), variable(name)) for name in names)
    search = Search(Claim(Comparison(everything, "==", everything), tuple(where)), Meter())
    hypotheses = search.root[0].hypotheses
    forms = [form for form, _ in hypotheses]
    if any(not set(form.numerators) - {0} for form in forms):
        return None
    simple = [form for form in forms if len(set(form.numerators) - {0}) == 1]
    bounds = _bounds(simple, len(names))
    if any(low is not None and high is not None and low >= high for low, high in bounds):
        return None
    inner = [_between(low, high) for low, high in bounds]
    if len(simple) < len(forms):
        rows = [integers(form, len(names)) for form in forms]
        answer = analyse(len(names), rows, [strict for _, strict in hypotheses])
        if not isinstance(answer, Solid):
            return None
        inner = answer.point
    closer = ((_closer(x, low), _closer(x, high)) for x, (low, high) in zip(inner, bounds, strict=True))
    return Region(inner, tuple(closer), tuple(form for form in forms if form not in simple))


def _bounds(forms: Iterable[Form], size: int) -> list[Bounds]:
    """The greatest lower and the least upper bound of each variable, from forms of one variable each."""
    bounds: list[Bounds] = [(None, None)] * size
    for form in forms:
        (at,) = set(form.numerators) - {0}
        bound = Fraction(-form.numerators.get(0, 0), form.numerators[at])
        low, high = bounds[at - 1]
        if form.numerators[at] > 0:
            bounds[at - 1] = bound if low is None else max(low, bound), high
        else:
            bounds[at - 1] = low, bound if high is None else min(high, bound)
    return bounds


def _between(low: Fraction | None, high: Fraction | None) -> Fraction:
    """A simple number well between the bounds."""
    if low is not None and high is not None:
        quarter = (high - low) / 4
        return simplest_between(low + quarter, high - quarter)
    if low is not None:
        return simplest_between(low, low + 2)
    return Fraction(0) if high is None else simplest_between(high - 2, high)


def _closer(value: Fraction, bound: Fraction | None) -> Fraction | None:
    return None if bound is None else value + INSIDE * (bound - value)


def _value(form: Form, point: Sequence[Fraction]) -> Fraction:
    """A positive multiple of the form's value at a point."""
    return sum((n * point[at - 1] if at else Fraction(n) for at, n in form.numerators.items()), Fraction(0))
