"""Simplifying: known results, and the laws that nothing grows, nothing changes its value and the theorem says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Abs, Expr, Max, Min, Rational, S, Symbol, sin, symbols

from symcircuits.errors import ClaimError, NotPiecewiseLinear
from symcircuits.expr.from_sympy import from_sympy
from symcircuits.expr.parse import parse_where
from symcircuits.expr.relu import relu
from symcircuits.expr.to_sympy import to_sympy
from symcircuits.kernel.check import check
from symcircuits.kernel.term import evaluate
from symcircuits.testing.strategies import rationals, terms
from symcircuits.transform.simplify import Simplified, simplify, size

a, b, c, x, y = symbols("a b c x y", real=True)
w, v = Symbol("w", positive=True), Symbol("v", negative=True)


def larger(*parts: Any) -> Expr:
    return Max(*parts, evaluate=False)


def smaller(*parts: Any) -> Expr:
    return Min(*parts, evaluate=False)


CASES: list[tuple[Expr, str, Expr]] = [
    (b - relu(b - a), "", Min(a, b)),
    (relu(a) - relu(-a) - relu(a - b), "", Min(a, b)),
    (a + relu(b - a), "", Max(a, b)),
    (relu(x) - relu(-x), "", x),
    (2 * relu(x) - 2 * relu(-x), "", 2 * x),
    (relu(x + y) - relu(-x - y), "", x + y),
    (relu(x) + relu(-x), "", Abs(x)),
    (2 * relu(x) - x, "", Abs(x)),
    (x + relu(-x), "", relu(x)),
    (larger(0, x), "", relu(x)),
    (larger(a, smaller(a, b)), "", a),
    (smaller(a, larger(a, b)), "", a),
    (larger(a, larger(b, c)), "", Max(a, b, c)),
    (larger(a, a - 1, b), "", Max(a, b)),
    (Max(a, b) + Min(a, b), "", a + b),
    (a + b - Max(a, b), "", Min(a, b)),
    (Max(x, y) - relu(x - y), "", y),
    ((a + b) / 2 + Abs(a - b) / 2, "", Max(a, b)),
    ((a + b) / 2 - Abs(a - b) / 2, "", Min(a, b)),
    (relu(relu(x) - 1), "", relu(x - 1)),
    (relu(x - relu(x)), "", S.Zero),
    (relu(3 * x) / 3, "", relu(x)),
    (relu(w * x) / w, "", relu(x)),
    (relu(v * x) / v, "", Min(0, x)),
    (relu(w * x) / w - relu(-x), "", x),
    (relu(x) + relu(x - 1), "x >= 1", 2 * x - 1),
    (relu(x), "x <= 0", S.Zero),
    (relu(x), "x == 2", Rational(2)),
    (relu(x), "x < 0, x > 0", S.Zero),
    (Abs(x), "x <= -1", -x),
    (Abs(x) + relu(x - 1), "x <= 1", Abs(x)),
    (Max(a, b), "a <= b", b),
    (Max(a, b, c), "a <= b, a <= c", Max(b, c)),
    (smaller(1, larger(0, x)), "0 <= x, x <= 1", x),
    (smaller(1, larger(0, x)), "x <= 1", relu(x)),
    (relu(a - b) + relu(b - c) + relu(c - a), "a <= b, b <= c", c - a),
]
SETTLED = [x, S.Zero, Rational(1, 2), relu(x), Abs(x), Max(a, b), Min(a, b, c), relu(a) + relu(b), Abs(Abs(x) - 1)]


def is_receipt(given_: Expr, where: str, answer: Simplified) -> bool:
    """The theorem says given == returned, on the domain and under the signs that SymPy assumes."""
    goal, domain, _ = answer.theorem.claim
    signed = tuple(row for row in domain if row not in parse_where(where))
    return (
        goal.relation == "=="
        and goal.left == from_sympy(given_)
        and goal.right == from_sympy(answer.expr)
        and domain[: len(domain) - len(signed)] == tuple(parse_where(where))
        and {row.left.name for row in signed} <= {"v", "w"}
        and check(answer.theorem.certificate).claim == answer.theorem.claim
    )


def label(case: tuple[Expr, str, Expr]) -> str:
    return f"{case[0]}{' where ' if case[1] else ''}{case[1]}"


@pytest.mark.parametrize(("given_", "where", "expected"), CASES, ids=[label(case) for case in CASES])
def test_known_results(given_: Expr, where: str, expected: Expr) -> None:
    answer = simplify(given_, where)
    assert answer.expr == expected and is_receipt(given_, where, answer)
    assert size(from_sympy(answer.expr)) < size(from_sympy(given_))


@pytest.mark.parametrize("settled", SETTLED, ids=str)
def test_what_is_short_already_stays(settled: Expr) -> None:
    answer = simplify(settled)
    assert answer.expr == settled and is_receipt(settled, "", answer)


def test_the_domain_decides() -> None:
    wide, narrow = simplify(relu(x + 1) - relu(-x - 1)), simplify(relu(x + 1), "x >= -1")
    assert wide.expr == narrow.expr == x + 1
    assert simplify(relu(x + 1), "x >= -2").expr == relu(x + 1)


@st.composite
def expressions(draw: st.DrawFn) -> Expr:
    """Small CPWL expressions of x and y, as SymPy writes them."""
    return to_sympy(draw(terms(("x", "y"), 2)))


@settings(max_examples=40)
@given(expressions(), st.lists(st.tuples(rationals(), rationals()), min_size=3, max_size=6))
def test_laws(given_: Expr, points: Sequence[tuple[Any, Any]]) -> None:
    answer = simplify(given_)
    assert is_receipt(given_, "", answer)
    before, after = from_sympy(given_), from_sympy(answer.expr)
    assert size(after) <= size(before)
    for place in points:
        named = dict(zip("xy", place, strict=True))
        assert evaluate(before, named) == evaluate(after, named)
    assert answer.expr.free_symbols <= given_.free_symbols


@settings(max_examples=30)
@given(expressions())
def test_simplifying_again_changes_nothing(given_: Expr) -> None:
    once = simplify(given_).expr
    assert simplify(once).expr == once


@settings(max_examples=25)
@given(expressions(), st.sampled_from(["x >= 0", "x <= y", "x + y <= 1, x >= -1", "-1 <= x, x <= 1, y > 0"]))
def test_laws_on_a_domain(given_: Expr, where: str) -> None:
    answer = simplify(given_, where)
    assert is_receipt(given_, where, answer)
    assert size(from_sympy(answer.expr)) <= size(from_sympy(given_))


SIZES = [
    (x, (0, 1)),
    (relu(x), (1, 2)),
    (Max(a, b, c), (2, 4)),
    (relu(x) + relu(x - 1), (2, 8)),
    (larger(relu(x), relu(x) + 1), (2, 7)),
]


@pytest.mark.parametrize(("expression", "expected"), SIZES, ids=[str(row[0]) for row in SIZES])
def test_size_counts_switches_once_and_then_length(expression: Expr, expected: tuple[int, int]) -> None:
    assert size(from_sympy(expression)) == expected


@pytest.mark.parametrize("wrong", ["relu(x)", sin(x), 1 / (x + y)])
def test_what_is_not_piecewise_linear_is_refused(wrong: Any) -> None:
    with pytest.raises(NotPiecewiseLinear):
        simplify(wrong)


def test_a_domain_that_is_no_polyhedron_is_refused() -> None:
    with pytest.raises(ClaimError):
        simplify(relu(x), "x**2 <= 1")


def test_a_number_is_an_expression_too() -> None:
    assert simplify(3).expr == 3


def test_the_shortest_spelling_of_a_scaled_positive_part() -> None:
    assert simplify(Abs(x - 1) + 1 - x).expr == 2 * relu(1 - x)
