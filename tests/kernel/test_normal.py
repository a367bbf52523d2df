"""The normal form keeps the value of a term wherever the known facts hold, and equal functions meet in it by law."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import prod
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.normal import Algebra, Form, Meter, Scope
from symcircuits.kernel.term import ONE, Term, constant, evaluate, scale, subterms, total, variable

NAMES = ("x", "y", "z", "v", "w")
X, Y, Z, V, W = map(variable, NAMES)
F = Fraction
Point = Mapping[str, Fraction]


def plain() -> Algebra:
    return Algebra(Scope(NAMES, Meter()), frozenset(), {}, {})


def value(algebra: Algebra, form: Form, point: Point) -> Fraction:
    """The value of a form at a point, from the definition of basis elements."""

    def element(index: int) -> Fraction:
        monomial, atom = algebra.basis[index]
        powers = prod((point[NAMES[number - 1]] ** exponent for number, exponent in monomial), start=F(1))
        return powers * max([F(0), *(value(algebra, row, point) for row in algebra.rows[atom])] if atom else [F(1)])

    return sum((numerator * element(at) for at, numerator in form.numerators.items()), F(0)) / form.denominator


def relu(term: Term) -> Term:
    return Term("relu", (term,))


def absolute(term: Term) -> Term:
    return Term("abs", (term,))


def largest(*terms: Term) -> Term:
    return Term("max", terms)


def least(*terms: Term) -> Term:
    return Term("min", terms)


def times(factor: Fraction | int, term: Term) -> Term:
    return total([(F(factor), term)])


def plus(left: Term, right: Term) -> Term:
    return total([(F(1), left), (F(1), right)])


def minus(left: Term, right: Term) -> Term:
    return total([(F(1), left), (F(-1), right)])


numbers = st.integers(-4, 4).map(F) | st.fractions(-3, 3, max_denominator=5)
variables = st.sampled_from([X, Y, Z, V, W])
affine = st.lists(st.tuples(numbers, st.sampled_from([ONE, X, Y, Z, W])), min_size=1, max_size=4).map(total)


def wholes(parts: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    return st.one_of(
        st.lists(st.tuples(numbers, parts), max_size=3).map(total),
        parts.map(relu),
        parts.map(absolute),
        st.lists(parts, min_size=1, max_size=4).map(lambda terms: largest(*terms)),
        st.lists(parts, min_size=1, max_size=4).map(lambda terms: least(*terms)),
        st.builds(scale, parts, st.sampled_from([V, W]), st.sampled_from([1, 1, -1])),
    )


terms = st.recursive(affine | variables, wholes, max_leaves=8)
rows = st.dictionaries(st.integers(0, 5), st.integers(-3, 3).filter(bool), max_size=3)
forms = st.builds(Form, rows, st.just(1))


class World(NamedTuple):
    """An algebra that knows some facts, and a point where they all hold."""

    algebra: Algebra
    point: dict[str, Fraction]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    algebra = plain()
    point = {name: draw(numbers) for name in NAMES}
    for name in ("v", "w"):
        point[name] = point[name] or F(1)
    if draw(st.booleans()):
        number = draw(st.integers(1, 3))
        form = Form({at: n for at, n in draw(rows).items() if at != number}, draw(st.integers(1, 3)))
        point[NAMES[number - 1]] = value(algebra, form, point)
        algebra = algebra.with_value(number, form)
    for form in draw(st.lists(forms, max_size=4)):
        height = value(algebra, form, point)
        algebra = algebra.with_facts([form] if height >= 0 else [])
        algebra = algebra.with_facts([algebra.negative(form)] if height <= 0 else [])
    for number in draw(st.sets(st.sampled_from([4, 5]))):
        algebra = algebra.with_sign(number, 1 if point[NAMES[number - 1]] > 0 else -1)
    return World(algebra, point)


def is_defined(algebra: Algebra, term: Term) -> bool:
    """Whether the term divides only by variables of known sign."""
    divisors = [part.args[1].name for part in subterms([term]) if part.kind == "scale" and part.exponent < 0]
    return all(1 + NAMES.index(name) in algebra.signs for name in divisors)


@settings(max_examples=600)
@given(worlds(), terms)
def test_the_normal_form_keeps_the_value_where_the_facts_hold(world: World, term: Term) -> None:
    algebra, point = world
    if is_defined(algebra, term):
        assert value(algebra, algebra.normal(term), point) == evaluate(term, point)
    else:
        with pytest.raises(CertificateRejected, match="a product of two maxima, or a quotient by what is no"):
            algebra.normal(term)


@settings(max_examples=200)
@given(worlds(), st.data())
def test_so_does_the_normal_form_after_replacing_equal_terms(world: World, data: st.DataObject) -> None:
    algebra, point = world
    old = data.draw(terms.filter(lambda term: is_defined(algebra, term)))
    whole = st.sampled_from([old]) | terms.filter(lambda term: is_defined(algebra, term))
    before, after = data.draw(wholes(whole)), data.draw(wholes(whole))
    new = data.draw(st.sampled_from([constant(evaluate(old, point)), minus(plus(old, X), constant(point["x"]))]))
    if not all(is_defined(algebra, term) for term in (before, after)):
        return
    algebra.normal(before)
    equal = algebra.with_equal(old, new)
    assert equal.normal(old) == algebra.normal(new)
    for term in (before, after, old):
        assert value(equal, equal.normal(term), point) == evaluate(term, point)


def test_an_equal_term_is_replaced_in_wholes_seen_before_and_only_there() -> None:
    algebra, old = plain(), relu(minus(minus(constant(0), relu(X)), relu(Y)))
    whole = plus(Y, old)
    seen = algebra.normal(whole)
    equal = algebra.with_equal(old, constant(0))
    assert equal.normal(whole) == equal.normal(Y) != seen
    assert algebra.normal(whole) == seen


@given(worlds(), terms)
def test_a_form_is_in_lowest_terms_and_has_no_zero(world: World, term: Term) -> None:
    if is_defined(world.algebra, term):
        form = world.algebra.normal(term)
        assert all(form.numerators.values()) and form.denominator > 0
        assert world.algebra.combine([(F(1), form)]) == form
        assert world.algebra.minus(form, form) == Form({})


LAWS: dict[str, Callable[[Term, Term, Term, Fraction], tuple[Term, Term]]] = {
    "relu(c*t) == c*relu(t)": lambda t, u, v, c: (relu(times(c, t)), times(c, relu(t))),
    "abs(c*t) == c*abs(t)": lambda t, u, v, c: (absolute(times(c, t)), times(c, absolute(t))),
    "max(c*t, c*u) == c*max(t, u)": lambda t, u, v, c: (largest(times(c, t), times(c, u)), times(c, largest(t, u))),
    "max is symmetric": lambda t, u, v, c: (largest(t, u, v), largest(v, t, u)),
    "min is symmetric": lambda t, u, v, c: (least(t, u, v), least(u, t, v)),
    "max forgets repetitions": lambda t, u, v, c: (largest(t, u, t), largest(t, u)),
    "max(t) == t": lambda t, u, v, c: (largest(t), t),
    "min(t, t) == t": lambda t, u, v, c: (least(t, t), t),
    "min(t, u) == -max(-t, -u)": lambda t, u, v, c: (least(t, u), times(-1, largest(times(-1, t), times(-1, u)))),
    "max(t, t + c) == t + c": lambda t, u, v, c: (largest(t, plus(t, constant(c))), plus(t, constant(c))),
    "sums commute": lambda t, u, v, c: (plus(relu(t), relu(u)), plus(relu(u), relu(t))),
}
AFFINE_LAWS: dict[str, Callable[[Term, Term, Term, Fraction], tuple[Term, Term]]] = {
    "relu(-t) == relu(t) - t": lambda t, u, v, c: (relu(times(-1, t)), minus(relu(t), t)),
    "abs(t) == relu(t) + relu(-t)": lambda t, u, v, c: (absolute(t), plus(relu(t), relu(times(-1, t)))),
    "max(t, max(u, v)) == max(t, u, v)": lambda t, u, v, c: (largest(t, largest(u, v)), largest(t, u, v)),
    "min(t, min(u, v)) == min(t, u, v)": lambda t, u, v, c: (least(least(t, u), v), least(t, u, v)),
    "relu(relu(t)) == relu(t)": lambda t, u, v, c: (relu(relu(t)), relu(t)),
    "max(t, u) == t + relu(u - t)": lambda t, u, v, c: (largest(t, u), plus(t, relu(minus(u, t)))),
    "min(t, u) == t - relu(t - u)": lambda t, u, v, c: (least(t, u), minus(t, relu(minus(t, u)))),
    "max(t + v, u + v) == max(t, u) + v": lambda t, u, v, c: (largest(plus(t, v), plus(u, v)), plus(largest(t, u), v)),
    "max(t, u) + min(t, u) == t + u": lambda t, u, v, c: (plus(largest(t, u), least(t, u)), plus(t, u)),
}
positive = st.fractions(F(1, 9), 9, max_denominator=9)
defined = terms.filter(lambda term: is_defined(plain(), term))


@pytest.mark.parametrize("law", LAWS)
@settings(max_examples=60)
@given(t=defined, u=defined, v=defined, c=positive)
def test_laws_for_all_terms(law: str, t: Term, u: Term, v: Term, c: Fraction) -> None:
    algebra = plain()
    left, right = LAWS[law](t, u, v, c)
    assert algebra.normal(left) == algebra.normal(right)


@pytest.mark.parametrize("law", AFFINE_LAWS)
@settings(max_examples=60)
@given(t=affine, u=affine, v=affine, c=positive)
def test_laws_for_affine_terms(law: str, t: Term, u: Term, v: Term, c: Fraction) -> None:
    algebra = plain()
    left, right = AFFINE_LAWS[law](t, u, v, c)
    assert algebra.normal(left) == algebra.normal(right)


@settings(max_examples=60)
@given(affine, affine, st.sampled_from([1, -1]), st.sampled_from([1, -1]))
def test_a_parameter_of_known_sign_leaves_a_maximum(t: Term, u: Term, sign: int, exponent: int) -> None:
    algebra = plain().with_sign(4, sign)
    if algebra.normal(minus(t, u)).constant() is None:
        scaled = largest(scale(t, V, exponent), scale(u, V, exponent))
        outside = largest(t, u) if sign > 0 else least(t, u)
        assert algebra.normal(scaled) == algebra.normal(scale(outside, V, exponent))
    assert algebra.normal(scale(scale(relu(t), V, exponent), V, -exponent)) == algebra.normal(relu(t))


def test_an_even_power_of_a_negative_parameter_is_positive() -> None:
    algebra = plain().with_sign(4, -1)
    squared = [scale(scale(term, V, 1), V, 1) for term in (X, Y, largest(X, Y), least(X, Y))]
    assert algebra.normal(largest(*squared[:2])) == algebra.normal(squared[2]) != algebra.normal(squared[3])


def test_a_parameter_of_unknown_sign_stays() -> None:
    algebra = plain()
    assert algebra.normal(relu(scale(X, V, 1))) != algebra.normal(scale(relu(X), V, 1))
    assert algebra.normal(scale(X, Y, 1)) == algebra.normal(scale(Y, X, 1))
    assert algebra.normal(scale(X, Y, 1)) != algebra.normal(scale(X, X, 1))


@settings(max_examples=100)
@given(forms.filter(lambda form: form.constant() is None), forms)
def test_a_fact_decides_a_maximum(gap: Form, other: Form) -> None:
    algebra = plain().with_facts([gap])
    low = algebra.combine([(F(1), other)])
    high = algebra.combine([(F(1), other), (F(2, 3), gap)])
    assert algebra.maximum([low, high]) == algebra.maximum([high, low]) == high
    assert algebra.maximum([low, high, low, high]) == high
    assert plain().maximum([low, high]) != high


def test_replacing_a_variable_reaches_what_was_replaced_before() -> None:
    algebra = plain().with_value(1, Form({2: 1, 0: 1})).with_value(2, Form({3: 2}))
    assert algebra.normal(X) == Form({3: 2, 0: 1})
    assert algebra.normal(relu(X)) == algebra.normal(relu(plus(times(2, Z), ONE)))
    assert not plain().with_facts([Form({1: 1})]).with_value(2, Form({})).facts


@pytest.mark.parametrize("divisor", [constant(0), plus(V, W), relu(X), minus(X, X), X, scale(V, X, 1)], ids=repr)
def test_a_quotient_by_what_is_no_monomial_of_known_sign_is_refused(divisor: Term) -> None:
    algebra = plain().with_sign(4, 1).with_sign(5, 1)
    with pytest.raises(CertificateRejected, match="a quotient by what is no monomial of known sign"):
        algebra.normal(scale(X, divisor, -1))


polynomials = st.recursive(affine | variables, lambda parts: st.builds(scale, parts, parts), max_leaves=4)


@settings(max_examples=150)
@given(polynomials, polynomials, defined, st.fixed_dictionaries(dict.fromkeys(NAMES, numbers)))
def test_products_obey_the_laws_of_a_ring(p: Term, q: Term, t: Term, point: Point) -> None:
    algebra = plain()
    equal = [
        (scale(p, q), scale(q, p)),
        (scale(scale(t, p), q), scale(t, scale(p, q))),
        (scale(t, p), scale(p, t)),
        (scale(t, plus(p, q)), plus(scale(t, p), scale(t, q))),
        (scale(plus(t, p), q), plus(scale(t, q), scale(p, q))),
        (scale(t, ONE), t),
        (scale(t, constant(0)), constant(0)),
    ]
    for left, right in equal:
        assert algebra.normal(left) == algebra.normal(right)
    assert value(algebra, algebra.normal(scale(t, p)), point) == evaluate(t, point) * evaluate(p, point)


def test_a_product_of_two_maxima_is_refused() -> None:
    for left, right in ((relu(X), relu(X)), (relu(X), plus(absolute(Y), Z)), (scale(relu(X), Y), relu(Z))):
        with pytest.raises(CertificateRejected, match="a product of two maxima"):
            plain().normal(scale(left, right))
    assert plain().normal(scale(relu(X), minus(relu(Y), relu(Y)))) == Form({})


@pytest.mark.parametrize("parameter", [constant(F(-2, 3)), times(5, V), scale(V, W, -1)], ids=repr)
def test_a_monomial_may_stand_for_a_parameter(parameter: Term) -> None:
    algebra, point = plain().with_sign(4, -1).with_sign(5, 1), {"x": F(3), "v": F(-2), "w": F(7)}
    for exponent in (1, -1):
        term = scale(relu(X), parameter, exponent)
        assert value(algebra, algebra.normal(term), point) == evaluate(term, point)


def test_numbers_that_grow_without_end_are_refused() -> None:
    for step in (F(10**15_000, 3), F(1, 10**15_000 - 1), F(7**15_000, 10**15_000 - 1)):
        term = X
        for _ in range(1000):
            term = plus(times(step, term), Y)
        with pytest.raises(CertificateRejected, match="more arithmetic than the checker allows"):
            plain().normal(term)


def test_work_is_counted_and_refused() -> None:
    algebra = plain()
    algebra.scope.meter.left = 10_000
    with pytest.raises(CertificateRejected, match="more arithmetic than the checker allows"):
        for _ in range(1000):
            algebra.normal(relu(minus(X, Y)))


def test_work_that_would_take_minutes_is_refused_in_seconds() -> None:
    term = X
    for _ in range(3000):
        term = relu(plus(times(F(10**3000), term), Y))
    with pytest.raises(CertificateRejected):
        plain().normal(term)
