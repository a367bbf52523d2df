"""What a circuit owes: the claim that it computes its target, and its theorem, by citing the theorems of its blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from sympy import Expr

from symcircuits.circuits.circuit import Block, Circuit
from symcircuits.cpwl.substitute import substitute
from symcircuits.errors import CertificateRejected, InvalidCircuit
from symcircuits.expr.from_sympy import assumed, from_sympy
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.term import Claim, Comparison, Term
from symcircuits.provers.cite import Citation, prove_by_citation
from symcircuits.provers.prove import prove_claim


def circuit_claim(circuit: Circuit, target: Expr) -> Claim:
    """The claim that the circuit's one output equals the target, for all inputs, and parameters of the right sign."""
    if len(circuit.outputs) != 1:
        raise InvalidCircuit(f"{circuit.name} has {len(circuit.outputs)} outputs; a target belongs to one")
    return Claim(Comparison(circuit.terms[0], "==", _term(circuit, target)), signs(circuit))


def signs(circuit: Circuit) -> tuple[Comparison, ...]:
    """The comparisons w > 0 and w < 0 of the circuit's parameters."""
    return tuple(comparison for symbol in circuit.parameters for comparison in assumed(symbol))


def prove_circuit(
    circuit: Circuit, target: Expr, known: Mapping[Circuit, tuple[Expr, Theorem]] | None = None
) -> Theorem:
    """The theorem that the circuit computes the target; blocks whose theorem is known are cited, not looked into.

    Raises `InvalidCircuit` with the counterexample when it does not compute it.
    """
    claim = circuit_claim(circuit, target)
    citations = _citations(circuit, known or {})
    if citations:
        with suppress(CertificateRejected):  # the target may need more than citations
            return prove_by_citation(claim, citations)
    answer = prove_claim(claim)
    if isinstance(answer, Theorem):
        return answer
    raise InvalidCircuit(f"{circuit.name} is not proved to compute {target}: {answer}")


def _citations(circuit: Circuit, known: Mapping[Circuit, tuple[Expr, Theorem]]) -> Sequence[Citation]:
    citations: list[Citation] = []
    wires = circuit.wire_terms
    for part in circuit.parts:
        if isinstance(part, Block) and part.circuit in known and len(part.wires) == 1:
            target, theorem = known[part.circuit]
            fed = substitute([_term(circuit, argument) for argument in part.arguments], wires)
            inner = {symbol.name: term for symbol, term in zip(part.circuit.inputs, fed, strict=True)}
            (value,) = substitute([_term(part.circuit, target)], inner)
            terms = tuple(inner.get(name, Term("variable", name=name)) for name in theorem.claim.variables())
            citations.append(Citation(theorem, terms, wires[part.wires[0].name], value))
    return citations


def _term(circuit: Circuit, expression: Expr) -> Term:
    return from_sympy(expression, parameters=[symbol.name for symbol in circuit.parameters])
