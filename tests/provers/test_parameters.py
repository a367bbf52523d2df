"""Symbolic parameters: weights of known, half-known and unknown sign that multiply and divide."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcircuits.expr.parse import parse_claim, parse_expression
from symcircuits.kernel.check import Theorem, check
from symcircuits.kernel.term import evaluate
from symcircuits.provers.parameters import scaled, without_parameters
from symcircuits.provers.prove import prove, prove_claim
from symcircuits.provers.result import Counterexample, Unknown
from symcircuits.publish.words import proof_lines

TRUE = [
    ("relu(w*t) == w*relu(t)", "w > 0"),
    ("relu(w*t) == w*relu(t)", "w >= 0"),
    ("relu(w*t) == -w*relu(-t)", "w <= 0"),
    ("abs(w*x) == abs(w)*abs(x)", ""),
    ("relu(w*(x - t)) == w*relu(x - t)", "w >= 0"),
    ("max(w*a, w*b) == w*max(a, b)", "w >= 0"),
    ("max(w*a, w*b) == w*min(a, b)", "w <= 0"),
    ("max(w*a, w*b) + max(-w*a, -w*b) == abs(w)*abs(a - b)", ""),
    ("max(w*a, w*b, w*c, w*d) == w*max(max(a, b), max(c, d))", "w >= 0"),
    ("x == relu(w*x)/w + relu(-w*x)/(-w)", "w != 0"),
    ("x == relu(w*x)/w - relu(-w*x)/w", "w < -1 or w > 1"),
    ("x == relu(w1*x)/w1 + relu(w2*x)/w2", "w1 > 0, w2 < 0"),
    ("w*relu(x)/v == relu(w*x/v)", "w > 0, v > 0"),
    ("relu(x*y*z) == x*y*relu(z)", "x >= 0, y >= 0"),
    ("relu((w - 1)*x) == (w - 1)*relu(x)", "w >= 1"),
    ("relu((a + b)*x) == (a + b)*relu(x)", "a >= 0, b >= 0"),
    ("relu(x)*relu(y) == relu(x*y)", "x >= 0"),
    ("relu(x)*relu(y) + relu(-x)*relu(-y) == relu(x*y)", ""),
    ("relu(x)*relu(x + y) == relu(x)*(x + y)", "x >= 0, y >= 0"),
    ("abs(x)*abs(x) == x*x", ""),
    ("abs(x)**3 == abs(x**3)", ""),
    ("x*y == y*x", ""),
    ("(x + y)**2 == x**2 + 2*x*y + y**2", ""),
    ("relu(x*x - y) + relu(y - x*x) == abs(x*x - y)", ""),
    ("relu(w*x + b) == relu(w*x + b - 1) + min(1, relu(w*x + b))", "w > 0"),
    ("w*relu(x) >= 0", "w >= 0"),
    ("relu(u) + relu(u*v) >= 0", ""),
    ("relu(x*y*z) >= 0", ""),
    ("relu(x*y + z) >= z + x*y", ""),
    ("relu(x*y + z) <= relu(x*y) + relu(z)", ""),
    ("min(w*a, 1) <= 1", "w > 0"),
    ("w*relu(x) <= relu(w*x)", ""),
    ("w*max(a, b, d) <= w*max(a, b, c, d)", "w > 0"),
    ("relu(w*x) <= w*abs(x)", "w >= 0"),
    ("relu(x)*relu(y) >= 0", ""),
    ("abs(w*x + v*y) <= abs(w)*abs(x) + abs(v)*abs(y)", ""),
]
FALSE = [
    ("relu(w*t) == w*relu(t)", ""),
    ("relu(w*t) == w*relu(t)", "w >= -1/1000"),
    ("abs(w*x) == w*abs(x)", ""),
    ("max(w*a, w*b) == w*max(a, b)", ""),
    ("max(w*a, w*b) == w*min(a, b)", "w < 1"),
    ("w*relu(x) >= 0", ""),
    ("relu(w*x)/w == relu(x)", "w != 0"),
    ("x == relu(w1*x)/w1 + relu(w2*x)/w2", "w1 != 0, w2 != 0"),
    ("relu(x)*relu(y) == relu(x*y)", ""),
    ("(x + y)**2 == x**2 + x*y + y**2", ""),
    ("x*y*z == 0", "abs(x) <= 1/100, abs(y) <= 1/100, abs(z) <= 1/100"),
    ("(x - 1)*(x - 2)*(x - 3)*(x + 1)*(x + 2)*x == 0", "y >= 0"),
    ("w*relu(x - 1)*relu(x - 1) == 0", "w >= 0, x <= 1001/1000"),
]


@pytest.mark.parametrize(("text", "where"), TRUE)
def test_true_claims_with_parameters(text: str, where: str) -> None:
    claim = parse_claim(text, where)
    theorem = prove_claim(claim, seconds=20)
    assert isinstance(theorem, Theorem), theorem
    assert check(theorem.certificate).claim == claim and proof_lines(theorem)


@pytest.mark.parametrize(("text", "where"), FALSE)
def test_false_claims_with_parameters(text: str, where: str) -> None:
    claim = parse_claim(text, where)
    found = prove_claim(claim, seconds=20)
    assert isinstance(found, Counterexample), found
    assert all(comparison.holds(found.point) for comparison in claim.where) and not claim.goal.holds(found.point)


# What is outside, and the part that the answer names.
OUTSIDE = [
    ("x*x*x*x >= 0", "", "x*x*x*x is of a higher degree than 2"),
    ("relu(x) + y**3 >= 0", "y >= 0", "y*y*y is of a higher degree than 2"),
    ("relu(x)/w >= 0", "w > 0", "relu(x)/w divides by what varies"),
    ("1/w <= 1", "w >= 1", "1/w divides by what varies"),
    ("relu(x*y - 1) == relu(x*y - 1) + relu(-1 - x*x)", "", "its sign decides a maximum"),
]


@pytest.mark.parametrize(("text", "where", "named"), OUTSIDE)
def test_what_is_outside_is_named(text: str, where: str, named: str) -> None:
    answer = prove(text, where, seconds=10)
    assert isinstance(answer, Unknown) and not answer.stopped
    assert named in answer.reason, answer.reason


def tree(depth: int, spoil: bool = False) -> tuple[str, str, list[tuple[str, str]]]:
    """A tree of minima of two, each with a weight w of its own: b - relu(w*(b - a))/w."""
    names = level = [f"x{at}" for at in range(2**depth)]
    let: list[tuple[str, str]] = []
    while len(level) > 1:
        pairs, level = list(zip(level[::2], level[1::2], strict=True)), []
        for a, b in pairs:
            number = len(let) + 1
            let.append((f"m{number}", f"{b} - relu(w{number}*({b} - {a}))/w{number}"))
            level.append(f"m{number}")
    if spoil:
        let[0] = (let[0][0], let[0][1].replace("x1 - x0", "x0 - x1"))
    return f"{level[0]} == min({', '.join(names)})", ", ".join(f"w{n + 1} > 0" for n in range(len(let))), let


@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5])
def test_a_tree_of_minima_with_a_weight_each(depth: int) -> None:
    text, where, let = tree(depth)
    start = time.process_time()
    theorem = prove(text, where, let=let)
    assert isinstance(theorem, Theorem) and time.process_time() - start < 5
    text, where, let = tree(depth, spoil=True)
    assert isinstance(prove(text, where, let=let, seconds=20), Counterexample)


SIGNS = {"w": 1, "v": -1}
WHERE = "w > 0, v < 0"
FACTORS = ["w", "v", "2*w", "w*v", "3"]


def larger(texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({} + {})".format, texts, texts),
        st.builds("({} - {}/2)".format, texts, texts),
        st.builds("{}*{}".format, st.sampled_from(FACTORS), texts),
        st.builds("({}/{})".format, texts, st.sampled_from(["w", "v", "(w*v)"])),
        st.builds("{}({})".format, st.sampled_from(["relu", "abs"]), texts),
        st.builds("{}({}, {})".format, st.sampled_from(["max", "min"]), texts, texts),
    )


TEXTS = st.recursive(st.sampled_from(["x", "y", "1", "w", "0*x"]), larger, max_leaves=8)
VALUES = st.fractions(-3, 3, max_denominator=4)


@given(TEXTS, VALUES, VALUES, st.fractions(Fraction(1, 4), 3), st.fractions(-3, Fraction(-1, 4)))
def test_taking_parameters_out_keeps_the_value(text: str, x: Fraction, y: Fraction, w: Fraction, v: Fraction) -> None:
    point = {"x": x, "y": y, "w": w, "v": v}
    term = parse_expression(text, WHERE)
    ((core, powers),) = without_parameters([term], SIGNS)
    assert evaluate(scaled(core, powers), point) == evaluate(term, point)


@settings(max_examples=40)
@given(TEXTS, TEXTS, st.sampled_from(["==", "<="]))
def test_answers_about_parameters_agree_with_sampling(left: str, right: str, relation: str) -> None:
    claim = parse_claim(f"{left} {relation} {right}", WHERE)
    answer = prove_claim(claim, seconds=5)
    if isinstance(answer, Counterexample):
        assert all(comparison.holds(answer.point) for comparison in claim.where)
        assert not claim.goal.holds(answer.point)
    if isinstance(answer, Theorem):
        for x, y, w, v in [(1, -1, 2, -1), (-2, 3, Fraction(1, 2), -3), (0, 0, 1, -1), (5, 7, 3, Fraction(-1, 3))]:
            point = {"x": Fraction(x), "y": Fraction(y), "w": Fraction(w), "v": Fraction(v)}
            assert claim.goal.holds(point)
