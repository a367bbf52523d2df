"""Claims whose variables can be exchanged are proved where they increase; others are left to other routes."""

from __future__ import annotations

from itertools import combinations

import pytest

from symcircuits.expr.parse import parse_claim
from symcircuits.kernel.check import Theorem, check
from symcircuits.provers.domain import reduce_domain
from symcircuits.provers.prove import prove
from symcircuits.provers.result import Clock, Counterexample
from symcircuits.provers.route import Passed
from symcircuits.provers.search import Search
from symcircuits.provers.symmetry import order_variables

NAMES = ["a", "b", "c", "d"]
APART = " + ".join(f"abs({one} - {other})" for one, other in combinations(NAMES, 2))
HIGHEST, LOWEST = (f"{kind}({', '.join(NAMES)})" for kind in ("max", "min"))
SECOND = f"max({', '.join(f'min({one}, {other})' for one, other in combinations(NAMES, 2))})"
THIRD = f"min({', '.join(f'max({one}, {other})' for one, other in combinations(NAMES, 2))})"
SORTED = f"3*{HIGHEST} + {SECOND} - {THIRD} - 3*{LOWEST}"


@pytest.mark.parametrize("where", ["", "a >= 0, b >= 0, c >= 0, d >= 0", "a + b + c + d <= 1"])
def test_distances_of_four_are_those_of_the_sorted_ones(where: str) -> None:
    theorem = prove(f"{APART} == {SORTED}", where=where)
    assert isinstance(theorem, Theorem) and theorem.certificate.count('"symmetry"') == 1
    assert check(theorem.certificate).claim == theorem.claim


def test_a_weight_that_is_off_is_refuted() -> None:
    assert isinstance(prove(f"{APART} == {SORTED} + relu({HIGHEST} - {LOWEST} - 1000)/1000"), Counterexample)


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ("abs(a - b) == relu(a)", "", "few atoms"),
        (f"{APART} == {SORTED}", "a in 0..3, b in 0..3, c in 0..3, d in 0..3", "with ranges"),
        (f"{APART} == {SORTED}", "a <= b", "changes when two neighbouring variables"),
        ("max(a - b, b - c, c - a) + relu(a) + relu(b) == 0", "", "no three variables"),
        ("abs(a) + abs(b - 1) + abs(c - 2) + abs(d - 3) == 1", "", "no three variables"),
    ],
)
def test_what_is_passed(text: str, where: str, says: str) -> None:
    search = Search(parse_claim(text, where), Clock())
    inside = reduce_domain(search, search.root, Clock())
    assert inside is not None
    with pytest.raises(Passed, match=says):
        order_variables(search, inside, Clock())
