"""Networks and expressions on arrays: fast in floats, exact on integers and Fractions."""

import re
from fractions import Fraction
from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Abs, Integer, Max, Min, Piecewise, Rational, Symbol, symbols

from symcircuits.circuits.circuit import Circuit, Neuron
from symcircuits.circuits.network import Network, network
from symcircuits.circuits.running import lambdify, to_numpy
from symcircuits.errors import InvalidCircuit
from symcircuits.expr.relu import relu
from symcircuits.kernel.networks import Layer
from symcircuits.kernel.term import ONE, Term, total, variable

x, y, z = symbols("x y z", real=True)
LAYERED = network(
    "layered", ["x", "y"], [([[1, "-1/3"], [2, "1/2"]], ["1/7", 0]), ([[1, -3], [0, "2/5"]], [1, "-1/2"])]
)
SKIPPING = Network(
    "skipping", ("x", "y"), (Layer((0, 1), ((1, -1),), (0,), (3,)), Layer((1, 2), ((1, 3), (2, -1)), (0, 1), (1, 2)))
)
BOTH = pytest.mark.parametrize("net", [LAYERED, SKIPPING], ids=["layered", "skipping"])
POINTS = [(Fraction(a, 4), Fraction(b, 3)) for a in range(-4, 5) for b in range(-4, 5)]


@BOTH
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_floats_agree_with_the_exact_run(net, dtype):
    points = np.array(POINTS, dtype=dtype)
    values = to_numpy(net)(points)
    expected = [[float(value) for value in net.run(*map(float, point))] for point in points]
    assert values.dtype == dtype and values.shape == (81, 2)
    np.testing.assert_allclose(values, expected, atol=8 * np.finfo(dtype).eps)


@BOTH
def test_fractions_and_integers_are_exact(net):
    run = to_numpy(net)
    assert run(np.array(POINTS, dtype=object)).tolist() == [list(net.run(*point)) for point in POINTS]
    assert run([[1, 2], [-3, 4]]).tolist() == [list(net.run(1, 2)), list(net.run(-3, 4))]
    assert all(type(value) is Fraction for value in run([1, 2]))


def test_any_shape_of_points():
    run = to_numpy(LAYERED)
    grid = np.array(POINTS, dtype=float).reshape(9, 9, 2)
    assert run(grid).shape == (9, 9, 2)
    assert (run(grid)[2, 3] == run(grid[2, 3])).all()
    assert run(np.zeros((0, 2))).shape == (0, 2) == run(np.zeros((0, 2), dtype=int)).shape


def test_a_layer_that_reads_nothing():
    constant = Network("constant", ("x",), (Layer((), ((),), (3,), (2,)),))
    assert to_numpy(constant)([[1.0], [2.0]]).tolist() == [[1.5], [1.5]]
    assert to_numpy(constant)([[1]]).tolist() == [[Fraction(3, 2)]]


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        (3.0, "needs points of 2 values"),
        ([[1.0]], "needs points of 2 values"),
        ([["a", "b"]], "are no real numbers"),
        (np.ones(2, dtype=complex), "complex128 are no real numbers"),
        ([[None, 1]], "None is not an exact finite number"),
    ],
    ids=["number", "one column", "text", "complex", "none"],
)
def test_bad_points_are_refused(points, reason):
    with pytest.raises(InvalidCircuit, match=reason):
        to_numpy(LAYERED)(points)


def test_a_weight_too_large_for_floats_is_run_exactly():
    huge = network("huge", ["x"], [([[10**400]], [0])])
    assert to_numpy(huge)([[2]]).tolist() == [[2 * 10**400]]
    with pytest.raises(InvalidCircuit, match="too large for float32"):
        to_numpy(huge)(np.ones((1, 1), dtype=np.float32))


EXPRESSIONS = {
    "max of three": Max(x, y, z),
    "min of three": Min(x, y / 3, z, 1),
    "relu": relu(x - relu(y - relu(z))),
    "abs": Abs(x - y) - Abs(z) / 3,
    "piecewise": Piecewise((x, x > 0), (2 * x, True)),
    "constant": Integer(3),
    "number and max": Max(x, Rational(1, 3)) + 2,
    "sum": x / 2 + y / 3 - z + 7,
}
HAS_TORCH = find_spec("torch") is not None
TORCH = pytest.param("torch", marks=pytest.mark.skipif(not HAS_TORCH, reason="PyTorch is not installed"))
BACKENDS = pytest.mark.parametrize("backend", ["numpy", TORCH, "exact"])


def arrays(backend, columns):
    """The columns as the backend takes them, one call at a time for exact numbers."""
    if backend == "torch":
        return [pytest.importorskip("torch").tensor([float(v) for v in column]).double() for column in columns]
    return [np.array([float(v) for v in column]) for column in columns]


@BACKENDS
@pytest.mark.parametrize("case", EXPRESSIONS)
def test_an_expression_on_every_backend(backend, case):
    expression = EXPRESSIONS[case]
    run = lambdify(expression, backend, inputs=[x, y, z])
    triples = [(Fraction(a, 2), Fraction(b, 4), Fraction(a * b, 8)) for a in range(-3, 4) for b in range(-3, 4)]
    expected = [
        Fraction(str(expression.subs(dict(zip((x, y, z), map(Rational, triple), strict=True))))) for triple in triples
    ]
    if backend == "exact":
        assert [run(*triple) for triple in triples] == expected
        return
    values = run(*arrays(backend, zip(*triples, strict=True)))
    assert tuple(values.shape) == (len(triples),)
    np.testing.assert_allclose(np.asarray(values), [float(v) for v in expected], atol=1e-14)


def test_arguments_are_broadcast_and_keep_their_precision():
    run = lambdify(Max(x, y) + Rational(1, 3))
    made = run(np.zeros((3, 1), dtype=np.float32), np.ones(4, dtype=np.float32))
    assert made.shape == (3, 4) and made.dtype == np.float32
    assert run(1, 2) == 2 + 1 / 3


def test_torch_gradients_and_precision():
    torch = pytest.importorskip("torch")
    run = lambdify(Max(x, y, 2 * z) / 2, "torch")
    points = torch.tensor([3.0], requires_grad=True)
    made = run(torch.tensor([[1.0], [5.0]]), points, 1)
    assert made.shape == (2, 1) and made.dtype == torch.float32
    made.sum().backward()
    assert points.grad.tolist() == [0.5]


def test_circuits_and_networks_give_tuples():
    circuit = Circuit("both", (x, y), (Neuron(z, x - y),), (y + z, x - z))
    assert lambdify(circuit, "exact")(3, 5) == (5, 3)
    assert lambdify(LAYERED, "exact")("1/2", 3) == LAYERED.run("1/2", 3)
    assert lambdify([x + y, x - y], "exact")(1, 2) == (3, -1)


def test_parameters_are_arguments():
    w = Symbol("w", positive=True)
    scaled = Circuit("scaled", (x,), (Neuron(z, w * x),), (z / w,))
    assert lambdify(scaled, "exact")(3, 7) == (3,)
    assert lambdify(scaled)(np.array([3.0, -1.0]), 7.0)[0].tolist() == [3, 0]


def test_the_order_of_arguments():
    assert lambdify(x - 2 * y, "exact")(1, 2) == -3
    assert lambdify(x - 2 * y, "exact", inputs=["y", "x"])(1, 2) == 0
    assert lambdify(x - x, "exact", inputs=[x])(1) == 0


def deep(levels):
    """relu(... relu(x - 1) - 1 ...) with each level used twice."""
    term = variable("x")
    for _ in range(levels):
        term = Term("relu", (total([(Fraction(1, 2), term), (Fraction(1, 2), term), (Fraction(1), ONE)]),))
    return term


@BACKENDS
def test_deep_and_shared_terms_take_one_step_a_part(backend):
    run = lambdify(deep(5000), backend)
    (argument,) = (0,) if backend == "exact" else arrays(backend, [[0.0]])
    assert run(argument) == 5000


@given(st.lists(st.tuples(st.integers(-8, 8), st.integers(-8, 8), st.integers(-8, 8)), min_size=1, max_size=5))
def test_maxima_of_affine_forms_in_floats_are_exact_on_small_integers(rows):
    expression = Max(*[a * x + b * y + c for a, b, c in rows])
    run, exactly = lambdify(expression, inputs=[x, y]), lambdify(expression, "exact", inputs=[x, y])
    for a, b in ((0, 0), (1, -2), (-3, 5)):
        assert run(float(a), float(b)) == exactly(a, b) == max(p * a + q * b + r for p, q, r in rows)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: lambdify(x, "jax"), "the backend 'jax' is not known; these are: numpy, torch, exact"),
        (lambda: lambdify(x + y, inputs=[x]), "the inputs x must name ['y']"),
        (lambda: lambdify(x, inputs=[x, x]), "each variable once"),
        (lambda: lambdify(x + y)(1.0), "2 arguments are needed (x, y); 1 are given"),
        (lambda: lambdify(Integer(10) ** 400 * x), "too large for a float; use the exact backend"),
        (lambda: lambdify(x, "exact")(float("nan")), "is not an exact finite number"),
    ],
    ids=["backend", "missing", "twice", "count", "large", "nan"],
)
def test_bad_calls_are_refused(make, reason):
    with pytest.raises(InvalidCircuit, match=re.escape(reason)):
        make()
