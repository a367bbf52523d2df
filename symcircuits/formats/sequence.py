"""Layers in sequence, as Keras and PyTorch keep them: affine maps, leaky relus and clamps, put together.

>>> steps = [Affine(np.array([[2.0]]), np.array([-1.0])), Clamp(Fraction(0), Fraction(6))]
>>> made = assemble("ramp", steps)
>>> made.run(2), made.run(100), made.shape
((Fraction(3, 1),), (Fraction(6, 1),), '1-2-1')
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from symcircuits.circuits.network import Network, integer_rows
from symcircuits.errors import InvalidCircuit
from symcircuits.formats.wiring import Form, Wiring, combination


class Affine(NamedTuple):
    """x -> weights * x + bias, as floats."""

    weights: np.ndarray[Any, Any]
    bias: np.ndarray[Any, Any]


class Scale(NamedTuple):
    """x -> factors * x + shifts, one by one, exactly."""

    factors: tuple[Fraction, ...]
    shifts: tuple[Fraction, ...]


class Leaky(NamedTuple):
    """x -> relu(x) - slope * relu(-x); slope 0 is relu."""

    slope: Fraction


class Clamp(NamedTuple):
    """x -> min(max(x, low), high), low <= high."""

    low: Fraction
    high: Fraction


Step = Affine | Scale | Leaky | Clamp


def assemble(name: str, steps: Sequence[Step]) -> Network:
    """The network of the steps, with inputs x1, x2, ...; raises `InvalidCircuit` for shapes that do not fit."""
    count = _input_count(name, steps)
    wiring = Wiring([f"x{at}" for at in range(1, count + 1)])
    forms = list(wiring.forms)
    for place, step in enumerate(steps, start=1):
        forms = _apply(step, forms, wiring, f"{name}, step {place}")
    return wiring.network(name, forms)


def _input_count(name: str, steps: Sequence[Step]) -> int:
    for step in steps:
        if isinstance(step, Affine):
            return step.weights.shape[1] if step.weights.ndim == 2 else 0
        if isinstance(step, Scale):
            return len(step.factors)
    raise InvalidCircuit(f"{name}: no layer says how many inputs there are; it needs a linear layer")


def _apply(step: Step, forms: list[Form], wiring: Wiring, place: str) -> list[Form]:
    match step:
        case Affine(weights, bias):
            if weights.ndim != 2 or weights.shape[1] != len(forms):
                raise InvalidCircuit(f"{place}: weights of shape {weights.shape} do not fit {len(forms)} values")
            rows = zip(*integer_rows(weights, bias, place), strict=True)
            return [combination(zip(row, forms, strict=True), b, below) for row, b, below in rows]
        case Scale(factors, shifts):
            if len(factors) != len(forms):
                raise InvalidCircuit(f"{place}: {len(factors)} factors do not fit {len(forms)} values")
            return [_scaled(f, c, b) for f, c, b in zip(forms, factors, shifts, strict=True)]
        case Leaky(slope):
            fixed = Form({}, slope.numerator, slope.denominator)
            return [wiring.leaky(form, fixed) for form in forms]
        case Clamp(low, high):
            return [clamped(form, low, high, wiring) for form in forms]


def _scaled(form: Form, factor: Fraction, shift: Fraction) -> Form:
    below = factor.denominator * shift.denominator
    return combination([(factor.numerator * shift.denominator, form)], shift.numerator * factor.denominator, below)


def clamped(form: Form, low: Fraction, high: Fraction, wiring: Wiring) -> Form:
    """min(max(form, low), high) as low + relu(form - low) - relu(form - high), for low <= high."""
    if low > high:
        raise InvalidCircuit(f"a clamp from {low} to {high} has its bounds in the wrong order")
    above_low, above_high = (
        wiring.relu(combination([(1, form), (-1, Form({}, b.numerator, b.denominator))])) for b in (low, high)
    )
    return combination([(1, Form({}, low.numerator, low.denominator)), (1, above_low), (-1, above_high)])


def normalization(
    epsilon: Fraction, gamma: Fraction, beta: Fraction, mean: Fraction, variance: Fraction
) -> tuple[Fraction, Fraction]:
    """The factor gamma / sqrt(variance + epsilon) and the shift beta - factor * mean of batch normalization.

    The root is exact if it is rational, else the nearest float64: there the file does not denote a rational network,
    and the one that is read is as near to it as float64 has it.

    >>> normalization(Fraction(1), Fraction(3), Fraction(1), Fraction(2), Fraction(8))
    (Fraction(1, 1), Fraction(-1, 1))
    """
    square = variance + epsilon
    if square <= 0:
        raise InvalidCircuit(f"the variance {float(variance)} plus epsilon is not positive")
    top, bottom = math.isqrt(square.numerator), math.isqrt(square.denominator)
    is_rational = top * top == square.numerator and bottom * bottom == square.denominator
    factor = gamma / (Fraction(top, bottom) if is_rational else Fraction(math.sqrt(square)))
    return factor, beta - factor * mean
