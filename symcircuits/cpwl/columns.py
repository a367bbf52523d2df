"""The exact values of all parts of terms at many points, in integers: what searches look at before they prove.

A point is (q, numerators by name) and stands for the rationals n/q. CPWL functions without parameters are homogeneous
in (q, numerators), so that the value of a part at all points is a column of integers over one denominator and q.

>>> from symcircuits.expr.parse import parse_expression
>>> from symcircuits.kernel.term import table
>>> rows, _ = table(parse_expression("relu(x/2 - 1)"))
>>> columns(rows, [(1, {"x": 5}), (3, {"x": 7})])[-1]  # 3/2 and 1/6
([3, 1], 2)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import gcd, lcm

from symcircuits.kernel.text import Row

Point = tuple[int, Mapping[str, int]]
Column = tuple[list[int], int]


def scaled_point(point: Mapping[str, Fraction]) -> Point:
    """A point of rationals over a common denominator."""
    q = lcm(*(value.denominator for value in point.values()))
    return q, {name: value.numerator * (q // value.denominator) for name, value in point.items()}


def columns(rows: Sequence[Row], points: Sequence[Point]) -> list[Column]:
    """For each row its numerators at the points and their denominator, in lowest terms; `ValueError` for products."""
    made: list[Column] = []
    for kind, places, coefficients, name, _ in rows:
        parts = [made[place] for place in places]
        match kind:
            case "one":
                made.append(([q for q, _ in points], 1))
            case "variable":
                made.append(([numerators[name] for _, numerators in points], 1))
            case "scale":
                raise ValueError("products of variables are not homogeneous of degree 1")
            case _:
                made.append(_column(kind, parts, coefficients, len(points)))
    return made


def _column(kind: str, parts: Sequence[Column], coefficients: Sequence[Fraction], size: int) -> Column:
    factors = coefficients or [Fraction(1)] * len(parts)
    sizes = [c.denominator * under for c, (_, under) in zip(factors, parts, strict=True)]
    below = lcm(*sizes)
    rows = []
    for c, one, (values, _) in zip(factors, sizes, parts, strict=True):
        factor = c.numerator * (below // one)
        rows.append(values if factor == 1 else [factor * value for value in values])
    match kind:
        case "sum":
            result = [sum(point) for point in zip(*rows, strict=True)] if rows else [0] * size
        case "relu":
            result = [max(value, 0) for value in rows[0]]
        case "abs":
            result = [abs(value) for value in rows[0]]
        case _:
            result = [*map(max if kind == "max" else min, zip(*rows, strict=True))]
    shared = gcd(below, *result)
    return ([value // shared for value in result], below // shared) if shared > 1 else (result, below)
