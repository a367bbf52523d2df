"""Neurons of networks matched up to scale and sign: the steps of a certificate for `kernel.networks`.

Rows over inputs and atoms are looked up by their *primitive* form, the integers without common divisor on the same
ray; the exact integers themselves are the key of a dictionary. Nothing here is trusted: the kernel goes the same way
with the steps found, and looks nothing up.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import repeat
from math import gcd
from operator import floordiv, neg
from typing import NamedTuple

from symcircuits.kernel.networks import Layer, Neuron, Row, Step, compose, follow, neurons
from symcircuits.kernel.normal import Meter

Key = tuple[tuple[int, ...], tuple[int, ...], int]
Trace = dict[int, Fraction]
"""By atom: the part of its coefficient in a row that comes from wires that carry the atom's mirror image."""


class Rewritten(NamedTuple):
    """A network over atoms: the step of each neuron, the outputs with their traces, the wires that gave new atoms."""

    steps: tuple[Step, ...]
    outputs: tuple[Row, ...]
    traces: tuple[Trace, ...]
    fresh: tuple[int, ...]


class Unmetered(Meter):
    """A meter without a limit."""

    def spend(self, bits: int) -> None:
        """Nothing is counted."""


class Atoms:
    """The atoms met so far, each the relu of a row, with the trace of that row.

    >>> atoms = Atoms(1)
    >>> pair = Layer((0,), ((2,), (-3,)), (0, 0), (1, 1)), Layer((1, 2), ((3, -2),), (0,), (6,))
    >>> answer = atoms.rewrite(pair)
    >>> answer.steps, answer.outputs
    (('new', (0, -3, 2)), (Row(columns=(0,), numerators=(12,), shift=0, denominator=12),))
    """

    def __init__(self, inputs: int, meter: Meter | None = None) -> None:
        self.inputs, self.meter = inputs, Unmetered() if meter is None else meter
        self.rows: list[Row] = []
        self.traces: list[Trace] = []
        self.scales: list[tuple[int, int]] = []
        self.known: dict[Key, int] = {}

    def rewrite(self, layers: Sequence[Layer]) -> Rewritten:
        """The network's steps and its outputs over inputs and atoms."""
        values = [Row((at,), (1,), 0, 1) for at in range(self.inputs)]
        steps: list[Step] = []
        marks: dict[int, Trace] = {}
        for layer in layers[:-1]:
            made: list[Row] = []
            traces = _traces(layer, marks)
            for trace, neuron in zip(traces, neurons(layer, values, self.meter), strict=True):
                steps.append(self.step(neuron, trace))
                made.append(follow(steps[-1], neuron, self.rows, self.inputs, self.meter))
                mark = _mark(steps[-1], trace)
                if mark:
                    marks[len(values) + len(made) - 1] = mark
            values += made
        fresh = tuple(wire for wire, step in enumerate(steps, start=self.inputs) if step == "new")
        outputs = tuple(compose(layers[-1], values, self.meter))
        return Rewritten(tuple(steps), outputs, tuple(_traces(layers[-1], marks)), fresh)

    def step(self, neuron: Neuron, trace: Trace) -> Step:
        """What the neuron is; for a new atom, its key and its trace are kept."""
        if neuron.is_signed(self.inputs, -1):
            return "off"
        if neuron.is_signed(self.inputs, 1):
            return "on"
        key, content = primitive(neuron.row)
        for sign in (1, -1):
            at = self.known.get(key if sign > 0 else opposite(key))
            if at is not None:
                p, q = content * self.scales[at][1], neuron.row.denominator * self.scales[at][0]
                divisor = gcd(p, q)
                return at, sign * p // divisor, q // divisor
        self.known[key] = len(self.scales)
        self.scales.append((content, neuron.row.denominator))
        self.traces.append(trace)
        return "new"


def primitive(row: Row) -> tuple[Key, int]:
    """The coprime integers on the ray of a row that is not 0, and what they must be multiplied by.

    >>> primitive(Row((0, 3), (4, -6), 0, 5))
    (((0, 3), (2, -3), 0), 2)
    """
    content = gcd(*row.numerators, row.shift)
    if content == 1:
        return (row.columns, row.numerators, row.shift), 1
    return (row.columns, tuple(map(floordiv, row.numerators, repeat(content))), row.shift // content), content


def opposite(key: Key) -> Key:
    """The key of the negated row."""
    columns, numerators, shift = key
    return columns, tuple(map(neg, numerators)), -shift


def _traces(layer: Layer, marks: dict[int, Trace]) -> list[Trace]:
    """The trace of each row of a layer, from those of the wires that it reads."""
    marked = [(place, marks[wire]) for place, wire in enumerate(layer.sources) if wire in marks]
    traces: list[Trace] = []
    for weights, denominator in zip(layer.weights, layer.denominators, strict=True):
        trace: Trace = {}
        for place, mark in marked:
            if weights[place]:
                for at, part in mark.items():
                    trace[at] = trace.get(at, Fraction(0)) + part * Fraction(weights[place], denominator)
        traces.append({at: part for at, part in trace.items() if part})
    return traces


def _mark(step: Step, trace: Trace) -> Trace:
    """The trace of a neuron's value; an atom leaves none."""
    if isinstance(step, str):
        return trace if step == "on" else {}
    return {step[0]: Fraction(-step[1], step[2])} if step[1] < 0 else {}
