"""Logic on {0, 1}: and, or, not and what is made of them, thresholds, parity, and any truth table.

Targets are written with min for and, max for or, 1 - a for not, and abs(a - b) for the exclusive or, which they are on
{0, 1}. Every gadget has one hidden layer; what it computes between 0 and 1 is something else.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from itertools import pairwise, product
from typing import Any

from sympy import Expr, Symbol, symbols

from symcircuits.circuits.circuit import Circuit, Neuron
from symcircuits.circuits.gadget import Example, Family, Gadget, family
from symcircuits.circuits.gadgets._finite import (
    difference,
    few_points,
    lattice,
    opposite,
    smallest,
    variables,
    whole,
    within,
)
from symcircuits.circuits.gadgets._parameters import called
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.term import Term, constant

a, b, z, z1, z2 = symbols("a b z z1 z2", real=True)
BITS = within((a, b))
TABLE = "a truth table is a text of 2, 4, 8 ... bits such as '0110', the first for inputs that are all 0"


def _of_two(name: str, title: str, argument: Expr, output: Expr, target: str, note: str, values: str) -> Gadget:
    """A gadget of one neuron with the four values at (0, 0), (0, 1), (1, 0) and (1, 1)."""
    circuit = Circuit(name, (a, b), (Neuron(z, argument, "threshold"),), (output,))
    examples = tuple(Example(bits, int(value)) for bits, value in zip(product((0, 1), repeat=2), values, strict=True))
    return Gadget(name, title, circuit, target, note, examples, where=BITS)


NOT = Gadget(
    "not",
    "Negation",
    Circuit("not", (a,), (Neuron(z, 1 - a, "threshold"),), (z,)),
    "1 - a",
    "One neuron, on where the bit is 0.",
    (Example((0,), 1), Example((1,), 0)),
    where=within((a,)),
)
NAND = _of_two(
    "nand", "Not both", a + b - 1, 1 - z, "1 - min(a, b)", "The neuron detects that both bits are 1.", "1110"
)
NOR = _of_two("nor", "Neither", 1 - a - b, z, "1 - max(a, b)", "The neuron detects that both bits are 0.", "1000")
IMPLICATION = _of_two(
    "implication",
    "Implication",
    a - b,
    1 - z,
    "max(1 - a, b)",
    "The neuron detects the only failure: a is 1 and b is 0.",
    "1101",
)
XOR = Gadget(
    "xor",
    "Exclusive or",
    Circuit("xor", (a, b), (Neuron(z1, a + b), Neuron(z2, a + b - 1, "threshold")), (z1 - 2 * z2,)),
    "abs(a - b)",
    "The sum of the bits, less 2 where both are 1: two neurons, exact on bits only.",
    tuple(Example(bits, bits[0] ^ bits[1]) for bits in product((0, 1), repeat=2)),
    where=BITS,
)


def _inputs(n: int, least: int = 2) -> tuple[Symbol, ...]:
    whole("the number of bits", n, least)
    few_points(f"a gadget of {n} bits", 2 ** min(n, 99))
    return tuple(symbols(f"x1:{n + 1}", real=True))


def _ramp(name: str, bits: Sequence[Symbol], weights: Sequence[int], values: Sequence[int]) -> Circuit:
    """One hidden layer that interpolates the values at 0, 1, 2 ... of the weighted sum of the bits."""
    number = sum((weight * bit for weight, bit in zip(weights, bits, strict=True)), start=Fraction(0))
    slopes = [after - before for before, after in pairwise(values)]
    bends = [after - before for before, after in pairwise([0, *slopes])]
    wires = symbols(f"z1:{len(bends) + 1}", real=True)
    kinks = [(wire, place, bend) for place, (wire, bend) in enumerate(zip(wires, bends, strict=True)) if bend]
    neurons = tuple(Neuron(wire, number - place, "threshold" if place else "") for wire, place, _ in kinks)
    return Circuit(name, tuple(bits), neurons, (sum((bend * wire for wire, _, bend in kinks), start=values[0]),))


def _counts(n: int, values: Sequence[int]) -> tuple[Example, ...]:
    """Examples with none, one, ... all of n bits 1."""
    return tuple(Example((1,) * ones + (0,) * (n - ones), value) for ones, value in enumerate(values))


@family("and", (2,), (3,))
def conjunction(n: int) -> Gadget:
    """1 where all of n bits are 1: one neuron."""
    bits = _inputs(n)
    return Gadget(
        f"and_{n}",
        f"Conjunction of {n} bits",
        _ramp(f"and of {n}", bits, (1,) * n, (0,) * n + (1,)),
        lattice("min", variables(bits)),
        "One neuron, on where all bits are 1.",
        _counts(n, (0,) * n + (1,)),
        where=within(bits),
    )


@family("or", (2,), (3,))
def disjunction(n: int) -> Gadget:
    """1 where one of n bits is 1, or more: one neuron."""
    bits = _inputs(n)
    (wire,) = symbols("z1:2", real=True)
    return Gadget(
        f"or_{n}",
        f"Disjunction of {n} bits",
        Circuit(f"or of {n}", bits, (Neuron(wire, 1 - sum(bits), "threshold"),), (1 - wire,)),
        lattice("max", variables(bits)),
        "One neuron, on where all bits are 0, taken from 1.",
        _counts(n, (0,) + (1,) * n),
        where=within(bits),
    )


@family("at_least", (4, 2))
def at_least(n: int, k: int) -> Gadget:
    """1 where k or more of n bits are 1: two neurons, or one where k is n."""
    bits = _inputs(n)
    values = [int(ones >= whole("the threshold", k, 1, n)) for ones in range(n + 1)]
    return Gadget(
        f"at_least_{n}_{k}",
        f"{k} or more of {n} bits",
        _ramp(f"at least {k} of {n}", bits, (1,) * n, values),
        smallest(n - k + 1, variables(bits)),
        f"A step of the number of bits that are 1, from {k - 1} to {k}; the target is the largest bit but {k - 1}.",
        _counts(n, values),
        where=within(bits),
    )


@family("majority", (3,), (5,))
def majority(n: int) -> Gadget:
    """1 where more than half of n bits are 1: two neurons."""
    made = at_least(_inputs(n) and n, n // 2 + 1)
    return Gadget(
        f"majority_{n}",
        f"Majority of {n} bits",
        made.circuit,
        made.computes,
        "A step of the number of bits that are 1, just above half of them; of odd n the target is the median.",
        made.examples,
        where=made.where,
    )


@family("parity", (3,), (4,))
def parity(n: int) -> Gadget:
    """1 where an odd number of n bits are 1: n neurons."""
    bits = _inputs(n)
    values = [ones % 2 for ones in range(n + 1)]
    return Gadget(
        f"parity_{n}",
        f"Parity of {n} bits",
        _ramp(f"parity of {n}", bits, (1,) * n, values),
        reduce(difference, variables(bits)),
        "A zigzag of the number of bits that are 1, up at even and down at odd ones.",
        _counts(n, values),
        where=within(bits),
    )


@family("truth_table", ("0110",), ("00010111",), ("10011010",))
def truth_table(values: Any) -> Gadget:
    """Any function of n bits, as its 2**n values: the row number in binary, then a zigzag through the values.

    >>> truth_table("1001").run(1, 1)
    (Fraction(1, 1),)
    """
    if not isinstance(values, str) or not values or set(values) - {"0", "1"}:
        raise InvalidCircuit(f"{TABLE}; not {values!r:.60}")
    n = len(values).bit_length() - 1
    if n < 1 or len(values) != 2**n:
        raise InvalidCircuit(f"{TABLE}; {values!r:.60} has {len(values)}")
    bits, rows = _inputs(n, 1), list(product((0, 1), repeat=n))
    return Gadget(
        called("truth_table", values),
        f"Truth table {values:.20}",
        _ramp(f"table {values:.20}", bits, [2 ** (n - 1 - place) for place in range(n)], [int(v) for v in values]),
        _normal_form(variables(bits), [row for row, value in zip(rows, values, strict=True) if value == "1"]),
        "The bits as a binary number, the first input first, and a zigzag through the values; the target is the "
        "disjunctive normal form.",
        tuple(Example(row, int(value)) for row, value in zip(rows, values, strict=True)),
        where=within(bits),
    )


def literals(bits: Sequence[Term], row: Sequence[int]) -> Term:
    """1 where the bits are the row: the least of its bits and of the negations of the others."""
    return lattice("min", (bit if wanted else opposite(bit) for bit, wanted in zip(bits, row, strict=True)))


def _normal_form(bits: Sequence[Term], rows: Sequence[Sequence[int]]) -> Term:
    return lattice("max", (literals(bits, row) for row in rows)) if rows else constant(0)


FAMILIES: tuple[Family, ...] = (conjunction, disjunction, at_least, majority, parity, truth_table)
GADGETS = (NOT, NAND, NOR, IMPLICATION, XOR)
