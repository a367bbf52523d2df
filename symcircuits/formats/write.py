"""Networks to files, by the ending of the name, with a report of what was rounded.

>>> import tempfile
>>> from symcircuits.circuits.network import network
>>> third = network("third", ["x"], [([["1/3"]], [0])], box=[(0, 3)])
>>> with tempfile.TemporaryDirectory() as folder:
...     print(write_network(third, f"{folder}/third.json"))
...     print(write_network(third, f"{folder}/third.npz"))
third.json: no weight was changed
third.npz: 1 of 2 weights was rounded; on the box no output changes by more than 5.56e-17
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_UP, Context, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from symcircuits.circuits.floats import float_arrays, precision_of, rounded, rounding_error
from symcircuits.circuits.network import Network, integer_rows
from symcircuits.errors import InvalidCircuit
from symcircuits.formats.arrays import npz_bytes
from symcircuits.formats.exact_json import network_to_json
from symcircuits.formats.files import check_output, write_whole
from symcircuits.formats.nnet import decimal_value, nnet_text
from symcircuits.formats.onnx_write import to_onnx
from symcircuits.formats.pytorch import torch_bytes
from symcircuits.kernel.networks import Layer


@dataclass(frozen=True)
class Export:
    """What was written: the network that the file denotes, how many weights differ from those that were given, and
    for each output a bound on what that changes on the box, in real arithmetic; None without a box."""

    path: Path
    written: Network
    weights: int
    changed: int
    errors: tuple[Fraction, ...] | None

    def __str__(self) -> str:
        if not self.changed:
            return f"{self.path.name}: no weight was changed"
        verb = "was" if self.changed == 1 else "were"
        start = f"{self.path.name}: {self.changed} of {self.weights} weights {verb} rounded"
        if self.errors is None:
            return f"{start}; give a box for a bound on what that changes"
        return f"{start}; on the box no output changes by more than {_upward(max(self.errors, default=Fraction(0)))}"


def _upward(value: Fraction) -> str:
    """Three digits, rounded up, so that what is printed is a bound."""
    context = Context(prec=3, rounding=ROUND_UP)
    scaled = context.divide(Decimal(value.numerator), Decimal(value.denominator))
    return f"{scaled:.2e}"


class Writer(NamedTuple):
    """The bytes of a network in a precision, the precision if none is asked for, and whether wires may skip layers."""

    content: Callable[[Network, str], bytes]
    precision: str | None
    holds_skips: bool


def _npz(network: Network, precision: str) -> bytes:
    arrays = [float_arrays(layer, precision) for layer in network.layers]
    bounds = None if network.box is None else [[_below(low), -_below(-high)] for low, high in network.box]
    return npz_bytes(arrays, None if bounds is None else np.array(bounds))


def _below(value: Fraction) -> float:
    """The value as a float64, or one just below, so that a box of floats contains the box."""
    try:
        near = float(value)
    except OverflowError:
        near = math.inf
    if math.isfinite(near) and near > value:
        near = math.nextafter(near, -math.inf)
    if not math.isfinite(near):
        raise InvalidCircuit("a bound of the box is too large for floats; scale the network") from None
    return near


WRITERS: dict[str, Writer] = {
    ".nnet": Writer(lambda network, precision: nnet_text(network).encode(), None, False),
    ".onnx": Writer(lambda network, precision: to_onnx(network, precision).SerializeToString(), "float32", True),
    ".npz": Writer(_npz, "float64", False),
    ".json": Writer(lambda network, precision: network_to_json(network).encode(), None, True),
    ".pt": Writer(torch_bytes, "float32", False),
}


def write_network(
    network: Network,
    path: str | os.PathLike[str],
    precision: str | None = None,
    box: Sequence[tuple[Any, Any]] | None = None,
    overwrite: bool = False,
) -> Export:
    """Write the network whole or not at all, in the format that the ending names, and report what was rounded.

    `.json` holds rationals and `.nnet` decimals, unless a precision, "float32" or "float64", rounds them; `.onnx` and
    `.pt` hold float32 and `.npz` float64 unless the other is asked for. The report bounds the error on the box, or on
    the network's own. Raises `InvalidCircuit` if the file exists, unless `overwrite`, for other endings, for weights
    too large, and for skip connections, which only `.onnx` and `.json` hold.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in WRITERS:
        raise InvalidCircuit(f"{path}: the ending {suffix!r} is not written; these are: {', '.join(WRITERS)}")
    writer = WRITERS[suffix]
    if not network.inputs and suffix != ".json":
        raise InvalidCircuit(f"{network.name} has no inputs; only .json holds such a network")
    check_output(path, overwrite)
    if not (writer.holds_skips or network.is_layered):
        raise InvalidCircuit(
            f"{network.name} has skip connections, which {suffix} does not hold; "
            "write carry(network).network of circuits.layered, or .onnx or .json"
        )
    kind = precision or writer.precision
    if kind is not None:
        precision_of(kind)
    written = network if kind is None else rounded(network, kind)
    if suffix == ".nnet":
        written = _in_decimals(written)
    changed = sum(_changed(*pair) for pair in zip(network.layers, written.layers, strict=True))
    bounds = network.box if box is None else box
    none = (Fraction(0),) * len(network.layers[-1].bias)
    errors = none if not changed else None if bounds is None else rounding_error(network, written, bounds)
    write_whole(path, writer.content(written, kind or ""), overwrite)
    total = sum(len(layer.bias) * (len(layer.sources) + 1) for layer in network.layers)
    return Export(Path(path), written, total, changed, errors)


def _in_decimals(network: Network) -> Network:
    """The network whose weights are those that NNet decimals denote."""

    def near(layer: Layer) -> Layer:
        rows = [
            [decimal_value(Fraction(w, below)) for w in (*row, b)]
            for row, b, below in zip(layer.weights, layer.bias, layer.denominators, strict=True)
        ]
        return Layer(layer.sources, *integer_rows([row[:-1] for row in rows], [row[-1] for row in rows], network.name))

    return replace(network, layers=tuple(map(near, network.layers)))


def _changed(layer: Layer, other: Layer) -> int:
    """The number of weights and biases that differ."""
    rows = zip(
        layer.weights, layer.bias, layer.denominators, other.weights, other.bias, other.denominators, strict=True
    )
    return sum(
        v * under != w * below
        for row, b, below, near, shift, under in rows
        for v, w in zip((*row, b), (*near, shift), strict=True)
    )
