"""Decoders, multiplexers and comparators of binary numbers, on all bits."""

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


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_the_decoder_finds_the_number(n: int) -> None:
    each = gadget("decoder", n)
    for number, bits in enumerate(product((0, 1), repeat=n)):
        assert each.run(*bits) == tuple(int(place == number) for place in range(2**n))
    assert len(each.prove_all()) == 2**n and each.widths == (2**n,)


@given(st.data(), st.integers(1, 3), st.integers(1, 3))
def test_the_multiplexer_passes_the_chosen_number_on(data: st.DataObject, n: int, bound: int) -> None:
    each = gadget("multiplexer", n, bound)
    numbers = data.draw(st.lists(st.fractions(-bound, bound, max_denominator=9), min_size=2**n, max_size=2**n))
    names = [symbol.name for symbol in each.inputs]
    for at, bits in enumerate(product((0, 1), repeat=n)):
        point = dict(zip(names, map(Fraction, (*bits, *numbers)), strict=True))
        assert each.run(*bits, *numbers) == (numbers[at],) == (evaluate(each.targets[0], point),)


@pytest.mark.parametrize("size", [(1, 1), (1, 5), (2, 2), (3, 1)], ids=str)
def test_multiplexers_are_proved_for_all_numbers_within_the_bound(size: tuple[int, int]) -> None:
    each = gadget("multiplexer", *size)
    assert each.prove().claim == each.claim and each.widths == (2 ** size[0],)


def test_a_number_beyond_the_bound_is_a_counterexample() -> None:
    claim = gadget("multiplexer_1_1").claim
    answer = prove_claim(claim._replace(where=()))
    assert isinstance(answer, Counterexample) and any(abs(answer.point[name]) > 1 for name in ("x1", "x2"))


@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_comparators_compare_the_numbers(n: int) -> None:
    equal, less = gadget("equal_bits", n), gadget("less_bits", n)
    names = [symbol.name for symbol in equal.inputs]
    for bits in product((0, 1), repeat=2 * n):
        left, right = (sum(bit << place for place, bit in enumerate(half)) for half in (bits[:n], bits[n:]))
        point = dict(zip(names, map(Fraction, bits), strict=True))
        assert equal.run(*bits) == (left == right,) == (evaluate(equal.targets[0], point),)
        assert less.run(*bits) == (left < right,) == (evaluate(less.targets[0], point),)
    assert equal.prove().claim == equal.claim and less.prove().claim == less.claim
    assert (equal.widths, less.widths) == ((3,), (2,))


@pytest.mark.parametrize("name", ["decoder_2", "equal_bits_2", "less_bits_2"])
def test_between_the_bits_it_computes_something_else(name: str) -> None:
    answers = [prove_claim(claim._replace(ranges=())) for claim in gadget(name).claims]
    assert any(isinstance(answer, Counterexample) for answer in answers)


@pytest.mark.parametrize(
    ("name", "parameters", "reason"),
    [
        ("decoder", (0,), "the number of bits must be an integer, from 1 to 10, not 0"),
        ("decoder", (11,), "the number of bits must be an integer, from 1 to 10, not 11"),
        ("multiplexer", (1, 0), "the bound of the numbers must be an integer, 1 or more, not 0"),
        ("multiplexer", ("1", 1), "the number of bits must be an integer, from 1 to 10, not '1'"),
        ("equal_bits", (-1,), "the number of bits must be an integer, from 1 to 10, not -1"),
        ("less_bits", (None,), "the number of bits must be an integer, from 1 to 10, not None"),
    ],
)
def test_bad_parameters_are_refused_by_name(name: str, parameters: tuple[Any, ...], reason: str) -> None:
    with pytest.raises(InvalidCircuit, match=reason):
        families()[name](*parameters)
