"""Comparisons about one variable: both sides are brought into one way of writing functions of it, at any depth.

>>> from symcircuits.provers.prove import prove
>>> prove("relu(1 - abs(x)) == relu(x + 1) - 2*relu(x) + relu(x - 1)", where="x <= 5").certificate.count("sweep")
1
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from symcircuits.kernel.check import Context
from symcircuits.kernel.term import RELATIONS, Comparison, subterms
from symcircuits.kernel.univariate import Univariate, combination, function_of
from symcircuits.provers.certificate import number_to_json
from symcircuits.provers.domain import Inside
from symcircuits.provers.points import simple_counterexample
from symcircuits.provers.result import Clock, Counterexample, LimitReached
from symcircuits.provers.route import Passed
from symcircuits.provers.search import Search
from symcircuits.provers.zero_one import choices

ONCE, HALVINGS, SHORT, LONG = Fraction(1), 60, (0.03, 1.0), (0.4, 60.0)
"""Steps towards an end; the share of the time, and the seconds, that finding all breakpoints may take."""
DEEP, MANY = 14, 500
"""Choices in one another, and in all, that breakpoints may be too many for."""
End = tuple[Fraction, list[Any]]
"""Where the domain ends, and the multipliers that show it."""


def prove_by_short_sweep(search: Search, inside: Inside, clock: Clock) -> Counterexample | None:
    """What `prove_by_sweep` does; at once, if the claim is deep with few choices, which other routes are good at."""
    number, depth = choices(search.claim)
    return prove_by_sweep(search, inside, clock, SHORT if depth >= DEEP and number < MANY else LONG)


def prove_by_sweep(
    search: Search, inside: Inside, clock: Clock, limits: tuple[float, float] = LONG
) -> Counterexample | None:
    """Close the goal, or return a counterexample; `Passed` if it is about more than one variable."""
    context, claim = inside.goal
    name = _only_variable(claim)
    number = search.proof.draft.variables.index(name) + 1
    if number in context.algebra.values:
        raise Passed("the variable is replaced by a form")
    low, high = _ends(context, number)
    part = clock.part(*limits)
    try:
        left, right = (function_of(side, part.spend) for side in (claim.left, claim.right))
    except LimitReached:
        clock.tick()
        raise Passed("there are too many breakpoints") from None
    sign = -ONCE if ">" in claim.relation else ONCE
    gap = combination([(sign, right), (-sign, left)])
    inner = [t for t, _ in gap.kinks if (not low or t > low[0]) and (not high or t < high[0])]
    points = _points(inner, low and low[0], high and high[0])
    failed = False
    for x in _suspects(gap, claim.relation.replace(">", "<"), points, (low is not None, high is not None)):
        clock.tick()
        failed = True
        at = [x if place == number else value for place, value in enumerate(inside.point, 1)]
        found = simple_counterexample(search, context, at)
        if found is not None:
            return found
    if failed:
        raise Passed("it is false only at the end of an open interval, or outside the rest of the domain")
    ends = [part for end in (low, high) for part in ((number_to_json(end[0]), end[1]) if end else (None, []))]
    search.steps.append(["sweep", number - 1, *ends])  # the very functions have shown it
    return None


def _only_variable(claim: Comparison) -> str:
    order = subterms(claim[::2])
    names = {term.name for term in order if term.kind == "variable"}
    if len(names) != 1 or any(term.kind == "scale" for term in order):
        raise Passed("it is about more than one variable")
    return names.pop()


def _ends(context: Context, number: int) -> tuple[End | None, End | None]:
    """The greatest lower and the least upper bound among the hypotheses about the variable alone."""
    low: End | None = None
    high: End | None = None
    for at, (form, _) in enumerate(context.hypotheses):
        if form.numerators.keys() | {0} != {0, number}:
            continue
        slope = form.numerators[number]
        bound = Fraction(-form.numerators.get(0, 0), slope)
        end = bound, [[at, number_to_json(Fraction(form.denominator, abs(slope)))]]
        if slope > 0 and (low is None or bound > low[0]):
            low = end
        if slope < 0 and (high is None or bound < high[0]):
            high = end
    return low, high


def _points(inner: Sequence[Fraction], low: Fraction | None, high: Fraction | None) -> list[Fraction]:
    """Increasing points, two at least: the ends, or points one step beyond the inner ones, and those."""
    middle = inner or ([] if low is not None and high is not None else [Fraction(0)])
    if not inner and middle:
        middle = [low + 1] if low is not None else [high - 1] if high is not None else middle
    first = low if low is not None else middle[0] - 1
    last = high if high is not None else middle[-1] + 1
    return [first, *middle, last]


def _suspects(
    gap: Univariate, relation: str, points: Sequence[Fraction], ends: tuple[bool, bool]
) -> Iterator[Fraction]:
    """Points at which gap == 0, >= 0 or > 0 is false: the given ones, ones ever nearer to an end, and far beyond."""
    holds = RELATIONS[relation]
    values = gap.values(points)
    yield from (x for x, value in zip(points, values, strict=True) if not holds(0, value))
    for end, outer, inner in ((ends[0], 0, 1), (ends[1], -1, -2)):
        rise = values[outer] - values[inner]
        if end and not holds(0, values[outer]):
            yield from (points[outer] + (points[inner] - points[outer]) / 2**k for k in range(1, HALVINGS))
        elif not end and (rise < 0 or (rise and relation == "==")):
            yield points[outer] + (points[outer] - points[inner]) * (abs(values[outer] / rise) + 1)
