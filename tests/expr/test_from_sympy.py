"""`from_sympy` keeps the function, the sharing and the reasons for a refusal; claims state what was meant."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import (
    Abs,
    Add,
    Dummy,
    E,
    Eq,
    Expr,
    Float,
    Function,
    Ge,
    Gt,
    Heaviside,
    I,
    Le,
    Lt,
    Matrix,
    Max,
    Min,
    Mul,
    Ne,
    Piecewise,
    Rational,
    S,
    Symbol,
    exp,
    floor,
    nan,
    oo,
    pi,
    sin,
    sqrt,
    zoo,
)

from symcircuits.errors import ClaimError, NotPiecewiseLinear, SymcircuitsError
from symcircuits.expr.from_sympy import assumed, claim_from_sympy, from_sympy
from symcircuits.expr.relu import relu
from symcircuits.kernel.term import ONE, Comparison, Term, constant, evaluate, scale, subterms, total, variable

x, y, z = (Symbol(name, real=True) for name in "xyz")
w, v = Symbol("w", positive=True), Symbol("v", negative=True)
fractions = st.fractions(min_value=-5, max_value=5, max_denominator=6)
numbers = fractions.map(lambda q: Rational(q.numerator, q.denominator))


def _relu(part):
    return Term("relu", (part,))


def _text(comparison):
    return f"{comparison.left} {comparison.relation} {comparison.right}"


def _grown(children):
    several = st.lists(children, min_size=1, max_size=3)
    return st.one_of(
        several.map(lambda parts: Add(*parts)),
        st.tuples(numbers, children).map(lambda pair: Mul(*pair)),
        children.map(relu),
        children.map(Abs),
        several.map(lambda parts: Max(*parts)),
        several.map(lambda parts: Min(*parts)),
    )


expressions = st.recursive(st.one_of(st.sampled_from([x, y, z]), numbers), _grown, max_leaves=8)


@given(expressions, st.tuples(fractions, fractions, fractions))
def test_the_term_has_the_value_of_the_expression(expression, values):
    named = dict(zip("xyz", values, strict=True))
    point = {Symbol(name, real=True): Rational(q.numerator, q.denominator) for name, q in named.items()}
    expected = expression.subs(point)
    assert evaluate(from_sympy(expression), named) == Fraction(int(expected.p), int(expected.q))


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (S.One, "1"),
        (S.Zero, "0"),
        (2, "2"),
        (Fraction(1, 3), "1/3"),
        (0.5, "1/2"),
        (Float("0.1"), "3602879701896397/36028797018963968"),
        (Float("-0.75"), "-3/4"),
        (x, "x"),
        (Symbol("u"), "u"),
        (Symbol("λ", rational=True), "λ"),
        (x / 2 - 3, "x/2 - 3"),
        (Mul(2, x + y, evaluate=False), "2*(x + y)"),
        (Mul(2, Mul(3, x), evaluate=False), "2*(3*x)"),
        (relu(x - 1), "relu(x - 1)"),
        (Max(x, y, 2), "max(2, x, y)"),
        (Min(x, Abs(y)), "min(x, abs(y))"),
        (w * x, "w*x"),
        (x / w, "x/w"),
        (1 / w, "1/w"),
        (w, "w"),
        (v * w, "v*w"),
        (v / w, "v/w"),
        (2 * v * relu(x) / w / 3, "2/3*v*relu(x)/w"),
        (w * (x + 1), "w*(x + 1)"),
        (x * Heaviside(x), "relu(x)"),
        (-2 * x * Heaviside(-x), "-2*(-relu(-x))"),
        (Piecewise((x, x > 0), (0, True)), "relu(x)"),
        (Piecewise((x, x > y), (y, True)), "max(x, y)"),
        (Piecewise((x, x < y), (y, True)), "min(x, y)"),
        (Piecewise((-x, x < 0), (x, True)), "abs(x)"),
        (Piecewise((x, x >= 0), (-x, x < 0)), "abs(x)"),
    ],
)
def test_reading(expression, text):
    assert str(from_sympy(expression)) == text


def test_a_float_is_the_rational_it_holds():
    assert evaluate(from_sympy(0.1), {}) == Fraction(0.1) != Fraction(1, 10)
    assert evaluate(from_sympy(Float("0.1", 50)), {}) != Fraction(0.1)


def test_named_parameters():
    a = Symbol("a", real=True)
    assert from_sympy(relu(a * x), parameters=["a"]) == _relu(scale(variable("x"), variable("a"), 1))
    assert from_sympy(x / a, parameters={"a"}) == scale(variable("x"), variable("a"), -1)
    assert from_sympy(1 / a, parameters=("a",)) == scale(ONE, variable("a"), -1)
    with pytest.raises(NotPiecewiseLinear):
        from_sympy(a * x, parameters=["b"])


REFUSED = [
    (x * y, "x*y", "product of two variables"),
    (x + y * relu(x), "y*relu(x)", "product"),
    (w * x * y, "w*x*y", "product"),
    (w**17 * x, "w**17*x", "product"),
    (relu(sin(x) - 1), "sin(x)", "function sin"),
    (floor(x), "floor(x)", "function floor"),
    (Function("f")(x), "f(x)", "function f"),
    (Heaviside(x), "Heaviside(x)", "function Heaviside"),
    (Max(1 / x, 2), "1/x", "positive=True"),
    (1 / (x + 1), "1/(x + 1)", "positive=True"),
    (Abs(x**2 - 3), "x**2", "a power"),
    (2**x, "2**x", "a power"),
    (sqrt(x), "sqrt(x)", "a power"),
    (exp(x) + 1, "exp(x)", "function exp"),
    (oo, "oo", "finite rational"),
    (-oo, "-oo", "finite rational"),
    (nan, "nan", "finite rational"),
    (zoo, "zoo", "finite rational"),
    (I + x, "I", "finite rational"),
    (oo * x, "oo", "finite rational"),
    (sqrt(2) * x, "sqrt(2)", "irrational"),
    (x + sqrt(2), "sqrt(2)", "irrational"),
    (x + pi, "pi", "irrational"),
    (E, "E", "irrational"),
    (Piecewise((x, x > 1), (0, True)), "Piecewise((x, x > 1), (0, True))", "not continuous at x = 1"),
    (x + Symbol("k", imaginary=True), "k", "real"),
    (Symbol("k", commutative=False), "k", "real"),
    (Symbol("k", infinite=True), "k", "real"),
    (Symbol("k", integer=True), "k", "integer"),
    (Symbol("k", noninteger=True), "k", "nonzero"),
    (Symbol("k", irrational=True), "k", "nonzero"),
    (Symbol("k", positive=True, integer=True), "k", "integer"),
    (Symbol("k", nonzero=True), "k", "nonzero"),
    (Float((0, 1, 3_000_000, 1)), "a Float with exponent", "at most 100000 bits are read"),
    (x > 0, "x > 0", "relation"),
    (S.true, "True", "not an expression"),
    (Matrix([1]), "Matrix([[1]])", "not an expression"),
    ("x + 1", "not a SymPy expression: 'x + 1'", "parser"),
    (None, "not a SymPy expression: None", "parser"),
    (sin(10**6000), "a large sin", "function sin"),
    (sin(sum(Symbol(f"x{i}") for i in range(99))), "a large sin", "function sin"),
]


@pytest.mark.parametrize(("expression", "part", "remedy"), REFUSED)
def test_refusals_name_the_part_and_the_remedy(expression, part, remedy):
    with pytest.raises(NotPiecewiseLinear) as caught:
        from_sympy(expression)
    message = str(caught.value)
    assert message.startswith(part)
    assert remedy in message
    assert len(message) < 600


@pytest.mark.parametrize("name", ["x_{1}", "x 1", "", "Max", "relu", "ABS", "1x", "ﬁ", "x-y"])
def test_names_that_cannot_name_a_variable(name):
    with pytest.raises(ClaimError, match="cannot name a variable"):
        from_sympy(Symbol(name) + 1)


@pytest.mark.parametrize("other", [Symbol("x"), Symbol("x", positive=True), Dummy("x", real=True)])
def test_two_symbols_of_one_name_are_refused(other):
    with pytest.raises(SymcircuitsError, match="called x") as caught:
        from_sympy(x + relu(other - 3))
    assert isinstance(caught.value, ClaimError)
    with pytest.raises(ClaimError):
        claim_from_sympy((x, other))


def test_equal_parts_become_one_object():
    first, second = relu(x - 1, evaluate=False), Add(relu(Add(x, -1)), y)
    parts = subterms([from_sympy(Max(first + z, second))])
    assert sum(part.kind == "relu" for part in parts) == 1
    assert len({id(part) for part in parts}) == len(set(parts))


def test_deep_and_shared_expressions():
    deep: Expr = x
    for _ in range(3000):
        deep = relu(deep - 1) + Rational(1, 2)
    term = from_sympy(deep)
    assert evaluate(term, {"x": Fraction(2000)}) == 2000 - Fraction(3000, 2)
    shared: Expr = x
    for _ in range(200):
        shared = relu(shared) + relu(shared - 1)
    assert len(subterms([from_sympy(shared)])) < 5 * 200


def test_deep_unevaluated_heads():
    for head in (Abs, relu):
        deep: Expr = x
        for _ in range(3000):
            deep = head(Add(deep, -1, evaluate=False), evaluate=False)
        assert len(subterms([from_sympy(deep)])) == 2 * 3000 + 2


@pytest.mark.parametrize(
    ("assumptions", "relation"),
    [
        ({"positive": True}, ">"),
        ({"negative": True}, "<"),
        ({"nonnegative": True}, ">="),
        ({"nonpositive": True}, "<="),
        ({"zero": True}, "=="),
        ({"extended_positive": True}, ">"),
        ({"real": True}, None),
        ({}, None),
    ],
)
def test_assumed(assumptions, relation):
    expected = () if relation is None else (Comparison(variable("s"), relation, constant(0)),)
    assert assumed(relu(Symbol("s", **assumptions) - x)) == expected


def test_assumed_is_sorted_by_name_and_names_each_symbol_once():
    b, a = Symbol("b", positive=True), Symbol("a", nonpositive=True)
    assert [_text(entry) for entry in assumed(relu(b - a) + b * x)] == ["a <= 0", "b > 0"]


@pytest.mark.parametrize(
    ("relation", "text"),
    [
        (Eq(Max(x, 0), relu(x)), "max(0, x) == relu(x)"),
        (Le(x, relu(x), evaluate=False), "x <= relu(x)"),
        (Ge(relu(x), x, evaluate=False), "relu(x) >= x"),
        (Lt(x, y), "x < y"),
        (Gt(x, y), "x > y"),
        (Eq(x, x, evaluate=False), "x == x"),
        ((x, Fraction(1, 2)), "x == 1/2"),
    ],
)
def test_claims(relation, text):
    assert _text(claim_from_sympy(relation).goal) == text


def test_the_domain_of_a_claim():
    where = [x <= 1, Comparison(variable("y"), ">", constant(0)), w > 0, Eq(z, y)]
    claim = claim_from_sympy(Eq(relu(w * x), w * relu(x)), where)
    assert [_text(entry) for entry in claim.where] == ["x <= 1", "y > 0", "z == y", "w > 0"]
    assert claim.goal.right == scale(_relu(variable("x")), variable("w"), 1)
    assert claim.goal.holds({"w": Fraction(2), "x": Fraction(-3)})


def test_a_sign_that_is_already_given_is_not_repeated():
    given_sign = Comparison(variable("w"), ">", constant(0))
    assert claim_from_sympy((w, w), [given_sign]).where == (given_sign,)


def test_assumptions_of_the_domain_count_too():
    s = Symbol("s", nonnegative=True)
    assert [_text(entry) for entry in claim_from_sympy((x, x), [x <= s]).where] == ["x <= s", "s >= 0"]


def test_claims_share_parts_between_the_sides():
    claim = claim_from_sympy(Le(relu(x - y), relu(x - y) + Abs(z), evaluate=False))
    assert sum(part.kind == "relu" for part in subterms(claim.sides())) == 1


@pytest.mark.parametrize("relation", [S.true, S.false, True, False])
def test_evaluated_relations_are_refused(relation):
    with pytest.raises(ClaimError, match=r"already evaluated.*a triple such as"):
        claim_from_sympy(relation)


@pytest.mark.parametrize("relation", [Ne(x, y), x + y, "x == y", (x,), (x, y, z), None, (x > 0) & (y > 0)])
def test_what_is_no_relation_is_refused(relation):
    with pytest.raises(ClaimError, match="not a relation"):
        claim_from_sympy(relation)


def test_a_false_domain_is_refused():
    with pytest.raises(ClaimError, match="already evaluated"):
        claim_from_sympy((x, x), [w < 0])


def test_sum_of_nothing():
    assert from_sympy(0) == total([])
