"""Every case of the table gets its answer, the kernel confirms it, and nobody has to take its word for it."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import time
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from cases import CASES, FALSE, TRUE, Case

from symcircuits.expr.parse import parse_claim
from symcircuits.kernel.check import Theorem, check
from symcircuits.kernel.term import Claim
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.result import Counterexample, Unknown
from symcircuits.testing.sampling import cross_check

ROOT = Path(__file__).parents[2]
HARD = "max(low, high, abs(c)) == relu(max(low, high) - abs(c)) + abs(c)"
MANY_CASES = "relu(relu(x) - abs(x + y) - abs(y) - 1) == 0"
LET = (("low", "abs(a)"), ("high", "abs(b)"))
RELATION = re.compile("==|<=|>=|<|>")
MEANING = {"relu": lambda t: max(t, Fraction(0)), "max": max, "min": min, "abs": abs, "F": Fraction}


def by_id(case: Case) -> str:
    return case.id


def python_value(text: str, names: dict[str, Fraction]) -> bool | Fraction:
    """What Python makes of a text in which every integer is a Fraction: no code of the package takes part."""
    return eval(re.sub(r"(?<![\w.])(\d+)(?!\w)", r"F('\1')", text), dict(MEANING), names)


def python_names(case: Case, point: dict[str, Fraction]) -> dict[str, Fraction]:
    """The point with the values of the case's definitions."""
    names = dict(point)
    for name, body in case.let:
        names[name] = Fraction(python_value(body, names))
    return names


def count_points(claim: Claim) -> int:
    """How many points of a grid lie in the domain of a claim with ranges; its goal holds at all of them."""
    ranges = dict(claim.ranges)
    columns = [ranges.get(name, [Fraction(n, 3) for n in range(-15, 16, 2)]) for name in claim.variables()]
    points = (dict(zip(claim.variables(), values, strict=True)) for values in product(*columns))
    inside = [point for point in points if all(comparison.holds(point) for comparison in claim.where)]
    assert all(claim.goal.holds(point) for point in inside)
    return len(inside)


def test_ids_are_unique_and_every_kind_is_there() -> None:
    assert len({case.id for case in CASES}) == len(CASES)
    assert len(TRUE) > 90 and len(FALSE) > 45 and any(case.is_vacuous for case in TRUE)


@pytest.mark.parametrize("case", TRUE, ids=by_id)
def test_truths_are_proved(case: Case) -> None:
    claim = case.claim()
    theorem = prove_claim(claim, seconds=60)
    assert isinstance(theorem, Theorem), theorem
    assert theorem.claim == claim
    assert theorem.is_vacuous == case.is_vacuous
    again = check(theorem.certificate)
    assert again.claim == claim and again.is_vacuous == case.is_vacuous
    tried = count_points(claim) if claim.ranges else cross_check(theorem, examples=40)
    assert (tried == 0) == case.is_vacuous


@pytest.mark.parametrize("case", FALSE, ids=by_id)
def test_falsehoods_get_a_point_that_anyone_can_check(case: Case) -> None:
    claim = case.claim()
    found = prove_claim(claim, seconds=60)
    assert isinstance(found, Counterexample), found
    assert found.claim is claim and list(found.point) == claim.variables()
    names = python_names(case, found.point)
    assert [python_value(side, names) for side in RELATION.split(case.text)] == [found.left, found.right]
    assert not python_value(case.text, names)
    assert all(python_value(chain, names) for chain in filter(None, case.where.split(", ")))


def digest() -> str:
    """A fingerprint of every answer to the table."""
    answers = [prove_claim(case.claim()) for case in CASES]
    texts = (answer.certificate if isinstance(answer, Theorem) else str(answer) for answer in answers)
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def test_answers_are_the_same_every_time_and_for_every_hash_seed() -> None:
    script = "import sys; sys.path[:0] = ['tests', 'tests/provers']; import test_prove; print(test_prove.digest())"
    here = digest()
    for seed in ("1", "2022"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        run = subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        )
        assert run.stdout.strip() == here


STRICT = [
    ("abs(x) + 1 > 0", "", True),
    ("abs(x) > 0", "", False),
    ("abs(x) > 0", "x > 0", True),
    ("relu(x) < relu(x) + 1/1000000", "", True),
    ("max(x, y) < z", "x < z, y < z", True),
    ("max(x, y) < z", "x < z, y <= z", False),
    ("min(x, y) < z", "x < z, y <= z", True),
    ("x < y", "x + 1 <= z, z <= y", True),
    ("x < y", "x <= z, z <= y", False),
    ("x < x", "", False),
    ("x < y", "x <= z, z < w, w <= y", True),
    ("2*x < 3*y + 1", "x <= y, x + y > 0, y >= 0", True),
    ("relu(x) > x", "x < 0", True),
    ("relu(x) >= x", "x <= 0", True),
    ("relu(x) > x", "x <= 0", False),
    ("x + y > 0", "x >= 0, y >= 0, x + y >= 1, x < 5", True),
]


@pytest.mark.parametrize(("text", "where", "expected"), STRICT)
def test_strict_inequalities(text: str, where: str, expected: bool) -> None:
    answer = prove_claim(parse_claim(text, where))
    assert isinstance(answer, Theorem if expected else Counterexample), answer
    assert not expected or cross_check(answer, examples=40) > 0


def test_no_time_gives_unknown() -> None:
    answer = prove_claim(parse_claim(HARD, let=LET), seconds=0)
    assert isinstance(answer, Unknown) and "0 seconds" in str(answer)


def test_one_case_gives_unknown_and_says_how_far_it_got() -> None:
    claim = parse_claim(MANY_CASES)
    answer = prove_claim(claim, cases=1)
    assert isinstance(answer, Unknown) and answer.claim is claim
    assert answer.reason == "the limit of 1 case is reached" and answer.tried
    assert isinstance(prove_claim(claim, cases=10_000), Theorem)


def test_a_limit_stops_a_search_that_would_be_long() -> None:
    names = [f"x{i}" for i in range(14)]
    left = " + ".join(f"abs({a} + relu({b} - {c}/3))" for a, b, c in zip(names, names[1:], names[2:], strict=False))
    start = time.monotonic()
    answer = prove_claim(parse_claim(f"{left} >= -1/1000*abs(x0 + {left})"), seconds=0.5)
    assert not isinstance(answer, Counterexample) and time.monotonic() - start < 30


def test_the_search_reports_its_cases() -> None:
    seen: list[tuple[int, int]] = []
    assert isinstance(prove_claim(parse_claim(HARD, let=LET), report=lambda *counts: seen.append(counts)), Theorem)
    assert [closed for closed, _ in seen] == list(range(1, len(seen) + 1)) and seen[-1][1] == 0 and len(seen) > 1


def test_parameters_of_unknown_sign_are_not_decided_wrongly() -> None:
    claim = parse_claim("relu(w*x) == w*relu(x)", "w > 0")
    free = claim._replace(where=())
    assert isinstance(prove_claim(claim), Theorem)
    answer = prove_claim(free)
    assert isinstance(answer, Counterexample | Unknown)
    assert isinstance(answer, Unknown) or not free.goal.holds(answer.point)


def test_only_a_theorem_is_true_as_a_condition() -> None:
    assert prove_claim(parse_claim("relu(x) >= 0"))
    refuted, unknown = prove_claim(parse_claim("x == y")), prove_claim(parse_claim(MANY_CASES), cases=1)
    assert not refuted and not unknown
    assert repr(refuted) == "Counterexample: at x = 0, y = 1: left side 0, right side 1"
    assert repr(unknown).startswith("Unknown: the limit of 1 case")
