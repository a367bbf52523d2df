"""Circuits that come near their target: gadgets with a bound of the error, and certificates that formulas give."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from symcircuits.circuits.gadget import Gadget
from symcircuits.errors import CertificateRejected
from symcircuits.expr.parse import parse_claim
from symcircuits.kernel.certificate import read
from symcircuits.kernel.check import Theorem, check
from symcircuits.kernel.induction import EveryLevel
from symcircuits.kernel.term import Claim, Comparison, Term, constant, total
from symcircuits.provers.certificate import Step, write
from symcircuits.provers.induction import statement
from symcircuits.provers.prove import prove_claim


class Script:
    """The theorems of a certificate in the making, each written once and known by its key."""

    def __init__(self) -> None:
        self.theorems: list[tuple[Claim, list[Step]]] = []
        self.places: dict[Hashable, int] = {}

    def theorem(self, key: Hashable, claim: Claim, steps: Callable[[], list[Step]]) -> int:
        """The place of the theorem of that key, which is added, after what its steps cite, if it is not there yet."""
        if key not in self.places:
            made = steps()
            self.places[key] = len(self.theorems)
            self.theorems.append((claim, made))
        return self.places[key]

    def searched(self, text: str, where: str = "") -> int:
        """The place of a theorem that the prover finds; its proof must mention no terms."""
        claim = parse_claim(text, where)

        def steps() -> list[Step]:
            answer = prove_claim(claim)
            if not isinstance(answer, Theorem):
                raise CertificateRejected(f"a lemma is not proved: {answer}")
            return list(read(answer.certificate)[-1]["proof"])

        return self.theorem(claim, claim, steps)

    def cite(self, place: int, terms: Mapping[str, Term], *premises: list[Step]) -> list[Step]:
        """The steps that cite a theorem at the terms, by its variables' names, and show its conditions in order."""
        names = self.theorems[place][0].variables()
        return [["cite", place, [terms[name] for name in names]], *(step for steps in premises for step in steps)]

    def finished(self, claim: Claim, steps: list[Step]) -> str:
        """The text of the certificate whose last theorem is the claim."""
        return write([*self.theorems, (claim, steps)])


def show(*multipliers: tuple[int, Fraction | int]) -> list[Step]:
    """The step that shows an inequality by multipliers of hypotheses (from 0) and of known inequalities (from -1)."""
    return [["farkas", [[at, Fraction(m)] for at, m in multipliers if m]]]


def known(fact: Comparison, proof: list[Step]) -> list[Step]:
    """The steps that prove an inequality, so that the next steps know it."""
    return [["have", fact.relation, fact.left, fact.right], *proof]


@dataclass(frozen=True, repr=False)
class Approximation(Gadget):
    """A gadget of one output that differs from its target by at most `bound` on its domain.

    script: writes the certificate of the claim it is given
    induction: proves what holds for all gadgets of the family at once

    >>> from symcircuits.circuits.gadgets import gadget
    >>> gadget("square", 2).bound, gadget("square", 2).run("1/8")
    (Fraction(1, 64), (Fraction(1, 32),))
    >>> gadget("square", 2).theorem.claim.goal.right
    1/64
    >>> print(gadget("square", 2).for_every_level().partition(", y")[0])
    for every m = 0, 1, 2, ... and all real x with 0 <= x, x <= 1
    """

    bound: Fraction = Fraction(0)
    script: Callable[[Claim], str] = str
    induction: Callable[[], tuple[EveryLevel, ...]] = tuple

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """That the output differs from the target by at most the bound, on the domain."""
        gap = total([(Fraction(1), self.circuit.terms[0]), (Fraction(-1), self.targets[0])])
        within = Comparison(Term("abs", (gap,)), "<=", constant(self.bound))
        return (Claim(within, self.domain.where, self.domain.ranges),)

    @cached_property
    def levels(self) -> tuple[EveryLevel, ...]:
        """The theorems about the whole family; none where they are not known."""
        return self.induction()

    def for_every_level(self) -> str:
        """What the theorems about the whole family say; empty where there are none."""
        return "\n".join(map(statement, self.levels))

    def prove_all(self) -> tuple[Theorem, ...]:
        """The theorem, from the certificate that is written for it."""
        return tuple(check(self.script(claim)) for claim in self.claims)
