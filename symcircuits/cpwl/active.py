"""The affine piece of each term around a point: which arguments are largest there, and where they stay so.

An affine form is a vector (constant, c1, ..., cn), as in `symcircuits.exact.cells`.

>>> from symcircuits.kernel.term import variable
>>> x, y = variable("x"), variable("y")
>>> piece = active_piece([Term("max", (x, Term("relu", (y,))))], ("x", "y"), (Fraction(1), Fraction(-2)))
>>> piece.rows, piece.values[0]
([(0, 0, -1), (0, 1, 0)], (Fraction(0, 1), Fraction(1, 1), Fraction(0, 1)))
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from symcircuits.errors import NotPiecewiseLinear
from symcircuits.exact.cells import Affine, Row, combine, integer_row, minus, negative
from symcircuits.kernel.term import Term, subterms

Vector = Sequence[Fraction]


class ActivePiece(NamedTuple):
    """Rows that are >= 0 at the point, and affine forms that the terms are equal to wherever the rows are >= 0."""

    rows: list[Row]
    values: list[Affine]


def active_piece(
    roots: Sequence[Term], names: Sequence[str], point: Vector, direction: Vector | None = None
) -> ActivePiece:
    """The piece around a point, of several that meet there the one in that direction.

    Raises `NotPiecewiseLinear` for products and quotients of what varies.
    """
    place = {name: at for at, name in enumerate(names, 1)}
    at_point, onwards = (Fraction(1), *point), (Fraction(0), *(direction or [Fraction(0)] * len(names)))
    forms: dict[int, Affine] = {}
    rows: dict[Row, None] = {}
    for term in subterms(roots):
        parts = [forms[id(part)] for part in term.args]
        match term.kind:
            case "one" | "variable":
                at = place.get(term.name, 0)
                forms[id(term)] = tuple(Fraction(int(index == at)) for index in range(len(names) + 1))
            case "sum":
                forms[id(term)] = combine(zip(term.coefficients, parts, strict=True), len(names))
            case "scale":
                raise NotPiecewiseLinear(f"{term!s:.100}: a product or quotient of what varies; give it numbers")
            case _:
                sign = -1 if term.kind == "min" else 1
                choices = [negative(part) for part in parts] if sign < 0 else _choices(term.kind, parts)
                best = max(choices, key=lambda form: (_value(form, at_point), _value(form, onwards)))
                rows.update((integer_row(minus(best, form)), None) for form in choices if form != best)
                forms[id(term)] = best if sign > 0 else negative(best)
    return ActivePiece(list(rows), [forms[id(root)] for root in roots])


def _choices(kind: str, parts: list[Affine]) -> list[Affine]:
    if kind == "max":
        return parts
    return [parts[0], (Fraction(0),) * len(parts[0]) if kind == "relu" else negative(parts[0])]


def _value(form: Affine, vector: Vector) -> Fraction:
    return sum((c * x for c, x in zip(form, vector, strict=True) if c), Fraction(0))
