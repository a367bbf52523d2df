"""Composition: its laws on exact values, what is shared and kept, what is refused by name, and trees of blocks."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Rational, Symbol, symbols

from symcircuits.circuits.circuit import Block, Circuit, Neuron
from symcircuits.circuits.compose import Composable, compose, distinct
from symcircuits.circuits.gadgets import gadget
from symcircuits.errors import InvalidCircuit
from symcircuits.expr.relu import relu
from symcircuits.testing.strategies import rationals

a, b, c, d, x, y, z, z1, z2 = symbols("a b c d x y z z1 z2", real=True)
w = Symbol("w", positive=True)
MIN, MAX, ABS = (gadget(name).circuit for name in ("min", "max", "abs"))
SORT = Circuit("sort", (x, y), (Block((z1,), MIN, (x, y)), Block((z2,), MAX, (x, y))), (z1, z2))
SPLIT = Circuit("split", (x,), (Neuron(z1, x), Neuron(z2, -x)), (z1, z2))
NONE = Circuit("constant", (), (), (Rational(1, 3), 2))
POOL = [MIN, MAX, ABS, SORT, SPLIT, NONE, Circuit("swap", (x, y), (), (y, x)), Circuit("drop", (x, y), (), (x,))]
FEW = settings(max_examples=40)


def fits(draw: st.DrawFn, size: int) -> Circuit:
    return draw(st.sampled_from([circuit for circuit in POOL if len(circuit.inputs) == size]))


@st.composite
def compositions(draw: st.DrawFn, size: int | None = None) -> Circuit:
    """Circuits out of the pool, some of them composed in sequence, side by side or by name."""
    made = draw(st.sampled_from(POOL)) if size is None else fits(draw, size)
    for _ in range(draw(st.integers(0, 2))):
        how = draw(st.sampled_from(["then", "beside", "named"]))
        if how == "then" and len(made) <= 2:
            made = made >> fits(draw, len(made))
        elif how == "beside" and size is None and len(made) <= 2:
            made = made @ draw(st.sampled_from(POOL))
        elif how == "named" and any(isinstance(part, Block) for part in made.parts):
            made = compose("named", made.inputs, tuple(made))
    return made


def point(draw: st.DrawFn, size: int) -> list[Fraction]:
    return draw(st.lists(rationals(), min_size=size, max_size=size))


@FEW
@given(st.data())
def test_in_sequence_is_composition_of_functions(data: st.DataObject) -> None:
    first = data.draw(compositions().filter(lambda made: len(made) <= 2))
    second = data.draw(compositions(size=len(first)))
    at = data.draw(st.lists(rationals(), min_size=len(first.inputs), max_size=len(first.inputs)))
    both = first >> second
    assert both.inputs == first.inputs and len(both) == len(second)
    assert both.run(*at) == second.run(*first.run(*at)) == both.flatten().run(*at)


@FEW
@given(st.data())
def test_side_by_side_is_the_product_of_functions(data: st.DataObject) -> None:
    first, second = data.draw(compositions()), data.draw(compositions())
    both = first @ second
    size = len(first.inputs)
    at = data.draw(st.lists(rationals(), min_size=len(both.inputs), max_size=len(both.inputs)))
    assert both.inputs == (*first.inputs, *distinct(first.inputs, second.inputs))
    assert both.run(*at) == (*first.run(*at[:size]), *second.run(*at[size:]))


@FEW
@given(st.data())
def test_sequence_is_associative_and_interchanges_with_side_by_side(data: st.DataObject) -> None:
    f = data.draw(compositions().filter(lambda made: len(made) in (1, 2)))
    g = data.draw(compositions(size=len(f)).filter(lambda made: len(made) in (1, 2)))
    h = data.draw(compositions(size=len(g)))
    at = data.draw(st.lists(rationals(), min_size=len(f.inputs), max_size=len(f.inputs)))
    assert ((f >> g) >> h).run(*at) == (f >> (g >> h)).run(*at)
    twice = at + at[::-1]
    assert ((f @ f) >> (g @ g)).run(*twice) == ((f >> g) @ (f >> g)).run(*twice)


@FEW
@given(st.lists(rationals(), min_size=4, max_size=4))
def test_calls_and_arithmetic_mean_what_they_say(at: list[Fraction]) -> None:
    p, q, r, s = at
    made = 2 * MIN(a, b) - MAX(c - 1, Rational(1, 3) * d) / 3 + a - 1
    assert made.inputs == (a, b, c, d)
    assert made.run(p, q, r, s) == (2 * min(p, q) - max(r - 1, s / 3) / 3 + p - 1,)
    least, largest = SORT(MIN(a, b), -MAX(c, 0) + d)
    inner = min(p, q), s - max(r, 0)
    assert least.run(p, q, r, s) + largest.run(p, q, r, s) == (min(inner), max(inner))
    assert (1 - ABS(a)).run(p) == (-(ABS(a) - 1)).run(p) == (1 - abs(p),)


def test_the_minimum_of_four_by_calling() -> None:
    four = MIN(MIN(a, b), MIN(c, d))
    assert isinstance(four, Circuit) and four.inputs == (a, b, c, d) and four.name == "min(min(a, b), min(c, d))"
    assert four.widths == (6, 3) and four.depth == 2 and four.parameters == ()
    assert [part.circuit for part in four.parts if isinstance(part, Block)] == [MIN] * 3
    assert [wire.name for part in four.parts for wire in part.wires] == ["min1", "min2", "min3"]  # type: ignore[union-attr]
    assert four.tree.splitlines() == [
        "min(min(a, b), min(c, d)): 9 neurons",
        *(f"  min{place} = min: 3 neurons" for place in (1, 2, 3)),
    ]
    assert four == MIN(MIN(a, b), MIN(c, d)) and hash(four) == hash(MIN(MIN(a, b), MIN(c, d)))


INPUTS = [
    (lambda: MIN(b, a), (b, a)),
    (lambda: MIN(a, 1), (a,)),
    (lambda: MIN(MAX(d, c), MIN(b, c)), (d, c, b)),
    (lambda: d - MIN(b, c), (d, b, c)),
    (lambda: MIN(b, c) - d, (b, c, d)),
    (lambda: 1 + MIN(b, c) + a, (b, c, a)),
    (lambda: MIN(c, 2 * b) + w * a, (c, b, a)),
    (lambda: MIN >> ABS, MIN.inputs),
]


@pytest.mark.parametrize("case", INPUTS, ids=[str(place) for place in range(len(INPUTS))])
def test_inputs_come_in_the_order_in_which_they_are_written(case: Any) -> None:
    assert case[0]().inputs == case[1]


def test_a_symbol_of_known_sign_is_a_parameter() -> None:
    made = MIN(w * a, b) / w
    assert made.inputs == (a, b) and made.parameters == (w,)
    assert made.run(6, 4, parameters={"w": 2}) == (2,)


def test_a_circuit_used_twice_is_one_block_and_a_second_call_another() -> None:
    once = MIN(a, b)
    shared, apart = MAX(once, -once) + once, MAX(MIN(a, b), -MIN(a, b))
    assert sum(shared.widths) == 6 and len(shared.parts) == 2
    assert sum(apart.widths) == 9 and len(apart.parts) == 3
    plain = ABS + ABS
    assert len(plain.parts) == 1 and plain.run(-3) == (6,)
    assert len((SORT[0] + SORT[1]).parts) == 1


def test_what_is_named_is_a_block_with_its_own_tree() -> None:
    four = compose("min of four", (a, b, c, d), MIN(MIN(a, b), MIN(c, d)))
    eight = MIN(four(a, b, c, d), four(d, c, b, x))
    assert [part.circuit.name for part in eight.parts if isinstance(part, Block)] == ["min of four"] * 2 + ["min"]
    assert len(eight.tree.splitlines()) == 1 + 3 + 6 and eight.widths == (12, 6, 3)
    assert compose("unused", (a, b, c), ABS(b)).inputs == (a, b, c)
    with pytest.raises(InvalidCircuit, match="b is not affine"):
        compose("strange", (a,), MIN(a, b))
    with pytest.raises(InvalidCircuit, match="no output is made of a circuit"):
        compose("plain", (a,), a + 1)


def test_equal_input_names_are_made_distinct_and_no_others() -> None:
    assert [s.name for s in (ABS @ ABS @ ABS).inputs] == [s.name for s in (ABS @ (ABS @ ABS)).inputs] == [
        "x", "x_2", "x_3",
    ]  # fmt: skip
    assert (MIN @ ABS).inputs == (*MIN.inputs, x)


def test_long_chains_and_deep_nests_are_no_problem() -> None:
    wide: Composable = ABS
    for _ in range(150):
        wide = wide >> ABS
    assert len(wide.parts) == 151 and wide.run(-3) == (3,) and wide.depth == 151
    deep = compose("deep", (x,), ABS(x))
    for _ in range(1200):
        deep = compose("deep", (x,), deep(x))
    assert deep.run(-3) == (3,) and deep.widths == (2,) and len(deep.tree.splitlines()) == 1202


REFUSED = [
    ("too few arguments", lambda: MIN(a), ["min has 2 inputs; 1 are given"]),
    ("too many arguments", lambda: MIN(a, b, c), ["min has 2 inputs; 3 are given"]),
    ("a square", lambda: MIN(a**2, b), ["min, argument 1", "a**2 is not affine"]),
    ("relu", lambda: MIN(a, relu(b)), ["min, argument 2", "relu(b) is not affine"]),
    ("a float", lambda: MIN(a, 0.5 * b), ["min, argument 2", "0.5", "sympy.Rational"]),
    ("a text", lambda: MIN(a, "b"), ["min, argument 2", "'b' is not a SymPy expression"]),
    ("none", lambda: MIN(a, None), ["min, argument 2"]),
    ("several outputs", lambda: MIN(a, SORT), ["argument 2: sort has 2 outputs", "f[0]", "*f"]),
    ("a sum of several outputs", lambda: SORT + 1, ["sort has 2 outputs"]),
    ("a product", lambda: MIN(a, b) * MAX(a, b), ["min(a, b)", "max(a, b)", "not piecewise linear"]),
    ("a product with a wire", lambda: a * MIN(a, b), ["a*min(a, b)", "a, which is neither a number nor of known sign"]),
    ("a power", lambda: MIN(a, b) ** 2, ["min(a, b)**2 is not piecewise linear"]),
    ("a reciprocal", lambda: 1 / MIN(a, b), ["1/min(a, b) is not piecewise linear"]),
    ("a division by 0", lambda: MIN(a, b) / 0, ["divide by a number that is not 0"]),
    ("a float factor", lambda: 0.5 * MIN(a, b), ["0.5", "sympy.Rational"]),
    ("a sum with a square", lambda: MIN(a, b) + a**2, ["a**2 is not affine"]),
    ("a sum with a text", lambda: MIN(a, b) + "a", ["'a' is not a SymPy expression"]),
    ("sequence of other sizes", lambda: MIN >> MAX, ["min >> max", "min has 1 outputs, max has 2 inputs"]),
    ("sequence with a symbol", lambda: MIN >> a, ["min >> a", "no circuit"]),
    ("side by side with a number", lambda: MIN @ 1, ["min @ 1", "no circuit"]),
    ("an output that is not there", lambda: SORT[2], ["sort[2]", "the outputs 0 to 1"]),
    ("an output by name", lambda: SORT["z"], ["sort['z']", "the outputs 0 to 1"]),
    ("two symbols of one name", lambda: MIN(a, Symbol("a")), ["the wire a is there twice"]),
]


@pytest.mark.parametrize(("make", "said"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_does_not_compose_is_refused_by_name(make: Any, said: list[str]) -> None:
    with pytest.raises(InvalidCircuit) as caught:
        make()
    assert all(words in str(caught.value) for words in said), caught.value


WRONG_TYPES = [
    ("a symbol for inputs", lambda: Circuit("b", x, (), (x,)), "b, inputs must be a tuple"),
    ("a neuron for parts", lambda: Circuit("b", (x,), Neuron(z, x), (z,)), "is neither a Neuron nor a Block"),
    ("a number for parts", lambda: Circuit("b", (x,), 3, (z,)), "b, parts must be a tuple"),
    ("an expression for outputs", lambda: Circuit("b", (x,), (), x), "b, outputs must be a tuple"),
    ("a text for outputs", lambda: Circuit("b", (x,), (), "x"), "b, outputs must be a tuple"),
    ("a number for a name", lambda: Circuit(3, (x,), (), (x,)), "the name 3"),
    ("a tuple for a part", lambda: Circuit("b", (x,), ((z, x),), (z,)), "is neither a Neuron nor a Block"),
    ("a nested list", lambda: Circuit("b", (x,), ([Neuron(z, x)],), (z,)), "is neither a Neuron nor a Block"),
    ("a nested output", lambda: Circuit("b", (x,), (), ([x],)), "is not a SymPy expression"),
    ("nothing for a part", lambda: Circuit("b", (x,), (None,), (x,)), "the part None"),
    ("a text for a wire", lambda: Circuit("b", (x,), (Neuron("z", x),), (x,)), "'z' is not a symbol"),
    ("a wire for wires", lambda: Circuit("b", (x,), (Block(z, ABS, (x,)),), (x,)), "b, wires must be a tuple"),
    ("an argument", lambda: Circuit("b", (x,), (Block((z,), ABS, x),), (x,)), "b, arguments must be a tuple"),
    ("a name for a circuit", lambda: Circuit("b", (x,), (Block((z,), "abs", (x,)),), (x,)), "a block holds a circuit"),
    ("a gadget for a circuit", lambda: Circuit("b", (x,), (Block((z,), 3, (x,)),), (x,)), "a block holds a circuit"),
    ("no role", lambda: Circuit("b", (x,), (Neuron(z, x, None),), (x,)), "the role None is not a text"),
    ("a name of no wire", lambda: Circuit("b", (Symbol("x y"),), (), ()), "'x y' cannot name a wire"),
]


@pytest.mark.parametrize(("make", "said"), [row[1:] for row in WRONG_TYPES], ids=[row[0] for row in WRONG_TYPES])
def test_circuits_made_of_the_wrong_things_are_refused(make: Any, said: str) -> None:
    with pytest.raises(InvalidCircuit) as caught:
        make()
    assert said in str(caught.value)


def test_the_short_text_of_a_circuit() -> None:
    assert repr(MIN(a, b)) == "<Circuit min(a, b): inputs a, b; 1 block; 1 output>"
    assert repr(SPLIT) == "<Circuit split: inputs x; 2 neurons; 2 outputs>"
    wide = Circuit("wide", symbols("x1:20", real=True), (), (Symbol("x1", real=True),))
    assert repr(wide) == "<Circuit wide: inputs x1, x2, x3, x4, x5, x6, ..., x19; 1 output>"


def test_a_parameter_and_an_input_of_one_name_are_refused() -> None:
    real, positive, x = Symbol("a", real=True), Symbol("a", positive=True), Symbol("x", real=True)
    scaled, plain = Circuit("scaled", (x,), (), (positive * x,)), Circuit("plain", (real,), (), (real,))
    for made in (lambda: plain @ scaled, lambda: scaled(real), lambda: Circuit("c", (real,), (), (positive * real,))):
        with pytest.raises(
            InvalidCircuit, match=r"a is a parameter and a wire or an input|a in .* has other assumptions"
        ):
            made().run(2, 3, parameters={"a": 5})
