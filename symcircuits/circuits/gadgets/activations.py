"""Activation functions of common networks as circuits of ReLU: one hidden layer of at most two neurons each."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symcircuits.circuits.gadget import Example, Family, Gadget, family
from symcircuits.circuits.gadgets._composed import composed
from symcircuits.circuits.gadgets._forms import numbered
from symcircuits.circuits.gadgets._parameters import called, natural, rational
from symcircuits.circuits.gadgets._univariate import one_hidden_layer, through
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.number import rational_to_text
from symcircuits.kernel.term import Term, constant, variable

ORIGIN = (Fraction(0), Fraction(0))

RELU6 = Gadget(
    "relu6",
    "ReLU clipped at 6",
    one_hidden_layer("relu6", through([ORIGIN, (Fraction(6), Fraction(6))])),
    "min(relu(x), 6)",
    "A second neuron takes the rise away again from 6 on.",
    (Example((-2,), 0), Example((4,), 4), Example((9,), 6)),
)
HARD_TANH = Gadget(
    "hard_tanh",
    "Hard tanh",
    one_hidden_layer("hard tanh", through([(Fraction(-1), Fraction(-1)), (Fraction(1), Fraction(1))])),
    "max(-1, min(1, x))",
    "The line of slope 1 through the origin between the constants -1 and 1.",
    (Example((-3,), -1), Example((Fraction(1, 2),), Fraction(1, 2)), Example((3,), 1)),
)
HARD_SIGMOID = Gadget(
    "hard_sigmoid",
    "Hard sigmoid",
    one_hidden_layer("hard sigmoid", through([(Fraction(-3), Fraction(0)), (Fraction(3), Fraction(1))])),
    "max(0, min(1, x/6 + 1/2))",
    "Rises from 0 at -3 to 1 at 3, as in MobileNetV3.",
    (Example((-4,), 0), Example((0,), Fraction(1, 2)), Example((4,), 1)),
)


@family("leaky_relu", (Fraction(1, 100),), (Fraction(1, 2),))
def leaky_relu(alpha: Any) -> Gadget:
    """x where x >= 0 and alpha*x where x <= 0, for any rational alpha."""
    slope = rational("leaky_relu: the slope alpha", alpha)
    name, text = called("leaky_relu", slope), rational_to_text(slope)
    return Gadget(
        name,
        f"Leaky ReLU of slope {text}",
        one_hidden_layer(name.replace("_", " "), through([ORIGIN], slope, 1)),
        f"max(0, x) + {text}*min(0, x)" if slope >= 0 else f"max(0, x) - {rational_to_text(-slope)}*min(0, x)",
        "The positiveness detector passes x on where it is positive, the negativeness detector its share elsewhere.",
        (Example((3,), 3), Example((-5,), -5 * slope)),
    )


@family("soft_shrink", (1,), (Fraction(1, 2),))
def soft_shrink(threshold: Any) -> Gadget:
    """x moved towards 0 by the threshold, which is at least 0, and 0 where that would pass it."""
    size = rational("soft_shrink: the threshold", threshold)
    if size < 0:
        raise InvalidCircuit(f"soft_shrink: the threshold must not be negative, but it is {rational_to_text(size)}")
    name, text = called("soft_shrink", size), rational_to_text(size)
    points = [(-size, Fraction(0)), (size, Fraction(0))] if size else [ORIGIN]
    return Gadget(
        name,
        f"Soft shrink by {text}",
        one_hidden_layer(name.replace("_", " "), through(points, 1, 1)),
        f"max(0, x - {text}) + min(0, x + {text})",
        "The proximal operator of the absolute value: a threshold detector for each sign.",
        (Example((size + 2,), 2), Example((size / 2,), 0), Example((-size - 3,), -3)),
    )


@family("relu6_block", (2,), (3,))
def relu6_block(n: int) -> Gadget:
    """ReLU6 of each of n numbers, side by side."""
    size = natural("relu6_block: the number of inputs", n)
    inputs, name = numbered(size), f"relu6_block_{size}"
    rising = tuple(range(-1, 5 * size - 1, 5))
    return Gadget(
        name,
        f"ReLU6 of {size} numbers",
        composed(name, inputs, [RELU6(symbol) for symbol in inputs]),
        tuple(Term("min", (Term("relu", (variable(s.name),)), constant(6))) for s in inputs),
        "A layer of ReLU6 is a layer of twice as many ReLU.",
        (Example(rising, tuple(min(max(0, t), 6) for t in rising)), Example((7,) * size, (6,) * size)),
    )


FAMILIES: tuple[Family, ...] = (leaky_relu, soft_shrink, relu6_block)
GADGETS = (RELU6, HARD_TANH, HARD_SIGMOID)
