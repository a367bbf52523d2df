"""Rationals as text: exactly what is written, at any length up to the limit, and nothing else."""

from __future__ import annotations

import sys
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcircuits.kernel.number import DIGITS, integer_from_text, rational_from_text, rational_to_text

LONG = "1" * (DIGITS + 1)
NO_INTEGER = ["", "-", "--1", "+1", " 1", "1 ", "1\n", "1_000", "1.0", "1e3", "0x10", "１", "٣", "one", LONG]
NO_RATIONAL = [*NO_INTEGER, "/", "1/", "/2", "1//2", "1/2/3", "1/0", "1/-2", "1/ 2", "1/２", "1/2\n", "-1/-2", "0/0"]


@given(st.fractions())
def test_a_rational_reads_back(value: Fraction) -> None:
    assert rational_from_text(rational_to_text(value)) == value
    assert rational_to_text(value) == str(value)


@given(st.integers(), st.integers(min_value=1))
def test_a_quotient_need_not_be_in_lowest_terms(top: int, bottom: int) -> None:
    assert rational_from_text(f"{top}/{bottom}") == Fraction(top, bottom)


@given(st.integers(0, 10**40), st.integers(0, 9000), st.sampled_from([1, -1]))
def test_an_integer_beyond_the_interpreters_limit_reads_back(core: int, zeros: int, sign: int) -> None:
    value = sign * (core * 10**zeros + 1)
    assert integer_from_text(rational_to_text(Fraction(value))) == value


@given(st.text(alphabet="0123456789-+/. e_\n１", max_size=6))
def test_whatever_is_read_is_what_fractions_read(text: str) -> None:
    try:
        value = rational_from_text(text)
    except ValueError:
        return
    assert value == Fraction(text)


@pytest.mark.parametrize("text", NO_INTEGER, ids=range(len(NO_INTEGER)))
def test_what_is_no_integer_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"not an integer of at most {DIGITS} digits"):
        integer_from_text(text)


@pytest.mark.parametrize("text", NO_RATIONAL, ids=range(len(NO_RATIONAL)))
def test_what_is_no_rational_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^not an? (integer|rational)") as caught:
        rational_from_text(text)
    assert len(str(caught.value)) < 120


@pytest.mark.parametrize("text", ["-0", "007", "-0/5", "0/1"])
def test_zeros_in_front_are_allowed(text: str) -> None:
    assert rational_from_text(text) == Fraction(text)


def test_the_longest_number_is_read_and_the_interpreters_limit_stands() -> None:
    limit = sys.get_int_max_str_digits()
    assert integer_from_text("9" * DIGITS) == 10**DIGITS - 1
    assert integer_from_text("-" + "9" * (DIGITS - 1)) == 1 - 10 ** (DIGITS - 1)
    assert rational_to_text(Fraction(1 - 10**DIGITS, 10**5000)) == "-" + "9" * DIGITS + "/1" + "0" * 5000
    assert sys.get_int_max_str_digits() == limit == 4300
