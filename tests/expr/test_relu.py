"""Laws of `relu`: values, assumptions, derivative, rewriting, printing, code generation, copies."""

import copy
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import (
    Abs,
    Expr,
    Float,
    Function,
    Heaviside,
    I,
    Max,
    Min,
    Mul,
    Piecewise,
    Rational,
    S,
    Symbol,
    conjugate,
    latex,
    nan,
    nsimplify,
    oo,
    pi,
    pretty,
    sqrt,
    srepr,
    sympify,
    zoo,
)
from sympy.utilities.lambdify import lambdify

from symcircuits.expr.relu import SMALL, is_small, recognised, relu, rewrite_as_relu, subexpressions

x, y, z = (Symbol(name, real=True) for name in "xyz")
plain = Symbol("u")
positive, negative = Symbol("p", positive=True), Symbol("n", negative=True)
nonnegative, nonpositive = Symbol("s", nonnegative=True), Symbol("t", nonpositive=True)
integer = Symbol("k", integer=True)
fractions = st.fractions(min_value=-9, max_value=9, max_denominator=6)
rationals = fractions.map(lambda q: Rational(q.numerator, q.denominator))

ARGUMENTS = [x, -x, 2 * x - 3, x - y, relu(x) - y, Max(x, y) - 1, relu(relu(x - 1) - y) + x]


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        (3, 3),
        (-3, 0),
        (0, 0),
        (Rational(-1, 2), 0),
        (Rational(1, 2), Rational(1, 2)),
        (Float("-0.5"), 0),
        (Float("0.5"), Float("0.5")),
        (oo, oo),
        (-oo, 0),
        (nan, nan),
        (zoo, nan),
        (pi - 3, pi - 3),
        (1 - sqrt(2), 0),
        (positive, positive),
        (nonnegative + positive, nonnegative + positive),
        (-positive, 0),
        (negative, 0),
        (nonpositive, 0),
        (-negative, -negative),
        (Abs(x), Abs(x)),
        (-Abs(x), 0),
        (relu(x), relu(x)),
        (relu(x) + 1, relu(x) + 1),
        (x**2, x**2),
    ],
)
def test_evaluates_what_is_known(argument, value):
    assert relu(argument) == value


@pytest.mark.parametrize("argument", [x, plain, x - 1, positive - 1, integer, relu(x) - 1, -relu(x) + y])
def test_leaves_the_rest_alone(argument):
    expression = relu(argument)
    assert isinstance(expression, relu)
    assert expression.args == (argument,)
    assert expression.func(*expression.args) == expression


def test_looks_at_small_arguments_only():
    few, many = (sum(Symbol(f"p{i}", positive=True) for i in range(count)) for count in (SMALL // 2, SMALL + 1))
    assert relu(few) == few
    assert relu(many).args == (many,)
    assert is_small(few, SMALL) and not is_small(many, SMALL)


@pytest.mark.parametrize("argument", [I, I * positive, S.true, x > 0])
def test_refuses_what_is_not_real(argument):
    with pytest.raises(ValueError, match="not real"):
        relu(argument)


def test_takes_one_argument():
    with pytest.raises(TypeError, match="1 argument"):
        relu(x, y)


@pytest.mark.parametrize(
    ("expression", "fact", "expected"),
    [
        (relu(x), "real", True),
        (relu(x), "nonnegative", True),
        (relu(x), "negative", False),
        (relu(x), "positive", None),
        (relu(x), "zero", None),
        (relu(x), "finite", True),
        (relu(x), "integer", None),
        (relu(x), "rational", None),
        (relu(integer), "integer", True),
        (relu(integer), "rational", True),
        (relu(Symbol("q", rational=True)), "rational", True),
        (relu(Symbol("h", noninteger=True)), "integer", None),
        (relu(Symbol("r", irrational=True)), "rational", None),
        (relu(plain), "extended_real", True),
        (relu(plain), "extended_nonnegative", True),
        (relu(plain), "finite", None),
        (relu(positive, evaluate=False), "positive", True),
        (relu(positive, evaluate=False), "zero", False),
        (relu(sqrt(2), evaluate=False), "rational", False),
        (relu(sqrt(2), evaluate=False), "algebraic", True),
        (relu(nonpositive, evaluate=False), "zero", True),
        (relu(nonpositive, evaluate=False), "integer", True),
        (relu(nonpositive, evaluate=False), "positive", False),
        (relu(Symbol("m", nonzero=True)), "zero", None),
        (relu(oo, evaluate=False), "finite", False),
        (relu(-oo, evaluate=False), "finite", True),
        (relu(plain), "commutative", True),
    ],
)
def test_assumptions(expression, fact, expected):
    assert getattr(expression, f"is_{fact}") is expected


def test_conjugate_is_itself():
    assert conjugate(relu(plain)) == relu(plain)


@given(rationals)
def test_value_at_a_rational(value):
    assert relu(x).subs(x, value) == max(value, 0)
    assert relu(x).xreplace({x: value}) == max(value, 0)
    assert relu(x, evaluate=False).subs(x, value) == relu(value)


@given(rationals.filter(bool), st.sampled_from(ARGUMENTS[:4]), rationals)
def test_derivative_is_the_slope_of_the_branch(at, argument, other):
    point = {x: at, y: other}
    value = argument.subs(point)
    slope = argument.diff(x) if value > 0 else 0
    assert relu(argument).diff(x).subs(point) == slope


def test_derivative_at_the_kink_is_zero():
    assert relu(x).diff(x) == Heaviside(x, 0)
    assert relu(x).diff(x).subs(x, 0) == 0
    assert relu(2 * x + y).diff(y) == Heaviside(2 * x + y, 0)
    assert relu(x).diff(y) == 0
    with pytest.raises(Exception, match="argument"):
        relu(x).fdiff(2)


@pytest.mark.parametrize("target", [Max, Min, Abs, Piecewise, Heaviside])
@pytest.mark.parametrize("argument", ARGUMENTS)
def test_rewriting_keeps_the_function(target, argument):
    expression = relu(argument)
    there = expression.rewrite(target)
    assert not there.has(relu)
    back = rewrite_as_relu(there)
    for point in ({x: a, y: b} for a in (-2, Rational(-1, 3), 0, 1, 4) for b in (-1, 0, Rational(5, 2))):
        assert there.subs(point) == expression.subs(point) == back.subs(point)
    assert not back.has(Max, Min, Abs)


@pytest.mark.parametrize(
    ("expression", "rewritten"),
    [
        (Max(x, 0), relu(x)),
        (Min(x, 0), -relu(-x)),
        (Abs(x), relu(x) + relu(-x)),
        (Piecewise((x, x > 0), (0, True)), relu(x)),
        (Piecewise((0, x < 0), (x, True)), relu(x)),
        (Piecewise((x - 1, x > 1), (0, True)), relu(x - 1)),
        (Piecewise((2 * x - 2, x >= 1), (0, x < 1)), relu(2 * x - 2)),
        (x * Heaviside(x), relu(x)),
        (3 * x * Heaviside(x, 0), 3 * relu(x)),
        (x * Heaviside(2 * x), relu(2 * x) / 2),
        (x * Heaviside(-x), -relu(-x)),
        ((x - 1) * Heaviside(x - 1) * y, y * relu(x - 1)),
        (relu(Max(0, x) - y), relu(relu(x) - y)),
        (Abs(plain), relu(plain) + relu(-plain)),
        (x**2, x**2),
        (Abs(Symbol("i", imaginary=True)), Abs(Symbol("i", imaginary=True))),
        (x * Heaviside(y), x * Heaviside(y)),
        (x * Heaviside(x) * Heaviside(y), x * Heaviside(x) * Heaviside(y)),
        (x * Heaviside(x, nan), x * Heaviside(x, nan)),
        (Piecewise((x, x > 1), (0, True)), Piecewise((x, x > 1), (0, True))),
        (Piecewise((x, x > 0), (1, x < -1)), Piecewise((x, x > 0), (1, x < -1))),
        (Piecewise((0, x < 0), (x, x < 1), (1, True)), Piecewise((0, x < 0), (x, x < 1), (1, True))),
    ],
)
def test_rewrite_as_relu(expression, rewritten):
    assert rewrite_as_relu(expression) == rewritten


@pytest.mark.parametrize(
    ("expression", "known"),
    [
        (Piecewise((x, x > y), (y, True)), Max(x, y)),
        (Piecewise((x, x <= y), (y, True)), Min(x, y)),
        (Piecewise((x, y < x), (y, True)), Max(x, y)),
        (Piecewise((x, x >= 0), (-x, True)), Abs(x)),
        (Piecewise((-x, x >= 0), (x, True)), -Abs(x)),
        (Piecewise((x, x < 0), (0, True)), Min(x, 0)),
        (Piecewise((x, x > 0), (2 * x, True)), Min(x, 2 * x)),
        (Piecewise((x, x > 0), (x + 1, True)), None),
        (Piecewise((x, x > y), (0, True)), None),
        (Mul(2, Max(x, y)), None),
        (x, None),
    ],
)
def test_recognised(expression, known):
    assert recognised(expression) == known


@given(st.lists(rationals, min_size=5, max_size=5))
def test_folding_many_arguments_keeps_the_value(values):
    symbols = [Symbol(f"x{i}", real=True) for i in range(5)]
    point = dict(zip(symbols, values, strict=True))
    assert rewrite_as_relu(Max(0, *symbols)).subs(point) == max(0, *values)
    assert rewrite_as_relu(Min(*symbols)).subs(point) == min(values)


def test_printing():
    assert str(relu(x - 1)) == pretty(relu(x - 1)) == "relu(x - 1)"
    assert latex(relu(x / 2)) == r"\operatorname{relu}\left(\frac{x}{2}\right)"
    assert latex(relu(x) ** 2 / 3) == r"\frac{\operatorname{relu}\left(x\right)^{2}}{3}"
    assert latex(-relu(relu(x) - 1)) == (r"- \operatorname{relu}\left(\operatorname{relu}\left(x\right) - 1\right)")


EXPRESSION = 2 * relu(x - Rational(1, 2)) ** 2 - relu(relu(-x) - y) / 3 + relu(y)


@given(rationals, rationals)
@pytest.mark.parametrize("module", ["math", "mpmath", "numpy", None])
def test_lambdify_agrees_with_the_exact_value(module, a, b):
    function = lambdify((x, y), EXPRESSION, module)
    assert float(function(float(a), float(b))) == pytest.approx(float(EXPRESSION.subs({x: a, y: b})))


def test_lambdify_is_vectorised_in_numpy_and_keeps_nan():
    points = np.array([-1.0, 0.0, 2.5, np.nan])
    function = lambdify(x, relu(x) + relu(x).diff(x), "numpy")
    np.testing.assert_array_equal(function(points), [0, 0, 3.5, np.nan])
    np.testing.assert_array_equal(lambdify(x, relu(x), "numpy")(np.array([[-1, 2]])), [[0, 2]])


def test_lambdify_to_exact_python_and_to_sympy():
    assert lambdify(x, 2 * relu(x) - 1, "math")(Fraction(1, 3)) == Fraction(-1, 3)
    assert lambdify(x, relu(x) + 1, "sympy")(y - 1) == relu(y - 1) + 1


def test_evalf():
    value = relu(sqrt(2) - 1, evaluate=False).evalf(30)
    assert isinstance(value, Float)
    assert 0 <= abs(value - (sqrt(2) - 1)).evalf(5) < Float("1e-29")
    assert relu(x).evalf(subs={x: Rational(1, 4)}) == Float("0.25")
    assert relu(x + pi).evalf() == relu(x + pi.evalf())
    assert relu(1 - pi, evaluate=False).evalf() == 0


def test_nsimplify():
    assert nsimplify(relu(x - 0.5)) == relu(x - Rational(1, 2))


@pytest.mark.parametrize("expression", [relu(x), EXPRESSION])
def test_copies_and_text_give_it_back(expression):
    assert pickle.loads(pickle.dumps(expression)) == expression
    assert copy.copy(expression) == copy.deepcopy(expression) == expression
    names = {"relu": relu, "x": x, "y": y}
    assert sympify(str(expression), locals=names) == expression
    assert sympify(srepr(expression), locals={"relu": relu}) == expression


def test_depth_and_sharing_cost_nothing_extra():
    deep: Expr = x
    for _ in range(3000):
        deep = relu(deep - 1) + Rational(1, 2)
    shared: Expr = x
    for _ in range(200):
        shared = relu(shared) + relu(shared - 1)
    assert len(list(subexpressions([deep]))) < 4 * 3000
    assert len(list(subexpressions([shared]))) < 10 * 200
    assert rewrite_as_relu(shared) is shared


def test_rewriting_walks_deep_expressions():
    deep: Expr = x
    for _ in range(3000):
        deep = Abs(deep - 1, evaluate=False)
    parts = subexpressions([rewrite_as_relu(deep)])
    assert not any(isinstance(part, Abs) for part in parts)


def test_other_functions_are_not_touched():
    f = Function("f")
    assert rewrite_as_relu(f(Max(x, 0))) == f(relu(x))
