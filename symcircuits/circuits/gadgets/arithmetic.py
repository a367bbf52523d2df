"""Affine functions, absolute value and distance, with one hidden layer.

An affine function goes through the layer as a reconstructor: both detectors of it, one less the other. Absolute value
and distance are the sums of both.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Abs, symbols

from symcircuits.circuits.circuit import Circuit, Neuron
from symcircuits.circuits.gadget import Example, Family, Gadget, family
from symcircuits.circuits.gadgets._forms import Form, form_expression, form_term, form_value, numbered
from symcircuits.circuits.gadgets._parameters import called, natural, rational, rationals
from symcircuits.circuits.gadgets._wires import x, x1, x2, z1, z2

ABS = Gadget(
    "abs",
    "Absolute value",
    Circuit(
        "abs",
        (x,),
        (Neuron(z1, x, "positiveness detector"), Neuron(z2, -x, "negativeness detector")),
        (z1 + z2,),
    ),
    Abs(x),
    "Of the two detectors of x one gives the size of x, the other 0.",
    (Example((3,), 3), Example((-5,), 5)),
)
ADD = Gadget(
    "add",
    "Sum",
    Circuit(
        "add",
        (x1, x2),
        (
            Neuron(z1, x1 + x2, "positiveness detector"),
            Neuron(z2, -x1 - x2, "negativeness detector"),
        ),
        (z1 - z2,),
    ),
    x1 + x2,
    "The reconstructor circuit of x1 + x2.",
    (Example((3, 5), 8), Example((3, -5), -2)),
)
SUBTRACT = Gadget(
    "subtract",
    "Difference",
    Circuit(
        "subtract",
        (x1, x2),
        (
            Neuron(z1, x1 - x2, "greaterness detector"),
            Neuron(z2, x2 - x1, "greaterness detector"),
        ),
        (z1 - z2,),
    ),
    x1 - x2,
    "The reconstructor circuit of x1 - x2.",
    (Example((3, 5), -2), Example((3, -5), 8)),
)
DISTANCE = Gadget(
    "distance",
    "Distance of two numbers",
    Circuit(
        "distance",
        (x1, x2),
        (
            Neuron(z1, x1 - x2, "greaterness detector"),
            Neuron(z2, x2 - x1, "greaterness detector"),
        ),
        (z1 + z2,),
    ),
    Abs(x1 - x2),
    "Of the two greaterness detectors one gives the distance, the other 0.",
    (Example((3, 5), 2), Example((3, -5), 8)),
)


def _reconstructor(name: str, title: str, form: Form, note: str) -> Gadget:
    """The gadget of an affine form, given as (a1, ..., an, b)."""
    inputs = numbered(len(form) - 1)
    value = form_expression(form, inputs)
    neurons = (Neuron(z1, value, "positiveness detector"), Neuron(z2, -value, "negativeness detector"))
    points = ((1,) * len(inputs), tuple(range(-2, len(inputs) - 2)))
    return Gadget(
        name,
        title,
        Circuit(name.replace("_", " "), inputs, neurons, (z1 - z2,)),
        form_term(form, inputs),
        note,
        tuple(Example(point, form_value(form, point)) for point in points),
    )


@family("scale", (3,), (Fraction(-1, 2),))
def scale(factor: Any) -> Gadget:
    """A rational multiple of one number."""
    c = rational("scale: the factor", factor)
    return _reconstructor(
        called("scale", c), f"{c} times a number", (c, Fraction(0)), "The reconstructor circuit of the multiple."
    )


@family("affine", ((2, -1), 3), ((Fraction(1, 2), 0, -2), Fraction(-1, 3)))
def affine(coefficients: Any, constant: Any = 0) -> Gadget:
    """The affine function with a tuple of coefficients, one for each input, and a constant."""
    form = (*rationals("affine: the coefficients", coefficients), rational("affine: the constant", constant))
    return _reconstructor(
        called("affine", *form),
        f"Affine function of {len(form) - 1} input{'s' * (len(form) > 2)}",
        form,
        "The reconstructor circuit of the affine form.",
    )


@family("sum", (3,))
def total_of(n: int) -> Gadget:
    """The sum of n numbers."""
    size = natural("sum: the number of inputs", n)
    form = (*(Fraction(1),) * size, Fraction(0))
    return _reconstructor(f"sum_{size}", f"Sum of {size} numbers", form, "The reconstructor circuit of the sum.")


@family("mean", (2,), (3,))
def mean(n: int) -> Gadget:
    """The mean of n numbers."""
    size = natural("mean: the number of inputs", n)
    form = (*(Fraction(1, size),) * size, Fraction(0))
    return _reconstructor(f"mean_{size}", f"Mean of {size} numbers", form, "The reconstructor circuit of the mean.")


@family("difference", (3,))
def difference(n: int) -> Gadget:
    """The differences of neighbours among n numbers, each less the one before it: n - 1 outputs."""
    size = natural("difference: the number of inputs", n, 2)
    inputs, pairs = numbered(size), range(1, size)
    wires = [symbols(f"p{place} q{place}", real=True) for place in pairs]
    gaps = [inputs[place] - inputs[place - 1] for place in pairs]
    neurons = [
        Neuron(wire, sign * gap, "greaterness detector")
        for both, gap in zip(wires, gaps, strict=True)
        for wire, sign in zip(both, (1, -1), strict=True)
    ]
    return Gadget(
        f"difference_{size}",
        f"Differences of neighbours among {size} numbers",
        Circuit(f"differences of {size}", inputs, tuple(neurons), tuple(p - q for p, q in wires)),
        tuple(form_term((Fraction(1), Fraction(-1), Fraction(0)), (inputs[at], inputs[at - 1])) for at in pairs),
        "A reconstructor circuit for each pair of neighbours.",
        (
            Example(tuple(place**2 for place in range(size)), tuple(2 * place - 1 for place in pairs)),
            Example((Fraction(1, 2),) * size, (0,) * (size - 1)),
        ),
    )


FAMILIES: tuple[Family, ...] = (scale, affine, total_of, mean, difference)
GADGETS = (ABS, ADD, SUBTRACT, DISTANCE)
