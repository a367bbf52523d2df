"""Hidden layers that are linear, merged into the next layer."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from typing import NamedTuple

from sympy import Expr

from symcircuits.circuits.affine import exact
from symcircuits.circuits.circuit import Circuit, Neuron
from symcircuits.circuits.theorem import signs
from symcircuits.errors import CertificateRejected, InvalidCircuit
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.term import Claim, Comparison, Term, subterms, total, variable
from symcircuits.provers.cite import Citation, prove_by_citation
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
    if not isinstance(circuit, Circuit):
        raise InvalidCircuit(f"fuse takes a Circuit, not {type(circuit).__name__}")
    if len(circuit.outputs) != 1:
        raise InvalidCircuit(f"{circuit.name} has {len(circuit.outputs)} outputs; fuse proves circuits of one output")
    after, pairs = circuit.flat, list[Pair]()
    while found := next(filter(None, (_pairs(after, neurons) for neurons in after.levels)), None):
        pairs += found
        values = {pair.first.wire: pair.first.argument for pair in found} | {pair.second.wire: 0 for pair in found}
        parts = tuple(
            neuron._replace(argument=neuron.argument.xreplace(values).expand())
            for neuron in after.neurons
            if neuron.wire not in values
        )
        outputs = tuple(output.xreplace(values).expand() for output in after.outputs)
        after = Circuit(circuit.name, circuit.inputs, parts, outputs)
    return Fused(after, _theorem(circuit, after, pairs))


class Pair(NamedTuple):
    """Neurons with arguments t and -ratio*t."""

    first: Neuron
    second: Neuron
    ratio: Expr


def _theorem(circuit: Circuit, after: Circuit, pairs: list[Pair]) -> Theorem:
    claim = Claim(Comparison(circuit.terms[0], "==", after.terms[0]), signs(circuit))
    if pairs and all(pair.ratio.is_Rational for pair in pairs):
        wires, used = circuit.flat.wire_terms, {id(term) for term in subterms(circuit.flat.terms)}
        citations = [
            _citation(exact(ratio), wires[first.wire.name], wires[second.wire.name])
            for first, second, ratio in pairs
            if id(wires[second.wire.name]) in used
        ]
        with suppress(CertificateRejected):  # then the search may still find a proof
            return prove_by_citation(claim, citations, circuit.flat.terms[0])
    answer = prove_claim(claim)
    if not isinstance(answer, Theorem):
        raise RuntimeError(f"a fused circuit is not proved equal to the one before: {answer}")
    return answer


def _citation(ratio: Fraction, first: Term, second: Term) -> Citation:
    """relu(-c*t) == c*relu(t) - c*t for the pair relu(t), relu(-c*t)."""
    x = variable("x")
    value = total([(ratio, Term("relu", (x,))), (-ratio, x)])
    lemma = prove_claim(Claim(Comparison(Term("relu", (total([(-ratio, x)]),)), "==", value)))
    if not isinstance(lemma, Theorem):
        raise RuntimeError(f"the lemma of a pair is not proved: {lemma}")
    return Citation(lemma, first.args, second, total([(ratio, first), (-ratio, first.args[0])]))


def _pairs(circuit: Circuit, neurons: tuple[Neuron, ...]) -> list[Pair] | None:
    """The reconstructor pairs that a hidden layer consists of; None if it does not."""
    pairs: list[Pair] = []
    left = list(neurons)
    while left:
        first = left.pop(0)
        for second in left:
            ratio = _ratio(first.argument, second.argument)
            if ratio is not None and _is_pair(circuit, first, second, ratio):
                pairs.append(Pair(first, second, ratio))
                left.remove(second)
                break
        else:
            return None
    return pairs


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
