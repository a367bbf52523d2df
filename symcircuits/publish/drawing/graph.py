"""A circuit as nodes on levels and weighted edges between them, with the texts that a drawing shows.

>>> from symcircuits.circuits.gadgets import gadget
>>> graph = graph_of(gadget("min").circuit, (3, 5))
>>> [(node.name, node.level, node.after, node.before) for node in graph.nodes[2:4]]
[('z1', 1, '0', '-2'), ('z2', 1, '3', '3')]
>>> [(graph.nodes[edge.source].name, edge.weight, edge.sign) for edge in graph.edges if edge.target == 2]
[('x1', '1', 1), ('x2', '-1', -1)]
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from sympy import Expr, Integer, Symbol

from symcircuits.circuits.circuit import Circuit
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.number import rational_to_text

MOST, SHORT = 60, 4
"""Hidden neurons of a drawing that can still be read; letters of a name that fits into a node."""
NUMBERED = re.compile(r"([^\W\d_]+)((?:_?\d+)+)")
Kind = Literal["input", "hidden", "output"]


class Node(NamedTuple):
    """An input, a neuron or an output; what it is called, its bias, and its values after and before relu, if known.

    label: a short name, for the drawing
    """

    name: str
    label: str
    kind: Kind
    level: int
    bias: str = ""
    after: str = ""
    before: str = ""


class Edge(NamedTuple):
    """A weight between two nodes, by their numbers; the sign is 0 where it is not known."""

    source: int
    target: int
    weight: str
    sign: int


class Graph(NamedTuple):
    """Nodes in the order inputs, neurons by layer, outputs; and the edges between them."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @property
    def levels(self) -> list[list[int]]:
        """The nodes of each level, inputs first."""
        height = max(node.level for node in self.nodes)
        return [[at for at, node in enumerate(self.nodes) if node.level == level] for level in range(height + 1)]


def graph_of(
    circuit: Circuit, inputs: Sequence[Any] | None = None, parameters: Mapping[str, Any] | None = None
) -> Graph:
    """The neurons of a circuit, blocks opened; with inputs, also the values of all nodes there.

    Raises `InvalidCircuit` for more than `MOST` hidden neurons.
    """
    flat, count = circuit.flat, sum(circuit.widths)
    if count > MOST:
        raise InvalidCircuit(
            f"{circuit.name} has {count} hidden neurons; a drawing of more than {MOST} is not readable"
        )
    known = flat.values(inputs, parameters) if inputs is not None else {}
    shown = circuit.activations(*inputs, parameters=parameters) if inputs is not None else None
    nodes = [Node(s.name, s.name, "input", 0, "", _value(known.get(s.name))) for s in circuit.inputs]
    is_short = all(len(neuron.wire.name) <= SHORT for neuron in circuit.neurons)
    place: dict[Symbol, int] = {symbol: at for at, symbol in enumerate(circuit.inputs)}
    edges: list[Edge] = []
    for level, neurons in enumerate(circuit.levels, start=1):
        for at, neuron in enumerate(neurons):
            before, after = shown[level - 1][at][1:] if shown else (None, None)
            bias, row = _row(neuron.argument, place)
            edges += [Edge(source, len(nodes), weight, sign) for source, weight, sign in row]
            label = neuron.wire.name if is_short else f"z{1 + len(nodes) - len(circuit.inputs)}"
            nodes.append(Node(neuron.wire.name, label, "hidden", level, bias, _value(after), _value(before)))
            place[neuron.wire] = len(nodes) - 1
    results = circuit.run(*inputs, parameters=parameters) if inputs is not None else [None] * len(flat.outputs)
    top = 1 + max(node.level for node in nodes)
    taken = {node.name for node in nodes}
    for number, (output, result) in enumerate(zip(flat.outputs, results, strict=True), start=1):
        name = "y" if len(flat.outputs) == 1 else f"y{number}"
        bias, row = _row(output, place)
        edges += [Edge(source, len(nodes), weight, sign) for source, weight, sign in row]
        name = name if name not in taken else f"{name}'"
        nodes.append(Node(name, name, "output", top, bias, _value(result)))
    return Graph(circuit.name, tuple(nodes), tuple(edges))


def split_name(name: str) -> tuple[str, str]:
    """The letters of a name, and the numbers after them, which a drawing shows as an index.

    >>> split_name("z3_1"), split_name("x"), split_name("a_b")
    (('z', '3,1'), ('x', ''), ('a_b', ''))
    """
    found = NUMBERED.fullmatch(name)
    return (found[1], found[2].strip("_").replace("_", ",")) if found else (name, "")


def _value(value: Any) -> str:
    return "" if value is None else rational_to_text(value)


def _row(form: Expr, place: Mapping[Symbol, int]) -> tuple[str, list[tuple[int, str, int]]]:
    """The bias and, for each node that occurs, its number, the weight as text, and the weight's sign."""
    form = form.expand()
    row: list[tuple[int, str, int]] = []
    for symbol in sorted(form.free_symbols & place.keys(), key=place.__getitem__):
        weight = form.coeff(symbol)
        sign = 1 if weight.is_positive else -1 if weight.is_negative else 0
        row.append((place[symbol], str(weight), sign))
        form = (form - weight * symbol).expand()
    return ("" if form == Integer(0) else str(form)), row
