"""The rewrites keep the function, change the network, and depend on the seed alone."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

from symcircuits.circuits.network import Network, network
from symcircuits.kernel.networks import Layer
from symcircuits.testing.rewrites import (
    REWRITES,
    duplicated,
    permuted,
    relu_split,
    rescaled,
    split,
    with_always_on_neurons,
    with_dead_neurons,
)

PLAIN = network(
    "plain",
    "xy",
    [
        ([[1, -2], ["1/3", 1], [0, 5]], [0, -1, 2]),
        ([[1, 1, 0], [-1, 2, 3], [2, -1, "1/7"]], [1, 0, -4]),
        ([[1, 1, -3], [0, 2, 5]], [3, 0]),
    ],
)
SKIP = Network(
    "skip",
    ("x", "y"),
    (
        Layer((0, 1), ((1, -2), (3, 1)), (0, 1), (1, 2)),
        Layer((0, 3), ((1, 1), (-1, 2)), (0, -1), (1, 3)),
        Layer((1, 2, 4, 5), ((1, 2, 3, 4),), (5,), (6,)),
    ),
)
SHAPES: dict[Any, str] = {
    permuted: "2-3-3-2",
    rescaled: "2-3-3-2",
    split: "2-4-4-2",
    duplicated: "2-4-4-2",
    with_dead_neurons: "2-4-4-2",
    relu_split: "2-4-3-3-2",
    with_always_on_neurons: "2-3-3-3-2",
}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("before", [PLAIN, SKIP], ids=["plain", "skip"])
@pytest.mark.parametrize("rewrite", REWRITES, ids=lambda rewrite: rewrite.__name__)
def test_a_rewrite_keeps_the_function(rewrite: Any, before: Network, seed: int) -> None:
    after = rewrite(before, seed)
    assert after.layers != before.layers or rewrite is permuted
    assert rewrite(before, seed) == after
    source = random.Random(seed)
    for _ in range(20):
        point = [Fraction(source.randint(-40, 40), 8) for _ in before.inputs]
        assert after.run(*point) == before.run(*point)


def test_there_is_a_shape_for_every_rewrite() -> None:
    assert set(SHAPES) == set(REWRITES)


@pytest.mark.parametrize("rewrite", REWRITES, ids=lambda rewrite: rewrite.__name__)
def test_shapes(rewrite: Any) -> None:
    assert rewrite(PLAIN, 0).shape in (SHAPES[rewrite], "2-3-4-3-2")


def test_shares() -> None:
    assert split(PLAIN, 0, share=1.0).widths == (6, 6) == with_dead_neurons(PLAIN, 0, share=1.0).widths
    assert relu_split(PLAIN, 0, share=1.0).widths in ((6, 3, 3), (3, 6, 3))


def test_powers_of_two_keep_denominators_of_floats() -> None:
    dyadic = network("dyadic", "x", [([["1/4"], [3]], [0, "1/8"]), ([[1, "5/2"]], [0])])
    for layer in rescaled(dyadic, 3).layers:
        assert all(below & (below - 1) == 0 for below in layer.denominators)
    others = [rescaled(dyadic, seed, powers_of_two=False) for seed in range(6)]
    assert any(below & (below - 1) for other in others for layer in other.layers for below in layer.denominators)
