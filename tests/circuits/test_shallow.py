"""Few layers: ceil(log2(n + 1)) hidden layers compute every CPWL function of n inputs, and the theorem says so."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcircuits.circuits.compiler.compile import Compiled, compile
from symcircuits.circuits.compiler.expander import Expander
from symcircuits.circuits.compiler.shallow import least_depth
from symcircuits.circuits.gadgets import gadget
from symcircuits.expr.parse import parse_expression
from symcircuits.kernel.check import check
from symcircuits.kernel.term import ONE, Term, evaluate, total, variable
from symcircuits.testing.strategies import terms

NAMES = ("x", "y", "z")


def is_proved(compiled: Compiled, term: Term) -> bool:
    """Whether the kernel accepts that the term equals the network's output, again."""
    goal = check(compiled.theorem.certificate).claim.goal
    return goal.relation == "==" and goal.left == term and goal.right == compiled.network.terms[0]


@pytest.mark.parametrize(("inputs", "depth"), [(1, 1), (2, 2), (3, 2), (4, 3), (7, 3), (8, 4), (9, 4)])
def test_the_least_depth_is_that_of_a_maximum_of_one_form_more(inputs: int, depth: int) -> None:
    assert least_depth(["x"] * inputs) == depth


@settings(max_examples=25)
@given(st.data(), st.integers(1, 3))
def test_any_function_takes_so_few_layers_or_the_report_names_the_limit(data: st.DataObject, inputs: int) -> None:
    names = NAMES[:inputs]
    term = data.draw(terms(names, depth=2))
    compiled = compile(term, "depth", inputs=names, seconds=3)
    assert compiled.network.depth <= least_depth(names) or "limit" in compiled.report.note
    assert is_proved(compiled, term)


def maximum(count: int, inputs: int, seed: int = 2022) -> Term:
    """The maximum of so many random affine forms."""
    source = random.Random(seed)

    def form() -> Term:
        items = [(Fraction(source.randint(-5, 5)), variable(name)) for name in NAMES[:inputs]]
        return total([*items, (Fraction(source.randint(-9, 9)), ONE)])

    return Term("max", tuple(form() for _ in range(count)))


TEXTS = {
    "median of three": "max(min(x, y), min(max(x, y), z))",
    "one more nest than layers": "max(min(max(min(x, y), z), x + y - z), abs(y) - 1)",
    "difference of maxima": "max(x, y, x + y, 1) - 2*max(x - y, 2*x, -y, y/3)",
    "hat in the plane": "relu(1 - max(abs(x), abs(y)))",
    "of one input": "min(abs(abs(abs(x) - 4) - 2), relu(x) - 1/3)",
}
CASES = {name: parse_expression(text) for name, text in TEXTS.items()}
CASES |= {f"maximum of {count} in R^{n}": maximum(count, n) for count, n in ((5, 1), (7, 2), (9, 2), (6, 3))}


@pytest.mark.parametrize("name", CASES)
def test_the_least_depth_is_reached(name: str) -> None:
    compiled = compile(CASES[name], "depth")
    assert compiled.network.depth <= least_depth(compiled.network.inputs) and not compiled.report.note
    assert is_proved(compiled, CASES[name])


@pytest.mark.parametrize(("name", "depth"), [("median_3", 2), ("median_5", 3)])
def test_circuits_of_relus_are_read_as_maxima_first(name: str, depth: int) -> None:
    circuit = gadget(name).circuit
    assert circuit.depth > depth
    compiled = compile(circuit, "depth")
    assert compiled.network.depth == depth and "max and min" in str(compiled.report)
    assert is_proved(compiled, circuit.terms[0])


def test_several_functions_share_the_layers() -> None:
    compiled = compile((CASES["median of three"], "x + y", CASES["one more nest than layers"]), "depth")
    assert compiled.network.depth == 2 and len(compiled.theorems) == 3
    assert compiled.run(3, 1, 2)[:2] == (2, 4)


def test_a_function_that_takes_too_long_keeps_its_layers_and_says_why() -> None:
    nest = variable("x")
    for at in range(9):
        slant = total([(Fraction(at + 2), variable("y")), (Fraction(-1), nest), (Fraction(1, at + 1), variable("z"))])
        nest = Term("max", (Term("min", (nest, slant)), total([(Fraction(-1), slant), (Fraction(at), ONE)])))
    compiled = compile(nest, "depth", seconds=1)
    assert compiled.network.depth > 2 and "not reached: the limit of 1 seconds" in compiled.report.note
    assert is_proved(compiled, nest)


@settings(max_examples=30)
@given(st.integers(4, 7), st.integers(1, 3), st.integers(0, 99), st.data())
def test_a_maximum_is_a_sum_of_maxima_of_few_forms(count: int, inputs: int, seed: int, data: st.DataObject) -> None:
    term = maximum(count, inputs, seed)
    expander = Expander([term], NAMES[:inputs])
    goal = expander.series.theorem(expander.claim(expander.places[0])).claim.goal
    found = expander.sum(expander.places[0]).maxima
    assert goal.left == term and all(len(places) <= inputs + 1 for places in found)
    point = {name: Fraction(data.draw(st.integers(-9, 9)), 2) for name in NAMES[:inputs]}
    assert evaluate(goal.left, point) == evaluate(goal.right, point)
