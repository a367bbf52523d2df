"""Functions of an integer: step, indicator, half rounded down, binary digits; and which of two integers is smaller.

A circuit is continuous, so each of these is exact on a range of integers and says so in its theorem. The targets list
the values: a sum of n*max(0, 1 - abs(x - v)) over the integers v of the range, which is n at v.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from itertools import product
from typing import Any

from sympy import Symbol, symbols

from symcircuits.circuits.circuit import Circuit, Neuron
from symcircuits.circuits.compose import Composable, compose
from symcircuits.circuits.gadget import Example, Family, Gadget, family
from symcircuits.circuits.gadgets._finite import few_points, listed, plus, whole, within
from symcircuits.circuits.gadgets._parameters import called
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.term import ONE, Term, scale, variable

x, y, z1, z2, z3 = symbols("x y z1 z2 z3", real=True)
AT = variable("x")
SHOWN = 8
"""How many values of a range are worked examples."""


def _range(low: int, high: int) -> range:
    whole("the smallest integer of the range", low, -(2**20))
    whole("the largest integer of the range", high, low + 1)
    few_points(f"the range {low}..{high}", high - low + 1)
    return range(low, high + 1)


def _listing(name: str, title: str, circuit: Circuit, values: range, of: Callable[[int], int], note: str) -> Gadget:
    table = {value: of(value) for value in values}
    return Gadget(
        name,
        title,
        circuit,
        listed(AT, table),
        note,
        tuple(Example((value,), result) for value, result in list(table.items())[:SHOWN]),
        where=within((x,), f"{values[0]}..{values[-1]}"),
    )


def _threshold(k: int, values: range) -> int:
    if k not in values[1:]:
        raise InvalidCircuit(f"the threshold must be an integer from {values[1]} to {values[-1]}, not {k!r:.60}")
    return k


@family("step", (2, 0, 7), (0, -4, 4))
def step(k: int, low: int, high: int) -> Gadget:
    """1 where an integer from low to high is k or more, else 0: two neurons."""
    values = _range(low, high)
    _threshold(k, values)
    return _listing(
        called("step", k, low, high),
        f"Step at {k}",
        Circuit("step", (x,), (Neuron(z1, x - k + 1), Neuron(z2, x - k, "threshold")), (z1 - z2,)),
        values,
        lambda value: int(value >= k),
        f"A ramp from {k - 1} to {k}: the target is 1 at each integer from {k} to {high}, and 0 at those below.",
    )


@family("indicator", (3, 0, 7), (0, -4, 4))
def indicator(k: int, low: int, high: int) -> Gadget:
    """1 where an integer from low to high is k, else 0: three neurons.

    The target is the polynomial of least degree that is 1 at k and 0 at the other integers of the range.
    """
    values = _range(low, high)
    whole("the integer that is indicated", k, low, high)
    factors = [_factor(k, value) for value in values if value != k]
    return Gadget(
        called("indicator", k, low, high),
        f"Indicator of {k}",
        Circuit(
            "indicator", (x,), (Neuron(z1, x - k + 1), Neuron(z2, x - k), Neuron(z3, x - k - 1)), (z1 - 2 * z2 + z3,)
        ),
        reduce(scale, factors),
        f"A tooth at {k}; the target is Lagrange's polynomial, a factor (x - v)/({k} - v) for each other integer v.",
        tuple(Example((value,), int(value == k)) for value in values[:SHOWN]),
        where=within((x,), f"{low}..{high}"),
    )


def _factor(k: int, value: int) -> Term:
    """(x - value) / (k - value)."""
    slope = Fraction(1, k - value)
    return plus((slope, AT), *([(-slope * value, ONE)] if value else []))


@family("floor_half", (7,))
def floor_half(largest: int) -> Gadget:
    """Half of an integer from 0 to the largest, rounded down: a step at each even number, so two neurons for each."""
    values = _range(0, whole("the largest integer", largest, 2))
    wires = symbols(f"z1:{largest // 2 * 2 + 1}", real=True)
    neurons = tuple(Neuron(wire, x - place) for place, wire in enumerate(wires, start=1))
    return _listing(
        f"floor_half_{largest}",
        "Half, rounded down",
        Circuit("floor half", (x,), neurons, (sum(wires[::2]) - sum(wires[1::2]),)),
        values,
        lambda value: value // 2,
        "A staircase, flat from each even number to the next odd one; twice it is the number less its last digit.",
    )


@family("bits", (2,), (3,))
def bits(n: int) -> Gadget:
    """The n binary digits of an integer from 0 to 2**n - 1, the highest first.

    A digit is a step of what the higher digits have left over: n hidden layers of two neurons, and of x.
    """
    whole("the number of bits", n, 1, 20)
    rest: Symbol | Composable = x
    digits: list[Composable] = []
    for place in reversed(range(n)):
        digits.append(step(2**place, 0, 2 ** (place + 1) - 1)(rest))
        rest = rest - 2**place * digits[-1]
    source: Any = compose(f"bits of {n}", (x,), digits)
    rows = list(product((0, 1), repeat=n))
    return Gadget(
        f"bits_{n}",
        f"The {n} binary digits",
        source,
        tuple(listed(AT, {value: row[at] for value, row in enumerate(rows)}) for at in range(n)),
        "A digit is a step of what the higher digits leave; each target is 1 at the integers that have that digit.",
        tuple(Example((value,), row) for value, row in enumerate(rows[:SHOWN])),
        where=within((x,), f"0..{2**n - 1}"),
    )


@family("smaller", (4,))
def smaller(bound: int) -> Gadget:
    """1 where x < y, else 0, for integers from -bound to bound: a step of their difference, two neurons."""
    values = _range(-whole("the bound", bound, 1), bound)
    few_points(f"a comparison of integers from {-bound} to {bound}", len(values) ** 2)
    gap = plus((1, variable("y")), (-1, AT))
    return Gadget(
        f"smaller_{bound}",
        "Comparator of integers",
        Circuit("smaller", (x, y), (Neuron(z1, y - x), Neuron(z2, y - x - 1, "threshold")), (z1 - z2,)),
        listed(gap, dict.fromkeys(range(1, 2 * bound + 1), 1)),
        "The target is 1 where y exceeds x by one of the integers that it can exceed it by.",
        (Example((-1, 1), 1), Example((1, -1), 0), Example((1, 1), 0)),
        where=within((x, y), f"{-bound}..{bound}"),
    )


SAME = Gadget(
    "same",
    "Equality of integers",
    Circuit("same", (x, y), (Neuron(z1, x - y + 1), Neuron(z2, x - y), Neuron(z3, x - y - 1)), (z1 - 2 * z2 + z3,)),
    "max(0, 1 - abs(x - y))",
    "A tooth of the difference, for all real numbers; of integers it is 1 where they are equal, else 0.",
    (Example((1, 1), 1), Example((1, -1), 0), Example((0, 1), 0)),
)
FAMILIES: tuple[Family, ...] = (step, indicator, floor_half, bits, smaller)
GADGETS = (SAME,)
