"""Lists of NumPy arrays, and `.npz` files of them.

A file holds W1, b1, W2, b2, ... with W of shape (neurons, wires before), or, as read only, one of the variants

    w1/b1, weight1/bias1, weights_1/biases_1, ...   any such names that end in numbers
    fc1.weight/fc1.bias, layers.0.weight/...        names of layers as in PyTorch
    arr_0, arr_1, arr_2, ...                        weights and biases in turn, as `np.savez(path, *arrays)` names them

and `box` of shape (inputs, 2). Between the layers relu is assumed, and the network's note says so. If the matrices only
fit together when transposed, as Keras keeps them, they are.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from symcircuits.circuits.network import Network, network
from symcircuits.errors import InvalidCircuit
from symcircuits.formats.files import LIMIT, read_bytes

Array = np.ndarray[Any, Any]
ASSUMED = "the file does not say what lies between the layers: relu is assumed"
SMALL = 1 << 24
"""Bytes that a file of any size may unpack to; beyond, a hundred times its own size."""
BIASES = re.compile(r"(.*[._/]|^)(b|bias|biases)[._]?([0-9]*)", re.IGNORECASE)
WEIGHTS = re.compile(r"(.*[._/]|^)(w|weight|weights|kernel)[._]?([0-9]*)", re.IGNORECASE)


def from_numpy(
    weights: Sequence[Array], biases: Sequence[Array | None], name: str = "network", box: Array | None = None
) -> Network:
    """The multilayer perceptron of weight matrices (neurons, wires before) and biases, None for zeros.

    Floats are the binary rationals that they are. If the matrices fit together only transposed, they are transposed.

    >>> from_numpy([np.array([[1.0, -1.0]]), np.array([[0.5]])], [None, np.array([1.0])]).run(3, 1)
    (Fraction(2, 1),)
    """
    if not weights or len(weights) != len(biases):
        raise InvalidCircuit(f"{name}: {len(weights)} weight matrices do not fit {len(biases)} biases")
    matrices = [_numeric(matrix, 2, f"{name}, weights {at}") for at, matrix in enumerate(weights, start=1)]
    shifts: list[Array] = []
    for at, (matrix, bias) in enumerate(zip(matrices, biases, strict=True), start=1):
        shifts.append(_numeric(matrix[:0, 0] if bias is None else bias, 1, f"{name}, bias {at}"))
    if not _fit(matrices, shifts) and _fit([matrix.T for matrix in matrices], shifts):
        matrices = [matrix.T for matrix in matrices]
    layers = [(m, b if b.size else np.zeros(len(m), m.dtype)) for m, b in zip(matrices, shifts, strict=True)]
    if box is not None and (box.shape != (matrices[0].shape[1], 2) or box.dtype.kind not in "fiu"):
        raise InvalidCircuit(f"{name}: the box needs a pair low, high for each input; its shape is {box.shape}")
    bounds = None if box is None else [(low, high) for low, high in box.tolist()]
    return network(
        name, [f"x{at}" for at in range(1, matrices[0].shape[1] + 1)], [_common(*pair) for pair in layers], bounds
    )


def _common(matrix: Array, bias: Array) -> tuple[Array | list[list[Any]], Array | list[Any]]:
    """Both as float64 if that holds them exactly, else as lists of numbers."""
    if all(each.dtype.kind == "f" and each.dtype.itemsize <= 8 for each in (matrix, bias)):
        return matrix.astype(np.float64), bias.astype(np.float64)
    return matrix.tolist(), bias.tolist()


def _fit(matrices: Sequence[Array], biases: Sequence[Array]) -> bool:
    rows = all(not bias.size or len(matrix) == len(bias) for matrix, bias in zip(matrices, biases, strict=True))
    return rows and all(a.shape[0] == b.shape[1] for a, b in pairwise(matrices))


def _numeric(array: Any, dimensions: int, place: str) -> Array:
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "fiuO":
        what = getattr(array, "dtype", type(array).__name__)
        raise InvalidCircuit(f"{place}: {what} is not an array of real numbers; give a NumPy array")
    if array.dtype.kind == "f" and array.dtype.itemsize > 8:
        raise InvalidCircuit(f"{place}: {array.dtype} is not read; use float64")
    if dimensions == 1 and array.ndim == 2 and 1 in array.shape:
        array = array.reshape(-1)
    if array.ndim != dimensions:
        raise InvalidCircuit(f"{place}: an array of {dimensions} dimensions is needed; its shape is {array.shape}")
    if array.size == 0 and dimensions == 2:
        raise InvalidCircuit(f"{place}: the array is empty")
    return np.asarray(array)


def read_npz(path: str | os.PathLike[str]) -> Network:
    """The network of an `.npz` file; raises `InvalidCircuit` for other files. Pickles are refused, never loaded."""
    content = read_bytes(path)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
            if size > min(LIMIT, max(SMALL, 100 * len(content))):
                raise InvalidCircuit(f"{path} of {len(content)} bytes claims {size} bytes of arrays; it is not read")
            arrays = {entry.removesuffix(".npy"): _member(archive, entry, path) for entry in archive.namelist()}
    except InvalidCircuit:
        raise
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as error:
        raise InvalidCircuit(f"{path} is not a whole .npz file: {error}") from None
    box = arrays.pop("box", None)
    weights, biases = paired({name: arrays[name] for name in sorted(arrays, key=_natural)}, str(path))
    return replace(from_numpy(weights, biases, Path(path).stem, box), note=ASSUMED)


def _member(archive: zipfile.ZipFile, entry: str, path: str | os.PathLike[str]) -> Array:
    data = archive.read(entry)
    try:
        # A claim of a large shape must not allocate: the header is compared with the bytes first.
        stream = io.BytesIO(data)
        version = np.lib.format.read_magic(stream)
        read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = read_header(stream)
        if dtype.hasobject:
            raise InvalidCircuit(f"{path}, {entry}: pickled objects are not read; save arrays of numbers")
        if int(np.prod([int(n) for n in shape], dtype=object)) * dtype.itemsize != len(data) - stream.tell():
            raise InvalidCircuit(f"{path}, {entry}: shape {shape} does not fit {len(data)} bytes")
        stream.seek(0)
        return np.asarray(np.lib.format.read_array(stream, allow_pickle=False))
    except InvalidCircuit:
        raise
    except (ValueError, TypeError, EOFError, MemoryError, OverflowError, SyntaxError, RecursionError) as error:
        raise InvalidCircuit(f"{path}, {entry}: not an array: {error}") from None


def paired(arrays: Mapping[str, Array], place: str) -> tuple[list[Array], list[Array | None]]:
    """Weights and biases in order of the layers, from arrays in that order, named as this module says.

    Raises `InvalidCircuit` for other names.
    """
    if arrays and all(re.fullmatch(r"arr_[0-9]+", name) for name in arrays):
        ordered = list(arrays.values())
        if len(ordered) % 2:
            raise InvalidCircuit(f"{place}: {len(ordered)} arrays; weights and biases in turn are needed")
        return ordered[::2], list(ordered[1::2])
    weights: dict[tuple[str, str], Array] = {}
    biases: dict[tuple[str, str], Array] = {}
    for name in arrays:
        for pattern, found in ((WEIGHTS, weights), (BIASES, biases)):
            match = pattern.fullmatch(name)
            if match:
                found[match[1], match[3]] = arrays[name]
                break
        else:
            raise InvalidCircuit(
                f"{place}: the array {name!r} is neither weights nor bias; name them W1, b1, W2, b2, ..."
            )
    if not weights or biases.keys() - weights.keys():
        raise InvalidCircuit(
            f"{place}: weights W1, W2, ... with biases b1, b2, ... are needed; there is {sorted(arrays)}"
        )
    return list(weights.values()), [biases.get(key) for key in weights]


def _natural(name: str) -> list[tuple[int, int, str]]:
    """A key that sorts layer10 after layer9."""
    parts = re.findall(r"[0-9]+|[^0-9]+", name)
    return [(0, int(part), "") if part.isdecimal() and len(part) < 19 else (1, 0, part) for part in parts]


def npz_bytes(arrays: Sequence[tuple[Array, Array]], box: Array | None) -> bytes:
    """The `.npz` file of W1, b1, W2, b2, ... and, if given, box."""
    named = {
        f"{letter}{at}": array for at, pair in enumerate(arrays, 1) for letter, array in zip("Wb", pair, strict=True)
    }
    stream = io.BytesIO()
    # The type of `allow_pickle` is that of one argument of many.
    np.savez(stream, allow_pickle=False, **named, **({} if box is None else {"box": box}))
    return stream.getvalue()
