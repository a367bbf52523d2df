"""Selection by bits: the decoder, the multiplexer of bounded numbers, and equality and order of binary numbers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from sympy import Expr, Integer, Symbol, symbols

from symcircuits.circuits.circuit import Circuit, Neuron
from symcircuits.circuits.gadget import Example, Family, Gadget, family
from symcircuits.circuits.gadgets._finite import (
    difference,
    few_points,
    lattice,
    opposite,
    plus,
    variables,
    whole,
    within,
)
from symcircuits.circuits.gadgets.logic import literals
from symcircuits.kernel.term import Term, constant, scale, variable

Row = tuple[int, ...]


def _bits(letter: str, n: int, most: int = 10) -> tuple[Symbol, ...]:
    whole("the number of bits", n, 1, most)
    return tuple(symbols(f"{letter}1:{n + 1}", real=True))


def _rows(n: int) -> list[Row]:
    return list(product((0, 1), repeat=n))


def _wrong(bits: Sequence[Symbol], row: Row) -> Expr:
    """How many of the bits differ from the row."""
    return sum((1 - bit if wanted else bit for bit, wanted in zip(bits, row, strict=True)), start=Integer(0))


@family("decoder", (2,))
def decoder(n: int) -> Gadget:
    """Of 2**n outputs that one is 1 whose number the n bits are, the first bit the highest: a neuron for each."""
    bits, rows = _bits("x", n), _rows(n)
    wires = symbols(f"z1:{len(rows) + 1}", real=True)
    neurons = tuple(Neuron(wire, 1 - _wrong(bits, row), "threshold") for wire, row in zip(wires, rows, strict=True))
    return Gadget(
        f"decoder_{n}",
        f"Decoder of {n} bits",
        Circuit(f"decoder of {n}", bits, neurons, wires),
        tuple(literals(variables(bits), row) for row in rows),
        "A neuron for each number, on where no bit differs from it; the targets are the conjunctions of the literals.",
        (Example(rows[1], _unit(len(rows), 1)), Example(rows[-1], _unit(len(rows), len(rows) - 1))),
        where=within(bits),
    )


def _unit(size: int, place: int) -> Row:
    return tuple(int(at == place) for at in range(size))


@family("multiplexer", (1, 1), (2, 1))
def multiplexer(n: int, bound: int) -> Gadget:
    """Of 2**n real numbers from -bound to bound the one whose number the n bits are: a neuron for each.

    Numbers that are not chosen are lowered by twice the bound, so that their neurons are off.
    """
    bits, rows = _bits("s", n), _rows(n)
    whole("the bound of the numbers", bound, 1)
    wires, numbers = (symbols(f"{letter}1:{len(rows) + 1}", real=True) for letter in "zx")
    neurons = tuple(
        Neuron(wire, number + bound - 2 * bound * _wrong(bits, row))
        for wire, number, row in zip(wires, numbers, rows, strict=True)
    )
    chosen = [_chosen(number, bits, row) for number, row in zip(numbers, rows, strict=True)]
    box = ", ".join(f"-{bound} <= {number.name}, {number.name} <= {bound}" for number in numbers)
    values = tuple((3 * at) % (2 * bound + 1) - bound for at in range(len(rows)))
    return Gadget(
        f"multiplexer_{n}_{bound}",
        f"Multiplexer of {len(rows)} numbers",
        Circuit(f"multiplexer of {len(rows)}", (*bits, *numbers), neurons, (sum(wires) - bound,)),
        plus(*((1, term) for term in chosen)),
        "The numbers that are not chosen are lowered so far that their neurons are off; the target is the sum of the "
        "numbers, each times s_i or 1 - s_i for every bit.",
        (Example((*rows[0], *values), values[0]), Example((*rows[-1], *values), values[-1])),
        where=f"{within(bits)}, {box}",
    )


def _chosen(number: Symbol, bits: Sequence[Symbol], row: Row) -> Term:
    term = variable(number.name)
    for bit, wanted in zip(variables(bits), row, strict=True):
        term = scale(term, bit if wanted else opposite(bit))
    return term


def _value(bits: Sequence[Symbol]) -> Expr:
    """The binary number of the bits, the first the lowest."""
    return sum((2**place * bit for place, bit in enumerate(bits)), start=Integer(0))


def _pairs(n: int) -> tuple[tuple[Symbol, ...], tuple[Symbol, ...]]:
    few_points(f"a comparison of numbers of {n} bits", 4 ** min(n, 99) if isinstance(n, int) and n > 0 else 1)
    return _bits("a", n), _bits("b", n)


def _digits(n: int, number: int) -> Row:
    return tuple(number >> place & 1 for place in range(n))


@family("equal_bits", (2,))
def equal_bits(n: int) -> Gadget:
    """1 where two binary numbers of n bits are equal, the lowest bit first: a tooth of their difference."""
    left, right = _pairs(n)
    z = symbols("z1:4", real=True)
    gap = _value(left) - _value(right)
    neurons = tuple(map(Neuron, z, (gap + 1, gap, gap - 1)))
    terms = zip(variables(left), variables(right), strict=True)
    top = _digits(n, 2**n - 1)
    return Gadget(
        f"equal_bits_{n}",
        f"Equality of numbers of {n} bits",
        Circuit(f"equality of {n} bits", (*left, *right), neurons, (z[0] - 2 * z[1] + z[2],)),
        lattice("min", (opposite(difference(one, other)) for one, other in terms)),
        "A tooth of the difference of the numbers; the target says that no bit differs.",
        (Example((*top, *top), 1), Example((*top, *_digits(n, 0)), 0)),
        where=within((*left, *right)),
    )


@family("less_bits", (2,))
def less_bits(n: int) -> Gadget:
    """1 where the binary number a is less than b, of n bits each, the lowest bit first: a step of their difference."""
    left, right = _pairs(n)
    z = symbols("z1:3", real=True)
    gap = _value(right) - _value(left)
    target = constant(0)
    for one, other in zip(variables(left), variables(right), strict=True):
        here = Term("min", (opposite(one), other))
        same = opposite(difference(one, other))
        target = Term("max", (here, Term("min", (same, target)))) if target != constant(0) else here
    low, high = _digits(n, 2 ** (n - 1) - 1), _digits(n, 2 ** (n - 1))
    return Gadget(
        f"less_bits_{n}",
        f"Comparator of numbers of {n} bits",
        Circuit(f"less of {n} bits", (*left, *right), tuple(map(Neuron, z, (gap, gap - 1))), (z[0] - z[1],)),
        target,
        "A step of the difference of the numbers; the target compares the bits, the highest that differ deciding.",
        (Example((*low, *high), 1), Example((*high, *low), 0), Example((*low, *low), 0)),
        where=within((*left, *right)),
    )


FAMILIES: tuple[Family, ...] = (decoder, multiplexer, equal_bits, less_bits)
GADGETS = ()
