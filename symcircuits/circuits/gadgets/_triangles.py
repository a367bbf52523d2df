"""Triangulations of convex regions of the plane: read exactly, and refused by name where they are none."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from typing import Any, NamedTuple

from symcircuits.circuits.gadgets._forms import Form, form_value
from symcircuits.circuits.gadgets._parameters import rationals, sequence
from symcircuits.errors import InvalidCircuit

Point = tuple[Fraction, Fraction]
Triangle = tuple[Point, Point, Point]
Places = tuple[int, int, int]
WHAT = "triangulation"


class Triangulation(NamedTuple):
    """Points, a value at each, and triangles: triples of places of points, counterclockwise."""

    points: tuple[Point, ...]
    values: tuple[Fraction, ...]
    triangles: tuple[Places, ...]

    @property
    def numbers(self) -> list[Fraction | int]:
        """All its numbers in order, with their counts."""
        coordinates = [number for point in self.points for number in point]
        places = [place for triangle in self.triangles for place in triangle]
        return [len(self.points), len(self.triangles), *coordinates, *self.values, *places]


def triangulation(points: Any, values: Any, triangles: Any) -> Triangulation:
    """The triangulation, checked: it fills the convex hull of its points, and triangles meet in whole sides or corners.

    Raises `InvalidCircuit` for points that are equal or in no triangle, triangles without area, that overlap or have
    a point on a side, and regions that are not convex.
    """
    nodes = tuple(_point(point) for point in sequence(f"{WHAT}: the points", points, 3))
    for first, second in combinations(range(len(nodes)), 2):
        if nodes[first] == nodes[second]:
            raise InvalidCircuit(f"{WHAT}: points {first} and {second} are the same")
    heights = rationals(f"{WHAT}: the values", values)
    if len(heights) != len(nodes):
        raise InvalidCircuit(f"{WHAT}: {len(nodes)} points have {len(heights)} values; give one for each")
    places = tuple(_places(triple, nodes) for triple in sequence(f"{WHAT}: the triangles", triangles))
    mesh = Triangulation(nodes, heights, places)
    _check_meeting(mesh)
    _check_convex(mesh)
    return mesh


def _point(value: Any) -> Point:
    numbers = rationals(f"{WHAT}: the coordinates of a point", value, 2)
    if len(numbers) != 2:
        raise InvalidCircuit(f"{WHAT}: a point must be a pair (x, y), not {value!r:.40}")
    return numbers[0], numbers[1]


def _places(triple: Any, nodes: tuple[Point, ...]) -> Places:
    last = len(nodes) - 1
    is_triple = isinstance(triple, tuple) and len(triple) == 3
    if not is_triple or any(type(place) is not int or not 0 <= place <= last for place in triple):
        raise InvalidCircuit(f"{WHAT}: a triangle must be three places of points, 0 to {last}, not {triple!r:.40}")
    a, b, c = triple
    turn = form_value(side(nodes[a], nodes[b]), nodes[c])
    if turn == 0:
        raise InvalidCircuit(f"{WHAT}: the triangle {triple} has no area")
    return (a, b, c) if turn > 0 else (a, c, b)


def side(start: Point, end: Point) -> Form:
    """The affine form that is 0 on the line from start to end, positive on its left, twice the area of a triangle."""
    (a, b), (c, d) = start, end
    return b - d, c - a, a * d - b * c


def corners(mesh: Triangulation, places: Places) -> Triangle:
    """The corners of a triangle."""
    a, b, c = places
    return mesh.points[a], mesh.points[b], mesh.points[c]


def _sides(triangle: Triangle) -> list[Form]:
    return [side(triangle[at - 1], triangle[at]) for at in (1, 2, 0)]


def _check_meeting(mesh: Triangulation) -> None:
    """No two triangles share an inner point, and no point of the mesh lies in a triangle of which it is no corner."""
    shapes = [corners(mesh, places) for places in mesh.triangles]
    for (first, one), (second, other) in combinations(zip(mesh.triangles, shapes, strict=True), 2):
        apart = ((_sides(a), b) for a, b in ((one, other), (other, one)))
        if not any(all(form_value(form, p) <= 0 for p in shape) for forms, shape in apart for form in forms):
            raise InvalidCircuit(f"{WHAT}: the triangles {first} and {second} overlap")
    for places, shape in zip(mesh.triangles, shapes, strict=True):
        for at, point in enumerate(mesh.points):
            if at not in places and all(form_value(form, point) >= 0 for form in _sides(shape)):
                raise InvalidCircuit(
                    f"{WHAT}: point {at} lies in the triangle {places}, of which it is no corner; "
                    "divide the triangle there"
                )


def _check_convex(mesh: Triangulation) -> None:
    """Every point is in a triangle, and every side that only one triangle has is a side of the hull."""
    used = {place for places in mesh.triangles for place in places}
    lonely = next((at for at in range(len(mesh.points)) if at not in used), None)
    if lonely is not None:
        raise InvalidCircuit(f"{WHAT}: point {lonely} is in no triangle")
    edges = [(places[at - 1], places[at]) for places in mesh.triangles for at in (1, 2, 0)]
    inner = set(edges)
    for start, end in edges:
        line = side(mesh.points[start], mesh.points[end])
        outside = next((at for at, point in enumerate(mesh.points) if form_value(line, point) < 0), None)
        if (end, start) not in inner and outside is not None:
            raise InvalidCircuit(
                f"{WHAT}: the triangles do not fill a convex region: the side from point {start} to point {end} "
                f"has no triangle towards point {outside}; add triangles there"
            )


def interpolants(mesh: Triangulation) -> Iterator[tuple[Triangle, Form]]:
    """Each triangle with the affine form that has the mesh's values at its corners."""
    for places in mesh.triangles:
        triangle = corners(mesh, places)
        opposite = [side(triangle[at - 2], triangle[at - 1]) for at in range(3)]
        area = form_value(opposite[0], triangle[0])
        weights = [mesh.values[place] / area for place in places]
        columns = zip(*opposite, strict=True)
        yield (
            triangle,
            tuple(sum((w * c for w, c in zip(weights, column, strict=True)), start=Fraction(0)) for column in columns),
        )
