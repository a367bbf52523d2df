"""Rationals that tie, and those at which the kinks of given functions lie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Any

from hypothesis import strategies as st

from symcircuits.circuits.affine import exact
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.term import ONE, Term, subterms
from symcircuits.testing.operand import known_side

UNIT = Fraction(1)
MANY = 64
"""So many numbers of given functions are favoured at most."""

# Hypothesis validates a strategy once, so those that are drawn from often are made once.
INTEGERS = st.integers(-3, 3).map(Fraction)
SMALL = st.builds(Fraction, st.integers(-24, 24), st.integers(1, 6))
ANY = st.builds(Fraction, st.integers(-(10**6), 10**6), st.integers(1, 10**4))
RATIONALS = st.one_of(INTEGERS, SMALL, ANY)
FACTORS = st.one_of(st.sampled_from((UNIT, -UNIT)), RATIONALS)
SHIFTS = st.one_of(st.just(Fraction(0)), RATIONALS)
MORE = st.sampled_from((False, True, True, True))
"""Whether there is one more: what is asked before each is left out as a whole when an example is made small."""


def rationals(low: Any = None, high: Any = None, kinks_of: Sequence[Any] = ()) -> st.SearchStrategy[Fraction]:
    """Rationals from `low` to `high` that often tie: small integers, then small denominators, now and then any.

    With `kinks_of`, functions as `points` takes them, many of the numbers are points of an axis where such a function
    has a kink, or have the denominator of one. Shrinks towards 0, or the end nearest to it. Raises `InvalidCircuit` for
    ends that are no exact numbers or leave no number between them.

    >>> from hypothesis import find
    >>> find(rationals(low="1/3"), lambda value: True), find(rationals(), lambda value: value > 2)
    (Fraction(1, 3), Fraction(3, 1))
    >>> kinked = rationals(kinks_of=["relu(3*x - 1/7)"])
    >>> find(kinked, lambda value: value.denominator == 21)
    Fraction(1, 21)
    """
    least, most = (None if end is None else exact(end) for end in (low, high))
    if least is not None and most is not None and least > most:
        raise InvalidCircuit(f"no number lies between {least} and {most}: the first end must be the lower one")
    kinks = {value for function in kinks_of for value in _axis_kinks(known_side(function).terms())}
    favoured = sorted(kinks, key=lambda value: (value.denominator, abs(value), value))[:MANY]
    inside = [value for value in favoured if _clamped(value, least, most) == value]
    below = sorted({value.denominator for value in favoured})
    near = [_multiples(denominator, least, most) for denominator in below]
    kinked = [*([st.sampled_from(inside)] if inside else []), *([st.one_of(near)] if near else [])]
    plain = _plain(least, most)
    return st.one_of(plain, st.one_of(kinked)) if kinked else plain


def _clamped(value: Fraction, low: Fraction | None, high: Fraction | None) -> Fraction:
    value = value if low is None else max(value, low)
    return value if high is None else min(value, high)


def _plain(low: Fraction | None, high: Fraction | None) -> st.SearchStrategy[Fraction]:
    """Rationals between the ends, often an end, and if it is near, often 0 and small numbers."""
    if low is None and high is None:
        return RATIONALS
    nearest = st.just(_clamped(Fraction(0), low, high))
    clamped = RATIONALS.map(lambda value: _clamped(value, low, high))
    if low is not None and high is not None:
        return st.one_of(nearest, clamped, st.fractions(low, high))
    end, sign = (high, -1) if low is None else (low, 1)
    return st.one_of(nearest, clamped, RATIONALS.map(lambda value: (end or Fraction(0)) + sign * abs(value)))


def _multiples(denominator: int, low: Fraction | None, high: Fraction | None) -> st.SearchStrategy[Fraction]:
    """Multiples of 1 over the denominator; if none lies between the ends, the lower end."""
    first = -24 if low is None else ceil(low * denominator)
    last = first + 48 if high is None else floor(high * denominator)
    if low is None and high is not None:
        first = last - 48
    if first > last:
        return st.just(_clamped(Fraction(0), low, high))
    return st.integers(first, last).map(lambda numerator: Fraction(numerator, denominator))


def _axis_kinks(terms: Sequence[Term]) -> Iterator[Fraction]:
    """Where the affine forms inside switches vanish on an axis, and 1 over the denominators of their weights."""
    for switch in subterms(terms):
        if switch.kind not in ("relu", "abs", "max", "min"):
            continue
        for form in switch.args:
            weights = dict(zip(map(id, form.args), form.coefficients, strict=True)) if form.kind == "sum" else {}
            shift = weights.pop(id(ONE), Fraction(0))
            for weight in filter(None, weights.values()):
                yield -shift / weight
                yield Fraction(1, weight.denominator)
