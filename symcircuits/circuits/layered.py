"""Circuits as networks, and networks as plain multilayer perceptrons: what skips a layer is carried by reconstructors.

An input t that is needed after the first hidden layer is carried as relu(t) and relu(-t), whose difference it is; the
output of a neuron, being its own relu, needs one neuron a layer. What is carried is shared by all that read it, and a
neuron that is there already with the same weights is used again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from math import lcm
from typing import TYPE_CHECKING

from sympy import Expr, Symbol

from symcircuits.circuits.affine import affine_items
from symcircuits.circuits.network import Network
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.networks import Layer
from symcircuits.kernel.term import Claim, Comparison, Term, subterms, variable
from symcircuits.provers.cite import Citation, prove_by_citation

if TYPE_CHECKING:
    from symcircuits.circuits.circuit import Circuit

Row = tuple[tuple[int, ...], int, int]
Values = Mapping[int, Sequence[tuple[int, int]]]
"""A wire as a sum of signs times neurons of the layer before: pairs (neuron's place, sign)."""


@dataclass(frozen=True, repr=False)
class Carried:
    """A plain multilayer perceptron, and the terms that its outputs equal, one theorem each."""

    network: Network
    before: tuple[Term, ...]

    @cached_property
    def theorems(self) -> tuple[Theorem, ...]:
        """That each output before equals the network's, by relu(relu(t)) == relu(t) where a neuron carries another."""
        return tuple(_theorem(old, new) for old, new in zip(self.before, self.network.terms, strict=True))

    @property
    def theorem(self) -> Theorem:
        """The theorem of a network with one output."""
        if len(self.theorems) != 1:
            raise InvalidCircuit(f"{self.network.name} has {len(self.theorems)} outputs: use `theorems`")
        return self.theorems[0]

    def __repr__(self) -> str:
        return f"<Carried {self.network.name}: {self.network.shape}>"


def _theorem(before: Term, after: Term) -> Theorem:
    twice = [term for term in subterms((after,)) if term.kind == "relu" and term.args[0].kind == "relu"]
    citations = [Citation(_carrying(), term.args[0].args, term, term.args[0]) for term in twice]
    return prove_by_citation(Claim(Comparison(before, "==", after)), citations)


@cache
def _carrying() -> Theorem:
    """relu(relu(x)) == relu(x)."""
    once = Term("relu", (variable("x"),))
    return prove_by_citation(Claim(Comparison(Term("relu", (once,)), "==", once)), [])


def network_of(circuit: Circuit) -> Network:
    """The network with the circuit's neurons, by hidden layer; values may skip layers.

    Raises `InvalidCircuit` for a circuit with parameters.
    """
    if circuit.parameters:
        names = ", ".join(symbol.name for symbol in circuit.parameters)
        raise InvalidCircuit(f"{circuit.name} has parameters ({names}); a network has numbers, so put these in first")
    wires = {symbol: place for place, symbol in enumerate(circuit.inputs)}
    layers: list[Layer] = []
    for neurons in circuit.levels:
        layers.append(_layer([neuron.argument for neuron in neurons], wires, circuit.name))
        for neuron in neurons:
            wires[neuron.wire] = len(wires)
    layers.append(_layer(circuit.flat.outputs, wires, circuit.name))
    return Network(circuit.name, tuple(symbol.name for symbol in circuit.inputs), tuple(layers))


def _layer(arguments: Sequence[Expr], wires: Mapping[Symbol, int], name: str) -> Layer:
    forms = [affine_items(argument, wires, name) for argument in arguments]
    sources = sorted({wires[wire] for items, _ in forms for wire in items})
    rows: list[Row] = []
    for items, shift in forms:
        below = lcm(int(shift.q), *(int(weight.q) for weight in items.values()))
        at = {wires[wire]: int(weight * below) for wire, weight in items.items()}
        rows.append((tuple(at.get(source, 0) for source in sources), int(shift * below), below))
    return _layer_of(tuple(sources), rows)


def _layer_of(sources: tuple[int, ...], rows: Sequence[Row]) -> Layer:
    weights, bias, denominators = (tuple(row[at] for row in rows) for at in range(3))
    return Layer(sources, weights, bias, denominators)  # type: ignore[arg-type]  # the columns of `Row`


def layered(circuit: Circuit) -> Carried:
    """The circuit as a plain multilayer perceptron, each output with the theorem that it is the circuit's."""
    return Carried(carry(circuit.network).network, circuit.terms)


def carry(network: Network) -> Carried:
    """The network as a plain multilayer perceptron, each output with the theorem that it is the network's.

    >>> from symcircuits.circuits.network import Network
    >>> first, last = Layer((0,), ((1,),), (-1,), (1,)), Layer((0, 1), ((1, 1),), (0,), (1,))
    >>> carried = carry(Network("skip", ("x",), (first, last)))
    >>> carried.network.shape, carried.network.is_layered, carried.theorem.claim.goal
    ('1-3-1', True, Comparison(left=x + relu(x - 1), relation='==', right=relu(x - 1) + relu(x) - relu(-x)))
    """
    if network.is_layered:
        return Carried(network, network.terms)
    last = {wire: place for place, layer in enumerate(network.layers) for wire in layer.sources}
    values: dict[int, Sequence[tuple[int, int]]] = {wire: [(wire, 1)] for wire in range(len(network.inputs))}
    start, width, layers = 0, len(network.inputs), list[Layer]()
    for place, layer in enumerate(network.layers):
        rows = [_translated(row, layer.sources, values, width) for row in _rows(layer)]
        if place < network.depth:
            made = {network.starts[place] + at: [(at, 1)] for at in range(len(rows))}
            kept = {wire: value for wire, value in values.items() if last.get(wire, -1) > place}
            values = {**_carried(kept, rows, width, both=not place), **made}
        layers.append(_layer_of(tuple(range(start, start + width)), rows))
        start, width = start + width, len(rows)
    return Carried(Network(network.name, network.inputs, tuple(layers), network.box), network.terms)


def _rows(layer: Layer) -> list[Row]:
    return list(zip(layer.weights, layer.bias, layer.denominators, strict=True))


def _translated(row: Row, sources: Sequence[int], values: Values, width: int) -> Row:
    """The row on the neurons of the layer before."""
    weights = [0] * width
    for weight, source in zip(row[0], sources, strict=True):
        if weight:
            for at, sign in values[source]:
                weights[at] += sign * weight
    return tuple(weights), row[1], row[2]


def _carried(kept: Values, rows: list[Row], width: int, both: bool) -> dict[int, list[tuple[int, int]]]:
    """The wires as neurons of this layer, for which rows are added; `both` signs of a wire that is an input."""
    places = {_key(row): at for at, row in reversed(list(enumerate(rows)))}

    def neuron(at: int, sign: int) -> int:
        row: Row = tuple(sign if place == at else 0 for place in range(width)), 0, 1
        if places.setdefault(_key(row), len(rows)) == len(rows):
            rows.append(row)
        return places[_key(row)]

    if both:
        return {wire: [(neuron(at, 1), 1), (neuron(at, -1), -1)] for wire, ((at, _),) in kept.items()}
    return {wire: [(neuron(at, 1), sign) for at, sign in pairs] for wire, pairs in kept.items()}


def _key(row: Row) -> tuple[Fraction, ...]:
    return tuple(Fraction(value, row[2]) for value in (*row[0], row[1]))
