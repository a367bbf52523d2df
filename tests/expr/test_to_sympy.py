"""`to_sympy` inverts `from_sympy` and keeps the function of every term, at any depth."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Abs, Add, Max, Min, Mul, Rational, S, Symbol

from symcircuits.expr.from_sympy import from_sympy
from symcircuits.expr.relu import relu, subexpressions
from symcircuits.expr.to_sympy import to_sympy
from symcircuits.kernel.term import ONE, Term, constant, evaluate, scale, total, variable

x, y, z = (Symbol(name, real=True) for name in "xyz")
fractions = st.fractions(min_value=-5, max_value=5, max_denominator=6)
numbers = fractions.map(lambda q: Rational(q.numerator, q.denominator))


def relu_term(part):
    return Term("relu", (part,))


def absolute(part):
    return Term("abs", (part,))


def maximum(*parts):
    return Term("max", parts)


def minimum(*parts):
    return Term("min", parts)


def _larger_expressions(children):
    several = st.lists(children, min_size=1, max_size=3)
    return st.one_of(
        several.map(lambda parts: Add(*parts)),
        st.tuples(numbers, children).map(lambda pair: Mul(*pair)),
        children.map(relu),
        children.map(Abs),
        several.map(lambda parts: Max(*parts)),
        several.map(lambda parts: Min(*parts)),
    )


def _larger_terms(children):
    several = st.lists(children, min_size=1, max_size=3)
    return st.one_of(
        st.lists(st.tuples(fractions, children), max_size=3).map(total),
        children.map(relu_term),
        children.map(absolute),
        several.map(lambda parts: maximum(*parts)),
        several.map(lambda parts: minimum(*parts)),
        st.tuples(children, st.sampled_from([1, -1])).map(lambda pair: scale(pair[0], variable("w"), pair[1])),
    )


expressions = st.recursive(st.one_of(st.sampled_from([x, y, z]), numbers), _larger_expressions, max_leaves=8)
terms = st.recursive(st.sampled_from([ONE, *map(variable, "xyz")]), _larger_terms, max_leaves=10)


@given(expressions)
def test_it_gives_back_what_was_read(expression):
    term = from_sympy(expression)
    assert to_sympy(term) == expression
    assert from_sympy(to_sympy(term)) == term


@given(terms, st.tuples(fractions, fractions, fractions, fractions.filter(bool)))
def test_reading_it_keeps_the_function(term, values):
    point = dict(zip("xyzw", values, strict=True))
    assert evaluate(from_sympy(to_sympy(term), parameters=["w"]), point) == evaluate(term, point)


@given(terms, st.tuples(fractions, fractions, fractions, fractions.filter(bool)))
def test_sympy_gives_it_the_same_value(term, values):
    named = dict(zip("xyzw", values, strict=True))
    point = {Symbol(name, real=True): Rational(q.numerator, q.denominator) for name, q in named.items()}
    value = to_sympy(term).xreplace(point).doit()
    assert Fraction(int(value.p), int(value.q)) == evaluate(term, named)


def test_symbols_are_real_unless_given():
    a, b = variable("a"), variable("b")
    u = Symbol("u", positive=True)
    assert to_sympy(maximum(a, b), {"b": u}) == Max(Symbol("a", real=True), u)
    assert to_sympy(relu_term(b), {"b": u}) == relu(u, evaluate=False)


def test_nothing_but_sums_and_products_is_evaluated():
    two, three = constant(2), constant(3)
    assert str(to_sympy(maximum(two, three))) == "Max(2, 3)"
    assert str(to_sympy(relu_term(two))) == "relu(2)"
    assert str(to_sympy(absolute(two))) == "Abs(2)"
    assert to_sympy(maximum(two, three)).doit() == 3
    assert to_sympy(total([(Fraction(1), variable("x")), (Fraction(-1), variable("x"))])) is S.Zero


def test_order_does_not_matter_for_small_extremes():
    a, b = variable("a"), variable("b")
    assert to_sympy(minimum(b, a)) == to_sympy(minimum(a, b)) == Min(Symbol("a", real=True), Symbol("b", real=True))
    assert to_sympy(maximum(a, a)) == Symbol("a", real=True)


def test_equal_parts_become_one_object():
    twice = [relu_term(total([(Fraction(1), variable("x")), (Fraction(-1), ONE)])) for _ in range(2)]
    expression = to_sympy(maximum(absolute(twice[0]), minimum(twice[1], variable("y"))))
    assert sum(isinstance(part, relu) for part in subexpressions([expression])) == 1


def _deep(kind: str, levels: int) -> Term:
    """A term of that many levels in which every level is used twice."""
    term, other = variable("x"), variable("y")
    for level in range(1, levels + 1):
        less = total([(Fraction(1), term), (Fraction(-1, level), ONE)])
        match kind:
            case "relu":
                term = total([(Fraction(1, 2), relu_term(less)), (Fraction(1, 2), relu_term(term))])
            case "abs":
                term = total([(Fraction(1, 2), absolute(less)), (Fraction(-1, 3), absolute(term))])
            case "max":
                term = maximum(less, minimum(term, other))
            case "min":
                term = minimum(less, term, other)
            case "sum":
                term = total([(Fraction(2), less), (Fraction(-1), term)])
            case "scale":
                term = scale(less, other, 1 if level % 2 else -1)
    return term


@pytest.mark.parametrize("kind", ["relu", "abs", "max", "min", "sum", "scale"])
def test_deep_shared_terms(kind):
    levels = 200 if kind in ("relu", "abs") else 2000
    term = _deep(kind, levels)
    expression = to_sympy(term)
    assert len(list(subexpressions([expression]))) < 10 * levels
    point = {"x": Fraction(3, 7), "y": Fraction(2)}
    back = from_sympy(expression, parameters=["y"])
    if kind != "scale":
        assert evaluate(back, point) == evaluate(term, point)
    else:
        assert from_sympy(to_sympy(back), parameters=["y"]) == back


@pytest.mark.parametrize("head", [relu_term, absolute])
def test_deep_chains(head):
    term = variable("x")
    for _ in range(2000):
        term = head(total([(Fraction(1), term), (Fraction(-1), ONE)]))
    assert from_sympy(to_sympy(term)) == from_sympy(to_sympy(from_sympy(to_sympy(term))))
    assert evaluate(from_sympy(to_sympy(term)), {"x": Fraction(2001, 2)}) == evaluate(term, {"x": Fraction(2001, 2)})


def test_wide_sums_and_extremes():
    names = [variable(f"x{i}") for i in range(600)]
    symbols = [Symbol(f"x{i}", real=True) for i in range(600)]
    assert to_sympy(maximum(*names)) == Max(*symbols, evaluate=False)
    assert to_sympy(total([(Fraction(1), name) for name in names])) == Add(*symbols)


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="no such kind of term: 'cube'"):
        to_sympy(Term("cube", (variable("x"),)))
