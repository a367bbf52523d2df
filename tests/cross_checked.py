"""Every theorem that a test makes is cross-checked, after this or a later test, which fails if it is false at a point.

The kernel keeps a record of each theorem; from the end of the collection on, new records are noted. Each claim is
looked at once in a process, at fewer points if it is large.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from fractions import Fraction
from typing import Any
from weakref import WeakKeyDictionary

import pytest

EXAMPLES, TERMS, TOGETHER, LENGTH = 6, 3000, 10, 5000
"""Points a claim, the number of terms from which on they get fewer, and claims that are checked in one search.

Claims with a number of more digits than LENGTH are left out: a sampled point would take them over the kernel's bound.
"""

DOUBLES = ("test_side_conditions.py",)
"""Tests whose doubles of the kernel prove falsehoods on purpose."""


class Records(WeakKeyDictionary[Any, Any]):
    """A kernel's records, which notes the theorems that are added."""

    def __init__(self, before: WeakKeyDictionary[Any, Any], noted: list[Any]) -> None:
        super().__init__()
        self.noted = noted
        for theorem, record in before.items():
            self[theorem] = record

    def __setitem__(self, theorem: Any, record: Any) -> None:
        super().__setitem__(theorem, record)
        self.noted.append(theorem)


class CrossChecked:
    """The plugin that notes theorems and cross-checks them, some together after the last test that made one."""

    def __init__(self) -> None:
        self.noted: list[Any] = []
        self.waiting: list[Any] = []
        self.seen: set[int] = set()
        self.is_last = False

    def pytest_collection_finish(self) -> None:
        # Not before: the kernel must be imported after the measurement of coverage has begun.
        from symcircuits.kernel import check, networks

        for module in (check, networks):
            module._RECORDS = Records(module._RECORDS, self.noted)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> None:
        self.is_last = nextitem is None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        result = yield
        noted, self.noted[:] = list(self.noted), []
        for theorem in filter(is_theorem, noted) if item.path.name not in DOUBLES else ():
            key, size, digits = of_claim(theorem)
            if key not in self.seen and digits <= LENGTH:
                self.seen.add(key)
                self.waiting.append(theorem)
                if size > TERMS:
                    self.check([self.waiting.pop()], max(1, EXAMPLES * TERMS // size))
        while len(self.waiting) >= (1 if self.is_last else TOGETHER):
            together, self.waiting[:TOGETHER] = self.waiting[:TOGETHER], []
            self.check(together, EXAMPLES)
        return result

    def check(self, theorems: list[Any], examples: int) -> None:
        from symcircuits.testing.sampling import cross_check_all

        cross_check_all(theorems, examples)


def is_theorem(noted: Any) -> bool:
    """Whether the object is one still: a test of the kernel makes a theorem leave its class."""
    from symcircuits.kernel.check import Theorem
    from symcircuits.kernel.networks import NetworkTheorem

    return type(noted) in (Theorem, NetworkTheorem)


def of_claim(theorem: Any) -> tuple[int, int, int]:
    """What tells the claim from others, how large it is, and the digits of its longest number."""
    from symcircuits.kernel.check import Theorem
    from symcircuits.kernel.term import subterms

    if isinstance(theorem, Theorem):
        stated = {**json.loads(theorem.certificate)["theorems"][-1], "proof": None}
        claim = theorem.claim
        sides = [side for each in (claim.goal, *claim.where) for side in (each.left, each.right)]
        numbers = [number for part in subterms(sides) for number in part.coefficients]
        return hash(json.dumps(stated)), len(stated["terms"]), digits(numbers)
    layers = [*theorem.left, *theorem.right]
    numbers = [number for layer in layers for row in (*layer.weights, layer.bias, layer.denominators) for number in row]
    return hash(theorem.certificate), sum(len(row) for layer in theorem.left for row in layer.weights), digits(numbers)


def digits(numbers: list[Fraction] | list[int]) -> int:
    """About how many the longest has."""
    return (
        max((max(each.numerator.bit_length(), each.denominator.bit_length()) for each in numbers), default=0) * 3 // 10
    )
