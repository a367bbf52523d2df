"""ONNX operators that slide a window over the spatial axes: convolution and pooling."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from symcircuits.errors import InvalidCircuit
from symcircuits.formats.onnx_node import Node, Operator
from symcircuits.formats.tensor import PRODUCTS, as_forms, check_products, check_size, filled, integers_of
from symcircuits.formats.wiring import ZERO, Form, combination

Array = np.ndarray[Any, Any]


class Windows(NamedTuple):
    """By spatial axis: number of windows, and for each the places it covers; those outside the tensor are padding."""

    shape: tuple[int, ...]
    places: tuple[tuple[tuple[int, ...], ...], ...]


def windows(node: Node, spatial: Sequence[int], kernel: Sequence[int]) -> Windows:
    """The windows that the attributes of a node describe; raises `InvalidCircuit` if they do not fit the shape."""
    rank = len(spatial)
    strides, dilations = (list(node.attributes.get(name, [1] * rank)) for name in ("strides", "dilations"))
    if not len(kernel) == len(strides) == len(dilations) == rank:
        raise InvalidCircuit(f"its kernel {list(kernel)}, strides and dilations do not fit {rank} spatial axes")
    if min([*kernel, *strides, *dilations]) < 1:
        raise InvalidCircuit("its kernel, strides and dilations must be positive")
    spans = [(k - 1) * d + 1 for k, d in zip(kernel, dilations, strict=True)]
    pads = _pads(node, spatial, strides, spans)
    check_size([size + a + b for size, (a, b) in zip(spatial, pads, strict=True)])
    places = []
    for size, k, stride, dilation, span, (begin, end) in zip(
        spatial, kernel, strides, dilations, spans, pads, strict=True
    ):
        room = size + begin + end - span
        count = (-(-room // stride) if node.attributes.get("ceil_mode") else room // stride) + 1
        # A window of ceil_mode must start inside the tensor or its padding in front.
        if node.attributes.get("ceil_mode") and (count - 1) * stride >= size + begin:
            count -= 1
        if room < 0 or count < 1:
            raise InvalidCircuit(f"a kernel of span {span} does not fit an axis of size {size}")
        check_size((count, k))
        places.append(tuple(tuple(at * stride - begin + j * dilation for j in range(k)) for at in range(count)))
    return Windows(tuple(map(len, places)), tuple(places))


def _pads(node: Node, spatial: Sequence[int], strides: Sequence[int], spans: Sequence[int]) -> list[tuple[int, int]]:
    """The padding before and after each spatial axis."""
    mode, rank = node.attributes.get("auto_pad", "NOTSET"), len(spatial)
    if mode in ("SAME_UPPER", "SAME_LOWER") and any(d != 1 for d in node.attributes.get("dilations", [])):
        raise InvalidCircuit(f"auto_pad {mode} with dilations is read differently by runtimes; write pads instead")
    if mode in ("SAME_UPPER", "SAME_LOWER"):
        totals = [
            max((-(-size // stride) - 1) * stride + span - size, 0)
            for size, stride, span in zip(spatial, strides, spans, strict=True)
        ]
        small = [(total // 2, total - total // 2) for total in totals]
        return small if mode == "SAME_UPPER" else [(b, a) for a, b in small]
    if mode not in ("NOTSET", "VALID"):
        raise InvalidCircuit(f"its auto_pad {mode!r} is not known")
    pads = list(node.attributes.get("pads", [0] * 2 * rank)) if mode == "NOTSET" else [0] * 2 * rank
    if len(pads) != 2 * rank or min(pads) < 0:
        raise InvalidCircuit(f"its pads {pads} do not fit {rank} spatial axes")
    return list(zip(pads[:rank], pads[rank:], strict=True))


def _covered(image: Array, places: Windows, at: Sequence[int]) -> list[Form | None]:
    """The forms that one window covers, None for padding."""
    rows = [axis[i] for axis, i in zip(places.places, at, strict=True)]
    return [
        image[each] if all(0 <= i < size for i, size in zip(each, image.shape, strict=True)) else None
        for each in product(*rows)
    ]


def _spatial(node: Node) -> Array:
    value = node.value(0)
    if not 3 <= value.ndim <= 5:
        raise InvalidCircuit(f"it needs a batch, channels and 1 to 3 spatial axes; the shape is {value.shape}")
    return as_forms(value)


def _conv(node: Node) -> Sequence[Array]:
    image, filters, bias = _spatial(node), node.value(1), node.optional(2)
    groups = int(node.attributes.get("group", 1))
    if groups < 1 or filters.ndim != image.ndim or filters.shape[0] % groups or not filters.size:
        raise InvalidCircuit(f"filters of shape {filters.shape} do not fit {groups} groups and shape {image.shape}")
    if filters.shape[1] * groups != image.shape[1]:
        raise InvalidCircuit(f"filters of shape {filters.shape} do not fit {image.shape[1]} channels")
    kernel = node.attributes.get("kernel_shape", list(filters.shape[2:]))
    if list(kernel) != list(filters.shape[2:]):
        raise InvalidCircuit(f"its kernel_shape {list(kernel)} does not fit filters of shape {filters.shape}")
    if bias is not None and bias.shape != filters.shape[:1]:
        raise InvalidCircuit(f"a bias of shape {bias.shape} does not fit {filters.shape[0]} filters")
    places = windows(node, image.shape[2:], kernel)
    check_products(image, math.prod(kernel) * len(filters) // groups)
    check_size((image.shape[0], filters.size, *places.shape), PRODUCTS)
    shifts = [ZERO] * len(filters) if bias is None else list(as_forms(bias))
    made = [form for sample in image for form in _convolved(sample, filters, shifts, groups, places)]
    return [filled((image.shape[0], len(filters), *places.shape), made)]


def _convolved(sample: Array, filters: Array, shifts: Sequence[Form], groups: int, places: Windows) -> list[Form]:
    """The outputs for one sample: by filter, then by window."""
    size, each = filters.shape[1], len(filters) // groups
    made: list[Form] = []
    for place, (numbers, below) in enumerate(integers_of(flat.reshape(-1)) for flat in filters):
        channels = sample[place // each * size : (place // each + 1) * size]
        for at in np.ndindex(places.shape):
            covered = [form for channel in channels for form in _covered(channel, places, at)]
            items = ((c, form) for c, form in zip(numbers, covered, strict=True) if form is not None)
            made.append(combination([(1, combination(items, 0, below)), (1, shifts[place])]))
    return made


def _kernel(node: Node) -> list[int]:
    if "kernel_shape" not in node.attributes:
        raise InvalidCircuit("its kernel_shape is missing")
    return list(node.attributes["kernel_shape"])


def _max_pool(node: Node) -> Sequence[Array]:
    node.only(storage_order=0)
    if node.outputs > 1:
        raise InvalidCircuit("its second output, the indices, is not continuous; only the values are read")
    image = _spatial(node)
    places = windows(node, image.shape[2:], _kernel(node))
    check_size((*image.shape[:2], *places.shape, math.prod(_kernel(node))))
    check_products(image, math.prod(_kernel(node)))
    made: list[Form] = []
    for channel in image.reshape(-1, *image.shape[2:]):
        for at in np.ndindex(places.shape):
            inside = [form for form in _covered(channel, places, at) if form is not None]
            if not inside:
                raise InvalidCircuit("a window lies in the padding alone")
            made.append(node.wiring.largest(inside))
    return [filled((*image.shape[:2], *places.shape), made)]


def _average_pool(node: Node) -> Sequence[Array]:
    node.only(ceil_mode=0)
    image, kernel = _spatial(node), _kernel(node)
    places = windows(node, image.shape[2:], kernel)
    check_size((*image.shape[:2], *places.shape, math.prod(kernel)))
    check_products(image, math.prod(kernel))
    made: list[Form] = []
    for channel in image.reshape(-1, *image.shape[2:]):
        for at in np.ndindex(places.shape):
            inside = [(1, form) for form in _covered(channel, places, at) if form is not None]
            count = math.prod(kernel) if node.attributes.get("count_include_pad") else len(inside)
            if not count:
                raise InvalidCircuit("a window lies in the padding alone")
            made.append(combination(inside, 0, count))
    return [filled((*image.shape[:2], *places.shape), made)]


def _global(node: Node, is_mean: bool) -> Sequence[Array]:
    image = _spatial(node)
    rows = image.reshape(image.shape[0] * image.shape[1], -1)
    if not rows.size:
        raise InvalidCircuit(f"the shape {image.shape} has no values to pool")
    made = [
        combination([(1, form) for form in row], 0, len(row)) if is_mean else node.wiring.largest(list(row))
        for row in rows
    ]
    return [filled((*image.shape[:2], *([1] * (image.ndim - 2))), made)]


WINDOWS: dict[str, Operator] = {
    "AveragePool": _average_pool,
    "Conv": _conv,
    "GlobalAveragePool": lambda node: _global(node, True),
    "GlobalMaxPool": lambda node: _global(node, False),
    "MaxPool": _max_pool,
}
