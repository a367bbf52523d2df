"""Losses of a residual or a margin x: one hidden layer, its outputs weighted."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symcircuits.circuits.gadget import Example, Family, Gadget, family
from symcircuits.circuits.gadgets._parameters import called, rational
from symcircuits.circuits.gadgets._univariate import one_hidden_layer, through
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.number import rational_to_text

HINGE = Gadget(
    "hinge",
    "Hinge loss of a margin",
    one_hidden_layer("hinge", through([(Fraction(1), Fraction(0))], -1, 0)),
    "max(0, 1 - x)",
    "One neuron: how much the margin x falls short of 1.",
    (Example((-1,), 2), Example((1,), 0), Example((3,), 0)),
)


@family("pinball", (Fraction(1, 4),), (Fraction(9, 10),))
def pinball(quantile: Any) -> Gadget:
    """The loss of a residual x whose expected value is least at a quantile, which is from 0 to 1."""
    q = rational("pinball: the quantile", quantile)
    if not 0 <= q <= 1:
        raise InvalidCircuit(f"pinball: the quantile must be from 0 to 1, but it is {rational_to_text(q)}")
    name, text = called("pinball", q), rational_to_text(q)
    return Gadget(
        name,
        f"Pinball loss of the quantile {text}",
        one_hidden_layer(name.replace("_", " "), through([(Fraction(0), Fraction(0))], q - 1, q)),
        f"max({text}*x, -{rational_to_text(1 - q)}*x)",
        "The two detectors of x, weighted by the quantile and by what it lacks of 1.",
        (Example((4,), 4 * q), Example((-4,), 4 * (1 - q)), Example((0,), 0)),
    )


@family("epsilon_insensitive", (1,), (Fraction(1, 10),))
def epsilon_insensitive(epsilon: Any) -> Gadget:
    """By how much the size of a residual x exceeds epsilon, which is at least 0."""
    size = rational("epsilon_insensitive: epsilon", epsilon)
    if size < 0:
        raise InvalidCircuit(f"epsilon_insensitive: epsilon must not be negative, but it is {rational_to_text(size)}")
    name, text = called("epsilon_insensitive", size), rational_to_text(size)
    ends = sorted({-size, size})
    return Gadget(
        name,
        f"Epsilon-insensitive loss for {text}",
        one_hidden_layer(name.replace("_", " "), through([(end, Fraction(0)) for end in ends], -1, 1)),
        f"max(0, abs(x) - {text})",
        "A threshold detector on either side of the residuals that count as none; support vector regression.",
        (Example((size + 2,), 2), Example((size / 2,), 0), Example((-size - 3,), 3)),
    )


FAMILIES: tuple[Family, ...] = (pinball, epsilon_insensitive)
GADGETS = (HINGE,)
