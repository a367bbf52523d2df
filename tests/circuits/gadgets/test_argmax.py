"""Argmax: on all integers of the range the first of the largest, and a counterexample between them."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from symcircuits.circuits.gadgets import families, gadget
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.term import evaluate
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.result import Counterexample

SIZES = [(2, 2), (3, 2), (4, 1)]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_first_of_the_largest_on_the_whole_domain(size: tuple[int, int]) -> None:
    n, bound = size
    each = gadget("argmax", n, bound)
    names = [symbol.name for symbol in each.inputs]
    for point in product(range(-bound, bound + 1), repeat=n):
        wanted = tuple(int(place == point.index(max(point))) for place in range(n))
        at = dict(zip(names, map(Fraction, point), strict=True))
        assert each.run(*point) == wanted == tuple(evaluate(target, at) for target in each.targets)
    assert [theorem.claim for theorem in each.prove_all()] == list(each.claims)
    assert each.widths == (n * (n - 1), n)


def test_between_integers_it_may_fail() -> None:
    each = gadget("argmax", 3, 4)
    assert sum(each.run(0, "1/2", "1/2")) == Fraction(1, 2)
    assert any(isinstance(prove_claim(claim._replace(ranges=())), Counterexample) for claim in each.claims)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ((1, 4), "the number of integers must be an integer, 2 or more, not 1"),
        ((2.5, 4), r"the number of integers must be an integer, 2 or more, not 2\.5"),
        ((3, 0), "the bound must be an integer, 1 or more, not 0"),
        ((9, 4), "argmax of 9 integers from -4 to 4 has a domain of more than 1048576 points"),
        ((3,), r"the gadgets argmax are made from \(n"),
    ],
)
def test_bad_parameters_are_refused_by_name(parameters: tuple[Any, ...], reason: str) -> None:
    with pytest.raises(InvalidCircuit, match=reason):
        families()["argmax"](*parameters)
