"""Max and min that are written with relu, read back before compiling: what they are written with costs layers.

>>> from symcircuits.circuits.compiler.input import read_functions
>>> as_maxima(read_functions("b - relu(b - max(a, c))")).terms
(min(max(a, c), b),)
"""

from __future__ import annotations

from collections.abc import Sequence

from symcircuits.circuits.compiler.input import Functions
from symcircuits.errors import CertificateRejected
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.term import Claim, Comparison, Term, subterms
from symcircuits.provers.cite import prove_by_chain
from symcircuits.provers.prove import Answer, prove_claim
from symcircuits.provers.recognise import as_lattice
from symcircuits.provers.result import Unknown


def as_maxima(functions: Functions) -> Functions | None:
    """The functions with those that are made of max and min of variables written so; None if all are already."""
    terms = tuple(
        term if found is None or not _has_relus(term) else found
        for term, found in zip(functions.terms, as_lattice(functions.terms), strict=True)
    )
    is_same = all(new is old for new, old in zip(terms, functions.terms, strict=True))
    return None if is_same else functions._replace(terms=terms)


def _has_relus(term: Term) -> bool:
    return any(part.kind in ("relu", "abs") for part in subterms([term]))


def from_maxima(
    given: Sequence[Term], read: Sequence[Term], answers: Sequence[Answer], seconds: float | None
) -> tuple[Answer, ...]:
    """The theorems about the given terms, from answers about what they were read as."""
    return tuple(map(_from_maxima, given, read, answers, [seconds] * len(given)))


def _from_maxima(given: Term, read: Term, answer: Answer, seconds: float | None) -> Answer:
    if given == read or not isinstance(answer, Theorem):
        return answer
    whole = Claim(Comparison(given, "==", answer.claim.goal.right))
    first = prove_claim(whole._replace(goal=Comparison(given, "==", read)), seconds)
    if not isinstance(first, Theorem):
        return first
    try:
        return prove_by_chain(whole, read, first, answer)
    except CertificateRejected as error:
        return Unknown(whole, str(error))
