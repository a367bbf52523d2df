"""Claims: any, true by construction, and false by one coefficient, with a point that shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from hypothesis import strategies as st

from symcircuits.kernel.term import ONE, RELATIONS, Claim, Comparison, Term, total
from symcircuits.provers.result import Counterexample, counterexample
from symcircuits.testing.mutations import with_coefficients
from symcircuits.testing.strategies.domain import domains
from symcircuits.testing.strategies.expression import rewritings, terms
from symcircuits.testing.strategies.point import points
from symcircuits.testing.strategies.rational import UNIT

NAMES = ("x", "y")
TRIES = 3
"""Points that are tried before the constant is changed, which is false at every point."""


@st.composite
def claims(
    draw: st.DrawFn,
    names: Sequence[str] = NAMES,
    depth: int = 2,
    relations: Sequence[str] = tuple(RELATIONS),
    with_domains: bool = True,
) -> Claim:
    """Small claims, true and false ones: random sides, or one side the other rewritten, with slack for an inequality.

    Shrinks towards few variables, short sides and no domain.

    >>> from hypothesis import find
    >>> print(find(claims(), lambda claim: claim.goal.relation == "<="))
    for all real x: x <= x
    """
    relation = draw(st.sampled_from(list(relations)))
    left = draw(terms(names, depth))
    right = draw(st.one_of(terms(names, depth), rewritings(left)))
    return _stated(draw, left, relation, right, names, with_domains)


@st.composite
def true_claims(
    draw: st.DrawFn,
    names: Sequence[str] = NAMES,
    depth: int = 2,
    relations: Sequence[str] = tuple(RELATIONS),
    with_domains: bool = True,
) -> Claim:
    """Claims that are true by construction: a side and the same function written in another way, with slack.

    Shrinks as `claims` do, to equal sides.

    >>> from hypothesis import find
    >>> print(find(true_claims(), lambda claim: claim.goal.relation == "<"))
    for all real x: x < x + 1
    """
    relation = draw(st.sampled_from(list(relations)))
    left = draw(terms(names, depth))
    return _stated(draw, left, relation, draw(rewritings(left)), names, with_domains)


def _stated(draw: st.DrawFn, left: Term, relation: str, right: Term, names: Sequence[str], with_domains: bool) -> Claim:
    """The claim, with slack of the sign that an inequality allows, and a constant where it is strict."""
    if relation != "==":
        sign = UNIT if relation in ("<=", "<") else -UNIT
        slack = draw(st.one_of(st.none(), terms(names, 1)))
        shift = draw(st.integers(1 if relation in ("<", ">") else 0, 1))
        items = [(UNIT, right)]
        items += [] if slack is None else [(sign, Term("relu", (slack,)))]
        items += [(sign, ONE)] if shift else []
        right = total(items) if len(items) > 1 else right
    where = draw(domains(names)) if with_domains else ()
    return Claim(Comparison(left, relation, right), where)


@st.composite
def false_claims(
    draw: st.DrawFn,
    names: Sequence[str] = NAMES,
    depth: int = 2,
    relations: Sequence[str] = ("==",),
    with_domains: bool = True,
) -> Counterexample:
    """Claims that are false by one coefficient of the right side, each with a point of its domain that shows it.

    But for this coefficient both sides denote the same function. Shrinks to short sides, no domain, and a change by 1.

    >>> from hypothesis import find
    >>> print(find(false_claims(), lambda found: found.claim.goal.left.kind == "relu"))
    at x = 0: left side 0, right side 1
    """
    relation = draw(st.sampled_from(list(relations)))
    left = draw(terms(names, depth))
    right = draw(rewritings(left))
    claim = Claim(Comparison(left, relation, right), draw(domains(names)) if with_domains else ())
    places = points(claim)
    if places.is_empty:
        claim, places = claim._replace(where=()), points(claim._replace(where=()))
    step = draw(st.sampled_from((UNIT, -UNIT, Fraction(1, 1000))))
    moves: list[Callable[[Fraction], Fraction]] = [lambda c: c + step, lambda c: -c, lambda c: Fraction(0)]
    changed = [wrong for move in moves for wrong in with_coefficients(right, move)]
    shifted = total([(UNIT, right), (-UNIT if relation in ("<=", "<") else UNIT, ONE)])
    other = draw(st.sampled_from([shifted, *changed]))
    for wrong in (*[other] * TRIES, shifted):
        found = counterexample(claim._replace(goal=claim.goal._replace(right=wrong)), draw(places))
        if found is not None:
            return found
    raise RuntimeError("a claim with its constant changed is true at a point")
