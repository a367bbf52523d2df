"""Substitution: simultaneous, exact, sharing what was shared, and without recursion."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcircuits.cpwl.substitute import substitute
from symcircuits.expr.parse import parse_expression
from symcircuits.kernel.term import Term, evaluate, scale, subterms, total, variable
from symcircuits.testing.strategies import rationals, terms

x, y, w = map(variable, "xyw")
FEW = settings(max_examples=40)
POINTS = st.fixed_dictionaries({name: rationals() for name in "xyz"})


@FEW
@given(terms(("x", "y", "z"), 2), terms(("x", "y"), 2), terms(("y", "z"), 2), POINTS)
def test_the_value_is_that_of_the_term_at_the_values(
    root: Term, first: Term, second: Term, point: dict[str, Fraction]
) -> None:
    (replaced,) = substitute([root], {"x": first, "y": second})
    inner = {"x": evaluate(first, point), "y": evaluate(second, point), "z": point["z"]}
    assert evaluate(replaced, point) == evaluate(root, inner)


@FEW
@given(terms(("x", "y"), 3))
def test_nothing_to_replace_leaves_the_very_same_term(root: Term) -> None:
    assert substitute([root], {})[0] is root
    assert substitute([root], {"z": variable("q")})[0] is root


@FEW
@given(terms(("x", "y"), 3))
def test_renaming_and_renaming_back_gives_the_term(root: Term) -> None:
    (there,) = substitute([root], {"x": y, "y": x})
    assert substitute([there], {"x": y, "y": x}) == [root]


def test_all_variables_are_replaced_at_once() -> None:
    swapped = substitute([parse_expression("x - 2*y")], {"x": y, "y": x})
    assert swapped == [parse_expression("y - 2*x")]


def test_what_is_shared_stays_shared() -> None:
    shared = Term("relu", (x,))
    roots = [Term("max", (shared, y)), Term("abs", (shared,))]
    first, second = substitute(roots, {"x": parse_expression("x + 1")})
    assert first.args[0] is second.args[0] and first.args[1] is y
    assert substitute([], {"x": y}) == []


def test_depth_and_sharing_are_no_limit() -> None:
    deep = x
    for _ in range(20_000):
        deep = Term("relu", (deep,))
    doubled = x
    for _ in range(200):
        doubled = Term("max", (doubled, total([(Fraction(1), doubled), (Fraction(-1), y)])))
    deeper, wide = substitute([deep, doubled], {"x": y})
    assert evaluate(deeper, {"y": Fraction(3)}) == 3
    assert len(subterms([wide])) <= len(subterms([doubled]))


@pytest.mark.parametrize("exponent", [1, -1])
def test_a_factor_can_be_replaced_and_a_divisor_renamed(exponent: int) -> None:
    term = scale(x, w, exponent)
    (renamed,) = substitute([term], {"w": variable("p"), "x": Term("relu", (y,))})
    assert renamed == scale(Term("relu", (y,)), variable("p"), exponent)
    twice = {"w": parse_expression("2*p")}
    if exponent > 0:
        assert substitute([term], twice) == [scale(x, twice["w"])]
        return
    with pytest.raises(ValueError, match="the divisor w can only be replaced by a variable, not by 2"):
        substitute([term], twice)
