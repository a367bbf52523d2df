"""Mutations: the slips that people and programs make in networks and expressions, each as the list of wrong copies.

Not every copy is wrong: a neuron may not matter, or two slips cancel. Whether one is, is for a proof to say.

>>> from symcircuits.circuits.gadgets import gadget
>>> net = gadget("min").circuit.network
>>> {name: len(list(make(net))) for name, make in NETWORK_MUTATIONS.items()}  # doctest: +NORMALIZE_WHITESPACE
{'sign flipped': 7, 'weight dropped': 7, 'bias off by one': 4, 'relu left out': 3, "neighbour's input": 5,
 'layer order': 1}
>>> for name, term in mutants(gadget("max").targets[0]):
...     print(f"{name}: {term}")
bias off by one: max(x1, x2) + 1
min for max: min(x1, x2)
neighbour's input: max(x2, x2)
neighbour's input: max(x1, x1)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from symcircuits.circuits.circuit import Circuit
from symcircuits.circuits.gadget import Verified
from symcircuits.circuits.network import Network
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.networks import Layer
from symcircuits.kernel.term import ONE, Term, subterms, total
from symcircuits.testing.rewrites import Copy, copied

UNIT = Fraction(1)
SWAPPED = {"max": "min", "min": "max"}


def mutants(value: Any) -> Iterator[tuple[str, Any]]:
    """The mutated copies of a network, a circuit's network, or a term, each with the name of its mutation.

    Raises `InvalidCircuit` for anything else, and for circuits with parameters.
    """
    if isinstance(value, Circuit | Verified):
        value = (value.circuit if isinstance(value, Verified) else value).network
    if isinstance(value, Network):
        for name, of_network in NETWORK_MUTATIONS.items():
            yield from ((name, copy) for copy in of_network(value))
    elif isinstance(value, Term):
        for name, of_term in TERM_MUTATIONS.items():
            yield from ((name, copy) for copy in of_term(value))
    else:
        raise InvalidCircuit(f"networks, circuits and terms have mutants, not {type(value).__name__}")


def _each_row(network: Network, change: Callable[[tuple[int, ...]], Iterator[tuple[int, ...]]]) -> Iterator[Network]:
    """A copy for each changed row of each layer; a row is its weights, bias and denominator."""
    for at, layer in enumerate(network.layers):
        rows = list(zip(layer.weights, layer.bias, layer.denominators, strict=True))
        for place, (weights, bias, below) in enumerate(rows):
            for changed in change((*weights, bias, below)):
                fresh = (changed[:-2], changed[-2], changed[-1])
                yield _with_layer(network, at, _layer(layer.sources, [*rows[:place], fresh, *rows[place + 1 :]]))


def _with_layer(network: Network, at: int, layer: Layer) -> Network:
    return replace(network, layers=(*network.layers[:at], layer, *network.layers[at + 1 :]))


def _layer(sources: tuple[int, ...], rows: Sequence[tuple[tuple[int, ...], int, int]]) -> Layer:
    weights, bias, below = zip(*rows, strict=True)
    return Layer(sources, weights, bias, below)


def sign_flipped(network: Network) -> Iterator[Network]:
    """One weight negated."""
    return _each_row(network, lambda row: _changed(row, lambda weight: -weight))


def weight_dropped(network: Network) -> Iterator[Network]:
    """One weight 0."""
    return _each_row(network, lambda row: _changed(row, lambda weight: 0))


def _changed(row: tuple[int, ...], change: Callable[[int], int]) -> Iterator[tuple[int, ...]]:
    for place, weight in enumerate(row[:-2]):
        if weight:
            yield (*row[:place], change(weight), *row[place + 1 :])


def bias_off_by_one(network: Network) -> Iterator[Network]:
    """One bias greater by 1."""
    return _each_row(network, lambda row: iter([(*row[:-2], row[-2] + row[-1], row[-1])]))


def relu_left_out(network: Network) -> Iterator[Network]:
    """One neuron without relu, as the pair relu(t), -relu(-t)."""
    for place, width in enumerate(network.widths):
        for at in range(width):
            copies = [Copy(other) for other in range(width)]
            copies.insert(at + 1, Copy(at, -UNIT, -UNIT))
            yield copied(network, place, copies)


def input_of_a_neighbour(network: Network) -> Iterator[Network]:
    """The weights of two wires that are read side by side exchanged in one row."""

    def change(row: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        for place in range(len(row) - 3):
            if row[place] != row[place + 1]:
                yield (*row[:place], row[place + 1], row[place], *row[place + 2 :])

    return _each_row(network, change)


def layer_order(network: Network) -> Iterator[Network]:
    """Two hidden layers that follow each other exchanged where they fit; else one's rows in reverse order."""
    for at in range(network.depth):
        layer = network.layers[at]
        after = network.layers[at + 1]
        if at + 1 < network.depth and network.is_layered and _size(layer) == _size(after) and layer[1:] != after[1:]:
            swapped = _with_layer(network, at, after._replace(sources=layer.sources))
            yield _with_layer(swapped, at + 1, layer._replace(sources=after.sources))
            continue
        rows = list(zip(layer.weights, layer.bias, layer.denominators, strict=True))
        if rows != rows[::-1]:
            yield _with_layer(network, at, _layer(layer.sources, rows[::-1]))


def _size(layer: Layer) -> tuple[int, int]:
    return len(layer.bias), len(layer.sources)


NETWORK_MUTATIONS: dict[str, Callable[[Network], Iterator[Network]]] = {
    "sign flipped": sign_flipped,
    "weight dropped": weight_dropped,
    "bias off by one": bias_off_by_one,
    "relu left out": relu_left_out,
    "neighbour's input": input_of_a_neighbour,
    "layer order": layer_order,
}


def replaced(root: Term, old: Term, new: Term) -> Term:
    """The term with one part, wherever that object is used, replaced."""
    made: dict[int, Term] = {}
    for term in subterms((root,)):
        made[id(term)] = new if term is old else term._replace(args=tuple(made[id(part)] for part in term.args))
    return made[id(root)]


def with_coefficients(root: Term, change: Callable[[Fraction], Fraction]) -> Iterator[Term]:
    """The copies with one coefficient of one sum changed, those of constants left as they are."""
    for term in subterms((root,)):
        for place, (old, part) in enumerate(zip(term.coefficients, term.args, strict=False)):
            if part is not ONE and change(old) != old:
                row = (*term.coefficients[:place], change(old), *term.coefficients[place + 1 :])
                yield replaced(root, term, term._replace(coefficients=row))


def _shifted(root: Term) -> Iterator[Term]:
    """The whole, or the argument of one relu or abs, greater by 1."""
    yield total([(UNIT, root), (UNIT, ONE)])
    for term in subterms((root,)):
        if term.kind in ("relu", "abs"):
            yield replaced(root, term, term._replace(args=(total([(UNIT, term.args[0]), (UNIT, ONE)]),)))


def _unswitched(root: Term) -> Iterator[Term]:
    for term in subterms((root,)):
        if term.kind in ("relu", "abs"):
            yield replaced(root, term, term.args[0])


def _swapped(root: Term) -> Iterator[Term]:
    for term in subterms((root,)):
        if term.kind in SWAPPED:
            yield replaced(root, term, term._replace(kind=SWAPPED[term.kind]))


def _renamed(root: Term) -> Iterator[Term]:
    """One variable in one place replaced by the next one."""
    terms = subterms((root,))
    variables = [term for term in terms if term.kind == "variable"]
    after = {id(one): other for one, other in zip(variables, [*variables[1:], *variables[:1]], strict=True)}
    for term in terms if len(variables) > 1 else ():
        for place, part in enumerate(term.args if term.kind != "scale" else ()):
            if part.kind == "variable":
                args = (*term.args[:place], after[id(part)], *term.args[place + 1 :])
                yield replaced(root, term, term._replace(args=args))


TERM_MUTATIONS: dict[str, Callable[[Term], Iterator[Term]]] = {
    "sign flipped": lambda term: with_coefficients(term, lambda c: -c),
    "weight dropped": lambda term: with_coefficients(term, lambda c: Fraction(0)),
    "bias off by one": _shifted,
    "relu left out": _unswitched,
    "min for max": _swapped,
    "neighbour's input": _renamed,
}
