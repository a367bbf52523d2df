"""What floating-point numbers do to a network: its weights rounded, and bounds on what rounding can change.

The bounds follow Higham, *Accuracy and Stability of Numerical Algorithms* (2002), section 3.1: a sum of n products in
floats with unit roundoff u, in any order, with or without fused multiply-add, differs from the exact one by at most
gamma = n*u / (1 - n*u) times the sum of the absolute values, plus what underflow loses. They are integers over
`2**GRID`, rounded up, so each is a true bound.

>>> from symcircuits.circuits.network import network
>>> third = network("third", ["x"], [([["1/3"]], [0])])
>>> bound = float_error(third, [(-1, 1)])[0]
>>> 2**-26 < bound < 2**-23, float_error(third, [(-1, 1)], "float64")[0] < 2**-52
(True, True)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from symcircuits.circuits.affine import exact
from symcircuits.circuits.network import Network, dyadic_integers
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.networks import Layer

Array = np.ndarray[Any, Any]
GRID = 320
"""Bounds are multiples of 2**-GRID."""


class Precision(NamedTuple):
    """A binary floating-point type: unit roundoff, least positive normal number, greatest number."""

    dtype: type[np.floating[Any]]
    roundoff: Fraction
    normal: Fraction
    greatest: Fraction


PRECISIONS = {
    "float32": Precision(np.float32, Fraction(1, 2**24), Fraction(1, 2**126), Fraction((2**24 - 1) * 2**104)),
    "float64": Precision(np.float64, Fraction(1, 2**53), Fraction(1, 2**1022), Fraction((2**53 - 1) * 2**971)),
}


def precision_of(name: str) -> Precision:
    """The type of that name; raises `InvalidCircuit` for others."""
    if name not in PRECISIONS:
        raise InvalidCircuit(f"{name!r} is not a known precision; these are: {', '.join(PRECISIONS)}")
    return PRECISIONS[name]


def float_arrays(layer: Layer, precision: str) -> tuple[Array, Array]:
    """The weights and bias of a layer rounded to floats; raises `InvalidCircuit` for numbers that are too large.

    >>> float_arrays(Layer((0,), ((1,),), (3,), (2,)), "float32")
    (array([[0.5]], dtype=float32), array([1.5], dtype=float32))
    """
    kind = precision_of(precision)
    try:
        rows = [[w / below for w in (*row, b)] for row, b, below in _rows(layer)]
    except OverflowError:
        raise InvalidCircuit(f"a weight is too large for {precision}; scale the network") from None
    with np.errstate(over="ignore", under="ignore"):
        joined = np.array(rows, dtype=np.float64).reshape(len(rows), len(layer.sources) + 1).astype(kind.dtype)
    if not np.isfinite(joined).all():
        raise InvalidCircuit(f"a weight is too large for {precision}; scale the network")
    return joined[:, :-1].copy(), joined[:, -1].copy()


def _rows(layer: Layer) -> zip[tuple[tuple[int, ...], int, int]]:
    return zip(layer.weights, layer.bias, layer.denominators, strict=True)


def rounded(network: Network, precision: str = "float32") -> Network:
    """The network whose weights are those of `network`, rounded to floats.

    >>> from symcircuits.circuits.network import network
    >>> rounded(network("third", ["x"], [([["1/3"]], [0])]), "float32").run(1)
    (Fraction(11184811, 33554432),)
    """
    return replace(
        network, layers=tuple(_from_arrays(layer, *float_arrays(layer, precision)) for layer in network.layers)
    )


def _from_arrays(layer: Layer, weights: Array, bias: Array) -> Layer:
    pairs = [dyadic_integers(row) for row in np.hstack([weights, bias[:, None]]).astype(np.float64)]
    rows = tuple(tuple(numerators[:-1]) for numerators, _ in pairs)
    return Layer(layer.sources, rows, tuple(n[-1] for n, _ in pairs), tuple(below for _, below in pairs))


def rounding_error(network: Network, other: Network, box: Sequence[tuple[Any, Any]]) -> tuple[Fraction, ...]:
    """For each output a bound on |network(x) - other(x)| over the box, in real arithmetic.

    The networks have the same wires and differ in weights, as a network and its `rounded` form do; raises
    `InvalidCircuit` if they do not.

    >>> from symcircuits.circuits.network import network
    >>> steep = network("steep", ["x"], [([["1.01"]], [0])])
    >>> bound = rounding_error(steep, network("flat", ["x"], [([[1]], [0])]), [(0, 10)])[0]
    >>> Fraction(1, 10) <= bound < Fraction(1, 10) + Fraction(1, 2**300)
    True
    """
    same = [layer.sources for layer in network.layers] == [layer.sources for layer in other.layers]
    if not same or network.shape != other.shape:
        raise InvalidCircuit(f"{network.name} and {other.name} do not have the same wires")
    return _propagate(network, other, box, None)


def float_error(
    network: Network, box: Sequence[tuple[Any, Any]] | None = None, precision: str = "float32"
) -> tuple[Fraction, ...]:
    """For each output a bound on |N(x) - the float execution of N at x| over the box, or the network's own box.

    N(x) is exact; the execution rounds the weights as `rounded` does, computes each layer as sums of products in that
    precision, in any order, and may flush subnormal results to zero. The point x has coordinates that are such floats.
    Raises `InvalidCircuit` if an intermediate value may overflow. Does not hold for TF32, Strassen or Winograd, nor
    where subnormal operands are taken as zero.
    """
    if not isinstance(network, Network):
        raise InvalidCircuit(
            f"float_error takes a Network, not {type(network).__name__}; a circuit c has one: c.network"
        )
    bounds = box if box is not None else network.box
    if bounds is None:
        raise InvalidCircuit(f"{network.name} has no box; give one")
    return _propagate(network, rounded(network, precision), bounds, precision_of(precision))


class _Wires:
    """For the wires so far, in multiples of 2**-GRID: the least and greatest value, and the error."""

    def __init__(self, network: Network, box: Sequence[tuple[Any, Any]]) -> None:
        if len(box) != len(network.inputs):
            raise InvalidCircuit(f"{network.name} has {len(network.inputs)} inputs; the box has {len(box)} bounds")
        bounds = [(exact(low), exact(high)) for low, high in box]
        if any(low > high for low, high in bounds):
            raise InvalidCircuit("a bound of the box is empty: its low is greater than its high")
        self.low = [(low.numerator << GRID) // low.denominator for low, _ in bounds]
        self.high = [-((-high.numerator << GRID) // high.denominator) for _, high in bounds]
        self.error = [0] * len(bounds)

    def select(self, sources: Sequence[int]) -> tuple[Array, Array, Array]:
        """Low, high and error at these wires."""
        low, high, error = ([values[at] for at in sources] for values in (self.low, self.high, self.error))
        return np.array(low, dtype=object), np.array(high, dtype=object), np.array(error, dtype=object)


def _propagate(
    network: Network, other: Network, box: Sequence[tuple[Any, Any]], precision: Precision | None
) -> tuple[Fraction, ...]:
    """The error of each output when weights are those of `other` and, with a precision, sums are rounded."""
    wires = _Wires(network, box)
    errors: list[int] = []
    for place, (layer, near) in enumerate(zip(network.layers, other.layers, strict=True), start=1):
        low, high, error = wires.select(layer.sources)
        lows, highs = _interval(layer, low, high)
        size = np.maximum(np.maximum(high, -low), 0)
        rounding = (
            None if precision is None else _Rounding(precision, len(layer.sources), f"{network.name}, layer {place}")
        )
        errors = [_row_error(*pair, size, error, rounding) for pair in zip(_rows(layer), _rows(near), strict=True)]
        wires.low += [max(value, 0) for value in lows]
        wires.high += [max(value, 0) for value in highs]
        wires.error += errors
    return tuple(Fraction(error, 1 << GRID) for error in errors)


def _interval(layer: Layer, low: Array, high: Array) -> tuple[list[int], list[int]]:
    """Bounds of each row before relu, rounded outward."""
    weights = np.array(layer.weights, dtype=object).reshape(len(layer.bias), len(layer.sources))
    plus, minus = np.maximum(weights, 0), np.minimum(weights, 0)
    shift = [b << GRID for b in layer.bias]
    lows, highs = plus @ low + minus @ high + shift, plus @ high + minus @ low + shift
    below = layer.denominators
    return [a // d for a, d in zip(lows, below, strict=True)], [-(-a // d) for a, d in zip(highs, below, strict=True)]


class _Rounding:
    """The rounding of a sum of `count` products and a bias, each term rounded at most `count + 1` times."""

    def __init__(self, precision: Precision, count: int, place: str) -> None:
        steps = (count + 1) * precision.roundoff
        if steps >= 1:
            raise InvalidCircuit(f"{place}: {count} terms are too many for {precision.dtype.__name__}")
        self.gamma = steps / (1 - steps)
        # Products, and sums too if subnormals are flushed, lose up to the least normal number each.
        self.lost = _up((2 * count + 2) * precision.normal * (1 + self.gamma) * (1 << GRID))
        self.greatest = int(precision.greatest) << GRID
        self.place = place

    def error(self, size: int) -> int:
        """The error of a sum whose terms have absolute values that add up to at most `size`."""
        change = _up(size * self.gamma) + self.lost
        if size + change > self.greatest:
            raise InvalidCircuit(f"{self.place}: a value may overflow on this box; make the box smaller")
        return change


def _up(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)


def _row_error(
    row: tuple[tuple[int, ...], int, int],
    near: tuple[tuple[int, ...], int, int],
    size: Array,
    error: Array,
    rounding: _Rounding | None,
) -> int:
    """The error of one row: what comes in, what the changed weights do, and what the rounded sum adds."""
    (weights, bias, below), (changed, shift, under) = row, near
    absolute = np.abs(np.array(changed, dtype=object))
    total = -(-(absolute @ error) // under) if len(changed) else 0
    moved = [abs(w * under - v * below) for w, v in zip((*weights, bias), (*changed, shift), strict=True)]
    if any(moved):
        part = sum(m * s for m, s in zip(moved[:-1], size, strict=True) if m) + (moved[-1] << GRID)
        total += -(-part // (below * under))
    if rounding is not None:
        magnitude = (absolute @ (size + error) if len(changed) else 0) + (abs(shift) << GRID)
        total += rounding.error(-(-magnitude // under))
    return int(total)
