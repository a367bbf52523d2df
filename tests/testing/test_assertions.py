"""The assertions: what they take, what a pass carries, what a failure shows, and that bad input never passes."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Max, Min, Rational, Symbol, exp, nan, sqrt, symbols

from symcircuits import (
    CertificateRejected,
    ClaimError,
    InvalidCircuit,
    NotPiecewiseLinear,
    check,
    check_networks,
    gadget,
)
from symcircuits.circuits.network import network
from symcircuits.errors import SymcircuitsError
from symcircuits.expr.parse import parse_expression
from symcircuits.expr.relu import relu
from symcircuits.formats.write import write_network
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.networks import NetworkTheorem
from symcircuits.testing import (
    AssertionRefuted,
    AssertionUndecided,
    assert_circuit_equal,
    assert_circuit_le,
    assert_circuit_within,
    cross_check,
)
from symcircuits.transform.certificate import certificate_text

x1, x2 = symbols("x1 x2", real=True)
LAYERS = [([[1, -1], [1, 0], [-1, 0]], [0, 0, 0]), ([[-1, 1, -1]], [0])]
NET = network("min", ["x1", "x2"], LAYERS)
ARRAYS = [np.array(each, dtype=np.float32) for layer in LAYERS for each in layer]
W1, b1, W2, b2 = ARRAYS

OPERANDS: dict[str, Any] = {
    "gadget": gadget("min"),
    "circuit": gadget("min").circuit,
    "composite": gadget("min")(x1, x2),
    "network": NET,
    "SymPy": x1 - relu(x1 - x2),
    "text": "x2 - relu(x2 - x1)",
    "term": parse_expression("min(x2, x1)"),
    "list of one": [Min(x1, x2)],
    "weights in turn": ARRAYS,
    "weights in pairs": [(W1, b1), (W2, b2)],
    "weights without biases": [(W1, None), (W2, None)],
    "weights apart": ([W1, W2], [b1, b2]),
}


@pytest.mark.parametrize("kind", OPERANDS)
def test_what_is_read(kind: str) -> None:
    net = OPERANDS[kind]
    proved = assert_circuit_equal(net, "min(x1, x2)")
    assert proved and all(isinstance(theorem, Theorem | NetworkTheorem) for theorem in proved.theorems)
    assert cross_check(proved.theorem) > 20
    assert assert_circuit_equal("min(x1, x2)", net, "x1 >= 0") and assert_circuit_le(net, "x1")
    with pytest.raises(AssertionRefuted) as refuted:
        assert_circuit_equal(net, "max(x1, x2)", "0 <= x1 <= 1")
    found = refuted.value.counterexample
    assert 0 <= found.point["x1"] <= 1
    assert (found.left, found.right) == (min(found.point.values()), max(found.point.values()))


@pytest.mark.parametrize("ending", ["json", "npz", "nnet", "onnx"])
@pytest.mark.parametrize("kind", [str, Path])
def test_files_are_read(ending: str, kind: Callable[[str], Any], tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    place = tmp_path / f"net.{ending}"
    write_network(NET, place)
    names = (symbol for symbol in symbols("x0 x1" if ending == "nnet" else "x1 x2", real=True))
    assert assert_circuit_equal(kind(str(place)), gadget("min")) and assert_circuit_equal(place, NET)
    with pytest.raises(AssertionRefuted, match=r"net\.\w+ == "):
        assert_circuit_equal(kind(str(place)), Max(*names) if ending != "nnet" else gadget("max"))


def test_the_modules_of_torch_are_read() -> None:
    torch = pytest.importorskip("torch")
    module = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU(), torch.nn.Linear(3, 1))
    module.load_state_dict(dict(zip(module.state_dict(), map(torch.tensor, ARRAYS), strict=True)))
    assert assert_circuit_equal(module, "min(x1, x2)") and assert_circuit_equal(module, ARRAYS)

    def called(point: Any) -> Any:
        return module(torch.tensor(point, dtype=torch.float32))

    sampled = assert_circuit_within(module, called, 1e-6, "-9 <= x1 <= 9, -9 <= x2 <= 9")
    assert not sampled and sampled.points > 50
    with pytest.raises(AssertionRefuted, match="rounding of floats only: give a domain that is bounded"):
        assert_circuit_within(module, called, 1e-6)

    class Own(torch.nn.Module):
        def forward(self, values: Any) -> Any:
            return values

    with pytest.raises(InvalidCircuit, match=r"modules of type .*Own are not read.*ONNX export, or a Python function"):
        assert_circuit_equal(Own(), "x1")


def test_a_pass_carries_theorems_about_what_was_given() -> None:
    proved = assert_circuit_equal(["relu(x) + x", "abs(x)"], ["max(x, 2*x)", "relu(x) + relu(-x)"], "x >= -1")
    assert [str(theorem.claim.goal.right) for theorem in proved.theorems] == ["max(x, 2*x)", "relu(x) + relu(-x)"]
    assert all(check(theorem.certificate).claim.where for theorem in proved.theorems)
    with pytest.raises(InvalidCircuit, match="there are 2 theorems"):
        _ = proved.theorem
    networks = assert_circuit_equal(NET, ARRAYS)
    assert check_networks(certificate_text(networks.theorem)).left == NET.layers
    assert repr(networks) == "Proved by canonical form: min 2-3-1 == the weights 2-3-1"


def test_inequalities_and_bounds() -> None:
    assert str(assert_circuit_le("relu(x + y)", "relu(x) + relu(y)").theorem.claim.goal.relation) == "<="
    assert assert_circuit_le(NET, [(x1 + x2) / 2]) and assert_circuit_le("x - 1/4", Symbol("x", real=True) ** 2)
    square = "x - relu(x)/2 + relu(x - 1/2)"
    for bound in (Fraction(1, 16), "1/16", 0.0625, Rational(1, 16)):
        assert assert_circuit_within(square, "x**2", bound, "0 <= x <= 1")
    with pytest.raises(AssertionRefuted, match=r"apart by 1/16, and at most 0\.0624 is asserted") as refuted:
        assert_circuit_within(square, "x**2", 0.0624, "0 <= x <= 1")
    found = refuted.value.counterexample
    assert found.right == found.point["x"] ** 2 and abs(found.left - found.right) == Fraction(1, 16)
    with pytest.raises(AssertionRefuted, match="assert_circuit_le is false: relu\\(x\\) <= x") as refuted:
        assert_circuit_le("relu(x)", "x", "x >= -1/7")
    assert refuted.value.counterexample.point["x"] < 0


def test_finite_domains_may_have_products() -> None:
    a, b = symbols("a b", real=True)
    assert assert_circuit_equal("relu(a + b - 1)", a * b, "a in {0, 1}, b in {0, 1}")
    with pytest.raises(AssertionRefuted, match="at a = 1, b = 1"):
        assert_circuit_equal("relu(a + b - 1)", "a*b/2", "a in {0, 1}, b in {0, 1}")


def test_the_domain_may_be_sympy() -> None:
    assert assert_circuit_equal(NET, x1, x1 <= x2) and assert_circuit_equal(NET, x1, [x1 <= x2, "x2 <= 1"])


def test_a_failure_shows_point_values_and_activation_pattern() -> None:
    with pytest.raises(AssertionRefuted) as refuted:
        assert_circuit_equal(NET, "max(x1, 0) - 1/8", domain="x2 >= x1 + 1, x1 >= 1")
    assert str(refuted.value).splitlines() == [
        "assert_circuit_equal is false: min 2-3-1 == max(x1, 0) - 1/8 where x2 >= x1 + 1, x1 >= 1",
        "at x1 = 1, x2 = 2",
        "  min 2-3-1 gives 1",
        "  max(x1, 0) - 1/8 gives 7/8",
        "activation pattern of min 2-3-1: + active, - inactive, 0 on the kink",
        "  hidden layer 1: - + -",
        "activation pattern of max(x1, 0) - 1/8:",
        "  max(x1, 0): takes x1",
    ]
    with pytest.raises(AssertionRefuted, match=r"gives 1 for output 2 of 2") as refuted:
        assert_circuit_equal(["x", "abs(x)"], ["x", "relu(x)"])
    assert "abs(x): the argument is negative" in str(refuted.value)
    assert refuted.value.counterexample.output == 1 and isinstance(refuted.value, AssertionError)


def test_long_failures_are_short() -> None:
    many = network("wide", [f"x{at}" for at in range(1, 31)], [([[1] * 30] * 100, [-1] * 100), ([[1] * 100], [0])])
    with pytest.raises(AssertionRefuted) as refuted:
        assert_circuit_equal(many, network("other", many.inputs, [([[1] * 30] * 100, [-1] * 100), ([[2] * 100], [0])]))
    lines = str(refuted.value).splitlines()
    assert len(lines) < 12 and max(map(len, lines)) < 900 and "... 36 more" in str(refuted.value)


def test_without_a_proof_or_a_point_nothing_passes() -> None:
    names = [f"x{at}" for at in range(1, 9)]
    hard = " + ".join(f"max({', '.join(names[:at])})" for at in range(2, 9))
    with pytest.raises(AssertionUndecided, match=r"neither proved nor refuted(.|\n)*seconds=\.\.\., or --symcircuits"):
        assert_circuit_le(f"2*({hard})", f"{hard} + {hard} + relu({hard})", seconds=1e-6)


class TestPythonFunctions:
    """They can only be sampled: a pass says so, and is false as a condition."""

    @pytest.mark.parametrize(
        "function",
        [
            min,
            lambda a, b: min(a, b),
            lambda both: min(both),
            lambda both: both.min(),
            lambda *both: [min(both)],
            np.minimum,
            lambda a, b: np.array([min(a, b)]),
            lambda a, b, shift=0: min(a, b) + shift,
            partial(lambda scale, a, b: scale * min(a, b), 1),
        ],
    )
    def test_a_pass_says_that_it_is_a_sample(self, function: Any) -> None:
        sampled = assert_circuit_equal(NET, function, examples=100)
        assert not sampled and 60 < sampled.points <= 300
        assert "Sampled, not proved" in repr(sampled) and "can only be sampled" in repr(sampled)
        with pytest.raises(AssertionRefuted, match="which can only be sampled"):
            assert_circuit_equal(gadget("max"), function)

    @pytest.mark.parametrize("place", [Fraction(1, 3), Fraction(-700), Fraction(12345, 7), Fraction(10**9)])
    def test_kinks_of_the_function_are_sought(self, place: Fraction) -> None:
        with pytest.raises(AssertionRefuted) as refuted:
            assert_circuit_equal(NET, lambda a, b: min(a, b) + max(Fraction(0), b - place) / 7)
        found = refuted.value.counterexample
        assert found.right - found.left == (found.point["x2"] - place) / 7 > 0

    def test_a_bump_is_found_where_the_function_bends(self) -> None:
        with pytest.raises(AssertionRefuted) as refuted:
            assert_circuit_equal("0*x", lambda x: max(0, Fraction(1, 2) - abs(x - Fraction(1, 3))), "-10 <= x <= 10")
        assert abs(refuted.value.counterexample.point["x"] - Fraction(1, 3)) < Fraction(1, 2)

    def test_kinks_of_the_other_side_are_met(self) -> None:
        with pytest.raises(AssertionRefuted) as refuted:
            assert_circuit_equal(
                "max(x, 1/7) + relu(1/1000000 - abs(x - 3*y + 1/7))", lambda x, y: max(x, Fraction(1, 7))
            )
        point = refuted.value.counterexample.point
        assert abs(point["x"] - 3 * point["y"] + Fraction(1, 7)) < Fraction(1, 10**6)

    def test_floats_are_compared_as_what_they_are(self) -> None:
        third = lambda x: float(x) / 3 if isinstance(x, float) else math.sin(x) and float(x) / 3  # noqa: E731
        with pytest.raises(AssertionRefuted, match="rounding of floats only: use assert_circuit_within"):
            assert_circuit_equal("x/3", third, "1 <= x <= 2")
        assert assert_circuit_within("x/3", third, 1e-6, "-100 <= x <= 100").points > 40

    def test_a_function_that_takes_floats_only(self) -> None:
        def strict(x: float) -> float:
            if not isinstance(x, float):
                raise TypeError("a float is needed")
            return max(x, 0.0)

        assert assert_circuit_equal("relu(x)", strict).points > 30
        with pytest.raises(InvalidCircuit, match="at no point that was tried are all inputs floats"):
            assert_circuit_equal("relu(x)", strict, "3*x == 1")

    def test_two_functions_need_names(self) -> None:
        assert assert_circuit_le(lambda x, y: min(x, y), lambda x, y: max(x, y)).points > 30
        assert assert_circuit_equal(max, lambda *a: max(a), "0 <= x, y <= 1").points > 30
        with pytest.raises(InvalidCircuit, match="nothing says how many inputs"):
            assert_circuit_equal(max, lambda *a: max(a))

    def test_names_of_parameters_are_those_of_the_expression(self) -> None:
        assert assert_circuit_equal("x - y", lambda x, y: x - y, "x >= y").points > 30
        with pytest.raises(AssertionRefuted):
            assert_circuit_equal("y - x", lambda x, y: x - y)
        with pytest.raises(InvalidCircuit, match=r"has the parameters a, b; .* speak of x, y: call its parameters"):
            assert_circuit_equal("x - y", lambda a, b: a - b)
        assert assert_circuit_equal("x10 - 2*x9", lambda values: values[1] - 2 * values[0]).points > 30

    @settings(max_examples=5)
    @given(st.integers(1, 3))
    def test_inside_a_test_of_hypothesis(self, scale: int) -> None:
        assert assert_circuit_equal(f"relu({scale}*x)", lambda x: scale * max(x, 0), examples=40).points > 5
        assert assert_circuit_equal(f"relu({scale}*x)", f"{scale}*relu(x)")

    def test_a_function_that_asserts_itself(self) -> None:
        def careful(x: Fraction) -> Fraction:
            assert assert_circuit_equal("relu(y)", lambda y: max(y, 0), examples=3).points
            return max(x, Fraction(0))

        assert assert_circuit_equal("relu(x)", careful, examples=5).points > 1


def raising(a: Fraction, b: Fraction) -> Fraction:
    if a > 3:
        raise ValueError("too large")
    return min(a, b)


def growing(a: Fraction, b: Fraction) -> Any:
    return [a, b] if a > 1 else min(a, b)


BAD: dict[str, tuple[Any, ...]] = {
    "nothing": (
        None,
        "x1",
        "",
        InvalidCircuit,
        "None of type NoneType is no function .* NumPy weights .* torch module",
    ),
    "a class": (NET, int, "", InvalidCircuit, "of type type is no function that is read"),
    "a truth value": (NET, True, "", InvalidCircuit, "True of type bool is no function"),
    "a dictionary": (NET, {"W1": W1}, "", InvalidCircuit, "of type dict is no function"),
    "one matrix": (W1, "x1", "", InvalidCircuit, "of type ndarray is no function"),
    "an empty list": (NET, [], "", InvalidCircuit, "holds neither weights nor expressions"),
    "a list of other things": (NET, [object()], "", InvalidCircuit, "holds neither weights nor expressions"),
    "a relation": (NET, x1 < x2, "", InvalidCircuit, "is no function that is read"),
    "odd weights": (ARRAYS[:3], "x1", "", InvalidCircuit, "3 arrays; weights and biases in turn are needed"),
    "shapes that do not fit": ([W1, b1, W1, b1], "x1", "", InvalidCircuit, "layer 2: rows of 3 weights are needed"),
    "a bias that does not fit": ([W1, b2, W2, b2], "x1", "", InvalidCircuit, r"shape \(3, 2\) do not fit a bias"),
    "a weight that is NaN": ([W1 * np.nan, b1, W2, b2], "x1", "", InvalidCircuit, "a weight is not finite"),
    "a bias that is infinite": ([W1, b1 + np.inf, W2, b2], "x1", "", InvalidCircuit, "a weight is not finite"),
    "more outputs": (NET, ["x1", "x2"], "", InvalidCircuit, r"min 2-3-1 has 1 output, .* has 2"),
    "more inputs": (NET, gadget("max_of_three"), "", InvalidCircuit, "min 2-3-1 has 2 inputs, .* has 3"),
    "other variables": (
        NET,
        "x1 + x3",
        "",
        InvalidCircuit,
        "x1 [+] x3 speaks of x3; the inputs of min 2-3-1 are x1",
    ),
    "a sine": (NET, "sin(x1)", "", ClaimError, "sin is not a function of the language; the functions are"),
    "a square": (NET, x1**2, "", NotPiecewiseLinear, "a power is not piecewise linear"),
    "an exponential": (NET, exp(x1), "", NotPiecewiseLinear, "exp is not piecewise linear; use relu"),
    "an irrational": (NET, sqrt(2) * x1, "", NotPiecewiseLinear, "an irrational constant"),
    "not a number": (NET, nan * x1, "", NotPiecewiseLinear, "only finite rational numbers"),
    "a NaN": (NET, float("nan"), "", NotPiecewiseLinear, "only finite rational numbers"),
    "an empty domain": (
        NET,
        "x1",
        "x1 < 0, x1 > 0",
        ClaimError,
        "no point satisfies the domain .* is asserted",
    ),
    "a domain of others": (NET, "x1", "x3 > 0", ClaimError, "the domain speaks of x3; the inputs are x1, x2"),
    "no domain": (NET, "x1", 7, ClaimError, "neither a text nor relations"),
    "a missing file": ("no.onnx", "x1", "", InvalidCircuit, "no.onnx cannot be read: No such file"),
    "an ending that is none": (Path("net.docx"), "x1", "", InvalidCircuit, r"the ending '\.docx' is not known"),
    "a function that raises": (NET, raising, "", InvalidCircuit, r"raising raised ValueError at \(4, 0\): too large"),
    "a function of other inputs": (NET, lambda a, b, c: a, "", InvalidCircuit, "does not take 2 inputs"),
    "a function of too many outputs": (NET, lambda a, b: (a, b), "", InvalidCircuit, "has 1 output, <lambda> has 2"),
    "a function of nested outputs": (NET, lambda a, b: [[a]], "", InvalidCircuit, "a flat sequence of them"),
    "a function of changing shape": (NET, growing, "", InvalidCircuit, r"returned 2 values at \(2, 0\), and 1 before"),
    "a function of text": (NET, lambda a, b: "1", "", InvalidCircuit, "returned '1' at .* a finite number is needed"),
    "a function of nothing": (NET, lambda a, b: None, "", InvalidCircuit, "returned None at"),
    "a function of NaN": (NET, lambda a, b: math.nan if a > 2 else min(a, b), "", InvalidCircuit, "returned nan at"),
    "a function of complex numbers": (NET, lambda a, b: 1j, "", InvalidCircuit, "returned 1j at"),
    "a random function": (
        NET,
        lambda a, b, seen=[]: seen.append(a) or len(seen),
        "x1 >= 5, x2 >= 5",
        (InvalidCircuit, AssertionRefuted),
        "other values when it is called again|is false",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_an_error_and_never_a_pass(case: str) -> None:
    net, target, domain, error, message = BAD[case]
    with pytest.raises(error, match=message) as raised:
        assert_circuit_equal(net, target, domain)
    assert isinstance(raised.value, SymcircuitsError | AssertionError)


@pytest.mark.parametrize("bound", [-1, "x", math.nan, None, "-1/2"])
def test_bounds_are_exact_and_not_negative(bound: Any) -> None:
    with pytest.raises(InvalidCircuit):
        assert_circuit_within(NET, NET, bound)


@pytest.mark.parametrize("limits", [{"seconds": 0}, {"seconds": -1}, {"seconds": math.nan}, {"examples": 0}])
def test_limits_are_positive(limits: dict[str, Any]) -> None:
    with pytest.raises(InvalidCircuit, match="positive number is needed"):
        assert_circuit_equal(NET, min, **limits)
    assert assert_circuit_equal(NET, NET, seconds=math.inf)


def test_errors_keep_their_type_and_lose_the_frames_between() -> None:
    with pytest.raises(CertificateRejected.__mro__[1]) as raised:
        assert_circuit_equal(NET, "x1 +")
    assert len(raised.traceback) <= 3
