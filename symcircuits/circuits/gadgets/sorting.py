"""Sorting networks: comparators, each of which puts two numbers in order, on fixed pairs of wires.

The targets say that output k is the k-th smallest input: the least of the maxima of k inputs. The proof cites the
comparator at each place and ends with the 0-1 principle (Knuth, The Art of Computer Programming 3, 5.3.4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sympy import Symbol, symbols

from symcircuits.circuits.circuit import Circuit, Neuron
from symcircuits.circuits.compose import compose
from symcircuits.circuits.gadget import Example, Family, Gadget, family
from symcircuits.circuits.gadgets._finite import smallest, variables, whole
from symcircuits.circuits.gadgets.minimum import MAX, MIN

Pair = tuple[int, int]
x1, x2, z1, z2, z3, z4 = symbols("x1 x2 z1:5", real=True)

COMPARATOR = Gadget(
    "comparator",
    "Two numbers in order",
    Circuit(
        "comparator",
        (x1, x2),
        (
            Neuron(z1, x1 + x2, "positiveness detector"),
            Neuron(z2, -x1 - x2, "negativeness detector"),
            Neuron(z3, x1 - x2, "greaterness detector"),
            Neuron(z4, x2 - x1, "greaterness detector"),
        ),
        ((z1 - z2 - z3 - z4) / 2, (z1 - z2 + z3 + z4) / 2),
    ),
    ("min(x1, x2)", "max(x1, x2)"),
    "Half of the sum, reconstructed, less and plus half of the distance: four neurons for both.",
    (Example((3, 5), (3, 5)), Example((3, -5), (-5, 3))),
)


def insertion(n: int) -> Iterator[Pair]:
    """The comparators of insertion sort: each number goes down among those before it, which are in order.

    >>> list(insertion(3))
    [(0, 1), (1, 2), (0, 1)]
    """
    return ((at - 1, at) for last in range(1, n) for at in range(last, 0, -1))


def transposition(n: int) -> Iterator[Pair]:
    """The comparators of odd-even transposition sort: n rounds between neighbours, from the first or the second on.

    >>> list(transposition(3))
    [(0, 1), (1, 2), (0, 1)]
    """
    return ((at, at + 1) for turn in range(n) for at in range(turn % 2, n - 1, 2))


def odd_even_merge(n: int) -> Iterator[Pair]:
    """The comparators of Batcher's odd-even mergesort for any n (Batcher, Sorting networks, 1968; Knuth 5.2.2 M).

    >>> list(odd_even_merge(4))
    [(0, 2), (1, 3), (0, 1), (2, 3), (1, 2)]
    """
    top = 1 << (n - 1).bit_length() - 1
    block = top
    while block:
        width, residue, gap = top, 0, block
        while True:
            yield from ((at, at + gap) for at in range(n - gap) if at & block == residue)
            if width == block:
                break
            gap, width, residue = width - block, width // 2, block
        block //= 2


def network(wires: Sequence[Any], comparators: Iterator[Pair], wanted: range | None = None) -> list[Any]:
    """The wires after the comparators: compositions whose theorems cite the comparator's.

    If some of the wires are wanted only, a comparator of which one output is needed is a minimum or maximum circuit,
    and one of which none is needed is left out; the other wires are then of no use.

    >>> low, high = network([x1, x2], insertion(2))
    >>> low.targets, high.targets
    ((min(x1, x2),), (max(x1, x2),))
    """
    made, pairs = list(wires), list(comparators)
    needed = set(range(len(made)) if wanted is None else wanted)
    needs: list[tuple[bool, bool]] = []
    for low, high in reversed(pairs):
        needs.append((low in needed, high in needed))
        needed |= {low, high} if any(needs[-1]) else set()
    for (low, high), (least, largest) in zip(pairs, reversed(needs), strict=True):
        if least and largest:
            made[low], made[high] = COMPARATOR(made[low], made[high])
        elif least:
            made[low] = MIN(made[low], made[high])
        elif largest:
            made[high] = MAX(made[low], made[high])
    return made


def _numbers(n: int) -> tuple[int, ...]:
    """Numbers out of order, to show."""
    return tuple((5 * at + 3) % (n + 1) - n // 2 for at in range(n))


def inputs_of(n: int, least: int = 2) -> tuple[Symbol, ...]:
    """The inputs x1 ... xn; `InvalidCircuit` if n is less than the least number."""
    return tuple(symbols(f"x1:{whole('the number of inputs', n, least) + 1}", real=True))


def _sort(name: str, title: str, n: int, comparators: Callable[[int], Iterator[Pair]], note: str) -> Gadget:
    inputs = inputs_of(n)
    source: Any = compose(f"{name} {n}", inputs, network(inputs, comparators(n)))
    numbers = _numbers(n)
    falling = tuple(range(n, 0, -1))
    return Gadget(
        f"{name}_{n}",
        f"{title} of {n} numbers",
        source,
        tuple(smallest(k, variables(inputs)) for k in range(1, n + 1)),
        note,
        (Example(numbers, tuple(sorted(numbers))), Example(falling, falling[::-1])),
    )


@family("sort_insertion", (3,), (4,))
def insertion_sort(n: int) -> Gadget:
    """n numbers in order, by n*(n - 1)/2 comparators, those of insertion sort."""
    return _sort("sort_insertion", "Insertion sort", n, insertion, "Each number goes down among those before it.")


@family("sort_transposition", (4,))
def transposition_sort(n: int) -> Gadget:
    """n numbers in order, by n rounds of comparators between neighbours: n hidden layers."""
    note = "Rounds of comparators between neighbours, in turn from the first and from the second number on."
    return _sort("sort_transposition", "Odd-even transposition sort", n, transposition, note)


@family("sort_batcher", (4,), (5,))
def batcher_sort(n: int) -> Gadget:
    """n numbers in order, by Batcher's odd-even mergesort: about log2(n)**2 / 2 hidden layers."""
    note = "Batcher's mergesort: both halves are sorted, then their odd and even places are merged apart."
    return _sort("sort_batcher", "Odd-even mergesort", n, odd_even_merge, note)


FAMILIES: tuple[Family, ...] = (insertion_sort, transposition_sort, batcher_sort)
GADGETS = (COMPARATOR,)
