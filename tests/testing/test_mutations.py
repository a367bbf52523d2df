"""Mutations change networks and terms, and the strategies kill them: in gadgets, and in what transformations return."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from spoiled import MUTATIONS, TRANSFORMATIONS, is_equivalent, shown, size

from symcircuits.circuits.gadgets import gadget
from symcircuits.circuits.network import Network, network
from symcircuits.errors import InvalidCircuit
from symcircuits.expr.parse import parse_expression
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.term import Claim, Comparison
from symcircuits.provers.prove import prove_claim
from symcircuits.testing import CrossCheckFailed, cross_check, mutants
from symcircuits.testing.mutations import NETWORK_MUTATIONS, TERM_MUTATIONS

NET = network("net", "xy", [([[1, 2], ["1/2", 0]], [0, 1]), ([[1, -1], [0, 3]], [0, 0]), ([[1, 1]], [2])])
GADGETS = ("min", "max_of_three", "clip_0_1", "abs", "xor", "median_3", "min_two_layers", "hat_0_1_2")


def test_each_mutation_of_a_network_by_its_weights() -> None:
    counts = {name: len(list(make(NET))) for name, make in NETWORK_MUTATIONS.items()}
    assert counts == {
        "sign flipped": 8,
        "weight dropped": 8,
        "bias off by one": 5,
        "relu left out": 4,
        "neighbour's input": 4,
        "layer order": 2,
    }
    first = {name: next(iter(make(NET))) for name, make in NETWORK_MUTATIONS.items()}
    assert first["sign flipped"].layers[0].weights[0] == (-1, 2)
    assert first["weight dropped"].layers[0].weights[0] == (0, 2)
    assert first["bias off by one"].layers[0].bias[0] == 1
    assert first["neighbour's input"].layers[0].weights[0] == (2, 1)
    assert first["layer order"].layers[0].weights == NET.layers[1].weights
    assert first["layer order"].layers[1].sources == NET.layers[1].sources
    unswitched = first["relu left out"]
    assert unswitched.widths == (3, 2)
    linear = network("linear", "xy", [([[1, 2], [-1, -2], ["1/2", 0]], [0, 0, 1]), ([[1, -1, -1], [0, 0, 3]], [0, 0])])
    assert unswitched.layers[:2] == linear.layers


def test_each_mutation_of_a_term() -> None:
    term = parse_expression("max(2*x - y, 3) + relu(x)")
    found = {name: [str(wrong) for wrong in make(term)] for name, make in TERM_MUTATIONS.items()}
    assert found["sign flipped"][0] == "max(-2*x - y, 3) + relu(x)" and len(found["sign flipped"]) == 4
    assert found["weight dropped"][-1] == "max(2*x - y, 3) + 0*relu(x)"
    assert found["bias off by one"] == ["(max(2*x - y, 3) + relu(x)) + 1", "max(2*x - y, 3) + relu(x + 1)"]
    assert found["relu left out"] == ["max(2*x - y, 3) + x"] and found["min for max"] == ["min(2*x - y, 3) + relu(x)"]
    assert "max(2*y - y, 3) + relu(x)" in found["neighbour's input"]


def test_what_has_no_mutants() -> None:
    with pytest.raises(InvalidCircuit, match="networks, circuits and terms have mutants, not str"):
        list(mutants("relu(x)"))
    with pytest.raises(InvalidCircuit, match="has parameters"):
        list(mutants(gadget("identity_family")))


@pytest.mark.parametrize("name", GADGETS)
def test_mutants_of_gadgets_are_killed_or_equivalent(name: str) -> None:
    each, source, killed = gadget(name), random.Random(1), 0
    found = list(mutants(each)) + [(kind, wrong) for kind, wrong in mutants(each.targets[0]) if kind == "min for max"]
    for _, mutant in source.sample(found, min(12, len(found))):
        left, right = (
            (mutant.terms[0], each.targets[0]) if isinstance(mutant, Network) else (each.circuit.terms[0], mutant)
        )
        claim = Claim(Comparison(left, "==", right), each.domain.where, each.domain.ranges)
        try:
            cross_check(claim, 200)
        except CrossCheckFailed as failed:
            killed += 1
            point = failed.counterexample.point
            assert not claim.goal.holds({**dict.fromkeys(map(str, each.inputs), Fraction(0)), **point})
        else:
            assert isinstance(prove_claim(claim, 20), Theorem)
    assert killed >= 6


@pytest.mark.parametrize("name", ["canonical", "circuit to network", "fuse", "compile", "text and back", "split"])
def test_spoiled_transformations_are_seen_with_few_neurons(name: str) -> None:
    assert shown(name, None) is None
    seen = 0
    for mutation in MUTATIONS:
        found = shown(name, mutation)
        if found is None:
            assert is_equivalent(name, mutation, 5) is not False
            continue
        seen += 1
        assert size(found.before) <= 3 and all(abs(value) <= 3 for value in found.point.values())
    assert seen >= 5 and name in TRANSFORMATIONS
