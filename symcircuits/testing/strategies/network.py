"""Layered networks of exact weights, smallest ones first."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from symcircuits.circuits.network import Network, network
from symcircuits.testing.strategies.rational import FACTORS, MORE, SHIFTS

WEIGHTS = st.one_of(st.just(Fraction(1)), st.just(Fraction(0)), FACTORS)
Row = tuple[list[Fraction], Fraction]


@st.composite
def networks(
    draw: st.DrawFn,
    inputs: int | tuple[int, int] = (1, 3),
    outputs: int | tuple[int, int] = 1,
    depth: int = 2,
    width: int = 4,
) -> Network:
    """Multilayer perceptrons with inputs x1, x2, ..., at most `depth` hidden layers and `width` neurons in each.

    `inputs` and `outputs` are numbers, or ranges (least, most). Weights often tie, are 0 or small; shrinks to no hidden
    layers, then few neurons with weights 1 and no bias.

    >>> from hypothesis import find
    >>> smallest = find(networks(), lambda net: net.run(*[-1] * len(net.inputs)) != net.run(*[0] * len(net.inputs)))
    >>> smallest.shape, str(smallest.terms[0])
    ('1-1', 'x1')
    >>> str(find(networks(), lambda net: net.depth == 2 and net.run(*[1] * len(net.inputs)) != (0,)).terms[0])
    'relu(relu(x1))'
    """
    before = draw(_count(inputs))
    names, most = [f"x{at}" for at in range(1, before + 1)], max(width, before)
    layers: list[tuple[list[list[Fraction]], list[Fraction]]] = []
    while len(layers) < depth and draw(MORE):
        layers.append(_cut(draw(_rows(most, (1, width))), before))
        before = len(layers[-1][1])
    layers.append(_cut(draw(_rows(most, outputs)), before))
    return network("drawn", names, layers)


def _rows(most: int, size: int | tuple[int, int]) -> st.SearchStrategy[list[Row]]:
    """The rows of a layer, with as many weights as any layer needs: so rows and layers are left out one by one."""
    low, high = (size, size) if isinstance(size, int) else size
    weights = st.lists(WEIGHTS, min_size=most, max_size=most)
    return st.lists(st.tuples(weights, SHIFTS), min_size=low, max_size=high)


def _cut(rows: list[Row], size: int) -> tuple[list[list[Fraction]], list[Fraction]]:
    return [weights[:size] for weights, _ in rows], [bias for _, bias in rows]


def _count(bounds: int | tuple[int, int]) -> st.SearchStrategy[int]:
    return st.integers(*((bounds, bounds) if isinstance(bounds, int) else bounds))
