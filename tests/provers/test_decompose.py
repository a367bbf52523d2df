"""Large maxima as sums of smaller atoms: found by equations, proved by signs, and never believed otherwise."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcircuits.expr.parse import parse_claim
from symcircuits.kernel.check import Theorem, check
from symcircuits.provers.decompose import PRIME, _rational, decompose, solved
from symcircuits.provers.domain import reduce_domain
from symcircuits.provers.prove import prove
from symcircuits.provers.result import Clock, Counterexample
from symcircuits.provers.route import Passed
from symcircuits.provers.search import Search

NET = "relu(x + 2*y) + 2*relu(y - 1) - 3*relu(x - y)"
PLUS, MINUS = "max(0, x + 2*y, 2*y - 2, x + 4*y - 2)", "3*relu(x - y)"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (NET, f"{PLUS} - {MINUS}"),
        (NET, f"{PLUS} - max(0, 3*x - 3*y)"),
        (f"-({NET})", "min(0, -x - 2*y, 2 - 2*y, 2 - x - 4*y) + 3*relu(x - y)"),
        (f"({NET})/7", "max(0, x/7 + 2*y/7, 2*y/7 - 2/7, x/7 + 4*y/7 - 2/7) - 3*relu(x - y)/7"),
        ("max(x, y, x + y, 0) + max(-x, -y, -x - y, 0)", "abs(x) + abs(y)"),
    ],
)
def test_a_network_is_the_difference_of_two_maxima(left: str, right: str) -> None:
    theorem = prove(f"{left} == {right}")
    assert isinstance(theorem, Theorem), theorem
    assert check(theorem.certificate).claim == theorem.claim


def test_on_a_domain_and_after_other_routes() -> None:
    theorem = prove(f"relu(2*z - 1) + {NET} == {PLUS} - {MINUS} + 2*z - 1", where="z >= 1/2")
    assert isinstance(theorem, Theorem), theorem
    assert isinstance(prove(f"{NET} <= {PLUS} - {MINUS} + abs(x)"), Theorem)


def test_one_argument_off_is_refuted() -> None:
    off = PLUS.replace("x + 4*y - 2", "x + 4*y - 2001/1000")
    assert isinstance(prove(f"{NET} == {off} - {MINUS}"), Counterexample)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("max(0, x, y, x + y) == 0", "no large maximum beside"),
        ("max(0, x, y, x + y + 1) == relu(x)", "no maximum is a sum"),
        (f"max(0, x, y, x + y/{PRIME}) == relu(x)", "multiple of the prime"),
    ],
)
def test_what_is_no_sum_is_passed(text: str, says: str) -> None:
    search = Search(parse_claim(text), Clock())
    inside = reduce_domain(search, search.root, Clock())
    assert inside is not None
    with pytest.raises(Passed, match=says):
        decompose(search, inside, Clock())


@settings(max_examples=100)
@given(st.builds(Fraction, st.integers(-(2**28), 2**28), st.integers(1, 2**28)))
def test_small_rationals_are_found_by_their_residues(value: Fraction) -> None:
    assert _rational(value.numerator * pow(value.denominator, -1, PRIME) % PRIME) == value


@settings(max_examples=100)
@given(st.lists(st.lists(st.integers(-3, 3), min_size=3, max_size=3), min_size=1, max_size=6))
def test_solutions_solve(rows: list[list[int]]) -> None:
    (solution,) = solved(rows, 2, Clock())
    residues = [sum(a * b for a, b in zip(row, solution or (), strict=False)) - row[2] for row in rows]
    assert solution is None or not any(residue % PRIME for residue in residues)
    planted = [[a, b, 2 * a - b] for a, b, _ in rows]
    assert solved(planted, 2, Clock()) != [None]
