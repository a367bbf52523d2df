"""ONNX operators that move values about without computing, and those that compute shapes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from symcircuits.errors import InvalidCircuit
from symcircuits.formats.onnx_node import Node, Operator, from_front
from symcircuits.formats.tensor import ELEMENTS, FORMS, as_forms, check_size

Array = np.ndarray[Any, Any]
FLOATS = {1: np.float32, 11: np.float64}
INTEGERS = {6: np.int32, 7: np.int64}
"""The numbers that ONNX gives these types."""


def _identity(node: Node) -> Sequence[Array]:
    return [node.value(0)]


def _dropout(node: Node) -> Sequence[Array]:
    training = node.optional(2)
    if training is not None and bool(np.any(training)):
        raise InvalidCircuit("it is in training mode, so its outputs are random; export the model in evaluation mode")
    return [node.value(0), np.ones(node.value(0).shape, dtype=bool)]


def _cast(node: Node) -> Sequence[Array]:
    value, kind = node.value(0), node.attributes.get("to")
    if kind in INTEGERS and value.dtype.kind in "iub":
        return [value.astype(INTEGERS[kind])]
    if kind in FLOATS and value.dtype.kind in "iub":
        return [value.astype(np.float64)]
    if kind in FLOATS:
        return [value]
    raise InvalidCircuit(f"it casts {value.dtype} to type {kind}, which rounds; float32 and float64 are read")


def _reshape(node: Node) -> Sequence[Array]:
    value, target = node.value(0), node.integers(1, "shape")
    if target is None:
        raise InvalidCircuit("its shape is missing")
    if not node.attributes.get("allowzero"):
        if any(size == 0 and at >= value.ndim for at, size in enumerate(target)):
            raise InvalidCircuit(f"the shape {target} keeps an axis that {value.shape} does not have")
        target = [value.shape[at] if size == 0 else size for at, size in enumerate(target)]
    return [_reshaped(value, target)]


def _reshaped(value: Array, target: Sequence[int]) -> Array:
    try:
        return value.reshape(tuple(target))
    except (ValueError, OverflowError):
        raise InvalidCircuit(f"a tensor of shape {value.shape} does not fit the shape {list(target)}") from None


def _flatten(node: Node) -> Sequence[Array]:
    value = node.value(0)
    axis = node.attributes.get("axis", 1)
    if not -value.ndim <= axis <= value.ndim:
        raise InvalidCircuit(f"there is no axis {axis} in a tensor of {value.ndim} axes")
    axis = axis + value.ndim if axis < 0 else axis
    return [value.reshape(int(np.prod(value.shape[:axis], dtype=np.int64)), -1)]


def _transpose(node: Node) -> Sequence[Array]:
    value = node.value(0)
    order = node.attributes.get("perm", list(range(value.ndim))[::-1])
    if sorted(order) != list(range(value.ndim)):
        raise InvalidCircuit(f"the order {list(order)} of axes does not fit the shape {value.shape}")
    return [value.transpose(*order)]


def _concat(node: Node) -> Sequence[Array]:
    values = [node.value(place) for place in range(len(node.inputs))]
    if not values or any(value.ndim != values[0].ndim for value in values):
        raise InvalidCircuit(f"shapes {[value.shape for value in values]} do not fit together")
    axis = node.axis(1, values[0].ndim)
    if any(value.dtype == object for value in values):
        values = [as_forms(value) for value in values]
    check_size([sum(value.size for value in values)], FORMS if values[0].dtype == object else ELEMENTS)
    return [np.concatenate(values, axis=axis)]


def _slice(node: Node) -> Sequence[Array]:
    value, starts, ends = node.value(0), node.integers(1, "starts"), node.integers(2, "ends")
    if starts is None or ends is None:
        raise InvalidCircuit("its starts and ends are missing")
    axes = node.integers(3, "axes") or list(range(len(starts)))
    steps = node.integers(4, "steps") or [1] * len(starts)
    if not len(starts) == len(ends) == len(axes) == len(steps) or 0 in steps:
        raise InvalidCircuit(f"starts {starts}, ends {ends}, axes {axes} and steps {steps} do not fit")
    cuts = [slice(None)] * value.ndim
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        at = from_front(axis, value.ndim)
        size = value.shape[at]
        if step < 0 and end > size:
            raise InvalidCircuit(f"its end {end} with the step {step} is read differently by runtimes; write one")
        # Before the first element, counted backwards, is None in Python; ONNX writes a large negative end.
        cuts[at] = slice(max(start, -size) if step < 0 else start, None if step < 0 and end < -size else end, step)
    return [value[tuple(cuts)]]


def _split(node: Node) -> Sequence[Array]:
    value = node.value(0)
    axis = node.axis(0, value.ndim)
    sizes = node.integers(1, "split")
    if sizes is None:
        count = int(node.attributes.get("num_outputs", node.outputs))
        each = -(-value.shape[axis] // count) if count > 0 else 0
        sizes = [each] * (count - 1) + [value.shape[axis] - each * (count - 1)]
    if any(size < 0 for size in sizes) or sum(sizes) != value.shape[axis] or len(sizes) != node.outputs:
        raise InvalidCircuit(f"parts of sizes {sizes[:9]} do not fit axis {axis} of shape {value.shape}")
    return np.split(value, np.cumsum(sizes)[:-1], axis=axis)


def _squeeze(node: Node) -> Sequence[Array]:
    value, given = node.value(0), node.integers(1, "axes")
    axes = [at for at, size in enumerate(value.shape) if size == 1] if given is None else given
    places = {from_front(axis, value.ndim) for axis in axes}
    if any(value.shape[at] != 1 for at in places):
        raise InvalidCircuit(f"axes {axes} of shape {value.shape} do not all have size 1")
    return [value.reshape([size for at, size in enumerate(value.shape) if at not in places])]


def _unsqueeze(node: Node) -> Sequence[Array]:
    value, axes = node.value(0), node.integers(1, "axes") or []
    rank = value.ndim + len(axes)
    places = {from_front(axis, rank) for axis in axes}
    if len(places) < len(axes) or rank > 32:
        raise InvalidCircuit(f"axes {axes[:9]} cannot be added to shape {value.shape}")
    sizes = iter(value.shape)
    return [value.reshape([1 if at in places else next(sizes) for at in range(rank)])]


def _gather(node: Node) -> Sequence[Array]:
    value, indices = node.value(0), node.value(1)
    axis = node.axis(0, value.ndim)
    if indices.dtype.kind != "i":
        raise InvalidCircuit("its indices must be constant integers")
    if indices.size and not (-value.shape[axis] <= indices.min() and indices.max() < value.shape[axis]):
        raise InvalidCircuit(f"an index is outside axis {axis} of shape {value.shape}")
    check_size((*value.shape[:axis], *indices.shape, *value.shape[axis + 1 :]))
    return [np.asarray(np.take(value, indices, axis=axis))]


def _shape(node: Node) -> Sequence[Array]:
    sizes = node.value(0).shape
    return [np.array(sizes[slice(node.attributes.get("start"), node.attributes.get("end"))], dtype=np.int64)]


def _expand(node: Node) -> Sequence[Array]:
    value, target = node.value(0), node.integers(1, "shape") or []
    shape = np.broadcast_shapes(value.shape, tuple(target))
    check_size(shape)
    return [np.broadcast_to(value, shape)]


def _constant_of_shape(node: Node) -> Sequence[Array]:
    shape = node.integers(0, "shape") or []
    check_size(shape)
    value = node.attributes.get("value", np.zeros(1))
    return [np.full(shape, value.reshape(-1)[0])]


def _constant(node: Node) -> Sequence[Array]:
    for name in ("value", "value_float", "value_floats", "value_int", "value_ints"):
        if name in node.attributes:
            return [np.asarray(node.attributes[name])]
    raise InvalidCircuit("its value is of a kind that is not read; numbers are")


SHAPES: dict[str, Operator] = {
    "Cast": _cast,
    "Concat": _concat,
    "Constant": _constant,
    "ConstantOfShape": _constant_of_shape,
    "Dropout": _dropout,
    "Expand": _expand,
    "Flatten": _flatten,
    "Gather": _gather,
    "Identity": _identity,
    "Reshape": _reshape,
    "Shape": _shape,
    "Slice": _slice,
    "Split": _split,
    "Squeeze": _squeeze,
    "Transpose": _transpose,
    "Unsqueeze": _unsqueeze,
}
