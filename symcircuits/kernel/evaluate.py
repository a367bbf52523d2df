"""The exact values of terms at a point, by which counterexamples are judged; no theorem rests on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from operator import mul
from typing import Any


def values_of(order: Iterable[Any], point: Mapping[str, Fraction]) -> dict[int, Fraction]:
    """The value of each of the terms, parts before wholes, by the term's `id`."""
    value: dict[int, Fraction] = {}
    for term in order:
        parts = [value[id(part)] for part in term.args]
        value[id(term)] = Fraction(point[term.name]) if term.kind == "variable" else VALUES[term.kind](term, parts)
    return value


VALUES: dict[str, Callable[[Any, list[Fraction]], Fraction]] = {
    "one": lambda term, parts: Fraction(1),
    "sum": lambda term, parts: sum(map(mul, term.coefficients, parts), Fraction(0)),
    "relu": lambda term, parts: max(parts[0], Fraction(0)),
    "abs": lambda term, parts: abs(parts[0]),
    "max": lambda term, parts: max(parts),
    "min": lambda term, parts: min(parts),
    "scale": lambda term, parts: parts[0] * parts[1] ** term.exponent,
}
