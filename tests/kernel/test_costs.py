"""Small texts that ask for endless work are refused in seconds and little memory, or are quickly right."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from symcircuits.errors import CertificateRejected
from symcircuits.kernel.check import check


def text(variables: list[str], terms: list[Any], claim: list[Any], where: list[Any], proof: list[Any]) -> str:
    theorem = {"variables": variables, "terms": terms, "where": where, "claim": claim, "proof": proof}
    return json.dumps({"format": "symcircuits-certificate", "version": 1, "theorems": [theorem]})


def chained_over_a_deep_term(size: int) -> str:
    terms = [["relu", number] for number in range(size)]
    return text(["x"], terms, ["==", size, size], [], [["chain", size], ["normal"]] * size + [["normal"]])


def monomials_of_many_variables(size: int) -> str:
    names = [f"x{number}" for number in range(size)]
    terms = [["scale", size + number - 1 if number else 0, number, 1] for number in range(size)]
    return text(names, terms, ["<=", 2 * size - 1, 0], [], [["farkas", []]])


def many_signs_and_many_monomials(size: int) -> str:
    names = [f"w{number}" for number in range(size)]
    zero = ["sum"]
    terms = [zero, ["sum", *([1, number] for number in range(size))], ["relu", size + 1], ["max", size + 2, size]]
    where = [[">", number, size] for number in range(size)]
    signs = [["scale", number, 1, [[number, 1]]] for number in range(size)]
    return text(names, terms, ["==", size + 3, size], where, [*signs, ["normal"]])


def many_rows_and_a_fact(size: int) -> str:
    rows = [["sum", [number, 0], [number * number, 1]] for number in range(size)]
    terms = [*rows, ["max", *range(2, size + 2)], ["sum"]]
    return text(["x", "y"], terms, ["<=", size + 2, size + 3], [[">=", 0, size + 3]], [["farkas", []]])


def a_great_term_normalised_again_and_again(size: int) -> str:
    terms = [["sum", [1, number], 1] for number in range(size)]
    again = [["fix", [], []], ["chain", size], ["normal"]]
    return text(["x"], terms, ["==", size, size], [], [*again * size, ["normal"]])


def nested_sums_of_long_numbers(size: int) -> str:
    long = "7" * 19_000 + "/" + "3" * 18_000 + "1"
    return text(["x"], [["sum", [long, number]] for number in range(size)], ["<=", size, 0], [], [["farkas", []]])


@pytest.mark.parametrize(
    ("make", "size"),
    [
        (chained_over_a_deep_term, 20_000),
        (monomials_of_many_variables, 6000),
        (many_signs_and_many_monomials, 1500),
        (many_rows_and_a_fact, 3000),
        (a_great_term_normalised_again_and_again, 3000),
        (nested_sums_of_long_numbers, 25),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_checking_ends_soon(make: Callable[[int], str], size: int) -> None:
    started = time.process_time()
    try:
        check(make(size))
    except CertificateRejected as error:
        assert "more arithmetic" in str(error) or "constant that is" in str(error)
    assert time.process_time() - started < 120
