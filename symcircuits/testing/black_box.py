"""Python functions of real numbers, of which only values can be had.

They are called with exact Fractions; one that takes none is called with floats, at points that floats hold. Their kinks
are sought along segments: where three values are not on a line, halving finds the bend, and the lines through the
values beside it meet in it.

>>> clip = black_box(lambda x: max(0, min(1, x)), "clip", ["x"], [Fraction(1)])
>>> clip(Fraction(1, 3)), bend(clip, [Fraction(-5)], [Fraction(1, 2)])
((Fraction(1, 3),), [Fraction(0, 1)])
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from symcircuits.circuits.affine import exact
from symcircuits.errors import InvalidCircuit
from symcircuits.testing.strategies.region import between

Point = Sequence[Fraction]
HALVINGS, HALF, EIGHTH, UNIT, ROUNDING = 12, Fraction(1, 2), Fraction(1, 8), Fraction(1), Fraction(1, 2**40)
"""How often the part of a segment in which a function bends is halved; shares of it; what passes for rounding."""


class CallFailed(InvalidCircuit):
    """A Python function raised an error at a point, or returned something else than its outputs."""

    def __init__(self, message: str, point: Point) -> None:
        super().__init__(message)
        self.point = tuple(point)


@dataclass(frozen=True)
class BlackBox:
    """A Python function with the names of its inputs and the number of its outputs.

    `is_spread` says whether it takes the inputs one by one or as one array, `has_floats` whether it takes floats only.
    """

    function: Callable[..., Any]
    name: str
    inputs: tuple[str, ...]
    outputs: int
    is_spread: bool
    has_floats: bool

    def __call__(self, *point: Fraction) -> tuple[Fraction, ...]:
        """The exact values of the outputs; `CallFailed` if the function raises, or returns anything else."""
        values = _values(self.name, self._raw(point), point)
        if len(values) != self.outputs:
            raise CallFailed(
                f"{self.name} returned {len(values)} values {_at(point)}, and {self.outputs} before", point
            )
        return values

    def _raw(self, point: Point) -> Any:
        try:
            return _called(self.function, point, self.is_spread, self.has_floats)
        except Exception as error:
            message = f"{self.name} raised {type(error).__name__} {_at(point)}: {error}"
            raise CallFailed(f"{message}; it must take all points of the domain", point) from error

    def nearest(self, point: Point) -> list[Fraction] | None:
        """The point itself, or the nearest one that floats hold if it takes floats only; None beyond their range."""
        with suppress(OverflowError):
            return [Fraction(float(value)) if self.has_floats else value for value in point]
        return None


def parameters_of(function: Callable[..., Any]) -> tuple[str, ...] | None:
    """The names of the parameters that a call with positions must fill; None if these are not to be known.

    >>> parameters_of(lambda x, y, shift=0: x), parameters_of(lambda *x: x), parameters_of(max)
    (('x', 'y'), None, None)
    """
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    if any(each.kind is inspect.Parameter.VAR_POSITIONAL for each in parameters):
        return None
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return tuple(each.name for each in parameters if each.kind in positional and each.default is each.empty)


def black_box(function: Callable[..., Any], name: str, inputs: Sequence[str], point: Point) -> BlackBox:
    """The function of these inputs, tried at a point; `InvalidCircuit` if it takes no such number of inputs.

    It is called with each input, or, if it has one parameter and there are more inputs, with an array of them.
    """
    parameters = parameters_of(function)
    is_spread = parameters is None or len(inputs) == 1 or len(parameters) != 1
    if is_spread and not _takes(function, len(inputs)):
        raise InvalidCircuit(
            f"{name} does not take {len(inputs)} inputs ({', '.join(inputs)}) by position; it must take each of them, "
            "or one array of all"
        )
    made = BlackBox(function, name, tuple(inputs), 0, is_spread, has_floats=False)
    value = None
    with suppress(Exception):  # whatever it raises, it may still take floats
        value = _called(function, point, is_spread, has_floats=False)
    if value is None:
        made = replace(made, has_floats=True)
        point = made.nearest(point) or list(point)
        value = made._raw(point)
    return replace(made, outputs=len(_values(name, value, point)))


def bend(function: BlackBox, start: Point, end: Point) -> list[Fraction] | None:
    """A point between the two in which the function bends, exactly if it can be had; None if no bend is seen.

    Raises as the function's calls do.
    """
    place = next((at for at in range(function.outputs) if _is_bent(*_thirds(function, start, end, at))), None)
    if place is None:
        return None
    low, high = list(start), list(end)
    for _ in range(HALVINGS):
        middle = between(low, high, HALF)
        halves = ((low, middle), (middle, high))
        found = next((half for half in halves if _is_bent(*_thirds(function, *half, place))), None)
        if found is None:
            return middle
        low, high = found
        met = _meeting(function, low, high, place)
        if met is not None:
            return met
    return between(low, high, HALF)


def _thirds(function: BlackBox, start: Point, end: Point, place: int) -> tuple[Fraction, Fraction, Fraction]:
    """The values of an output at both ends and in the middle."""
    first, middle, last = (
        function(*between(list(start), list(end), share))[place] for share in (Fraction(0), HALF, UNIT)
    )
    return first, middle, last


def _is_bent(first: Fraction, middle: Fraction, last: Fraction) -> bool:
    """Whether the middle value is not halfway, by more than the rounding of floats."""
    return abs(first + last - 2 * middle) > ROUNDING * (abs(first) + abs(middle) + abs(last))


def _meeting(function: BlackBox, low: Point, high: Point, place: int) -> list[Fraction] | None:
    """Where the lines through the two values next to either end meet, if the function has that value there."""
    shares = (Fraction(0), EIGHTH, 1 - EIGHTH, UNIT)
    a, b, c, d = (function(*between(list(low), list(high), share))[place] for share in shares)
    rise, fall = (b - a) / EIGHTH, (d - c) / EIGHTH
    if rise == fall:
        return None
    share = (d - fall - a) / (rise - fall)
    if not 0 < share < 1:
        return None
    point = between(list(low), list(high), share)
    return point if function(*point)[place] == a + rise * share else None


def _takes(function: Callable[..., Any], count: int) -> bool:
    try:
        inspect.signature(function).bind(*range(count))
    except TypeError:
        return False
    except ValueError:  # a builtin that does not say
        return True
    return True


def _called(function: Callable[..., Any], point: Point, is_spread: bool, has_floats: bool) -> Any:
    numbers = [float(value) for value in point] if has_floats else list(point)
    return function(*numbers) if is_spread else function(np.array(numbers, dtype=float if has_floats else object))


def _values(name: str, value: Any, point: Point) -> tuple[Fraction, ...]:
    """The outputs as exact numbers; `InvalidCircuit` for other shapes and what is not finite."""
    given = value.tolist() if hasattr(value, "tolist") else value
    several = given if isinstance(given, list | tuple) else [given]
    with suppress(InvalidCircuit):
        if several and not any(isinstance(each, str) for each in several):
            return tuple(map(exact, several))
    told = re.sub(r"\s+", " ", repr(value))
    message = f"{name} returned {told:.80} {_at(point)}"
    raise CallFailed(f"{message}; a finite number is needed, or a flat sequence of them, one an output", point)


def _at(point: Point) -> str:
    return f"at ({', '.join(map(str, point))})"
