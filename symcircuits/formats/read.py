"""Networks from files, by the ending of the name."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from symcircuits.circuits.network import Network
from symcircuits.errors import InvalidCircuit
from symcircuits.formats.arrays import read_npz
from symcircuits.formats.exact_json import read_json
from symcircuits.formats.keras import read_keras
from symcircuits.formats.nnet import read_nnet
from symcircuits.formats.onnx_read import read_onnx
from symcircuits.formats.pytorch import read_torch

READERS: dict[str, Callable[[str | os.PathLike[str]], Network]] = {
    ".nnet": read_nnet,
    ".onnx": read_onnx,
    ".npz": read_npz,
    ".json": read_json,
    ".pt": read_torch,
    ".pth": read_torch,
    ".h5": read_keras,
    ".hdf5": read_keras,
}


def is_network_file(path: str | os.PathLike[str]) -> bool:
    """Whether the name ends like that of a network file.

    >>> is_network_file("net.onnx"), is_network_file("max(x, y)")
    (True, False)
    """
    return Path(path).suffix.lower() in READERS


def read_network(path: str | os.PathLike[str]) -> Network:
    """The network of a file, whose ending names the format; weights are the exact rationals that the file denotes.

    Raises `InvalidCircuit` with the place and the remedy for a file that is missing, not whole, not read or not a
    network, and `MissingExtra` for a format whose library is not installed. Nothing of a file is ever run.

    >>> read_network("net.docx")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    symcircuits.errors.InvalidCircuit: net.docx: the ending '.docx' is not known; these are: .nnet, .onnx, .npz, ...
    """
    suffix = Path(path).suffix.lower()
    if not is_network_file(path):
        raise InvalidCircuit(f"{path}: the ending {suffix!r} is not known; these are: {', '.join(READERS)}")
    return READERS[suffix](path)
