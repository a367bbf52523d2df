"""ONNX models: the graph is run on affine forms of wires, exactly; each Relu makes wires.

Weights are the binary rationals that they are, and arithmetic on them is that of the reals: the network that is read
is the function that the graph denotes, not what a runtime computes with rounding. One value is rounded, to float64:
the factor of BatchNormalization, where its root is irrational. A free first axis is a batch of 1; all other sizes must
be fixed. Inputs are x1, x2, ... in the order of the graph's inputs and, within one, row by row; so are the outputs. A
model that `to_onnx` made keeps the names of its inputs and its box.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from symcircuits.circuits.network import Network
from symcircuits.errors import InvalidCircuit
from symcircuits.formats.files import extra, read_bytes
from symcircuits.formats.onnx_arithmetic import ARITHMETIC
from symcircuits.formats.onnx_node import Node
from symcircuits.formats.onnx_shapes import SHAPES
from symcircuits.formats.onnx_windows import WINDOWS
from symcircuits.formats.onnx_write import METADATA
from symcircuits.formats.tensor import as_forms, check_size, filled, size_of
from symcircuits.formats.wiring import Wiring
from symcircuits.kernel.certificate import is_name
from symcircuits.kernel.number import rational_from_text

Array = np.ndarray[Any, Any]
OPERATORS = {**ARITHMETIC, **SHAPES, **WINDOWS}
INPUTS, NODES, WEIGHTS = 1 << 18, 100_000, 1 << 26
"""The most inputs and operators of a model that is read, and weights of all values that its graph computes."""
OLDEST = 7
"""The first version of the operators in which tensors broadcast as in NumPy."""
FAULTS = (ValueError, TypeError, IndexError, KeyError, OverflowError, AttributeError, MemoryError, ZeroDivisionError)


def read_onnx(path: str | os.PathLike[str]) -> Network:
    """The network of an ONNX file; raises `InvalidCircuit` with the operator and the node that are not read.

    Tensors kept in other files are refused. Raises `MissingExtra` if the package onnx is absent.
    """
    onnx = extra("onnx", "onnx")
    protobuf = extra("google.protobuf.message", "onnx")
    content = read_bytes(path)
    try:
        model = onnx.load_model_from_string(content)
    except (protobuf.DecodeError, ValueError, RuntimeError, RecursionError) as error:
        raise InvalidCircuit(f"{path} is not a whole ONNX file: {error}") from None
    return from_onnx(model, Path(path).stem, str(path))


def from_onnx(model: Any, name: str = "network", place: str = "the model") -> Network:
    """The network of a model that the package onnx has loaded."""
    graph = model.graph
    _check_version(model, place)
    if len(graph.node) > NODES:
        raise InvalidCircuit(f"{place}: the graph has {len(graph.node)} operators; at most {NODES} are read")
    if not graph.output:
        raise InvalidCircuit(f"{place}: the graph has no outputs; was the file written to the end?")
    values = _constants(graph, place)
    shapes = {each.name: _input_shape(each, place) for each in graph.input if each.name not in values}
    count = sum(math.prod(shape) for shape in shapes.values())
    if count > INPUTS:
        raise InvalidCircuit(f"{place}: {count} inputs are too many; at most {INPUTS} are read")
    wiring = Wiring([f"x{at}" for at in range(1, count + 1)])
    start = 0
    for key, shape in shapes.items():
        size = math.prod(shape)
        values[key] = filled(shape, wiring.forms[start : start + size])
        start += size
    room = WEIGHTS
    for node in _in_order(graph, values, place):
        made = _run(node, values, wiring, place)
        room -= sum(size_of(each.flat) for each in made if each.dtype == object)
        if room < 0:
            raise InvalidCircuit(f"{place}, {_title(node)}: the values so far have more than {WEIGHTS} weights in all")
        values.update((key, value) for key, value in zip(node.output, made, strict=False) if key)
    outputs = [form for each in graph.output for form in as_forms(values[each.name]).reshape(-1)]
    return _with_metadata(wiring.network(name, outputs), model)


def _with_metadata(network: Network, model: Any) -> Network:
    """The network with the names of its inputs and its box, if the model keeps them as `to_onnx` does."""
    text = next((each.value for each in model.metadata_props if each.key == METADATA), "{}")
    try:
        data = json.loads(text)
        names = tuple(map(str, data["inputs"]))
        sides = data.get("box")
        box = (
            None if sides is None else tuple((rational_from_text(low), rational_from_text(high)) for low, high in sides)
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return network
    fits = len(set(names)) == len(names) == len(network.inputs) and all(map(is_name, names))
    known = box is None or (len(box) == len(network.inputs) and all(low <= high for low, high in box))
    return replace(network, inputs=names, box=box) if fits and known else network


def _check_version(model: Any, place: str) -> None:
    """Refuse versions whose operators mean something else, and models that define their own."""
    if any(each.domain in ("", "ai.onnx") for each in model.functions):
        raise InvalidCircuit(f"{place}: the model redefines operators of ONNX; that is not read")
    opset = max((each.version for each in model.opset_import if each.domain in ("", "ai.onnx")), default=0)
    if opset < OLDEST:
        raise InvalidCircuit(
            f"{place}: operators of version {opset} are not read; convert the model to {OLDEST} or later"
        )


def _constants(graph: Any, place: str) -> dict[str, Array]:
    if graph.sparse_initializer:
        raise InvalidCircuit(f"{place}: sparse initializers are not read; store dense ones")
    return {each.name: _array(each, f"{place}, initializer {each.name!r}") for each in graph.initializer}


def _array(tensor: Any, place: str) -> Array:
    """The numbers of a stored tensor; floats as float64, which holds them exactly."""
    onnx, numpy_helper = extra("onnx", "onnx"), extra("onnx.numpy_helper", "onnx")
    if tensor.data_location == onnx.TensorProto.EXTERNAL or tensor.external_data:
        raise InvalidCircuit(f"{place}: its numbers are kept in another file; store them in the model")
    try:
        check_size(tensor.dims)
        array = np.asarray(numpy_helper.to_array(tensor))
    except FAULTS as error:
        raise InvalidCircuit(f"{place}: its numbers do not fit its shape {list(tensor.dims)}: {error}") from None
    if array.dtype.kind in "iub":
        return array if array.dtype.kind == "b" else array.astype(np.int64)
    try:
        floats = array.astype(np.float64)
    except (TypeError, ValueError):
        raise InvalidCircuit(f"{place}: {array.dtype} is not a type of real numbers") from None
    if array.dtype.kind == "c" or not np.isfinite(floats).all():
        raise InvalidCircuit(f"{place}: a number is not finite and real")
    return floats


def _input_shape(value: Any, place: str) -> tuple[int, ...]:
    onnx = extra("onnx", "onnx")
    kind, where = value.type.tensor_type, f"{place}, input {value.name!r}"
    if not value.type.HasField("tensor_type") or not kind.HasField("shape"):
        raise InvalidCircuit(f"{where}: a tensor of fixed shape is needed; export the model with one")
    if kind.elem_type not in (onnx.TensorProto.FLOAT, onnx.TensorProto.DOUBLE, onnx.TensorProto.FLOAT16):
        raise InvalidCircuit(f"{where}: its type must be float; integers have no affine forms")
    sizes = [each.dim_value if each.HasField("dim_value") else 0 for each in kind.shape.dim]
    shape = tuple(1 if at == 0 and size <= 0 else size for at, size in enumerate(sizes))
    if any(size < 1 for size in shape):
        raise InvalidCircuit(f"{where}: only the first axis may have a free size; the sizes are {sizes}")
    if math.prod(shape) > INPUTS:
        raise InvalidCircuit(f"{where}: the shape {shape} is too large; at most {INPUTS} inputs are read")
    return shape


def _in_order(graph: Any, known: Iterable[str], place: str) -> list[Any]:
    """The nodes that the outputs need, each after those that it reads; raises `InvalidCircuit` for a cycle."""
    producer: dict[str, int] = {}
    for at, node in enumerate(graph.node):
        for output in filter(None, node.output):
            if output in producer or output in known:
                raise InvalidCircuit(f"{place}: the value {output!r} is made twice")
            producer[output] = at
    order: list[Any] = []
    state: dict[int, bool] = {}
    for output in graph.output:
        if output.name in known:
            continue
        stack = [(_producer(output.name, producer, place), False)]
        while stack:
            at, entered = stack.pop()
            if entered:
                state[at] = True
                order.append(graph.node[at])
            elif state.get(at) is False:
                raise InvalidCircuit(f"{place}: the graph has a cycle through {_title(graph.node[at])}")
            elif at not in state:
                state[at] = False
                stack.append((at, True))
                needed = [key for key in graph.node[at].input if key and key not in known]
                below = [_producer(key, producer, place) for key in needed]
                if any(state.get(each) is False for each in below):
                    raise InvalidCircuit(f"{place}: the graph has a cycle through {_title(graph.node[at])}")
                stack.extend((each, False) for each in below if each not in state)
    return order


def _producer(value: str, producer: dict[str, int], place: str) -> int:
    if value not in producer:
        raise InvalidCircuit(f"{place}: nothing makes the value {value!r}; was the file written to the end?")
    return producer[value]


def _title(node: Any) -> str:
    return f"{node.op_type} {node.name or '-> ' + ', '.join(node.output)!s}"


def _run(node: Any, values: dict[str, Array], wiring: Wiring, place: str) -> Sequence[Array]:
    """The outputs of one operator."""
    where = f"{place}, {_title(node)}"
    if node.domain not in ("", "ai.onnx") or node.op_type not in OPERATORS:
        domain = f" of {node.domain}" if node.domain else ""
        raise InvalidCircuit(f"{where}: the operator {node.op_type}{domain} is not read; these are: {_known()}")
    attributes = {each.name: _attribute(each, where) for each in node.attribute}
    inputs = tuple(values[key] if key else None for key in node.input)
    try:
        made = OPERATORS[node.op_type](Node(inputs, attributes, wiring, len(node.output)))
    except InvalidCircuit as error:
        raise InvalidCircuit(f"{where}: {error}") from None
    except FAULTS as error:
        raise InvalidCircuit(f"{where}: its inputs and attributes do not fit: {error}") from None
    if len(made) < len([key for key in node.output if key]):
        raise InvalidCircuit(f"{where}: only its first {len(made)} outputs are read")
    return made


def _known() -> str:
    return ", ".join(sorted(OPERATORS))


def _attribute(attribute: Any, place: str) -> Any:
    onnx = extra("onnx", "onnx")
    kind = attribute.type
    if kind == onnx.AttributeProto.TENSOR:
        return _array(attribute.t, f"{place}, {attribute.name}")
    if kind == onnx.AttributeProto.STRING:
        return attribute.s.decode("utf-8", "replace")
    if kind in (onnx.AttributeProto.INT, onnx.AttributeProto.INTS):
        return attribute.i if kind == onnx.AttributeProto.INT else list(attribute.ints)
    if kind in (onnx.AttributeProto.FLOAT, onnx.AttributeProto.FLOATS):
        numbers = [attribute.f] if kind == onnx.AttributeProto.FLOAT else list(attribute.floats)
        # An old Clip has infinite bounds where it has none; elsewhere infinity denotes no network.
        if not all(map(math.isfinite, numbers)) and attribute.name not in ("min", "max"):
            raise InvalidCircuit(f"{place}: its attribute {attribute.name} is not finite")
        return numbers[0] if kind == onnx.AttributeProto.FLOAT else numbers
    raise InvalidCircuit(f"{place}: its attribute {attribute.name} is neither numbers nor text")
