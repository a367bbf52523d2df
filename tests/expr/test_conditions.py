"""Conditions joined by and, or, not: what the comparisons of a domain say is what the condition says."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import And, Eq, Implies, Max, Ne, Not, Or, Symbol, Xor, symbols

from symcircuits.errors import ClaimError
from symcircuits.expr.claim import as_claim
from symcircuits.expr.parse import parse_claim, parse_where

x, y = symbols("x y", real=True)
DOMAINS = [
    ("x <= -1 or x >= 1", ["max(-x - 1, x - 1) >= 0"]),
    ("x < 0 or y > 1/2", ["max(-x, y - 1/2) > 0"]),
    ("x == 0 or x == 1", ["max(-abs(x), -abs(x - 1)) >= 0"]),
    ("x <= 0 or x == 1 or 2 <= x <= 3", ["max(-x, -abs(x - 1), min(x - 2, 3 - x)) >= 0"]),
    ("x >= 0 and y >= 0", ["x >= 0", "y >= 0"]),
    ("(x >= 0, y >= 0), x <= 1", ["x >= 0", "y >= 0", "x <= 1"]),
    ("(x >= 0 and y >= 0) or x + y <= -3", ["max(min(x, y), -x - y - 3) >= 0"]),
    ("x >= 0 and y >= 0 or y <= x", ["max(min(x, y), x - y) >= 0"]),
    ("x >= 0 and (y >= 0 or y <= x)", ["x >= 0", "max(y, x - y) >= 0"]),
    ("not x < 1", ["x >= 1"]),
    ("not(x <= 1)", ["x > 1"]),
    ("not not (x == 1)", ["abs(x - 1) <= 0"]),
    ("not (x < 0 or y < 1)", ["x >= 0", "y >= 1"]),
    ("not (x <= 0 and y <= 1)", ["max(x, y - 1) > 0"]),
    ("not 0 <= x <= 1", ["max(-x, x - 1) > 0"]),
    ("x != 0", ["abs(x) > 0"]),
    ("x != 0, 1 != y", ["abs(x) > 0", "abs(1 - y) > 0"]),
    ("not x != y", ["abs(x - y) <= 0"]),
    ("abs(x) <= 1", ["abs(x) <= 1"]),
    ("max(x, y) == relu(x) <= 2", ["max(x, y) == relu(x)", "relu(x) <= 2"]),
    ("((x + y)) <= 1 or (x) >= 0", ["max(1 - x - y, x) >= 0"]),
    ("relu(x) >= 1 or abs(y) >= 1", ["max(relu(x) - 1, abs(y) - 1) >= 0"]),
    ("andes <= 1, nothing >= 0", ["andes <= 1", "nothing >= 0"]),
]


@pytest.mark.parametrize(("text", "comparisons"), DOMAINS)
def test_a_condition_becomes_comparisons(text: str, comparisons: list[str]) -> None:
    assert [" ".join(map(str, comparison)) for comparison in parse_where(text)] == comparisons


def test_a_domain_that_is_printed_reads_back_as_itself() -> None:
    for text, _ in DOMAINS:
        where = parse_where(text)
        again = ", ".join(" ".join(map(str, comparison)) for comparison in where)
        assert parse_where(again) == where


LEAVES = [f"{left} {relation} {right}" for left in ("x", "x + y", "relu(x - y)") for relation in ("<=", ">=", "==")
          for right in ("0", "y", "1/2")]  # fmt: skip
OPEN = {"<=": "<", ">=": ">", "==": "!="}


def joined(texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds("({}) {} ({})".format, texts, st.sampled_from(["and", "or"]), texts)


def closed_or_open(is_closed: bool) -> st.SearchStrategy[str]:
    def leaf(text: str) -> str:
        left, relation, right = text.rsplit(" ", 2)
        return text if is_closed else f"{left} {OPEN[relation]} {right}"

    return st.recursive(st.sampled_from(LEAVES).map(leaf), joined, max_leaves=6)


CONDITIONS = closed_or_open(True) | closed_or_open(False)
GRID = [Fraction(n, 4) for n in (-4, -1, 0, 1, 2, 4)]


def value_in_python(text: str, point: dict[str, Fraction]) -> bool:
    return bool(eval(text.replace("1/2", "half"), {"relu": lambda t: max(t, 0), "half": Fraction(1, 2)}, dict(point)))


@given(CONDITIONS, st.booleans())
def test_a_condition_holds_where_python_says_so(text: str, negated: bool) -> None:
    text = f"not ({text})" if negated else text
    where = parse_where(text)
    for at_x, at_y in product(GRID, GRID):
        point = {"x": at_x, "y": at_y}
        assert all(comparison.holds(point) for comparison in where) == value_in_python(text, point)


@given(closed_or_open(True), closed_or_open(False))
def test_a_union_of_open_and_closed_sets_is_refused_by_name(closed: str, opened: str) -> None:
    with pytest.raises(ClaimError, match=r"is strict and .* is not, and `or` joins them"):
        parse_where(f"({closed}) or ({opened})")


SYMPY = [
    (Or(x <= -1, x >= 1), "max(-x - 1, x - 1) >= 0"),
    (And(x >= 0, Or(y < 0, y > 1)), "max(-y, y - 1) > 0, x >= 0"),
    (Not(Or(x < 0, Eq(y, 1))), "abs(y - 1) > 0, x >= 0"),
    (Or(Ne(x, 1), y > 2), "max(abs(x - 1), y - 2) > 0"),
    (Ne(x, 0), "abs(x) > 0"),
    ([Ne(x, y), abs(x) <= 1], "abs(x - y) > 0, abs(x) <= 1"),
    ((Max(x, y), "<=", 1), "max(x, y) <= 1"),
    ((x, "!=", 3), "abs(x - 3) > 0"),
    (And(Or(x <= 0, y <= 0), x <= 2), "max(-x, -y) >= 0, x <= 2"),
]


@pytest.mark.parametrize(("where", "text"), SYMPY, ids=[text for _, text in SYMPY])
def test_conditions_of_sympy(where: object, text: str) -> None:
    wanted = sorted(" ".join(map(str, comparison)) for comparison in parse_where(text))
    for claim in ((x, y), "x == y"):
        found = as_claim(claim, where=where).where
        assert sorted(" ".join(map(str, comparison)) for comparison in found) == wanted


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        (Or(x < 0, x >= 1), "is strict and .* is not"),
        (Xor(x < 0, y < 0), "only And, Or and Not"),
        (Or(x < 0, Implies(x < 1, y < 0), evaluate=False), "only And, Or and Not|strict"),
        (x * y <= 1, "a product or quotient"),
        ([x <= 1, abs(x) * y <= 1], "a product or quotient"),
        (Symbol("w", positive=True) * x <= 1, "a product or quotient"),
        (Or(x <= 0, x * y <= 1), "a product or quotient"),
    ],
)
def test_bad_conditions_of_sympy(where: object, reason: str) -> None:
    with pytest.raises(ClaimError, match=reason):
        as_claim((x, y), where=where)


@pytest.mark.parametrize("where", ["w != 0", "w < 0 or w > 2", "w <= -1 or w == 3", "not w == 0", "abs(w) >= 1/2",
                                   "w < 0 and x < 0 or w > 0"])  # fmt: skip
def test_what_is_kept_away_from_0_divides(where: str) -> None:
    assert "/w" in str(parse_claim("relu(x)/w == x", where))


@pytest.mark.parametrize("where", ["w != 1", "w < 0 or x > 2", "w < 0 or w > -1", "abs(w) >= 0", "abs(w) <= 1",
                                   "max(w, x) > 0", "abs(w - 1) > 0"])  # fmt: skip
def test_what_may_be_0_does_not_divide(where: str) -> None:
    with pytest.raises(ClaimError, match="divides by an expression that varies"):
        parse_claim("relu(x)/w == x", where)


def test_a_union_of_many_parts_is_read_quickly() -> None:
    (only,) = parse_where(" or ".join(f"x == {n}" for n in range(3000)))
    assert len(only.left.args) == 3000
