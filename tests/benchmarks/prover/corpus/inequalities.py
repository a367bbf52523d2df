"""Triangle inequalities and Lipschitz bounds, and near misses."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from prover.claim import CorpusClaim
from prover.corpus.comparators import RELU, batcher, sorted_wires
from prover.corpus.draw import Draw, Let, call, indicator, linear, names

SOURCE = "triangle, Lipschitz and subadditivity inequalities"
SHRUNK = Fraction(999, 1000)
FALSE_SIZES = (2, 8, 32, 64, 256)


def inequality(draw: Draw) -> Iterator[CorpusClaim]:
    """The triangle inequality, max is 1-Lipschitz and subadditive, and so is every output of a sorting network."""
    for size in draw.sizes("ineq", [2, 4, 8, 16, 32, 64, 256]):
        yield from _inequalities(draw, size)
    for size in draw.sizes("sortlip", [3, 4, 5, 6, 7, 8]):
        yield _median_is_lipschitz(size)


def _inequalities(draw: Draw, size: int) -> Iterator[CorpusClaim]:
    x, y = names(size), names(size, "y")
    distances = [f"Abs({a} - {b})" for a, b in zip(x, y, strict=True)]
    apart, largest = f"Abs({call('Max', x)} - {call('Max', y)})", call("Max", distances)
    triangle = CorpusClaim(
        "inequality",
        "triangle",
        size,
        x,
        f"Abs({linear((1, name) for name in x)})",
        linear((1, f"Abs({name})") for name in x),
        "<=",
        source=SOURCE,
    )
    lipschitz = CorpusClaim("inequality", "max_lipschitz", size, x + y, apart, largest, "<=", source=SOURCE)
    yield triangle
    yield lipschitz
    sums = call("Max", (f"{a} + {b}" for a, b in zip(x, y, strict=True)))
    both = f"{call('Max', x)} + {call('Max', y)}"
    yield CorpusClaim("inequality", "max_subadditive", size, x + y, sums, both, "<=", source=SOURCE)
    if size not in FALSE_SIZES and not draw.is_heldout:
        return
    low, note = draw.source("ineq", size).randrange(size), f"{SOURCE}; one term shrunk"
    less = linear((SHRUNK if at == low else 1, f"Abs({name})") for at, name in enumerate(x))
    yield triangle._replace(rhs=less, counterexample=dict.fromkeys(x, Fraction(1)), source=note)
    distances[low] = f"{SHRUNK}*{distances[low]}"
    point = indicator(x + y, [x[low]])
    yield lipschitz._replace(rhs=call("Max", distances), counterexample=point, source=note)


def _median_is_lipschitz(size: int) -> CorpusClaim:
    x, y, let = names(size), names(size, "y"), Let()
    first = sorted_wires(let, x, batcher(size), RELU)[size // 2]
    second = sorted_wires(let, y, batcher(size), RELU)[size // 2]
    largest = call("Max", (f"Abs({a} - {b})" for a, b in zip(x, y, strict=True)))
    return CorpusClaim(
        "inequality",
        "median_lipschitz",
        size,
        x + y,
        f"Abs({first} - {second})",
        largest,
        "<=",
        let.pairs,
        source="every output of a sorting network is 1-Lipschitz in the maximum norm",
    )
