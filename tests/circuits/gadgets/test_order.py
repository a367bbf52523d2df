"""Order statistics against Python's own, for random Fractions; larger medians; mutants."""

from __future__ import annotations

import statistics
import time
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcircuits.circuits.gadget import Gadget
from symcircuits.circuits.gadgets import families, gadget
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.term import evaluate

numbers = st.fractions(-9, 9, max_denominator=7)
rows = st.lists(numbers, min_size=2, max_size=8)


def both(each: Gadget, row: list[Fraction]) -> tuple[Fraction, Fraction]:
    """What the circuit gives and what the target says."""
    point = dict(zip([symbol.name for symbol in each.inputs], row, strict=True))
    return each.run(*row)[0], evaluate(each.targets[0], point)


@given(st.sampled_from((3, 5, 7, 9)).flatmap(lambda n: st.lists(numbers, min_size=n, max_size=n)))
def test_the_median(row: list[Fraction]) -> None:
    assert set(both(gadget("median", len(row)), row)) == {statistics.median(row)}


@given(rows, st.data())
def test_the_kth_smallest(row: list[Fraction], data: st.DataObject) -> None:
    k = data.draw(st.integers(1, len(row)))
    assert set(both(gadget("kth_smallest", len(row), k), row)) == {sorted(row)[k - 1]}


@given(rows, st.data())
def test_the_sum_of_the_largest(row: list[Fraction], data: st.DataObject) -> None:
    k = data.draw(st.integers(1, len(row)))
    assert set(both(gadget("top_sum", len(row), k), row)) == {sum(sorted(row)[-k:])}


@pytest.mark.parametrize(("n", "limit"), [(9, 1), (11, 2), (13, 3)])
def test_larger_medians_are_proved_at_once(n: int, limit: float) -> None:
    each = gadget("median", n)
    gadget("comparator").lemmas, gadget("min").lemmas, gadget("max").lemmas, each.claims
    start = time.process_time()
    theorem = each.prove()
    assert theorem.claim == each.claim and time.process_time() - start < limit
    assert '"split"' not in theorem.certificate


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6])
def test_every_order_statistic_is_proved(n: int) -> None:
    for k in range(1, n + 1):
        each = gadget("kth_smallest", n, k)
        assert each.prove().claim == each.claim
    assert gadget("kth_smallest", n, 1).target == gadget("min", n).target
    assert gadget("kth_smallest", n, n).target == gadget("max", n).target


@pytest.mark.parametrize(("n", "k"), [(2, 1), (2, 2), (3, 1), (3, 3), (4, 3), (4, 4), (5, 2)])
def test_sums_of_the_largest_are_proved(n: int, k: int) -> None:
    each = gadget("top_sum", n, k)
    assert each.prove().claim == each.claim


@pytest.mark.parametrize(
    ("name", "other"), [("median_5", ("kth_smallest", 5, 2)), ("top_sum_4_2", ("top_sum", 4, 3))], ids=str
)
def test_another_target_is_refused_with_a_counterexample(name: str, other: tuple[Any, ...]) -> None:
    each = gadget(name)
    wrong = Gadget("wrong", each.title, each.source, gadget(*other).targets[0], each.note, ())
    with pytest.raises(InvalidCircuit, match=r"wrong is not proved to compute .*: at x\d = .*: left side"):
        wrong.prove()


@pytest.mark.parametrize(
    ("name", "parameters", "reason"),
    [
        ("median", (4,), "the median is of an odd number of numbers, 3 or more, not of 4"),
        ("median", (1,), "the median is of an odd number of numbers, 3 or more, not of 1"),
        ("median", ("5",), "not of '5'"),
        ("kth_smallest", (4, 5), "the place of the number must be an integer, from 1 to 4, not 5"),
        ("kth_smallest", (1, 1), "the number of inputs must be an integer, 2 or more, not 1"),
        ("top_sum", (4, 0), "the number of summands must be an integer, from 1 to 4, not 0"),
        ("top_sum", (4,), r"the gadgets top_sum are made from \(n"),
    ],
)
def test_bad_parameters_are_refused_by_name(name: str, parameters: tuple[Any, ...], reason: str) -> None:
    with pytest.raises(InvalidCircuit, match=reason):
        families()[name](*parameters)
