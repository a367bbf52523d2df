"""What circuits are made of: neurons and blocks on wires; layers and activations, which are read off them."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from sympy import Expr, ImmutableMatrix, Symbol

from symcircuits.circuits.affine import as_expression, as_wire
from symcircuits.errors import InvalidCircuit

if TYPE_CHECKING:
    from symcircuits.circuits.circuit import Circuit


class Neuron(NamedTuple):
    """relu(argument) on a wire; the role says what it detects."""

    wire: Symbol
    argument: Expr
    role: str = ""


class Block(NamedTuple):
    """The outputs of a circuit fed with the arguments, on the wires."""

    wires: tuple[Symbol, ...]
    circuit: Circuit
    arguments: tuple[Expr, ...]


Part = Neuron | Block


class Layer(NamedTuple):
    """x -> weights * x + bias, followed by relu in every layer but the last; rows are neurons."""

    weights: ImmutableMatrix
    bias: ImmutableMatrix


class Activation(NamedTuple):
    """The value of a neuron before and after relu."""

    wire: Symbol
    before: Fraction
    after: Fraction


def wiring(part: Part) -> tuple[tuple[Symbol, ...], tuple[Expr, ...]]:
    """The wires that a part writes, and its arguments."""
    return ((part.wire,), (part.argument,)) if isinstance(part, Neuron) else (part.wires, part.arguments)


def sequence(values: Any, what: str) -> tuple[Any, ...]:
    """The values as a tuple; `InvalidCircuit` when they are one thing and not several."""
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise InvalidCircuit(f"{what} must be a tuple, not {values!r:.60}; write ({values!s:.20},) for a single one")
    return tuple(values)


def exact_part(part: Any, name: str) -> Part:
    """The part with tuples of symbols and expressions, as many arguments and wires as a block's circuit has."""
    if isinstance(part, Neuron):
        place = f"{name}, {part.wire}"
        if not isinstance(part.role, str):
            raise InvalidCircuit(f"{place}: the role {part.role!r:.60} is not a text")
        return Neuron(as_wire(part.wire, place), as_expression(part.argument, place), part.role)
    if not isinstance(part, Block):
        raise InvalidCircuit(f"{name}: the part {part!r:.60} is neither a Neuron nor a Block")
    wires, arguments = sequence(part.wires, f"{name}, wires"), sequence(part.arguments, f"{name}, arguments")
    place = f"{name}, {'/'.join(map(str, wires))}"
    sizes = getattr(part.circuit, "sizes", None)
    if sizes is None:
        raise InvalidCircuit(f"{place}: a block holds a circuit, not {part.circuit!r:.60}")
    circuit: Circuit = part.circuit
    if sizes[0] != len(arguments):
        raise InvalidCircuit(f"{place}: {circuit.name} has {sizes[0]} inputs; {len(arguments)} are given")
    if sizes[1] != len(wires):
        raise InvalidCircuit(f"{place}: {circuit.name} has {sizes[1]} outputs; {len(wires)} wires are given")
    given = tuple(as_expression(argument, place) for argument in arguments)
    return Block(tuple(as_wire(wire, place) for wire in wires), circuit, given)
