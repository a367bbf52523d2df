"""The writer of certificates: each part once, numbers as the format wants them, the same text every time."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings

from symcircuits.expr.parse import parse_claim, parse_expression
from symcircuits.kernel.certificate import FORMAT, VERSION, draft, read
from symcircuits.kernel.check import check
from symcircuits.kernel.term import ONE, Claim, Comparison, Term, constant, scale, total, variable
from symcircuits.provers.certificate import PLAIN, number_to_json, write
from symcircuits.testing.strategies import claims

x, y = variable("x"), variable("y")


def data(text: str) -> list[dict[str, Any]]:
    top = json.loads(text)
    assert list(top) == ["format", "version", "theorems"]
    assert top["format"] == FORMAT and top["version"] == VERSION
    found: list[dict[str, Any]] = top["theorems"]
    return found


def test_a_small_certificate_reads_like_this() -> None:
    claim = parse_claim("relu(x) - relu(-x) == x", "x <= 1/2")
    assert write([(claim, [["normal"]])]) == (
        '{"format":"symcircuits-certificate","version":1,"theorems":[\n'
        '{"variables":["x"],\n'
        '"terms":[["relu",0],["sum",[-1,0]],["relu",2],["sum",[1,1],[-1,3]],["sum","1/2"]],\n'
        '"where":[["<=",0,5]],\n'
        '"claim":["==",4,0],\n'
        '"proof":[\n["normal"]]}]}\n'
    )


ENTRIES = [
    (Term("abs", (x,)), [["abs", 0]]),
    (Term("max", (x, y, x)), [["max", 0, 1, 0]]),
    (Term("min", (y, x)), [["min", 1, 0]]),
    (scale(Term("relu", (x,)), y, -1), [["relu", 0], ["scale", 2, 1, -1]]),
    (total([(Fraction(2, 3), x), (Fraction(-1), ONE)]), [["sum", ["2/3", 0], -1]]),
    (total([]), [["sum"]]),
    (ONE, [["one"]]),
    (Term("relu", (ONE,)), [["one"], ["relu", 2]]),
    (total([(Fraction(2**53), x), (Fraction(1 - 2**53), y)]), [["sum", [str(2**53), 0], [1 - 2**53, 1]]]),
]


@pytest.mark.parametrize(("term", "entries"), ENTRIES, ids=[str(entry[1]) for entry in ENTRIES])
def test_every_kind_of_term(term: Term, entries: list[object]) -> None:
    claim = Claim(Comparison(x, "==", y), (Comparison(term, "<=", x),))
    (theorem,) = data(write([(claim, [])]))
    assert theorem["variables"] == ["x", "y"] and theorem["terms"] == entries
    assert theorem["claim"] == ["==", 0, 1] and theorem["where"] == [["<=", 1 + len(entries), 0]]
    assert draft(read(write([(claim, [])]))[0]).claim == claim


@settings(max_examples=60)
@given(claims(depth=3))
def test_each_part_is_written_once_and_comes_back(claim: Claim) -> None:
    text = write([(claim, [])])
    (theorem,) = data(text)
    entries = [json.dumps(entry) for entry in theorem["terms"]]
    assert len(set(entries)) == len(entries)
    assert theorem["variables"] == claim.variables()
    found = draft(read(text)[0])
    assert found.claim == claim and write([(found.claim, [])]) == text


def test_terms_and_fractions_in_a_step_become_numbers() -> None:
    claim = parse_claim("max(x, y) == max(y, x)")
    extra = parse_expression("relu(x - y)")
    proof: list[list[Any]] = [
        ["congruence", extra, claim.goal.left],
        ["cite", 3, [y, extra]],
        ["farkas", [[0, Fraction(1, 3)]]],
    ]
    (theorem,) = data(write([(claim, proof)]))
    assert theorem["proof"] == [["congruence", 5, 2], ["cite", 3, [1, 5]], ["farkas", [[0, "1/3"]]]]
    assert theorem["terms"] == [["max", 0, 1], ["max", 1, 0], ["sum", [1, 0], [-1, 1]], ["relu", 4]]
    assert claim.variables() == ["x", "y"] and proof[0][1] is extra


def test_equal_terms_that_are_different_objects_are_one_entry() -> None:
    claim = Claim(Comparison(Term("relu", (x,)), "==", Term("relu", (variable("x"),))))
    (theorem,) = data(write([(claim, [["normal"]])]))
    assert theorem["terms"] == [["relu", 0]] and theorem["claim"] == ["==", 1, 1]
    assert check(write([(claim, [["normal"]])])).claim == claim


def test_lemmas_stand_before_in_their_order() -> None:
    first, second = parse_claim("relu(x) >= 0"), parse_claim("abs(x) == abs(-x)")
    lemma = data(write([(second, [["normal"]])]))[0]
    text = write([(first, [["x"]]), (second, [["normal"]])], [lemma, lemma])
    assert [len(each["proof"]) for each in data(text)] == [1, 1, 1, 1]
    assert [draft(each).claim for each in read(text)] == [second, second, first, second]
    assert check(write([(second, [["normal"]])], [lemma])).claim == second


NUMBERS = [
    (Fraction(0), 0),
    (Fraction(-7), -7),
    (Fraction(PLAIN - 1), PLAIN - 1),
    (Fraction(1 - PLAIN), 1 - PLAIN),
    (Fraction(PLAIN), str(PLAIN)),
    (Fraction(-PLAIN), str(-PLAIN)),
    (Fraction(-22, 7), "-22/7"),
]


@pytest.mark.parametrize(("value", "expected"), NUMBERS)
def test_only_what_every_reader_of_json_keeps_exact_is_a_number(value: Fraction, expected: int | str) -> None:
    found = number_to_json(value)
    assert found == expected and type(found) is type(expected)
    claim = Claim(Comparison(constant(value), "==", constant(value)))
    assert draft(read(write([(claim, [])]))[0]).claim == claim


def test_numbers_of_thousands_of_digits() -> None:
    huge = Fraction(10**6000 + 1, 10**5000)
    text = number_to_json(huge)
    assert isinstance(text, str) and text.startswith("1000") and len(text) == 6001 + 1 + 5001
