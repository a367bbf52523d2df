"""The domain of a claim before the search: empty, or reduced to one with interior, with the signs of its parameters."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

from symcircuits.exact.polyhedron import Empty, Flat, Solid, analyse
from symcircuits.exact.simplex import Implied, Simplex, Violated
from symcircuits.kernel.check import Context, Goal
from symcircuits.kernel.normal import Form
from symcircuits.kernel.term import subterms
from symcircuits.provers.result import Clock
from symcircuits.provers.search import Point, Search, integers, multipliers_to_json, row_to_json


class Inside(NamedTuple):
    """A goal in a context with interior: a point strictly inside, and the hypotheses in a simplex."""

    goal: Goal
    solid: Solid

    @property
    def point(self) -> Point:
        """A point strictly inside."""
        return self.solid.point

    @property
    def simplex(self) -> Simplex:
        """The hypotheses, constraint i being number i."""
        return self.solid.simplex


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
            case Solid() as solid:
                return Inside(goal, solid)


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
    factors = [term.args[1] for term in terms if term.kind == "scale"]
    parameters = [algebra.scope.number[factor.name] for factor in factors if factor.kind == "variable"]
    replaced = [algebra.values.get(number, Form({number: 1})) for number in parameters]
    for number in dict.fromkeys(at for form in replaced for at in form.numerators if at):
        for sign in (1, -1):
            shown = positive(goal[0], inside.simplex, Form({number: sign}))
            if not isinstance(shown, Violated):
                (goal,) = search.apply(goal, "scale", number - 1, sign, shown)
                break
    return inside._replace(goal=goal)


def positive(context: Context, simplex: Simplex, form: Form) -> list[Any] | Violated:
    """Multipliers that show form > 0 where the strict hypotheses hold strictly, or a point there with form <= 0.

    One linear program in one more variable e: the largest e <= 1 with h >= e for strict h, h >= 0 for the others, and
    form <= 0. If it is 0, the multipliers m_f of the form, m_1 of 1 - e and m of the hypotheses give m_f*form = m_1 +
    sum m*h, and m_1 or a strict hypothesis has a positive one.
    """
    size = simplex.n
    program = Simplex(size + 1, simplex.tick)
    rows = [[*integers(h, size), -1 if strict else 0] for h, strict in context.hypotheses]
    rows += [[-n for n in integers(form, size)] + [0], [1, *[0] * size, -1]]
    multipliers = next(filter(None, map(program.add, rows)), None)
    if multipliers is None:
        answer = program.minimise([0, *[0] * size, -1])
        if not isinstance(answer, Implied):
            return Violated(answer.point[:size])
        multipliers = answer.multipliers
    weight = multipliers.pop(len(rows) - 2)
    multipliers.pop(len(rows) - 1, None)
    return multipliers_to_json(multipliers, context.hypotheses, 1 / (weight * form.denominator))
