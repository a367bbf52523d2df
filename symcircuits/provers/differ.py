"""`differ`: a point where two functions differ, or the theorem that there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from symcircuits.expr.claim import as_claim
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.number import rational_to_text
from symcircuits.kernel.term import Claim, Comparison
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.result import Counterexample, Unknown


class Difference(NamedTuple):
    """A point of the domain at which the two functions have these different values."""

    claim: Claim
    point: dict[str, Fraction]
    left: Fraction
    right: Fraction

    def __str__(self) -> str:
        place = ", ".join(f"{name} = {rational_to_text(value)}" for name, value in self.point.items())
        return f"at {place or 'any point'}: {rational_to_text(self.left)} and {rational_to_text(self.right)}"


class NoDifference(NamedTuple):
    """The two functions are equal on the whole domain, as the theorem says."""

    theorem: Theorem

    def __str__(self) -> str:
        return f"no difference: {self.theorem.claim}"

    def __bool__(self) -> bool:
        return False


def differ(
    left: Any,
    right: Any,
    where: Any = "",
    *,
    let: Sequence[tuple[str, str]] | Mapping[str, str] = (),
    seconds: float | None = None,
    report: Callable[[int, int], None] | None = None,
    memory: float | None = None,
) -> Difference | NoDifference | Unknown:
    """A point where two functions differ, or the theorem that they do nowhere on the domain, or `Unknown`.

    The functions are texts or SymPy expressions; the rest is as in `prove`. Only a difference is true as a condition,
    so that `if differ(f, g)` means that there is one.

    >>> print(differ("max(a, b)", "a + relu(a - b)"))
    at a = 1, b = 0: 1 and 2
    >>> print(differ("max(a, b)", "a + relu(a - b)", "a <= b, b <= a"))
    no difference: for all real a, b with a <= b, b <= a: max(a, b) == a + relu(a - b)
    """
    claims = [as_claim(f"{side} == 0" if isinstance(side, str) else (side, 0), where, let) for side in (left, right)]
    conditions = tuple(dict.fromkeys(comparison for claim in claims for comparison in claim.where))
    goal = Comparison(claims[0].goal.left, "==", claims[1].goal.left)
    answer = prove_claim(claims[0]._replace(goal=goal, where=conditions), seconds, report=report, memory=memory)
    match answer:
        case Theorem():
            return NoDifference(answer)
        case Counterexample(claim, point, first, second):
            return Difference(claim, point, first, second)
    return answer
