"""Gadgets put together to one with its inputs in a given order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import Symbol

from symcircuits.circuits.compose import compose
from symcircuits.circuits.gadget import Verified
from symcircuits.errors import InvalidCircuit


def composed(name: str, inputs: Sequence[Symbol], outputs: Any) -> Verified:
    """The composition of gadgets with these inputs, in this order, and one or several outputs."""
    made = compose(name, inputs, outputs)
    if not isinstance(made, Verified):
        raise InvalidCircuit(f"{name}: no output is made of a gadget")
    return made
