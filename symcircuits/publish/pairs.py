"""Reconstructor pairs, relu(t) - relu(-t) = t: a claim without them needs fewer cases.

>>> from symcircuits.expr.parse import parse_claim
>>> shorter = without_pairs(parse_claim("relu(x) - relu(-x) - relu(x - y) == min(x, y)"))
>>> print(shorter.claim.goal.left, shorter.pairs[0])
x - relu(x - y) (relu(x) - relu(-x), x)
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from symcircuits.kernel.term import Claim, Term, subterms, total

ONCE = Fraction(1)


class Shorter(NamedTuple):
    """A claim with the arguments in the place of pairs, and the pairs, each with its argument."""

    claim: Claim
    pairs: tuple[tuple[Term, Term], ...]


def without_pairs(claim: Claim) -> Shorter | None:
    """The claim without the reconstructor pairs that its sides are sums of; None if there are none, or nothing else."""
    pairs: list[tuple[Term, Term]] = []
    left, right = (_shortened(side, pairs) for side in (claim.goal.left, claim.goal.right))
    if not pairs or all(term.kind in ("one", "variable", "sum") for term in subterms((left, right))):
        return None
    return Shorter(claim._replace(goal=claim.goal._replace(left=left, right=right)), tuple(dict.fromkeys(pairs)))


def _shortened(side: Term, pairs: list[tuple[Term, Term]]) -> Term:
    if side.kind != "sum":
        return side
    items = list(zip(side.coefficients, side.args, strict=True))
    for at, (c, term) in enumerate(items):
        if term.kind != "relu" or not c:
            continue
        for other, (d, part) in enumerate(items):
            if c == -d and other > at and part.kind == "relu" and _are_opposite(term.args[0], part.args[0]):
                first, second, argument = term, part, term.args[0]
                if _is_negative(argument):
                    c, first, second, argument = d, part, term, part.args[0]
                pairs.append((total([(ONCE, first), (-ONCE, second)]), argument))
                items[at], items[other] = (c, argument), (Fraction(0), part)
                break
    kept = [(c, term) for c, term in items if c]
    return kept[0][1] if len(kept) == 1 and kept[0][0] == 1 else total(kept)


def _are_opposite(one: Term, other: Term) -> bool:
    """Whether the sums, written in any order, have the same parts with opposite factors."""
    first, second = _factors(one), _factors(other)
    return first.keys() == second.keys() and all(c == -second[part] for part, c in first.items())


def _factors(term: Term) -> dict[Term, Fraction]:
    return dict(zip(term.args, term.coefficients, strict=True)) if term.kind == "sum" else {term: ONCE}


def _is_negative(term: Term) -> bool:
    return term.kind == "sum" and term.coefficients[:1] < (Fraction(0),)
