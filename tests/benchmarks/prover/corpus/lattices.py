"""Max and min of variables: orders of comparison, distributive laws, trees against their normal forms."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import product

from prover.claim import CorpusClaim
from prover.corpus.comparators import columns, fold, plain_max, relu_max, tournament
from prover.corpus.draw import Draw, Let, call, indicator, names

Tree = int | tuple[str, "Tree", "Tree"]
MOST_TERMS = 400


def maxtree(draw: Draw) -> Iterator[CorpusClaim]:
    """The maximum of n by a tournament, one by one, the other way round, and as one node."""
    for size in draw.sizes("maxtree", [3, 4, 6, 8, 12, 16, 32, 64, 256, 1024]):
        yield from _maxima(draw, size)


def _maxima(draw: Draw, size: int) -> Iterator[CorpusClaim]:
    source = "the maximum of n does not depend on the order of comparison"
    x = names(size)

    def claim(series: str, let: Let, lhs: str, rhs: str) -> CorpusClaim:
        return CorpusClaim("maxtree", series, size, x, lhs, rhs, let=let.pairs, source=source)

    let = Let()
    yield claim("relu_tournament_vs_fold", let, tournament(let, x, relu_max), fold(let, x, relu_max))
    let = Let()
    yield claim("max_fold_vs_reversed", let, fold(let, x, plain_max), fold(let, x[::-1], plain_max))
    let = Let()
    yield claim("relu_fold_vs_nary", let, fold(let, x, relu_max), call("Max", x))
    low = draw.source("maxtree", size).randrange(size)
    leaves = [f"({name} - 1/1000)" if at == low else name for at, name in enumerate(x)]
    let = Let()
    off = claim("relu_tournament_vs_fold", let, tournament(let, x, relu_max), fold(let, leaves, relu_max))
    yield off._replace(let=let.pairs, counterexample=indicator(x, [x[low]]), source=f"{source}; one leaf lowered")


def lattice(draw: Draw) -> Iterator[CorpusClaim]:
    """Distributive laws, and random trees of max and min against the maximum of their least conjunctions."""
    for size in draw.sizes("lattice1", [2, 4, 8, 16, 32, 64, 256, 1024]):
        b = names(size, "b")
        lhs, rhs = f"Max(a, {call('Min', b)})", call("Min", (f"Max(a, {name})" for name in b))
        yield CorpusClaim("lattice", "distribute", size, ("a", *b), lhs, rhs, source=LAW)
    for size in draw.sizes("lattice2", [2, 3, 4, 5], high=5):
        yield from _grid(draw, size)
    for size in draw.sizes("lattice3", [4, 6, 8, 10]):
        yield from _small_tree(draw, size)
    for size, depth in ((8, 5), (10, 6), (12, 6), (14, 7)):
        yield from _deep_tree(draw, size, depth)


LAW = "R with max and min is a distributive lattice"


def _grid(draw: Draw, size: int) -> Iterator[CorpusClaim]:
    """The maximum of the minima of rows is the minimum of the maxima of all choices of one entry a row."""
    rows = [[f"x{i}{j}" for j in range(1, size + 1)] for i in range(1, size + 1)]
    x = tuple(name for row in rows for name in row)
    choices = list(product(*rows))

    def claim() -> CorpusClaim:
        lhs = call("Max", (call("Min", row) for row in rows))
        rhs = call("Min", (call("Max", choice) for choice in choices))
        return CorpusClaim("lattice", "dnf_vs_cnf_grid", size, x, lhs, rhs, source=LAW)

    yield claim()
    dropped = choices.pop(draw.source("lattice2", size).randrange(len(choices)))
    point = indicator(x, set(x) - set(dropped))  # the left side is 0, and every other choice has a 1
    yield claim()._replace(counterexample=point, source=f"{LAW}; one choice missing")


def _tree(source: random.Random, size: int, depth: int) -> Tree:
    """A full binary tree of max and min with random variables, by number, at its leaves."""
    if depth == 0:
        return source.randrange(size)
    return (source.choice(["Max", "Min"]), _tree(source, size, depth - 1), _tree(source, size, depth - 1))


def _table(tree: Tree, wires: Sequence[int]) -> int:
    if isinstance(tree, int):
        return wires[tree]
    left, right = _table(tree[1], wires), _table(tree[2], wires)
    return left | right if tree[0] == "Max" else left & right


def _text(tree: Tree, x: Sequence[str]) -> str:
    return x[tree] if isinstance(tree, int) else f"{tree[0]}({_text(tree[1], x)}, {_text(tree[2], x)})"


def _least_points(table: int, size: int) -> list[int]:
    """The least 0/1 points at which a monotone function is 1, by number, bit i being variable i."""
    bits = bin(table)[:1:-1].ljust(1 << size, "0")
    ones = [point for point, bit in enumerate(bits) if bit == "1"]
    below = [[point ^ 1 << at for at in range(size) if point >> at & 1] for point in ones]
    return [point for point, lower in zip(ones, below, strict=True) if not any(bits[at] == "1" for at in lower)]


def _chosen(point: int, x: Sequence[str]) -> list[str]:
    return [name for at, name in enumerate(x) if point >> at & 1]


def _conjunctions(points: Sequence[int], x: Sequence[str], least: int = 1) -> str:
    """The maximum of the minima of the chosen variables, `Min` being written for more than `least` of them."""
    parts = [_chosen(point, x) for point in points]
    terms = [call("Min", part) if len(part) > least else part[0] for part in parts]
    return terms[0] if len(terms) == 1 else call("Max", terms)


def _small_tree(draw: Draw, size: int) -> Iterator[CorpusClaim]:
    source, x = draw.source("lattice3", size), names(size)
    tree = _tree(source, size, 4)
    points = sorted(_least_points(_table(tree, columns(size)), size), key=lambda point: bin(point | 1 << size)[:2:-1])
    whole = CorpusClaim(
        "lattice", "random_tree_vs_dnf", size, x, _text(tree, x), _conjunctions(points, x), source=TREES
    )
    yield whole
    if len(points) > 1:
        dropped = points.pop(source.randrange(len(points)))
        yield _without(whole, _conjunctions(points, x), dropped)


def _deep_tree(draw: Draw, size: int, depth: int) -> Iterator[CorpusClaim]:
    source, x = draw.source("deep_lattice", size), names(size)
    wires, points = columns(size), list[int]()
    while not 2 * size <= len(points) <= MOST_TERMS:
        tree = _tree(source, size, depth)
        points = _least_points(_table(tree, wires), size)
    source.shuffle(points)
    lhs, rhs = _text(tree, x), _conjunctions(points, x, least=0)
    whole = CorpusClaim("lattice", "deep_tree_vs_dnf", size, x, lhs, rhs, source=TREES)
    yield whole
    yield _without(whole, _conjunctions(points[1:], x, least=0), points[0])


TREES = "a monotone tree of max and min is the maximum of its least conjunctions"


def _without(whole: CorpusClaim, rhs: str, dropped: int) -> CorpusClaim:
    x = whole.variables
    point = indicator(x, _chosen(dropped, x))
    return whole._replace(rhs=rhs, counterexample=point, source=f"{TREES}; one term missing")
