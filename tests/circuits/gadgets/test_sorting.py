"""Sorting networks against `sorted`, their comparators, and theorems of networks larger than those that are stored."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import symbols

from symcircuits.circuits.compose import compose
from symcircuits.circuits.gadget import Gadget
from symcircuits.circuits.gadgets import families, gadget
from symcircuits.circuits.gadgets.sorting import COMPARATOR, insertion, network, odd_even_merge, transposition
from symcircuits.errors import InvalidCircuit

KINDS = ("sort_insertion", "sort_transposition", "sort_batcher")
EACH = pytest.mark.parametrize("kind", KINDS)
PAIRS: dict[str, Callable[[int], Iterator[tuple[int, int]]]] = {
    "sort_insertion": insertion,
    "sort_transposition": transposition,
    "sort_batcher": odd_even_merge,
}
numbers = st.fractions(-9, 9, max_denominator=7)


@EACH
@given(st.lists(numbers, min_size=2, max_size=9))
def test_it_sorts(kind: str, row: list[Fraction]) -> None:
    assert list(gadget(kind, len(row)).run(*row)) == sorted(row)


@EACH
@pytest.mark.parametrize("n", range(2, 11))
def test_the_comparators_sort_all_bits(kind: str, n: int) -> None:
    pairs = list(PAIRS[kind](n))
    assert all(0 <= low < high < n for low, high in pairs)
    for bits in product((0, 1), repeat=n):
        wires = list(bits)
        for low, high in pairs:
            wires[low], wires[high] = min(wires[low], wires[high]), max(wires[low], wires[high])
        assert wires == sorted(bits)


def test_batcher_has_as_few_comparators_as_is_known() -> None:
    assert [len(list(odd_even_merge(n))) for n in (2, 3, 4, 5, 6, 8, 16)] == [1, 3, 5, 9, 12, 19, 63]
    assert (
        [len(list(insertion(n))) for n in (2, 3, 8)] == [len(list(transposition(n))) for n in (2, 3, 8)] == [1, 3, 28]
    )


@EACH
def test_eight_numbers_are_proved_on_demand(kind: str) -> None:
    start = time.process_time()
    each = gadget(kind, 8)
    theorems = each.prove_all()
    assert [theorem.claim for theorem in theorems] == list(each.claims)
    assert all('["zero_one"]' in theorem.certificate for theorem in theorems[1:-1])  # the ends are a min and a max
    assert time.process_time() - start < 5


@pytest.mark.parametrize("missing", range(5))
def test_a_network_without_one_comparator_is_refused_with_a_counterexample(missing: int) -> None:
    inputs = symbols("x1:5", real=True)
    pairs = [pair for place, pair in enumerate(odd_even_merge(4)) if place != missing]
    source: Any = compose("unsorted", inputs, network(inputs, iter(pairs)))
    wrong = Gadget("unsorted", "Unsorted", source, gadget("sort_batcher_4").targets, "Wrong.", ())
    with pytest.raises(InvalidCircuit, match=r"unsorted is not proved to compute .*: at x\d = .*: left side"):
        wrong.prove_all()


def test_a_comparator_of_which_one_output_is_wanted_is_a_smaller_circuit() -> None:
    inputs = symbols("x1:4", real=True)
    median = network(inputs, odd_even_merge(3), range(1, 2))[1]
    assert median.widths == (4, 3, 3) and sum(gadget("sort_batcher_3").widths) == 12
    assert COMPARATOR.widths == (4,) and median.run(3, 1, 2) == (2,)


@EACH
@pytest.mark.parametrize("n", [1, 0, -3, "4", 2.5, None], ids=str)
def test_bad_sizes_are_refused(kind: str, n: Any) -> None:
    with pytest.raises(InvalidCircuit, match=f"the number of inputs must be an integer, 2 or more, not {n!r}"):
        families()[kind](n)
