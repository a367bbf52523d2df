"""Compacted networks: smaller, equal, and with a theorem; what rewriting added is gone again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from symcircuits.circuits.gadgets import gadget
from symcircuits.circuits.network import Network
from symcircuits.cli import commands
from symcircuits.errors import InvalidCircuit
from symcircuits.formats.read import read_network
from symcircuits.kernel.networks import check_networks
from symcircuits.testing import networks
from symcircuits.testing.rewrites import duplicated, relu_split, split, with_always_on_neurons, with_dead_neurons
from symcircuits.transform.compact import compact

TWICE = gadget("min_two_layers")


def test_the_minimum_in_two_layers_becomes_the_one_of_three_neurons() -> None:
    found = compact(TWICE.circuit.network)
    assert found.network.widths == (3,) and found.network.run(3, 5) == (3,)


def test_a_minimum_of_four_made_of_them_becomes_one_of_six_and_three() -> None:
    a, b, c, d = gadget("min_of_four").circuit.inputs
    circuit = TWICE(TWICE(a, b), TWICE(c, d)).circuit
    found = compact(circuit.network)
    assert sum(circuit.widths) > 9 and found.network.widths == (6, 3)


@pytest.mark.parametrize("rewrite", [duplicated, relu_split, split, with_always_on_neurons, with_dead_neurons])
@pytest.mark.parametrize("name", ["min", "hinge", "clip_0_1", "min_of_four"])
def test_what_rewriting_adds_goes_away(rewrite, name: str) -> None:
    network = gadget(name).circuit.network
    network = network if network.is_layered else gadget(name).circuit.mlp().network
    larger = rewrite(network, 3)
    found = compact(larger)
    assert sum(found.network.widths) <= sum(compact(network).network.widths)
    assert found.kinds.distinct + found.kinds.copies + found.kinds.always_on + found.kinds.always_off == sum(
        larger.widths
    )


@settings(max_examples=60)
@given(networks(inputs=(1, 3), outputs=(1, 2)), st.booleans(), st.data())
def test_a_compacted_network_is_equal_and_never_larger(network: Network, skips: bool, data: st.DataObject) -> None:
    found = compact(network, skips)
    theorem = check_networks(found.theorem.certificate)
    assert theorem.left == network.layers and theorem.right == found.network.layers
    assert sum(found.network.widths) <= sum(network.widths) and (skips or found.network.is_layered)
    point = [data.draw(st.fractions(-3, 3, max_denominator=3)) for _ in network.inputs]
    assert found.network.run(*point) == network.run(*point)


def test_only_networks_are_compacted() -> None:
    with pytest.raises(InvalidCircuit, match="a circuit c has one"):
        compact(TWICE.circuit)  # type: ignore[arg-type]


def run(*args: str) -> tuple[int, str]:
    result = CliRunner().invoke(commands, list(args))
    assert "Traceback" not in result.output
    return result.exit_code, result.output


def test_the_command_writes_network_and_certificate(tmp_path: Path) -> None:
    network, certificate = tmp_path / "small.json", tmp_path / "equal.json"
    code, text = run("simplify", "min_two_layers", "-o", str(network), "--save", str(certificate))
    assert code == 0 and "2-3-2-1 (5 neurons) is 2-3-1 (3 neurons)" in text
    assert read_network(network).widths == (3,)
    assert run("check", str(certificate))[0] == 0
    code, text = run("simplify", "min_two_layers", "-o", str(network))
    assert code == 2 and "--force" in text
    code, text = run("simplify", str(network), "--json")
    assert code == 0 and json.loads(text)["neurons"] == [3, 3]


def test_the_command_says_why_nothing_gets_smaller() -> None:
    code, text = run("simplify", "min_of_four")
    assert code == 0 and "--skips does without" in text
    assert "4-2-1-1 (3 neurons)" in run("simplify", "min_of_four", "--skips")[1]


def test_expressions_are_simplified_too() -> None:
    code, text = run("simplify", "b - relu(b - a)")
    assert code == 0 and text.splitlines()[0] == "min(a, b)" and "proved  for all real" in text
    assert json.loads(run("simplify", "b - relu(b - a)", "--json")[1])["after"] == "min(a, b)"
    assert run("simplify", "b - relu(b - a)", "-o", "net.onnx")[0] == 2
    assert run("simplify", "relu(")[0] == 2
