"""`differ`: a point where two functions differ, or the theorem that there is none."""

from __future__ import annotations

from fractions import Fraction

import pytest
from sympy import Max, symbols

from symcircuits.errors import ClaimError
from symcircuits.expr.relu import relu
from symcircuits.kernel.term import evaluate
from symcircuits.provers.differ import Difference, NoDifference, differ
from symcircuits.provers.result import Unknown

EQUAL = [
    ("max(a, b)", "a + relu(b - a)", ""),
    ("abs(x)", "x", "x >= 0"),
    ("abs(x)", "1", "x == 1 or x == -1"),
    ("relu(w*x)/w", "relu(x)", "w > 0"),
    ("x*y", "relu(x + y - 1)", "x, y in {0,1}"),
]
DIFFERENT = [
    ("max(a, b)", "a + relu(a - b)", ""),
    ("abs(x)", "x", "x >= -1/1000000"),
    ("abs(x)", "1", "x == 1 or x == -2"),
    ("relu(w*x)/w", "relu(x)", "w < 0"),
    ("1", "2", ""),
]


@pytest.mark.parametrize(("left", "right", "where"), EQUAL)
def test_functions_that_are_equal(left: str, right: str, where: str) -> None:
    answer = differ(left, right, where)
    assert isinstance(answer, NoDifference) and not answer and str(answer).startswith("no difference: ")
    assert answer.theorem.claim.goal.relation == "=="


@pytest.mark.parametrize(("left", "right", "where"), DIFFERENT)
def test_functions_that_differ(left: str, right: str, where: str) -> None:
    answer = differ(left, right, where)
    assert isinstance(answer, Difference) and answer and answer.left != answer.right
    assert all(comparison.holds(answer.point) for comparison in answer.claim.where)
    sides = (evaluate(side, answer.point) for side in answer.claim.goal[::2])
    assert (answer.left, answer.right) == tuple(sides) and str(answer).startswith("at ")


def test_sympy_expressions_definitions_and_mixtures() -> None:
    a, b = symbols("a b", real=True)
    assert isinstance(differ(Max(a, b), a + relu(b - a)), NoDifference)
    assert isinstance(differ(Max(a, b), "a + relu(b - a)", where=a >= 0), NoDifference)
    found = differ("h", "h + x", let=[("h", "relu(x)")])
    assert isinstance(found, Difference) and found.point["x"] != 0
    positive = symbols("p", positive=True)
    assert isinstance(differ(abs(positive), positive), NoDifference)
    assert isinstance(differ(relu(positive), "relu(p)"), NoDifference)


def test_limits_and_errors() -> None:
    text = " + ".join(f"abs(x{at} - abs(x{at + 1}))" for at in range(14))
    assert isinstance(differ(text, f"{text} + relu(-1 - abs({text}))", seconds=0), Unknown)
    with pytest.raises(ClaimError):
        differ("x", "x ==")
    assert differ("x", "1/2").left != Fraction(1, 2)
