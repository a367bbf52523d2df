# A SymPy expression is proved equal to a text, and simplify is tried on drawn ones.
from hypothesis import given
from sympy import Max, symbols

from symcircuits import simplify
from symcircuits.testing import assert_circuit_equal, expressions


def test_a_maximum_with_one_relu():
    assert_circuit_equal(Max(*symbols("a b", real=True)), "b + relu(a - b)")


@given(expressions(["a", "b"], depth=1))
def test_simplify_keeps_the_function(expression):
    assert_circuit_equal(simplify(expression).expr, expression)
