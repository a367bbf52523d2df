"""Normal forms as terms: the term denotes the function of the form, and reads as a person would write it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcircuits.cpwl.forms import form_to_comparison, form_to_term
from symcircuits.cpwl.substitute import substitute
from symcircuits.expr.parse import parse_expression
from symcircuits.kernel.normal import Algebra, Form, Meter, Scope
from symcircuits.kernel.term import Term, evaluate, scale, subterms, variable
from symcircuits.testing.strategies import rationals, terms

NAMES = ("x", "y", "z")
FEW = settings(max_examples=40)
POINTS = st.lists(st.fixed_dictionaries({name: rationals() for name in NAMES}), min_size=1, max_size=4)


def algebra(signs: Mapping[int, int] | None = None) -> Algebra:
    return Algebra(Scope(NAMES, Meter()), frozenset(), signs or {}, {})


@FEW
@given(terms(NAMES, 3), POINTS)
def test_the_term_of_the_form_is_the_same_function(term: Term, points: list[dict[str, Fraction]]) -> None:
    known = algebra()
    written = form_to_term(known, known.normal(term))
    assert all(evaluate(written, point) == evaluate(term, point) for point in points)
    assert "abs" not in {part.kind for part in subterms([written])}


@FEW
@given(terms(NAMES, 2), st.booleans(), st.sampled_from([1, -1]), POINTS)
def test_so_it_is_with_parameters_of_either_sign(
    term: Term, outside: bool, exponent: int, points: list[dict[str, Fraction]]
) -> None:
    w = variable("z")
    scaled = scale(Term("relu", (term,)), w, exponent) if outside else Term("relu", (scale(term, w, exponent),))
    if any(part.name == "z" for part in subterms([term])):
        scaled = scale(Term("abs", (variable("x"),)), w, exponent)
    for sign in (1, -1):
        known = algebra({3: sign})
        written = form_to_term(known, known.normal(scaled))
        for point in points:
            at = {**point, "z": sign * (abs(point["z"]) or Fraction(1))}
            assert evaluate(written, at) == evaluate(scaled, at)


FORMS = [
    ("0", "0"),
    ("3/2", "3/2"),
    ("1", "1"),
    ("relu(x) - relu(-x)", "x"),
    ("relu(3*y)/3", "relu(y)"),
    ("2*relu(x) + 2*relu(x)", "4*relu(x)"),
    ("max(x, max(z, y))", "max(x, y, z)"),
    ("min(1, z, y)", "min(1, y, z)"),
]


@pytest.mark.parametrize(("text", "expected"), FORMS)
def test_what_the_form_says_is_what_is_written(text: str, expected: str) -> None:
    known = algebra()
    assert str(form_to_term(known, known.normal(parse_expression(text)))) == expected


def test_an_atom_is_made_once_however_often_it_is_used() -> None:
    known, term, levels = algebra(), variable("x"), 40
    for step in range(levels):  # the term before is used twice in each level
        (term,) = substitute([parse_expression(f"relu(q - {step + 1}*y) - 2*relu(q - 1)")], {"q": term})
    written = form_to_term(known, known.normal(term))
    assert len([part for part in subterms([written]) if part.kind in ("relu", "max")]) <= 2 * levels
    point = {"x": Fraction(7, 5), "y": Fraction(-1, 3), "z": Fraction(0)}
    assert evaluate(written, point) == evaluate(term, point)


COMPARISONS = [
    (Form({1: 1}), False, "x >= 0"),
    (Form({1: -1}), True, "x < 0"),
    (Form({1: 1, 2: -1}), False, "x >= y"),
    (Form({2: 1, 1: -1}), True, "x < y"),
    (Form({1: -2, 0: 1}), False, "x <= 1/2"),
    (Form({1: 2, 2: 2, 0: -3}), False, "2*x + 2*y >= 3"),
]


@pytest.mark.parametrize(("form", "strict", "expected"), COMPARISONS, ids=[row[2] for row in COMPARISONS])
def test_comparisons_read_as_one_writes_them(form: Form, strict: bool, expected: str) -> None:
    left, relation, right = form_to_comparison(algebra(), form, strict)
    assert f"{left} {relation} {right}" == expected


@FEW
@given(
    st.dictionaries(st.integers(0, 3), st.integers(-6, 6).filter(bool), max_size=4),
    st.integers(1, 5),
    st.booleans(),
    POINTS,
)
def test_a_comparison_holds_where_the_form_has_its_sign(
    numerators: dict[int, int], denominator: int, strict: bool, points: list[dict[str, Fraction]]
) -> None:
    comparison = form_to_comparison(algebra(), Form(numerators, denominator), strict)
    for point in points:
        value = sum(n * (point[NAMES[at - 1]] if at else 1) for at, n in numerators.items())
        assert comparison.holds(point) == (value > 0 if strict else value >= 0)
