"""Neurons that are off: one proof serves each that is never larger."""

from __future__ import annotations

import pytest

from symcircuits.circuits.network import Network, network
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.term import Claim, Comparison, constant
from symcircuits.transform.dead import prove_with_dead_neurons

ANYWHERE = Claim(Comparison(constant(0), "==", constant(0)))
FIRST = [[1, 0], [0, 1], [1, 1]], ["1/2", 0, 0]
SECOND = [[1, 1, -2], [-1, 2, "1/3"]], [-1, "1/5"]


def with_last(weights: list[object], bias: object) -> Network:
    """Inputs x, y; the last neuron is relu(weights times the second layer, plus bias)."""
    return network("n", ("x", "y"), [FIRST, SECOND, ([[1, 1], weights], [1, bias]), ([[1, 1]], [0])])


@pytest.mark.parametrize(
    ("one", "other", "chains"),
    [
        (with_last(["-1/2", -1], 0), with_last(["-1/2", "-1/3"], 0), 1),
        (with_last(["-1/2", -1], 0), with_last([-1, "-1/2"], 0), 0),
    ],
    ids=["one is never larger", "neither"],
)
def test_a_neuron_that_is_never_larger_needs_no_proof_of_its_own(one: Network, other: Network, chains: int) -> None:
    wire = 2 + 3 + 2 + 1
    theorems = prove_with_dead_neurons(ANYWHERE, one, other, [(one, wire), (other, wire)], None)
    assert theorems is not None
    (theorem,) = theorems
    assert isinstance(theorem, Theorem) and theorem.certificate.count('["chain",') == chains


def test_a_neuron_that_is_on_somewhere_is_none_of_these() -> None:
    one, other = with_last(["1/2", -1], 0), with_last([-1, "-1/2"], 0)
    assert prove_with_dead_neurons(ANYWHERE, one, other, [(one, 8), (other, 8)], None) is None
