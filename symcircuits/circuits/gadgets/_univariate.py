"""Circuits of one input and one hidden layer: any CPWL function of x, with a neuron a breakpoint or one more.

A function with k breakpoints needs k neurons, and no more if the slopes that jump at some of its breakpoints add up to
the negative of its slope at the far left: those neurons are turned round, as relu(t - x), and no line is left over.
Otherwise k + 1 are least (Dereich and Kassing, arXiv:2108.05643): both neurons at the first breakpoint.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from sympy import Add, Symbol

from symcircuits.circuits.circuit import Circuit, Neuron
from symcircuits.circuits.gadgets._forms import sympy_rational
from symcircuits.circuits.gadgets._wires import x
from symcircuits.kernel.univariate import Univariate

Points = Sequence[tuple[Fraction, Fraction]]
SUMS = 4096
"""How many sums of jumps are tried for the one that saves a neuron."""


def through(points: Points, left: Fraction | int = 0, right: Fraction | int = 0) -> Univariate:
    """The function through points (x, y), x increasing, with these slopes to the left and to the right of them.

    >>> ramp = through([(Fraction(0), Fraction(0)), (Fraction(2), Fraction(1))])
    >>> ramp.kinks
    ((Fraction(0, 1), Fraction(1, 2)), (Fraction(2, 1), Fraction(-1, 2)))
    """
    pairs = list(pairwise(points))
    slopes = [Fraction(left), *((v - u) / (t - s) for (s, u), (t, v) in pairs), Fraction(right)]
    kinks = [(t, after - before) for (t, _), before, after in zip(points, slopes, slopes[1:], strict=False)]
    start, value = points[0]
    return Univariate(slopes[0], value - slopes[0] * start, tuple((t, c) for t, c in kinks if c))


def one_hidden_layer(name: str, f: Univariate) -> Circuit:
    """The circuit of a function of x, with the fewest neurons of one hidden layer if at most `SUMS` sums tell.

    >>> one_hidden_layer("clip", through([(Fraction(0), Fraction(0)), (Fraction(1), Fraction(1))])).exprs
    (relu(x) - relu(x - 1),)
    >>> one_hidden_layer("leaky", through([(Fraction(0), Fraction(0))], Fraction(1, 4), 1)).exprs
    (-relu(-x)/4 + relu(x),)
    """
    rows, constant = _neurons(f)
    wires = [Symbol(f"z{place}", real=True) for place in range(1, len(rows) + 1)]
    neurons = [_neuron(wire, sign, t) for wire, (sign, t, _) in zip(wires, rows, strict=True)]
    output = Add(*(sympy_rational(c) * wire for wire, (_, _, c) in zip(wires, rows, strict=True)))
    return Circuit(name, (x,), tuple(neurons), (output + sympy_rational(constant),))


def _neuron(wire: Symbol, sign: int, t: Fraction) -> Neuron:
    role = f"{'positiveness' if sign > 0 else 'negativeness'} detector" if t == 0 else "threshold detector"
    return Neuron(wire, sign * (x - sympy_rational(t)), role)


def _neurons(f: Univariate) -> tuple[list[tuple[int, Fraction, Fraction]], Fraction]:
    """Rows (sign, t, c) for c*relu(sign*(x - t)), and the constant."""
    turned = _turned(f)
    if turned is not None:
        rows = [(-1 if at in turned else 1, t, c) for at, (t, c) in enumerate(f.kinks)]
        return rows, f.constant - sum((t * c for sign, t, c in rows if sign < 0), start=Fraction(0))
    (first, change), *others = f.kinks or ((Fraction(0), Fraction(0)),)
    both = [(1, first, change + f.slope), (-1, first, -f.slope)]
    return [*both, *((1, t, c) for t, c in others)], f.constant + f.slope * first


def _turned(f: Univariate) -> frozenset[int] | None:
    """Places of kinks whose jumps add up to -f.slope, None if none are found."""
    if f.kinks and f.slope == -sum(c for _, c in f.kinks):
        return frozenset(range(len(f.kinks))) if f.slope else frozenset()
    sums: dict[Fraction, frozenset[int]] = {Fraction(0): frozenset()}
    for at, (_, change) in enumerate(f.kinks):
        if -f.slope in sums or len(sums) > SUMS:
            break
        for known, places in list(sums.items()):
            sums.setdefault(known + change, places | {at})
    return sums.get(-f.slope)
