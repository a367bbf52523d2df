"""The canonical form: one network for all rewrites of it, equal to each, and its own canonical form."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcircuits.circuits.network import Network, network
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.networks import Layer
from symcircuits.testing.rewrites import REWRITES
from symcircuits.transform.canonical import canonical
from symcircuits.transform.matching import Atoms

small = st.integers(-3, 3)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Networks with one or two hidden layers of small integer weights, so that neurons often meet their multiples."""
    sizes = [2, *draw(st.lists(st.integers(1, 4), min_size=1, max_size=2)), draw(st.integers(1, 2))]
    layers = [
        (
            [[draw(small) for _ in range(before)] for _ in range(width)],
            [Fraction(draw(small), draw(st.integers(1, 3))) for _ in range(width)],
        )
        for before, width in itertools.pairwise(sizes)
    ]
    return network("drawn", ("x", "y"), layers)


def dense(seed: int, *sizes: int) -> Network:
    """A network whose neurons have nothing to do with each other."""
    source = random.Random(seed)
    layers = [
        (
            [[source.choice([-1, 1]) * source.randint(10, 99) for _ in range(before)] for _ in range(width)],
            [source.randint(-99, 99) for _ in range(width)],
        )
        for before, width in itertools.pairwise(sizes)
    ]
    return network("dense", [f"x{at}" for at in range(sizes[0])], layers)


def same_at_samples(one: Network, other: Network) -> bool:
    source = random.Random(7)
    points = [[Fraction(source.randint(-30, 30), 4) for _ in one.inputs] for _ in range(12)]
    return all(one.run(*point) == other.run(*point) for point in points)


@settings(max_examples=150)
@given(networks(), st.sampled_from(REWRITES), st.integers(0, 5))
def test_a_rewritten_network_is_equal_and_so_is_its_canonical_form(before: Network, rewrite: Any, seed: int) -> None:
    after = rewrite(before, seed)
    assert same_at_samples(before, after)
    form, theorem = canonical(after)
    assert theorem.left == after.layers and theorem.right == form.layers
    assert same_at_samples(after, form)


@settings(max_examples=150)
@given(networks())
def test_the_canonical_form_is_its_own(before: Network) -> None:
    form = canonical(before).network
    assert canonical(form).network.layers == form.layers
    assert sum(form.widths) <= sum(before.widths)


@pytest.mark.parametrize("second", REWRITES, ids=lambda rewrite: rewrite.__name__)
@pytest.mark.parametrize("first", REWRITES, ids=lambda rewrite: rewrite.__name__)
def test_rewritten_networks_have_the_same_canonical_form(first: Any, second: Any) -> None:
    for seed, sizes in enumerate([(2, 4, 3, 2), (3, 5, 1), (1, 3, 3, 3, 2)]):
        before = dense(seed, *sizes)
        after = second(first(before, seed), seed + 1)
        assert same_at_samples(before, after)
        assert canonical(after).network.layers == canonical(before).network.layers


def test_a_row_that_leaves_nothing_is_constant() -> None:
    form = canonical(network("zero", "x", [([[0], [0]], [-1, 2]), ([[3, 4]], [1])])).network
    assert form.layers == (Layer((), ((),), (9,), (1,)),)


@pytest.mark.parametrize(
    ("rows", "use", "expected"),
    [
        pytest.param([[-1, 2]], [1], ((-1, 2),), id="the sign stays"),
        pytest.param([[-1, 2], [1, -2]], [1, -1], (), id="a pair is linear"),
        pytest.param([[-1, 2], [1, -2]], [1, 1], ((1, -2),), id="abs: first weight positive"),
        pytest.param([[-1, 2], [1, -2]], [0, 1], ((1, -2),), id="only one is used"),
        pytest.param([[-1, 2], [1, -2]], [1, 0], ((-1, 2),), id="only the other is used"),
        pytest.param([[-2, 4], ["-1/3", "2/3"]], [1, 1], ((-1, 2),), id="multiples"),
    ],
)
def test_signs(rows: Any, use: Any, expected: Any) -> None:
    form = canonical(network("signs", "xy", [(rows, [0] * len(rows)), ([use], [0])])).network
    assert (form.layers[0].weights if form.depth else ()) == expected


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_detour_over_both_signs_does_not_turn_the_neuron(order: tuple[int, int]) -> None:
    rows, uses = [[-3, 2], [3, -2]], [1, -1]
    pair = [([rows[at] for at in order], [0, 0]), ([[uses[at] for at in order]], [0]), ([[5]], [0])]
    plain = network("plain", "xy", [([[-3, 2]], [0]), ([[5]], [0])])
    assert canonical(network("detour", "xy", pair)).network.layers == canonical(plain).network.layers


def test_inputs_box_and_name_are_kept() -> None:
    form = canonical(network("n", ("p",), [([[2]], [1]), ([[1]], [0])], box=[(0, 1)])).network
    assert (form.name, form.inputs, form.box) == ("n", ("p",), ((0, 1),))


def test_an_always_on_neuron_of_mirrored_ones_is_carried_through() -> None:
    layers = [([[1], [-1]], [0, 0]), ([[1, 0], [0, 1]], [0, 0]), ([[1, 1]], [0])]
    form = canonical(network("abs", "x", layers)).network
    assert form.layers == (Layer((0,), ((1,),), (0,), (1,)), Layer((0, 1), ((-1, 2),), (0,), (1,)))


def test_steps_name_what_each_neuron_is() -> None:
    layers = network("n", "x", [([[2], [-6], [0], [0], [4]], [1, -3, 5, -5, 2]), ([[1] * 5], [0])]).layers
    assert Atoms(1).rewrite(layers).steps == ("new", (0, -3, 1), "on", "off", (0, 2, 1))


def test_a_neuron_that_is_off_for_one_choice_of_signs_only() -> None:
    layers = [([[0], [-3], [2], [0]], [0, 0, 0, 0]), ([[-1, 0, -1, 1]], [0]), ([[2], [-3]], [-1, 0])]
    given = network("n", ["x"], layers)
    found = canonical(given)
    assert all(found.network.run(point) == given.run(point) for point in range(-3, 4))
    assert sum(found.network.widths) <= 2


def test_only_networks_have_a_canonical_form() -> None:
    with pytest.raises(InvalidCircuit, match="canonical takes a Network, not int"):
        canonical(3)  # type: ignore[arg-type]
