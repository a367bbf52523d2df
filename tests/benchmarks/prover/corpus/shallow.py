"""Networks with one hidden layer against copies with permuted, rescaled, split and flipped neurons."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from prover.claim import CorpusClaim
from prover.corpus.draw import Draw, Rational, Weighted, linear, names, neuron

STEP = Fraction(1, 1000)
SIZES = {  # for each number of inputs the widths, and those of the longer series
    1: ([5, 20, 100, 200, 500, 5000], ()),
    2: ([5, 10, 20, 50, 100, 200, 1000, 5000], ()),
    5: ([5, 10, 15, 20, 50, 200, 1000], (30, 100)),
    10: ([5, 10, 15, 20, 50, 200, 1000], (30, 100)),
    50: ([5, 10, 20, 100, 1000], (50, 200)),
}
WIDEST_FALSE = 1000


class Neuron(NamedTuple):
    """use * relu(weights·x + bias)"""

    use: Fraction
    weights: tuple[Rational, ...]
    bias: Fraction

    def scaled(self, factor: Fraction) -> Neuron:
        """The same function with weights and bias multiplied: relu(c*t) = c*relu(t) for c > 0."""
        return Neuron(self.use / factor, tuple(factor * weight for weight in self.weights), factor * self.bias)


class Copy(NamedTuple):
    """Neurons and an affine function."""

    neurons: list[Neuron]
    slope: tuple[Fraction, ...]
    shift: Fraction

    def text(self, x: Sequence[str]) -> str:
        """The sum as text."""
        return linear([*_terms(self.neurons, x), *zip(self.slope, x, strict=True)], self.shift)


def one_layer(draw: Draw) -> Iterator[CorpusClaim]:
    """For several numbers of inputs networks of growing width against a copy, and a copy that is wrong in a slab."""
    for inputs, (base, longer) in SIZES.items():
        for width in sorted(draw.sizes(("one_layer", inputs), base, longer)):
            true, false = shallow_copies(draw, inputs, width)
            yield true
            if width <= WIDEST_FALSE or inputs <= 2:
                yield false


def shallow_copies(draw: Draw, inputs: int, width: int) -> tuple[CorpusClaim, CorpusClaim]:
    """A random network equals its copy; the false claim splits a neuron of the copy into two that drift apart."""
    source, x = draw.source("one_layer", inputs, width), names(inputs)
    network = _network(source, inputs, width)
    copy = _copied(source, network, inputs)
    note = "a network with one hidden layer and a copy: permuted, rescaled, split and flipped neurons"
    lhs = linear(_terms(network, x))
    true = CorpusClaim("one_layer", f"d{inputs}", width, x, lhs, copy.text(x), source=note)
    at = source.randrange(len(copy.neurons))
    drifted, point = _drifted(source, copy.neurons[at], x)
    neurons = copy.neurons[:at] + drifted + copy.neurons[at + 1 :]
    rhs = copy._replace(neurons=neurons).text(x)
    note = f"{note}; two halves of a neuron drift apart by 1/1000"
    return true, true._replace(rhs=rhs, counterexample=point, source=note)


def _terms(neurons: Sequence[Neuron], x: Sequence[str]) -> list[Weighted]:
    return [(use, neuron(weights, x, bias)) for use, weights, bias in neurons]


def _network(source: random.Random, inputs: int, width: int) -> list[Neuron]:
    """Neurons on distinct hyperplanes with small integer weights."""
    rows: set[tuple[tuple[int, ...], Fraction]] = set()
    while len(rows) < width:
        weights = tuple(source.randint(-5, 5) for _ in range(inputs))
        if any(weights):
            rows.add((weights, _bias(source, inputs, width)))
    order = sorted(rows)
    source.shuffle(order)
    uses = [Fraction(source.choice([-1, 1]) * source.randint(1, 9), source.choice([1, 2])) for _ in order]
    return [Neuron(use, weights, bias) for use, (weights, bias) in zip(uses, order, strict=True)]


def _bias(source: random.Random, inputs: int, width: int) -> Fraction:
    if inputs == 1:
        return Fraction(source.randint(-9 * width, 9 * width), 7)
    return Fraction(source.randint(-9, 9) * 7 + source.randint(-3, 3), source.choice([1, 2, 3]))


def _factor(source: random.Random) -> Fraction:
    return Fraction(source.choice([1, 2, 3]), source.choice([1, 2, 5]))


def _copied(source: random.Random, network: Sequence[Neuron], inputs: int) -> Copy:
    """The same function: a quarter of the neurons split, a quarter flipped, all rescaled and shuffled."""
    neurons: list[Neuron] = []
    slope, shift = [Fraction(0)] * inputs, Fraction(0)
    for given in network:
        factor, kind = _factor(source), source.random()
        if kind < 0.25:
            part = given.use * Fraction(source.randint(1, 4), 5)
            neurons += [given._replace(use=use).scaled(_factor(source)) for use in (part, given.use - part)]
        elif kind < 0.5:  # relu(t) = t + relu(-t)
            same = given.scaled(factor)
            neurons.append(Neuron(same.use, tuple(-weight for weight in same.weights), -same.bias))
            slope = [old + given.use * weight for old, weight in zip(slope, given.weights, strict=True)]
            shift += given.use * given.bias
        else:
            neurons.append(given.scaled(factor))
    source.shuffle(neurons)
    return Copy(neurons, tuple(slope), shift)


def _drifted(source: random.Random, given: Neuron, x: Sequence[str]) -> tuple[list[Neuron], dict[str, Fraction]]:
    """Two halves of a neuron with biases moved apart, and a point on its hyperplane, where they do not add up to it."""
    halves = [given._replace(use=given.use / 2, bias=given.bias + step) for step in (STEP, -STEP)]
    steepest = max(range(len(x)), key=lambda at: abs(Fraction(given.weights[at])))
    point = {name: Fraction(source.randint(-2, 2)) for name in x}
    others = sum(given.weights[at] * point[name] for at, name in enumerate(x) if at != steepest)
    point[x[steepest]] = -(given.bias + others) / given.weights[steepest]
    return halves, point
