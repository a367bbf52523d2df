"""Keras models in HDF5 files (`.h5`, `.hdf5`): Dense layers in sequence with piecewise-linear activations.

Only the configuration and the weights are read, by h5py; nothing of Keras is run.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from symcircuits.circuits.affine import exact
from symcircuits.circuits.network import Network
from symcircuits.errors import InvalidCircuit
from symcircuits.formats.files import extra, read_bytes
from symcircuits.formats.sequence import Affine, Clamp, Leaky, Step, assemble

ACTIVATIONS: dict[str, tuple[Step, ...]] = {
    "linear": (),
    "relu": (Leaky(Fraction(0)),),
    "relu6": (Clamp(Fraction(0), Fraction(6)),),
}
LIMIT = 1 << 24
"""The most numbers of one weight array."""
SHAPE_ONLY = {"InputLayer", "Flatten", "Dropout", "ActivityRegularization", "GaussianNoise", "GaussianDropout"}
WRAPPERS = {"Sequential", "Model", "Functional"}


def read_keras(path: str | os.PathLike[str]) -> Network:
    """The network of a Keras file; raises `InvalidCircuit` with the layer that is not piecewise linear or not known."""
    h5py = extra("h5py", "keras")
    read_bytes(path)
    try:
        with h5py.File(path, "r") as file:
            return assemble(Path(path).stem, list(_steps(file, str(path))))
    except InvalidCircuit:
        raise
    except (OSError, KeyError, RuntimeError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise InvalidCircuit(f"{path} is not a whole Keras file: {error}") from None


def _steps(file: Any, place: str) -> Iterator[Step]:
    text = file.attrs.get("model_config")
    if text is None:
        raise InvalidCircuit(f"{place} has no model_config; save the whole model, not its weights alone")
    model = json.loads(text.decode("utf-8") if isinstance(text, bytes) else text)
    if model.get("class_name") not in WRAPPERS:
        raise InvalidCircuit(f"{place}: a model of class {model.get('class_name')!r} is not read; Sequential is")
    config = model["config"]
    layers = config if isinstance(config, list) else config["layers"]
    _check_sequence(layers, place)
    _check_ends(config, layers, place)
    weights = file.get("model_weights", file)
    for layer in layers:
        yield from _layer_steps(layer, weights, place)


def _check_sequence(layers: list[dict[str, Any]], place: str) -> None:
    """Refuse graphs: each layer must read the one before it, and the input comes once."""
    before = None
    for layer in layers:
        name = layer["config"]["name"]
        nodes = layer.get("inbound_nodes")
        if nodes:
            text = json.dumps(nodes)
            sources = {other["config"]["name"] for other in layers if f'"{other["config"]["name"]}"' in text}
            if len(nodes) != 1 or sources - {name} != {before}:
                raise InvalidCircuit(
                    f"{place}: the layer {name} does not read just the layer before; branches are not read"
                )
        elif nodes is not None and before is not None:
            raise InvalidCircuit(f"{place}: the layer {name} is a second input; one is read")
        before = name


def _check_ends(config: Any, layers: list[dict[str, Any]], place: str) -> None:
    """Refuse outputs that are not the last layer's, and inputs of more axes that no Flatten puts in a row."""
    ends = json.dumps(config.get("output_layers") if isinstance(config, dict) else None)
    if ends != "null" and f'"{layers[-1]["config"]["name"]}"' not in ends:
        raise InvalidCircuit(f"{place}: the output is not that of the last layer, {layers[-1]['config']['name']}")
    for layer in layers:
        shape = layer["config"].get("batch_input_shape") or layer["config"].get("batch_shape") or ()
        flattens = [each["class_name"] for each in layers if each["class_name"] in ("Flatten", "Dense")]
        if len(shape) > 2 and flattens[:1] != ["Flatten"]:
            raise InvalidCircuit(f"{place}: inputs of shape {shape[1:]} need a Flatten layer before the first Dense")


def _layer_steps(layer: dict[str, Any], weights: Any, place: str) -> Iterator[Step]:
    kind, config = layer["class_name"], layer["config"]
    where = f"{place}, layer {config['name']}"
    if kind in SHAPE_ONLY:
        return
    if kind == "Dense":
        kernel, bias = _arrays(weights, config["name"], bool(config.get("use_bias", True)), where)
        yield Affine(kernel.T, bias)
        yield from _activation(config.get("activation") or "linear", where)
    elif kind == "Activation":
        yield from _activation(config["activation"], where)
    elif kind == "ReLU":
        yield from _relu(config, where)
    elif kind == "LeakyReLU":
        yield Leaky(_number(config.get("negative_slope", config.get("alpha", 0.3)), where))
    else:
        known = ", ".join(["Dense", "Activation", "ReLU", "LeakyReLU", *sorted(SHAPE_ONLY)])
        raise InvalidCircuit(f"{where}: layers of class {kind} are not read; these are: {known}")


def _activation(name: Any, where: str) -> tuple[Step, ...]:
    if not isinstance(name, str) or name not in ACTIVATIONS:
        raise InvalidCircuit(f"{where}: the activation {name!r} is not read; these are: {', '.join(ACTIVATIONS)}")
    return ACTIVATIONS[name]


def _relu(config: dict[str, Any], where: str) -> tuple[Step, ...]:
    slope, threshold = (_number(config.get(key) or 0.0, where) for key in ("negative_slope", "threshold"))
    top = config.get("max_value")
    if threshold:
        raise InvalidCircuit(f"{where}: a ReLU with threshold {threshold} is not continuous; only 0 is read")
    if top is None:
        return (Leaky(slope),)
    if slope:
        raise InvalidCircuit(f"{where}: a ReLU with both max_value and negative_slope is not read")
    return (Clamp(Fraction(0), _number(top, where)),)


def _number(value: Any, where: str) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidCircuit(f"{where}: {value!r} is not a number")
    return exact(value)


def _arrays(weights: Any, name: str, has_bias: bool, where: str) -> tuple[Any, Any]:
    group = weights[name]
    names = [each.decode() if isinstance(each, bytes) else str(each) for each in group.attrs["weight_names"]]
    if len(names) != 1 + has_bias:
        raise InvalidCircuit(
            f"{where}: {len(names)} weight arrays; a kernel{' and a bias' if has_bias else ''} is needed"
        )
    arrays = []
    for each in names:
        stored = group[each]
        if stored.external or stored.is_virtual or stored.file.filename != weights.file.filename:
            raise InvalidCircuit(f"{where}: {each} is kept in another file; that is not read")
        if stored.size > LIMIT or stored.dtype.kind != "f" or stored.dtype.itemsize > 8:
            raise InvalidCircuit(f"{where}: {each} of shape {stored.shape} and type {stored.dtype} is not read")
        arrays.append(np.asarray(stored[()], dtype=np.float64))
    kernel = arrays[0]
    return kernel, arrays[1] if has_bias else np.zeros(kernel.shape[-1])
