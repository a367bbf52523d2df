"""Functions of integers: all values of their ranges, against Python's own, and a counterexample beyond."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcircuits.circuits.gadgets import families, gadget
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.term import evaluate
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.result import Counterexample


@st.composite
def places(draw: st.DrawFn) -> tuple[int, int, int]:
    low = draw(st.integers(-6, 6))
    high = draw(st.integers(low + 1, low + 9))
    return draw(st.integers(low + 1, high)), low, high


@given(places())
def test_step_and_indicator_at_every_integer_of_any_range(place: tuple[int, int, int]) -> None:
    k, low, high = place
    step, indicator = gadget("step", *place), gadget("indicator", *place)
    for value in range(low, high + 1):
        at = {"x": Fraction(value)}
        assert step.run(value) == (value >= k,) == (evaluate(step.targets[0], at),)
        assert indicator.run(value) == (value == k,) == (evaluate(indicator.targets[0], at),)
    assert step.prove().claim == step.claim and indicator.prove().claim == indicator.claim


@pytest.mark.parametrize("largest", [2, 3, 7, 20])
def test_half_rounded_down(largest: int) -> None:
    each = gadget("floor_half", largest)
    assert [each.run(value) for value in range(largest + 1)] == [(value // 2,) for value in range(largest + 1)]
    assert each.prove().claim == each.claim and sum(each.widths) == largest // 2 * 2


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_the_bits_of_every_number(n: int) -> None:
    each = gadget("bits", n)
    for value in range(2**n):
        digits = tuple(int(digit) for digit in f"{value:0{n}b}")
        assert each.run(value) == digits
        assert tuple(evaluate(target, {"x": Fraction(value)}) for target in each.targets) == digits
    assert [theorem.claim for theorem in each.prove_all()] == list(each.claims) and each.widths == (2,) * n


def test_the_bits_cite_the_steps() -> None:
    assert all('["cite",' in theorem.certificate for theorem in gadget("bits_3").theorems)


@pytest.mark.parametrize("bound", [1, 3])
def test_the_comparators_on_all_pairs(bound: int) -> None:
    smaller, same = gadget("smaller", bound), gadget("same")
    for x, y in product(range(-bound, bound + 1), repeat=2):
        assert smaller.run(x, y) == (x < y,) == (evaluate(smaller.targets[0], {"x": Fraction(x), "y": Fraction(y)}),)
        assert same.run(x, y) == (x == y,)


@pytest.mark.parametrize("name", ["step_2_0_7", "indicator_3_0_7", "floor_half_7", "bits_2", "smaller_4"])
def test_beyond_the_range_there_is_a_counterexample(name: str) -> None:
    each = gadget(name)
    further = tuple(entry._replace(values=(*entry.values, entry.values[-1] + 1)) for entry in each.domain.ranges)
    answers = [prove_claim(claim._replace(ranges=further)) for claim in each.claims]
    assert any(isinstance(answer, Counterexample) and answer.point not in (None, {}) for answer in answers)
    for answer in answers:
        if isinstance(answer, Counterexample):
            assert any(answer.point[key] not in values for key, values in each.domain.ranges)


@pytest.mark.parametrize(
    ("name", "parameters", "reason"),
    [
        ("step", (0, 0, 7), "the threshold must be an integer from 1 to 7, not 0"),
        ("step", (8, 0, 7), "the threshold must be an integer from 1 to 7, not 8"),
        ("step", (1, 3, 3), "the largest integer of the range must be an integer, 4 or more, not 3"),
        ("step", (1, 0, 2**21), "has a domain of more than 1048576 points"),
        ("step", ("1", 0, 7), "the threshold must be an integer from 1 to 7, not '1'"),
        ("indicator", (9, 0, 7), "the integer that is indicated must be an integer, from 0 to 7, not 9"),
        ("indicator", (1, 0.5, 7), r"the smallest integer of the range must be an integer, -1048576 or more, not 0\.5"),
        ("floor_half", (1,), "the largest integer must be an integer, 2 or more, not 1"),
        ("bits", (0,), "the number of bits must be an integer, from 1 to 20, not 0"),
        ("smaller", (0,), "the bound must be an integer, 1 or more, not 0"),
        ("smaller", (600,), "has a domain of more than 1048576 points"),
    ],
)
def test_bad_parameters_are_refused_by_name(name: str, parameters: tuple[Any, ...], reason: str) -> None:
    with pytest.raises(InvalidCircuit, match=reason):
        families()[name](*parameters)
