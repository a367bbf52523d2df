"""Random claims against brute force: an evaluator of its own, on every point of a grid."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings

from symcircuits.kernel.check import Theorem
from symcircuits.kernel.term import Claim, Comparison, Term
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.result import Counterexample
from symcircuits.testing.strategies import claims

GRIDS = {
    1: [Fraction(n, 6) for n in range(-24, 25)],
    2: [Fraction(n, 2) for n in range(-6, 7)],
    3: [Fraction(n) for n in (-3, -1, 0, 1, 2)],
}


def value(term: Term, point: dict[str, Fraction]) -> Fraction:
    """The value by recursion and plain arithmetic, written apart from the kernel's."""
    parts = [value(part, point) for part in term.args]
    if term.kind == "variable":
        return point[term.name]
    if term.kind == "sum":
        return sum((c * part for c, part in zip(term.coefficients, parts, strict=True)), Fraction(0))
    if term.kind in ("relu", "abs"):
        (t,) = parts
        return t if t > 0 else Fraction(0) if term.kind == "relu" else -t
    if term.kind in ("max", "min"):
        ordered = sorted(parts)
        return ordered[-1] if term.kind == "max" else ordered[0]
    assert term.kind == "one"
    return Fraction(1)


def holds(comparison: Comparison, point: dict[str, Fraction]) -> bool:
    gap = value(comparison.left, point) - value(comparison.right, point)
    return {"==": gap == 0, "<=": gap <= 0, ">=": gap >= 0, "<": gap < 0, ">": gap > 0}[comparison.relation]


@pytest.mark.parametrize("names", [("x",), ("x", "y"), ("x", "y", "z")], ids=len)
def test_answers_agree_with_brute_force(names: tuple[str, ...]) -> None:
    verdicts: Counter[str] = Counter()
    grid = [dict(zip(names, point, strict=True)) for point in product(GRIDS[len(names)], repeat=len(names))]

    @settings(max_examples=120)
    @given(claims(names, depth=2))
    def agree(claim: Claim) -> None:
        answer = prove_claim(claim, seconds=20)
        verdicts[type(answer).__name__] += 1
        if isinstance(answer, Counterexample):
            assert all(holds(comparison, answer.point) for comparison in claim.where)
            assert not holds(claim.goal, answer.point)
            assert (value(claim.goal.left, answer.point), value(claim.goal.right, answer.point)) == answer[2:]
            return
        assert isinstance(answer, Theorem), answer
        for point in grid:
            inside = all(holds(comparison, point) for comparison in claim.where)
            assert not inside or (holds(claim.goal, point) and not answer.is_vacuous)

    agree()
    assert verdicts["Theorem"] >= 20 and verdicts["Counterexample"] >= 15
