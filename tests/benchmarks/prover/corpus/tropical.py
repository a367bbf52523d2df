"""Maxima of affine functions: sums of two as one maximum, networks as a difference of two."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from prover.claim import CorpusClaim, Point
from prover.corpus.draw import Draw, Weighted, call, linear, names, neuron

SOURCE = "tropical arithmetic: sums of maxima, differences of maxima"
TEN = 10  # a common multiple of the denominators of sampled points
SAMPLE = 1500


class Affine(NamedTuple):
    """slope·x + shift"""

    slope: tuple[int, ...]
    shift: int

    def text(self, x: Sequence[str]) -> str:
        """As text."""
        return linear(zip(self.slope, x, strict=True), self.shift)

    def __add__(self, other: Affine) -> Affine:  # type: ignore[override]  # the sum of functions, not of tuples
        return Affine(tuple(a + b for a, b in zip(self.slope, other.slope, strict=True)), self.shift + other.shift)

    def at_tenths(self, point: Sequence[int]) -> int:
        """Ten times the value at a point given in tenths."""
        return sum(a * b for a, b in zip(self.slope, point, strict=True)) + TEN * self.shift


Pair = tuple[int, int]


def tropical(draw: Draw) -> Iterator[CorpusClaim]:
    """The sum of two maxima of n functions is the maximum of n^2 sums; networks with one layer as differences."""
    for inputs in (2, 4):
        for size in draw.sizes(("minkowski", inputs), [2, 3, 4, 6, 8, 12, 24]):
            yield from _minkowski(draw.source("minkowski", inputs, size), inputs, size)
    for size in draw.sizes("dc", [2, 3, 4, 5, 6, 8], high=9):
        yield _difference(draw.source("dc", size), size)


def _maximum(functions: Sequence[Affine], x: Sequence[str]) -> str:
    return call("Max", (function.text(x) for function in functions)) if len(functions) > 1 else functions[0].text(x)


def _minkowski(source: random.Random, inputs: int, size: int) -> Iterator[CorpusClaim]:
    x = names(inputs)
    first, second = (
        [Affine(tuple(source.randint(-5, 5) for _ in x), source.randint(-9, 9)) for _ in range(size)] for _ in range(2)
    )
    order = list(product(range(size), range(size)))
    source.shuffle(order)

    def sums(pairs: Sequence[Pair]) -> list[Affine]:
        return [first[i] + second[j] for i, j in pairs]

    lhs, series = f"{_maximum(first, x)} + {_maximum(second, x)}", f"minkowski_sum_d{inputs}"
    whole = CorpusClaim("tropical", series, size, x, lhs, _maximum(sums(order), x), source=SOURCE)
    yield whole
    dropped, point = _rarest(source, first, second, x)
    rest = [pair for pair in order if pair != dropped]
    if first[dropped[0]] + second[dropped[1]] not in sums(rest):
        note = f"{SOURCE}; one sum missing"
        yield whole._replace(rhs=_maximum(sums(rest), x), counterexample=point, source=note)


def _rarest(
    source: random.Random, first: Sequence[Affine], second: Sequence[Affine], x: Sequence[str]
) -> tuple[Pair, Point]:
    """The pair of functions that alone are largest at the fewest of the sampled points, and such a point."""
    hits: dict[Pair, tuple[int, list[int]]] = {}
    for _ in range(SAMPLE):
        point = [TEN * source.randint(-60, 60) // source.choice([1, 2, 5]) for _ in x]
        places = [_only_largest([function.at_tenths(point) for function in part]) for part in (first, second)]
        i, j = places
        if i is not None and j is not None:
            count, seen = hits.get((i, j), (0, point))
            hits[i, j] = (count + 1, seen)
    pair = min(hits, key=lambda place: (hits[place][0], place))
    return pair, {name: Fraction(value, TEN) for name, value in zip(x, hits[pair][1], strict=True)}


def _only_largest(values: Sequence[int]) -> int | None:
    """The place of the largest value if it is there once."""
    largest = max(values)
    return values.index(largest) if values.count(largest) == 1 else None


def _difference(source: random.Random, size: int) -> CorpusClaim:
    """A network with positive and negative uses is a difference of two maxima, each over all sets of its neurons."""
    x = names(3)

    def part() -> list[tuple[int, Affine]]:
        return [
            (source.randint(1, 3), Affine(tuple(source.randint(-4, 4) for _ in x), source.randint(-5, 5)))
            for _ in range(size)
        ]

    plus, minus = part(), part()
    terms: list[Weighted] = [(use, neuron(row.slope, x, row.shift)) for use, row in plus]
    terms += [(-use, neuron(row.slope, x, row.shift)) for use, row in minus]
    rhs = f"{call('Max', _subset_sums(plus, x))} - {call('Max', _subset_sums(minus, x))}"
    return CorpusClaim("tropical", "relu_net_vs_dc_max", size, x, linear(terms), rhs, source=SOURCE)


def _subset_sums(part: Sequence[tuple[int, Affine]], x: Sequence[str]) -> Iterator[str]:
    for bits in product((0, 1), repeat=len(part)):
        slope = [sum(bit * use * row.slope[at] for bit, (use, row) in zip(bits, part, strict=True)) for at in range(3)]
        yield linear(
            zip(slope, x, strict=True), sum(bit * use * row.shift for bit, (use, row) in zip(bits, part, strict=True))
        )
