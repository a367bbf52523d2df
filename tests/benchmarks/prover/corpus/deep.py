"""Networks with several hidden layers against rewritten copies, and against compacted ones."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from operator import mul
from typing import NamedTuple

import numpy as np

from prover.claim import CorpusClaim, Point
from prover.corpus.draw import Draw, Let, names
from prover.corpus.layers import Layer, Net, copied, float_values, net_text, random_net

STEP = Fraction(1, 1000)
SAMPLE = 2000  # points at which a moved bias is compared
SITES = 24  # biases that are tried
ATTEMPTS = 200
TOO_MANY = 0.9  # if the best moved bias shows in more than this share of the points, other weights are drawn
SHAPES = ((2, 2), (2, 4), (3, 3))  # hidden layers, inputs


def deep_mlp(draw: Draw) -> Iterator[CorpusClaim]:
    """Random networks of growing width against a copy, and against a copy with one hidden bias moved by 1/1000."""
    for depth, inputs in SHAPES:
        sizes = draw.sizes(("deep", depth, inputs), [3, 4, 6, 8, 12, 16], (24, 32), spread=0.2)
        for width in sizes:
            yield from deep_copies(draw, depth, inputs, width)


def deep_copies(draw: Draw, depth: int, inputs: int, width: int) -> Iterator[CorpusClaim]:
    """A network equals its permuted, rescaled and partly split copy; the same with a bias of the copy moved."""
    source, x = draw.source("deep", depth, inputs, width), names(inputs)
    net, copy, moved = _nets(source, depth, inputs, width)
    note = "a deep network and its permuted, rescaled, split copy"

    def claim(other: Net) -> CorpusClaim:
        let = Let()
        lhs, rhs = net_text(let, net, x), net_text(let, other, x)
        return CorpusClaim("deep_mlp", f"L{depth}_d{inputs}", width, x, lhs, rhs, let=let.pairs, source=note)

    yield claim(copy)
    point = dict(zip(x, moved.point, strict=True))
    yield claim(moved.net)._replace(counterexample=point, source=f"{note}; one hidden bias off by 1/1000")


class Moved(NamedTuple):
    """A network with a bias moved, at how many of the sampled points that shows, and one of them."""

    hits: int
    net: Net
    point: list[Fraction]


def _nets(source: random.Random, depth: int, inputs: int, width: int) -> tuple[Net, Net, Moved]:
    for _ in range(ATTEMPTS):
        net = random_net(source, inputs, [width] * depth)
        copy = copied(source, net)
        moved = _rarely_wrong(source, net, copy, inputs)
        if moved is not None and moved.hits <= TOO_MANY * SAMPLE:
            return net, copy, moved
    raise RuntimeError(f"no network of {depth} layers of {width} neurons whose copy can be spoiled")


def _rarely_wrong(source: random.Random, net: Net, copy: Net, inputs: int) -> Moved | None:
    """The copy with that one of some hidden biases moved which shows at the fewest sampled points, but at some."""
    points = [
        [Fraction(source.randint(-40, 40), source.choice([1, 2, 4])) for _ in range(inputs)] for _ in range(SAMPLE)
    ]
    array = np.array([[value.numerator / value.denominator for value in point] for point in points])
    right = float_values(net, array)
    sites = [(at, row) for at in range(len(copy) - 1) for row in range(len(copy[at].rows))]
    source.shuffle(sites)
    best: Moved | None = None
    for at, row in sites[:SITES]:
        wrong = [layer.copy() for layer in copy]
        wrong[at].bias[row] += STEP
        hits = np.nonzero(np.abs(float_values(wrong, array) - right) > 1e-7)[0]
        if len(hits) and (best is None or len(hits) < best.hits):
            best = Moved(len(hits), wrong, points[int(hits[0])])
    return best


def compaction(draw: Draw) -> Iterator[CorpusClaim]:
    """Networks with a layer that only carries values on, and a dead neuron, against the networks without them."""
    for inputs, base in ((2, [3, 4, 6, 8, 12, 24, 48]), (4, [3, 4, 6, 8, 12, 24])):
        for width in draw.sizes(("compact", inputs), base, spread=0.2):
            yield from _compactions(draw, inputs, width)


def _compactions(draw: Draw, inputs: int, width: int) -> Iterator[CorpusClaim]:
    source, x = draw.source("compact", inputs, width), names(inputs)
    first = random_net(source, inputs, [width])[0]
    large, small = _detour(source, first, width)
    note = "a network with a layer that carries values on and a dead neuron, and the network without them"

    def claim(net: Net) -> CorpusClaim:
        let = Let()
        lhs, rhs = net_text(let, net, x), net_text(let, small, x)
        return CorpusClaim("compaction", f"d{inputs}", width, x, lhs, rhs, let=let.pairs, source=note)

    yield claim(large)
    point = _all_off(source, first, x)
    if point is not None:
        alive = [layer.copy() for layer in large]
        alive[1].bias[-1] = STEP  # fires where every neuron of the first layer is off, or almost
        yield claim(alive)._replace(counterexample=point, source=f"{note}; the dead neuron fires in one cell")


def _detour(source: random.Random, first: Layer, width: int) -> tuple[Net, Net]:
    """Two networks for o·(V h + v) + 1: through relu(V h + v) - relu(-V h - v) and a dead neuron, and at once."""
    count = max(2, width // 2)
    rows = [[Fraction(source.randint(-2, 2)) for _ in range(width)] for _ in range(count)]
    bias = [Fraction(source.randint(-3, 3)) for _ in rows]
    uses = [Fraction(source.choice([-2, -1, 1, 2])) for _ in rows]
    negatives, dead = [[-weight for weight in row] for row in rows], [Fraction(-1)] * width
    second = Layer([*rows, *negatives, dead], [*bias, *(-b for b in bias), Fraction(-1)])
    large = [first, second, Layer([[*uses, *(-use for use in uses), Fraction(5)]], [Fraction(1)])]
    row = [sum((use * row[at] for use, row in zip(uses, rows, strict=True)), Fraction(0)) for at in range(width)]
    shift = sum((use * b for use, b in zip(uses, bias, strict=True)), Fraction(1))
    return large, [first, Layer([row], [shift])]


def _all_off(source: random.Random, layer: Layer, x: Sequence[str]) -> Point | None:
    """The first of many random points, in quarters, at which no neuron of a layer of integers is on."""
    rows = [([int(weight) for weight in row], 4 * int(bias)) for row, bias in zip(layer.rows, layer.bias, strict=True)]
    for _ in range(20000):
        point = [4 * source.randint(-60, 60) // source.choice([1, 2, 4]) for _ in x]
        if all(sum(map(mul, weights, point)) + bias <= 0 for weights, bias in rows):
            return {name: Fraction(value, 4) for name, value in zip(x, point, strict=True)}
    return None
