"""CPWL functions of one variable, in the kernel's way of writing, as terms and as maxima of others.

One hidden layer computes each of them, with one neuron a breakpoint and what the line needs.

>>> x = Univariate(Fraction(1), Fraction(0))
>>> maximum([x, combination([(Fraction(-1), x)])])  # |x|
Univariate(slope=Fraction(-1, 1), constant=Fraction(0, 1), kinks=((Fraction(0, 1), Fraction(2, 1)),))
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from symcircuits.cpwl.forms import arranged
from symcircuits.kernel.term import ONE, Term
from symcircuits.kernel.univariate import Univariate, combination, positive_part

ONCE = Fraction(1)


def univariate_to_term(f: Univariate, x: Term) -> Term:
    """The function of a term, as a sum of its line and one relu a kink.

    >>> from symcircuits.kernel.term import variable
    >>> univariate_to_term(Univariate(Fraction(1), Fraction(0), ((Fraction(2), Fraction(-1)),)), variable("x"))
    x - relu(x - 2)
    """
    steps = [(c, Term("relu", (arranged([(ONCE, x), (-t, ONE)]),))) for t, c in f.kinks]
    return arranged([(f.slope, x), *steps, (f.constant, ONE)])


def maximum(functions: Iterable[Univariate]) -> Univariate:
    """The largest of one or more functions."""
    first, *others = functions
    for other in others:
        rise = positive_part(combination([(ONCE, other), (-ONCE, first)]))
        first = combination([(ONCE, first), (ONCE, rise)])
    return first
