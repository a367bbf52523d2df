"""Cross-checks pass on theorems, fail on every falsehood of the table, and behave the same wherever they are called."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from cases import FALSE, Case
from hypothesis import given, settings
from hypothesis import strategies as st

import symcircuits
from symcircuits.expr.parse import parse_claim
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.term import Claim
from symcircuits.provers.prove import prove_claim
from symcircuits.testing.sampling import CrossCheckFailed, cross_check
from symcircuits.testing.strategies import claims

MIN = "min(a, b) == b - relu(b - a)"


def proved(text: str, where: str = "") -> Theorem:
    theorem = prove_claim(parse_claim(text, where))
    assert isinstance(theorem, Theorem)
    return theorem


def test_a_theorem_and_its_claim_are_tried_at_the_same_points() -> None:
    theorem = proved(MIN)
    tried = cross_check(theorem)
    assert 40 <= tried <= 100 and tried == cross_check(theorem.claim) == cross_check(theorem)


@pytest.mark.parametrize("examples", [1, 10, 300])
def test_the_number_of_points_follows_the_number_of_examples(examples: int) -> None:
    assert examples // 3 < cross_check(proved(MIN), examples) <= examples


@pytest.mark.parametrize("case", FALSE, ids=lambda case: case.id)
def test_falsehoods_of_the_table_are_seen(case: Case) -> None:
    claim = case.claim()
    with pytest.raises(CrossCheckFailed) as failed:
        cross_check(claim, examples=500)
    found = failed.value.counterexample
    assert all(comparison.holds(found.point) for comparison in claim.where) and not claim.goal.holds(found.point)


NEEDLES = [
    ("relu(1/1000000 - abs(x - 5*y + 1/3)) == 0", ""),
    ("relu(1/1000000 - abs(x - y)) == 0", "0 < x, x < 1, 1/3 < y, y < 1/2"),
    ("relu(1/1000000 - abs(relu(x - 1/7) + relu(y - 1/9) - 1)) == 0", ""),
    ("max(x, y) + relu(1/1000000 - abs(x - y)) == max(y, x)", "x + y + z == 22/7"),
    ("relu(x - 999999999/1000000000) == 0", "0 <= x, x <= 1"),
    ("x < y", "0 <= x, x <= y, y <= 1/1000000000"),
    ("x < 1/1000000000", "0 < x, x <= 1/1000000000"),
]


@pytest.mark.parametrize(("text", "where"), NEEDLES)
def test_needles_on_kinks_and_edges_are_seen(text: str, where: str) -> None:
    with pytest.raises(CrossCheckFailed):
        cross_check(parse_claim(text, where))


def test_the_failure_shows_point_values_and_claim() -> None:
    with pytest.raises(CrossCheckFailed) as failed:
        cross_check(parse_claim("relu(x) == x", "x + y == 0"))
    assert isinstance(failed.value, AssertionError)
    assert str(failed.value) == (
        "at x = -1, y = 1: left side 0, right side -1\n"
        "so this is false: for all real x, y with x + y == 0: relu(x) == x"
    )
    assert failed.value.counterexample.point == {"x": Fraction(-1), "y": Fraction(1)}


@pytest.mark.parametrize(
    ("text", "where", "least"),
    [
        ("x == 1", "x > 1, x < 1", 0),
        ("x == y + 1", "x > y, y > x", 0),
        ("relu(x) + relu(y) == 1/3", "x == 1/3, y == -1/7", 1),
        ("max(1, 2) == 2", "", 1),
        ("max(x, y, z) == 1", "x <= 1, y <= 1, x + y >= 2, z <= y, z >= x", 1),
        ("x < y + 1/1000000", "y < x, x < y + 1/1000000", 20),
        ("relu(x - y) == 0", "x <= y, y <= z, z <= x", 20),
        ("relu(w*x)/w == relu(x)", "w > 0", 20),
        ("x == relu(v*x)/v + relu(w*x)/w", "v > 0, w < 0", 20),
        ("x < 1", "1000000*x < 1, 1000000*x > -1", 10),
    ],
)
def test_domains_without_room(text: str, where: str, least: int) -> None:
    theorem = proved(text, where)
    tried = cross_check(theorem)
    assert tried >= least and (tried == 0) == theorem.is_vacuous
    assert tried == 1 or least != 1


def test_inequalities_are_judged_as_such() -> None:
    assert cross_check(proved("relu(x + y) <= relu(x) + relu(y)")) > 30
    assert cross_check(proved("abs(x) + 1/1000 > relu(x)")) > 10
    with pytest.raises(CrossCheckFailed, match="at x = 0"):
        cross_check(parse_claim("abs(x) > relu(x)", "x >= 0"))


def test_no_theorem_fails_and_most_falsehoods_do_also_inside_another_test() -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=100)
    @given(claims(("x", "y"), depth=2))
    def agree(claim: Claim) -> None:
        answer = prove_claim(claim)
        if isinstance(answer, Theorem):
            assert (cross_check(answer, examples=15) == 0) == answer.is_vacuous
            return
        seen["false"] += 1
        try:
            cross_check(claim, examples=15)
        except CrossCheckFailed as failed:
            seen["failed"] += 1
            assert not claim.goal.holds(failed.counterexample.point)

    agree()
    assert seen["failed"] >= 0.7 * seen["false"] > 20


@given(st.sampled_from([-1, 1]))
def test_a_failure_inside_another_test_is_the_same_failure(sign: int) -> None:
    with pytest.raises(CrossCheckFailed, match=r"at x = -1: left side 1, right side -1"):
        cross_check(parse_claim("abs(x) == relu(x) - relu(-x)"), examples=100 + sign)


def test_outside_pytest_it_is_quiet_the_same_and_keeps_no_examples(tmp_path: Path) -> None:
    script = (
        "from symcircuits.expr.parse import parse_claim\n"
        "from symcircuits.testing.sampling import cross_check, CrossCheckFailed\n"
        f"print(cross_check(parse_claim({MIN!r})))\n"
        "try:\n    cross_check(parse_claim('relu(x) + relu(y) == relu(x + y)'))\n"
        "except CrossCheckFailed as failed:\n    print(failed)\n"
    )
    root = str(Path(symcircuits.__file__).parents[1])
    outputs = set()
    for seed in ("0", "7"):
        environment = {"PYTHONPATH": root, "PYTHONHASHSEED": seed, "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-W", "error", "-c", script]
        run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
        assert run.stderr == ""
        outputs.add(run.stdout)
    (output,) = outputs
    assert "left side" in output and not (tmp_path / ".hypothesis" / "examples").exists()


def test_what_is_neither_theorem_nor_claim_is_refused() -> None:
    with pytest.raises(TypeError, match="not str"):
        cross_check("x == x")  # type: ignore[arg-type]
    assert cross_check(parse_claim("x <= 1", "abs(x) <= 1"))
