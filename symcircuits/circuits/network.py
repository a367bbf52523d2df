"""Networks: layers of exact weights, for functions that come as numbers and may be large.

A network has named inputs, hidden layers that end in relu, and an output layer. Its *wires* are the inputs and, after
them, the neurons of the hidden layers in order; each layer reads some earlier wires, and in a plain multilayer
perceptron those of the layer just before. Weights are integers over a common denominator per row.

>>> from fractions import Fraction
>>> minimum = network("min", ("a", "b"), [([[1, -1], [1, 0], [-1, 0]], [0, 0, 0]), ([[-1, 1, -1]], [0])])
>>> minimum.run(3, 5), minimum.run("1/3", Fraction(1, 7)), minimum.widths
((Fraction(3, 1),), (Fraction(1, 7),), (3,))
>>> print(*minimum.terms)
relu(a) - relu(a - b) - relu(-a)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import accumulate, pairwise
from math import gcd, lcm
from typing import Any

import numpy as np
from sympy import Expr

from symcircuits.circuits.affine import exact
from symcircuits.cpwl.forms import arranged
from symcircuits.errors import InvalidCircuit
from symcircuits.expr.to_sympy import to_sympy
from symcircuits.kernel.certificate import is_name
from symcircuits.kernel.networks import Layer
from symcircuits.kernel.term import ONE, Term, variable

Box = tuple[tuple[Fraction, Fraction], ...]
Rows = tuple[tuple[tuple[int, ...], ...], tuple[int, ...], tuple[int, ...]]
FITS = 62
"""Bits of an integer that NumPy's int64 holds with its sign."""


@dataclass(frozen=True, repr=False)
class Network:
    """A ReLU network with rational weights.

    `box` is the input region it is meant for, if it comes with one, and `note` says what a reader took for granted.
    """

    name: str
    inputs: tuple[str, ...]
    layers: tuple[Layer, ...]
    box: Box | None = None
    note: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        bad = next((name for name in self.inputs if not is_name(name)), None)
        if bad is not None:
            raise InvalidCircuit(f"{self.name}: {bad!r:.60} cannot name an input; use identifiers such as x1")
        if len(set(self.inputs)) < len(self.inputs):
            twice = next(name for place, name in enumerate(self.inputs) if name in self.inputs[:place])
            raise InvalidCircuit(f"{self.name}: two inputs are called {twice}; give each its own name")
        starts = self.starts
        for place, layer in enumerate(self.layers):
            if any(a >= b for a, b in pairwise((-1, *layer.sources, starts[place]))):
                raise InvalidCircuit(
                    f"{self.name}: the sources of layer {place + 1} must increase and be wires that are there before it"
                )
            if any(below <= 0 for below in layer.denominators):
                raise InvalidCircuit(f"{self.name}: the denominators of layer {place + 1} must be positive")
            sizes = {len(layer.weights), len(layer.bias), len(layer.denominators)}
            if len(sizes) != 1 or any(len(row) != len(layer.sources) for row in layer.weights):
                raise InvalidCircuit(f"{self.name}: the shapes of layer {place + 1} do not fit")
        if not self.layers:
            raise InvalidCircuit(f"{self.name} has no layers; it needs at least the output layer")

    def __repr__(self) -> str:
        return f"<Network {self.name}: {self.shape}>"

    @property
    def starts(self) -> tuple[int, ...]:
        """The number of wires before each layer: layer k's neurons are the wires from starts[k] to starts[k + 1]."""
        return tuple(accumulate((len(layer.weights) for layer in self.layers[:-1]), initial=len(self.inputs)))

    @property
    def widths(self) -> tuple[int, ...]:
        """The number of neurons of each hidden layer."""
        return tuple(len(layer.weights) for layer in self.layers[:-1])

    @property
    def depth(self) -> int:
        """The number of hidden layers."""
        return len(self.layers) - 1

    @property
    def shape(self) -> str:
        """The numbers of inputs, neurons by hidden layer, and outputs: "2-3-1"."""
        return "-".join(map(str, (len(self.inputs), *self.widths, len(self.layers[-1].weights))))

    @property
    def is_layered(self) -> bool:
        """Whether each layer reads exactly the wires of the layer before it: a plain multilayer perceptron."""
        starts = (0, *self.starts)
        return all(
            layer.sources == tuple(range(starts[place], starts[place + 1])) for place, layer in enumerate(self.layers)
        )

    def wires(self, *point: Any) -> list[Fraction]:
        """The exact value of every wire for a point of the input space: numbers, or texts such as "1/3"."""
        return self._values(point)[0]

    def run(self, *point: Any) -> tuple[Fraction, ...]:
        """The exact outputs at a point of the input space."""
        return self._values(point)[1]

    def _values(self, point: Sequence[Any]) -> tuple[list[Fraction], tuple[Fraction, ...]]:
        if len(point) != len(self.inputs):
            raise InvalidCircuit(f"{self.name} has {len(self.inputs)} inputs; {len(point)} values are given")
        values = [exact(value) for value in point]
        for layer in self.layers[:-1]:
            values += [max(value, Fraction(0)) for value in affine_values(layer, values)]
        return values, tuple(affine_values(self.layers[-1], values))

    @cached_property
    def wire_terms(self) -> tuple[Term, ...]:
        """The kernel term of every wire, with shared parts."""
        terms = [variable(name) for name in self.inputs]
        for layer in self.layers[:-1]:
            terms += [Term("relu", (form,)) for form in _affine_terms(layer, terms)]
        return tuple(terms)

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """The outputs as kernel terms, with shared parts."""
        return tuple(_affine_terms(self.layers[-1], self.wire_terms))

    def to_expr(self) -> tuple[Expr, ...]:
        """The outputs as SymPy expressions of the inputs, with shared parts.

        >>> network("ramp", ("x",), [([[1]], ["-1/2"]), ([[2]], [0])]).to_expr()
        (2*relu(x - 1/2),)
        """
        return tuple(to_sympy(term) for term in self.terms)


def network(
    name: str, inputs: Sequence[str], layers: Sequence[tuple[Any, Any]], box: Sequence[tuple[Any, Any]] | None = None
) -> Network:
    """The multilayer perceptron with these (weights, bias) by layer, the output layer last.

    Weights are matrices with a row per neuron: NumPy arrays, or sequences of exact numbers and texts such as "1/3".
    Raises `InvalidCircuit` for shapes that do not fit and numbers that are not finite.
    """
    made: list[Layer] = []
    start, count = 0, len(inputs)
    for place, (weights, bias) in enumerate(layers, start=1):
        rows, shifts, denominators = integer_rows(weights, bias, f"{name}, layer {place}")
        if any(len(row) != count for row in rows):
            sizes = sorted({len(row) for row in rows})
            raise InvalidCircuit(f"{name}, layer {place}: rows of {count} weights are needed; there are {sizes}")
        made.append(Layer(tuple(range(start, start + count)), rows, shifts, denominators))
        start, count = start + count, len(rows)
    bounds = None if box is None else tuple((exact(low), exact(high)) for low, high in box)
    return Network(name, tuple(inputs), tuple(made), bounds)


def integer_rows(weights: Any, bias: Any, place: str) -> Rows:
    """Weights, bias and denominators as integers, one denominator a row; floats are the binary rationals they are.

    >>> integer_rows([["1/2", "1/3"]], [1], "here")
    (((3, 2),), (6,), (6,))
    """
    if isinstance(weights, np.ndarray) and np.issubdtype(weights.dtype, np.floating):
        shift = np.asarray(bias, dtype=weights.dtype)
        if weights.ndim != 2 or shift.shape != weights.shape[:1]:
            raise InvalidCircuit(f"{place}: weights of shape {weights.shape} do not fit a bias of shape {shift.shape}")
        joined = np.hstack([weights, shift[:, None]]).astype(np.float64)
        if not np.isfinite(joined).all():
            raise InvalidCircuit(f"{place}: a weight is not finite")
        pairs = [dyadic_integers(row) for row in joined]
    else:
        if len(weights) != len(bias):
            raise InvalidCircuit(f"{place}: {len(weights)} rows of weights do not fit {len(bias)} biases")
        pairs = [_integers([exact(value) for value in (*row, b)]) for row, b in zip(weights, bias, strict=True)]
    rows = tuple(tuple(numerators[:-1]) for numerators, _ in pairs)
    return rows, tuple(numerators[-1] for numerators, _ in pairs), tuple(denominator for _, denominator in pairs)


def dyadic_integers(row: np.ndarray[Any, Any]) -> tuple[list[int], int]:
    """Finite floats as integers over the least common power of two.

    >>> dyadic_integers(np.array([0.5, -3.0, 0.0]))
    ([1, -6, 0], 2)
    """
    fractions, exponents = np.frexp(row)
    mantissas = np.ldexp(fractions, 53).astype(np.int64)
    zeros = np.frexp((mantissas & -mantissas).astype(np.float64))[1] - 1
    zeros[mantissas == 0] = 0
    mantissas, exponents = mantissas >> zeros, exponents - 53 + zeros
    present = mantissas != 0
    least = min(int(exponents[present].min()), 0) if present.any() else 0
    shifts = np.where(present, exponents - least, 0)
    if present.any() and int((np.frexp(np.abs(mantissas).astype(np.float64))[1] + shifts).max()) <= FITS:
        return (mantissas << shifts).tolist(), 1 << -least
    return [m << s for m, s in zip(mantissas.tolist(), shifts.tolist(), strict=True)], 1 << -least


def _integers(row: Sequence[Fraction]) -> tuple[list[int], int]:
    denominator = lcm(*(value.denominator for value in row))
    return [value.numerator * (denominator // value.denominator) for value in row], denominator


def affine_values(layer: Layer, values: Sequence[Fraction]) -> Iterator[Fraction]:
    """The exact value of each row of a layer, before relu, from the values of the wires."""
    inside, denominator = _integers([values[at] for at in layer.sources])
    for row, shift, below in zip(layer.weights, layer.bias, layer.denominators, strict=True):
        numerator = sum(w * x for w, x in zip(row, inside, strict=True)) + shift * denominator
        yield Fraction(numerator, below * denominator)


def _affine_terms(layer: Layer, terms: Sequence[Term]) -> Iterator[Term]:
    parts = [*(terms[at] for at in layer.sources), ONE]
    for row, shift, below in zip(layer.weights, layer.bias, layer.denominators, strict=True):
        yield arranged((Fraction(c, below), part) for c, part in zip((*row, shift), parts, strict=True))


def reduced(row: Sequence[int], denominator: int) -> tuple[tuple[int, ...], int]:
    """The same rationals over the least positive denominator.

    >>> reduced([2, 4], 6)
    ((1, 2), 3)
    """
    divisor = gcd(denominator, *row)
    return tuple(value // divisor for value in row), denominator // divisor
