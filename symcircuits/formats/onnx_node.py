"""What an ONNX operator gets: its values, its attributes, and the wires of the network under construction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from symcircuits.errors import InvalidCircuit
from symcircuits.formats.tensor import is_constant
from symcircuits.formats.wiring import Wiring

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Node:
    """One operator of a graph: values of its inputs (None where left out), attributes, wires, number of outputs."""

    inputs: tuple[Array | None, ...]
    attributes: dict[str, Any]
    wiring: Wiring
    outputs: int

    def value(self, place: int) -> Array:
        """The value of an input that must be there."""
        found = self.optional(place)
        if found is None:
            raise InvalidCircuit(f"its input {place + 1} is missing")
        return found

    def optional(self, place: int) -> Array | None:
        """The value of an input, or None if it is left out."""
        return self.inputs[place] if place < len(self.inputs) else None

    def integers(self, place: int, attribute: str) -> list[int] | None:
        """Integers that older versions keep in an attribute and newer ones in an input; None if in neither."""
        found = self.optional(place)
        if found is None:
            given = self.attributes.get(attribute)
            return None if given is None else [int(each) for each in np.atleast_1d(given)]
        if found.dtype.kind not in "iu":
            raise InvalidCircuit(f"its input {place + 1}, {attribute}, must be constant integers")
        return [int(each) for each in found.reshape(-1)]

    def axis(self, default: int, rank: int, attribute: str = "axis") -> int:
        """The axis attribute, counted from the front."""
        return from_front(int(self.attributes.get(attribute, default)), rank)

    def only(self, **defaults: Any) -> None:
        """Refuse values of attributes other than these, which are the defaults."""
        for name, default in defaults.items():
            if self.attributes.get(name, default) != default:
                raise InvalidCircuit(f"its attribute {name} is {self.attributes[name]}; only {default} is read")

    def is_number(self, place: int) -> bool:
        """Whether that input is there and constant."""
        found = self.optional(place)
        return found is not None and is_constant(found)


Operator = Callable[[Node], Sequence[Array]]


def from_front(axis: int, rank: int) -> int:
    """The axis counted from the front; raises `InvalidCircuit` if there is none."""
    if not -rank <= axis < rank:
        raise InvalidCircuit(f"there is no axis {axis} in a tensor of {rank} axes")
    return axis % rank
