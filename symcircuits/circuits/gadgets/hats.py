"""Hats, trapezoids and waves of tents of one input: one hidden layer, a neuron for each breakpoint."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symcircuits.circuits.gadget import Example, Family, Gadget, family
from symcircuits.circuits.gadgets._forms import form_term
from symcircuits.circuits.gadgets._parameters import called, increasing, natural, rational
from symcircuits.circuits.gadgets._univariate import one_hidden_layer, through
from symcircuits.circuits.gadgets._wires import x
from symcircuits.kernel.number import rational_to_text
from symcircuits.kernel.term import Term, constant, total

ZERO, ONCE, HALF = Fraction(0), Fraction(1), Fraction(1, 2)


def _flank(start: Fraction, end: Fraction) -> Term:
    """The line that is 0 at the start and 1 at the end."""
    return form_term((1 / (end - start), start / (start - end)), (x,))


@family("hat", (-1, 0, 1), (0, 1, 3))
def hat(left: Any, peak: Any, right: Any) -> Gadget:
    """0 up to left, 1 at the peak, 0 from right on, linear between: the linear B-spline."""
    ends = rational("hat: left", left), rational("hat: peak", peak), rational("hat: right", right)
    a, b, c = increasing("hat: left, peak and right", ends)
    name = called("hat", a, b, c)
    return Gadget(
        name,
        f"Hat with its peak at {rational_to_text(b)}",
        one_hidden_layer(name.replace("_", " "), through([(a, ZERO), (b, ONCE), (c, ZERO)])),
        Term("max", (constant(0), Term("min", (_flank(a, b), _flank(c, b))))),
        "Three threshold detectors: rise, turn round, stop.",
        (Example((a - 1,), 0), Example((b,), 1), Example(((b + c) / 2,), HALF)),
    )


@family("trapezoid", (0, 1, 2, 3), (-2, -1, 0, 4))
def trapezoid(left: Any, top_left: Any, top_right: Any, right: Any) -> Gadget:
    """0 up to left, 1 from top_left to top_right, 0 from right on, linear between."""
    names = ("left", "top_left", "top_right", "right")
    ends = tuple(
        rational(f"trapezoid: {what}", end) for what, end in zip(names, (left, top_left, top_right, right), strict=True)
    )
    a, b, c, d = increasing("trapezoid: left, top_left, top_right and right", ends)
    name = called("trapezoid", a, b, c, d)
    return Gadget(
        name,
        f"Trapezoid with its top from {rational_to_text(b)} to {rational_to_text(c)}",
        one_hidden_layer(name.replace("_", " "), through([(a, ZERO), (b, ONCE), (c, ONCE), (d, ZERO)])),
        Term("max", (constant(0), Term("min", (constant(1), _flank(a, b), _flank(d, c))))),
        "A membership function of fuzzy logic: one threshold detector at each corner.",
        (Example((a - 1,), 0), Example(((b + c) / 2,), 1), Example(((c + d) / 2,), HALF)),
    )


@family("periodic_tent", (2,), (3,))
def periodic_tent(n: int) -> Gadget:
    """On [0, n], the wave of n tents, 0 at the integers and 1 halfway: twice the distance to the nearest integer."""
    periods = natural("periodic_tent: the number of periods", n)
    name = f"periodic_tent_{periods}"
    corners = [(Fraction(place, 2), Fraction(place % 2)) for place in range(2 * periods)]
    nearest = [Term("abs", (form_term((ONCE, Fraction(-place)), (x,)),)) for place in range(periods + 1)]
    return Gadget(
        name,
        f"Periodic tent: {periods} tent{'s' * (periods > 1)}",
        one_hidden_layer(name.replace("_", " "), through(corners, 0, -2)),
        total([(Fraction(2), Term("min", tuple(nearest)))]),
        f"Two neurons a period; right on [0, {periods}] only, where the wave begins and ends.",
        (Example((0,), 0), Example((Fraction(1, 4),), HALF), Example((periods - HALF,), 1), Example((periods,), 0)),
        where=f"0 <= x, x <= {periods}",
    )


FAMILIES: tuple[Family, ...] = (hat, trapezoid, periodic_tent)
GADGETS = ()
