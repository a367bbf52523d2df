"""Medians by subsets and by comparators, and sorting networks against each other."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import combinations

from prover.claim import CorpusClaim
from prover.corpus.comparators import (
    PLAIN,
    RELU,
    Gates,
    Pair,
    batcher,
    columns,
    insertion,
    run_on_bits,
    sorted_wires,
)
from prover.corpus.draw import Draw, Let, call, indicator, names

ALL_INPUTS = 18  # up to so many wires all 0/1 inputs are tried, beyond it a sample of them
SAMPLE = 1 << 14


def subsets(outer: str, inner: str, x: Sequence[str], chosen: Sequence[tuple[int, ...]]) -> str:
    """Max of Mins, or Min of Maxes, over sets of variables."""
    return call(outer, (call(inner, (x[at] for at in subset)) for subset in chosen))


def median(draw: Draw) -> Iterator[CorpusClaim]:
    """The median of n numbers as max of mins over majorities, as min of maxes, and by insertion sort."""
    for size in (3, 5, 7, 9, *((11, 13, 15) if draw.is_longer else ())):
        yield from _medians(draw, size)


def _medians(draw: Draw, size: int) -> Iterator[CorpusClaim]:
    source = "the median of n is the max of mins over majorities, and the min of maxes"
    x, half = names(size), (size + 1) // 2
    majorities = list(combinations(range(size), half))
    maximum, minimum = subsets("Max", "Min", x, majorities), subsets("Min", "Max", x, majorities)
    whole = CorpusClaim("median", "dnf_vs_cnf", size, x, maximum, minimum, source=source)
    yield whole
    yield median_by_sorting(size, RELU)
    dropped = majorities.pop(draw.source("median", size).randrange(len(majorities)))
    yield whole._replace(
        lhs=subsets("Max", "Min", x, majorities),
        counterexample=indicator(x, (x[at] for at in dropped)),
        source=f"{source}; one majority missing",
    )


def median_by_sorting(size: int, gates: Gates, family: str = "median", series: str = "dnf_vs_network") -> CorpusClaim:
    """The median of an odd number of inputs, by majorities and as the middle output of insertion sort."""
    x, half, let = names(size), (size + 1) // 2, Let()
    by_sets = subsets("Max", "Min", x, list(combinations(range(size), half)))
    output = sorted_wires(let, x, insertion(size), gates)[half - 1]
    source = "the median of n is the middle output of a sorting network"
    return CorpusClaim(family, series, size, x, by_sets, output, let=let.pairs, source=source)


def sortnet(draw: Draw) -> Iterator[CorpusClaim]:
    """One output of insertion sort against that of Batcher's network, and of that network without a comparator."""
    for size in draw.sizes("sortnet", [4, 5, 6, 8, 10, 12, 16], (20, 24, 27, 32), high=18):
        yield two_sorters(size, size // 2, batcher(size), RELU, "median")
        yield two_sorters(size, 1, batcher(size), PLAIN, "second")
        fewer, word = _least_harm(draw, size)
        x = names(size)
        point = indicator(x, (name for at, name in enumerate(x) if word >> at & 1))
        off = two_sorters(size, size // 2, fewer, RELU, "median")
        yield off._replace(counterexample=point, source=f"{off.source}; one comparator missing")


def two_sorters(
    size: int, output: int, other: Sequence[Pair], gates: Gates, series: str, family: str = "sortnet"
) -> CorpusClaim:
    """That output of insertion sort and of the other network are equal."""
    x, let = names(size), Let()
    left = sorted_wires(let, x, insertion(size), gates)[output]
    right = sorted_wires(let, x, other, gates)[output]
    source = "insertion sort and Batcher's odd-even mergesort have the same outputs"
    return CorpusClaim(family, series, size, x, left, right, let=let.pairs, source=source)


def _least_harm(draw: Draw, size: int) -> tuple[list[Pair], int]:
    """Batcher's network without the comparator that the middle output needs least, and a 0/1 input that shows it."""
    network = batcher(size)
    if size <= ALL_INPUTS:
        wires = columns(size)
    else:
        source = draw.source("sortnet", size)
        wires = _sample(source, size)
    good = run_on_bits(wires, network)[size // 2]
    harm: list[tuple[int, int, int]] = []
    for at in range(len(network)):
        changed = good ^ run_on_bits(wires, network[:at] + network[at + 1 :])[size // 2]
        if changed:
            harm.append((changed.bit_count(), at, changed))
    _, dropped, changed = min(harm)
    place = (changed & -changed).bit_length() - 1
    word = sum((wire >> place & 1) << at for at, wire in enumerate(wires))
    return network[:dropped] + network[dropped + 1 :], word


def _sample(source: random.Random, size: int) -> list[int]:
    """Random 0/1 inputs for each wire, half of them 1, one input for each bit."""
    return [source.getrandbits(SAMPLE) for _ in range(size)]
