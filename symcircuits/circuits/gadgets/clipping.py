"""Clipping to an interval or a box, and what clipping leaves over: two neurons a coordinate."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symcircuits.circuits.gadget import Example, Family, Gadget, family
from symcircuits.circuits.gadgets._composed import composed
from symcircuits.circuits.gadgets._forms import numbered
from symcircuits.circuits.gadgets._parameters import called, rational, sequence
from symcircuits.circuits.gadgets._univariate import one_hidden_layer, through
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.number import rational_to_text
from symcircuits.kernel.term import Term, constant, variable


def interval(what: str, low: Any, high: Any) -> tuple[Fraction, Fraction]:
    """The two ends, the lower one first; `InvalidCircuit` where they are not."""
    ends = rational(f"{what}: the lower end", low), rational(f"{what}: the upper end", high)
    if ends[0] >= ends[1]:
        raise InvalidCircuit(
            f"{what}: the lower end {rational_to_text(ends[0])} must be less than the upper end "
            f"{rational_to_text(ends[1])}"
        )
    return ends


@family("clip", (0, 1), (Fraction(-3, 2), 2))
def clip(low: Any, high: Any) -> Gadget:
    """The nearest number to x in [low, high], with two neurons."""
    a, b = interval("clip", low, high)
    name = called("clip", a, b)
    shown = f"[{rational_to_text(a)}, {rational_to_text(b)}]"
    return Gadget(
        name,
        f"Clip to {shown}",
        one_hidden_layer(name.replace("_", " "), through([(a, a), (b, b)])),
        f"max({rational_to_text(a)}, min({rational_to_text(b)}, x))",
        "One threshold detector starts the rise at the lower end, the other stops it at the upper.",
        (Example((a - 1,), a), Example((b + 1,), b), Example(((a + b) / 2,), (a + b) / 2)),
    )


@family("clamp", (((0, 1), (-1, Fraction(1, 2))),), (((0, 1), (0, 1), (0, 2)),))
def clamp(box: Any) -> Gadget:
    """The nearest point of a box, given as a pair (low, high) for each coordinate: one output each."""
    pairs = [sequence("clamp: each side of the box", side, 2) for side in sequence("clamp: the box", box)]
    if any(len(pair) > 2 for pair in pairs):
        raise InvalidCircuit("clamp: each side of the box must be a pair (low, high)")
    sides = [interval("clamp", low, high) for low, high in pairs]
    inputs = numbered(len(sides))
    clips = [clip(*side)(symbol) for side, symbol in zip(sides, inputs, strict=True)]
    name = called("clamp", *(end for side in sides for end in side))
    low, high = zip(*sides, strict=True)
    return Gadget(
        name,
        f"Clamp to a box of dimension {len(sides)}",
        composed(name, inputs, clips),
        tuple(
            Term("max", (constant(a), Term("min", (constant(b), variable(symbol.name)))))
            for (a, b), symbol in zip(sides, inputs, strict=True)
        ),
        "A clip circuit for each coordinate, side by side.",
        (
            Example(tuple(a - 1 for a in low), low),
            Example(tuple(b + 2 for b in high), high),
        ),
    )


@family("dead_zone", (-1, 1), (0, Fraction(1, 2)))
def dead_zone(low: Any, high: Any) -> Gadget:
    """How far x is above high or below low, with its sign, and 0 between."""
    a, b = interval("dead_zone", low, high)
    name = called("dead_zone", a, b)
    lower, upper = rational_to_text(a), rational_to_text(b)
    return Gadget(
        name,
        f"Dead zone from {lower} to {upper}",
        one_hidden_layer(name.replace("_", " "), through([(a, Fraction(0)), (b, Fraction(0))], 1, 1)),
        f"x - max({lower}, min({upper}, x))",
        "What clipping x to the interval takes away: each threshold detector sees one side.",
        (Example((a - 2,), -2), Example(((a + b) / 2,), 0), Example((b + 3,), 3)),
    )


FAMILIES: tuple[Family, ...] = (clip, clamp, dead_zone)
GADGETS = ()
