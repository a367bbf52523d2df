"""Claims with ranges: the answer is what trying every point says, and it is a theorem or a point of the domain."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcircuits.expr.parse import parse_claim
from symcircuits.kernel.check import Theorem, check
from symcircuits.kernel.term import ONE, RELATIONS, Claim, Comparison, Range, Term, scale, total, variable
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.result import Counterexample, Unknown

F = Fraction
NAMES = ("x", "y")
numbers = st.sampled_from([F(0), F(1), F(-1), F(2), F(1, 2), F(-3)])
leaves = st.sampled_from([ONE, *map(variable, NAMES)])


def wholes(parts: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    return st.one_of(
        st.lists(st.tuples(numbers, parts), max_size=3).map(total),
        st.builds(lambda kind, part: Term(kind, (part,)), st.sampled_from(["relu", "abs"]), parts),
        st.builds(lambda kind, one, two: Term(kind, (one, two)), st.sampled_from(["max", "min"]), parts, parts),
        st.builds(scale, parts, parts),
    )


terms = st.recursive(leaves, wholes, max_leaves=5)
comparisons = st.builds(Comparison, terms, st.sampled_from(sorted(RELATIONS)), terms)
affine = st.lists(st.tuples(numbers, leaves), min_size=1, max_size=3).map(total)
domains = st.lists(st.builds(Comparison, affine, st.sampled_from(["<=", "<"]), affine), max_size=1).map(tuple)
values = st.sets(st.integers(-4, 4).map(lambda n: F(n, 2)), min_size=1, max_size=5).map(sorted).map(tuple)
ranges = st.tuples(*(st.builds(Range, st.just(name), values) for name in NAMES))
claims = st.builds(Claim, comparisons, domains, ranges)


def points(claim: Claim) -> list[dict[str, Fraction]]:
    names = [name for name, _ in claim.ranges]
    every = (dict(zip(names, point, strict=True)) for point in product(*(values for _, values in claim.ranges)))
    return [point for point in every if all(comparison.holds(point) for comparison in claim.where)]


def test_answers_agree_with_every_point() -> None:
    verdicts: Counter[str] = Counter()

    @settings(max_examples=300)
    @given(claims)
    def agree(claim: Claim) -> None:
        inside = points(claim)
        is_true = all(claim.goal.holds(point) for point in inside)
        answer = prove_claim(claim, seconds=20)
        verdicts[type(answer).__name__] += 1
        if not inside:
            assert not isinstance(answer, Counterexample)
        elif is_true:
            assert isinstance(answer, Theorem) and answer.claim == claim
        else:
            assert isinstance(answer, Counterexample)
            assert answer.point in inside and not claim.goal.holds(answer.point)

    agree()
    assert verdicts["Theorem"] > 60 and verdicts["Counterexample"] > 60


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("s*a + (1 - s)*b == relu(a + s - 1) + relu(b - s)", "s in {0,1}, 0 <= a <= 1, 0 <= b <= 1"),
        ("s*relu(a) == relu(s*a)", "s in {0, 1/2, 3}"),
        ("abs(s*a) == s*abs(a)", "s in 0..5"),
        ("s*t*abs(a) <= abs(a)", "s in {0,1}, t in {-1,0,1}"),
        ("a/s + a/s == 2*a/s", "s in {1,2}, s >= 1"),
        ("relu(a - n) >= relu(a - 3)", "n in 0..3"),
    ],
)
def test_ranges_beside_real_variables(text: str, where: str) -> None:
    claim = parse_claim(text, where)
    theorem = prove_claim(claim, seconds=20)
    assert isinstance(theorem, Theorem), theorem
    assert check(theorem.certificate).claim == claim and "each" in theorem.certificate


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("s*relu(a) == relu(s*a)", "s in {-1, 0, 1}"),
        ("relu(a - n) >= relu(a - 2)", "n in 0..3"),
        ("s*a <= a", "s in {0,1}, a >= -1/1000"),
        ("a == 1/3", "s in {0,1}"),
        ("n*relu(m) <= 24999999", "n in 0..5000, m in 0..5000"),
    ],
)
def test_falsehoods_beside_real_variables(text: str, where: str) -> None:
    claim = parse_claim(text, where)
    found = prove_claim(claim, seconds=20)
    assert isinstance(found, Counterexample), found
    assert all(found.point[name] in values for name, values in claim.ranges)
    assert all(comparison.holds(found.point) for comparison in claim.where) and not claim.goal.holds(found.point)


def test_a_table_of_four_thousand_points_is_one_step() -> None:
    bits = [f"b{at}" for at in range(12)]
    number = " + ".join(f"{2**at}*b{at}" for at in range(12))
    theorem = prove_claim(parse_claim(f"{number} <= 4095", f"{', '.join(bits)} in {{0,1}}"))
    assert isinstance(theorem, Theorem) and len(theorem.certificate) < 1000
    found = prove_claim(parse_claim(f"{number} <= 4094", f"{', '.join(bits)} in {{0,1}}"))
    assert isinstance(found, Counterexample) and set(found.point.values()) == {F(1)}


def test_too_many_points_beside_a_real_variable_are_unknown() -> None:
    answer = prove_claim(parse_claim("n*relu(a) == relu(n*a)", "n in 0..5000"), seconds=60)
    assert isinstance(answer, Unknown) and "more than 4096 points" in answer.reason


def test_a_limit_of_time_stops_a_table() -> None:
    text = " + ".join(f"relu(b{at} - b{at + 1})*b{at}" for at in range(18))
    names = ", ".join(f"b{at}" for at in range(19))
    answer = prove_claim(parse_claim(f"{text} <= 100", f"{names} in {{0,1}}"), seconds=0.2)
    assert isinstance(answer, Unknown) and "0.2 seconds" in answer.reason
