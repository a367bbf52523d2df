"""Claims that stand for one method each, where other provers stop or slow down."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from prover.claim import CorpusClaim
from prover.corpus.comparators import PLAIN, RELU, Node, batcher, fold, plain_max, relu_max, relu_min, tournament
from prover.corpus.deep import deep_copies
from prover.corpus.draw import Draw, Let, linear, names
from prover.corpus.logic import parity
from prover.corpus.max_of_five import nine_blocks, symmetric
from prover.corpus.pruned import two_layers_pruned
from prover.corpus.shallow import shallow_copies
from prover.corpus.sorting import median_by_sorting, two_sorters
from prover.corpus.tangent import tangents
from prover.corpus.univariate import tents_against_flat

RADIUS = Fraction(1, 10000)


def named(draw: Draw) -> Iterator[CorpusClaim]:
    """The named cases, in the family "named"."""
    for series, claim in _cases(draw):
        yield claim._replace(family="named", series=series)


def _cases(draw: Draw) -> Iterator[tuple[str, CorpusClaim]]:
    yield "median_sort_vs_subsets", median_by_sorting(9, PLAIN)
    yield "median_relu_form", median_by_sorting(5, RELU)
    yield "sorter_batcher_vs_insertion", two_sorters(16, 8, batcher(16), PLAIN, "")
    yield "sorter_relu_form", two_sorters(6, 3, batcher(6), RELU, "")
    yield "max_tournament_vs_fold", _two_orders(64, plain_max)
    yield "max_tournament_vs_fold_relu_form", _two_orders(8, relu_max)
    yield "max_tournament_vs_fold_relu_form", _two_orders(64, relu_max)
    yield "min_tree_vs_chain", _two_orders(1024, relu_min)
    for depth in (6, 12):
        yield "tent_vs_flat", tents_against_flat(depth)
    yield "shallow_copy", shallow_copies(draw, 4, 10000)[0]
    yield "two_layers_copy", next(deep_copies(draw, 2, 3, 6))
    yield "two_layers_pruned_on_box", two_layers_pruned(draw.source("pruned"), 5, 12)
    yield "bump", _bump(draw)
    yield "max_of_five_nine_blocks", nine_blocks()
    yield "max_of_five_symmetric", symmetric()
    tangent, above = tangents(draw.source("tangent"), 8, 16)
    yield "tangent_of_convex_net", tangent
    yield "tangent_of_convex_net", above
    yield "parity_tree_vs_sawtooth", parity(16)


def _two_orders(size: int, node: Node) -> CorpusClaim:
    x, let = names(size), Let()
    lhs, rhs = tournament(let, x, node), fold(let, x, node)
    return CorpusClaim("", "", size, x, lhs, rhs, let=let.pairs, source="the order of comparison does not matter")


def _bump(draw: Draw) -> CorpusClaim:
    """A copy of a network with two hidden layers of 8 neurons in R^4, and a bump of radius 1/10000 added to it."""
    copy = next(deep_copies(draw, 2, 4, 8))
    source = draw.source("bump")
    point = {name: Fraction(source.randint(-300, 300), 100) for name in copy.variables}
    distances = " - ".join(f"Abs({linear([(1, name)], -value)})" for name, value in point.items())
    bump = f"{copy.rhs} + relu({RADIUS} - {distances})"
    return copy._replace(rhs=bump, counterexample=point, source="a copy plus a bump of radius 1/10000")
