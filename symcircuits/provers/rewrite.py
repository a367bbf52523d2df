"""Proofs by rewriting: every part of a composed term becomes a max or min of variables, and the 0-1 principle ends it.

Nothing is put into normal form, so that sorting networks, whose normal forms are exponential, cost what they have
comparators.
"""

from __future__ import annotations

from collections.abc import Sequence

from symcircuits.kernel.check import Theorem, check
from symcircuits.kernel.term import Claim, table
from symcircuits.provers.certificate import Step, text_of, theorem_to_json
from symcircuits.provers.cite import Citation, Lemmas


def prove_by_rewriting(claim: Claim, citations: Sequence[Citation]) -> Theorem:
    """The theorem of a comparison that the 0-1 principle shows once each whole is replaced by its value everywhere.

    In a citation's terms and value, wholes stand already replaced: these are made of max, min and variables only. The
    theorems cited have no domain and are equalities of the very shapes that are cited. Raises `CertificateRejected`
    where one of this does not hold.

    >>> from symcircuits.expr.parse import parse_claim, parse_expression
    >>> from symcircuits.kernel.term import Term
    >>> from symcircuits.provers.prove import prove
    >>> minimum = prove("b - relu(b - a) == min(a, b)")
    >>> claim = parse_claim("m - relu(m - c) == min(c, b, a)", let=[("m", "b - relu(b - a)")])
    >>> whole = claim.goal.left
    >>> inner, c, (a, b) = whole.args[0], parse_expression("c"), map(parse_expression, "ab")
    >>> least = Term("min", (a, b))
    >>> first = Citation(minimum, (b, a), inner, least)
    >>> second = Citation(minimum, (least, c), whole, Term("min", (c, least)))
    >>> prove_by_rewriting(claim, [first, second]).claim == claim
    True
    """
    places = table(claim.goal.left, claim.goal.right, *(citation.whole for citation in citations))[1][2:]
    ordered = [citation for _, citation in sorted(zip(places, citations, strict=True), key=lambda pair: pair[0])]
    lemmas = Lemmas(citation.theorem for citation in citations)
    skeleton: list[Step] = [["rewrite", [[citation.whole, citation.value] for citation in ordered]]]
    skeleton += [["cite", lemmas.number(citation.theorem), list(citation.terms)] for citation in ordered]
    return check(text_of([*lemmas.theorems, theorem_to_json(claim, [*skeleton, ["zero_one"]])]))
