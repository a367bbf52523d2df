"""Maxout and max-pooling: a maximum circuit for each window, side by side."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Symbol, symbols

from symcircuits.circuits.gadget import Example, Family, Gadget, family
from symcircuits.circuits.gadgets._composed import composed
from symcircuits.circuits.gadgets._forms import numbered
from symcircuits.circuits.gadgets._parameters import natural
from symcircuits.circuits.gadgets.minimum import MAX, tournament
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.term import Term, variable

Windows = Sequence[Sequence[int]]
"""The places, from 0, of the inputs in each window."""


def _pooled(name: str, title: str, inputs: tuple[Symbol, ...], windows: Windows, note: str) -> Gadget:
    count = len(inputs)
    first, second = tuple(7 * at % count for at in range(count)), tuple(-at for at in range(count))
    examples = (Example(point, _outputs(point, windows)) for point in (first, second))
    wires = [[inputs[at] for at in window] for window in windows]
    targets = (Term("max", tuple(variable(symbol.name) for symbol in window)) for window in wires)
    outputs = [tournament(MAX, window) for window in wires]
    return Gadget(name, title, composed(name, inputs, outputs), tuple(targets), note, tuple(examples))


def _outputs(point: Sequence[int], windows: Windows) -> tuple[int, ...]:
    return tuple(max(point[at] for at in window) for window in windows)


def _starts(what: str, size: int, window: int, stride: int) -> range:
    if window > size:
        raise InvalidCircuit(f"{what}: a window of {window} does not fit into {size}")
    return range(0, size - window + 1, stride)


@family("maxout", (2, 2), (3, 1))
def maxout(k: int, units: int = 1) -> Gadget:
    """The maxima of consecutive groups of k inputs, one for each unit (Goodfellow et al., arXiv:1302.4389).

    Called on affine forms, `maxout(2, 1)(2*a - b, b + 1)`, it is a layer of maxout units.
    """
    pieces, count = natural("maxout: the number of pieces k", k, 2), natural("maxout: the number of units", units)
    windows = [range(at * pieces, (at + 1) * pieces) for at in range(count)]
    return _pooled(
        f"maxout_{pieces}_{count}",
        f"Maxout, {count} unit{'s' * (count > 1)} of {pieces} pieces",
        numbered(pieces * count),
        windows,
        "A tournament of maximum circuits for each unit.",
    )


@family("max_pool", (4, 2, 2), (5, 3, 1))
def max_pool(n: int, window: int, stride: int) -> Gadget:
    """The maxima of the windows of n inputs in a row, the starts of windows being `stride` apart, without padding."""
    size, width = natural("max_pool: the number of inputs", n), natural("max_pool: the window", window, 2)
    step = natural("max_pool: the stride", stride)
    windows = [range(start, start + width) for start in _starts("max_pool", size, width, step)]
    return _pooled(
        f"max_pool_{size}_{width}_{step}",
        f"Max-pooling of {size} inputs, window {width}, stride {step}",
        numbered(size),
        windows,
        "A tournament of maximum circuits for each window.",
    )


@family("max_pool_2d", (2, 4, 2, 2))
def max_pool_2d(height: int, width: int, window: int, stride: int) -> Gadget:
    """The maxima of the square windows of an image, row by row, their starts `stride` apart, without padding."""
    rows, columns = natural("max_pool_2d: the height", height), natural("max_pool_2d: the width", width)
    side, step = natural("max_pool_2d: the window", window, 2), natural("max_pool_2d: the stride", stride)
    corners = [
        (top, left)
        for top in _starts("max_pool_2d", rows, side, step)
        for left in _starts("max_pool_2d", columns, side, step)
    ]
    windows = [[(top + i) * columns + left + j for i in range(side) for j in range(side)] for top, left in corners]
    names = [f"x{row}_{column}" for row in range(1, rows + 1) for column in range(1, columns + 1)]
    return _pooled(
        f"max_pool_2d_{rows}_{columns}_{side}_{step}",
        f"Max-pooling of a {rows} by {columns} image, window {side}, stride {step}",
        tuple(symbols(names, real=True)),
        windows,
        "A tournament of maximum circuits for each window; the inputs are the image row by row.",
    )


FAMILIES: tuple[Family, ...] = (maxout, max_pool, max_pool_2d)
GADGETS = ()
