"""Rewrites of networks that keep the function: what a canonical form must undo, and an equality checker see through.

Each takes a network and a seed, and gives another network with the same values everywhere; the weights of the new one
are exact.

>>> from symcircuits.circuits.network import network
>>> ramp = network("ramp", ("x",), [([[2]], [-1]), ([[3]], [0])])
>>> [rewrite(ramp, seed=1).shape for rewrite in REWRITES]
['1-1-1', '1-1-1', '1-2-1', '1-2-1', '1-2-1', '1-2-1-1', '1-1-1-1']
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from symcircuits.circuits.network import Network, reduced
from symcircuits.kernel.networks import Layer


class Copy(NamedTuple):
    """A neuron made from the old one at `place` in its layer, r its row: relu(scale * r + shift).

    It is used with `use` times the weights of the old one. If `row` is given, it is relu of (weights, bias) instead.
    """

    place: int
    scale: Fraction = Fraction(1)
    use: Fraction = Fraction(1)
    shift: Fraction = Fraction(0)
    row: tuple[tuple[int, ...], int] | None = None


Make = Callable[[int, Layer], list[Copy]]


def permuted(network: Network, seed: int) -> Network:
    """The neurons of each hidden layer in another order."""
    source = random.Random(seed)
    for place, width in enumerate(network.widths):
        copies = [Copy(at) for at in range(width)]
        source.shuffle(copies)
        network = copied(network, place, copies)
    return network


def rescaled(network: Network, seed: int, powers_of_two: bool = True) -> Network:
    """Each neuron's row times a factor, 2^-3 to 2^3 or p/q with p, q from 1 to 9, and its uses divided by it."""
    source = random.Random(seed)

    def make(at: int, layer: Layer) -> list[Copy]:
        power = Fraction(2) ** source.randint(-3, 3)
        factor = power if powers_of_two else Fraction(source.randint(1, 9), source.randint(1, 9))
        return [Copy(at, factor, 1 / factor)]

    return _replaced(network, source, 1.0, make)


def split(network: Network, seed: int, share: float = 0.2) -> Network:
    """That share of the neurons, at least one a layer, as two with rows c*r and (1 - c)*r, c in sixteenths."""
    source = random.Random(seed)

    def make(at: int, layer: Layer) -> list[Copy]:
        c = Fraction(source.randint(1, 15), 16)
        return [Copy(at, c), Copy(at, 1 - c)]

    return _replaced(network, source, share, make)


def duplicated(network: Network, seed: int, share: float = 0.2) -> Network:
    """That share of the neurons, at least one a layer, twice, the two used with c*w and (1 - c)*w."""
    source = random.Random(seed)

    def make(at: int, layer: Layer) -> list[Copy]:
        c = Fraction(source.randint(-8, 8), 4)
        return [Copy(at, use=c), Copy(at, use=1 - c)]

    return _replaced(network, source, share, make)


def with_dead_neurons(network: Network, seed: int, share: float = 0.2) -> Network:
    """For that share of the neurons one more, off everywhere by the signs of its row, with arbitrary uses."""
    source = random.Random(seed)

    def make(at: int, layer: Layer) -> list[Copy]:
        weights = tuple(-source.randint(0, 5) if wire >= len(network.inputs) else 0 for wire in layer.sources)
        return [Copy(at), Copy(at, use=Fraction(source.randint(-9, 9)), row=(weights, -source.randint(0, 5)))]

    return _replaced(network, source, share, make)


def with_always_on_neurons(network: Network, seed: int) -> Network:
    """After a hidden layer one of neurons relu(c*h + b), c > 0 and b >= 0, from which the users of h recover it."""
    source = random.Random(seed)
    place = source.randrange(network.depth)
    lines = [(Fraction(source.randint(1, 8), 4), Fraction(source.randint(0, 4))) for _ in range(network.widths[place])]
    return _detoured(network, place, lines, [-b / c for c, b in lines])


def relu_split(network: Network, seed: int, share: float = 0.2) -> Network:
    """A hidden layer with a share of its neurons relu(z) as relu(relu(z - t) - relu(t - z) + t), the others twice relu.

    Source: ReluSplitter, a generator of benchmarks for network verifiers.
    """
    source = random.Random(seed)
    place = source.randrange(network.depth)
    width = network.widths[place]
    chosen = _some(width, share, source)
    levels = [Fraction(source.randint(-8, 8), 4) if at in chosen else None for at in range(width)]
    longer = _detoured(network, place, [(Fraction(1), t or Fraction(0)) for t in levels], [Fraction(0)] * width)

    def parts(at: int, t: Fraction | None) -> list[Copy]:
        return [Copy(at)] if t is None else [Copy(at, shift=-t), Copy(at, Fraction(-1), Fraction(-1), t)]

    return copied(longer, place, [copy for at, t in enumerate(levels) for copy in parts(at, t)])


REWRITES = (
    permuted, rescaled, split, duplicated, with_dead_neurons, relu_split, with_always_on_neurons
)  # fmt: skip


def _some(width: int, share: float, source: random.Random) -> set[int]:
    return set(source.sample(range(width), min(width, max(1, round(share * width)))))


def _replaced(network: Network, source: random.Random, share: float, make: Make) -> Network:
    """Some neurons of each hidden layer replaced by what `make` gives for their places."""
    for place, width in enumerate(network.widths):
        chosen, layer = _some(width, share, source), network.layers[place]
        copies = [copy for at in range(width) for copy in (make(at, layer) if at in chosen else [Copy(at)])]
        network = copied(network, place, copies)
    return network


def copied(network: Network, place: int, copies: Sequence[Copy]) -> Network:
    """The hidden layer at that place made of the copies."""
    start, width, layer = network.starts[place], network.widths[place], network.layers[place]
    weights, bias, denominators = zip(*(_row(layer, copy) for copy in copies), strict=True)
    made = Layer(layer.sources, weights, bias, denominators)
    later = (_fed(after, start, width, copies, start) for after in network.layers[place + 1 :])
    return replace(network, layers=(*network.layers[:place], made, *later))


def _row(layer: Layer, copy: Copy) -> tuple[tuple[int, ...], int, int]:
    if copy.row is not None:
        return *copy.row, 1
    weights, below = layer.weights[copy.place], layer.denominators[copy.place]
    if copy.scale == 1 and not copy.shift:
        return weights, layer.bias[copy.place], below
    common = lcm(below * copy.scale.denominator, copy.shift.denominator)
    factor = int(copy.scale * common / below)
    numbers = [*(weight * factor for weight in weights), layer.bias[copy.place] * factor + int(copy.shift * common)]
    (*row, bias), denominator = reduced(numbers, common)
    return tuple(row), bias, denominator


def _detoured(
    network: Network, place: int, lines: Sequence[tuple[Fraction, Fraction]], offsets: Sequence[Fraction]
) -> Network:
    """With a layer of g = relu(c*h + b), one for each neuron h of a hidden layer, and g/c + offset used for h."""
    start, width = network.starts[place], network.widths[place]
    sources = tuple(range(start, start + width))
    common = [lcm(c.denominator, b.denominator) for c, b in lines]
    weights = tuple(
        tuple(int(c * below) if wire == at else 0 for wire in range(width))
        for at, ((c, _), below) in enumerate(zip(lines, common, strict=True))
    )
    bias = tuple(int(b * below) for (_, b), below in zip(lines, common, strict=True))
    copies = [Copy(at, use=1 / c) for at, (c, _) in enumerate(lines)]
    later = [_fed(after, start, width, copies, start + width, offsets) for after in network.layers[place + 1 :]]
    made = Layer(sources, weights, bias, tuple(common))
    return replace(network, layers=(*network.layers[: place + 1], made, *later))


def _fed(
    layer: Layer, start: int, width: int, copies: Sequence[Copy], base: int, offsets: Sequence[Fraction] = ()
) -> Layer:
    """A layer that reads the copies, on the wires from `base` on, and the offsets for the wires from `start` on."""
    places = {wire: at for at, wire in enumerate(layer.sources)}
    moved = base + len(copies) - start - width
    reads = [(wire, at, Fraction(1)) for wire, at in places.items() if wire < start]
    reads += [
        (base + number, places[start + copy.place], copy.use)
        for number, copy in enumerate(copies)
        if start + copy.place in places
    ]
    reads += [(wire + moved, at, Fraction(1)) for wire, at in places.items() if wire >= start + width]
    shifts = [(places[start + at], offset) for at, offset in enumerate(offsets) if offset and start + at in places]
    common = lcm(*(use.denominator for _, _, use in reads), *(offset.denominator for _, offset in shifts))
    picks = [(at, int(use * common)) for _, at, use in reads]
    rows: list[tuple[tuple[int, ...], int]] = []
    for weights, bias, below in zip(layer.weights, layer.bias, layer.denominators, strict=True):
        shift = bias * common + sum(weights[at] * int(offset * common) for at, offset in shifts)
        rows.append(reduced([*(weights[at] * factor for at, factor in picks), shift], below * common))
    return Layer(
        tuple(wire for wire, _, _ in reads),
        tuple(row[:-1] for row, _ in rows),
        tuple(row[-1] for row, _ in rows),
        tuple(below for _, below in rows),
    )
