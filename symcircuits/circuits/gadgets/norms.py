"""Norms and distances: L1 with two neurons more than inputs, Linf by a tournament."""

from __future__ import annotations

from fractions import Fraction

from sympy import Add, Symbol

from symcircuits.circuits.circuit import Circuit, Neuron
from symcircuits.circuits.gadget import Example, Family, Gadget, family
from symcircuits.circuits.gadgets._composed import composed
from symcircuits.circuits.gadgets._forms import numbered
from symcircuits.circuits.gadgets._parameters import natural
from symcircuits.circuits.gadgets._wires import x1, x2, z1, z2, z3, z4
from symcircuits.circuits.gadgets.arithmetic import ABS
from symcircuits.circuits.gadgets.minimum import MAX, tournament
from symcircuits.kernel.term import Term, total, variable

LARGER_SIZE = Gadget(
    "larger_size",
    "Larger of two absolute values",
    Circuit(
        "larger size",
        (x1, x2),
        (
            Neuron(z1, x1 + x2, "positiveness detector"),
            Neuron(z2, -x1 - x2, "negativeness detector"),
            Neuron(z3, x1 - x2, "greaterness detector"),
            Neuron(z4, x2 - x1, "greaterness detector"),
        ),
        ((z1 + z2 + z3 + z4) / 2,),
    ),
    "max(abs(x1), abs(x2))",
    "Half the size of the sum and half the size of the difference; the corners of the square are those of the diamond.",
    (Example((3, -5), 5), Example((-4, 2), 4)),
)


def _sizes(letters: list[Term]) -> list[Term]:
    return [Term("abs", (each,)) for each in letters]


def _sum(terms: list[Term]) -> Term:
    return total([(Fraction(1), term) for term in terms]) if len(terms) > 1 else terms[0]


def _greatest(terms: list[Term]) -> Term:
    return Term("max", tuple(terms)) if len(terms) > 1 else terms[0]


def _zigzag(n: int) -> tuple[int, ...]:
    """1, -2, 3, ..., whose L1 norm is n*(n + 1)/2 and whose Linf norm is n."""
    return tuple(place if place % 2 else -place for place in range(1, n + 1))


@family("l1_norm", (2,), (3,), (4,))
def l1_norm(n: int) -> Gadget:
    """The sum of the absolute values of n numbers: 2*n neurons for n <= 2, else n + 2."""
    size = natural("l1_norm: the number of inputs", n)
    inputs, name = numbered(size), f"l1_norm_{size}"
    wires = [Symbol(f"z{place}", real=True) for place in range(1, max(2 * size, 2) + 1)]
    if size <= 2:
        arguments = [sign * symbol for symbol in inputs for sign in (1, -1)]
        weights = [1] * (2 * size)
    else:
        arguments = [*inputs, Add(*inputs), -Add(*inputs)]
        weights = [*[2] * size, -1, 1]
    neurons = [
        Neuron(wire, argument, "positiveness detector") for wire, argument in zip(wires, arguments, strict=False)
    ]
    return Gadget(
        name,
        f"L1 norm of {size} number{'s' * (size > 1)}",
        Circuit(
            f"L1 norm of {size}",
            inputs,
            tuple(neurons),
            (Add(*(w * n.wire for w, n in zip(weights, neurons, strict=True))),),
        ),
        _sum(_sizes([variable(symbol.name) for symbol in inputs])),
        "Twice the positive parts, less the sum of all, which a reconstructor carries once."
        if size > 2
        else "Both detectors of each number.",
        (Example(_zigzag(size), Fraction(size * (size + 1), 2)), Example((-1,) * size, size)),
    )


@family("linf_norm", (2,), (3,), (4,))
def linf_norm(n: int) -> Gadget:
    """The largest absolute value of n numbers, a tournament of pairs."""
    size = natural("linf_norm: the number of inputs", n)
    inputs, name = numbered(size), f"linf_norm_{size}"
    pairs = list(map(LARGER_SIZE, inputs[: size - 1 : 2], inputs[1::2]))
    first = pairs + [ABS(symbol) for symbol in inputs[2 * len(pairs) :]]
    return Gadget(
        name,
        f"Linf norm of {size} number{'s' * (size > 1)}",
        composed(name, inputs, tournament(MAX, first)),
        _greatest(_sizes([variable(symbol.name) for symbol in inputs])),
        "The larger sizes of pairs, in one layer, then a tournament of maximum circuits.",
        (Example(_zigzag(size), size), Example((-1,) * size, 1)),
    )


def _distance(norm: Gadget, name: str, title: str, target: Term, example: Fraction) -> Gadget:
    size = len(norm.inputs)
    left, right = numbered(size), numbered(size, "y")
    ones = (1,) * size
    return Gadget(
        name,
        title,
        composed(name, (*left, *right), norm(*(a - b for a, b in zip(left, right, strict=True)))),
        target,
        "The norm's circuit on the differences, which its first layer takes without neurons of their own.",
        (Example((*ones, *ones), 0), Example((*_zigzag(size), *(0,) * size), example)),
    )


def _differences(n: int) -> list[Term]:
    pairs = [(variable(f"x{place}"), variable(f"y{place}")) for place in range(1, n + 1)]
    return [total([(Fraction(1), a), (Fraction(-1), b)]) for a, b in pairs]


@family("l1_distance", (2,), (3,))
def l1_distance(n: int) -> Gadget:
    """The L1 distance of two points of n coordinates, those of the first point first."""
    size = natural("l1_distance: the number of coordinates", n)
    target = _sum(_sizes(_differences(size)))
    value = Fraction(size * (size + 1), 2)
    return _distance(l1_norm(size), f"l1_distance_{size}", f"L1 distance in dimension {size}", target, value)


@family("linf_distance", (2,), (3,))
def linf_distance(n: int) -> Gadget:
    """The Linf distance of two points of n coordinates, those of the first point first."""
    size = natural("linf_distance: the number of coordinates", n)
    target = _greatest(_sizes(_differences(size)))
    value = Fraction(size)
    return _distance(linf_norm(size), f"linf_distance_{size}", f"Linf distance in dimension {size}", target, value)


FAMILIES: tuple[Family, ...] = (l1_norm, linf_norm, l1_distance, linf_distance)
GADGETS = (LARGER_SIZE,)
