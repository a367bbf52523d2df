"""From a point of the domain to a vertex of the linear regions: along kinks, until no direction is left.

Functions that are piecewise linear on common cells are equal on a cell that has vertices if they agree at these and
along its rays, so vertices are where a mistake must show. A step goes along a line on which everything that is tight at
the point stays so: switches that tie, and the domain's rows that are 0. It ends at the first switch or row that the
line meets, which is tight from there on. Arithmetic is exact; where several cells touch, the line chooses one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from symcircuits.kernel.term import Term, subterms
from symcircuits.provers.search import Point, value
from symcircuits.testing.strategies.kink import Switch
from symcircuits.testing.strategies.region import Region

Vector = list[Fraction]
FREE, SWITCHES = 8, 120
"""Most free coordinates, and most switches, with which vertices are looked for."""


class Jet(NamedTuple):
    """A part's value at a point, its slope along a line, and its gradient on the side to which the line goes."""

    value: Fraction
    slope: Fraction
    gradient: Vector


class Gap(NamedTuple):
    """By how much the largest row of a switch exceeds another one, or a row of the domain exceeds 0."""

    height: Fraction
    slope: Fraction
    gradient: Vector


def vertex(region: Region, switches: Sequence[Switch], start: Point, lines: Sequence[Vector]) -> Point:
    """A vertex that is reached from the point, or the last point before a line that meets nothing.

    `lines` are directions in the free coordinates, which are bent to what is tight; there may be too few of them.
    """
    point = start
    for line in lines:
        tight = _reduced(gap.gradient for gap in _gaps(region, switches, point, line) if not gap.height)
        bent = _bent(line, tight)
        steps = (_step(region, switches, point, way) for way in (bent, [-c for c in bent]))
        step = next((found for found in steps if found is not None), None) if any(bent) else None
        if step is not None:
            point = step
    return point


def _step(region: Region, switches: Sequence[Switch], point: Point, line: Vector) -> Point | None:
    """The first point on the line at which something else gets tight; None if nothing does."""
    gaps = _gaps(region, switches, point, line)
    reach = min((gap.height / -gap.slope for gap in gaps if gap.slope < 0), default=None)
    if reach is None:
        return None
    moved = list(point)
    for place, c in zip(region.free, line, strict=True):
        moved[place] += reach * c
    return moved


def _gaps(region: Region, switches: Sequence[Switch], point: Point, line: Vector) -> Iterator[Gap]:
    for form, _ in region.rows:
        gradient = [Fraction(form.numerators.get(place + 1, 0), form.denominator) for place in region.free]
        yield Gap(value(form, point), _dot(gradient, line), gradient)
    jets = _jets([part for switch in switches for part in switch.term.args], region, point, line)
    for switch in switches:
        rows = _rows(switch.term, [jets[id(part)] for part in switch.term.args])
        top = _largest(rows)
        for row in rows:
            if row is not top:
                gradient = [a - b for a, b in zip(top.gradient, row.gradient, strict=True)]
                yield Gap(top.value - row.value, top.slope - row.slope, gradient)


def _jets(roots: Sequence[Term], region: Region, point: Point, line: Vector) -> dict[int, Jet]:
    """The jet of every part of the roots, by the part's `id`."""
    named, zero = region.named(point), [Fraction(0)] * len(line)
    jets: dict[int, Jet] = {}
    for term in subterms(roots):
        parts = [jets[id(part)] for part in term.args]
        match term.kind:
            case "one":
                jet = Jet(Fraction(1), Fraction(0), zero)
            case "variable":
                slopes = region.slopes[term.name]
                jet = Jet(named[term.name], _dot(slopes, line), slopes)
            case "sum":
                jet = _combined(term.coefficients, parts, zero)
            case _:
                top = _largest(_rows(term, parts))
                jet = _times(-1, top) if term.kind == "min" else top
        jets[id(term)] = jet
    return jets


def _rows(term: Term, parts: list[Jet]) -> list[Jet]:
    """The rows of which the largest is the switch, for min negated."""
    match term.kind:
        case "relu":
            return [*parts, _times(0, parts[0])]
        case "abs":
            return [parts[0], _times(-1, parts[0])]
        case "min":
            return [_times(-1, part) for part in parts]
        case "max":
            return parts
    raise ValueError(f"{term.kind} is no switch")


def _largest(rows: list[Jet]) -> Jet:
    return max(rows, key=lambda jet: (jet.value, jet.slope))


def _times(factor: int, jet: Jet) -> Jet:
    return Jet(factor * jet.value, factor * jet.slope, [factor * c for c in jet.gradient])


def _combined(coefficients: Sequence[Fraction], parts: Sequence[Jet], zero: Vector) -> Jet:
    gradient = list(zero)
    height = slope = Fraction(0)
    for c, part in zip(coefficients, parts, strict=True):
        height, slope = height + c * part.value, slope + c * part.slope
        gradient = [old + c * new for old, new in zip(gradient, part.gradient, strict=True)]
    return Jet(height, slope, gradient)


def _dot(one: Vector, other: Vector) -> Fraction:
    return sum((a * b for a, b in zip(one, other, strict=True)), Fraction(0))


def _reduced(rows: Iterator[Vector]) -> dict[int, Vector]:
    """Independent rows with the same span in reduced echelon form, by the place of their leading 1."""
    reduced: dict[int, Vector] = {}
    for row in rows:
        for place, pivot in reduced.items():
            row = [c - row[place] * p for c, p in zip(row, pivot, strict=True)]
        lead = next((place for place, c in enumerate(row) if c), None)
        if lead is None:
            continue
        fresh = [c / row[lead] for c in row]
        for place, pivot in reduced.items():
            reduced[place] = [p - pivot[lead] * c for p, c in zip(pivot, fresh, strict=True)]
        reduced[lead] = fresh
    return reduced


def _bent(line: Vector, tight: dict[int, Vector]) -> Vector:
    """The direction in which every row is 0 and whose coordinates without a leading 1 are those of the line."""
    rest = [Fraction(0) if place in tight else c for place, c in enumerate(line)]
    return [-_dot(tight[place], rest) if place in tight else c for place, c in enumerate(rest)]
