"""Networks as ONNX models: a Gemm and a Relu for each layer, after Concat and Gather where it reads older wires."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from symcircuits.circuits.floats import float_arrays
from symcircuits.circuits.network import Network
from symcircuits.formats.files import extra
from symcircuits.kernel.number import rational_to_text

OPSET, IR = 13, 8
"""Versions that runtimes since 2021 read."""
METADATA = "symcircuits.network"
"""The key, among a model's own, of the text that keeps the names of the inputs and the box."""


def to_onnx(network: Network, precision: str = "float32") -> Any:
    """The model with input `input` of shape (batch, inputs) and output `output`, the weights rounded to floats.

    Raises `MissingExtra` if the package onnx is absent.
    """
    onnx = extra("onnx", "onnx")
    kind = onnx.TensorProto.FLOAT if precision == "float32" else onnx.TensorProto.DOUBLE
    nodes: list[Any] = []
    constants: list[Any] = []
    wires, count = ["input"], len(network.inputs)
    for at, layer in enumerate(network.layers, start=1):
        weights, bias = float_arrays(layer, precision)
        constants += [onnx.numpy_helper.from_array(each, f"{key}{at}") for key, each in (("W", weights), ("b", bias))]
        read = wires[-1]
        before = tuple(range(count - _last(network, at), count))
        if not layer.sources:
            # Runtimes do not take matrices without columns.
            constants[-2] = onnx.numpy_helper.from_array(np.zeros((len(bias), len(before)), bias.dtype), f"W{at}")
        elif layer.sources != before:
            read = f"read{at}"
            indices = onnx.numpy_helper.from_array(np.array(layer.sources, dtype=np.int64), f"sources{at}")
            constants.append(indices)
            nodes.append(onnx.helper.make_node("Concat", wires, [f"wires{at}"], f"concat{at}", axis=1))
            nodes.append(onnx.helper.make_node("Gather", [f"wires{at}", f"sources{at}"], [read], f"gather{at}", axis=1))
        is_last = at == len(network.layers)
        made = "output" if is_last else f"sum{at}"
        nodes.append(onnx.helper.make_node("Gemm", [read, f"W{at}", f"b{at}"], [made], f"gemm{at}", transB=1))
        if not is_last:
            nodes.append(onnx.helper.make_node("Relu", [made], [f"layer{at}"], f"relu{at}"))
            wires.append(f"layer{at}")
            count += len(layer.bias)
    ends = [("input", len(network.inputs)), ("output", len(network.layers[-1].bias))]
    infos = [onnx.helper.make_tensor_value_info(key, kind, ["batch", size]) for key, size in ends]
    graph = onnx.helper.make_graph(nodes, network.name or "network", infos[:1], infos[1:], constants)
    opsets = [onnx.helper.make_opsetid("", OPSET)]
    model = onnx.helper.make_model(graph, opset_imports=opsets, ir_version=IR, producer_name="symcircuits")
    onnx.helper.set_model_props(model, {METADATA: metadata(network)})
    onnx.checker.check_model(model)
    return model


def metadata(network: Network) -> str:
    """The names of the inputs, and the box if there is one, as JSON.

    >>> from symcircuits.circuits.network import network
    >>> metadata(network("half", ["u"], [([["1/2"]], [0])], box=[(0, "1/3")]))
    '{"inputs": ["u"], "box": [["0", "1/3"]]}'
    """
    data: dict[str, Any] = {"inputs": list(network.inputs)}
    if network.box is not None:
        data["box"] = [[rational_to_text(bound) for bound in side] for side in network.box]
    return json.dumps(data)


def _last(network: Network, at: int) -> int:
    """The number of wires of the layer before layer `at`, counted from 1."""
    return len(network.inputs) if at == 1 else len(network.layers[at - 2].bias)
