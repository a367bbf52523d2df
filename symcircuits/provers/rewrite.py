"""Proofs by rewriting: all parts of a composed term become what theorems say they are, and one closing step ends it.

With the 0-1 principle as this step nothing is put into normal form, so that sorting networks, whose normal forms are
exponential, cost what they have comparators.
"""

from __future__ import annotations

from collections.abc import Sequence

from symcircuits.kernel.check import Theorem, check
from symcircuits.kernel.term import Claim, table
from symcircuits.provers.certificate import Step, text_of, theorem_to_json
from symcircuits.provers.cite import Citation, Lemmas


def prove_by_rewriting(claim: Claim, citations: Sequence[Citation], closing: str = "zero_one") -> Theorem:
    """The theorem of a comparison that a closing rule shows once each whole is replaced by its value everywhere.

    In a citation's terms and value, wholes stand already replaced; for zero_one these are made of max, min and
    variables only. The theorems cited have no domain and are equalities. Raises `CertificateRejected` where this does
    not hold.

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
    return check(text_of([*lemmas.theorems, theorem_to_json(claim, [*skeleton, [closing]])]))
