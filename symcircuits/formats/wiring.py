"""A network under construction: affine forms of wires, and relu, which puts a form on a new wire.

Readers of graphs run the graph on forms; what comes out is a `Network`, with skip connections where a form reads wires
of several layers.

>>> wiring = Wiring(["x", "y"])
>>> x, y = wiring.forms
>>> larger = combination([(1, y), (1, wiring.relu(combination([(1, x), (-1, y)])))])
>>> made = wiring.network("max", [larger])
>>> made.run(3, 5), made.widths, made.is_layered
((Fraction(5, 1),), (1,), False)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

from symcircuits.circuits.network import Box, Network
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.networks import Layer

WIRES = 1 << 20
"""The most inputs and neurons of a network that is read."""
WEIGHTS = 1 << 26
"""The most weights of a network that is read; those of layers count that are 0, too."""


@dataclass(frozen=True, slots=True)
class Form:
    """(sum of weights[k] * wire k, plus bias) / denominator, all integers, the denominator positive."""

    weights: dict[int, int]
    bias: int
    denominator: int


ZERO = Form({}, 0, 1)


def constant_form(value: float | Fraction | int) -> Form:
    """The constant form of a finite number; `OverflowError` or `ValueError` for infinity and NaN."""
    numerator, denominator = value.as_integer_ratio()
    return Form({}, numerator, denominator)


def combination(items: Iterable[tuple[int, Form]], bias: int = 0, denominator: int = 1) -> Form:
    """The form (sum of c*f over the items (c, f), plus bias) / denominator, in lowest terms.

    >>> combination([(2, Form({0: 1}, 1, 2)), (-1, Form({0: 1, 1: 1}, 0, 1))], 1, 3)
    Form(weights={1: -1}, bias=2, denominator=3)
    """
    pairs = [(c, form) for c, form in items if c]
    common = lcm(*(form.denominator for _, form in pairs))
    weights: dict[int, int] = {}
    shift = bias * common
    for c, form in pairs:
        factor = c * (common // form.denominator)
        shift += factor * form.bias
        for wire, weight in form.weights.items():
            weights[wire] = weights.get(wire, 0) + factor * weight
    divisor = gcd(common * denominator, shift, *weights.values())
    if divisor > 1:
        weights = {wire: weight // divisor for wire, weight in weights.items()}
    weights = {wire: weight for wire, weight in weights.items() if weight}
    return Form(weights, shift // divisor, common * denominator // divisor)


class Wiring:
    """The wires so far: the inputs, then one for each relu, in order of their making."""

    def __init__(self, inputs: Sequence[str]) -> None:
        self.inputs = tuple(inputs)
        self.forms = [Form({at: 1}, 0, 1) for at in range(len(inputs))]
        self.arguments: list[Form] = []
        self.level = [0] * len(inputs)

    def relu(self, form: Form) -> Form:
        """The form of a new wire that carries relu(form); a constant needs no wire."""
        if len(self.level) >= WIRES:
            raise InvalidCircuit(f"there are more than {WIRES} neurons; networks of that size are not read")
        if not form.weights:
            return form if form.bias > 0 else ZERO
        self.level.append(1 + max(self.level[wire] for wire in form.weights))
        self.arguments.append(form)
        return Form({len(self.level) - 1: 1}, 0, 1)

    def larger(self, first: Form, second: Form) -> Form:
        """max(first, second) as second + relu(first - second)."""
        return combination([(1, second), (1, self.relu(combination([(1, first), (-1, second)])))])

    def smaller(self, first: Form, second: Form) -> Form:
        """min(first, second) as second - relu(second - first)."""
        return combination([(1, second), (-1, self.relu(combination([(1, second), (-1, first)])))])

    def leaky(self, form: Form, slope: Form) -> Form:
        """relu(form) - slope * relu(-form) for a constant slope; slope 0 is relu."""
        if not slope.bias:
            return self.relu(form)
        negative = combination([(-slope.bias, self.relu(combination([(-1, form)])))], 0, slope.denominator)
        return combination([(1, self.relu(form)), (1, negative)])

    def largest(self, forms: Sequence[Form]) -> Form:
        """The maximum of one or more forms, by a tournament."""
        while len(forms) > 1:
            pairs = [self.larger(*pair) for pair in zip(forms[::2], forms[1::2], strict=False)]
            forms = [*pairs, *forms[len(forms) - len(forms) % 2 :]]
        return forms[0]

    def network(self, name: str, outputs: Sequence[Form], box: Box | None = None) -> Network:
        """The network of all wires, layer by layer, with these outputs."""
        first = len(self.inputs)
        depth = max(self.level, default=0)
        levels: list[list[int]] = [[] for _ in range(depth + 1)]
        for wire, level in enumerate(self.level):
            levels[level].append(wire)
        place = {wire: at for at, wire in enumerate(wire for level in levels for wire in level)}
        rows = [[self.arguments[wire - first] for wire in level] for level in levels[1:]]
        layers: list[Layer] = []
        weights = 0
        for before, forms in zip(levels, [*rows, outputs], strict=True):
            sources = _sources([place[wire] for wire in before], forms, place)
            weights += len(sources) * len(forms)
            if weights > WEIGHTS:
                raise InvalidCircuit(f"{name}: its layers have more than {WEIGHTS} weights, zeros included")
            layers.append(_layer(sources, forms, place))
        return Network(name, self.inputs, tuple(layers), box)


def _sources(before: list[int], forms: Sequence[Form], place: dict[int, int]) -> tuple[int, ...]:
    """All wires of the layer before, if the forms read no others; else those that they read."""
    used = {place[wire] for form in forms for wire in form.weights}
    return tuple(before) if used <= set(before) else tuple(sorted(used))


def _layer(sources: tuple[int, ...], forms: Sequence[Form], place: dict[int, int]) -> Layer:
    column = {source: at for at, source in enumerate(sources)}
    rows: list[tuple[int, ...]] = []
    for form in forms:
        row = [0] * len(sources)
        for wire, weight in form.weights.items():
            row[column[place[wire]]] = weight
        rows.append(tuple(row))
    return Layer(sources, tuple(rows), tuple(form.bias for form in forms), tuple(form.denominator for form in forms))
