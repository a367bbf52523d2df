"""Random small claims against z3, an engine that shares nothing with this one."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcircuits.kernel.check import Theorem
from symcircuits.kernel.term import RELATIONS, Claim, Comparison, Range, Term, scale, subterms, total, variable
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.result import Unknown
from symcircuits.testing.strategies import claims

z3 = pytest.importorskip("z3")

MILLISECONDS = 3000


def largest(values: list[Any]) -> Any:
    result = values[0]
    for other in values[1:]:
        result = z3.If(other >= result, other, result)
    return result


def to_z3(root: Term) -> Any:
    """The term as a z3 real."""
    made: dict[int, Any] = {}
    for term in subterms((root,)):
        parts = [made[id(part)] for part in term.args]
        match term.kind:
            case "one":
                made[id(term)] = z3.RealVal(1)
            case "variable":
                made[id(term)] = z3.Real(term.name)
            case "sum":
                pairs = zip(term.coefficients, parts, strict=True)
                made[id(term)] = z3.Sum([z3.RealVal(0), *(z3.RealVal(str(c)) * part for c, part in pairs)])
            case "relu":
                made[id(term)] = largest([parts[0], z3.RealVal(0)])
            case "abs":
                made[id(term)] = largest([parts[0], -parts[0]])
            case "max":
                made[id(term)] = largest(parts)
            case "min":
                made[id(term)] = -largest([-part for part in parts])
            case "scale" if term.exponent == 1:
                made[id(term)] = parts[0] * parts[1]
            case _:
                raise ValueError(term.kind)
    return made[id(root)]


def formula(comparison: Comparison) -> Any:
    return RELATIONS[comparison.relation](to_z3(comparison.left), to_z3(comparison.right))


def satisfiable(*formulas: Any) -> bool | None:
    """Whether there is a point, None when z3 gives up in time."""
    solver = z3.Solver()
    solver.set("timeout", MILLISECONDS)
    solver.add(*formulas)
    answer = solver.check()
    return None if answer == z3.unknown else bool(answer == z3.sat)


@pytest.mark.parametrize(
    ("names", "depth", "examples"),
    [("x", 3, 200), ("xy", 2, 300), ("xy", 3, 250), ("xyz", 2, 250), ("xyz", 3, 200)],
)
def test_no_disagreement(names: str, depth: int, examples: int) -> None:
    verdicts: Counter[str] = Counter()

    @settings(max_examples=examples)
    @given(claims(names, depth))
    def agree(claim: Claim) -> None:
        answer = prove_claim(claim, seconds=20)
        assert not isinstance(answer, Unknown), answer
        domain = [formula(comparison) for comparison in claim.where]
        is_false = satisfiable(*domain, z3.Not(formula(claim.goal)))
        if is_false is None:
            return
        assert isinstance(answer, Theorem) == (not is_false)
        verdicts["false" if is_false else "true"] += 1
        verdicts[claim.goal.relation] += 1
        verdicts["with a domain" if domain else "everywhere"] += 1
        if isinstance(answer, Theorem) and answer.is_vacuous:
            assert not satisfiable(*domain)
            verdicts["vacuous"] += 1

    agree()
    assert verdicts["true"] + verdicts["false"] >= examples * 9 // 10
    assert min(verdicts["true"], verdicts["false"], verdicts["with a domain"], verdicts["everywhere"]) >= examples // 8
    assert verdicts["vacuous"] and all(verdicts[relation] >= examples // 20 for relation in RELATIONS)


def test_no_disagreement_where_a_variable_has_a_range() -> None:
    verdicts: Counter[str] = Counter()
    values = st.sets(st.integers(-3, 3).map(lambda n: Fraction(n, 2)), min_size=1, max_size=3).map(sorted).map(tuple)

    @settings(max_examples=150)
    @given(claims("xy", 2), values)
    def agree(claim: Claim, chosen: tuple[Fraction, ...]) -> None:
        product = total([(Fraction(1), claim.goal.left), (Fraction(1), scale(claim.goal.right, variable("x")))])
        mixed = Claim(claim.goal._replace(left=product), claim.where, (Range("x", chosen),))
        answer = prove_claim(mixed, seconds=20)
        domain = [*map(formula, mixed.where), z3.Or([z3.Real("x") == z3.RealVal(str(value)) for value in chosen])]
        is_false = satisfiable(*domain, z3.Not(formula(mixed.goal)))
        if is_false is None:
            return
        if isinstance(answer, Unknown):
            assert not satisfiable(*domain), answer
            return
        assert isinstance(answer, Theorem) == (not is_false)
        verdicts["false" if is_false else "true"] += 1
        if isinstance(answer, Theorem) and answer.is_vacuous:
            assert not satisfiable(*domain)

    agree()
    assert min(verdicts["true"], verdicts["false"]) >= 20
