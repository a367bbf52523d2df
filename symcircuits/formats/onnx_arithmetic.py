"""ONNX operators that compute: affine maps, relu and what is built from it, reductions.

LeakyRelu is relu(x) - alpha * relu(-x), Max(x, y) is y + relu(x - y), Clip(x) is low + relu(x - low) - relu(x - high).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np

from symcircuits.circuits.affine import exact
from symcircuits.errors import InvalidCircuit
from symcircuits.formats.onnx_node import Node, Operator, from_front
from symcircuits.formats.sequence import clamped, normalization
from symcircuits.formats.tensor import as_forms, elementwise, filled, fraction_of, matmul, minus, over, plus, times
from symcircuits.formats.wiring import Form, Wiring, combination, constant_form

Array = np.ndarray[Any, Any]


def _pairwise(function: Callable[[Form, Form], Form], integers: Callable[[Array, Array], Array] | None) -> Operator:
    """An operator on two tensors; on shapes and indices, which are integers, as NumPy does it."""

    def apply(node: Node) -> Sequence[Array]:
        first, second = node.value(0), node.value(1)
        if integers is not None and first.dtype.kind == second.dtype.kind == "i":
            return [np.asarray(integers(first, second))]
        return [elementwise(function, first, second)]

    return apply


def _over(node: Node) -> Sequence[Array]:
    first, second = node.value(0), node.value(1)
    if first.dtype.kind == second.dtype.kind == "i":
        raise InvalidCircuit("integers are divided with rounding; that is not read")
    return [elementwise(over, first, second)]


def _total(node: Node) -> Sequence[Array]:
    return [reduce(lambda a, b: elementwise(plus, a, b), _all(node))]


def _all(node: Node) -> list[Array]:
    if not node.inputs:
        raise InvalidCircuit("it has no inputs")
    return [node.value(place) for place in range(len(node.inputs))]


def _mean(node: Node) -> Sequence[Array]:
    count = Form({}, 1, len(node.inputs) or 1)
    return [elementwise(lambda form: times(count, form), _total(node)[0])]


def _extreme(choose: Callable[[Wiring], Callable[[Form, Form], Form]]) -> Operator:
    def apply(node: Node) -> Sequence[Array]:
        return [reduce(lambda a, b: elementwise(choose(node.wiring), a, b), _all(node))]

    return apply


def _relu(node: Node) -> Sequence[Array]:
    return [elementwise(node.wiring.relu, node.value(0))]


def _leaky(node: Node) -> Sequence[Array]:
    slope = constant_form(float(np.float32(node.attributes.get("alpha", 0.01))))
    return [elementwise(lambda form: node.wiring.leaky(form, slope), node.value(0))]


def _prelu(node: Node) -> Sequence[Array]:
    def leaky(form: Form, slope: Form) -> Form:
        fraction_of(slope)
        return node.wiring.leaky(form, slope)

    slopes = np.broadcast_to(node.value(1), node.value(0).shape)
    return [elementwise(leaky, node.value(0), slopes)]


def _absolute(node: Node) -> Sequence[Array]:
    minus_one = constant_form(-1)
    return [elementwise(lambda form: node.wiring.leaky(form, minus_one), node.value(0))]


def _negative(node: Node) -> Sequence[Array]:
    return [elementwise(lambda form: combination([(-1, form)]), node.value(0))]


def _clip(node: Node) -> Sequence[Array]:
    low, high = (_bound(node, place, name) for place, name in ((1, "min"), (2, "max")))
    return [elementwise(lambda form: _clipped(form, low, high, node.wiring), node.value(0))]


def _bound(node: Node, place: int, name: str) -> Fraction | None:
    value = node.optional(place)
    if value is not None:
        if value.size != 1:
            raise InvalidCircuit(f"its {name} must be one number; the shape is {value.shape}")
        return fraction_of(as_forms(value).reshape(-1)[0])
    given = node.attributes.get(name)
    # The default of the old attribute is the largest float32: no bound.
    return None if given is None or abs(given) >= 3.4e38 else exact(given)


def _clipped(form: Form, low: Fraction | None, high: Fraction | None, wiring: Wiring) -> Form:
    if low is not None and high is not None:
        # ONNX: where the bounds are in the wrong order, every value becomes the greatest one allowed.
        return constant_form(high) if low > high else clamped(form, low, high, wiring)
    if low is not None:
        return plus(wiring.relu(minus(form, constant_form(low))), constant_form(low))
    if high is not None:
        return minus(constant_form(high), wiring.relu(minus(constant_form(high), form)))
    return form


def _hard_sigmoid(node: Node) -> Sequence[Array]:
    slope, shift = (
        constant_form(float(np.float32(node.attributes.get(*pair)))) for pair in (("alpha", 0.2), ("beta", 0.5))
    )

    def squashed(form: Form) -> Form:
        return clamped(plus(times(slope, form), shift), Fraction(0), Fraction(1), node.wiring)

    return [elementwise(squashed, node.value(0))]


def _matmul(node: Node) -> Sequence[Array]:
    return [matmul(node.value(0), node.value(1))]


def _gemm(node: Node) -> Sequence[Array]:
    alpha, beta = (constant_form(float(np.float32(node.attributes.get(name, 1.0)))) for name in ("alpha", "beta"))
    first, second = node.value(0), node.value(1)
    if first.ndim != 2 or second.ndim != 2:
        raise InvalidCircuit(f"Gemm needs matrices; the shapes are {first.shape} and {second.shape}")
    first = first.T if node.attributes.get("transA") else first
    second = second.T if node.attributes.get("transB") else second
    made = elementwise(lambda form: times(alpha, form), matmul(first, second))
    bias = node.optional(2)
    if bias is None:
        return [made]
    shape = np.broadcast_shapes(bias.shape, made.shape)
    if shape != made.shape:
        raise InvalidCircuit(f"a bias of shape {bias.shape} does not fit a product of shape {made.shape}")
    return [elementwise(lambda form, shift: plus(form, times(beta, shift)), made, bias)]


def _batch_normalization(node: Node) -> Sequence[Array]:
    node.only(training_mode=0, spatial=1)
    value = node.value(0)
    parameters = [[fraction_of(form) for form in as_forms(node.value(place)).reshape(-1)] for place in range(1, 5)]
    if value.ndim < 2 or any(len(each) != value.shape[1] for each in parameters):
        raise InvalidCircuit(f"its parameters do not fit the channels of shape {value.shape}")
    epsilon = exact(float(np.float32(node.attributes.get("epsilon", 1e-5))))
    pairs = [normalization(epsilon, *each) for each in zip(*parameters, strict=True)]
    shape = (1, len(pairs), *([1] * (value.ndim - 2)))
    factor, shift = (filled(shape, [constant_form(pair[side]) for pair in pairs]) for side in (0, 1))
    return [elementwise(lambda form, c, b: plus(times(c, form), b), value, factor, shift)]


def _reduction(combine: Callable[[list[Form], Wiring], Form]) -> Operator:
    def apply(node: Node) -> Sequence[Array]:
        value = as_forms(node.value(0))
        given = node.integers(1, "axes")
        if not given:
            if node.attributes.get("noop_with_empty_axes"):
                return [value]
            given = list(range(value.ndim))
        axes = sorted({from_front(axis, value.ndim) for axis in given})
        kept = [axis for axis in range(value.ndim) if axis not in axes]
        rows = value.transpose(*kept, *axes).reshape(math.prod(value.shape[axis] for axis in kept), -1)
        if not rows.shape[1]:
            raise InvalidCircuit("nothing is reduced: an axis has size 0")
        made = [combine(list(row), node.wiring) for row in rows]
        keep = node.attributes.get("keepdims", 1)
        shape = [1 if axis in axes else size for axis, size in enumerate(value.shape) if keep or axis not in axes]
        return [filled(shape, made)]

    return apply


ARITHMETIC: dict[str, Operator] = {
    "Abs": _absolute,
    "Add": _pairwise(plus, np.add),
    "BatchNormalization": _batch_normalization,
    "Clip": _clip,
    "Div": _over,
    "Gemm": _gemm,
    "HardSigmoid": _hard_sigmoid,
    "LeakyRelu": _leaky,
    "MatMul": _matmul,
    "Max": _extreme(lambda wiring: wiring.larger),
    "Mean": _mean,
    "Min": _extreme(lambda wiring: wiring.smaller),
    "Mul": _pairwise(times, np.multiply),
    "Neg": _negative,
    "PRelu": _prelu,
    "ReduceMax": _reduction(lambda forms, wiring: wiring.largest(forms)),
    "ReduceMean": _reduction(lambda forms, wiring: combination([(1, form) for form in forms], 0, len(forms))),
    "ReduceSum": _reduction(lambda forms, wiring: combination([(1, form) for form in forms])),
    "Relu": _relu,
    "Sub": _pairwise(minus, np.subtract),
    "Sum": _total,
}
