"""The neurons of a network under construction: relu of affine forms of wires, no two of them parallel.

Wires are numbered: first the inputs, then the neurons in the order they are made. A *signal* is an affine form of wires
as a mapping from wire to coefficient, without zeros; its constant stands under `CONSTANT`. Two arguments that are
multiples of each other share a neuron, by relu(c*t) = c*relu(t) for c > 0 and relu(-t) = relu(t) - t.

>>> neurons = Neurons(2)
>>> difference = {0: Fraction(1), 1: Fraction(-1)}
>>> neurons.relu(difference), neurons.relu({0: Fraction(-3), 1: Fraction(3)})
({2: Fraction(1, 1)}, {2: Fraction(3, 1), 0: Fraction(-3, 1), 1: Fraction(3, 1)})
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import gcd, lcm

from symcircuits.kernel.term import Term, subterms

CONSTANT = -1
Signal = dict[int, Fraction]
ONCE = Fraction(1)


def summed(items: Iterable[tuple[Fraction, Mapping[int, Fraction]]]) -> Signal:
    """The signal sum(c * s) over the items (c, s)."""
    result: Signal = {}
    for c, signal in items:
        for wire, value in signal.items():
            result[wire] = result.get(wire, Fraction(0)) + c * value
    return {wire: value for wire, value in result.items() if value}


class Neurons:
    """Neurons on wires from `inputs` on; `arguments` has the signal before relu of each, `levels` its hidden layer."""

    def __init__(self, inputs: int) -> None:
        self.inputs = inputs
        self.arguments: list[Signal] = []
        self.levels: list[int] = []
        self._known: dict[tuple[tuple[int, int], ...], tuple[int, Fraction]] = {}

    def level(self, signal: Iterable[int]) -> int:
        """The hidden layer at whose end the signal is there: 0 for affine forms of the inputs."""
        return max((self.levels[wire - self.inputs] for wire in signal if wire >= self.inputs), default=0)

    def relu(self, signal: Signal) -> Signal:
        """The signal relu(t): a new neuron, or what the neurons that are there make of it."""
        if signal.keys() <= {CONSTANT}:
            return {wire: value for wire, value in signal.items() if value > 0}
        if len(signal) == 1 and next(iter(signal)) >= self.inputs:
            return signal if next(iter(signal.values())) > 0 else {}
        size, key = _primitive(signal)
        if key in self._known:
            wire, known = self._known[key]
            return {wire: size / known}
        opposite = tuple((wire, -value) for wire, value in key)
        if opposite in self._known:
            wire, known = self._known[opposite]
            return summed([(ONCE, {wire: size / known}), (ONCE, signal)])
        wire = self.inputs + len(self.arguments)
        self.levels.append(1 + self.level(signal))
        self.arguments.append(signal)
        self._known[key] = (wire, size)
        return {wire: ONCE}

    def has(self, signal: Signal) -> bool:
        """Whether relu of the signal takes no neuron that is not there."""
        if signal.keys() <= {CONSTANT} or (len(signal) == 1 and next(iter(signal)) >= self.inputs):
            return True
        _, key = _primitive(signal)
        return key in self._known or tuple((wire, -value) for wire, value in key) in self._known

    def lower(self, root: Term, leaves: Mapping[str, Signal]) -> Signal:
        """The signal of a term of sums and relu whose variables stand for signals."""
        made: dict[int, Signal] = {}
        for term in subterms((root,)):
            parts = [made[id(part)] for part in term.args]
            match term.kind:
                case "one":
                    made[id(term)] = {CONSTANT: ONCE}
                case "variable":
                    made[id(term)] = leaves[term.name]
                case "sum":
                    made[id(term)] = summed(zip(term.coefficients, parts, strict=True))
                case "relu":
                    made[id(term)] = self.relu(parts[0])
                case _:
                    raise ValueError(f"{term.kind} has no neuron; write it with relu")
        return made[id(root)]


def _primitive(signal: Signal) -> tuple[Fraction, tuple[tuple[int, int], ...]]:
    """The positive content of a signal, and the signal without it, sorted."""
    denominator = lcm(*(value.denominator for value in signal.values()))
    numerators = {wire: value.numerator * (denominator // value.denominator) for wire, value in signal.items()}
    content = gcd(*numerators.values())
    return Fraction(content, denominator), tuple(sorted((wire, n // content) for wire, n in numerators.items()))
