"""The domain of a claim before the search: empty, or reduced to one with interior, with the signs of its parameters."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from symcircuits.exact.polyhedron import Empty, Flat, Solid, analyse
from symcircuits.exact.simplex import Implied, Simplex
from symcircuits.kernel.check import Context, Goal
from symcircuits.kernel.normal import Form
from symcircuits.kernel.term import subterms
from symcircuits.provers.result import Clock
from symcircuits.provers.search import Point, Search, integers, multipliers_to_json, row_to_json


class Inside(NamedTuple):
    """A goal in a context with interior: a point strictly inside, and the hypotheses loaded in a simplex."""

    goal: Goal
    simplex: Simplex
    point: Point


def reduce_domain(search: Search, goal: Goal, clock: Clock) -> Inside | None:
    """The goal after replacing variables that equations fix; None when the domain is empty and the goal closed.

    Every row that is 0 on the whole domain, stated as an equation or not, gives one variable in terms of the others.
    """
    size = len(search.proof.draft.variables)
    while True:
        hypotheses = goal[0].hypotheses
        rows = [integers(form, size) for form, _ in hypotheses]
        match analyse(size, rows, [strict for _, strict in hypotheses], clock.tick):
            case Empty(multipliers):
                search.apply(goal, "absurd", multipliers_to_json(multipliers, hypotheses, Fraction(1)))
                return None
            case Flat(index, multipliers):
                goal = _substitute(search, goal, index, multipliers)
            case Solid(simplex, point):
                return Inside(goal, simplex, point)


def _substitute(search: Search, goal: Goal, flat: int, multipliers: dict[int, Fraction]) -> Goal:
    """Replace a variable by what the hypothesis h = 0 gives; the multipliers show -h >= 0 for h's integer row."""
    hypotheses, algebra = goal[0].hypotheses, goal[0].algebra
    form = hypotheses[flat][0]
    number = min((abs(n), at) for at, n in form.numerators.items() if at)[1]
    slope = Fraction(form.numerators[number], form.denominator)
    value = algebra.combine([(Fraction(1), Form({number: 1})), (-1 / slope, form)])
    factor = abs(1 / slope) / form.denominator
    above = multipliers_to_json({flat: Fraction(1)}, hypotheses, factor)
    below = multipliers_to_json(multipliers, hypotheses, factor)
    pair = (above, below) if slope > 0 else (below, above)
    (reduced,) = search.apply(goal, "substitute", number - 1, row_to_json(value), *pair)
    return reduced


def find_signs(search: Search, inside: Inside) -> Inside:
    """The goal knowing the sign of each parameter that multiplies or divides in the claim, if the domain fixes it."""
    terms = subterms(search.proof.draft.claim.sides())
    goal, algebra = inside.goal, inside.goal[0].algebra
    parameters = [algebra.scope.number[term.args[1].name] for term in terms if term.kind == "scale"]
    replaced = [algebra.values.get(number, Form({number: 1})) for number in parameters]
    for number in dict.fromkeys(at for form in replaced for at in form.numerators if at):
        for sign in (1, -1):
            multipliers = positive(goal[0], inside.simplex, Form({number: sign}))
            if multipliers is not None:
                (goal,) = search.apply(goal, "scale", number - 1, sign, multipliers)
                break
    return inside._replace(goal=goal)


def positive(context: Context, simplex: Simplex, form: Form) -> list[list[object]] | None:
    """Multipliers that show form > 0 if those of its least value do: that is positive, or a strict one takes part."""
    answer = simplex.minimise(integers(form, simplex.n))
    if not isinstance(answer, Implied):
        return None
    if answer.constant > 0 or any(context.hypotheses[at][1] for at in answer.multipliers):
        return multipliers_to_json(answer.multipliers, context.hypotheses, Fraction(1, form.denominator))
    return None
