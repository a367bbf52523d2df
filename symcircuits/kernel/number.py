"""Rationals as text and back, whatever their length.

Python refuses to convert integers of more than 4,300 digits from or to decimal text. `Decimal` converts them exactly
and fast, so we neither crash on such numbers nor lift that limit; a number of more than `DIGITS` digits is refused.
"""

import re
from decimal import Decimal
from fractions import Fraction

DIGITS, INTEGER = 20_000, re.compile(r"-?[0-9]+", re.ASCII)


def integer_from_text(text: str) -> int:
    """The integer that optional minus sign and ASCII digits spell; `ValueError` beyond `DIGITS` digits.

    >>> integer_from_text("-12"), integer_from_text("1" + "0" * 9999) == 10**9999
    (-12, True)
    """
    if len(text) > DIGITS or not INTEGER.fullmatch(text):
        raise ValueError(f"not an integer of at most {DIGITS} digits: {text[:40]!r}")
    return int(Decimal(text))


def rational_to_text(value: Fraction) -> str:
    """The text `p` or `p/q` of a rational in lowest terms.

    >>> rational_to_text(Fraction(-6, 4)), rational_to_text(Fraction(5)), len(rational_to_text(Fraction(10**9999)))
    ('-3/2', '5', 10000)
    """
    top, bottom = str(Decimal(value.numerator)), str(Decimal(value.denominator))
    return top if bottom == "1" else f"{top}/{bottom}"


def rational_from_text(text: str) -> Fraction:
    """The rational that `p` or `p/q` spells; `ValueError` for anything else.

    >>> rational_from_text("-3/2")
    Fraction(-3, 2)
    """
    top, bottom = map(integer_from_text, (text + "/1").split("/")[:2]) if text.count("/") < 2 else (0, 0)
    if bottom <= 0:
        raise ValueError(f"not a rational p/q with q > 0: {text[:40]!r}")
    return Fraction(top, bottom)
