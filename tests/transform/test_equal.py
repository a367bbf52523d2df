"""`equal`: theorems on R^n from the kernel, differences that are exact, and the prover for the rest."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from sympy import Abs, Max, Symbol, symbols

from symcircuits.circuits.circuit import Circuit, Neuron
from symcircuits.circuits.gadgets import gadget
from symcircuits.circuits.network import Network, network
from symcircuits.errors import ClaimError, InvalidCircuit
from symcircuits.expr.parse import parse_where
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.networks import Layer, NetworkTheorem
from symcircuits.testing.rewrites import REWRITES, permuted, rescaled
from symcircuits.transform import equal as module
from symcircuits.transform.equal import Difference, Equal, Undecided, equal
from symcircuits.transform.region import region

RAMP = network("ramp", ("x",), [([[1]], [0]), ([[1]], [0])])
ABS = network("abs", ("t",), [([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
TWO = network("two", "ab", [([[1, -1], [1, 0], [-1, 0]], [0, 0, 0]), ([[-1, 1, -1]], [0])])


def floats(seed: int, *sizes: int) -> Network:
    """A network with random float32 weights."""
    source = np.random.default_rng(seed)
    layers = [
        (source.standard_normal((n, m)).astype(np.float32), source.standard_normal(n).astype(np.float32))
        for m, n in itertools.pairwise(sizes)
    ]
    return network("floats", [f"x{at}" for at in range(sizes[0])], layers)


def moved(given: Network, place: int, row: int, column: int) -> Network:
    """The network with one numerator one larger."""
    layer = given.layers[place]
    rows = [list(weights) for weights in layer.weights]
    rows[row][column] += 1
    layers = list(given.layers)
    layers[place] = layer._replace(weights=tuple(map(tuple, rows)))
    return replace(given, layers=tuple(layers))


@pytest.mark.parametrize("rewrite", REWRITES, ids=lambda rewrite: rewrite.__name__)
@pytest.mark.parametrize("sizes", [(2, 25, 25, 25, 2), (5, 50, 5), (1, 1, 1)], ids=str)
def test_a_network_equals_its_rewritten_copy_on_all_of_space(rewrite: Any, sizes: tuple[int, ...]) -> None:
    before = floats(1, *sizes)
    after = rewrite(before, 2)
    answer = equal(before, after)
    assert isinstance(answer, Equal) and answer.method == "canonical form"
    (theorem,) = answer.theorems
    assert isinstance(theorem, NetworkTheorem) and "real arithmetic" in str(answer)
    assert (theorem.left, theorem.right) == (before.layers, after.layers)


def test_rational_scales() -> None:
    before = floats(3, 3, 6, 6, 2)
    assert equal(before, rescaled(permuted(before, 1), 2, powers_of_two=False))


# Seed 5 moves a weight of a neuron that is off everywhere, which takes the prover too long for a test.
@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4, 6, 7, 8, 9])
def test_one_weight_moved_is_found_out(seed: int) -> None:
    before = floats(4, 5, 12, 12, 12, 3)
    source = random.Random(seed)
    place = source.randrange(4)
    layer = before.layers[place]
    after = permuted(
        moved(before, place, source.randrange(len(layer.bias)), source.randrange(len(layer.sources))), seed
    )
    answer = equal(before, after, seconds=30)
    assert isinstance(answer, Difference) and not answer
    point = [answer.point[name] for name in before.inputs]
    assert (before.run(*point)[answer.output], after.run(*point)[answer.output]) == (answer.left, answer.right)
    assert answer.left != answer.right


def test_a_weight_that_does_not_matter() -> None:
    layers = [([[1, 2], [3, 4]], [0, 1]), ([[5, 0]], [1])]
    before = network("unused", "xy", layers)
    assert equal(before, moved(before, 0, 1, 0))


@pytest.mark.parametrize("place", [1, 2], ids=["its row", "its use"])
def test_a_neuron_that_is_off_for_another_reason_than_signs(place: int) -> None:
    layers = [([[-1, 0], [-1, 0], [1, 1]], [-5, 0, 3]), ([[1, -1, 0], [1, 2, 3]], [-1, 0]), ([[7, 1]], [0])]
    before = network("off", "xy", layers)  # relu(relu(-x - 5) - relu(-x) - 1) is 0
    after = moved(before, 2, 0, 0) if place == 2 else replace(before, layers=_with_bias(before, -2))
    for where in ("", "-9 <= x <= 9"):
        answer = equal(before, after, where, seconds=30)
        assert isinstance(answer, Equal) and answer.method == "neurons that are off"
        (theorem,) = answer.theorems
        assert isinstance(theorem, Theorem) and len(theorem.claim.where) == (2 if where else 0)


def _with_bias(given: Network, bias: int) -> tuple[Layer, ...]:
    first, second, last = given.layers
    return first, second._replace(bias=(bias, *second.bias[1:])), last


def test_a_rarely_active_neuron_is_looked_for() -> None:
    layers = [([[1, 1], [-1, 0]], [-5000, -7000]), ([[1, 1]], [-9]), ([[1]], [0])]
    before = network("rare", "xy", layers)
    answer = equal(before, moved(before, 1, 0, 1), seconds=30)
    assert isinstance(answer, Difference) and answer.point["x"] < -7000


def test_a_domain_decides() -> None:
    linear = network("linear", ("x",), [([[1]], [0])])
    answer = equal(RAMP, linear, where="x >= 0")
    assert answer and answer.method == "prover"
    assert str(answer) == "Theorem: for all real x with x >= 0: relu(x) == x"
    difference = equal(RAMP, linear, where="-2 <= x <= 5")
    assert isinstance(difference, Difference) and -2 <= difference.point["x"] < 0
    assert equal(RAMP, linear, where="x >= 0, x <= -1")
    assert equal(RAMP, linear, where="x in {0, 2}")
    assert isinstance(equal(RAMP, linear, where="x in {0, -2}"), Difference)
    assert isinstance(equal(RAMP, linear, where="x == -3"), Difference)


def test_equality_on_space_holds_on_any_domain() -> None:
    (theorem,) = equal(ABS, permuted(ABS, 3), where="0 <= t <= 1").theorems
    assert isinstance(theorem, NetworkTheorem)


def test_many_kinds_of_sides() -> None:
    a, b, z = symbols("a b z", real=True)
    circuit = Circuit("gap", (a, b), (Neuron(z, b - a),), (b - z,))
    assert equal(TWO, circuit).method == "canonical form" if equal(TWO, circuit) else False
    assert equal(circuit, gadget("min")) and equal(gadget("min"), "min(x1, x2)")
    assert equal("min(p, q)", "q - relu(q - p)") and equal(-Max(-a, -b), TWO)
    assert equal(["x", "abs(x)"], ("relu(x) - relu(-x)", "max(x, -x)"))
    assert str(equal(Abs(a), "a")) == "at a = -1, output 0: left side 1, right side -1"
    assert equal(3, "3") and equal(network("three", "x", [([[0]], [3])]), "3")


def test_inputs_correspond_by_their_places() -> None:
    other = network("other", "ba", [(TWO.layers[0].weights, [0, 0, 0]), ([[-1, 1, -1]], [0])])
    assert equal(TWO, other)
    p, q, w = Symbol("p", real=True), Symbol("q", real=True), Symbol("w", real=True)
    circuit = Circuit("c", (p, q), (Neuron(w, p - q),), (p - w,))
    assert equal(circuit, TWO, where="p <= 2").method in ("prover", "canonical form")


def test_circuits_with_parameters() -> None:
    x, z, w = Symbol("x", real=True), Symbol("z", real=True), Symbol("w", positive=True)
    y = Symbol("y", real=True)
    one = Circuit("one", (x,), (Neuron(z, w * x),), (z / w,))
    assert equal(one, Circuit("two", (y,), (Neuron(z, y),), (z,)))
    wrong = equal(one, Circuit("two", (y,), (Neuron(z, y),), (2 * z,)))
    assert isinstance(wrong, Difference) and wrong.point["w"] > 0
    with pytest.raises(InvalidCircuit, match="parameter w, which is an input"):
        equal(network("n", ("w",), [([[1]], [0])]), one)


@pytest.mark.parametrize(
    ("left", "right", "where", "error", "message"),
    [
        (RAMP, TWO, "", InvalidCircuit, "ramp has 1 input, two has 2"),
        (TWO, ["a", "b"], "", InvalidCircuit, "two has 1 output, the expression has 2"),
        (RAMP, "x + y", "", InvalidCircuit, "the expression speaks of y; the inputs of ramp are x"),
        (RAMP, ABS, "t >= 0", ClaimError, "the domain speaks of t; the inputs are x"),
        (RAMP, ABS, "x >", ClaimError, "."),
    ],
)
def test_questions_without_sense(left: Any, right: Any, where: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        equal(left, right, where)


def test_limits_leave_it_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = equal(floats(1, 5, 50, 50, 5), floats(1, 5, 50, 50, 5), seconds=0.0)
    assert isinstance(answer, Undecided) and answer.stopped and not answer and "0 seconds" in repr(answer)
    monkeypatch.setattr(module, "WEIGHTS", 1)
    answer = equal(RAMP, network("linear", ("x",), [([[1]], [0])]), where="x >= 0")
    assert isinstance(answer, Undecided) and not answer.stopped and "more than the prover takes on" in str(answer)


def test_what_the_kernel_refuses_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(certificate: Any) -> Any:
        raise module.CertificateRejected("no")

    monkeypatch.setattr(module, "check_networks", refuse)
    answer = equal(ABS, permuted(ABS, 3))
    assert answer and answer.method == "prover"


@pytest.mark.parametrize(
    "where",
    ["", "0 <= x <= 1, 0 <= y <= 2", "x >= 3", "y <= -7", "x + y >= 5, x - y <= 1", "x >= 0, x >= 2, y <= 9, y <= 8"],
)
def test_a_region_has_an_inner_point_and_draws_others_in(where: str) -> None:
    comparisons = parse_where(where)
    inside = region(("x", "y"), comparisons)
    assert inside is not None
    source = random.Random(1)
    points = [[Fraction(source.randint(-99, 99)) for _ in "xy"] for _ in range(30)]
    for point in (inside.inner, *map(inside.pulled, points)):
        assert all(comparison.holds(dict(zip("xy", point, strict=True))) for comparison in comparisons)
    near = inside.pulled_floats(np.array(points, dtype=float))
    exact = np.array([[float(c) for c in inside.pulled(point)] for point in points])
    assert np.allclose(near, exact)


@pytest.mark.parametrize("where", ["x == 1", "x >= 1, x <= 1", "x >= 1, x <= 0", "x + y >= 1, x + y <= 0", "0 >= 1"])
def test_what_has_no_interior_is_no_region(where: str) -> None:
    assert region(("x", "y"), parse_where(where)) is None


def test_a_constant_output_beside_one_with_a_dead_neuron() -> None:
    def with_weight(w: int) -> Network:
        inner = ([[1], [-1], [1], [-1]], [0, 0, -1, -1])
        return network("n", ["x"], [inner, ([[-w, -w, w, w]], [0]), ([[0], [1]], [3, 0])])

    answer = equal(with_weight(1), with_weight(2))
    assert answer and isinstance(answer, Equal) and len(answer.theorems) == 2
