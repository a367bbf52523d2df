"""Proofs by citation: the parts of a composed term are rewritten by theorems already proved, one congruence each.

The cost is one citation a part, whatever the part's own proof cost, and the parts' certificates are carried along once.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from symcircuits.kernel.check import Theorem, check
from symcircuits.kernel.number import integer_from_text
from symcircuits.kernel.term import Claim, Term
from symcircuits.provers.certificate import number_to_json, write


class Citation(NamedTuple):
    """The theorem, an equality without domain, at these terms, one for each of its variables, says whole == value."""

    theorem: Theorem
    terms: tuple[Term, ...]
    whole: Term
    value: Term


def prove_by_citation(claim: Claim, citations: Sequence[Citation]) -> Theorem:
    """The theorem of an equality whose sides agree in normal form once each whole is replaced by its value, in order.

    Raises `CertificateRejected` when they do not.

    >>> from symcircuits.expr.parse import parse_claim, parse_expression
    >>> from symcircuits.provers.prove import prove
    >>> minimum = prove("b - relu(b - a) == min(a, b)")
    >>> claim = parse_claim("m - relu(m - c) == min(c, b, a)", let=[("m", "b - relu(b - a)")])
    >>> whole = claim.goal.left
    >>> inner, c, (a, b) = whole.args[0], parse_expression("c"), map(parse_expression, "ab")
    >>> first = Citation(minimum, (b, a), inner, Term("min", (a, b)))
    >>> second = Citation(minimum, (inner, c), whole, Term("min", (c, inner)))
    >>> print(prove_by_citation(claim, [first, second]).claim)
    for all real b, a, c: (b - relu(b - a)) - relu((b - relu(b - a)) - c) == min(c, b, a)
    """
    theorems: list[str] = []
    number: dict[str, int] = {}
    for certificate in dict.fromkeys(citation.theorem.certificate for citation in citations):
        renumbered: list[int] = []
        for theorem in _theorems(certificate):
            theorem["proof"] = [_cited(step, renumbered) for step in theorem["proof"]]
            text = json.dumps(theorem, separators=(",", ":"))
            if text not in theorems:
                theorems.append(text)
            renumbered.append(theorems.index(text))
        number[certificate] = renumbered[-1]
    steps: list[list[Any]] = []
    for citation in citations:
        steps.append(["congruence", citation.whole, citation.value])
        steps.append(["cite", number[citation.theorem.certificate], list(citation.terms)])
    return check(write([(claim, [*steps, ["normal"]])], theorems))


def _theorems(certificate: str) -> list[dict[str, Any]]:
    def integer(text: str) -> int | str:
        return number_to_json(Fraction(integer_from_text(text)))

    theorems: list[dict[str, Any]] = json.loads(certificate, parse_int=integer)["theorems"]
    return theorems


def _cited(step: list[Any], renumbered: Sequence[int]) -> list[Any]:
    return [step[0], renumbered[step[1]], *step[2:]] if step[0] == "cite" else step
