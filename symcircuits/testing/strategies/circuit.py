"""Circuits: neurons that read any earlier wires, and blocks of smaller circuits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from hypothesis import strategies as st
from sympy import Add, Expr, Rational, Symbol

from symcircuits.circuits.circuit import Circuit
from symcircuits.circuits.parts import Block, Neuron, Part
from symcircuits.testing.strategies.network import WEIGHTS
from symcircuits.testing.strategies.rational import MORE, SHIFTS

READ = 3
"""Most wires that a neuron reads."""


@st.composite
def circuits(
    draw: st.DrawFn, inputs: Sequence[str] = ("x", "y"), outputs: int = 1, neurons: int = 5, blocks: bool = True
) -> Circuit:
    """Circuits of these inputs with at most so many neurons, some of them in blocks, that read any wires before them.

    Values may skip layers, be read often or never. Shrinks to few neurons, no blocks, weights 1 and no bias.

    >>> from hypothesis import find
    >>> smallest = find(circuits(), lambda circuit: circuit.run(-1, 0) == circuit.run(0, 0) != circuit.run(1, 0))
    >>> smallest.expr, len(smallest.neurons)
    (relu(x), 1)
    """
    symbols = tuple(Symbol(name, real=True) for name in inputs)
    taken = _wires(set(inputs))
    return _circuit(draw, "drawn", symbols, outputs, neurons, taken, blocks)


def _wires(taken: set[str]) -> Iterator[Symbol]:
    """z1, z2, ... without the names that are taken."""
    at = 0
    while True:
        at += 1
        if f"z{at}" not in taken:
            yield Symbol(f"z{at}", real=True)


def _circuit(
    draw: st.DrawFn,
    name: str,
    inputs: tuple[Symbol, ...],
    outputs: int,
    neurons: int,
    fresh: Iterator[Symbol],
    blocks: bool,
) -> Circuit:
    wires, parts, left = list(inputs), list[Part](), neurons
    while left and draw(MORE):
        inside = draw(st.integers(0, min(2, left))) if blocks and draw(st.integers(0, 3)) == 3 else 0
        if inside:
            parts.append(_block(draw, wires, inside, fresh))
        else:
            parts.append(Neuron(next(fresh), _affine(draw, wires, parts)))
        wires += parts[-1].wires if isinstance(parts[-1], Block) else (parts[-1].wire,)
        left -= max(inside, 1)
    return Circuit(name, inputs, tuple(parts), tuple(_affine(draw, wires, parts) for _ in range(outputs)))


def _block(draw: st.DrawFn, wires: Sequence[Symbol], neurons: int, fresh: Iterator[Symbol]) -> Block:
    inner = tuple(Symbol(f"t{at}", real=True) for at in range(1, draw(st.integers(1, 2)) + 1))
    names = _wires(set())
    circuit = _circuit(draw, "inner", inner, draw(st.integers(1, 2)), neurons, names, blocks=False)
    return Block(tuple(next(fresh) for _ in circuit.outputs), circuit, tuple(_affine(draw, wires, ()) for _ in inner))


def _affine(draw: st.DrawFn, wires: Sequence[Symbol], parts: Sequence[Part]) -> Expr:
    """An affine form of some wires, the latest one first if any part has made one."""
    latest = wires[-1] if parts else draw(st.sampled_from(wires))
    chosen = [latest, *draw(st.lists(st.sampled_from(wires), max_size=READ - 1))]
    return Add(*(_rational(draw(WEIGHTS)) * wire for wire in chosen), _rational(draw(SHIFTS)))


def _rational(value: Fraction) -> Rational:
    return Rational(value.numerator, value.denominator)
