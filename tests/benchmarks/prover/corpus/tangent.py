"""Input-convex networks with two hidden layers: they lie above their tangents."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from prover.claim import CorpusClaim
from prover.corpus.draw import Let, linear, names, neuron

STEP = Fraction(1, 1000)


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
