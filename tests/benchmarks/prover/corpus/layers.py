"""Networks with several hidden layers as lists of rational matrices: random ones, copies, their text, their values."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from prover.corpus.draw import Let, linear, neuron


class Layer(NamedTuple):
    """W h + b, followed by relu in all layers but the last."""

    rows: list[list[Fraction]]
    bias: list[Fraction]

    def copy(self) -> Layer:
        """A layer whose lists are its own."""
        return Layer([list(row) for row in self.rows], list(self.bias))


Net = list[Layer]


def random_net(source: random.Random, inputs: int, widths: Sequence[int], largest: int = 3) -> Net:
    """Layers with small integer weights and one output; no row is zero."""
    net, before = [], inputs
    for width in (*widths, 1):
        rows = [[source.randint(-largest, largest) for _ in range(before)] for _ in range(width)]
        for row in rows:
            if not any(row):
                row[source.randrange(before)] = source.choice([-1, 1])
        bias = [Fraction(source.randint(-4, 4)) for _ in range(width)]
        net.append(Layer([[Fraction(weight) for weight in row] for row in rows], bias))
        before = width
    return net


def net_text(let: Let, net: Net, x: Sequence[str]) -> str:
    """The name of the output, each neuron having a definition."""
    wires = list(x)
    for layer in net[:-1]:
        wires = [let.add(neuron(row, wires, bias)) for row, bias in zip(layer.rows, layer.bias, strict=True)]
    (row,), (bias,) = net[-1]
    return let.add(linear(zip(row, wires, strict=True), bias))


class HiddenNeuron(NamedTuple):
    """A hidden neuron: its row and bias, and the weights with which the next layer uses it."""

    row: list[Fraction]
    bias: Fraction
    uses: list[Fraction]

    def scaled(self, factor: Fraction) -> HiddenNeuron:
        """The same after the next layer, for a positive factor."""
        row, uses = [factor * weight for weight in self.row], [use / factor for use in self.uses]
        return HiddenNeuron(row, factor * self.bias, uses)


def copied(source: random.Random, net: Net, share: float = 0.25) -> Net:
    """The same function: a share of the neurons split in two, all rescaled, each hidden layer permuted."""
    net = [layer.copy() for layer in net]
    for at in range(len(net) - 1):
        layer, after = net[at], net[at + 1]
        units = [unit for k in range(len(layer.rows)) for unit in _split(source, layer, after, k, share)]
        units = [unit.scaled(Fraction(source.choice([1, 2, 3]), source.choice([1, 2, 3]))) for unit in units]
        source.shuffle(units)
        net[at] = Layer([unit.row for unit in units], [unit.bias for unit in units])
        net[at + 1] = Layer([[unit.uses[j] for unit in units] for j in range(len(after.rows))], after.bias)
    return net


def _split(source: random.Random, layer: Layer, after: Layer, at: int, share: float) -> list[HiddenNeuron]:
    """Neuron `at` of the layer, or two copies of it that share its uses."""
    whole = HiddenNeuron(layer.rows[at], layer.bias[at], [row[at] for row in after.rows])
    if source.random() >= share:
        return [whole]
    part = Fraction(source.randint(1, 4), 5)
    return [whole._replace(uses=[c * use for use in whole.uses]) for c in (part, 1 - part)]


def float_values(net: Net, points: Any) -> Any:
    """The outputs at the rows of an array, in floating point: for choosing, never for deciding."""
    wires = points
    for at, (rows, bias) in enumerate(net):
        wires = wires @ np.array([[float(weight) for weight in row] for row in rows]).T
        wires = wires + np.array([float(b) for b in bias])
        wires = np.maximum(wires, 0.0) if at < len(net) - 1 else wires
    return wires[:, 0]
