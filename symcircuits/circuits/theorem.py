"""What a circuit owes: the claim that it computes its target, and its theorem, by citing the theorems of its blocks.

Blocks that compute max and min, both of them, are rewritten to these, and the 0-1 principle compares the result with
the target: so sorting networks cost what they have comparators. Other compositions are compared by their normal forms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from sympy import Expr, Symbol

from symcircuits.circuits.circuit import Block, Circuit
from symcircuits.circuits.parts import Neuron, wiring
from symcircuits.circuits.sections import Lemma, Use, in_sections
from symcircuits.cpwl.substitute import substitute
from symcircuits.errors import CertificateRejected, InvalidCircuit
from symcircuits.expr.from_sympy import assumed, from_sympy
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.term import Claim, Comparison, Term, rebuilt, subterms, variable
from symcircuits.provers.cite import Citation, prove_by_chain, prove_by_citation
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.rewrite import prove_by_rewriting

Known = Mapping[Circuit, Sequence[Lemma]]
"""What is known about circuits that are blocks of others: a lemma for each output."""


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
    lemmas = {
        block: (Lemma(theorem, _term(block, computed), tuple(theorem.claim.variables())),)
        for block, (computed, theorem) in (known or {}).items()
    }
    return prove_composition(circuit, claim, lemmas, str(target))


def prove_composition(circuit: Circuit, claim: Claim, known: Known, target: str = "") -> Theorem:
    """The theorem of a claim whose left side is an output of the circuit, by citation of its blocks where they suffice.

    Where they do not, because the target is another one than that of the blocks together or because a domain does not
    follow, the rest is searched for. Raises `InvalidCircuit` with a counterexample or the reason when no proof is
    found.
    """
    wanted = {id(term) for term in subterms((claim.goal.left,))}
    uses = list(_uses(circuit, known, wanted))
    with suppress(CertificateRejected):  # the 0-1 principle refuses what is false, without a counterexample
        if lattice := _lattice_citations(claim, uses):
            return prove_by_rewriting(claim, lattice)
    for way in (in_sections, None) if uses else ():
        with suppress(CertificateRejected):  # the target may need more than citations
            return prove_by_citation(claim, [use.citation for use in (way(claim, uses) if way else uses)])
    if uses:
        with suppress(CertificateRejected):  # a domain may need more than linear combinations
            return _through_composed_target(circuit, claim, known, uses, target)
    answer = prove_claim(claim)
    if isinstance(answer, Theorem):
        return answer
    raise InvalidCircuit(_refusal(circuit, claim, target, str(answer)))


def _lattice_citations(claim: Claim, uses: Sequence[Use]) -> list[Citation]:
    """What each block computes, if the whole and the target are made of both max and min of variables."""
    values: dict[int, Term] = {}
    citations: list[Citation] = []
    for use in uses:
        fed = dict(zip(use.fed, rebuilt(use.fed.values(), values), strict=True))
        citations.append(use._replace(fed=fed).citation)
        values[id(use.output)] = citations[-1].value
    kinds = {term.kind for term in subterms((*rebuilt([claim.goal.left], values), claim.goal.right))}
    return citations if kinds == {"max", "min", "variable"} else []


def _through_composed_target(circuit: Circuit, claim: Claim, known: Known, uses: Sequence[Use], target: str) -> Theorem:
    """The theorem by way of the composed target, whose equality with the claim's target is searched for."""
    place = next(at for at, term in enumerate(circuit.terms) if term is claim.goal.left or term == claim.goal.left)
    targets = {block: [lemma.target for lemma in lemmas] for block, lemmas in known.items()}
    middle = output_targets(circuit, targets)[place]
    composed = claim._replace(goal=claim.goal._replace(right=middle))
    first = prove_by_citation(composed, [use.citation for use in in_sections(composed, uses)])
    second = prove_claim(claim._replace(goal=claim.goal._replace(left=middle)))
    if isinstance(second, Theorem):
        return prove_by_chain(claim, middle, first, second)
    raise InvalidCircuit(_refusal(circuit, claim, target, str(second)))


def _refusal(circuit: Circuit, claim: Claim, target: str, reason: str) -> str:
    return f"{circuit.name} is not proved to compute {target or str(claim.goal.right)}: {reason}"


def _uses(circuit: Circuit, known: Known, wanted: set[int]) -> Iterator[Use]:
    """The uses of known blocks whose outputs are among the wanted terms, in order."""
    terms = circuit.wire_terms
    for part in circuit.parts:
        if isinstance(part, Block) and part.circuit in known:
            fed = dict(zip(_names(part.circuit), (_at(circuit, e, terms) for e in part.arguments), strict=True))
            for wire, lemma in zip(part.wires, known[part.circuit], strict=True):
                if id(terms[wire.name]) in wanted:
                    yield Use(terms[wire.name], fed, lemma)


def wire_targets(circuit: Circuit, known: Mapping[Circuit, Sequence[Term]]) -> dict[str, Term]:
    """The term of every wire in which known blocks are their targets, put into each other."""
    values = {symbol.name: variable(symbol.name) for symbol in circuit.inputs}
    for part in circuit.parts:
        wires, arguments = wiring(part)
        fed = [_at(circuit, argument, values) for argument in arguments]
        if isinstance(part, Neuron):
            values[part.wire.name] = Term("relu", (fed[0],))
        else:
            targets = known.get(part.circuit, part.circuit.terms)
            inner = substitute(targets, dict(zip(_names(part.circuit), fed, strict=True)))
            values.update((wire.name, term) for wire, term in zip(wires, inner, strict=True))
    return values


def output_targets(circuit: Circuit, known: Mapping[Circuit, Sequence[Term]]) -> tuple[Term, ...]:
    """The outputs in which known blocks are their targets."""
    values = wire_targets(circuit, known)
    return tuple(_at(circuit, output, values) for output in circuit.outputs)


def _names(circuit: Circuit) -> list[str]:
    return [symbol.name for symbol in circuit.inputs]


def _at(circuit: Circuit, expression: Expr, values: Mapping[str, Term]) -> Term:
    if isinstance(expression, Symbol) and expression.name in values:
        return values[expression.name]
    return substitute([_term(circuit, expression)], values)[0]


def _term(circuit: Circuit, expression: Expr) -> Term:
    return from_sympy(expression, parameters=[symbol.name for symbol in circuit.parameters])
