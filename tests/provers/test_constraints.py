"""Domains with CPWL constraints and unions: true claims are proved, false ones get a point of the domain as stated."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcircuits.expr.parse import parse_claim
from symcircuits.kernel.check import Theorem, check
from symcircuits.kernel.term import Claim
from symcircuits.provers.constraints import convex_parts
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.result import Clock, Counterexample, Unknown
from symcircuits.provers.search import Search
from symcircuits.publish.words import proof_lines
from tests.cases import CONSTRAINTS, Case

BOXES = "(0 <= x <= 1 and 0 <= y <= 1) or (2 <= x <= 3 and 2 <= y <= 3)"


@pytest.mark.parametrize("case", CONSTRAINTS, ids=[case.id for case in CONSTRAINTS])
def test_claims_on_constrained_domains(case: Case) -> None:
    claim = case.claim()
    answer = prove_claim(claim, seconds=20)
    if case.expected:
        assert isinstance(answer, Theorem), answer
        theorem = check(answer.certificate)
        assert theorem.claim == claim and theorem.is_vacuous == case.is_vacuous
        assert proof_lines(theorem)
    else:
        assert isinstance(answer, Counterexample), answer
        assert all(comparison.holds(answer.point) for comparison in claim.where)
        assert not claim.goal.holds(answer.point)


# The domain, and on how many convex parts a claim about x, y, z is proved there.
PARTS = [
    ("", 1),
    ("x >= 0, y <= 3", 1),
    ("abs(x) <= 1", 1),
    ("abs(x) + abs(y) <= 1", 1),
    ("abs(x) <= 1, abs(y) <= 1, abs(z) <= 1", 1),
    ("max(x, y, z) <= min(1, x + y)", 1),
    ("relu(x) <= 0", 1),
    ("x <= -1 or x >= 1", 2),
    ("x == 0 or x == 1 or x == 2", 3),
    (BOXES, 2),
    ("abs(abs(x) - 2) <= 1", 3),
    ("abs(x) >= 1, abs(x) <= 2", 2),
    ("x != 0", 2),
    ("x <= 0 or x <= 1", 1),
    ("abs(x) <= -1", 0),
    ("x >= 1, y >= 0, x <= 0 or x + y <= 1/2", 0),
    (f"{BOXES}, x + y == 3", 0),
]


@pytest.mark.parametrize(("where", "count"), PARTS)
def test_how_many_convex_parts_a_domain_has(where: str, count: int) -> None:
    search = Search(parse_claim("x + y + z == 0*x", where), Clock())
    assert sum(1 for _ in convex_parts(search, search.root, Clock())) == count


def test_an_empty_domain_is_closed_without_lemmas() -> None:
    search = Search(parse_claim("0 == 1", "max(x, y) >= 1, max(x, y, x + y) <= 0, abs(x) <= 5"), Clock())
    assert not list(convex_parts(search, search.root, Clock()))
    assert {step[0] for step in search.steps} <= {"split", "fix", "assume", "substitute", "absurd"}
    assert check(search.certificate()).is_vacuous


def test_a_constraint_on_many_forms_is_cut_at_its_kinks() -> None:
    names = [f"x{at}" for at in range(6)]
    where = f"{' + '.join(f'abs({name})' for name in names)} <= 1"
    theorem = prove_claim(parse_claim(f"{' + '.join(names)} <= 1", where), seconds=60)
    assert isinstance(theorem, Theorem) and "split" in theorem.certificate
    false = prove_claim(parse_claim(f"{' + '.join(names)} <= 1023/1024", where), seconds=60)
    assert isinstance(false, Counterexample) and false.left > Fraction(1023, 1024)


def test_a_union_of_many_boxes_costs_about_one_part_each() -> None:
    count = 12
    boxes = " or ".join(f"({3 * n} <= x <= {3 * n + 1} and 0 <= y <= 1)" for n in range(count))
    theorem = prove_claim(parse_claim(f"relu(x - {3 * count}) + relu(y - 1) == 0", boxes), seconds=60)
    assert isinstance(theorem, Theorem) and len(theorem.certificate) < 40_000


def test_limits_stop_the_cutting_of_a_domain() -> None:
    boxes = ", ".join(f"abs(abs(x{n}) - 2) <= 1 or abs(x{n} + x{n + 1}) <= 1/{n + 1}" for n in range(12))
    answer = prove_claim(parse_claim("relu(x0) + relu(x1) >= 0", boxes), seconds=0.3)
    assert isinstance(answer, Unknown) and answer.stopped


ATOMS = ["x", "y", "relu(x)", "abs(y)", "max(x, y)", "min(x, 1 - y)", "relu(x - relu(y))", "abs(x + y) - 1"]
numbers = st.sampled_from(["0", "1", "-1", "1/2"])


@st.composite
def constraints(draw: st.DrawFn) -> str:
    relation = draw(st.sampled_from(["<=", ">=", "=="]))
    return f"{draw(st.sampled_from(ATOMS))} {relation} {draw(st.sampled_from(ATOMS) | numbers)}"


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    """A comparison on a domain made of constraints and unions of them, inside a box."""
    unions = draw(st.lists(st.lists(constraints(), min_size=1, max_size=2), max_size=2))
    parts = ["abs(x) <= 2", "abs(y) <= 2", *(" or ".join(union) for union in unions)]
    goal = f"{draw(st.sampled_from(ATOMS))} {draw(st.sampled_from(['<=', '==', '<']))} {draw(st.sampled_from(ATOMS))}"
    return parse_claim(draw(st.sampled_from([goal, f"{goal} + 1", f"{goal} + 2"])), ", ".join(parts))


GRID = [{"x": Fraction(n, 4), "y": Fraction(m, 4)} for n, m in product(range(-8, 9), repeat=2)]


def test_answers_agree_with_dense_sampling() -> None:
    verdicts: Counter[str] = Counter()

    @settings(max_examples=80)
    @given(claims())
    def agree(claim: Claim) -> None:
        answer = prove_claim(claim, seconds=10)
        verdicts[type(answer).__name__] += 1
        inside = [point for point in GRID if all(comparison.holds(point) for comparison in claim.where)]
        if isinstance(answer, Theorem):
            assert all(claim.goal.holds(point) for point in inside)
            assert not (answer.is_vacuous and inside)
        else:
            assert isinstance(answer, Counterexample), answer
            assert all(comparison.holds(answer.point) for comparison in claim.where)
            assert not claim.goal.holds(answer.point)

    agree()
    assert verdicts["Theorem"] >= 10 and verdicts["Counterexample"] >= 10
