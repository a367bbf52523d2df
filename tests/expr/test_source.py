"""Texts and tokens: where a message points, and what counts as one token."""

import pickle
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcircuits.expr.parse import NotLinear, ParseError, parse_claim
from symcircuits.expr.source import FUNCTIONS, Source, tokens, why_no_variable
from symcircuits.kernel.certificate import RESERVED


def columns(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) > 0 for character in text)


@pytest.mark.parametrize("before, shown", [
    ("a + ", "a + "),
    ("ＸＹ + ", "ＸＹ + "),
    ("e\u0301 + ", "e\u0301 + "),
    ("a\n+ b +\n   ", "   "),
    ("a +\t", r"a +\t"),
    ("a + " * 60, "…" + ("a + " * 60)[-39:]),
])  # fmt: skip
def test_the_caret_stands_under_the_offending_character(before, shown):
    with pytest.raises(ParseError) as caught:
        parse_claim(before + "x/y == 0")
    head, line, caret = str(caught.value).split("\n")
    assert line.startswith(f"  {shown}x/y")
    assert caret == " " * (2 + columns(shown) + 1) + "^"
    row, column = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 2
    assert head.startswith(f"in the claim, line {row}, column {column}: ")


def test_a_long_line_is_clipped_on_both_sides():
    with pytest.raises(ParseError) as caught:
        parse_claim("a + " * 100 + "x/y" + " + b" * 100 + " == 0")
    line = str(caught.value).split("\n")[1].strip()
    assert line.startswith("…") and line.endswith("…") and len(line) == 72


def test_an_error_survives_pickling():
    with pytest.raises(ParseError) as caught:
        parse_claim("x/y == 0")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (type(again), str(again), again.position) == (NotLinear, str(caught.value), 1)


@pytest.mark.parametrize("text, kinds", [
    ("relu (x", [("call", "relu", 0), ("name", "x", 6), ("end", "", 7)]),
    ("2e3**.5 ", [("number", "2e3", 0), ("symbol", "**", 3), ("number", ".5", 5), ("end", "", 7)]),
    ("x<=-1", [("name", "x", 0), ("symbol", "<=", 1), ("symbol", "-", 3), ("number", "1", 4), ("end", "", 5)]),
    ("", [("end", "", 0)]),
])  # fmt: skip
def test_a_text_is_cut_into_its_tokens(text, kinds):
    assert list(tokens(Source(text, "the claim"))) == kinds


@given(st.text(alphabet="xé漢_1.e+-*/()<=,² \n\t\u0387") | st.text())
def test_tokens_cover_the_text_in_order_up_to_what_is_refused(text):
    place, stop = 0, len(text)
    try:
        for kind, word, at in tokens(Source(text, "the claim")):
            assert at >= place or kind == "end"
            assert text[at : at + len(word)] == word and text[place:at].strip(" \t\r\n\f(") == ""
            place = at + len(word)
    except ParseError as error:
        stop = error.position
    assert place <= stop and text[place:stop].strip(" \t\r\n\f(") == ""


@pytest.mark.parametrize("name", sorted(RESERVED | set(FUNCTIONS) | {"IN", "Pi", "π", "NaN", "two words", "", "1x"}))
def test_a_word_of_the_language_is_no_variable(name):
    assert name in why_no_variable(name)


@pytest.mark.parametrize("name", ["x", "α", "inn", "pie", "_", "e", "sin"])
def test_any_other_identifier_is_a_variable(name):
    assert why_no_variable(name) == ""
