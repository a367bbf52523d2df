"""The blocks of a circuit: what is nested in it, and its tree as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from symcircuits.circuits.parts import Block

if TYPE_CHECKING:
    from symcircuits.circuits.circuit import Circuit


def blocks_of(circuit: Circuit) -> Iterator[Block]:
    """The blocks of a circuit that are not inside other blocks."""
    return (part for part in circuit.parts if isinstance(part, Block))


def inner_first(root: Circuit) -> list[Circuit]:
    """The circuit and all circuits in its blocks, each object once, inner ones before those that hold them."""
    order: list[Circuit] = []
    seen: set[int] = set()
    stack = [(root, False)]
    while stack:
        circuit, entered = stack.pop()
        if entered:
            order.append(circuit)
        elif id(circuit) not in seen:
            seen.add(id(circuit))
            stack.append((circuit, True))
            stack += [(block.circuit, False) for block in blocks_of(circuit)]
    return order


def neuron_counts(root: Circuit) -> dict[int, int]:
    """The number of neurons of the circuit and of each circuit in it, by `id`, without flattening any."""
    counts: dict[int, int] = {}
    for circuit in inner_first(root):
        blocks = list(blocks_of(circuit))
        counts[id(circuit)] = len(circuit.parts) - len(blocks) + sum(counts[id(block.circuit)] for block in blocks)
    return counts


def tree_lines(root: Circuit) -> Iterator[str]:
    """The lines of the block tree: a block as wires = circuit, indented below the circuit that holds it."""
    counts = neuron_counts(root)
    stack: list[tuple[int, str, Circuit]] = [(0, "", root)]
    while stack:
        depth, wires, circuit = stack.pop()
        count = counts[id(circuit)]
        yield f"{'  ' * depth}{wires}{circuit.name}: {count} neuron{'' if count == 1 else 's'}"
        for block in reversed(list(blocks_of(circuit))):
            stack.append((depth + 1, f"{', '.join(wire.name for wire in block.wires)} = ", block.circuit))
