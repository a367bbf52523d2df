"""The canonical form of a network: one network for all that differ by the order, scale, copies or detours of neurons.

    network -> atoms (neurons up to scale and sign) -> those that reach an output -> levels in canonical order

Merged are neurons that are multiples of each other (duplicates, exact splits) and of each other's mirror image, as in
relu(t) - relu(-t) = t; gone are neurons that are always off, always on or constant by their signs, or reach no output.
What then is linear goes into later rows: a row may read any earlier wire. Rows of hidden neurons are integers without
common divisor, sorted by level. A neuron's sign stays, unless its mirror image is needed too: then its first weight is
positive.

>>> from symcircuits.circuits.network import network
>>> detour = [([[2], [-2]], [-2, 2]), ([["1/2", "-1/2"]], [1]), ([[3]], [0])]  # relu(x), as ReluSplitter writes it
>>> after, theorem = canonical(network("detour", ("x",), detour))
>>> after.shape, after.layers == network("ramp", ("x",), [([[1]], [0]), ([[3]], [0])]).layers
('1-1-1', True)
>>> theorem  # doctest: +NORMALIZE_WHITESPACE
NetworkTheorem: for all x in R^1: A(x) == B(x) in every output; A is 1-2-1-1, B is 1-1-1;
weights as exact numbers, real arithmetic
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from symcircuits.circuits.network import Network
from symcircuits.errors import CertificateRejected, InvalidCircuit
from symcircuits.kernel.networks import ZERO, Layer, NetworkTheorem, Row, check_networks, compose, reduced
from symcircuits.transform.matching import Atoms, Key, Rewritten, opposite, primitive

LOOKS = 3
"""How often a network with mirrored neurons is looked at again."""


class Canonical(NamedTuple):
    """The canonical network, and the theorem that the given one equals it on all of R^n."""

    network: Network
    theorem: NetworkTheorem


def canonical(network: Network) -> Canonical:
    """The canonical form of a network, with skip connections where needed, and the theorem network == canonical form.

    >>> from symcircuits.circuits.network import network
    >>> one = network("one", "xy", [([[1, 1], [2, 4]], [0, 0]), ([[1, 1]], [0])])
    >>> other = network("other", "xy", [([[1, 2], [4, 4], [3, 6]], [0, 0, 0]), ([["1/2", "1/4", "1/2"]], [0])])
    >>> canonical(one).network.layers == canonical(other).network.layers
    True
    """
    if not isinstance(network, Network):
        raise InvalidCircuit(f"canonical takes a Network, not {type(network).__name__}; a circuit c has one: c.network")
    count = len(network.inputs)
    atoms = Atoms(count)
    before = atoms.rewrite(network.layers)
    looks = [_arranged(atoms, before)]
    if any(atoms.traces) or any(before.traces):  # with other signs of neurons, another look may see more
        for _ in range(LOOKS):
            looks.append(_rearranged(count, looks[-1]))
    for layers in reversed(looks):
        # The first of the two networks chooses the signs of the atoms, and one choice may show more than the other.
        for pair in ((network.layers, layers), (layers, network.layers)):
            with suppress(CertificateRejected):
                return Canonical(replace(network, layers=layers), equal_layers(count, *pair))
    return Canonical(network, equal_layers(count, network.layers, network.layers))


def equal_layers(inputs: int, left: tuple[Layer, ...], right: tuple[Layer, ...]) -> NetworkTheorem:
    """The theorem that two networks are equal, if they are over common atoms."""
    atoms = Atoms(inputs)
    steps = [atoms.rewrite(each).steps for each in (left, right)]
    return check_networks((inputs, left, right, *steps))


def _rearranged(inputs: int, layers: Sequence[Layer]) -> tuple[Layer, ...]:
    atoms = Atoms(inputs)
    return _arranged(atoms, atoms.rewrite(layers))


def _arranged(atoms: Atoms, before: Rewritten) -> tuple[Layer, ...]:
    """The layers of a network whose neurons are the atoms that the outputs need, in canonical order."""
    levels = _levels(atoms, before.outputs)
    signs = _signs(atoms, [at for level in levels for at in level], before)
    values = [Row((at,), (1,), 0, 1) for at in range(atoms.inputs)] + [ZERO] * len(atoms.rows)
    layers: list[Layer] = []
    start = atoms.inputs
    for level in levels:
        made: list[tuple[Key, int, int, Row]] = []
        for at, row in zip(level, _moved([atoms.rows[at] for at in level], values, atoms), strict=True):
            key, content = primitive(row)
            first = 1 if (*key[1], key[2])[0] > 0 else -1
            flipped = (first if len(signs[at]) > 1 else min(signs[at])) < 0
            # relu(r) = c * neuron, or = r + c * neuron when the neuron is the mirror image.
            rest = row if flipped else ZERO._replace(denominator=row.denominator)
            made.append((opposite(key) if flipped else key, at, content, rest))
        made.sort(key=lambda entry: entry[0])
        for wire, (_, at, content, rest) in enumerate(made, start=start):
            values[atoms.inputs + at] = rest._replace(
                columns=(*rest.columns, wire), numerators=(*rest.numerators, content)
            )
        start += len(made)
        layers.append(_layer([Row(*key, 1) for key, *_ in made]))
    return (*layers, _layer([reduced(row, atoms.meter) for row in _moved(before.outputs, values, atoms)]))


def _moved(rows: Sequence[Row], values: Sequence[Row], atoms: Atoms) -> Iterator[Row]:
    """Rows over inputs and atoms as rows over the wires that `values` speaks of."""
    return compose(_layer(rows), values, atoms.meter)


def _layer(rows: Sequence[Row]) -> Layer:
    """The rows as a layer that reads what they use."""
    columns = tuple(sorted({column for row in rows for column in row.columns}))
    weights = tuple(row.numerators if row.columns == columns else _spread(row, columns) for row in rows)
    return Layer(columns, weights, tuple(row.shift for row in rows), tuple(row.denominator for row in rows))


def _spread(row: Row, columns: Sequence[int]) -> tuple[int, ...]:
    known = dict(zip(row.columns, row.numerators, strict=True))
    return tuple(known.get(column, 0) for column in columns)


def _signs(atoms: Atoms, needed: Sequence[int], before: Rewritten) -> dict[int, set[int]]:
    """By atom: 1 if its users need it, -1 if they need its mirror image."""
    signs: dict[int, set[int]] = {at: set() for at in needed}
    uses = [*((atoms.rows[at], atoms.traces[at]) for at in needed), *zip(before.outputs, before.traces, strict=True)]
    mirrored = {at for _, trace in uses for at in trace}
    for row, trace in uses:
        for column, numerator in zip(row.columns, row.numerators, strict=True) if mirrored else ():
            if column - atoms.inputs in mirrored:
                part = trace.get(column - atoms.inputs, Fraction(0))
                whole = Fraction(numerator, row.denominator)
                signs[column - atoms.inputs] |= {-1} if part == whole else {1} if not part else {1, -1}
    return {at: found or {1} for at, found in signs.items()}


def _levels(atoms: Atoms, outputs: Sequence[Row]) -> list[list[int]]:
    """The atoms that the outputs need, by level: one more than the highest level of an atom in the row."""
    needed = {column - atoms.inputs for row in outputs for column in row.columns if column >= atoms.inputs}
    for at in range(len(atoms.rows) - 1, -1, -1):
        if at in needed:
            needed.update(column - atoms.inputs for column in atoms.rows[at].columns if column >= atoms.inputs)
    height: dict[int, int] = {}
    for at in sorted(needed):
        height[at] = 1 + max((height.get(column - atoms.inputs, 0) for column in atoms.rows[at].columns), default=0)
    return [list(level) for _, level in groupby(sorted(height, key=height.__getitem__), key=height.__getitem__)]
