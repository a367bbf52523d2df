"""Hidden layers that are linear, merged into the next layer."""

from __future__ import annotations

from typing import NamedTuple

from sympy import Expr, Rational, Symbol

from symcircuits.circuits.circuit import Circuit, Neuron
from symcircuits.circuits.theorem import signs
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.term import Claim, Comparison
from symcircuits.provers.prove import prove_claim


class Fused(NamedTuple):
    """The circuit without its linear hidden layers, and the theorem before == after."""

    circuit: Circuit
    theorem: Theorem


def fuse(circuit: Circuit) -> Fused:
    """The circuit with each layer of reconstructor pairs merged into the next one, and the theorem before == after.

    A pair is relu(t) and relu(-c*t), c > 0, used by every neuron and output after it as a*relu(t) - (a/c)*relu(-c*t)
    = a*t only. A layer of such pairs computes a linear map, so it is none. Raises `InvalidCircuit` for more than one
    output.

    >>> from symcircuits.circuits.gadgets import gadget
    >>> before = gadget("min_two_layers").circuit
    >>> after, theorem = fuse(before)
    >>> before.widths, after.widths
    ((3, 2), (3,))
    >>> theorem.claim.goal.right
    relu(x1) - relu(x1 - x2) - relu(-x1)
    """
    if len(circuit.outputs) != 1:
        raise InvalidCircuit(f"{circuit.name} has {len(circuit.outputs)} outputs; fuse proves circuits of one output")
    after = circuit.flat
    while True:
        values = next(filter(None, (_pairs(after, neurons) for neurons in after.levels)), None)
        if values is None:
            break
        parts = tuple(
            neuron._replace(argument=neuron.argument.xreplace(values).expand())
            for neuron in after.neurons
            if neuron.wire not in values
        )
        after = Circuit(
            circuit.name, circuit.inputs, parts, tuple(out.xreplace(values).expand() for out in after.outputs)
        )
    answer = prove_claim(Claim(Comparison(circuit.terms[0], "==", after.terms[0]), signs(circuit)))
    if not isinstance(answer, Theorem):
        raise RuntimeError(f"a fused circuit is not proved equal to the one before: {answer}")
    return Fused(after, answer)


def _pairs(circuit: Circuit, neurons: tuple[Neuron, ...]) -> dict[Symbol, Expr] | None:
    """What to put for the wires of a hidden layer that consists of reconstructor pairs; None if it does not."""
    values: dict[Symbol, Expr] = {}
    for first in neurons:
        if first.wire in values:
            continue
        for second in neurons:
            ratio = _ratio(first.argument, second.argument)
            if second.wire not in values and second is not first and ratio and _is_pair(circuit, first, second, ratio):
                values |= {first.wire: first.argument, second.wire: Rational(0)}
                break
        else:
            return None
    return values


def _ratio(first: Expr, second: Expr) -> Expr | None:
    """c > 0 with second = -c * first, if there is one."""
    symbols = sorted((symbol for symbol in first.free_symbols if symbol.is_nonzero is None), key=str)
    if not symbols:
        return None
    ratio = -second.coeff(symbols[0]) / first.coeff(symbols[0]) if first.coeff(symbols[0]) else None
    return ratio if ratio is not None and ratio.is_positive and (second + ratio * first).expand() == 0 else None


def _is_pair(circuit: Circuit, first: Neuron, second: Neuron, ratio: Expr) -> bool:
    users = [use.expand() for use in (*(neuron.argument for neuron in circuit.neurons), *circuit.outputs)]
    return all((use.coeff(first.wire) + ratio * use.coeff(second.wire)).expand() == 0 for use in users)
