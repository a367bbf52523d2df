"""Logic on {0, 1}: every gadget at every point of its domain, all truth tables of two bits, and larger ones proved."""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcircuits.circuits.gadget import Gadget
from symcircuits.circuits.gadgets import families, gadget
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.term import evaluate
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.result import Counterexample

Function = Callable[..., bool]
FUNCTIONS: dict[str, tuple[tuple[Any, ...], Function]] = {
    "not": ((), lambda a: not a),
    "nand": ((), lambda a, b: not (a and b)),
    "nor": ((), lambda a, b: not (a or b)),
    "implication": ((), lambda a, b: not a or b),
    "xor": ((), lambda a, b: a != b),
    **{f"and_{n}": ((n,), lambda *bits: all(bits)) for n in (2, 3, 6)},
    **{f"or_{n}": ((n,), lambda *bits: any(bits)) for n in (2, 3, 6)},
    **{f"majority_{n}": ((n,), lambda *bits: 2 * sum(bits) > len(bits)) for n in (2, 3, 4, 5, 7)},
    **{f"parity_{n}": ((n,), lambda *bits: sum(bits) % 2 == 1) for n in (2, 3, 6)},
    "at_least_4_1": ((4, 1), lambda *bits: sum(bits) >= 1),
    "at_least_4_2": ((4, 2), lambda *bits: sum(bits) >= 2),
    "at_least_4_4": ((4, 4), lambda *bits: sum(bits) >= 4),
}


def computes(each: Gadget, function: Function) -> bool:
    """Whether the circuit and the target both have the function's values on all of the domain."""
    names = [symbol.name for symbol in each.inputs]
    for point in product((0, 1), repeat=len(names)):
        wanted = Fraction(function(*point))
        place = dict(zip(names, map(Fraction, point), strict=True))
        if each.run(*point) != (wanted,) or evaluate(each.targets[0], place) != wanted:
            return False
    return [(name, values) for name, values in each.domain.ranges] == [(name, (0, 1)) for name in names]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_circuit_and_its_target_are_the_function_on_all_bits(name: str) -> None:
    parameters, function = FUNCTIONS[name]
    each = gadget(name) if not parameters else gadget(name.rstrip("_0123456789"), *parameters)
    assert each.name == name and computes(each, function) and each.theorem.claim == each.claim


@given(st.integers(1, 4).flatmap(lambda n: st.text("01", min_size=2**n, max_size=2**n)))
def test_any_truth_table(values: str) -> None:
    each = gadget("truth_table", values)
    assert computes(each, lambda *bits: values[int("".join(map(str, bits)), 2)] == "1")
    assert each.prove().claim == each.claim and each.depth <= 1
    assert sum(each.widths) < len(values)


def test_all_truth_tables_of_two_bits_are_there_and_differ() -> None:
    tables = ["".join(bits) for bits in product("01", repeat=4)]
    made = {tuple(gadget("truth_table", table).run(*row)[0] for row in product((0, 1), repeat=2)) for table in tables}
    assert len(made) == 16


@pytest.mark.parametrize("name", ["and_2", "or_3", "xor", "nor", "majority_3", "parity_4", "truth_table_10011010"])
def test_between_the_bits_it_computes_something_else(name: str) -> None:
    claim = gadget(name).claim
    answer = prove_claim(claim._replace(ranges=()))
    assert isinstance(answer, Counterexample) and not set(answer.point.values()) <= {0, 1}


SIZES = {"and": 1, "or": 1, "majority": 2, "parity": 10}


@pytest.mark.parametrize("name", SIZES)
def test_ten_bits_are_proved_at_once(name: str) -> None:
    start = time.process_time()
    each = gadget(name, 10)
    assert each.prove().claim == each.claim and each.widths == (SIZES[name],)
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("name", "parameters", "reason"),
    [
        ("and", (1,), "the number of bits must be an integer, 2 or more, not 1"),
        ("or", ("3",), "the number of bits must be an integer, 2 or more, not '3'"),
        ("parity", (2.5,), r"the number of bits must be an integer, 2 or more, not 2\.5"),
        ("parity", (True,), "the number of bits must be an integer, 2 or more, not True"),
        ("majority", (21,), "a gadget of 21 bits has a domain of more than 1048576 points"),
        ("at_least", (4, 5), "the threshold must be an integer, from 1 to 4, not 5"),
        ("at_least", (4, 0), "the threshold must be an integer, from 1 to 4, not 0"),
        ("truth_table", ("011",), "a truth table is a text of 2, 4, 8 .* bits such as '0110'.*; '011' has 3"),
        ("truth_table", ("0",), "'0' has 1"),
        ("truth_table", ("",), "not ''"),
        ("truth_table", ("01x0",), "not '01x0'"),
        ("truth_table", (110,), "not 110"),
        ("truth_table", (), r"the gadgets truth_table are made from \(values"),
    ],
)
def test_bad_parameters_are_refused_by_name(name: str, parameters: tuple[Any, ...], reason: str) -> None:
    with pytest.raises(InvalidCircuit, match=reason):
        families()[name](*parameters)
