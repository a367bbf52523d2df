"""Claims that stand for one method each, where other provers stop or slow down."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from prover.claim import CorpusClaim
from prover.corpus.comparators import PLAIN, RELU, Node, batcher, fold, plain_max, relu_max, relu_min, tournament
from prover.corpus.deep import deep_copies
from prover.corpus.domains import box
from prover.corpus.draw import Draw, Let, Rational, linear, names, neuron
from prover.corpus.logic import parity
from prover.corpus.max_of_five import nine_blocks, symmetric
from prover.corpus.shallow import shallow_copies
from prover.corpus.sorting import median_by_sorting, two_sorters
from prover.corpus.univariate import tents_against_flat

RADIUS = Fraction(1, 10000)
STEP = Fraction(1, 1000)


def named(draw: Draw) -> Iterator[CorpusClaim]:
    """The named cases, in the family "named"."""
    for series, claim in _cases(draw):
        yield claim._replace(family="named", series=series)


def _cases(draw: Draw) -> Iterator[tuple[str, CorpusClaim]]:
    yield "median_sort_vs_subsets", median_by_sorting(9, PLAIN)
    yield "median_relu_form", median_by_sorting(5, RELU)
    yield "sorter_batcher_vs_insertion", two_sorters(16, 8, batcher(16), PLAIN, "")
    yield "sorter_relu_form", two_sorters(6, 3, batcher(6), RELU, "")
    yield "max_tournament_vs_fold", _two_orders(64, plain_max)
    yield "max_tournament_vs_fold_relu_form", _two_orders(8, relu_max)
    yield "max_tournament_vs_fold_relu_form", _two_orders(64, relu_max)
    yield "min_tree_vs_chain", _two_orders(1024, relu_min)
    for depth in (6, 12):
        yield "tent_vs_flat", tents_against_flat(depth)
    yield "shallow_copy", shallow_copies(draw, 4, 10000)[0]
    yield "two_layers_copy", next(deep_copies(draw, 2, 3, 6))
    yield "two_layers_pruned_on_box", two_layers_pruned(draw.source("pruned"), 5, 12)
    yield "bump", _bump(draw)
    yield "max_of_five_nine_blocks", nine_blocks()
    yield "max_of_five_symmetric", symmetric()
    tangent, above = tangents(draw.source("tangent"), 8, 16)
    yield "tangent_of_convex_net", tangent
    yield "tangent_of_convex_net", above
    yield "parity_tree_vs_sawtooth", parity(16)


def _two_orders(size: int, node: Node) -> CorpusClaim:
    x, let = names(size), Let()
    lhs, rhs = tournament(let, x, node), fold(let, x, node)
    return CorpusClaim("", "", size, x, lhs, rhs, let=let.pairs, source="the order of comparison does not matter")


def _bump(draw: Draw) -> CorpusClaim:
    """A copy of a network with two hidden layers of 8 neurons in R^4, and a bump of radius 1/10000 added to it."""
    copy = next(deep_copies(draw, 2, 4, 8))
    source = draw.source("bump")
    point = {name: Fraction(source.randint(-300, 300), 100) for name in copy.variables}
    distances = " - ".join(f"Abs({linear([(1, name)], -value)})" for name, value in point.items())
    bump = f"{copy.rhs} + relu({RADIUS} - {distances})"
    return copy._replace(rhs=bump, counterexample=point, source="a copy plus a bump of radius 1/10000")


class BoxNeuron(NamedTuple):
    """A neuron with weights for the inputs and for the layer before, and what its relu does on the box."""

    slope: tuple[Rational, ...]
    weights: tuple[int, ...]
    bias: Rational
    state: str
    top: Rational

    def argument(self, x: Sequence[str], wires: Sequence[str]) -> str:
        """What the relu is of."""
        terms = [*zip(self.slope, x, strict=True), *zip(self.weights, wires, strict=True)]
        return linear(terms, self.bias)


STATES = ("live",) * 4 + ("on", "off")  # two thirds of the neurons change their sign on the box


def two_layers_pruned(source: random.Random, inputs: int, width: int) -> CorpusClaim:
    """On a box a network with two hidden layers equals that without its dead neurons, always-on ones being affine."""
    x, states = names(inputs), [STATES[at % len(STATES)] for at in range(width)]
    zeros = (0,) * inputs
    first = [_box_neuron(source, state, [(-1, 1)] * inputs, zeros) for state in states]
    first = [unit._replace(slope=unit.weights, weights=()) for unit in first]
    ranges = [(0, unit.top) if unit.state != "off" else (0, 0) for unit in first]
    second = [_box_neuron(source, state, ranges, zeros) for state in states]
    uses = [source.choice([-2, -1, 1, 2]) for _ in second]
    let = Let()
    full = _output(let, x, first, second, uses)
    pruned = _output(let, x, first, second, uses, is_pruned=True)
    note = "pruning what is stable on a box"
    return CorpusClaim("", "", width, x, full, pruned, let=let.pairs, domain=box(x, -1), source=note)


def _box_neuron(
    source: random.Random, state: str, ranges: Sequence[tuple[Rational, Rational]], slope: tuple[int, ...]
) -> BoxNeuron:
    """A neuron on inputs in these ranges whose bias puts it in that state, by interval arithmetic."""
    weights = tuple(source.choice([-3, -2, -1, 1, 2, 3]) for _ in ranges)
    ends = [sorted((weight * low, weight * high)) for weight, (low, high) in zip(weights, ranges, strict=True)]
    low, high = sum(end[0] for end in ends), sum(end[1] for end in ends)
    match state:
        case "on":
            bias: Rational = 1 - low
        case "off":
            bias = -high - 1
        case _:
            bias = -Fraction(low + high) / 2 + source.randint(-1, 1)
    return BoxNeuron(slope, weights, bias, state, max(high + bias, 0))


def _output(
    let: Let,
    x: Sequence[str],
    first: Sequence[BoxNeuron],
    second: Sequence[BoxNeuron],
    uses: Sequence[int],
    is_pruned: bool = False,
) -> str:
    wires = [_wire(let, unit, x, (), is_pruned) for unit in first]
    wires = [_wire(let, unit, x, wires, is_pruned) for unit in second]
    return let.add(linear(zip(uses, wires, strict=True)))


def _wire(let: Let, unit: BoxNeuron, x: Sequence[str], wires: Sequence[str], is_pruned: bool) -> str:
    """The neuron's value under a name; a pruned one that is stable is 0 or the argument itself."""
    argument = unit.argument(x, wires)
    if is_pruned and unit.state != "live":
        return let.add(argument if unit.state == "on" else "0")
    return let.add(f"relu({argument})")


class Convex(NamedTuple):
    """Rows of a hidden layer: weights for the inputs, weights >= 0 for the layer before, bias."""

    slopes: list[list[int]]
    weights: list[list[int]]
    biases: list[int]


def tangents(source: random.Random, inputs: int, width: int) -> tuple[CorpusClaim, CorpusClaim]:
    """An input-convex network with two hidden layers lies above a tangent, and not above one raised by 1/1000."""
    x, let = names(inputs), Let()
    first, second = _convex_layer(source, inputs, width, 0), _convex_layer(source, inputs, width, width)
    uses = [source.randint(1, 3) for _ in range(width)]
    point = [Fraction(source.randint(-30, 30), 10) for _ in x]
    wires: list[str] = []
    for layer in (first, second):
        rows = zip(layer.slopes, layer.weights, layer.biases, strict=True)
        wires = [let.add(neuron([*slope, *weights], [*x, *wires], bias)) for slope, weights, bias in rows]
    rhs = let.add(linear(zip(uses, wires, strict=True)))
    slope, shift = _tangent(first, second, uses, point)
    note = "a convex function lies above its tangents"
    lhs = linear(zip(slope, x, strict=True), shift)
    true = CorpusClaim("", "", width, x, lhs, rhs, "<=", let.pairs, source=note)
    raised = linear(zip(slope, x, strict=True), shift + STEP)
    where = dict(zip(x, point, strict=True))
    return true, true._replace(lhs=raised, counterexample=where, source=f"{note}; this one is raised by 1/1000")


def _convex_layer(source: random.Random, inputs: int, width: int, before: int) -> Convex:
    return Convex(
        [[source.randint(-3, 3) for _ in range(inputs)] for _ in range(width)],
        [[source.randint(0, 2) for _ in range(before)] for _ in range(width)],
        [source.randint(-4, 4) for _ in range(width)],
    )


Affine = tuple[list[Fraction], Fraction]


def _tangent(first: Convex, second: Convex, uses: Sequence[int], point: Sequence[Fraction]) -> Affine:
    """The affine function that the network is around the point, or on one side of it."""
    hidden: list[Affine] = []
    for layer in (first, second):
        hidden = [
            _active(_combined([1, *weights], [([Fraction(c) for c in slope], Fraction(bias)), *hidden]), point)
            for slope, weights, bias in zip(layer.slopes, layer.weights, layer.biases, strict=True)
        ]
    return _combined(uses, hidden)


def _combined(weights: Sequence[int], functions: Sequence[Affine]) -> Affine:
    pairs = list(zip(weights, functions, strict=True))
    slope = [sum((c * f[0][at] for c, f in pairs), Fraction(0)) for at in range(len(functions[0][0]))]
    return slope, sum((c * f[1] for c, f in pairs), Fraction(0))


def _active(function: Affine, point: Sequence[Fraction]) -> Affine:
    """The affine function that its relu is at the point."""
    slope, shift = function
    value = sum((c * x for c, x in zip(slope, point, strict=True)), shift)
    return function if value > 0 else ([Fraction(0)] * len(slope), Fraction(0))
