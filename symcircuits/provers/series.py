"""Theorems that build on each other, written one after another and checked together at the end.

>>> from symcircuits.expr.parse import parse_claim, parse_expression
>>> series = Series()
>>> law = series.law(parse_claim("max(u, min(v, w)) == min(max(u, v), max(u, w))"))
>>> claim = parse_claim("max(x, min(2*x, y)) == min(max(x, 2*x), max(x, y))")
>>> at = dict(zip("uvw", claim.goal.left.args[:1] + claim.goal.left.args[1].args, strict=True))
>>> series.theorem(series.add(claim, [law.cited(at)]))
Theorem: for all real x, y: max(x, min(2*x, y)) == min(max(x, 2*x), max(x, y))
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from symcircuits.errors import CertificateRejected
from symcircuits.kernel.certificate import BYTES
from symcircuits.kernel.check import Theorem, check
from symcircuits.kernel.term import Claim, Term, table, variable
from symcircuits.provers.certificate import Data, Step, text_of, theorem_to_json, write
from symcircuits.provers.cite import Lemmas
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.result import LimitReached


class Entry(NamedTuple):
    """A claim of a series by its number, and its variables in the order in which a citation gives their terms."""

    number: int
    variables: tuple[str, ...]

    def cited(self, at: Mapping[str, Term]) -> Step:
        """The step that cites the claim at these terms; variables without one stand for themselves."""
        return ["cite", self.number, [at.get(name) or variable(name) for name in self.variables]]


class Series:
    """Claims with steps that may cite those before."""

    def __init__(self) -> None:
        self._lemmas = Lemmas(())
        self._theorems = self._lemmas.theorems
        self._laws: dict[str, Entry] = {}
        self._size = 0

    def add(self, claim: Claim, steps: Sequence[Step]) -> Entry:
        """One more claim; `LimitReached` when the certificate becomes longer than the kernel accepts."""
        return self._added(theorem_to_json(claim, steps), claim)

    def law(self, claim: Claim) -> Entry:
        """A claim that needs no others, each proved once; `CertificateRejected` if it is not proved."""
        text = str(claim)
        if text not in self._laws:
            self._laws[text] = self._added(_proved(claim), claim)
        return self._laws[text]

    def adopted(self, theorem: Theorem) -> Entry:
        """The claim of a theorem, with those that its certificate needs."""
        number = self._lemmas.carry(theorem.certificate)
        return Entry(number, tuple(theorem.claim.variables()))

    def theorem(self, entry: Entry) -> Theorem:
        """The kernel's theorem, with the claims that it needs; `CertificateRejected` if a step is wrong."""
        needed, stack = set[int](), [entry.number]
        while stack:
            number = stack.pop()
            if number not in needed:
                needed.add(number)
                stack += [step[1] for step in self._theorems[number]["proof"] if step[0] == "cite"]
        place = {number: at for at, number in enumerate(sorted(needed))}
        return check(text_of(_renumbered(self._theorems[number], place) for number in place))

    def _added(self, theorem: Data, claim: Claim) -> Entry:
        self._theorems.append(theorem)
        self._size += len(json.dumps(theorem, separators=(",", ":")))
        if self._size > BYTES:
            raise LimitReached(f"a certificate has at most {BYTES} characters, and the proof needs more")
        return Entry(len(self._theorems) - 1, tuple(claim.variables()))


def _renumbered(theorem: Data, place: Mapping[int, int]) -> Data:
    steps = [[step[0], place[step[1]], *step[2:]] if step[0] == "cite" else step for step in theorem["proof"]]
    return {**theorem, "proof": steps}


def _proved(claim: Claim) -> Data:
    """A theorem by the first that works of: normal forms, the order of the variables, cells."""
    for rule in ("normal", "ordered"):
        try:
            certificate = check(write([(claim, [[rule]])])).certificate
        except CertificateRejected:
            continue
        break
    else:
        answer = prove_claim(claim)
        if not isinstance(answer, Theorem):
            raise CertificateRejected(f"the law {claim} is not proved: {answer}")
        certificate = answer.certificate
    (theorem,) = json.loads(certificate)["theorems"]
    return dict(theorem)


class Rewritten(NamedTuple):
    """The steps that rewrite a goal, and the two sides after them."""

    steps: list[Step]
    left: Term
    right: Term


def rewriting(left: Term, right: Term, pairs: Iterable[tuple[Term, Term, Sequence[Step]]]) -> Rewritten:
    """The step that rewrites the goal left == right by pairs (old, new), and then those that prove each old == new.

    No old may be a part of another one.
    """
    found = list(pairs)
    if not found:
        return Rewritten([], left, right)
    rows, places = table(left, right, *(old for old, _, _ in found))
    at = dict(zip(places[2:], found, strict=True))
    made: list[Term] = []
    for place, (kind, parts, coefficients, name, exponent) in enumerate(rows):
        new = Term(kind, tuple(made[part] for part in parts), coefficients, name, exponent)
        made.append(at[place][1] if place in at else new)
    ordered = [at[place] for place in sorted(at)]
    proofs = [step for _, _, steps in ordered for step in steps]
    pair_of_terms = [[old, new] for old, new, _ in ordered]
    return Rewritten([["rewrite", pair_of_terms], *proofs], made[places[0]], made[places[1]])
