"""Families of gadgets with one input: clips, activations, losses, hats, tables, sawtooths, for random parameters."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcircuits.circuits.gadgets import gadget
from symcircuits.circuits.gadgets._univariate import one_hidden_layer, through
from symcircuits.cpwl.univariate import Univariate
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.check import Theorem

HALF = Fraction(1, 2)
numbers = st.builds(Fraction, st.integers(-20, 20), st.integers(1, 4))


def increasing(count: int) -> st.SearchStrategy[list[Fraction]]:
    return st.lists(numbers, min_size=count, max_size=count, unique=True).map(sorted)


def tent(t: Fraction) -> Fraction:
    return min(2 * t, 2 - 2 * t)


def clipped(low: Fraction, high: Fraction, t: Fraction) -> Fraction:
    return min(max(t, low), high)


def rise(start: Fraction, end: Fraction, t: Fraction) -> Fraction:
    return clipped(Fraction(0), Fraction(1), (t - start) / (end - start))


Value = Callable[..., Fraction]
FUNCTIONS: dict[str, tuple[st.SearchStrategy[Any], int, Value]] = {
    "clip": (increasing(2), 2, lambda a, b, t: clipped(a, b, t)),
    "dead_zone": (increasing(2), 2, lambda a, b, t: t - clipped(a, b, t)),
    "leaky_relu": (st.tuples(numbers), 2, lambda alpha, t: t if t > 0 else alpha * t),
    "soft_shrink": (st.tuples(numbers.map(abs)), 2, lambda s, t: max(abs(t) - s, Fraction(0)) * (1 if t > 0 else -1)),
    "pinball": (st.tuples(st.fractions(0, 1)), 2, lambda q, t: q * t if t > 0 else (q - 1) * t),
    "epsilon_insensitive": (st.tuples(numbers.map(abs)), 2, lambda e, t: max(Fraction(0), abs(t) - e)),
    "hat": (increasing(3), 3, lambda a, b, c, t: min(rise(a, b, t), 1 - rise(b, c, t))),
    "trapezoid": (increasing(4), 4, lambda a, b, c, d, t: min(rise(a, b, t), 1 - rise(c, d, t))),
    "scale": (st.tuples(numbers), 2, lambda c, t: c * t),
}


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_member_is_proved_and_is_the_function(name: str) -> None:
    parameters, width, value = FUNCTIONS[name]

    @settings(max_examples=12)
    @given(parameters.map(tuple), st.lists(numbers, min_size=8, max_size=8))
    def check(chosen: tuple[Fraction, ...], points: list[Fraction]) -> None:
        each = gadget(name, *chosen)
        assert isinstance(each.theorem, Theorem) and each.theorem.claim == each.claim
        assert each.depth <= 1 and sum(each.widths) <= width
        assert all(each.run(t) == (value(*chosen, t),) for t in [*points, *chosen])
        assert all(each.run(*example.inputs) == example.outputs for example in each.examples)

    check()


@settings(max_examples=30)
@given(st.dictionaries(numbers, numbers, min_size=1, max_size=7), st.sampled_from(["constant", "linear"]))
def test_a_table_is_interpolated_exactly_everywhere(rows: dict[Fraction, Fraction], extension: str) -> None:
    table = tuple(sorted(rows.items()))
    if len(table) == 1:
        extension = "constant"
    each = gadget("interpolation", table, extension)
    assert each.theorem.claim == each.claim and sum(each.widths) <= len(table) + (extension == "linear")
    assert all(each.run(t) == (value,) for t, value in table)
    (first, low), (last, high) = table[0], table[-1]
    slopes = [(v - u) / (t - s) for (s, u), (t, v) in pairwise(table)] or [Fraction(0)]
    ends = (slopes[0], slopes[-1]) if extension == "linear" else (0, 0)
    assert each.run(first - 7) == (low - 7 * ends[0],) and each.run(last + 7) == (high + 7 * ends[1],)
    for (s, u), (t, v) in pairwise(table):
        assert each.run(s + (t - s) / 3) == (u + (v - u) / 3,)


def test_a_table_of_500_points_is_proved() -> None:
    table = tuple((Fraction(at, 3), Fraction(at * at % 101, 7)) for at in range(500))
    each = gadget("interpolation", table)
    assert each.theorem.claim == each.claim and each.widths == (500,)
    assert all(each.run(t) == (value,) for t, value in table[::37])
    assert len(each.name) < 60 and each is gadget("interpolation", table)


@settings(max_examples=60)
@given(st.dictionaries(numbers, numbers, min_size=1, max_size=6), numbers, numbers, st.lists(numbers, min_size=6))
def test_one_hidden_layer_computes_any_function_of_one_input(
    rows: dict[Fraction, Fraction], left: Fraction, right: Fraction, points: list[Fraction]
) -> None:
    f = through(sorted(rows.items()), left, right)
    circuit = one_hidden_layer("any", f)
    assert all(f.values([t])[0] == value for t, value in rows.items())
    assert all(circuit.run(t) == (f.values([t])[0],) for t in [*points, *rows])
    sums = {Fraction(0)}
    for _, jump in f.kinks:
        sums |= {known + jump for known in sums}
    least = len(f.kinks) + (0 if -f.slope in sums else 1)
    assert sum(circuit.widths) == (least if f.kinks or not f.slope else 2)


def test_a_kink_turned_round_saves_a_neuron() -> None:
    f = Univariate(Fraction(-3), Fraction(1), ((Fraction(0), Fraction(1)), (Fraction(1), Fraction(2)), (HALF, HALF)))
    circuit = one_hidden_layer("turned", f)
    assert circuit.widths == (3,) and circuit.run(-1) == (f.values([Fraction(-1)])[0],)


@pytest.mark.parametrize("n", [1, 2, 5])
def test_the_periodic_tent_is_the_distance_to_the_integers(n: int) -> None:
    each = gadget("periodic_tent", n)
    assert each.widths == (2 * n,) and each.theorem.claim == each.claim
    for at in range(12 * n + 1):
        t = Fraction(at, 12)
        assert each.run(t) == (2 * abs(t - round(t)),)
    assert each.run(-1) != (Fraction(2),) and each.run(n + 1) != (Fraction(2),)


@pytest.mark.parametrize("m", [1, 4, 10])
def test_the_sawtooth_is_the_tent_again_and_again(m: int) -> None:
    each = gadget("sawtooth", m)
    assert each.widths == (2,) * m and each.theorem.claim == each.claim
    for start in (Fraction(1, 3), Fraction(5, 7), Fraction(-1, 4), Fraction(11, 1024)):
        value = start
        for _ in range(m):
            value = tent(value)
        assert each.run(start) == (value,)
    assert len(each.theorem.certificate) < 2500 + 250 * m


REFUSED: list[tuple[str, tuple[Any, ...], str]] = [
    ("clip", (1, 0), "clip: the lower end 1 must be less than the upper end 0"),
    ("clip", (1, 1), "must be less than the upper end 1"),
    ("clip", (0, "one"), "clip: the upper end must be a rational number, not 'one'"),
    ("clip", (0, float("inf")), "must be a rational number, not inf"),
    ("clip", (-777, True), "must be a rational number, not True"),
    ("clip", (0,), "clip are made from"),
    ("clamp", ((),), "clamp: the box must be a tuple of 1 or more, not ()"),
    ("clamp", (((0, 1, 2),),), "each side of the box must be a pair"),
    ("clamp", (((0, 1), 3),), "each side of the box must be a tuple of 2 or more, not 3"),
    ("dead_zone", (2, -1), "dead_zone: the lower end 2 must be less"),
    ("leaky_relu", (float("nan"),), "leaky_relu: the slope alpha must be a rational number, not nan"),
    ("soft_shrink", (-1,), "the threshold must not be negative, but it is -1"),
    ("pinball", (Fraction(3, 2),), "the quantile must be from 0 to 1, but it is 3/2"),
    ("pinball", (-1,), "the quantile must be from 0 to 1, but it is -1"),
    ("epsilon_insensitive", (-HALF,), "epsilon must not be negative, but it is -1/2"),
    ("relu6_block", (0,), "the number of inputs must be an integer from 1 on, not 0"),
    ("relu6_block", (-3,), "must be an integer from 1 on, not -3"),
    ("hat", (0, 0, 1), "hat: left, peak and right must increase, but 0 occurs twice"),
    ("trapezoid", (0, 2, 1, 3), "must increase, but 2 comes before 1"),
    ("periodic_tent", (0,), "the number of periods must be an integer from 1 on, not 0"),
    ("sawtooth", (HALF,), "the depth must be an integer from 1 on, not Fraction(1, 2)"),
    ("interpolation", (((0, 1), (0, 2)),), "interpolation: the breakpoints must increase, but 0 occurs twice"),
    ("interpolation", (((1, 1), (0, 2)),), "interpolation: the breakpoints must increase, but 1 comes before 0"),
    ("interpolation", ((),), "interpolation: the table must be a tuple of 1 or more, not ()"),
    ("interpolation", (((0, 1, 2),),), "must be a pair (x, y), not one of 3 numbers"),
    ("interpolation", (((0, 1),), "linear"), "a linear extension needs a table of two rows or more"),
    ("interpolation", (((0, 1),), "cubic"), "the extension must be constant or linear, not 'cubic'"),
    ("interpolation", (((0, "x"),),), "must be a rational number, not 'x'"),
    ("scale", (None,), "scale: the factor must be a rational number, not None"),
]


IDS = [f"{at}-{row[0]}" for at, row in enumerate(REFUSED)]


@pytest.mark.parametrize(("name", "parameters", "message"), REFUSED, ids=IDS)
def test_bad_parameters_are_refused_by_name(name: str, parameters: tuple[Any, ...], message: str) -> None:
    with pytest.raises(InvalidCircuit, match=re.escape(message)):
        gadget(name, *parameters)


def test_floats_are_the_binary_rationals_they_are() -> None:
    each = gadget("clip", 0.1, np.float64(0.5))
    assert each.run(0) == (Fraction(0.1),) and each.theorem.claim == each.claim
