"""Networks that differ in neurons which are off on the whole domain: one lemma a neuron, then outputs by citation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symcircuits.circuits.network import Network
from symcircuits.errors import CertificateRejected
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.term import Claim, Comparison, subterms, total, variable
from symcircuits.provers.cite import Citation, prove_by_citation
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.result import Clock


def prove_with_dead_neurons(
    domain: Claim, one: Network, other: Network, wires: Sequence[tuple[Network, int]], seconds: float | None
) -> tuple[Theorem, ...] | None:
    """The theorems that the outputs are equal on the claim's domain, from lemmas that the neurons on the wires are 0.

    None when the lemmas are not proved within the seconds, or the outputs differ even so. The inputs of all
    networks must have the same names.

    >>> from symcircuits.circuits.network import network
    >>> from symcircuits.kernel.term import constant
    >>> def with_weight(w):
    ...     return network("n", ("x",), [([[1], [-1]], [0, 0]), ([[w, w]], [-1]), ([[1]], [0])])
    >>> domain = Claim(Comparison(constant(0), "==", constant(0)), (Comparison(variable("x"), "==", constant(0)),))
    >>> one, other = with_weight(2), with_weight(3)
    >>> prove_with_dead_neurons(domain, one, other, [(one, 3), (other, 3)], None)
    (Theorem: for all real x with x == 0: relu(2*relu(x) + 2*relu(-x) - 1) == relu(3*relu(x) + 3*relu(-x) - 1),)
    """
    citations, clock = list[Citation](), Clock()
    for network, wire in wires:
        neuron = network.wire_terms[wire]
        claim = domain._replace(goal=Comparison(neuron, "==", total([])))
        lemma = prove_claim(claim, None if seconds is None else max(seconds - clock.elapsed(), 0.0))
        if not isinstance(lemma, Theorem):
            return None
        citations.append(Citation(lemma, tuple(map(variable, lemma.claim.variables())), neuron, total([])))
    pairs = zip(one.terms, other.terms, strict=True)
    try:
        return tuple(_proved(domain._replace(goal=Comparison(a, "==", b)), citations) for a, b in pairs)
    except CertificateRejected:
        return None


def _proved(claim: Claim, citations: Sequence[Citation]) -> Theorem:
    """The theorem of the claim by those of the citations that are about parts of it."""
    inside = {id(part) for part in subterms((claim.goal.left, claim.goal.right))}
    return prove_by_citation(claim, [citation for citation in citations if id(citation.whole) in inside])


def with_inputs(network: Network, names: Sequence[str]) -> Network:
    """The network with its inputs called by these names."""
    return replace(network, inputs=tuple(names))
