"""Hypothesis strategies: rationals, points, expressions, claims, circuits and networks; what they find is made small.

>>> from hypothesis import given
>>> @given(points("max(x, y)"))
... def test_max_is_symmetric(point):
...     x, y = point["x"], point["y"]
...     assert max(x, y) == max(y, x)
>>> test_max_is_symmetric()
"""

from symcircuits.testing.strategies.circuit import circuits
from symcircuits.testing.strategies.claim import claims, false_claims, true_claims
from symcircuits.testing.strategies.domain import domains
from symcircuits.testing.strategies.expression import affine_forms, expressions, rewritings, terms
from symcircuits.testing.strategies.network import networks
from symcircuits.testing.strategies.point import points
from symcircuits.testing.strategies.rational import rationals

__all__ = [
    "affine_forms",
    "circuits",
    "claims",
    "domains",
    "expressions",
    "false_claims",
    "networks",
    "points",
    "rationals",
    "rewritings",
    "terms",
    "true_claims",
]
