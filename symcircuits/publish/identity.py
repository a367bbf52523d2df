"""What a line of a proof shows: identities between forms, and numbers as parts of their own."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from symcircuits.kernel.number import rational_to_text
from symcircuits.kernel.term import Term, constant, variable


class Identity(NamedTuple):
    """form == value for all values of the variables, and `value` shows that the relation to 0 holds."""

    form: Term
    value: Term
    relation: str


def numeral(value: Fraction) -> Term:
    """A number to be shown as a part of its own, as in `b - 0`; a negative one comes out in parentheses.

    >>> from symcircuits.kernel.term import total
    >>> total([(Fraction(1), variable("b")), (Fraction(-1), numeral(Fraction(0)))])
    b - 0
    """
    return variable(rational_to_text(value)) if value >= 0 else constant(value)
