"""Neurons to layers: with skip connections as they are, or as a plain multilayer perceptron with carriers.

In a plain multilayer perceptron what a later layer needs must pass through the layers between, each of which ends in
relu. A relu output w passes as relu(w) = w, one neuron; a form t of any sign as t = relu(t) - relu(-t), two neurons, or
one more where relu(t) is a neuron of that layer anyway. What is carried are not the wires but a basis of the forms that
are needed, where that takes fewer neurons.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from sympy import Add, Expr, Rational, Symbol

from symcircuits.circuits.circuit import Circuit, Neuron
from symcircuits.circuits.compiler.neurons import CONSTANT, ONCE, Neurons, Signal, summed
from symcircuits.circuits.network import Network, reduced
from symcircuits.kernel.networks import Layer


class Carrier(NamedTuple):
    """Neurons of one layer, as relu of forms of the wires, and the form that they and the bias add up to."""

    form: Signal
    neurons: tuple[Signal, ...]
    made: Signal
    """The form as a combination of: the neurons, numbered from 0, and real neurons of the layer, as -2 - wire."""


class Span:
    """Forms of wires, each known as a combination of other things, and all that they span."""

    def __init__(self) -> None:
        self._rows: dict[int, tuple[Signal, Signal]] = {}

    def _reduced(self, form: Signal) -> tuple[Signal, Signal]:
        """What is left of the form, and what was taken away."""
        rest, taken = dict(form), Signal()
        while True:
            pivot = next((wire for wire in rest if wire in self._rows), None)
            if pivot is None:
                return rest, taken
            factor = rest[pivot]
            rest = summed([(ONCE, rest), (-factor, self._rows[pivot][0])])
            taken = summed([(ONCE, taken), (factor, self._rows[pivot][1])])

    def add(self, form: Signal, made: Signal) -> bool:
        """Add a form, made of other things, unless it is in the span already."""
        rest, taken = self._reduced(form)
        if not rest:
            return False
        pivot = max(rest)
        factor = 1 / rest[pivot]
        row = {wire: factor * value for wire, value in rest.items()}
        value = summed([(factor, made), (-factor, taken)])
        for other, (old, combination) in list(self._rows.items()):
            if pivot in old:
                back = -old[pivot]
                self._rows[other] = summed([(ONCE, old), (back, row)]), summed([(ONCE, combination), (back, value)])
        self._rows[pivot] = row, value
        return True

    def combination(self, form: Signal) -> Signal:
        """The form as a combination of what the forms added are made of; `ValueError` if it is none."""
        rest, taken = self._reduced(form)
        if rest:
            raise ValueError(f"the form {form} is not carried to this layer")
        return taken

    def contains(self, form: Signal) -> bool:
        """Whether the form is a combination of those added."""
        return not self._reduced(form)[0]


PRIME = 2**61 - 1
ENTRIES = 1500
"""The most coefficients of forms for which a basis is looked for: with more, finding one takes longer than all else."""


class Rank:
    """What forms span modulo a large prime: a guess at what they span, to compare carriers without long fractions."""

    def __init__(self) -> None:
        self._rows: dict[int, dict[int, int]] = {}

    def _reduced(self, form: Signal) -> dict[int, int]:
        rest = {wire: c.numerator * pow(c.denominator, -1, PRIME) % PRIME for wire, c in form.items()}
        rest = {wire: c for wire, c in rest.items() if c}
        for wire in sorted(self._rows, reverse=True):
            factor = rest.get(wire)
            for other, c in self._rows[wire].items() if factor else ():
                value = (rest.get(other, 0) - (factor or 0) * c) % PRIME
                if value:
                    rest[other] = value
                else:
                    rest.pop(other, None)
        return rest

    def add(self, form: Signal) -> bool:
        """Add a form unless it is in the span already."""
        rest = self._reduced(form)
        if rest:
            pivot = max(rest)
            inverse = pow(rest[pivot], -1, PRIME)
            self._rows[pivot] = {wire: c * inverse % PRIME for wire, c in rest.items()}
        return bool(rest)

    def contains(self, form: Signal) -> bool:
        """Whether the form is a combination of those added."""
        return not self._reduced(form)


def skip_network(name: str, names: Sequence[str], neurons: Neurons, outputs: Sequence[Signal]) -> Network:
    """The network of the neurons that the outputs need; each layer reads the wires it uses."""
    wires = _needed(neurons, outputs)
    order = sorted(wires, key=lambda wire: neurons.levels[wire - neurons.inputs])
    place = {**{wire: wire for wire in range(neurons.inputs)}, **{w: neurons.inputs + k for k, w in enumerate(order)}}
    layers: list[Layer] = []
    for level in range(1, neurons.level(order) + 1):
        here = [wire for wire in order if neurons.levels[wire - neurons.inputs] == level]
        layers.append(_layer([_renamed(neurons.arguments[wire - neurons.inputs], place) for wire in here]))
    return Network(name, tuple(names), (*layers, _layer([_renamed(output, place) for output in outputs])))


def plain_network(name: str, names: Sequence[str], neurons: Neurons, outputs: Sequence[Signal]) -> Network:
    """The multilayer perceptron with these neurons, and carriers for what skips a layer."""
    wires = _needed(neurons, outputs)
    span, start, size = Span(), 0, neurons.inputs
    for wire in range(size):
        span.add({wire: ONCE}, {wire: ONCE})
    layers: list[Layer] = []
    for level in range(1, neurons.level(wires) + 1):
        here = [wire for wire in wires if neurons.levels[wire - neurons.inputs] == level]
        arguments = [neurons.arguments[wire - neurons.inputs] for wire in here]
        later = [neurons.arguments[w - neurons.inputs] for w in wires if neurons.levels[w - neurons.inputs] > level]
        lower = [_below(form, neurons, level) for form in (*later, *outputs)]
        real = dict(zip(here, arguments, strict=True))
        carriers = _carriers([form for form in lower if form], real, neurons, span)
        rows = [*arguments, *(form for carrier in carriers for form in carrier.neurons)]
        layers.append(_layer([_through(span, row) for row in rows], range(start, start + size)))
        start, size = start + size, len(rows)
        span = _next_span(here, carriers, start)
    last = [_through(span, output) for output in outputs]
    return Network(name, tuple(names), (*layers, _layer(last, range(start, start + size))))


def network_to_circuit(network: Network) -> Circuit:
    """The circuit of a network, whose neuron j of hidden layer k is called hk_j, or with more underscores if taken.

    >>> from symcircuits.circuits.network import network
    >>> network_to_circuit(network("ramp", ("x",), [([[1]], ["-1/2"]), ([[2]], [0])])).neurons[0].argument
    x - 1/2
    """
    inputs = [Symbol(name, real=True) for name in network.inputs]
    mark = "_" * (1 + max((name.count("_") for name in network.inputs if name.startswith("h")), default=0))
    wires, parts = list(inputs), list[Neuron]()
    for number, layer in enumerate(network.layers[:-1], start=1):
        forms = _expressions(layer, wires)
        parts += [Neuron(Symbol(f"h{number}{mark}{at}", real=True), form) for at, form in enumerate(forms, start=1)]
        wires += [part.wire for part in parts[len(wires) - len(inputs) :]]
    return Circuit(network.name, tuple(inputs), tuple(parts), tuple(_expressions(network.layers[-1], wires)))


def _expressions(layer: Layer, wires: Sequence[Symbol]) -> list[Expr]:
    made: list[Expr] = []
    for row, shift, below in zip(layer.weights, layer.bias, layer.denominators, strict=True):
        items = [Rational(c, below) * wires[at] for c, at in zip(row, layer.sources, strict=True) if c]
        made.append(Add(*items, Rational(shift, below)))
    return made


def _needed(neurons: Neurons, outputs: Iterable[Signal]) -> list[int]:
    """The neurons that the outputs depend on, in order."""
    found: set[int] = set()
    stack = [wire for output in outputs for wire in output]
    while stack:
        wire = stack.pop()
        if wire >= neurons.inputs and wire not in found:
            found.add(wire)
            stack.extend(neurons.arguments[wire - neurons.inputs])
    return sorted(found)


def _below(form: Signal, neurons: Neurons, level: int) -> Signal:
    """The part of a form in wires that are there before the layer of that level."""
    return {w: c for w, c in form.items() if w != CONSTANT and neurons.level((w,)) < level}


def _carriers(forms: Sequence[Signal], real: Mapping[int, Signal], neurons: Neurons, span: Span) -> list[Carrier]:
    """Carriers for the forms: a basis of them, or the neurons one by one and a basis of the inputs' parts.

    The second is possible only where the layers before carried no less: where the span has these parts by themselves.
    """
    single = [_single(wire) for wire in sorted({w for form in forms for w in form if w >= neurons.inputs})]
    affine = [{w: c for w, c in form.items() if w < neurons.inputs} for form in forms]
    mixed = [*single, *_basis([form for form in affine if form], real, neurons)]
    is_possible = all(span.contains(carrier.form) for carrier in mixed)
    if is_possible and sum(map(len, forms)) > ENTRIES:
        return mixed
    together = _basis(forms, real, neurons)
    return min([together, *([mixed] if is_possible else [])], key=_size)


def _size(carriers: Sequence[Carrier]) -> int:
    return sum(len(carrier.neurons) for carrier in carriers)


def _single(wire: int) -> Carrier:
    return Carrier({wire: ONCE}, ({wire: ONCE},), {0: ONCE})


def _basis(forms: Sequence[Signal], real: Mapping[int, Signal], neurons: Neurons) -> list[Carrier]:
    """Carriers of a basis of the span of the forms, those of one neuron first: greedy is optimal, as for matroids."""
    whole, chosen, carriers = Rank(), Rank(), list[Carrier]()
    for form in forms:
        whole.add(form)
    wires = sorted({wire for form in forms for wire in form if wire >= neurons.inputs})
    candidates = [_single(wire) for wire in wires]
    candidates += [_half(wire, argument) for wire, argument in real.items()]
    candidates = [carrier for carrier in candidates if whole.contains(carrier.form)]
    for carrier in (*candidates, *map(_signed, sorted(forms, key=len))):
        if chosen.add(carrier.form):
            carriers.append(carrier)
    return carriers


def _half(wire: int, argument: Signal) -> Carrier:
    """The argument t of a neuron relu(t) there, by one more neuron relu(-t)."""
    form = {w: c for w, c in argument.items() if w != CONSTANT}
    made = {-2 - wire: ONCE, 0: -ONCE, CONSTANT: -argument.get(CONSTANT, Fraction(0))}
    return Carrier(form, ({w: -c for w, c in argument.items()},), made)


def _signed(form: Signal) -> Carrier:
    return Carrier(form, (form, {wire: -c for wire, c in form.items()}), {0: ONCE, 1: -ONCE})


def _next_span(here: Sequence[int], carriers: Sequence[Carrier], start: int) -> Span:
    """The forms known after a layer whose neurons are the wires from `start` on: the real ones, then the carriers'."""
    span, place = Span(), {wire: start + at for at, wire in enumerate(here)}
    for wire in here:
        span.add({wire: ONCE}, {place[wire]: ONCE})
    first = start + len(here)
    for carrier in carriers:
        made = {_wire(key, first, place): value for key, value in carrier.made.items() if value}
        span.add(carrier.form, made)
        first += len(carrier.neurons)
    return span


def _wire(key: int, first: int, place: Mapping[int, int]) -> int:
    if key == CONSTANT:
        return CONSTANT
    return place[-2 - key] if key < CONSTANT else first + key


def _through(span: Span, form: Signal) -> Signal:
    """A form of the neurons' wires as a form of the wires of the layer before."""
    moved = span.combination({wire: c for wire, c in form.items() if wire != CONSTANT})
    return summed([(ONCE, moved), (form.get(CONSTANT, Fraction(0)), {CONSTANT: ONCE})])


def _renamed(form: Signal, place: Mapping[int, int]) -> Signal:
    return {place.get(wire, wire): c for wire, c in form.items()}


def _layer(forms: Sequence[Signal], sources: Iterable[int] | None = None) -> Layer:
    """The layer whose rows are the forms, over these sources or those that occur."""
    wires = sorted({w for form in forms for w in form if w != CONSTANT}) if sources is None else list(sources)
    rows: list[tuple[tuple[int, ...], int]] = []
    for form in forms:
        values = [form.get(wire, Fraction(0)) for wire in (*wires, CONSTANT)]
        denominator = lcm(*(value.denominator for value in values))
        rows.append(reduced([value.numerator * (denominator // value.denominator) for value in values], denominator))
    weights = tuple(row[:-1] for row, _ in rows)
    return Layer(tuple(wires), weights, tuple(row[-1] for row, _ in rows), tuple(below for _, below in rows))
