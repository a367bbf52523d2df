"""Networks of circuits and back, and what skips layers: carried by as few neurons as promised, with theorems."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Expr, Rational, Symbol, symbols

from symcircuits.circuits.circuit import Circuit, Neuron, circuit_of
from symcircuits.circuits.gadgets import gadget
from symcircuits.circuits.layered import carry
from symcircuits.circuits.network import network
from symcircuits.errors import InvalidCircuit
from symcircuits.testing.strategies import rationals

x, y, z1, z2, z3, z4 = symbols("x y z1 z2 z3 z4", real=True)
MIN, MAX, ABS = (gadget(name).circuit for name in ("min", "max", "abs"))
FEW = settings(max_examples=30)
WEIGHTS = st.sampled_from([Fraction(n) for n in (0, 0, 1, -1, 2)] + [Fraction(1, 2), Fraction(-7, 3)])


@st.composite
def skipping(draw: st.DrawFn) -> Circuit:
    """Circuits whose neurons read any wires before them."""
    wires: list[Symbol] = list(symbols("x1:3", real=True))
    parts: list[Neuron] = []
    for place in range(draw(st.integers(0, 5))):
        parts.append(Neuron(Symbol(f"z{place}", real=True), form(draw, wires)))
        wires.append(parts[-1].wire)
    outputs = tuple(form(draw, wires) for _ in range(draw(st.integers(1, 2))))
    return Circuit("skipping", tuple(wires[:2]), tuple(parts), outputs)


def form(draw: st.DrawFn, wires: list[Symbol]) -> Expr:
    weights = [draw(WEIGHTS) for _ in (*wires, None)]
    items = zip(weights, (*wires, 1), strict=True)
    return sum((Rational(c.numerator, c.denominator) * wire for c, wire in items), Rational(0))


@FEW
@given(st.data())
def test_network_circuit_and_perceptron_are_one_function(data: st.DataObject) -> None:
    circuit = data.draw(skipping())
    at = data.draw(st.lists(rationals(), min_size=2, max_size=2))
    expected = circuit.run(*at)
    carried = circuit.mlp()
    assert circuit.network.run(*at) == carried.network.run(*at) == expected
    assert carried.network.is_layered and carried.network.depth == circuit.depth == circuit.network.depth
    assert circuit.network.widths == circuit.widths
    back = circuit_of(circuit.network)
    assert back.run(*at) == expected and back.widths == circuit.widths
    assert circuit_of(carried.network).layers and circuit_of(carried.network).run(*at) == expected


@FEW
@given(skipping())
def test_carrying_has_a_theorem_for_each_output(circuit: Circuit) -> None:
    carried = circuit.mlp()
    assert [each.claim.goal.left for each in carried.theorems] == list(circuit.terms)
    assert [each.claim.goal.right for each in carried.theorems] == list(carried.network.terms)


CARRIED = [
    ("an input to layer 2", (Neuron(z1, x), Neuron(z2, z1 - x - y)), (z2,), (4, 1)),
    ("an input past one layer", (Neuron(z1, x - 1),), (z1 + x,), (3,)),
    ("an input past two layers", (Neuron(z1, x - 1), Neuron(z2, z1 - 1)), (z2 + x,), (3, 3)),
    ("a neuron past one layer", (Neuron(z1, x), Neuron(z2, z1 - 1)), (z1 + z2,), (1, 2)),
    ("a neuron past two layers", (Neuron(z1, x), Neuron(z2, z1 - 1), Neuron(z3, z2 - 1)), (z1 + z3,), (1, 2, 2)),
    ("shared by two readers", (Neuron(z1, x), Neuron(z2, z1 - y), Neuron(z3, z1 + y)), (z2 + z3 + y,), (3, 4)),
    ("a detector there already", (Neuron(z1, x), Neuron(z2, z1 - 1)), (z2 + x,), (2, 3)),
    ("nothing", (Neuron(z1, x), Neuron(z2, z1 - 1)), (z2,), (1, 1)),
]


@pytest.mark.parametrize(("parts", "outputs", "widths"), [row[1:] for row in CARRIED], ids=[row[0] for row in CARRIED])
def test_as_few_neurons_carry_as_promised(
    parts: tuple[Neuron, ...], outputs: tuple[Expr, ...], widths: tuple[int, ...]
) -> None:
    carried = Circuit("skip", (x, y), parts, outputs).mlp()
    assert carried.network.widths == widths and carried.theorem.claim.goal.right == carried.network.terms[0]


def test_a_block_that_reads_an_input_again() -> None:
    a, b, c = symbols("a b c", real=True)
    circuit = MIN(MAX(a, b), c)
    with pytest.raises(InvalidCircuit, match=r"a value skips a hidden layer.*as mlp\(\) does"):
        _ = circuit.layers
    carried = circuit.mlp()
    assert carried.network.widths == (5, 3) and carried.network.run(3, 5, 4) == (4,)
    assert repr(carried) == "<Carried min(max(a, b), c): 3-5-3-1>"


def test_a_layered_network_stays_itself() -> None:
    made = network("min", ("a", "b"), [([[1, -1], [1, 0], [-1, 0]], [0, 0, 0]), ([[-1, 1, -1]], [0])])
    assert carry(made).network is made and circuit_of(made).flat.network.layers == made.layers
    assert MIN.network.layers == made.layers and MIN.network.inputs == ("x1", "x2")


def test_parameters_have_no_network() -> None:
    with pytest.raises(InvalidCircuit, match=r"identity family has parameters \(w1, w2\)"):
        _ = gadget("identity_family").circuit.network
    with pytest.raises(InvalidCircuit, match="use `theorems`"):
        _ = (MIN @ ABS).mlp().theorem
