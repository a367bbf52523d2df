"""Equality of two ReLU networks on all of R^n, checked neuron by neuron: the only place that makes a `NetworkTheorem`.

A network has n inputs, hidden layers of neurons, each the relu of a row, and an output layer of rows. The checker goes
through both networks with one growing list of *atoms*: relu's of rows over the inputs and the atoms before. It keeps
the value of every wire as a row over inputs and atoms, and puts these values into each neuron's row, which then is a
row r over inputs and atoms too. What the neuron's own value relu(r) is, a *step* of the certificate says:

    "new"        the next atom, and r is its row
    [k, p, q]    p/q > 0: r is p/q times atom k's row, so relu(r) = p/q * atom k
                 p/q < 0: r is p/q times atom k's row, so relu(r) = r + |p/q| * atom k, as relu(t) = t + relu(-t)
    "on"         r >= 0 as a sum of neurons and atoms with coefficients >= 0 and a constant >= 0: relu(r) = r
    "off"        likewise r <= 0: relu(r) = 0

The networks are equal when their output rows over inputs and atoms are. All arithmetic is on integers: the rows of
large networks are tuples, and where every wire is a multiple of one atom, putting values in only picks and multiplies.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import compress, repeat
from math import gcd, lcm
from operator import mul
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from symcircuits.kernel.certificate import reject
from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.normal import Meter
from symcircuits.kernel.number import integer_from_text

KEYS = ("format", "version", "kind", "inputs", "left", "right", "left_steps", "right_steps")
HEAD = ("symcircuits-certificate", 1, "networks")
# Most characters of a text; most arithmetic, in products of 30-bit digits, a few nanoseconds each.
CHARACTERS, WORK = 20_000_000, 1_500_000_000
# What a number costs besides: in a tuple, in a value of several columns that is added, in one that is arranged.
ENTRY, PAIR, PLACED = 8, 24, 80


class Layer(NamedTuple):
    """Row i is the affine form (weights[i] * x + bias[i]) / denominators[i] of the values x on the wires `sources`.

    Wires are numbered from 0: the network's inputs, then the neurons of each hidden layer in order. Sources are
    distinct and increasing; denominators are positive.
    """

    sources: tuple[int, ...]
    weights: tuple[tuple[int, ...], ...]
    bias: tuple[int, ...]
    denominators: tuple[int, ...]


class Row(NamedTuple):
    """(sum of numerators[i] * basis[columns[i]] + shift) / denominator, where basis is the inputs and then the atoms.

    Columns are distinct and increasing, no numerator is 0, and the denominator is positive.
    """

    columns: tuple[int, ...]
    numerators: tuple[int, ...]
    shift: int
    denominator: int

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numerators and the shift."""
        return (*self.numerators, self.shift)


Step = str | tuple[int, int, int]
Layers = tuple[Layer, ...]
Steps = tuple[Step, ...]
Data = tuple[int, Layers, Layers, Steps, Steps]
ZERO = Row((), (), 0, 1)


def digits(numbers: Sequence[int]) -> int:
    """How many 30-bit digits the longest of the numbers has, at least 1."""
    return 1 + max(map(int.bit_length, numbers), default=0) // 30


def times(numbers: tuple[int, ...], factor: int, meter: Meter) -> tuple[int, ...]:
    """All the numbers times the factor."""
    if factor == 1:
        return numbers
    meter.spend(len(numbers) * (ENTRY + digits(numbers) * digits((factor,))))
    return tuple(map(mul, numbers, repeat(factor)))


def is_multiple(row: Row, other: Row, p: int, q: int, meter: Meter) -> bool:
    """Whether row = p/q * other, for q > 0 and p not 0."""
    meter.spend(4 * digits((q, row.denominator)) * digits((p, other.denominator)))
    here, there = q * other.denominator, p * row.denominator
    common = gcd(here, there)
    if row.columns != other.columns:
        return False
    return times(row.numbers, here // common, meter) == times(other.numbers, there // common, meter)


def reduced(row: Row, meter: Meter) -> Row:
    """The same row over its least denominator."""
    meter.spend((1 + len(row.columns)) * (ENTRY + 4 * digits(row.numbers) * digits((row.denominator,))))
    divisor = gcd(row.denominator, *row.numbers)
    *numerators, shift = (number // divisor for number in row.numbers)
    return Row(row.columns, tuple(numerators), shift, row.denominator // divisor)


class Values(NamedTuple):
    """The values of the wires that a layer reads, arranged for its rows.

    All are over the denominator `common`. A column of the basis takes factors[i] times the weight at position picks[i];
    `rest` has the values that this leaves out: position, pairs (place among the columns, factor), constant.
    """

    common: int
    columns: tuple[int, ...]
    picks: tuple[int, ...]
    factors: tuple[int, ...]
    rest: tuple[tuple[int, tuple[tuple[int, int], ...], int], ...]


def arranged(read: Sequence[Row], meter: Meter) -> Values:
    """The values of the wires that a layer reads, arranged for its rows."""
    common = 1
    for row in read:
        meter.spend((1 + len(row.columns)) * PLACED + 4 * digits((common,)) * digits((row.denominator,)))
        common = lcm(common, row.denominator)
    columns = tuple(sorted({column for row in read for column in row.columns}))
    places = {column: place for place, column in enumerate(columns)}
    picks, factors = [0] * len(columns), [0] * len(columns)
    rest: list[tuple[int, tuple[tuple[int, int], ...], int]] = []
    for position, row in enumerate(read):
        *scaled, shift = times(row.numbers, common // row.denominator, meter)
        pairs = tuple(zip(map(places.__getitem__, row.columns), scaled, strict=True))
        if len(pairs) == 1 and not shift and not factors[pairs[0][0]]:
            picks[pairs[0][0]], factors[pairs[0][0]] = position, scaled[0]
        elif pairs or shift:
            rest.append((position, pairs, shift))
    return Values(common, columns, tuple(picks), tuple(factors), tuple(rest))


def compose(layer: Layer, values: Sequence[Row], meter: Meter) -> Iterator[Row]:
    """The rows of a layer over the basis, from the values of the wires before it over the basis."""
    common, columns, picks, factors, rest = arranged([values[at] for at in layer.sources], meter)
    is_scaled, is_ordered = any(factor != 1 for factor in factors), picks == tuple(range(len(layer.sources)))
    longest = digits((common, *factors, *(n for _, pairs, shift in rest for n in (shift, *(n for _, n in pairs)))))
    for weights, shift, denominator in zip(layer.weights, layer.bias, layer.denominators, strict=True):
        added = sum(len(pairs) + 1 for position, pairs, _ in rest if weights[position])
        product = max(digits(weights), digits((shift, denominator))) * longest
        meter.spend((len(columns) + 1) * (ENTRY + product) + len(rest) * ENTRY + added * (PAIR + product))
        picked = weights if is_ordered else map(weights.__getitem__, picks)
        numerators = list(map(mul, picked, factors) if is_scaled else picked)
        total = shift * common
        for position, pairs, constant in rest:
            if weight := weights[position]:
                total += weight * constant
                for place, factor in pairs:
                    numerators[place] += weight * factor
        kept = columns if 0 not in numerators else tuple(compress(columns, numerators))
        yield Row(kept, tuple(filter(None, numerators)), total, denominator * common)


def is_signed(columns: Sequence[int], numbers: Sequence[int], shift: int, inputs: int, sign: int) -> bool:
    """Whether no input takes part, and all the numbers and the shift are 0 or have the sign."""
    first = bisect_left(columns, inputs)
    return not any(numbers[:first]) and sign * shift >= 0 and all(sign * number >= 0 for number in numbers[first:])


class Neuron(NamedTuple):
    """The relu of a row: as the network has it, over wires, and over inputs and atoms."""

    sources: tuple[int, ...]
    weights: tuple[int, ...]
    bias: int
    row: Row

    def is_signed(self, inputs: int, sign: int) -> bool:
        """Whether the row is >= 0 (sign 1) or <= 0 (sign -1) because neurons, or atoms, are >= 0."""
        both = (self.sources, self.weights, self.bias), self.row[:3]
        return any(is_signed(*row, inputs, sign) for row in both)


def neurons(layer: Layer, values: Sequence[Row], meter: Meter) -> Iterator[Neuron]:
    """The neurons of a hidden layer, from the values of the wires before it."""
    for weights, bias, row in zip(layer.weights, layer.bias, compose(layer, values, meter), strict=True):
        yield Neuron(layer.sources, weights, bias, row)


def follow(step: Step, neuron: Neuron, atoms: list[Row], inputs: int, meter: Meter) -> Row:
    """The value of a neuron, as the step says; a new atom's row is put on the list."""
    row = neuron.row
    if step == "new":
        atoms.append(row)
        return Row((inputs + len(atoms) - 1,), (1,), 0, 1)
    if isinstance(step, str):
        if not neuron.is_signed(inputs, 1 if step == "on" else -1):
            reject(f"the signs of its row do not show that it is always {step}")
        return reduced(row, meter) if step == "on" else ZERO
    k, p, q = step
    if not 0 <= k < len(atoms) or not is_multiple(row, atoms[k], p, q, meter):
        reject("its row is not that multiple of an earlier atom's")
    if p > 0:
        return reduced(Row((inputs + k,), (p,), 0, q), meter)
    *numerators, shift = times(row.numbers, q, meter)
    meter.spend(digits((p, q)) * digits((row.denominator,)))
    # An atom's row has earlier columns only, so the atom's own column comes last.
    numerators.append(-p * row.denominator)
    return reduced(Row((*row.columns, inputs + k), tuple(numerators), shift, row.denominator * q), meter)


def _outputs(side: str, layers: Layers, steps: Steps, atoms: list[Row], inputs: int, meter: Meter) -> list[Row]:
    todo = iter(steps)
    values = [Row((at,), (1,), 0, 1) for at in range(inputs)]
    for place, layer in enumerate(layers[:-1], start=1):
        made: list[Row] = []
        for number, (neuron, step) in enumerate(zip(neurons(layer, values, meter), todo, strict=False)):
            try:
                made.append(follow(step, neuron, atoms, inputs, meter))
            except CertificateRejected as error:
                raise CertificateRejected(f"{side}, layer {place}, neuron {number}: {error}") from None
        values += made
    return list(compose(layers[-1], values, meter))


def _tuple(value: Any, what: str) -> tuple[Any, ...]:
    """A tuple of the entries of a tuple, a list or a layer; nothing else has entries that stay what they are."""
    if type(value) not in (tuple, list, Layer):
        reject(f"{what} must be a list")
    return tuple(value)


def _integers(value: Any, what: str, meter: Meter) -> tuple[int, ...]:
    numbers = _tuple(value, what)
    meter.spend(len(numbers) * ENTRY)
    if not set(map(type, numbers)) <= {int}:
        reject(f"{what} must be a list of integers")
    return numbers


def _layer(value: Any, wires: int, what: str, meter: Meter) -> Layer:
    parts = _tuple(value, what)
    if len(parts) != 4:
        reject(f"{what} must have sources, weights, bias and denominators")
    sources, bias, denominators = (_integers(parts[at], what, meter) for at in (0, 2, 3))
    weights = tuple(_integers(row, what, meter) for row in _tuple(parts[1], what))
    if any(low >= high for low, high in zip((-1, *sources), (*sources, wires), strict=True)):
        reject(f"{what} must read distinct wires, in increasing order, that are there before it")
    if any(len(row) != len(sources) for row in weights) or not len(weights) == len(bias) == len(denominators):
        reject(f"{what} has shapes that do not fit")
    if any(denominator <= 0 for denominator in denominators):
        reject(f"{what} has a denominator that is not positive")
    return Layer(sources, weights, bias, denominators)


def _network(value: Any, inputs: int, side: str, meter: Meter) -> Layers:
    layers, wires = list[Layer](), inputs
    for place, layer in enumerate(_tuple(value, f"the layers, {side},"), start=1):
        layers.append(_layer(layer, wires, f"{side}, layer {place}", meter))
        wires += len(layers[-1].weights)
    return tuple(layers) or reject(f"{side}: a network needs at least its output layer")


def _steps(value: Any, layers: Layers, side: str, meter: Meter) -> Steps:
    steps: list[Step] = []
    for step in _tuple(value, f"the steps, {side},"):
        if type(step) is str and step in ("new", "on", "off"):
            steps.append(step)
            continue
        numbers = _integers(step, f"{side}: a step other than new, on and off", meter)
        if len(numbers) != 3 or not numbers[1] or numbers[2] <= 0:
            reject(f"{side}: a step with numbers must be [k, p, q] with p not 0 and q > 0")
        steps.append(numbers)
    if len(steps) != sum(len(layer.weights) for layer in layers[:-1]):
        reject(f"{side}: there must be as many steps as neurons")
    return tuple(steps)


def _data(values: Any, meter: Meter) -> Data:
    inputs, *rest = _tuple(values, "a certificate")
    if len(rest) != 4 or type(inputs) is not int or inputs < 0:
        reject("a certificate must be the number of inputs, two networks and the steps of each")
    meter.spend(inputs * ENTRY)
    left, right = _network(rest[0], inputs, "left", meter), _network(rest[1], inputs, "right", meter)
    return inputs, left, right, _steps(rest[2], left, "left", meter), _steps(rest[3], right, "right", meter)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("an object has a key twice")
    return dict(pairs)


def read(text: str) -> list[Any]:
    """The values of a certificate's text, as `check_networks` takes them; `CertificateRejected` for another form."""
    if len(text) > CHARACTERS:
        reject(f"it has {len(text)} characters; at most {CHARACTERS} are accepted")
    try:
        fields = json.loads(text, object_pairs_hook=_object, parse_int=integer_from_text)
    except (RecursionError, ValueError) as error:
        raise CertificateRejected(f"it is not a certificate: {error}") from None
    if type(fields) is not dict or set(fields) != set(KEYS):
        reject(f"it must be an object with the keys {', '.join(KEYS)}")
    if tuple(fields[key] for key in KEYS[:3]) != HEAD or type(fields["version"]) is not int:
        reject(f"its format, version and kind must be {HEAD}")
    return [fields[key] for key in KEYS[3:]]


class _Sealed(type):
    def __setattr__(cls, *change: object) -> None:
        raise TypeError("NetworkTheorem cannot be changed")

    __delattr__ = __setattr__


class NetworkTheorem(metaclass=_Sealed):
    """Two networks that the kernel has checked to be equal on all of R^n; only `check_networks` makes one.

    The object itself is empty: what was proved stands in a record that `check_networks` keeps. Copying or pickling a
    theorem carries its certificate, which is checked again.
    """

    __slots__ = ("__weakref__",)

    def __new__(cls, *arguments: object) -> NetworkTheorem:
        raise TypeError("a NetworkTheorem is made by check_networks(certificate) only")

    def __init_subclass__(cls) -> None:
        raise TypeError("NetworkTheorem has no subclasses")

    @property
    def certificate(self) -> tuple[Any, ...]:
        """What was checked: number of inputs, left and right network, their steps, in plain tuples."""
        if type(self) is not NetworkTheorem or self not in _RECORDS:
            raise TypeError("this object was not made by check_networks(certificate): it is not a theorem")
        return _RECORDS[self]

    @property
    def inputs(self) -> int:
        """The dimension n of the space on which the networks are equal."""
        return int(self.certificate[0])

    @property
    def left(self) -> tuple[Layer, ...]:
        """The layers of the first network, read from the record each time: nothing done to them reaches the theorem."""
        return tuple(Layer(*layer) for layer in self.certificate[1])

    @property
    def right(self) -> tuple[Layer, ...]:
        """The layers of the second network."""
        return tuple(Layer(*layer) for layer in self.certificate[2])

    def __reduce__(self) -> tuple[Callable[[Any], NetworkTheorem], tuple[Any]]:
        return check_networks, (self.certificate,)

    def __repr__(self) -> str:
        shapes = ("-".join(map(str, [self.inputs, *(len(layer.bias) for layer in n)])) for n in (self.left, self.right))
        says = f"for all x in R^{self.inputs}: A(x) == B(x) in every output"
        return "NetworkTheorem: {}; A is {}, B is {}; weights as exact numbers, real arithmetic".format(says, *shapes)


_RECORDS: WeakKeyDictionary[NetworkTheorem, tuple[Any, ...]] = WeakKeyDictionary()


def check_networks(certificate: Any) -> NetworkTheorem:
    """The theorem that two networks are equal; `CertificateRejected` says what is wrong with the certificate.

    A certificate is a text, or for large networks its values themselves: (number of inputs, layers of the left network,
    of the right one, steps of the left network, of the right one), in tuples or lists.

    >>> ramp = ((0,), ((1,),), (-1,), (1,)), ((1,), ((3,),), (0,), (1,))
    >>> scaled = ((0,), ((2,),), (-2,), (1,)), ((1,), ((3,),), (0,), (2,))
    >>> check_networks((1, ramp, scaled, ["new"], [(0, 2, 1)])).inputs
    1
    """
    meter = Meter()
    meter.left = WORK
    inputs, left, right, *steps = _data(read(certificate) if type(certificate) is str else certificate, meter)
    atoms: list[Row] = []
    ones = _outputs("left", left, steps[0], atoms, inputs, meter)
    others = _outputs("right", right, steps[1], atoms, inputs, meter)
    if len(ones) != len(others):
        reject(f"the left network has {len(ones)} outputs, the right one {len(others)}")
    for place, (one, other) in enumerate(zip(ones, others, strict=True)):
        if not is_multiple(one, other, 1, 1, meter):
            reject(f"output {place} differs over inputs and atoms")
    theorem = object.__new__(NetworkTheorem)
    _RECORDS[theorem] = (inputs, tuple(map(tuple, left)), tuple(map(tuple, right)), *steps)
    return theorem
