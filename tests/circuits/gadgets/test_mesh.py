"""The hat function of a regular mesh, and interpolation on triangulations against barycentric coordinates."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcircuits.circuits.circuit import Circuit
from symcircuits.circuits.gadgets import gadget
from symcircuits.circuits.gadgets.mesh import OnTriangles
from symcircuits.errors import InvalidCircuit

HALF = Fraction(1, 2)
Point = tuple[Fraction, Fraction]


def barycentric(triangle: Any, point: Point) -> tuple[Fraction, ...]:
    (a, b), (c, d), (e, f) = triangle
    x, y = point
    area = (c - a) * (f - b) - (d - b) * (e - a)
    second = ((x - a) * (f - b) - (y - b) * (e - a)) / Fraction(area)
    third = ((c - a) * (y - b) - (d - b) * (x - a)) / Fraction(area)
    return 1 - second - third, second, third


def interpolated(points: Any, values: Any, triangles: Any, point: Point) -> Fraction:
    for places in triangles:
        weights = barycentric([points[place] for place in places], point)
        if min(weights) >= 0:
            return sum((w * values[place] for w, place in zip(weights, places, strict=True)), start=Fraction(0))
    raise AssertionError(f"{point} is in no triangle")


def inner_points(points: Any, triangles: Any) -> list[Point]:
    weights = [(Fraction(a, 6), Fraction(b, 6), Fraction(6 - a - b, 6)) for a in range(7) for b in range(7 - a)]
    return [
        tuple(sum(w * points[place][axis] for w, place in zip(row, places, strict=True)) for axis in (0, 1))  # type: ignore[misc]
        for places in triangles
        for row in weights
    ]


def grid(columns: int, rows: int, turned: Random) -> tuple[Any, Any]:
    """The points of a grid and two triangles a square, along either diagonal."""
    points = tuple((Fraction(i), Fraction(j)) for j in range(rows + 1) for i in range(columns + 1))
    triangles: list[tuple[int, int, int]] = []
    for i, j in product(range(columns), range(rows)):
        a, b = j * (columns + 1) + i, j * (columns + 1) + i + 1
        c, d = a + columns + 1, b + columns + 1
        triangles += [(a, b, d), (a, d, c)] if turned.random() < 0.5 else [(a, b, c), (b, c, d)]
    return points, tuple(triangles)


MESHES = [(1, 1, 0), (2, 1, 1), (2, 2, 2), (2, 2, 3), (3, 1, 4)]


@pytest.mark.parametrize(("columns", "rows", "seed"), MESHES)
def test_interpolation_on_a_mesh_is_the_barycentric_one(columns: int, rows: int, seed: int) -> None:
    source = Random(seed)
    points, triangles = grid(columns, rows, source)
    values = tuple(Fraction(source.randint(-5, 5), source.choice((1, 2, 3))) for _ in points)
    each = gadget("triangulation", points, values, triangles)
    assert isinstance(each, OnTriangles) and each.theorem.claim == each.claim
    assert all(each.run(*point) == (value,) for point, value in zip(points, values, strict=True))
    for point in inner_points(points, triangles):
        assert each.run(*point) == (interpolated(points, values, triangles, point),)


@pytest.mark.parametrize("name", ["triangulation"])
def test_on_each_triangle_the_output_is_the_affine_form(name: str) -> None:
    points, triangles = grid(2, 1, Random(5))
    values = tuple(map(Fraction, (0, 3, 1, 2, -1, 4)))
    each = gadget(name, points, values, triangles)
    assert isinstance(each, OnTriangles) and len(each.pieces) == 4
    theorems = each.prove_pieces()
    assert [theorem.claim for theorem in theorems] == list(each.piece_claims) and len(theorems) == 4
    for (triangle, form), places in zip(each.pieces, triangles, strict=True):
        assert {*triangle} == {points[place] for place in places}
        for place in places:
            assert form[0] * points[place][0] + form[1] * points[place][1] + form[2] == values[place]


def test_a_circuit_that_does_not_interpolate_is_refused_with_the_point() -> None:
    right = gadget("triangulation", ((0, 0), (1, 0), (0, 1)), (0, 1, 2), ((0, 1, 2),))
    assert isinstance(right, OnTriangles)
    circuit = right.circuit
    changed = Circuit("changed", circuit.inputs, circuit.parts, (circuit.outputs[0] * 2,))
    wrong = OnTriangles("changed", "", changed, right.computes, "", (), pieces=right.pieces)
    with pytest.raises(InvalidCircuit, match=r"changed: at x = .*, y = .*: left side"):
        wrong.prove_pieces()


def test_one_triangle_and_a_plane_need_a_reconstructor_only() -> None:
    one = gadget("triangulation", ((0, 0), (2, 0), (0, 3)), (1, 2, HALF), ((1, 0, 2),))
    assert one.widths == (2,) and one.run(1, 1) == (1 + HALF - Fraction(1, 6),)
    points, triangles = grid(2, 2, Random(1))
    plane = gadget("triangulation", points, tuple(2 * x - y + 1 for x, y in points), triangles)
    assert plane.widths == (2,) and plane.run(7, -3) == (18,) and plane.theorem.claim == plane.claim


@settings(max_examples=10)
@given(st.lists(st.integers(-4, 4), min_size=9, max_size=9), st.integers(0, 15))
def test_random_values_on_random_diagonals(heights: list[int], seed: int) -> None:
    points, triangles = grid(2, 2, Random(seed))
    each = gadget("triangulation", points, tuple(heights), triangles)
    for point in inner_points(points, triangles)[::5]:
        assert each.run(*point) == (interpolated(points, heights, triangles, point),)


@pytest.mark.parametrize(("a", "b", "h"), [(0, 0, 1), (2, -1, HALF), (Fraction(1, 3), 0, 3)])
def test_the_courant_hat_is_1_at_its_node_and_linear_on_the_triangles_of_the_mesh(a: Any, b: Any, h: Any) -> None:
    each = gadget("courant_hat", a, b, h)
    assert each.theorem.claim == each.claim and each.widths == (3, 1)
    nodes = {(i, j): Fraction(i == j == 0) for i in range(-2, 3) for j in range(-2, 3)}
    for (i, j), value in nodes.items():
        assert each.run(a + i * h, b + j * h) == (value,)
    for i, j in product(range(-2, 2), repeat=2):
        for square in (((i, j), (i + 1, j), (i + 1, j + 1)), ((i, j), (i + 1, j + 1), (i, j + 1))):
            for point in inner_points(square, [(0, 1, 2)]):
                expected = interpolated(square, [nodes[corner] for corner in square], [(0, 1, 2)], point)
                assert each.run(a + point[0] * h, b + point[1] * h) == (expected,)


def test_the_hats_of_a_mesh_add_up_to_the_interpolation() -> None:
    points = [(i, j) for i in range(3) for j in range(3)]
    triangles = [
        triangle
        for i, j in product(range(2), repeat=2)
        for s in [3 * i + j]
        for triangle in ((s, s + 3, s + 4), (s, s + 4, s + 1))
    ]
    values = [3, -1, 2, 0, 5, 1, -2, 4, 1]
    each = gadget("triangulation", tuple(points), tuple(values), tuple(triangles))
    hats = [gadget("courant_hat", *point, 1) for point in points]
    for point in inner_points(points, triangles)[::3]:
        total = sum(value * hat.run(*point)[0] for value, hat in zip(values, hats, strict=True))
        assert each.run(*point) == (total,)


SQUARE = ((0, 0), (1, 0), (1, 1), (0, 1))
FOUR = (0, 0, 0, 0)
REFUSED: list[tuple[str, Any, Any, Any, str]] = [
    ("overlap", SQUARE, FOUR, ((0, 1, 2), (0, 1, 3)), "the triangles (0, 1, 2) and (0, 1, 3) overlap"),
    ("the same twice", SQUARE, FOUR, ((0, 1, 2), (2, 1, 0), (0, 2, 3)), "overlap"),
    ("no area", (*SQUARE, (2, 0)), (0,) * 5, ((0, 1, 4),), "the triangle (0, 1, 4) has no area"),
    ("a corner twice", SQUARE, FOUR, ((0, 1, 1),), "the triangle (0, 1, 1) has no area"),
    ("equal points", (*SQUARE, (1, 0)), (0,) * 5, ((0, 1, 2),), "points 1 and 4 are the same"),
    ("values", SQUARE, (0, 0, 0), ((0, 1, 2),), "4 points have 3 values; give one for each"),
    ("no such point", SQUARE, FOUR, ((0, 1, 4),), "must be three places of points, 0 to 3, not (0, 1, 4)"),
    ("a pair", SQUARE, FOUR, ((0, 1),), "must be three places of points, 0 to 3, not (0, 1)"),
    ("a lonely point", SQUARE, FOUR, ((0, 1, 2),), "point 3 is in no triangle"),
    ("a hanging point", ((0, 0), (2, 0), (0, 2), (1, 0), (0, -1)), (0,) * 5, ((0, 1, 2), (0, 3, 4)),
     "point 3 lies in the triangle (0, 1, 2), of which it is no corner"),
    ("not convex", ((0, 0), (2, 0), (0, 2), (HALF, HALF)), FOUR, ((0, 1, 3), (0, 3, 2)),
     "the triangles do not fill a convex region: the side from point 1 to point 3 has no triangle towards point 2"),
    ("two islands", (*SQUARE[:3], (5, 5), (6, 5), (5, 6)), (0,) * 6, ((0, 1, 2), (3, 4, 5)),
     "do not fill a convex region"),
    ("no triangles", SQUARE, FOUR, (), "the triangles must be a tuple of 1 or more, not ()"),
    ("three coordinates", ((0, 0, 0), *SQUARE[1:]), FOUR, ((0, 1, 2),), "a point must be a pair (x, y), not (0, 0, 0)"),
    ("text", ((0, "a"), *SQUARE[1:]), FOUR, ((0, 1, 2),),
     "the coordinates of a point must be a rational number, not 'a'"),
]  # fmt: skip


@pytest.mark.parametrize("row", REFUSED, ids=[row[0] for row in REFUSED])
def test_what_is_no_triangulation_is_refused(row: tuple[str, Any, Any, Any, str]) -> None:
    _, points, values, triangles, message = row
    with pytest.raises(InvalidCircuit, match=re.escape(message)):
        gadget("triangulation", points, values, triangles)


@pytest.mark.parametrize("spacing", [0, -1])
def test_a_mesh_without_a_spacing_is_refused(spacing: int) -> None:
    with pytest.raises(InvalidCircuit, match=f"the spacing must be positive, but it is {spacing}"):
        gadget("courant_hat", 0, 0, spacing)
