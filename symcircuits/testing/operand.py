"""What users hand to strategies and assertions, as functions: circuits, weights, modules, files, callables.

>>> import numpy as np
>>> weights = [np.array([[1.0, -1.0]]), np.array([0.5]), np.array([[2.0]]), np.array([0.0])]
>>> read(weights), shown(weights)
(<Network network: 2-1-1>, 'the weights 2-1-1')
>>> known_side("max(x, y)").inputs, shown("max(x, y)")
(('x', 'y'), 'max(x, y)')
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np
from sympy import Expr

from symcircuits.circuits.circuit import Circuit
from symcircuits.circuits.gadget import Verified
from symcircuits.circuits.network import Network
from symcircuits.errors import InvalidCircuit
from symcircuits.formats.arrays import from_numpy
from symcircuits.formats.pytorch import from_torch
from symcircuits.formats.read import is_network_file, read_network
from symcircuits.kernel.term import Term
from symcircuits.transform.sides import Side, side

KNOWN = (Network, Circuit, Verified, Side, Term, Expr, int, float, Fraction)
ACCEPTED = (
    "a circuit, gadget or network of symcircuits, a SymPy expression or a text such as 'max(x, y)' (or a list, one an "
    "output), NumPy weights [W1, b1, W2, b2, ...], a torch module, the path of a network file, or a Python function"
)
LONG = 100


def read(value: Any) -> Any:
    """The network, circuit, gadget, expressions or callable that a user's value is.

    Raises `InvalidCircuit` naming what was given and what is accepted, and what the reader of a file raises.
    """
    if isinstance(value, PathLike) or (isinstance(value, str) and is_network_file(value)):
        return read_network(fspath(value))
    if is_module(value):
        return _of_module(value)
    if isinstance(value, list | tuple) and not isinstance(value, Term | Side):
        return _several(value)
    is_known = isinstance(value, KNOWN) and not isinstance(value, bool)
    if is_known or isinstance(value, str) or (callable(value) and not isinstance(value, type)):
        return value
    raise InvalidCircuit(f"{value!r:.60} of type {type(value).__name__} is no function that is read; give {ACCEPTED}")


def _of_module(module: Any) -> Network:
    try:
        return from_torch(module, type(module).__name__)
    except InvalidCircuit as error:
        remedy = "give its layers as Sequential, the path of an ONNX export, or a Python function that calls it"
        raise InvalidCircuit(f"{error}; {remedy}") from None


def is_module(value: Any) -> bool:
    """Whether the value is a module of PyTorch, which is not imported for this."""
    module = getattr(getattr(sys.modules.get("torch"), "nn", None), "Module", None)
    return module is not None and isinstance(value, module)


def is_black_box(value: Any) -> bool:
    """Whether what `read` gives is a callable of which only values can be had."""
    return callable(value) and not isinstance(value, KNOWN)


def known_side(value: Any, where: Any = "", products: bool = False) -> Side:
    """The function as `side` gives it; `InvalidCircuit` for a callable, whose kinks cannot be seen."""
    given = read(value)
    if is_black_box(given):
        raise InvalidCircuit(f"{shown(value)} is a Python function, whose kinks cannot be seen; {HERE}")
    return side(given, where, products)


HERE = f"here is accepted: {ACCEPTED.rpartition(', or ')[0]}"


def _several(values: Sequence[Any]) -> Any:
    """Weights as a network, expressions one an output as they are."""
    if any(isinstance(each, np.ndarray) for each in _opened(values)):
        return _of_weights(values)
    if values and all(isinstance(each, str | Term | Expr | int | float | Fraction) for each in values):
        return tuple(values)
    raise InvalidCircuit(f"the list {values!r:.60} holds neither weights nor expressions; give {ACCEPTED}")


def _opened(values: Sequence[Any]) -> list[Any]:
    return [inner for each in values for inner in (each if isinstance(each, list | tuple) else [each])]


def _of_weights(values: Sequence[Any]) -> Network:
    """The network of [W1, b1, ...], [(W1, b1), ...] or ([W1, ...], [b1, ...]); `InvalidCircuit` for other lists."""
    if any(isinstance(each, np.ndarray) for each in values):
        if len(values) % 2:
            raise InvalidCircuit(f"{len(values)} arrays; weights and biases in turn are needed, None for no bias")
        return from_numpy(list(values[::2]), list(values[1::2]))
    if not all(isinstance(each, list | tuple) for each in values):
        raise InvalidCircuit("weights are needed as [W1, b1, ...], [(W1, b1), ...] or ([W1, ...], [b1, ...])")
    if len(values) == 2 and all(map(_is_matrix, values[0])) and not any(map(_is_matrix, values[1])):
        return from_numpy(list(values[0]), list(values[1]))
    if any(len(each) != 2 for each in values):
        raise InvalidCircuit("each layer needs a pair (W, b), b being None for no bias")
    return from_numpy([each[0] for each in values], [each[1] for each in values])


def _is_matrix(value: Any) -> bool:
    return np.ndim(value) == 2


def natural(name: str) -> list[tuple[int, str]]:
    """A key that sorts x10 after x9."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.findall(r"[0-9]+|[^0-9]+", name)]


def shown(value: Any) -> str:
    """The function as the user wrote it, in a few words."""
    if isinstance(value, PathLike):
        return Path(fspath(value)).name
    if isinstance(value, str):
        return _short(value)
    if isinstance(value, Network):
        return f"{value.name} {value.shape}"
    if isinstance(value, Circuit | Verified | Side):
        return str(value.name)
    if is_module(value):
        return type(value).__name__
    if isinstance(value, list | tuple) and not isinstance(value, Term):
        if any(isinstance(each, np.ndarray) for each in _opened(value)):
            return f"the weights {_of_weights(value).shape}"
        return _short(f"[{', '.join(map(str, value))}]")
    if is_black_box(value):
        named = value.func if isinstance(value, partial) else value
        return str(getattr(named, "__name__", None) or type(named).__name__)
    return _short(str(value))


def _short(text: str) -> str:
    return text if len(text) <= LONG else f"{text[: LONG // 2]} ... {text[-LONG // 3 :]}"
