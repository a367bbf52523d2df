"""Circuits: what is refused, and that layers, expressions, terms and blocks all give the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import FrozenInstanceError
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import I, ImmutableMatrix, Rational, Symbol, oo, pi, sqrt, symbols

from symcircuits.circuits.circuit import Activation, Block, Circuit, Neuron, exact
from symcircuits.circuits.gadgets import gadget
from symcircuits.circuits.theorem import signs
from symcircuits.errors import InvalidCircuit, SymcircuitsError
from symcircuits.expr.relu import relu
from symcircuits.kernel.term import evaluate
from symcircuits.testing.strategies import rationals

x, y, z, z1, z2, z3, m, n = symbols("x y z z1 z2 z3 m n", real=True)
w, v = Symbol("w", positive=True), Symbol("v", negative=True)
MIN, TWO = gadget("min").circuit, Circuit("two", (x,), (), (x, -x))
WEIGHTS = st.sampled_from([Fraction(n) for n in (0, 1, -1, 2, -3)] + [Fraction(1, 2), Fraction(-7, 3)])
FEW = settings(max_examples=25)


def rational(value: Fraction) -> Rational:
    return Rational(value.numerator, value.denominator)


def exactly(*numbers: Any) -> tuple[Fraction, ...]:
    return tuple(map(Fraction, numbers))


def through_layers(circuit: Circuit, point: Sequence[Fraction]) -> list[Fraction]:
    """The outputs by plain loops over the weight matrices: no code of the package beyond `layers` takes part."""
    values = list(point)
    for depth, (weights, bias) in enumerate(circuit.layers):
        rows, columns = weights.shape
        assert columns == len(values) and bias.shape == (rows, 1)
        sums = []
        for i in range(rows):
            total = Fraction(int(bias[i].p), int(bias[i].q))
            for j in range(columns):
                total += Fraction(int(weights[i, j].p), int(weights[i, j].q)) * values[j]
            sums.append(total)
        values = sums if depth == circuit.depth else [max(value, Fraction(0)) for value in sums]
    return values


def by_sympy(circuit: Circuit, point: Sequence[Fraction]) -> list[Fraction]:
    """The outputs by SymPy's substitution into `exprs`."""
    place = dict(zip(circuit.inputs, map(rational, point), strict=True))
    found = [expression.subs(place, simultaneous=True) for expression in circuit.exprs]
    return [Fraction(int(value.p), int(value.q)) for value in found]


@st.composite
def layered(draw: st.DrawFn, inputs: int | None = None, outputs: int | None = None, depth: int = 3) -> Circuit:
    """Multilayer perceptrons: each neuron uses a wire of the layer before it, and no other layer."""
    size = inputs or draw(st.integers(1, 3))
    wires: list[Symbol] = list(symbols(f"x1:{size + 1}", real=True))
    before, parts = wires, []
    for level in range(draw(st.integers(0, depth))):
        layer = [Symbol(f"h{level}_{at}", real=True) for at in range(draw(st.integers(1, 3)))]
        parts += [Neuron(wire, draw(affine(before, True))) for wire in layer]
        before = layer
    count = outputs or draw(st.integers(1, 2))
    return Circuit("random", tuple(wires), tuple(parts), tuple(draw(affine(before)) for _ in range(count)))


@st.composite
def affine(draw: st.DrawFn, wires: Sequence[Symbol], used: bool = False) -> Any:
    weights = [draw(WEIGHTS) for _ in wires]
    if used and not any(weights):
        weights[-1] = Fraction(1)
    return sum((rational(c) * wire for c, wire in zip(weights, wires, strict=True)), rational(draw(WEIGHTS)))


@st.composite
def nested(draw: st.DrawFn) -> Circuit:
    """Two blocks and neurons, wired at will: values may skip layers, and blocks may be fed by blocks."""
    inputs = symbols("x1:3", real=True)
    first, second = draw(layered(2, 2, 2)), draw(layered(1, 1, 2))
    wires = (*inputs, z, m, n)
    parts = (
        Neuron(z, draw(affine(inputs))),
        Block((m, n), first, (draw(affine(wires[:3])), draw(affine(wires[:3])))),
        Block((z1,), second, (draw(affine(wires)),)),
        Neuron(z2, draw(affine((*wires, z1)))),
    )
    return Circuit("nested", inputs, parts, (draw(affine((*wires, z1, z2))), draw(affine((z2, z1)))))


def at(circuit: Circuit) -> st.SearchStrategy[list[Fraction]]:
    return st.lists(rationals(), min_size=len(circuit.inputs), max_size=len(circuit.inputs))


@FEW
@given(st.data())
def test_layers_run_expressions_and_terms_agree(data: st.DataObject) -> None:
    circuit = data.draw(layered())
    point = data.draw(at(circuit))
    expected = through_layers(circuit, point)
    assert list(circuit.run(*point)) == expected
    assert by_sympy(circuit, point) == expected
    named = {symbol.name: value for symbol, value in zip(circuit.inputs, point, strict=True)}
    assert [evaluate(term, named) for term in circuit.terms] == expected
    assert [len(bias) for _, bias in circuit.layers] == [*circuit.widths, len(circuit.outputs)]


@FEW
@given(st.data())
def test_flat_is_the_same_function_as_nested(data: st.DataObject) -> None:
    circuit = data.draw(nested())
    point = data.draw(at(circuit))
    assert all(isinstance(part, Neuron) for part in circuit.flat.parts) and circuit.flat.flat is circuit.flat
    assert circuit.run(*point) == circuit.flat.run(*point) == tuple(by_sympy(circuit, point))
    assert sum(circuit.widths) == len(circuit.neurons) == len(circuit.flat.parts)
    assert circuit.widths == circuit.flat.widths and len(circuit.widths) == circuit.depth


@FEW
@given(st.data())
def test_blocks_in_a_row_compose(data: st.DataObject) -> None:
    first, second = data.draw(layered(outputs=2)), data.draw(layered(inputs=2))
    out = symbols(f"o1:{len(second.outputs) + 1}", real=True)
    parts = (Block((m, n), first, first.inputs), Block(out, second, (m, n)))
    both = Circuit("both", first.inputs, parts, out)
    point = data.draw(at(first))
    assert both.run(*point) == second.run(*first.run(*point))
    assert both.depth <= first.depth + second.depth  # less where a linear value cancels
    assert sum(both.widths) == sum(first.widths) + sum(second.widths)


@FEW
@given(st.data())
def test_activations_are_relu_of_what_comes_before(data: st.DataObject) -> None:
    circuit = data.draw(nested())
    point = data.draw(at(circuit))
    hidden = circuit.activations(*point)
    assert tuple(map(len, hidden)) == circuit.widths
    known = dict(zip(circuit.inputs, map(rational, point), strict=True))
    arguments = {neuron.wire: neuron.argument for neuron in circuit.neurons}
    for wire, before, after in (each for layer in hidden for each in layer):
        assert after == max(before, 0) and arguments[wire].subs(known) == rational(before)
        known[wire] = rational(after)


REFUSED = [
    ("an unknown wire", (Neuron(z, y),), (z,), ["net, z", "y is not", "before it (x)"]),
    ("a wire of a later neuron", (Neuron(z1, z2), Neuron(z2, x)), (z1,), ["net, z1", "z2 is not", "before it (x)"]),
    ("its own wire", (Neuron(z, z + 1),), (z,), ["net, z", "z + 1 is not", "before it (x)"]),
    ("an unknown wire in an output", (Neuron(z, x),), (z + y,), ["net, output", "y + z is not", "(x, z)"]),
    ("a square", (Neuron(z, x**2),), (z,), ["net, z", "x**2 is not affine"]),
    ("a product of wires", (Neuron(z1, x), Neuron(z, x * z1)), (z,), ["net, z", "x*z1 is not affine"]),
    ("a quotient", (Neuron(z, 1 / x),), (z,), ["net, z", "1/x is not affine"]),
    ("relu in an argument", (Neuron(z, relu(x) + 1),), (z,), ["net, z", "relu(x) + 1 is not affine"]),
    ("relu in an output", (), (relu(x),), ["net, output", "relu(x) is not affine"]),
    ("a weight of unknown sign", (Neuron(z, y * x),), (z,), ["net, z", "x*y is not affine", "known weights"]),
    ("a float", (Neuron(z, 0.5 * x),), (z,), ["net, z", "0.5", "is not rational", "sympy.Rational"]),
    ("a float as bias", (Neuron(z, x + 0.25),), (z,), ["net, z", "0.25", "is not rational", "sympy.Rational"]),
    ("an irrational weight", (Neuron(z, sqrt(2) * x),), (z,), ["net, z", "sqrt(2)", "sympy.Rational"]),
    ("an irrational bias", (), (x + pi,), ["net, output", "pi", "sympy.Rational"]),
    ("an imaginary weight", (Neuron(z, I * x),), (z,), ["net, z", "I in I*x", "sympy.Rational"]),
    ("an infinite bias", (Neuron(z, oo),), (z,), ["net, z", "oo", "sympy.Rational"]),
    ("a wire twice", (Neuron(z, x), Neuron(z, -x)), (x,), ["net", "the wire z is there twice", "its own name"]),
    ("an input as wire", (Neuron(Symbol("x"), x),), (1,), ["net", "the wire x is there twice", "its own name"]),
    ("a block's wires twice", (Block((z, z), TWO, (x,)),), (x,), ["net", "z is there twice"]),
    ("too few arguments", (Block((z,), MIN, (x,)),), (z,), ["net", "min has 2 inputs", "1 are given"]),
    ("too many arguments", (Block((z,), MIN, (x, x, x)),), (z,), ["net", "min has 2 inputs", "3 are given"]),
    ("too many wires", (Block((z1, z2), MIN, (x, x)),), (z1,), ["net", "min has 1 outputs", "2 wires"]),
    ("no wire", (Block((), MIN, (x, x)),), (x,), ["net", "min has 1 outputs", "0 wires"]),
    ("a block fed from nowhere", (Block((z,), MIN, (x, y)),), (z,), ["net, z", "y is not", "before it (x)"]),
    ("a block fed nonlinearly", (Block((z1, z2), TWO, (x**2,)),), (z1,), ["net, z1/z2"]),
]


@pytest.mark.parametrize(("parts", "outputs", "said"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_does_not_fit_is_refused_by_name(parts: Any, outputs: Any, said: list[str]) -> None:
    with pytest.raises(InvalidCircuit) as caught:
        Circuit("net", (x,), parts, outputs)
    assert all(words in str(caught.value) for words in said), caught.value
    assert isinstance(caught.value, ValueError) and isinstance(caught.value, SymcircuitsError)


def test_a_wire_that_is_there_twice_and_used_is_called_so() -> None:
    with pytest.raises(InvalidCircuit, match="the wire z is there twice"):
        Circuit("net", (x,), (Neuron(z, x), Neuron(z, -x)), (z,))


def test_a_circuit_need_not_have_neurons_or_inputs() -> None:
    plain = Circuit("plain", (x, y), (), (2 * x - y / 3 + 1, 5))
    assert plain.run(1, Fraction(1, 2)) == exactly("17/6", 5)
    assert plain.depth == 0 and plain.widths == () and plain.activations(0, 0) == ()
    assert plain.layers == ((ImmutableMatrix([[2, Rational(-1, 3)], [0, 0]]), ImmutableMatrix([1, 5])),)
    assert Circuit("constant", (), (Neuron(z, Rational(-3)),), (z + 7,)).run() == exactly(7)


SKIPS = [
    ("from the input to layer 2", (Neuron(z1, x), Neuron(z2, z1 - x)), (z2,)),
    ("from the input to the output", (Neuron(z1, x),), (z1 + x,)),
    ("from layer 1 to the output", (Neuron(z1, x), Neuron(z2, z1 - 1)), (z1 + z2,)),
    ("past a block", (Block((m,), MIN, (x, -x)), Block((n,), MIN, (m, x))), (n,)),
]


@pytest.mark.parametrize(("parts", "outputs"), [row[1:] for row in SKIPS], ids=[row[0] for row in SKIPS])
def test_a_value_that_skips_a_layer_has_no_layers_but_runs(parts: Any, outputs: Any) -> None:
    circuit = Circuit("skipping", (x,), parts, outputs)
    with pytest.raises(InvalidCircuit, match=r"skipping: a value skips a hidden layer.*carry it through every layer"):
        _ = circuit.layers
    assert circuit.depth == len(circuit.widths) > 0
    for value in (Fraction(-7, 3), Fraction(0), Fraction(5)):
        assert list(circuit.run(value)) == by_sympy(circuit, [value])


def test_widths_and_depth_follow_the_longest_way_through_the_neurons() -> None:
    parts = (Neuron(z1, x), Neuron(z2, z1 - 1), Neuron(z3, x + 1), Neuron(z, z2 - z3))
    circuit = Circuit("levels", (x,), parts, (z,))
    assert [[neuron.wire for neuron in level] for level in circuit.levels] == [[z1, z3], [z2], [z]]
    assert circuit.widths == (2, 1, 1) and circuit.depth == 3


def test_the_neurons_of_a_block_are_called_after_its_wire() -> None:
    circuit = Circuit("two", (x, y), (Block((m,), MIN, (x, y)), Block((n,), MIN, (m, -y))), (n,))
    assert [neuron.wire.name for neuron in circuit.neurons] == ["m_z1", "m_z2", "m_z3", "n_z1", "n_z2", "n_z3"]
    assert circuit.neurons[3].argument == y - symbols("m_z1", real=True) + symbols("m_z2", real=True) - symbols(
        "m_z3", real=True
    )


def test_blocks_of_blocks_are_flattened_all_the_way() -> None:
    four, (a, b, c, d) = gadget("min_of_four").circuit, symbols("a b c d", real=True)
    circuit = Circuit("outer", (a, b, c, d), (Block((m,), four, (a + 1, b, c, d)), Neuron(z, m)), (m - z,))
    assert circuit.widths == (6, 3, 1) and len(circuit.neurons) == 10
    assert circuit.neurons[0].wire.name == "m_m12_z1" and circuit.neurons[0].argument == a - b + 1
    for point in (exactly(3, 5, 2, 7), exactly(3, -5, 2, 7), exactly("1/2", 1, 1, "3/4")):
        expected = min(0, point[0] + 1, *point[1:])
        assert circuit.run(*point) == circuit.flat.run(*point) == exactly(expected)


def test_parameters_are_the_other_symbols_and_keep_their_signs() -> None:
    inner = Circuit("inner", (x,), (Neuron(z, v * x),), (z / v,))
    outer = Circuit("outer", (y,), (Neuron(z1, w * y), Block((m,), inner, (z1,))), (m / w,))
    assert inner.parameters == (v,) and outer.parameters == (v, w)
    assert [(each.left.name, each.relation) for each in signs(outer)] == [("v", "<"), ("w", ">")]
    values = {"w": Fraction(2, 3), "v": -5}
    assert outer.run(6, parameters=values) == exactly(0)
    assert inner.run(-6, parameters={"v": -5}) == exactly(-6)
    assert outer.layers[0].weights == ImmutableMatrix([[w]]) and outer.widths == (1, 1)
    assert outer.activations(6, parameters=values) == (
        (Activation(z1, Fraction(4), Fraction(4)),),
        (Activation(Symbol("m_z", real=True), Fraction(-20), Fraction(0)),),
    )


def test_a_parameter_needs_a_value() -> None:
    circuit = Circuit("scaled", (x,), (Neuron(z, w * x),), (z,))
    with pytest.raises(InvalidCircuit, match="scaled needs a value of its parameter w"):
        circuit.run(1)
    with pytest.raises(InvalidCircuit, match="scaled needs a value of its parameter w"):
        circuit.activations(1, parameters={"v": 1})


def test_a_parameter_of_the_wrong_sign_is_refused() -> None:
    with pytest.raises(InvalidCircuit, match="w"):
        Circuit("scaled", (x,), (Neuron(z, w * x),), (z / w,)).run(1, parameters={"w": -1})


def test_the_number_of_inputs_must_fit() -> None:
    for wrong in ((), (1,), (1, 2, 3)):
        with pytest.raises(InvalidCircuit, match=f"min has 2 inputs; {len(wrong)} values are given"):
            MIN.run(*wrong)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "one", None, sqrt(2), oo, "1/0", 1j, x])
def test_inputs_are_exact_finite_numbers(value: Any) -> None:
    with pytest.raises(InvalidCircuit, match="not an exact finite number"):
        MIN.run(value, 0)


def test_numbers_of_every_exact_kind_are_taken_as_they_are() -> None:
    expected = Fraction(3, 4)
    assert [exact(value) for value in (Fraction(3, 4), "3/4", 0.75, Rational(3, 4), "0.75")] == [expected] * 5
    assert exact(0.1) == Fraction(3602879701896397, 36028797018963968)


def test_huge_rationals_stay_exact() -> None:
    huge, tiny = 10**5000 + 1, Fraction(1, 10**5000 + 7)
    assert MIN.run(huge, huge + tiny) == MIN.run(huge + tiny, huge) == exactly(huge)
    circuit = Circuit("huge", (x,), (Neuron(z, huge * x),), (z / huge,))
    assert circuit.run(tiny) == (tiny,) and through_layers(circuit, [tiny]) == [tiny]


def test_an_expression_belongs_to_one_output() -> None:
    assert MIN.expr == MIN.exprs[0] == relu(MIN.inputs[0]) - relu(-MIN.inputs[0]) - relu(MIN.inputs[0] - MIN.inputs[1])
    with pytest.raises(InvalidCircuit, match="two has 2 outputs: use `exprs`"):
        _ = TWO.expr


def test_circuits_are_values() -> None:
    def made(name: str = "c", weight: int = 1) -> Circuit:
        return Circuit(name, (x,), (Neuron(z, weight * x, "a role"),), (z,))

    assert made() == made() and hash(made()) == hash(made()) and len({made(), made()}) == 1
    assert made() != made("d") and made() != made(weight=2)
    assert made().run(1) == exactly(1) and hash(made()) == hash(made())
    for field in ("name", "inputs", "parts", "outputs"):
        with pytest.raises(FrozenInstanceError):
            setattr(made(), field, ())
    circuit = made()
    _ = circuit.layers, circuit.terms, circuit.exprs
    assert circuit == made() and hash(circuit) == hash(made())


def test_a_circuit_keeps_nothing_that_can_change() -> None:
    parts = [Neuron(z, x)]
    circuit = Circuit("listed", [x], parts, [z])  # type: ignore[arg-type]
    parts.append(Neuron(z1, x))
    assert circuit.depth == 1 and len(circuit.parts) == 1 and hash(circuit) == hash(circuit)


WORKED = [
    ("identity", (3,), 3),
    ("identity", (-5,), -5),
    ("negative_identity", (3,), -3),
    ("negative_identity", (-5,), 5),
    ("abs", (3,), 3),
    ("abs", (-5,), 5),
    ("add", (3, 5), 8),
    ("add", (3, -5), -2),
    ("subtract", (3, 5), -2),
    ("subtract", (3, -5), 8),
    ("min", (3, 5), 3),
    ("min", (3, -5), -5),
    ("min_two_layers", (3, 5), 3),
    ("min_two_layers", (3, -5), -5),
    ("min_of_four", (3, 5, 2, 7), 2),
]


@pytest.mark.parametrize(("name", "inputs", "output"), WORKED)
def test_worked_examples_of_the_slides(name: str, inputs: tuple[int, ...], output: int) -> None:
    circuit = gadget(name).circuit
    assert circuit.run(*inputs) == exactly(output) and through_layers(circuit, [Fraction(i) for i in inputs]) == [
        output
    ]


HIDDEN = [
    ("identity", (3,), [(3, 3), (-3, 0)]),
    ("identity", (-5,), [(-5, 0), (5, 5)]),
    ("add", (3, 5), [(8, 8), (-8, 0)]),
    ("add", (3, -5), [(-2, 0), (2, 2)]),
    ("subtract", (3, 5), [(-2, 0), (2, 2)]),
    ("subtract", (3, -5), [(8, 8), (-8, 0)]),
    ("min", (3, 5), [(-2, 0), (3, 3), (-3, 0)]),
    ("min", (3, -5), [(8, 8), (3, 3), (-3, 0)]),
]


@pytest.mark.parametrize(("name", "inputs", "hidden"), HIDDEN)
def test_hidden_values_drawn_on_the_slides(name: str, inputs: tuple[int, ...], hidden: list[tuple[int, int]]) -> None:
    (layer,) = gadget(name).circuit.activations(*inputs)
    assert [(before, after) for _, before, after in layer] == [exactly(*pair) for pair in hidden]
    assert [wire.name for wire, _, _ in layer] == ["z1", "z2", "z3"][: len(hidden)]
