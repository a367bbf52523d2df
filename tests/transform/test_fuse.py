"""Fusing: exactly the layers of reconstructor pairs go, the function stays, and the theorem says so."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Expr, Rational, Symbol, symbols

from symcircuits.circuits.circuit import Block, Circuit, Neuron
from symcircuits.circuits.gadgets import gadget, library
from symcircuits.circuits.theorem import signs
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.check import Theorem, check
from symcircuits.kernel.term import Claim, Comparison
from symcircuits.testing.strategies import rationals
from symcircuits.transform.fuse import fuse

x, y, z, z1, z2, z3, z4, m = symbols("x y z z1 z2 z3 z4 m", real=True)
w, v = Symbol("w", positive=True), Symbol("v", negative=True)
SCALES = st.sampled_from([Rational(1), Rational(2), Rational(1, 3), Rational(7, 2)])
WEIGHTS = st.sampled_from([Rational(1), Rational(-1), Rational(2), Rational(-3, 2)])


class Layered(NamedTuple):
    """A circuit of one output, and which of its hidden layers are layers of reconstructor pairs."""

    circuit: Circuit
    linear: list[bool]


@st.composite
def combination(draw: st.DrawFn, values: Sequence[Expr]) -> Expr:
    """Each value with a weight other than 0, and a bias; the first weight is positive, so that no two are a pair."""
    first, *others = values
    return sum((draw(WEIGHTS) * value for value in others), abs(draw(WEIGHTS)) * first + draw(WEIGHTS))


@st.composite
def with_pairs(draw: st.DrawFn) -> Layered:
    """Layers of neurons, and layers of pairs relu(a*t), relu(-a*c*t) that carry values t on to the next layer."""
    inputs = symbols(f"x1:{draw(st.integers(1, 2)) + 1}", real=True)
    values: list[Expr] = list(inputs)
    parts: list[Neuron] = []
    linear = draw(st.lists(st.booleans(), min_size=1, max_size=4))
    for depth, is_linear in enumerate(linear):
        carried = []
        for at in range(draw(st.integers(1, 2))):
            plus, minus = (Symbol(f"h{depth}_{at}{sign}", real=True) for sign in "pm")
            value, factor, ratio = draw(combination(values)), draw(SCALES), draw(SCALES)
            parts.append(Neuron(plus, (factor * value).expand()))
            if is_linear:
                parts.append(Neuron(minus, (-factor * ratio * value).expand()))
            carried.append(plus / factor - minus / (factor * ratio) if is_linear else plus)
        order = draw(st.permutations(range(len(parts)))) if depth == 0 else range(len(parts))
        parts, values = [parts[at] for at in order], carried
    return Layered(Circuit("random", inputs, tuple(parts), (draw(combination(values)).expand(),)), linear)


def is_receipt(theorem: Theorem, before: Circuit, after: Circuit) -> bool:
    claim = Claim(Comparison(before.terms[0], "==", after.terms[0]), signs(before))
    return theorem.claim == claim == check(theorem.certificate).claim


@settings(max_examples=40)
@given(st.data())
def test_exactly_the_layers_of_pairs_go(data: st.DataObject) -> None:
    before, linear = data.draw(with_pairs())
    assert before.depth == len(linear)
    after, theorem = fuse(before)
    assert after.widths == tuple(width for width, gone in zip(before.widths, linear, strict=True) if not gone)
    assert is_receipt(theorem, before, after)
    assert after.inputs == before.inputs and after.name == before.name
    for _ in range(3):
        point = [data.draw(rationals()) for _ in before.inputs]
        assert after.run(*point) == before.run(*point)
    assert fuse(after).circuit == after


def test_the_first_version_of_min_becomes_the_second() -> None:
    after, theorem = fuse(gadget("min_two_layers").circuit)
    assert after.widths == (3,) and after.layers == gadget("min").circuit.layers
    assert [neuron.role for neuron in after.neurons] == [neuron.role for neuron in gadget("min").circuit.neurons]
    assert is_receipt(theorem, gadget("min_two_layers").circuit, after)


WIDTHS = {
    "abs": (2,),
    "add": (),
    "identity": (),
    "identity_family": (),
    "max": (3,),
    "min": (3,),
    "min_of_four": (6, 3),
    "min_two_layers": (3,),
    "negative_identity": (),
    "negative_reconstructor": (1,),
    "negativeness_detector": (1,),
    "greaterness_detector": (1,),
    "positive_reconstructor": (1,),
    "positiveness_detector": (1,),
    "subtract": (),
}


@pytest.mark.parametrize("name", sorted(WIDTHS))
def test_the_seed_fused(name: str) -> None:
    before = gadget(name).circuit
    after, theorem = fuse(before)
    assert after.widths == WIDTHS[name] and is_receipt(theorem, before, after)


SMALL = [each.name for each in library().values() if len(each) == 1 and sum(each.circuit.widths) <= 10]


@pytest.mark.parametrize("name", SMALL)
def test_small_gadgets_fused_are_no_larger(name: str) -> None:
    before = gadget(name).circuit
    after, theorem = fuse(before)
    assert sum(after.widths) <= sum(before.widths) and is_receipt(theorem, before, after)


def test_blocks_are_fused_through() -> None:
    passed = Circuit("passed", (x,), (Block((m,), gadget("identity").circuit, (x + 1,)), Neuron(z, m)), (z,))
    assert passed.widths == (2, 1)
    after, theorem = fuse(passed)
    assert after.widths == (1,) and after.neurons[0].argument == x + 1 and is_receipt(theorem, passed, after)


ONLY_LIKE_PAIRS = [
    ("the two are added", (Neuron(z1, x), Neuron(z2, -x)), z1 + z2),
    ("the weights do not undo the scale", (Neuron(z1, x), Neuron(z2, -2 * x)), z1 - z2),
    ("another bias", (Neuron(z1, x + 1), Neuron(z2, -x)), z1 - z2),
    ("the same sign", (Neuron(z1, x), Neuron(z2, 2 * x)), z1 - z2 / 2),
    ("only one of the two is used", (Neuron(z1, x), Neuron(z2, -x)), z1),
    ("one more consumer of one of them", (Neuron(z1, x), Neuron(z2, -x), Neuron(z, z1)), z1 - z2 + z),
    ("a consumer that adds them", (Neuron(z1, x), Neuron(z2, -x), Neuron(z, z1 + z2 - 1)), z1 - z2 + z),
    ("a neuron without partner beside the pair", (Neuron(z1, x), Neuron(z2, -x), Neuron(z3, x + 1)), z1 - z2 + z3),
    ("three of a kind", (Neuron(z1, x), Neuron(z2, -x), Neuron(z3, x)), z1 / 2 + z3 / 2 - z2),
    ("a weight before the bracket", (Neuron(z1, x), Neuron(z2, -x)), w * (z1 + z2)),
    ("a constant beside the pair", (Neuron(z1, x), Neuron(z2, -x), Neuron(z3, Rational(1))), z1 - z2 + z3),
]


@pytest.mark.parametrize(
    ("parts", "output"), [row[1:] for row in ONLY_LIKE_PAIRS], ids=[row[0] for row in ONLY_LIKE_PAIRS]
)
def test_a_layer_that_only_looks_like_pairs_stays(parts: tuple[Neuron, ...], output: Expr) -> None:
    before = Circuit("similar", (x,), parts, (output,))
    after, theorem = fuse(before)
    assert after.widths == before.widths and after.neurons == before.neurons
    assert is_receipt(theorem, before, after)


def test_pairs_in_any_order_with_every_consumer_linear_go() -> None:
    parts = (Neuron(z1, -2 * x), Neuron(z2, 3 * y), Neuron(z3, x), Neuron(z4, -y), Neuron(z, z3 - z1 / 2 - z2 / 3 + z4))
    after, theorem = fuse(Circuit("crossed", (x, y), parts, (z + z2 / 3 - z4,)))
    assert after.parts == (Neuron(z, x - y),) and after.outputs == (y + z,)
    assert "== y + relu(x - y)" in str(theorem.claim) or "== relu(x - y) + y" in str(theorem.claim)


def test_pairs_scaled_by_parameters_go() -> None:
    parts = (Neuron(z1, w * x), Neuron(z2, -x), Neuron(z, z1 - w * z2 + 1))
    before = Circuit("scaled", (x,), parts, (z,))
    after, theorem = fuse(before)
    assert after.widths == (1,) and after.neurons[0].argument == w * x + 1 and is_receipt(theorem, before, after)
    assert after.run(3, parameters={"w": Fraction(1, 2)}) == before.run(3, parameters={"w": Fraction(1, 2)})


def test_more_than_one_output_is_refused() -> None:
    with pytest.raises(InvalidCircuit, match="two has 2 outputs; fuse proves circuits of one output"):
        fuse(Circuit("two", (x,), (Neuron(z1, x), Neuron(z2, -x)), (z1 - z2, z1)))
