"""Families of gadgets with several inputs: affine forms, extremes, norms, convex functions, pooling, for many sizes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil, log2
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcircuits.circuits.gadget import Gadget
from symcircuits.circuits.gadgets import gadget
from symcircuits.errors import InvalidCircuit

HALF = Fraction(1, 2)
numbers = st.builds(Fraction, st.integers(-9, 9), st.integers(1, 3))
Values = Sequence[Fraction]


def is_proved(each: Gadget) -> bool:
    return [theorem.claim for theorem in each.theorems] == list(each.claims)


def halves(values: Values) -> tuple[Values, Values]:
    return values[: len(values) // 2], values[len(values) // 2 :]


def apart(values: Values) -> list[Fraction]:
    return [abs(a - b) for a, b in zip(*halves(values), strict=True)]


OF_N: dict[str, tuple[int, int, Callable[[Values], Any]]] = {
    "sum": (1, 1, sum),
    "mean": (1, 1, lambda v: sum(v) / Fraction(len(v))),
    "difference": (2, 1, lambda v: tuple(b - a for a, b in pairwise(v))),
    "min": (2, 1, min),
    "max": (2, 1, max),
    "min_chain": (2, 1, min),
    "max_chain": (2, 1, max),
    "range": (2, 1, lambda v: max(v) - min(v)),
    "l1_norm": (1, 1, lambda v: sum(map(abs, v))),
    "linf_norm": (1, 1, lambda v: max(map(abs, v))),
    "l1_distance": (1, 2, lambda v: sum(apart(v))),
    "linf_distance": (1, 2, lambda v: max(apart(v))),
    "relu6_block": (1, 1, lambda v: tuple(min(max(t, Fraction(0)), Fraction(6)) for t in v)),
}
SIZES = [(name, n) for name, (least, _, _) in OF_N.items() for n in (least, least + 1, 5, 8)]


@pytest.mark.parametrize(("name", "n"), SIZES)
def test_every_size_is_proved_and_is_the_function(name: str, n: int) -> None:
    _, each_has, value = OF_N[name]
    each = gadget(name, n)
    assert is_proved(each) and each.name == f"{name}_{n}"
    assert all(each.run(*example.inputs) == example.outputs for example in each.examples)
    for shift in range(6):
        row = [Fraction((7 * at * at + 5 * shift + at) % 13 - 6, 1 + shift % 3) for at in range(n * each_has)]
        expected = value(row)
        assert each.run(*row) == (expected if isinstance(expected, tuple) else (expected,))


@pytest.mark.parametrize(("name", "least"), [(name, row[0]) for name, row in OF_N.items()])
def test_sizes_that_are_none_are_refused(name: str, least: int) -> None:
    for wrong in (least - 1, -1, HALF, "3"):
        with pytest.raises(InvalidCircuit, match=f"must be an integer from {least} on, not {re.escape(repr(wrong))}"):
            gadget(name, wrong)


WIDTHS: list[tuple[str, tuple[int, ...]]] = [
    ("identity", (2,)),
    ("abs", (2,)),
    ("distance", (2,)),
    ("sign_split", (2,)),
    ("clip_0_1", (2,)),
    ("relu6", (2,)),
    ("min", (3,)),
    ("max_of_three", (4, 3)),
    ("min_of_three", (4, 3)),
    ("max_3", (3, 3)),
    ("max_chain_5", (3, 3, 3, 3)),
    ("max_8", (12, 6, 3)),
    ("range_2", (2,)),
    ("range_3", (3,)),
    ("l1_norm_1", (2,)),
    ("l1_norm_2", (4,)),
    ("l1_norm_7", (9,)),
    ("l1_distance_3", (5,)),
    ("larger_size", (4,)),
    ("linf_norm_4", (8, 3)),
    ("hat_0_1_3", (3,)),
    ("courant_hat_0_0_1", (3, 1)),
    ("max_pool_4_2_2", (6,)),
    ("maxout_2_2", (6,)),
]


@pytest.mark.parametrize(("name", "widths"), WIDTHS)
def test_the_sizes_are_those_known_to_be_best_or_the_composition_s(name: str, widths: tuple[int, ...]) -> None:
    each = gadget(name)
    assert each.widths == widths and is_proved(each)


def test_the_maximum_of_three_is_smaller_than_two_blocks_as_a_plain_perceptron() -> None:
    assert gadget("max_of_three").circuit.mlp().network.widths == (4, 3)
    assert gadget("max_3").circuit.mlp().network.widths == (5, 3)


@pytest.mark.parametrize("name", ["min", "max", "linf_norm"])
def test_a_tournament_of_64_costs_what_its_blocks_cost(name: str) -> None:
    small, large = gadget(name, 16), gadget(name, 64)
    assert is_proved(large) and large.depth == log2(64)
    proof = json.loads(large.theorem.certificate)["theorems"][-1]["proof"]
    assert {step[0] for step in proof} == {"congruence", "cite", "normal"}
    assert len(large.theorem.certificate) < 6 * len(small.theorem.certificate)


forms = st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=5).map(tuple)


@settings(max_examples=25)
@given(forms, forms, numbers, numbers)
def test_max_affine_functions_and_their_differences(plus: Any, minus: Any, a: Fraction, b: Fraction) -> None:
    def greatest(rows: Any) -> Fraction:
        return max(c * a + d * b + e for c, d, e in rows)

    convex, both = gadget("max_affine", plus), gadget("max_affine_difference", plus, minus)
    assert is_proved(convex) and is_proved(both)
    assert convex.run(a, b) == (greatest(plus),) and both.run(a, b) == (greatest(plus) - greatest(minus),)
    assert convex.depth <= max(1, ceil(log2(len(plus))))


@given(st.lists(numbers, min_size=1, max_size=4), numbers, st.data())
def test_affine_functions(coefficients: list[Fraction], constant: Fraction, data: st.DataObject) -> None:
    each = gadget("affine", tuple(coefficients), constant)
    point = data.draw(st.lists(numbers, min_size=len(coefficients), max_size=len(coefficients)))
    assert each.run(*point) == (sum((c * t for c, t in zip(coefficients, point, strict=True)), start=constant),)
    assert is_proved(each) and each.widths in ((2,), ())


sides = st.tuples(numbers, numbers).map(sorted).filter(lambda side: side[0] < side[1])


@settings(max_examples=15)
@given(st.lists(sides, min_size=1, max_size=4), st.data())
def test_clamp_gives_the_nearest_point_of_the_box(box: list[list[Fraction]], data: st.DataObject) -> None:
    each = gadget("clamp", tuple(map(tuple, box)))
    point = data.draw(st.lists(numbers, min_size=len(box), max_size=len(box)))
    assert each.run(*point) == tuple(min(max(t, low), high) for t, (low, high) in zip(point, box, strict=True))
    assert is_proved(each) and len(each.theorems) == len(box)


@pytest.mark.parametrize(("n", "window", "stride"), [(2, 2, 1), (7, 3, 2), (6, 2, 3), (5, 5, 1)])
def test_max_pool_slides_its_window(n: int, window: int, stride: int) -> None:
    each = gadget("max_pool", n, window, stride)
    row = [(5 * at + 3) % 11 - 4 for at in range(n)]
    assert each.run(*row) == tuple(max(row[start : start + window]) for start in range(0, n - window + 1, stride))
    assert is_proved(each)


IMAGES = [(2, 2, 2, 1), (3, 4, 2, 1), (4, 4, 2, 2), (3, 5, 3, 2)]


@pytest.mark.parametrize(("height", "width", "window", "stride"), IMAGES)
def test_max_pool_2d_slides_its_window(height: int, width: int, window: int, stride: int) -> None:
    each = gadget("max_pool_2d", height, width, window, stride)
    image = [[(7 * row * row + 5 * column) % 17 - 8 for column in range(width)] for row in range(height)]
    expected = tuple(
        max(image[top + i][left + j] for i in range(window) for j in range(window))
        for top in range(0, height - window + 1, stride)
        for left in range(0, width - window + 1, stride)
    )
    assert each.run(*(value for row in image for value in row)) == expected and is_proved(each)


def test_maxout_units_take_affine_forms() -> None:
    from sympy import symbols

    a, b = symbols("a b", real=True)
    unit = gadget("maxout", 3, 1)(a + b, 2 * a - b, 1 - a)
    assert unit.run(1, 5) == (6,) and unit.run(-4, 0) == (5,) and unit.run(3, -3) == (9,)
    assert unit.theorem.claim == unit.claim
    assert gadget("maxout", 4, 2).run(1, 5, 2, 3, -1, -2, -3, 0) == (5, 0)


REFUSED: list[tuple[str, tuple[Any, ...], str]] = [
    ("affine", ((),), "affine: the coefficients must be a tuple of 1 or more, not ()"),
    ("affine", ((1, "a"), 0), "affine: the coefficients must be a rational number, not 'a'"),
    ("affine", ((1,), None), "affine: the constant must be a rational number, not None"),
    ("max_affine", ((),), "max_affine: the forms must be a tuple of 1 or more"),
    ("max_affine", (((1, 2), (1, 2, 3)),), "must have the same inputs; there are forms of 1 and of 2 inputs"),
    ("max_affine", (((1,),),), "must be a tuple of 2 or more, not (1,)"),
    ("max_affine_difference", (((1, 0),), ((1, 2, 3),)), "the forms have 1 inputs, those to subtract 2"),
    ("maxout", (1, 2), "the number of pieces k must be an integer from 2 on, not 1"),
    ("maxout", (2, 0), "the number of units must be an integer from 1 on, not 0"),
    ("max_pool", (3, 4, 1), "max_pool: a window of 4 does not fit into 3"),
    ("max_pool", (3, 2, 0), "the stride must be an integer from 1 on, not 0"),
    ("max_pool_2d", (2, 3, 3, 1), "max_pool_2d: a window of 3 does not fit into 2"),
]


IDS = [f"{at}-{row[0]}" for at, row in enumerate(REFUSED)]


@pytest.mark.parametrize(("name", "parameters", "message"), REFUSED, ids=IDS)
def test_bad_parameters_are_refused_by_name(name: str, parameters: tuple[Any, ...], message: str) -> None:
    with pytest.raises(InvalidCircuit, match=re.escape(message)):
        gadget(name, *parameters)
