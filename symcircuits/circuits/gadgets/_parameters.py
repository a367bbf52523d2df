"""The parameters of families: read exactly or refused by name, and written into the gadgets' names."""

from __future__ import annotations

from fractions import Fraction
from hashlib import sha256
from itertools import pairwise
from typing import Any

from symcircuits.circuits.affine import exact
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.number import rational_to_text

LONG = 40
"""A gadget's name that would be longer ends in a digest of its parameters."""


def natural(what: str, value: Any, least: int = 1) -> int:
    """The integer, if it is at least `least`; `InvalidCircuit` says what it should be."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise InvalidCircuit(f"{what} must be an integer from {least} on, not {value!r:.40}")
    return value


def rational(what: str, value: Any) -> Fraction:
    """The exact number; `InvalidCircuit` says what it should be."""
    if isinstance(value, bool):
        raise InvalidCircuit(f"{what} must be a rational number, not {value!r}")
    try:
        return exact(value)
    except InvalidCircuit:
        raise InvalidCircuit(f"{what} must be a rational number, not {value!r:.40}") from None


def sequence(what: str, value: Any, least: int = 1) -> tuple[Any, ...]:
    """The tuple, if it has at least `least` items."""
    if not isinstance(value, tuple) or len(value) < least:
        raise InvalidCircuit(f"{what} must be a tuple of {least} or more, not {value!r:.60}")
    return value


def rationals(what: str, value: Any, least: int = 1) -> tuple[Fraction, ...]:
    """A tuple of exact numbers, at least so many."""
    return tuple(rational(f"each of {what}", item) for item in sequence(what, value, least))


def increasing(what: str, values: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    """The numbers, if each is larger than the one before; `InvalidCircuit` shows the first two that are not."""
    for before, after in pairwise(values):
        if not before < after:
            verb = "occurs twice" if before == after else f"comes before {rational_to_text(after)}"
            raise InvalidCircuit(f"{what} must increase, but {rational_to_text(before)} {verb}")
    return values


def called(stem: str, *parameters: Any) -> str:
    """The name of a family's gadget: -1/2 is written m1o2, and what would be too long as a digest.

    >>> called("clip", Fraction(-1, 2), 3), called("mean", *range(100))
    ('clip_m1o2_3', 'mean_e81e7c5ad3')
    """
    texts = [each if isinstance(each, str) else rational_to_text(Fraction(each)) for each in parameters]
    name = "_".join([stem, *texts]).replace("-", "m").replace("/", "o")
    return name if len(name) <= LONG else f"{stem}_{sha256(name.encode()).hexdigest()[:10]}"
