"""Adders: all bits, large numbers against Python's integers, and theorems by induction over the places."""

from __future__ import annotations

import json
import time
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcircuits.circuits.gadget import Gadget
from symcircuits.circuits.gadgets import families, gadget
from symcircuits.circuits.gadgets.adders import FULL_ADDER, HALF_ADDER, Adder
from symcircuits.errors import CertificateRejected, InvalidCircuit
from symcircuits.kernel.term import evaluate
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.result import Counterexample


def digits(number: int, n: int) -> tuple[int, ...]:
    """The lowest bit first."""
    return tuple(number >> place & 1 for place in range(n))


def says(each: Gadget, point: tuple[int, ...]) -> tuple[Fraction, ...]:
    """The targets at the point."""
    known = dict(zip([symbol.name for symbol in each.inputs], map(Fraction, point), strict=True))
    return tuple(evaluate(target, known) for target in each.targets)


@pytest.mark.parametrize("each", [HALF_ADDER, FULL_ADDER], ids=["half", "full"])
def test_the_adders_of_bits(each: Gadget) -> None:
    for bits in product((0, 1), repeat=len(each.inputs)):
        assert each.run(*bits) == digits(sum(bits), 2) == says(each, bits)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_adder_on_all_bits(n: int) -> None:
    each, value = gadget("adder", n), gadget("adder_value", n)
    for a, b, c in product(range(2**n), range(2**n), (0, 1)):
        point = (*digits(a, n), *digits(b, n), c)
        assert each.run(*point) == digits(a + b + c, n + 1) == says(each, point)
        assert value.run(*point) == (a + b + c,) == says(value, point)
    assert each.widths == (3,) * n == value.widths


@given(st.data(), st.integers(4, 24))
def test_large_numbers(data: st.DataObject, n: int) -> None:
    a, b = (data.draw(st.integers(0, 2**n - 1)) for _ in range(2))
    each = gadget("adder", n)
    assert each.run(*digits(a, n), *digits(b, n), 1) == digits(a + b + 1, n + 1)


def test_eight_bits_are_proved_on_demand() -> None:
    start = time.process_time()
    each, value = gadget("adder", 8), gadget("adder_value", 8)
    assert [theorem.claim for theorem in each.prove_all()] == list(each.claims)
    assert value.prove().claim == value.claim and str(value.target).count("128") == 2
    assert time.process_time() - start < 15


def test_the_carry_is_proved_by_induction() -> None:
    carry = gadget("adder", 6).prove_all()[-1]
    theorems = json.loads(carry.certificate)["theorems"]
    sizes = [len(theorem["proof"]) for theorem in theorems]
    assert len(theorems) == 2 + 6 + 6 and max(sizes) < 60  # bounds of bits, lemmas of places, carries
    assert '["table"]' in carry.certificate and sizes.count(1) == 2


@pytest.mark.parametrize("name", ["half_adder", "full_adder", "adder_2", "adder_value_2"])
def test_beyond_the_bits_there_is_a_counterexample(name: str) -> None:
    answers = [prove_claim(claim._replace(ranges=())) for claim in gadget(name).claims]
    assert any(isinstance(answer, Counterexample) for answer in answers)


def test_a_wrong_digit_is_refused() -> None:
    right = gadget("adder_2")
    swapped = (right.targets[1], right.targets[0], right.targets[2])
    wrong = Adder("wrong", right.title, right.source, swapped, right.note, (), where=right.where)
    with pytest.raises(CertificateRejected):
        wrong.prove_all()
    searched = Gadget("wrong", right.title, right.source, swapped, right.note, (), where=right.where)
    with pytest.raises(InvalidCircuit, match=r"wrong is not proved to compute .*: at a1 = .*: left side"):
        searched.prove_all()


@pytest.mark.parametrize("name", ["adder", "adder_value"])
@pytest.mark.parametrize("n", [0, -1, "2", 1.5], ids=str)
def test_bad_sizes_are_refused(name: str, n: Any) -> None:
    with pytest.raises(InvalidCircuit, match=f"the number of bits must be an integer, 1 or more, not {n!r}"):
        families()[name](n)
