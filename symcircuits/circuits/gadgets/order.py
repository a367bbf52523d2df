"""Order statistics: the k-th smallest of n numbers, the median, and the sum of the k largest.

Each is read off a sorting network, of which only the comparators that it needs remain.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from sympy import Symbol

from symcircuits.circuits.compose import compose
from symcircuits.circuits.gadget import Example, Family, Gadget, family
from symcircuits.circuits.gadgets._finite import lattice, plus, smallest, variables, whole
from symcircuits.circuits.gadgets.sorting import inputs_of, network, odd_even_merge
from symcircuits.errors import InvalidCircuit


@family("kth_smallest", (4, 2), (5, 2))
def kth_smallest(n: int, k: int) -> Gadget:
    """The k-th smallest of n numbers, of equal ones each counted: the k-th output of Batcher's sorting network."""
    inputs = inputs_of(n)
    place = whole("the place of the number", k, 1, n) - 1
    source: Any = compose(f"number {k} of {n} in order", inputs, _chosen(inputs, range(place, place + 1)))
    rising, numbers = tuple(range(n)), tuple((7 * at) % (2 * n + 1) - n for at in range(n))
    return Gadget(
        f"kth_smallest_{n}_{k}",
        f"Number {k} of {n} in order",
        source,
        smallest(k, variables(inputs)),
        f"Output {k} of a sorting network; the target is the least of the maxima of {k} numbers.",
        (Example(rising, place), Example(numbers, sorted(numbers)[place])),
    )


@family("median", (3,), (5,), (7,), (9,))
def median(n: int) -> Gadget:
    """The median of an odd number n of numbers: the middle output of Batcher's sorting network."""
    if type(n) is not int or n < 3 or n % 2 == 0:
        raise InvalidCircuit(f"the median is of an odd number of numbers, 3 or more, not of {n!r:.60}")
    made = kth_smallest(n, n // 2 + 1)
    return Gadget(
        f"median_{n}",
        f"Median of {n} numbers",
        made.source,
        made.computes,
        f"The middle output of a sorting network; the target is the least of the maxima of {n // 2 + 1} numbers.",
        made.examples,
    )


@family("top_sum", (3, 2), (4, 2))
def top_sum(n: int, k: int) -> Gadget:
    """The sum of the k largest of n numbers: of the last k outputs of Batcher's sorting network."""
    inputs = inputs_of(n)
    whole("the number of summands", k, 1, n)
    largest = _chosen(inputs, range(n - k, n))
    source: Any = compose(f"sum of the {k} largest of {n}", inputs, sum(largest[1:], start=largest[0]))
    rising, numbers = tuple(range(n)), tuple((7 * at) % (2 * n + 1) - n for at in range(n))
    return Gadget(
        f"top_sum_{n}_{k}",
        f"Sum of the {k} largest of {n} numbers",
        source,
        lattice("max", (plus(*((1, x) for x in chosen)) for chosen in combinations(variables(inputs), k))),
        f"The last outputs of a sorting network, added up; the target is the largest sum of {k} numbers.",
        (Example(rising, sum(rising[n - k :])), Example(numbers, sum(sorted(numbers)[n - k :]))),
    )


def _chosen(inputs: Sequence[Symbol], wanted: range) -> list[Any]:
    """These outputs of the sorting network."""
    wires = network(inputs, odd_even_merge(len(inputs)), wanted)
    return wires[wanted.start : wanted.stop]


FAMILIES: tuple[Family, ...] = (kth_smallest, median, top_sum)
GADGETS = ()
