"""What families of claims are made with: seeded choices, sizes, and the text of expressions."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

Rational = Fraction | int
Weighted = tuple[Rational, str]


class Draw(NamedTuple):
    """The seed, and whether sizes are drawn too (held-out claims), and whether series go on to larger sizes."""

    seed: int = 2022
    is_heldout: bool = False
    is_longer: bool = False

    def source(self, *key: Any) -> random.Random:
        """Random numbers that depend on the seed and the key alone, so that each claim has its own."""
        block = hashlib.sha256(repr((self.seed, *key)).encode()).digest()
        return random.Random(int.from_bytes(block[:8], "big"))

    def sizes(
        self,
        key: Any,
        base: Sequence[int],
        longer: Sequence[int] = (),
        low: int | None = None,
        high: int | None = None,
        spread: float = 0.3,
    ) -> list[int]:
        """The sizes of a series: the base, or numbers drawn near it; then the longer ones, if these are wanted."""
        if not self.is_heldout:
            return [*base, *(longer if self.is_longer else ())]
        low = min(base) if low is None else low
        found = _near(self.source("sizes", key), base, low, high, spread)
        more = _near(self.source("longer", key), longer, max(found) + 1, None, spread) if self.is_longer else []
        return found + more


def _near(source: random.Random, base: Sequence[int], low: int, high: int | None, spread: float) -> list[int]:
    """For each size one that is not far from it, in order, none twice."""
    drawn = [round(size * source.uniform(1 - spread / 2, 1 + spread)) + source.choice([0, 0, 1]) for size in base]
    return sorted({max(low, size if high is None else min(size, high)) for size in drawn})


class Let:
    """Definitions t1, t2, ... in the order in which they are added."""

    def __init__(self) -> None:
        self.pairs: tuple[tuple[str, str], ...] = ()

    def add(self, text: str) -> str:
        """The name under which the expression is known from now on."""
        name = f"t{len(self.pairs) + 1}"
        self.pairs += ((name, text),)
        return name


def names(count: int, letter: str = "x") -> tuple[str, ...]:
    """x1, ..., xn."""
    return tuple(f"{letter}{at + 1}" for at in range(count))


def linear(terms: Iterable[Weighted], shift: Rational = 0) -> str:
    """The text of a sum of multiples of names or calls, and of a constant.

    >>> linear([(1, "x"), (0, "y"), (Fraction(-2, 3), "relu(x)")], 1)
    'x - 2/3*relu(x) + 1'
    >>> linear([(-1, "x")]), linear([])
    ('-x', '0')
    """
    parts = [(weight < 0, text if abs(weight) == 1 else f"{abs(weight)}*{text}") for weight, text in terms if weight]
    if shift or not parts:
        parts.append((shift < 0, f"{abs(shift)}"))
    text = " ".join(f"{'-' if negative else '+'} {part}" for negative, part in parts)
    return text[2:] if text.startswith("+ ") else "-" + text[2:]


def call(function: str, arguments: Iterable[str]) -> str:
    """The text of a function of several arguments."""
    return f"{function}({', '.join(arguments)})"


def neuron(weights: Iterable[Rational], inputs: Sequence[str], bias: Rational = 0) -> str:
    """The text of relu(w·x + b)."""
    return f"relu({linear(zip(weights, inputs, strict=True), bias)})"


def indicator(variables: Sequence[str], chosen: Iterable[str]) -> dict[str, Fraction]:
    """The 0/1 point at which just the chosen variables are 1."""
    ones = set(chosen)
    return {name: Fraction(name in ones) for name in variables}
