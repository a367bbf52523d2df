"""Bounds of rounding errors: never exceeded, and not far too large."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcircuits.circuits.floats import float_error, rounded, rounding_error
from symcircuits.circuits.network import Network, network
from symcircuits.circuits.running import to_numpy
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.networks import Layer


def random_network(seed, widths, numbers):
    """A network of random weights: "float" ones of float32, or "rational" ones that no float holds."""
    rng = np.random.default_rng(seed)
    layers = []
    for before, here in pairwise(widths):
        weights = rng.normal(size=(here, before)).astype(np.float32) / np.float32(np.sqrt(before))
        bias = rng.normal(size=here).astype(np.float32)
        if numbers == "rational":
            layers.append(
                ([[Fraction(float(w)) / 3 for w in row] for row in weights], [Fraction(float(b)) / 7 for b in bias])
            )
        else:
            layers.append((weights, bias))
    return network("random", [f"x{at}" for at in range(widths[0])], layers, [(-1, 1)] * widths[0])


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("numbers", ["float", "rational"])
@pytest.mark.parametrize("widths", [(1, 1), (3, 2), (2, 8, 1), (30, 20, 2), (4, 10, 10, 3)], ids=str)
def test_measured_errors_stay_below_the_bound(widths, numbers, precision):
    worst = Fraction(0)
    for seed in range(3):
        net = random_network(seed, widths, numbers)
        bounds = float_error(net, precision=precision)
        points = np.random.default_rng(seed).uniform(-1, 1, (40, widths[0])).astype(precision)
        points[0] = 1
        values = to_numpy(net)(points)
        for point, value in zip(points, values, strict=True):
            exactly = net.run(*map(float, point))
            for bound, a, b in zip(bounds, value, exactly, strict=True):
                error = abs(Fraction(float(a)) - b)
                assert error <= bound
                worst = max(worst, error / bound)
    assert worst > Fraction(1, 2000)


def test_any_order_of_summation_stays_below_the_bound():
    net = random_network(0, (50, 1), "float")
    (bound,) = float_error(net)
    weights = np.array([w / net.layers[0].denominators[0] for w in net.layers[0].weights[0]], dtype=np.float32)
    bias = np.float32(net.layers[0].bias[0] / net.layers[0].denominators[0])
    rng = np.random.default_rng(0)
    point = rng.uniform(-1, 1, 50).astype(np.float32)
    (exactly,) = net.run(*map(float, point))
    for _ in range(100):
        value = bias
        for at in rng.permutation(50):
            value = value + weights[at] * point[at]
        assert value.dtype == np.float32 and abs(Fraction(float(value)) - exactly) <= bound


def test_underflow_is_in_the_bound():
    tiny = network("tiny", ["x"], [([[Fraction(3, 2**150)]], [0])], [(0, 1)])
    (bound,) = float_error(tiny)
    value = to_numpy(tiny)(np.array([[0.5]], dtype=np.float32))[0, 0]
    assert 0 < abs(Fraction(float(value)) - Fraction(3, 2**151)) <= bound < Fraction(1, 2**120)


def test_overflow_is_refused():
    large = network("large", ["x"], [([[2**100]], [0]), ([[1]], [0])], [(0, 2**20)])
    assert float_error(large)[0] > 0
    with pytest.raises(InvalidCircuit, match="large, layer 1: a value may overflow on this box; make the box smaller"):
        float_error(large, [(0, 2**29)])


def test_skip_connections_are_bounded():
    skipping = Network("s", ("x",), (Layer((0,), ((1,),), (-1,), (3,)), Layer((0, 1), ((1, -1),), (1,), (7,))))
    (bound,) = float_error(skipping, [(-2, 2)])
    points = np.linspace(-2, 2, 101, dtype=np.float32)[:, None]
    errors = [
        abs(Fraction(float(v[0])) - skipping.run(float(p[0]))[0])
        for v, p in zip(to_numpy(skipping)(points), points, strict=True)
    ]
    assert bound / 100 < max(errors) <= bound


@given(st.lists(st.fractions(-4, 4), min_size=6, max_size=6), st.tuples(*[st.fractions(-3, 3)] * 2))
def test_rounding_weights_changes_no_more_than_the_bound(weights, point):
    net = network("net", ["x", "y"], [([weights[:2], weights[2:4]], [0, 1]), ([weights[4:]], [0])])
    near = rounded(net, "float32")
    assert abs(net.run(*point)[0] - near.run(*point)[0]) <= rounding_error(net, near, [(-3, 3)] * 2)[0]
    assert rounding_error(net, net, [(-3, 3)] * 2) == (0,)
    assert rounded(near, "float32") == near


def test_a_bound_grows_with_the_box_and_shrinks_with_the_precision():
    net = random_network(0, (3, 4, 2), "rational")
    small, large = float_error(net), float_error(net, [(-10, 10)] * 3)
    assert all(a < b for a, b in zip(small, large, strict=True))
    assert all(a * 2**28 < b for a, b in zip(float_error(net, precision="float64"), small, strict=True))


@pytest.mark.parametrize(
    ("box", "precision", "reason"),
    [
        (None, "float32", "has no box; give one"),
        ([(0, 1)] * 2, "float32", "has 1 inputs; the box has 2 bounds"),
        ([(1, 0)], "float32", "its low is greater than its high"),
        ([(0, float("inf"))], "float32", "not an exact finite number"),
        ([(0, 1)], "int8", "'int8' is not a known precision; these are: float32, float64"),
    ],
    ids=["none", "count", "turned", "infinite", "precision"],
)
def test_bad_boxes_are_refused(box, precision, reason):
    with pytest.raises(InvalidCircuit, match=reason):
        float_error(network("net", ["x"], [([[1]], [0])]), box, precision)


def test_networks_of_other_wires_are_not_compared():
    one, two = (network("net", ["x"], [([[1]] * n, [0] * n), ([[1] * n], [0])]) for n in (1, 2))
    with pytest.raises(InvalidCircuit, match="do not have the same wires"):
        rounding_error(one, two, [(0, 1)])
