# A SymPy expression is proved equal to a text, and simplify is tried on drawn ones.
from hypothesis import given, settings
from sympy import Max, symbols

from symcircuits import simplify, testing


def test_a_maximum_with_one_relu():
    testing.assert_circuit_equal(Max(*symbols("a b", real=True)), "b + relu(a - b)")


@settings(deadline=None)
@given(testing.expressions(["a", "b"], depth=1))
def test_simplify_keeps_the_function(expression):
    testing.assert_circuit_equal(simplify(expression).expr, expression)
