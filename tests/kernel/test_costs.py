"""Small texts that ask for endless work are refused in seconds and little memory, or are quickly right."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from symcircuits.errors import CertificateRejected
from symcircuits.kernel import normal
from symcircuits.kernel.check import check

REASONS = ("more arithmetic", "constant that is", "at these terms is not the goal", "open goal")


def text(
    variables: list[str], terms: list[Any], claim: list[Any], where: list[Any], proof: list[Any], ranges: Any = ()
) -> str:
    theorem = {"variables": variables, "terms": terms, "where": where, "claim": claim, "proof": proof}
    theorem["ranges"] = list(ranges)
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


def product_of_all(size: int) -> list[list[Any]]:
    """Terms whose last one is the product of all variables."""
    terms, left = list[list[Any]](), list(range(size))
    while len(left) > 1:
        terms.append(["scale", left.pop(0), left.pop(0), 1])
        left.append(size + len(terms) - 1)
    return terms


def exponents_that_double(size: int) -> str:
    return text(["x"], [["scale", at, at, 1] for at in range(size)], ["<=", 0, size], [], [["farkas", []]])


def a_polynomial_squared_again_and_again(size: int) -> str:
    names = [f"x{number}" for number in range(size)]
    terms = [["sum", 1, *([1, at] for at in range(size))], *(["scale", at, at, 1] for at in range(size, size + 9))]
    return text(names, terms, ["<=", 0, size + 9], [], [["farkas", []]])


def zero_times_a_long_product(size: int) -> str:
    names, whole = [f"x{number}" for number in range(size)], product_of_all(size)
    zero = size + len(whole)
    times = [["scale", zero, zero - 1, 1]] * (5 * size)
    terms = [*whole, ["sum"], *times, ["sum", *([1, zero + 1 + at] for at in range(len(times)))]]
    return text(names, terms, ["<=", 0, size + len(terms) - 1], [], [["farkas", []]])


def relus_of_a_long_product(size: int) -> str:
    names, whole = [f"x{number}" for number in range(size)], product_of_all(size)
    zero = size + len(whole)
    terms = [*whole, ["sum"], *([["relu", zero - 1]] * (5 * size))]
    terms.append(["sum", *([1, zero + 1 + at] for at in range(5 * size))])
    sign = ["scale", 0, 1, [[0, 1]]]
    return text(names, terms, ["<=", 0, size + len(terms) - 1], [[">", 0, zero]], [sign, ["farkas", []]])


def a_table_of_long_numbers(size: int) -> str:
    names = [f"b{number}" for number in range(12)]
    terms = [["sum", ["7" * 19_000, at % 12]] for at in range(size)]
    terms.append(["max", *range(12, 12 + size)])
    return text(names, terms, ["<=", 0, 12 + size], [], [["table"]], [[at, [0, 1]] for at in range(12)])


def a_table_of_many_terms(size: int) -> str:
    names = [f"b{number}" for number in range(12)]
    terms = [["relu", 11 + at] for at in range(size)]
    return text(names, terms, ["<=", 0, 11 + size], [], [["table"]], [[at, [0, 1]] for at in range(12)])


def a_table_of_values_without_common_denominator(size: int) -> str:
    values = [f"-1/{10**1000 + number}" for number in range(size)]
    return text(["x"], [["abs", 0]], ["<=", 0, 1], [], [["table"]], [[0, values]])


def a_table_of_many_variables(size: int) -> str:
    names = [f"b{number}" for number in range(size)]
    ranges = [[at, [0, 1] if at < 12 else [0]] for at in range(size)]
    return text(names, [], ["<=", 0, 0], [], [["table"]], ranges)


def squares_in_a_table(size: int) -> str:
    terms = [["scale", at, at, 1] for at in range(size)]
    return text(["x"], terms, ["<=", 0, size], [], [["table"]], [[0, [2]]])


def a_case_for_each_of_many_values(size: int) -> str:
    return text(["x"], [["abs", 0]], ["<=", 0, 1], [], [["each", 0]], [[0, list(range(size))]])


def parts_of_parts(size: int) -> str:
    steps = [["parts"], ["chain", 1], *([["farkas", []], ["parts"], ["chain", 1]] * 1000)]
    return text(["x"], [["max", *([0] * size)]], ["<=", 1, 0], [], steps)


def the_zero_one_principle_for_long_maxima(size: int) -> str:
    names = [f"x{number}" for number in range(26)]
    terms = [["max", *(at % 26 for at in range(size))]] * 2
    return text(names, terms, ["<=", 26, 27], [], [["zero_one"]])


def the_zero_one_principle_for_many_terms(size: int) -> str:
    names = [f"x{number}" for number in range(16)]
    terms = [["max", 15 + at, at % 16] for at in range(size)]
    return text(names, terms, ["<=", 0, 15 + size], [], [["zero_one"]])


def a_deep_term_rewritten_again_and_again(size: int) -> str:
    terms = [["relu", number] for number in range(size)]
    return text(["x"], terms, ["<=", size, 0], [], [["rewrite", [[0, 0]]], ["normal"]] * 500)


def citations_of_a_long_range(size: int) -> str:
    lemma = text(["x"], [["sum"]], [">=", 0, 1], [], [["table"]], [[0, list(range(size))]])
    steps = [*([["chain", 0]] * size), *([["cite", 0, [0]]] * (size + 1))]
    theorem = text(["x"], [["sum"]], [">=", 0, 1], [], steps, [[0, list(range(size))]])
    both = [*json.loads(lemma)["theorems"], *json.loads(theorem)["theorems"]]
    return json.dumps({**json.loads(lemma), "theorems": both})


@pytest.mark.parametrize(
    ("make", "size"),
    [
        (chained_over_a_deep_term, 20_000),
        (monomials_of_many_variables, 6000),
        (many_signs_and_many_monomials, 1500),
        (many_rows_and_a_fact, 3000),
        (a_great_term_normalised_again_and_again, 3000),
        (nested_sums_of_long_numbers, 25),
        (exponents_that_double, 100_000),
        (a_polynomial_squared_again_and_again, 30),
        (zero_times_a_long_product, 20_000),
        (relus_of_a_long_product, 20_000),
        (a_table_of_long_numbers, 300),
        (a_table_of_many_terms, 20_000),
        (a_table_of_values_without_common_denominator, 5000),
        (a_table_of_many_variables, 100_000),
        (squares_in_a_table, 60),
        (a_case_for_each_of_many_values, 100_000),
        (parts_of_parts, 100_000),
        (the_zero_one_principle_for_long_maxima, 500_000),
        (the_zero_one_principle_for_many_terms, 200_000),
        (a_deep_term_rewritten_again_and_again, 3000),
        (citations_of_a_long_range, 50_000),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_checking_ends_soon(make: Callable[[int], str], size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(normal, "WORK", normal.WORK // 4)  # and so in a quarter of the time
    given = make(size)
    started = time.process_time()
    try:
        check(given)
    except CertificateRejected as error:
        assert any(reason in str(error) for reason in REASONS)
    assert time.process_time() - started < 30


def together(*texts: str) -> str:
    """One certificate of the theorems of several."""
    theorems = [theorem for each in texts for theorem in json.loads(each)["theorems"]]
    return json.dumps({**json.loads(texts[0]), "theorems": theorems})


def rewritings_of_a_wide_sum(size: int) -> str:
    wide = ["sum", *([[0, 0]] * size)]
    return text(["x"], [wide], ["<=", 1, 0], [], [["rewrite", [[0, 0]]], ["normal"]] * 10_000)


def symmetries_of_unused_variables(size: int) -> str:
    names, terms = [f"x{at}" for at in range(size)], [["relu", size - 1 + at if at else 0] for at in range(size)]
    return text(names, terms, ["<=", 2 * size - 1, 0], [], [["symmetry", list(range(1, size))]])


def symmetries_with_many_hypotheses(size: int) -> str:
    names = [f"x{at}" for at in range(size)]
    domain = [[">=", 0, size]] * size
    return text(names, [["sum"]], ["<=", size, size], domain, [["symmetry", list(range(1, size))]])


def symmetries_of_one_variable(size: int) -> str:
    terms = [["relu", at] for at in range(size)]
    return text(["x"], terms, ["<=", size, 0], [], [["symmetry", [0]]] * size)


def citations_with_a_wide_domain(size: int) -> str:
    lemma = text(["x"], [["max", *([0] * size)]], ["==", 0, 0], [["<=", 1, 0]], [["normal"]])
    steps = [["chain", 0], ["cite", 0, [0]], ["absurd", [[0, 1], [1, 1]]]] * 10_000
    return together(lemma, text(["x"], [["sum"]], ["==", 0, 0], [["<", 0, 1], [">", 0, 1]], [*steps, ["normal"]]))


def citations_beside_many_ranges(size: int) -> str:
    lemma = text(["x"], [], ["==", 0, 0], [], [["normal"]])
    names, ranges = [f"x{at}" for at in range(size)], [[at, [0]] for at in range(size)]
    return together(lemma, text(names, [], ["==", 0, 0], [], [["chain", 0], ["cite", 0, [0]]] * size, ranges))


def a_wide_maximum_normalised_again_and_again(size: int) -> str:
    again = [["fix", [], []], ["chain", 1], ["normal"]]
    return text(["x"], [["max", *([0] * size)]], ["==", 1, 1], [], again * 10_000)


def nests_of_wide_maxima(size: int) -> str:
    terms = [["max", *([0] * size), at] for at in range(100)]
    terms.append(["sum", *([1, at + 1] for at in range(100))])
    again = [["fix", [], []], ["chain", 101], ["normal"]]
    return text(["x"], terms, ["==", 101, 101], [], again * 1000)


def a_maximum_without_common_denominator(size: int) -> str:
    slopes = [["sum", [f"1/{10**4000 + at}", 0]] for at in range(size)]
    return text(["x"], [*slopes, ["max", *range(1, size + 1)]], ["<=", 0, size + 1], [], [["farkas", []]])


def sweeps_of_a_deep_term(size: int) -> str:
    terms = [["relu", at] for at in range(size)]
    return text(["x"], terms, ["<=", 0, size], [], [["chain", size], ["sweep", 0, None, [], None, []]] * 10_000)


def sweeps_of_many_breakpoints(size: int) -> str:
    pairs = [[["sum", [2, 2 * at], -1], ["abs", 2 * at + 1]] for at in range(size)]
    terms = [term for pair in pairs for term in pair]
    return text(["x"], terms, ["<=", 0, 2 * size], [], [["sweep", 0, None, [], None, []]])


def sweeps_without_common_denominator(size: int) -> str:
    terms = [["sum", *([f"1/{10**4000 + at}", 0] for at in range(size))], ["abs", 1]]
    return text(["x"], terms, ["<=", 1, 2], [], [["sweep", 0, None, [], None, []]])


def sweeps_of_long_numbers(size: int) -> str:
    terms = [["sum", ["7" * 19_000, at]] for at in range(size)]
    return text(["x"], terms, ["<=", size, size], [], [["sweep", 0, None, [], None, []]])


def orders_of_a_deep_term(size: int) -> str:
    terms = [["relu", at] for at in range(size)]
    return text(["x"], terms, ["<=", 0, size], [], [["chain", size], ["ordered"]] * 10_000)


def orders_of_sixteen_variables(size: int) -> str:
    terms = [["max", at % 16, 15 + at] for at in range(size)]
    return text([f"x{at}" for at in range(16)], terms, ["<=", 0, 15 + size], [], [["ordered"]])


def the_zero_one_principle_for_a_deep_term(size: int) -> str:
    terms = [["max", at] for at in range(size)]
    return text(["x"], terms, ["<=", 0, size], [], [["chain", size], ["zero_one"]] * 10_000)


def the_zero_one_principle_for_two_to_the_sixty_points(size: int) -> str:
    names, terms = [f"x{at}" for at in range(2 * size)], [["min", at, at + size] for at in range(size)]
    terms.append(["max", *range(2 * size, 3 * size)])
    return text(names, terms, ["<=", 3 * size, 3 * size], [], [["zero_one"]])


def a_domain_of_many_maxima(size: int) -> str:
    return text(["x"], [["abs", 0]], ["<=", 0, 1], [["<=", 0, 1]] * size, [["farkas", [[-1, 1]]]])


@pytest.mark.parametrize(
    ("make", "size"),
    [
        (rewritings_of_a_wide_sum, 100_000),
        (symmetries_of_unused_variables, 20_000),
        (symmetries_with_many_hypotheses, 20_000),
        (symmetries_of_one_variable, 20_000),
        (citations_with_a_wide_domain, 50_000),
        (citations_beside_many_ranges, 50_000),
        (a_wide_maximum_normalised_again_and_again, 100_000),
        (nests_of_wide_maxima, 2000),
        (a_maximum_without_common_denominator, 600),
        (sweeps_of_a_deep_term, 50_000),
        (sweeps_of_many_breakpoints, 60),
        (sweeps_without_common_denominator, 900),
        (sweeps_of_long_numbers, 100),
        (orders_of_a_deep_term, 50_000),
        (orders_of_sixteen_variables, 1000),
        (the_zero_one_principle_for_a_deep_term, 100_000),
        (the_zero_one_principle_for_two_to_the_sixty_points, 30),
        (a_domain_of_many_maxima, 300_000),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_tenth_of_the_work_is_a_tenth_of_the_time(
    make: Callable[[int], str], size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(normal, "WORK", normal.WORK // 10)
    given = make(size)
    started = time.process_time()
    with pytest.raises(CertificateRejected, match="more arithmetic than the checker allows"):
        check(given)
    assert time.process_time() - started < 12
