"""Piecewise expressions: read as the function that they are, or refused with the point or part at fault."""

import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Abs, And, Eq, Ge, Le, Max, Min, Ne, Not, Or, Piecewise, Rational, Symbol, sin, symbols

from symcircuits.circuits.gadgets import gadget
from symcircuits.circuits.pieces import pieces
from symcircuits.errors import NotPiecewiseLinear
from symcircuits.expr.from_sympy import from_sympy
from symcircuits.expr.piecewise import piecewise_term, read_piecewise
from symcircuits.expr.to_sympy import to_sympy
from symcircuits.kernel.term import Claim, Comparison, evaluate
from symcircuits.provers.prove import prove
from symcircuits.testing.strategies import rationals

x, y = symbols("x y", real=True)
NAMED = {"x": x, "y": y}
READ = [
    Piecewise((x, x > 1), (1, True)),
    Piecewise((0, x < 0), (2 * x, x < 1), (x + 1, x < 5), (6, True)),
    Piecewise((x, And(x > y, x > 0)), (y, y > 0), (0, True)),
    Piecewise((0, Or(x < 0, y < 0)), (Min(x, y), True)),
    Piecewise((2 * x, Ne(x, 0)), (0, True)),
    Piecewise((0, Eq(x, 0)), (2 * x, True)),
    Piecewise((y, Not(Eq(x, y))), (x, True)),
    Piecewise((1, Abs(x) <= 1), (Abs(x), True)),
    Piecewise((Max(x, y), Abs(x) + y > 1), (y + Max(x - y, 0), True)),
    Piecewise((x - y, x >= y), (Piecewise((y - x, y - x < 1), (1, True)), True)),
    Piecewise((Rational(1, 3), 3 * x <= 1), (x, True)),
    Piecewise((x, (x >= -1) & (x <= 1)), (1, x > 0), (-1, True)),
    Piecewise((x, x < 0), (y, False), (2 * x, True)),
    Piecewise((0, And(Or(x < 0, y < 0), Or(x < 1, y < 1))), (Min(x, y), True)),
]


@pytest.mark.parametrize("expression", READ, ids=[str(number) for number in range(len(READ))])
@settings(max_examples=25)
@given(a=rationals(), b=rationals())
def test_the_term_is_the_function(expression, a, b):
    term = piecewise_term(expression)
    point = {x: Rational(a.numerator, a.denominator), y: Rational(b.numerator, b.denominator)}
    expected = expression.subs(point, simultaneous=True)
    assert evaluate(term, {"x": a, "y": b}) == Fraction(int(expected.p), int(expected.q))


@pytest.mark.parametrize("expression", READ, ids=[str(number) for number in range(len(READ))])
def test_each_branch_is_a_theorem(expression):
    reading = read_piecewise(expression)
    assert reading.branches
    for value, where in reading.branches:
        assert prove(Claim(Comparison(reading.term, "==", value), where))


REFUSED = [
    (Piecewise((x, x > 1), (0, True)), "not continuous at x = 1: 1 and 0 meet there"),
    (Piecewise((1, Eq(x, 0)), (2 * x, True)), "not continuous at x = 0: 1 and 0 meet there"),
    (Piecewise((Abs(x), x + y > 0), (x, True)), "not continuous at x = -1, y = 1: 1 and -1 meet there"),
    (Piecewise((x, x > 0), (-x, x < 0)), "no branch holds at x = 0"),
    (Piecewise((0, x < 0), (x, x < 1)), "no branch holds at x = 1"),
    (Piecewise((1, x + y < 1), (1, x > 2)), "no branch holds at x = "),
    (Piecewise((x**2, x > 0), (0, True)), "x**2"),
    (Piecewise((sin(x), x > 0), (0, True)), "the function sin is not piecewise linear"),
    (Piecewise((0, x * y > 0), (1, True)), "x*y"),
    (Piecewise((x, Symbol("p")), (0, True)), "the condition p is not made of comparisons"),
]


@pytest.mark.parametrize(("expression", "message"), REFUSED, ids=[str(number) for number in range(len(REFUSED))])
def test_refused(expression, message):
    with pytest.raises(NotPiecewiseLinear, match=re.escape(message)):
        from_sympy(1 + expression)


@given(st.integers(-3, 3), st.integers(-3, 3), st.integers(-2, 2), st.integers(-2, 2))
def test_two_lines_are_read_if_and_only_if_they_meet(slope, other, constant, at):
    left = Piecewise((slope * x, x < at), (other * x + constant, True), evaluate=False)
    meets = slope * at == other * at + constant
    if meets:
        assert evaluate(piecewise_term(left), {"x": Fraction(7)}) == 7 * other + constant
    else:
        values = f"{slope * at} and {other * at + constant}"
        with pytest.raises(NotPiecewiseLinear, match=re.escape(f"not continuous at x = {at}: {values} meet there")):
            piecewise_term(left)


def test_a_table_of_many_branches():
    size = 60
    branches = [(k * x - sum(range(k)), x < k) for k in range(1, size)]
    table = Piecewise((0, x < 0), *branches, (size * x - sum(range(size)), True))
    term = piecewise_term(table)
    assert evaluate(term, {"x": Fraction(5, 2)}) == Fraction(3 * 5, 2) - 3
    assert len(term.args) == size


def test_prove_reads_it():
    clamp = Piecewise((0, x < 0), (x, x < 1), (1, True))
    assert prove((clamp, Max(0, Min(x, 1))))
    assert not prove((clamp, Max(0, x)))


def _relation(row):
    left, right = to_sympy(row.left, NAMED), to_sympy(row.right, NAMED)
    return {"<=": Le, ">=": Ge}[row.relation](left, right)


@settings(max_examples=25)
@given(
    st.lists(st.lists(st.tuples(*[st.integers(-3, 3)] * 3), min_size=1, max_size=3), min_size=2, max_size=4), st.data()
)
def test_the_linear_pieces_in_any_order_are_the_function(groups, data):
    """A form that crosses another's inside its piece is what a reading by maxima and minima must not overlook."""
    function = Max(*(Min(*(a * x + b * y + c for a, b, c in group)) for group in groups))
    found = pieces(function, inputs=(x, y))
    branches = [
        (to_sympy(piece.forms[0], NAMED), And(*map(_relation, cell))) for piece in found for cell in piece.cells
    ]
    order = data.draw(st.permutations(branches))
    assert prove((Piecewise(*order, evaluate=False), function))


FIRST = ((0, 1, 4), (0, 4, 3), (3, 4, 6), (4, 6, 7))
CROSSING = [
    ((0, 0, 0, -3, 3, 0, 3, 2, 2), (*FIRST, (1, 2, 4), (2, 4, 5), (4, 5, 7), (5, 7, 8))),
    ((-3, 3, 3, -4, 4, 2, 1, 4, 2), (*FIRST, (1, 2, 5), (1, 5, 4), (4, 5, 8), (4, 8, 7))),
]


@pytest.mark.parametrize(("heights", "triangles"), CROSSING, ids=["first", "second"])
def test_a_mesh_in_which_a_form_crosses_another_inside_its_triangle(heights, triangles):
    corners = tuple((i, j) for j in range(3) for i in range(3))
    mesh = gadget("triangulation", corners, heights, triangles)
    target = to_sympy(mesh.targets[0], NAMED)
    branches = [(to_sympy(claim.goal.right, NAMED), And(*map(_relation, claim.where))) for claim in mesh.piece_claims]
    assert prove((Piecewise(*branches, (target, True), evaluate=False), target))
