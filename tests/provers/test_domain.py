"""Domains: empty ones are proved so, flat ones lose their flat directions, and the others show an inner point."""

from __future__ import annotations

import pytest
from hypothesis import event, given, settings

from symcircuits.exact.simplex import Violated
from symcircuits.expr.parse import parse_claim, parse_where
from symcircuits.kernel.check import Theorem, check
from symcircuits.kernel.term import Claim, Comparison, constant
from symcircuits.provers.domain import Inside, find_signs, positive, reduce_domain
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.result import Clock, Counterexample
from symcircuits.provers.search import Search, value
from symcircuits.testing.strategies import domains

FALSE = Comparison(constant(0), "==", constant(1))


def reduced(claim: Claim) -> tuple[Search, Inside | None]:
    clock = Clock()
    search = Search(claim, clock)
    return search, reduce_domain(search, search.root, clock)


def names_of(search: Search) -> list[str]:
    return [step[0] for step in search.steps]


# The domain, how many variables its equations fix, or None where it is empty. All claims are about x, y, z.
DIMENSIONS = [
    ("", 0),
    ("x >= 0, y >= 0, x + y <= 1", 0),
    ("x > 0, x < 1/1000000", 0),
    ("x == 1", 1),
    ("2*x - 3*y == 1/7", 1),
    ("x <= y, y <= x", 1),
    ("x <= y, y <= z, z <= x", 2),
    ("x + y >= 2, x <= 1, y <= 1", 2),
    ("x + y + z >= 3, x <= 1, y <= 1, z <= 1", 3),
    ("x == y, y == z, z == x", 2),
    ("x == 1, x == 1, 2*x == 2", 1),
    ("x == 1, y == 2, x + y + z == 3", 3),
    ("x + y == 1, x + y <= 1, x > -100", 1),
    ("x == x", 0),
    ("0 <= 1, x >= 5", 0),
    ("x >= 1, x <= 0", None),
    ("x > 1, x <= 1", None),
    ("x == 1, x == 2", None),
    ("x + y == 1, y + z == 1, x - z == 1/1000000000", None),
    ("x < y, y < z, z < x", None),
    ("x <= y, y <= z, z < x", None),
    ("x == y, x < y", None),
    ("1 < 1", None),
    ("1 == 2", None),
    ("x >= 0, x <= 0, y >= x, y < 0", None),
]


@pytest.mark.parametrize(("where", "fixed"), DIMENSIONS)
def test_how_many_variables_the_domain_fixes(where: str, fixed: int | None) -> None:
    claim = Claim(parse_claim("x + y + z == x + y + z").goal, parse_where(where))
    search, inside = reduced(claim)
    assert (inside is None) == (fixed is None)
    if inside is None:
        assert names_of(search)[-1] == "absurd" and check(search.certificate()).is_vacuous
        return
    assert names_of(search) == ["substitute"] * (fixed or 0)
    context = inside.goal[0]
    assert all(value(form, inside.point) > 0 for form, _ in context.hypotheses if form.numerators)
    point = search.named(context, inside.point)
    assert set(point) == {"x", "y", "z"} and all(comparison.holds(point) for comparison in claim.where)


@settings(max_examples=200)
@given(domains(["x", "y", "z"], size=4))
def test_every_domain_is_shown_empty_or_has_an_inner_point(where: tuple[Comparison, ...]) -> None:
    claim = Claim(FALSE, where)
    search, inside = reduced(claim)
    answer = prove_claim(claim)
    if inside is None:
        event("empty")
        assert isinstance(answer, Theorem) and answer.is_vacuous and answer.certificate == search.certificate()
        return
    event("flat" if search.steps else "solid")
    context, goal = inside.goal
    assert goal is search.root[1]
    assert all(value(form, inside.point) > 0 for form, _ in context.hypotheses if form.numerators)
    assert all(comparison.holds(search.named(context, inside.point)) for comparison in where)
    assert inside.simplex.count == len(context.hypotheses)
    assert isinstance(answer, Counterexample)
    assert all(comparison.holds(answer.point) for comparison in where)


def test_an_empty_domain_proves_anything_and_says_so() -> None:
    theorem = prove_claim(parse_claim("x == x + 1", "x > 0, y > 0, x + y < 0"))
    assert isinstance(theorem, Theorem) and theorem.is_vacuous
    theorem = prove_claim(parse_claim("x + 1 == 1 + x", "x > 0"))
    assert isinstance(theorem, Theorem) and not theorem.is_vacuous


SIGNS = [
    ("w > 0", 1),
    ("w < 0", -1),
    ("w >= 1/100", 1),
    ("w + v > 3, v <= 2", 1),
    ("w > v, v > u, u >= 0", 1),
    ("w < 0, x == 3*v", -1),
    ("w >= 0", None),
    ("w > -1", None),
    ("v > 0", None),
]


@pytest.mark.parametrize(("where", "sign"), SIGNS)
def test_the_sign_of_a_parameter(where: str, sign: int | None) -> None:
    claim = parse_claim("w*x + v == v + x*w", "w > 0")._replace(where=parse_where(where))
    search, inside = reduced(claim)
    assert inside
    before = len(search.steps)
    find_signs(search, inside)
    assert [step[:3] for step in search.steps[before:]] == ([["scale", 1, sign]] if sign else [])


def test_a_parameter_that_an_equation_fixes_needs_no_sign() -> None:
    for where in ("w == 2", "2*w == 1, x == y", "w >= 3, w <= 3"):
        claim = parse_claim("relu(w*x)/w == relu(x)", "w > 0")._replace(where=parse_where(where))
        theorem = prove_claim(claim)
        assert isinstance(theorem, Theorem) and "substitute" in theorem.certificate and "fix" not in theorem.certificate


@pytest.mark.parametrize(
    ("text", "where", "expected"),
    [
        ("x", "x > 0", True),
        ("x", "x >= 0", False),
        ("x", "x >= 1/1000000", True),
        ("x + y", "x > 0, y >= 0", True),
        ("x + y", "x >= 0, y >= 0", False),
        ("x - y", "x > 0, y >= 0", False),
        ("1", "x >= 0", True),
    ],
)
def test_positive_forms(text: str, where: str, expected: bool) -> None:
    _, inside = reduced(parse_claim(f"{text} > x - x + y - y", where))
    assert inside
    context, goal = inside.goal
    form = context.gap(goal)
    multipliers = positive(context, inside.simplex, form)
    assert isinstance(multipliers, Violated) == (not expected)
    if expected:
        context.shows(form, multipliers, strict=True)
