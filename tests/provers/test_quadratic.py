"""Inequalities of degree 2: known bounds are proved, what is false gets a point, and sampling finds no mistake."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcircuits.expr.parse import parse_claim
from symcircuits.kernel.check import Theorem, check
from symcircuits.kernel.term import Claim, Comparison, Term, constant, scale, total, variable
from symcircuits.provers.prove import prove, prove_claim
from symcircuits.provers.result import Counterexample

F = Fraction
GRID = [F(n, 12) for n in range(-12, 13)]
X, Y = variable("x"), variable("y")
TRUE = [
    ("x - x**2 <= 1/4", ""),
    ("x**2 <= x", "0 <= x <= 1"),
    ("2*x*y <= x**2 + y**2", ""),
    ("x*y <= 1/4", "x >= 0, y >= 0, x + y <= 1"),
    ("x*y >= x + y - 1", "x <= 1, y <= 1"),
    ("relu(2*x - 1) <= x**2", "0 <= x <= 1"),
    ("abs(x**2 - x) <= 1/4", "0 <= x <= 1"),
    ("max(x**2, x*y) <= 1", "-1 <= x <= 1, -1 <= y <= 1"),
    ("-1/4 <= min(x**2 - x, 0)", ""),
    ("abs(x) <= x**2 + 1/4", ""),
    ("max(0, x - 1/4, 2*x - 1) <= x**2", ""),
]
FALSE = [
    ("x - x**2 <= 1/5", ""),
    ("x**2 <= x", "0 <= x <= 10001/10000"),
    ("x*y <= 1", ""),
    ("x*y <= 6/25", "x >= 0, y >= 0, x + y <= 1"),
    ("abs(x) <= x**2 + 6/25", ""),
    ("relu(2*x - 1) <= x**2 - 1/1000", "0 <= x <= 1"),
]


@pytest.mark.parametrize(("text", "where"), TRUE)
def test_bounds_are_proved(text: str, where: str) -> None:
    claim = parse_claim(text, where)
    theorem = prove_claim(claim, seconds=20)
    assert isinstance(theorem, Theorem), theorem
    assert check(theorem.certificate).claim == claim and '"products"' in theorem.certificate


@pytest.mark.parametrize(("text", "where"), FALSE)
def test_false_bounds_get_a_point(text: str, where: str) -> None:
    claim = parse_claim(text, where)
    found = prove_claim(claim, seconds=20)
    assert isinstance(found, Counterexample), found
    assert all(comparison.holds(found.point) for comparison in claim.where) and not claim.goal.holds(found.point)


numbers = st.integers(-4, 4).map(lambda n: F(n, 2))


@st.composite
def bounds(draw: st.DrawFn) -> Claim:
    """An inequality of degree 2 in x and y on the square from -1 to 1; or a maximum below such a polynomial."""
    monomials = [scale(X, X), scale(X, Y), scale(Y, Y), X, Y, constant(1)]
    polynomial = total([(draw(numbers), monomial) for monomial in monomials])
    slope = total([(draw(numbers), X), (draw(numbers), constant(1))])
    low = draw(st.sampled_from([constant(-3), slope, Term("relu", (slope,)), Term("abs", (slope,))]))
    box = [Comparison(Term("sum", (v,), (F(sign),)), "<=", constant(1)) for v in (X, Y) for sign in (1, -1)]
    return Claim(Comparison(low, "<=", polynomial), tuple(box))


def test_answers_agree_with_dense_sampling() -> None:
    verdicts: Counter[str] = Counter()
    points = [{"x": x, "y": y} for x, y in product(GRID, repeat=2)]

    @settings(max_examples=60)
    @given(bounds())
    def agree(claim: Claim) -> None:
        answer = prove_claim(claim, seconds=5)
        verdicts[type(answer).__name__] += 1
        if isinstance(answer, Theorem):
            assert all(claim.goal.holds(point) for point in points if point.keys() >= set(claim.variables()))
        elif isinstance(answer, Counterexample):
            assert all(comparison.holds(answer.point) for comparison in claim.where)
            assert not claim.goal.holds(answer.point)

    agree()
    assert verdicts["Theorem"] >= 8 and verdicts["Counterexample"] >= 8


PARAMETERS = [
    ("relu(w*x) >= 0", "w > 0"),
    ("relu(w*x) >= w*x", "w >= 1"),
    ("max(w*x, w*y) >= w*x", "w < 0"),
    ("relu(w*x) <= abs(w*x)", "w > 0"),
    ("relu(w*x) + 1 > 0", "w > 0"),
]


@pytest.mark.parametrize(("claim", "where"), PARAMETERS)
def test_inequalities_with_a_parameter_in_a_product(claim: str, where: str) -> None:
    assert prove(claim, where, seconds=20)


STRICT = [
    ("x**2 >= 2", "x > 1.4"), ("w*x >= 1/10", "w > 0, x >= 1"), ("w*x >= x/100", "w > 0, x >= 0"),
    ("w*x <= 10", "w < 11, w > 0, 0 <= x <= 1"), ("x**2 <= 2", "x < 1.4142135623730950489, x >= 0"),
    ("u < u**2 + 1/4", ""),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "where"), STRICT)
def test_a_refutation_lies_inside_a_strict_domain(claim: str, where: str) -> None:
    answer = prove(claim, where, seconds=20)
    assert isinstance(answer, Counterexample)
    assert all(comparison.holds(answer.point) for comparison in answer.claim.where)


def test_ranges_with_many_points_are_no_obstacle_to_what_holds_for_all_reals() -> None:
    assert prove("x*y <= x*x + y*y", "x, y in -1000..1000")
    assert not isinstance(prove("x*x >= x", "x, z in -1000..1000", seconds=5), Counterexample)
