"""Numbers: they are exactly what they say, and their length is limited, one by one and together."""

import time
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from symcircuits.errors import ClaimError
from symcircuits.expr.build import FREE, TOTAL
from symcircuits.expr.parse import parse_expression
from symcircuits.kernel.term import constant

NUMBER = st.from_regex(r"\A([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})([eE][+-]?[0-9]{1,3})?\Z")


@given(NUMBER)
@example("1e400")
@example("0.1")
@example("1e-0007")
def test_a_number_is_exactly_what_it_says(text):
    assert parse_expression(text) == constant(Fraction(text))


@pytest.mark.parametrize("text", ["1e9999", "1e-9999", "9" * 10_000, "0" * 5000 + "." + "1" * 4999])
def test_numbers_of_ten_thousand_digits_are_read(text):
    whole, _, decimals = text.partition(".")
    mantissa, _, power = whole.partition("e")
    value = sum(int(digit) * 10**place for place, digit in enumerate(reversed(mantissa + decimals)))
    assert parse_expression(text).coefficients == (value * Fraction(10) ** (int(power or "0") - len(decimals)),)


MANY = 50_000
LONG = [("h", "1/(10**9990 + 7)")]


@pytest.mark.parametrize("text, let", [
    ("(" + "h + " * MANY + "h)", LONG),
    ("h + " * MANY + "x", LONG),
    ("h*x + " * MANY + "x", LONG),
    ("x" + "*h/h" * MANY, LONG),
    ("t/t + " * MANY + "x", [*LONG, ("t", "h*w")]),
    ("max(" + "h, " * MANY + "h)", LONG),
    ("abs(" * MANY + "h" + ")" * MANY, LONG),
    ("-(" * MANY + "h" + ")" * MANY, LONG),
    ("(h" + " + 1" * MANY + ")", LONG),
    (" + ".join(f"{number}e-9990" for number in range(MANY)), []),
    (" + ".join(f"3**{20_000 - number}" for number in range(10_000)), []),
    ("(" + " + ".join(f"1/{number}" for number in range(1, MANY)) + ")", []),
], ids=lambda value: value[:8] if isinstance(value, str) else "")  # fmt: skip
def test_long_constants_are_refused_before_they_take_long(text, let):
    start = time.process_time()
    with pytest.raises(ClaimError, match="the constants of this text have more than 1,000,000 digits"):
        parse_expression(text, where="w > 0", let=let)
    assert time.process_time() - start < 60


def test_short_constants_may_be_as_many_as_the_text_holds():
    number = "7" * (FREE - 2)
    terms = 2 * TOTAL // FREE
    assert len(parse_expression(f"{number}*x + " * terms + "x").args) == terms + 1


def test_long_constants_within_the_limit_are_read():
    number = "7" * (TOTAL // 10 // 20)
    assert len(parse_expression(f"{number}*x + " * 20 + "x").args) == 21
