"""What a circuit owes: right targets are proved, wrong ones refused with a point, and citing proves the same claim."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from sympy import Abs, Expr, Max, Min, Symbol, symbols

from symcircuits.circuits.circuit import Block, Circuit, Neuron
from symcircuits.circuits.gadgets import gadget
from symcircuits.circuits.theorem import circuit_claim, prove_circuit, signs
from symcircuits.errors import InvalidCircuit, NotPiecewiseLinear
from symcircuits.expr.relu import relu
from symcircuits.kernel.check import Theorem, check
from symcircuits.kernel.term import Claim

x, y, z, z1, z2, m, n = symbols("x y z z1 z2 m n", real=True)
x1, x2, x3, x4, x5 = symbols("x1:6", real=True)
w, v = Symbol("w", positive=True), Symbol("v", negative=True)
MIN, FOUR = gadget("min"), gadget("min_of_four")
KNOWN = {MIN.circuit: (MIN.target, MIN.theorem)}

WRONG: list[tuple[str, Expr]] = [
    ("min", Max(x1, x2)),
    ("min", x1),
    ("min", x1 - relu(x2 - x1)),
    ("min_two_layers", Min(x1, x2, 0)),
    ("abs", x),
    ("identity", Abs(x)),
    ("identity", x + x1),
    ("add", x1 + x2 + 1),
    ("min_of_four", Min(x1, x2, x3)),
]


@pytest.mark.parametrize(("name", "target"), WRONG)
def test_a_wrong_target_is_refused_with_a_point_that_shows_it(name: str, target: Expr) -> None:
    circuit = gadget(name).circuit
    with pytest.raises(InvalidCircuit) as caught:
        prove_circuit(circuit, target)
    said = str(caught.value)
    assert said.startswith(f"{circuit.name} is not proved to compute {target}: at ")
    point = {key: Fraction(value) for key, value in re.findall(r"(\w+) = (-?[\d/]+)", said)}
    left, right = (Fraction(value) for value in re.findall(r"side (-?[\d/]+)", said))
    assert circuit.run(*(point[symbol.name] for symbol in circuit.inputs)) == (left,)
    symbols_of_target = {symbol: point[symbol.name] for symbol in target.free_symbols}
    assert target.subs(symbols_of_target) == right != left


def test_a_wrong_target_is_refused_with_a_point_also_when_blocks_are_cited() -> None:
    with pytest.raises(InvalidCircuit, match="at x1 = "):
        prove_circuit(FOUR.circuit, Max(x1, x2, x3, x4), KNOWN)


def test_citations_are_no_hindrance_to_a_target_that_needs_cases() -> None:
    circuit = Circuit("half", (x1, x2), (Block((m,), MIN.circuit, (x1, x2)), Neuron(z, m)), (z,))
    target = relu(x1) - relu(relu(x1) - relu(x2))
    assert isinstance(prove_circuit(circuit, target), Theorem)
    assert isinstance(prove_circuit(circuit, target, KNOWN), Theorem)


def chained() -> tuple[Circuit, Expr]:
    parts = (
        Block((m,), MIN.circuit, (x1 + 1, 2 * x2 - x3)),
        Neuron(z, x5 - x1),
        Block((n,), MIN.circuit, (m, x4)),
    )
    target = 2 * Min(x1 + 1, 2 * x2 - x3, x4) + relu(x5 - x1)
    return Circuit("chained", (x1, x2, x3, x4, x5), parts, (z + 2 * n,)), target


@pytest.mark.parametrize("case", [(FOUR.circuit, FOUR.target), chained()], ids=["four", "chained"])
def test_citing_and_proving_directly_give_the_same_claim(case: tuple[Circuit, Expr]) -> None:
    circuit, target = case
    cited, direct = prove_circuit(circuit, target, KNOWN), prove_circuit(circuit, target)
    assert cited.claim == direct.claim == circuit_claim(circuit, target)
    assert '["congruence"' in cited.certificate and '["congruence"' not in direct.certificate
    assert check(cited.certificate).claim == direct.claim


def test_a_theorem_about_another_circuit_is_not_used() -> None:
    other = gadget("max")
    theorem = prove_circuit(FOUR.circuit, FOUR.target, {other.circuit: (other.target, other.theorem)})
    assert '["congruence"' not in theorem.certificate


def test_a_false_word_about_a_block_is_not_believed() -> None:
    wrong = {MIN.circuit: (Max(x1, x2), gadget("max").theorem)}
    with pytest.raises(InvalidCircuit, match="is not proved to compute"):
        prove_circuit(FOUR.circuit, Max(x1, x2, x3, x4), wrong)


def test_the_claim_is_circuit_equals_target_under_the_signs_of_the_parameters() -> None:
    circuit = Circuit("scaled", (x, y), (Neuron(z1, w * x), Neuron(z2, v * x)), (z1 / w + z2 / v + y,))
    claim = circuit_claim(circuit, x + y)
    assert claim.goal.left == circuit.terms[0] and claim.where == signs(circuit)
    assert [str(Claim(row)) for row in claim.where] == ["for all real v: v < 0", "for all real w: w > 0"]
    assert prove_circuit(circuit, x + y).claim == claim
    with pytest.raises(InvalidCircuit, match="at "):
        prove_circuit(circuit, x - y)


def test_a_target_belongs_to_one_output() -> None:
    two = Circuit("two", (x,), (), (x, -x))
    for wrong in (circuit_claim, prove_circuit):
        with pytest.raises(InvalidCircuit, match="two has 2 outputs; a target belongs to one"):
            wrong(two, x)


def test_a_target_that_is_not_piecewise_linear_is_refused() -> None:
    with pytest.raises(NotPiecewiseLinear, match=r"x1\*\*2"):
        prove_circuit(MIN.circuit, x1**2)
