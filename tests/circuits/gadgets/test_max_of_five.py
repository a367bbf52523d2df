"""The maximum of five numbers in two hidden layers: widths, weights, the identity in six maxima, and mutants."""

from __future__ import annotations

import time
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcircuits.circuits.circuit import Circuit
from symcircuits.circuits.gadget import Gadget
from symcircuits.circuits.gadgets import gadget
from symcircuits.circuits.gadgets.max_of_five import INPUTS
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.check import check
from symcircuits.provers.prove import prove

WIDTHS = {"max_of_five": (10, 11), "max_of_five_narrow": (10, 8)}
EACH = pytest.mark.parametrize("name", WIDTHS)
IDENTITY = (
    "max(m12 + m24, m23 + m25)/2 - max(m12 + m45, m13 + m25)/2 - max(m13 + m24, m23 + m45)/2"
    " + max(m12, x3)/2 + max(m24, x5)/2 + max(m13, m45)"
)
PAIRS = [(f"m{i}{j}", f"max(x{i}, x{j})") for i, j in ((1, 2), (2, 4), (2, 3), (2, 5), (4, 5), (1, 3))]


@EACH
def test_two_plain_hidden_layers_without_biases(name: str) -> None:
    circuit = gadget(name).circuit
    assert circuit.widths == WIDTHS[name] and circuit.network.is_layered
    assert all(bias.is_zero_matrix for _, bias in circuit.layers)
    assert circuit.layers[0] == gadget("max_of_five").circuit.layers[0]


@EACH
@given(st.lists(st.fractions(-9, 9, max_denominator=5), min_size=5, max_size=5))
def test_it_is_the_maximum(name: str, row: list[Fraction]) -> None:
    assert gadget(name).run(*row) == (max(row),)


@EACH
def test_every_order_of_the_numbers(name: str) -> None:
    each = gadget(name)
    assert all(each.run(*row) == (16,) for row in permutations((1, 2, 4, 8, 16)))


@EACH
def test_the_theorem_is_checked_in_a_moment(name: str) -> None:
    certificate = gadget(name).theorem.certificate
    start = time.process_time()
    assert check(certificate).claim == gadget(name).claim
    assert time.process_time() - start < 1 and len(certificate) < 8000


def test_the_identity_in_six_maxima() -> None:
    assert prove(f"{IDENTITY} == max(x1, x2, x3, x4, x5)", let=PAIRS)
    assert not prove(f"{IDENTITY.replace('max(m12, x3)', 'max(m12, x4)')} == max(x1, x2, x3, x4, x5)", let=PAIRS)


@EACH
@pytest.mark.parametrize("place", range(6))
def test_a_changed_weight_of_the_output_is_refused(name: str, place: int) -> None:
    each = gadget(name)
    (output,) = each.circuit.outputs
    wire = each.circuit.levels[1][place].wire
    circuit = Circuit("changed", INPUTS, each.circuit.parts, (output + wire / 8,))
    with pytest.raises(InvalidCircuit, match=r"changed is not proved to compute .*: at x\d = .*: left side"):
        Gadget("wrong", each.title, circuit, each.computes, each.note, ()).prove()
