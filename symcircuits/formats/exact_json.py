"""Our own format: JSON with rationals as text, for any network, exactly.

    {"format": "symcircuits network", "version": 1, "name": "min", "inputs": ["a", "b"],
     "layers": [{"sources": [0, 1], "weights": [["1", "-1"], ...], "bias": ["0", ...]}, ...],
     "box": [["-1", "1"], ["0", "1/3"]]}

Hidden layers end in relu, the last layer is the output. Sources number the wires that a layer reads: the inputs, then
the neurons of each hidden layer; without them a layer reads all wires of the layer before. The box is optional.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from symcircuits.circuits.network import Network, integer_rows
from symcircuits.errors import InvalidCircuit
from symcircuits.formats.files import read_text
from symcircuits.kernel.networks import Layer
from symcircuits.kernel.number import rational_from_text, rational_to_text

FORMAT, VERSION = "symcircuits network", 1
KEYS = {"format", "version", "name", "inputs", "layers", "box"}


def network_to_json(network: Network) -> str:
    """The network as text in this format.

    >>> from symcircuits.circuits.network import network
    >>> print(network_to_json(network("half", ["x"], [([["1/2"]], [0])])))
    {"format": "symcircuits network", "version": 1, "name": "half", "inputs": ["x"],
     "layers": [
      {"sources": [0], "weights": [["1/2"]], "bias": ["0"]}]}
    <BLANKLINE>
    """
    head = {"format": FORMAT, "version": VERSION, "name": network.name, "inputs": network.inputs}
    layers = ",\n".join(f"  {json.dumps(_layer_to_json(layer))}" for layer in network.layers)
    box = [[rational_to_text(side) for side in bound] for bound in network.box or ()]
    tail = "" if network.box is None else f',\n "box": {json.dumps(box)}'
    return f'{json.dumps(head)[:-1]},\n "layers": [\n{layers}]{tail}}}\n'


def _layer_to_json(layer: Layer) -> dict[str, Any]:
    def text(numerator: int, denominator: int) -> str:
        return rational_to_text(Fraction(numerator, denominator))

    rows = zip(layer.weights, layer.denominators, strict=True)
    bias = [text(b, below) for b, below in zip(layer.bias, layer.denominators, strict=True)]
    return {"sources": layer.sources, "weights": [[text(w, below) for w in row] for row, below in rows], "bias": bias}


def read_json(path: str | os.PathLike[str]) -> Network:
    """The network of a file in this format; raises `InvalidCircuit` with the part that does not fit."""
    try:
        value = json.loads(read_text(path))
    except InvalidCircuit:
        raise
    except (ValueError, RecursionError) as error:
        raise InvalidCircuit(f"{path} is not JSON: {error}") from None
    return network_from_json(value, str(path))


def network_from_json(value: Any, place: str = "the network") -> Network:
    """The network of an object in this format; raises `InvalidCircuit` that names the place."""
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise InvalidCircuit(f'{place}: an object with "format": "{FORMAT}" is needed')
    if type(value.get("version")) is not int or value["version"] != VERSION:
        raise InvalidCircuit(f"{place}: version {value.get('version')!r} is not known; version {VERSION} is")
    strangers = sorted(value.keys() - KEYS)
    if strangers:
        raise InvalidCircuit(f"{place}: the key {strangers[0]!r} is not known; the keys are {', '.join(sorted(KEYS))}")
    inputs = _list(value.get("inputs"), f"{place}, inputs")
    name = value.get("name")
    if not isinstance(name, str) or not all(isinstance(each, str) for each in inputs):
        raise InvalidCircuit(f"{place}: the name and the inputs must be texts")
    if len(set(inputs)) < len(inputs):
        raise InvalidCircuit(f"{place}: two inputs have the same name")
    layers: list[Layer] = []
    before = range(len(inputs))
    for at, layer in enumerate(_list(value.get("layers"), f"{place}, layers"), start=1):
        layers.append(_layer_from_json(layer, before, f"{place}, layer {at}"))
        before = range(before.stop, before.stop + len(layers[-1].weights))
    return Network(name, tuple(inputs), tuple(layers), _box(value.get("box"), len(inputs), place))


def _layer_from_json(value: Any, before: range, place: str) -> Layer:
    if not isinstance(value, dict):
        raise InvalidCircuit(f"{place}: an object with weights and bias is needed")
    rows = [_rationals(row, f"{place}, row {at}") for at, row in enumerate(_list(value.get("weights"), place), start=1)]
    weights, bias, below = integer_rows(rows, _rationals(value.get("bias"), f"{place}, bias"), place)
    sources = _list(value["sources"], f"{place}, sources") if "sources" in value else list(before)
    if not all(type(each) is int and each >= 0 for each in sources) or sorted(set(sources)) != sources:
        raise InvalidCircuit(f"{place}: sources must be increasing numbers of wires, from 0")
    return Layer(tuple(sources), weights, bias, below)


def _box(value: Any, count: int, place: str) -> tuple[tuple[Fraction, Fraction], ...] | None:
    if value is None:
        return None
    bounds = [_rationals(bound, f"{place}, box") for bound in _list(value, f"{place}, box")]
    if len(bounds) != count or any(len(bound) != 2 or bound[0] > bound[1] for bound in bounds):
        raise InvalidCircuit(f"{place}: the box needs a pair low <= high for each of the {count} inputs")
    return tuple((low, high) for low, high in bounds)


def _list(value: Any, place: str) -> list[Any]:
    if not isinstance(value, list):
        kind = "an object" if isinstance(value, Mapping) else "nothing" if value is None else repr(value)[:40]
        raise InvalidCircuit(f"{place}: a list is needed, not {kind}")
    return value


def _rationals(value: Any, place: str) -> list[Fraction]:
    texts = _list(value, place)
    try:
        if all(isinstance(text, str) for text in texts):
            return [rational_from_text(text) for text in texts]
    except ValueError as error:
        raise InvalidCircuit(f"{place}: {error}") from None
    raise InvalidCircuit(f'{place}: numbers are texts such as "1/3", so that they are exact')
