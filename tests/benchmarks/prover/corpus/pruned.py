"""A network with two hidden layers on a box, against the network without its neurons that are stable there."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from prover.claim import CorpusClaim
from prover.corpus.domains import box
from prover.corpus.draw import Let, Rational, linear, names


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
