"""`compile`: networks that are equal to what they were compiled from, with their theorems, depths and sizes."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Abs, Max, Min, Piecewise, Rational, Symbol, symbols

from symcircuits.circuits.compiler.compile import compile
from symcircuits.circuits.compiler.neurons import Neurons
from symcircuits.circuits.gadgets import gadget
from symcircuits.circuits.network import network
from symcircuits.errors import ClaimError, InvalidCircuit, NotPiecewiseLinear
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.term import Term, evaluate, variable
from symcircuits.testing.strategies import rationals, terms

x, y, z = symbols("x y z", real=True)
MEDIAN = "max(min(a, b), min(b, c), min(a, c))"


def maximum(count: int) -> Term:
    return Term("max", tuple(variable(f"x{number}") for number in range(count)))


@settings(max_examples=60)
@given(
    terms("xy"), st.sampled_from([None, "depth", "width"]), st.booleans(), st.lists(rationals(), min_size=2, max_size=2)
)
def test_the_network_is_the_expression(term, goal, skips, point):
    compiled = compile(term, goal, inputs="xy", skips=skips)
    assert compiled.network.run(*point) == (evaluate(term, dict(zip("xy", point, strict=True))),)
    goals = compiled.theorem.claim.goal
    assert (goals.left, goals.right) == (term, compiled.network.terms[0])
    assert compiled.network.is_layered or skips


@settings(max_examples=40)
@given(terms("xy"))
def test_the_goals_are_met_among_what_was_tried(term):
    shallow, narrow = compile(term, "depth"), compile(term, "width")
    assert all(shallow.network.depth <= one.network.depth for one in shallow.report.tried)
    assert all(sum(narrow.network.widths) <= one.neurons for one in narrow.report.tried)


@settings(max_examples=25)
@given(terms("x"))
def test_one_input_needs_one_hidden_layer(term):
    assert compile(term, "depth").network.depth <= 1


@settings(max_examples=25)
@given(terms("xy", depth=2))
def test_a_network_compiles_to_itself_as_a_function(term):
    made = compile(term, inputs="xy").network
    again = compile(made.to_expr(), inputs="xy")
    assert isinstance(again.theorem, Theorem)
    assert again.network.depth <= made.depth


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 8, 9, 16, 17])
@pytest.mark.parametrize("goal", [None, "depth", "width"])
def test_a_maximum_of_k_has_the_least_layers(count, goal):
    compiled = compile(maximum(count), goal)
    assert compiled.network.depth == (count - 1).bit_length()
    assert sum(compile(maximum(count), skips=True).network.widths) == count - 1


# widths by goal: as written, depth, width
SIZES = [
    ("max(x, y)", (3,), (3,), (3,)),
    ("min(a, b, c, d)", (6, 3), (6, 3), (6, 3)),
    ("max(0, min(1, x))", (1, 1), (2,), (2,)),
    ("relu(relu(x)) + 3*relu(-2*x) + relu(2*x)", (2,), (2,), (2,)),
    ("abs(abs(abs(x) - 2) - 1)", (2, 2, 2), (8,), (2, 2, 2)),
    ("max(min(1, x + y), 0) + max(min(1, x - y), 0)", (2, 2), (4,), (4,)),
    ("max(a, max(b, max(c, d)))", (6, 3), (6, 3), (6, 3)),
    ("max(0, x, x + 1, x - 3)", (1,), (1,), (1,)),
    ("3*x - y + 1", (), (), ()),
    ("max(x, y) - max(y, x)", (), (), ()),
    ("7/2", (), (), ()),
    (MEDIAN, (6, 5, 3), (6, 3), (6, 3)),
]


@pytest.mark.parametrize(("text", "written", "shallow", "narrow"), SIZES)
def test_sizes(text, written, shallow, narrow):
    found = [compile(text, goal).network.widths for goal in (None, "depth", "width")]
    assert [written, shallow, narrow] == found


def test_a_comparator_shares_its_neurons():
    compiled = compile((Max(x, y), Min(x, y)))
    assert (compiled.network.shape, compiled.run(5, 3)) == ("2-4-2", (5, 3))
    assert len(compiled.theorems) == 2
    with pytest.raises(InvalidCircuit, match="2 outputs: use `theorems`"):
        _ = compiled.theorem


def test_shared_maxima_do_not_grow():
    """t = max(t + x, t + y) over and over is a maximum of 2^20 forms, if it is opened."""
    term = variable("z")
    for _ in range(20):
        term = Term("max", tuple(_plus(term, name) for name in "xy"))
    compiled = compile(term)
    assert sum(compiled.network.widths) < 10
    assert compiled.run(1, 2, 3) == compile("20*max(x, y) + z", inputs="zxy").run(1, 2, 3)


def _plus(term: Term, name: str) -> Term:
    return Term("sum", (term, variable(name)), (Fraction(1), Fraction(1)))


def test_what_is_read():
    assert compile(x / 3 + 0.5).run("3/2") == (1,)
    assert compile(0.1 * x).run(1) == (Fraction(0.1),)
    assert compile(Max(y, x)).network.inputs == tuple(dict.fromkeys(str(one) for one in Max(y, x).args))
    assert compile(Max(x, y), inputs=(y, x, z)).network.inputs == ("y", "x", "z")
    assert compile("max(y, x)").network.inputs == ("y", "x")
    net = network("n", ("a", "b"), [([[1, 1]], [0]), ([[1]], [0])])
    assert compile(net).network.inputs == ("a", "b")
    assert compile(compile(Max(x, y)).circuit).run(2, 7) == (7,)


def test_variables_may_have_the_names_of_lemmas():
    compiled = compile("max(v1, v2, v_1, v) + max(v1 - v1 + v, v2)")
    assert compiled.run(1, 2, 3, 4) == (8,)


REFUSED = [
    (Symbol("w", positive=True) * x, {}, NotPiecewiseLinear, "parameter multiplies"),
    (x * y, {}, NotPiecewiseLinear, "x*y"),
    (Max(x, y), {"inputs": (x,)}, ClaimError, "y occurs and is not among the inputs"),
    (Max(x, y), {"inputs": (x, y, x)}, ClaimError, "named twice"),
    (Max(x, y), {"goal": "speed"}, InvalidCircuit, "'speed'"),
    (Piecewise((x, x > 1), (0, True)), {}, NotPiecewiseLinear, "not continuous at x = 1: 1 and 0"),
]


@pytest.mark.parametrize(("expression", "options", "error", "message"), REFUSED, ids=map(str, range(len(REFUSED))))
def test_refusals(expression, options, error, message):
    with pytest.raises(error) as caught:
        compile(expression, **options)
    assert message in str(caught.value)


def test_piecewise_has_a_theorem_for_each_branch():
    clamp = Piecewise((0, x < 0), (x / 2, x < 1), (Rational(1, 2), True))
    compiled = compile(clamp, goal="depth")
    assert compiled.network.widths == (2,)
    assert [str(theorem.claim.goal.right) for theorem in compiled.branches] == ["0", "x/2", "1/2"]
    assert all(theorem.claim.goal.left == compiled.network.terms[0] for theorem in compiled.branches)
    inner = compile(Max(clamp, y) + Abs(x))
    assert len(inner.branches) == 3
    assert inner.run(*(3 if name == "x" else 0 for name in inner.network.inputs)) == (Fraction(7, 2),)


def test_parallel_neurons_are_one():
    neurons = Neurons(2)
    first = neurons.relu({0: Fraction(1), -1: Fraction(-1)})
    assert neurons.relu({0: Fraction(1, 3), -1: Fraction(-1, 3)}) == {2: Fraction(1, 3)}
    assert neurons.relu(first) == first
    assert neurons.relu({2: Fraction(-1)}) == {}
    assert len(neurons.arguments) == 1


@pytest.mark.parametrize("name", ["median_7", "sort_batcher_5"])
def test_what_was_carried_together_is_not_needed_apart(name: str) -> None:
    each = gadget(name)
    compiled = compile(each.targets, inputs=each.inputs)
    point = [(7 * at) % 5 - 2 for at in range(len(each.inputs))]
    assert compiled.run(*point) == each.run(*point)
