"""Trees and networks of two-input max and min, as text; and the truth tables of lattice functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from prover.corpus.draw import Let

Node = Callable[[Let, str, str], str]
Pair = tuple[int, int]


def relu_max(let: Let, a: str, b: str) -> str:
    """max(a, b) as a + relu(b - a), a and b being names or texts in brackets."""
    return let.add(f"{a} + {let.add(f'relu({b} - {a})')}")


def relu_min(let: Let, a: str, b: str) -> str:
    """min(a, b) as a - relu(a - b)."""
    return let.add(f"{a} - {let.add(f'relu({a} - {b})')}")


def plain_max(let: Let, a: str, b: str) -> str:
    """max(a, b) as such."""
    return let.add(f"Max({a}, {b})")


def plain_min(let: Let, a: str, b: str) -> str:
    """min(a, b) as such."""
    return let.add(f"Min({a}, {b})")


def tournament(let: Let, wires: Sequence[str], node: Node) -> str:
    """The wires joined in pairs, the results in pairs, and so on; an odd one out goes to the next round."""
    row = list(wires)
    while len(row) > 1:
        pairs = zip(row[::2], row[1::2], strict=False)
        row = [node(let, a, b) for a, b in pairs] + (row[-1:] if len(row) % 2 else [])
    return row[0]


def fold(let: Let, wires: Sequence[str], node: Node) -> str:
    """The wires joined one by one, from the first."""
    result = wires[0]
    for wire in wires[1:]:
        result = node(let, result, wire)
    return result


def insertion(size: int) -> list[Pair]:
    """The comparators of insertion sort.

    >>> insertion(3)
    [(0, 1), (1, 2), (0, 1)]
    """
    return [(at, at + 1) for last in range(1, size) for at in range(last - 1, -1, -1)]


def batcher(size: int) -> list[Pair]:
    """The comparators of Batcher's odd-even mergesort for any size (Knuth, algorithm 5.2.2M).

    >>> batcher(4)
    [(0, 2), (1, 3), (0, 1), (2, 3), (1, 2)]
    """
    found: list[Pair] = []
    top = 1 << max(1, (size - 1).bit_length()) - 1
    block = top
    while block:
        width, residue, gap = top, 0, block
        while True:
            found += [(at, at + gap) for at in range(size - gap) if at & block == residue]
            if width == block:
                break
            gap, width, residue = width - block, width >> 1, block
        block >>= 1
    return found


class Gates(NamedTuple):
    """How min and max are written."""

    low: Node
    high: Node


RELU, PLAIN = Gates(relu_min, relu_max), Gates(plain_min, plain_max)


def sorted_wires(let: Let, wires: Sequence[str], comparators: Iterable[Pair], gates: Gates) -> list[str]:
    """The wires after comparators (i, j), each of which puts the smaller number on wire i."""
    row = list(wires)
    for i, j in comparators:
        row[i], row[j] = gates.low(let, row[i], row[j]), gates.high(let, row[i], row[j])
    return row


def columns(size: int) -> list[int]:
    """The truth tables of n variables as integers of 2^n bits: bit p of the i-th one is bit i of p.

    >>> [bin(column) for column in columns(2)]
    ['0b1010', '0b1100']
    """
    ones = (1 << (1 << size)) - 1
    return [ones // ((1 << (2 << at)) - 1) * (((1 << (1 << at)) - 1) << (1 << at)) for at in range(size)]


def run_on_bits(wires: Sequence[int], comparators: Iterable[Pair]) -> list[int]:
    """What the comparators make of many 0/1 inputs at once, one input for each bit of the integers."""
    row = list(wires)
    for i, j in comparators:
        row[i], row[j] = row[i] & row[j], row[i] | row[j]
    return row
