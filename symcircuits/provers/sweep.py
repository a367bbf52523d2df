"""Comparisons about one variable: both sides are swept from breakpoint to breakpoint, at any depth.

The breakpoints of every relu, abs, max and min inside are found by composing functions of one variable; between them
all is affine, so the values there decide.

>>> from symcircuits.provers.prove import prove
>>> prove("relu(1 - abs(x)) == relu(x + 1) - 2*relu(x) + relu(x - 1)", where="x <= 5").certificate.count("sweep")
1
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from symcircuits.cpwl.univariate import Univariate, combination, positive_part
from symcircuits.kernel.check import Context
from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.term import RELATIONS, Comparison, Term, subterms
from symcircuits.provers.certificate import number_to_json
from symcircuits.provers.domain import Inside
from symcircuits.provers.points import simple_counterexample
from symcircuits.provers.result import Clock, Counterexample
from symcircuits.provers.route import Passed
from symcircuits.provers.search import Search

ONCE, HALVINGS = Fraction(1), 60
End = tuple[Fraction, list[Any]]
"""Where the domain ends, and the multipliers that show it."""


def prove_by_sweep(search: Search, inside: Inside, clock: Clock) -> Counterexample | None:
    """Close the goal, or return a counterexample; `Passed` if it is about more than one variable."""
    context, claim = inside.goal
    name = _only_variable(claim)
    number = search.proof.draft.variables.index(name) + 1
    if number in context.algebra.values:
        raise Passed("the variable is replaced by a form")
    low, high = _ends(context, number)
    sides, kinks = _functions(claim, clock)
    inner = sorted(t for t in kinks if (not low or t > low[0]) and (not high or t < high[0]))
    points = _points(inner, low and low[0], high and high[0])
    gap = combination([(ONCE, sides[1]), (-ONCE, sides[0])])
    if ">" in claim.relation:
        gap = combination([(-ONCE, gap)])
    for x in _suspects(gap, claim.relation.replace(">", "<"), points, (low is not None, high is not None)):
        clock.tick()
        at = [x if place == number else value for place, value in enumerate(inside.point, 1)]
        found = simple_counterexample(search, context, at)
        if found is not None:
            return found
    try:
        search.apply(
            inside.goal, "sweep", number - 1, [*map(number_to_json, points)], *(end and end[1] for end in (low, high))
        )
    except CertificateRejected as error:
        raise Passed(str(error)) from None
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


def _functions(claim: Comparison, clock: Clock) -> tuple[tuple[Univariate, Univariate], set[Fraction]]:
    """Both sides as functions of the variable, and the places where the order of two compared terms changes."""
    made: dict[int, Univariate] = {}
    kinks: set[Fraction] = set()
    for term in subterms(claim[::2]):
        parts = [made[id(part)] for part in term.args]
        clock.spend(2000 * sum(1 + len(part.kinks) for part in parts))
        made[id(term)] = _function(term, parts, kinks)
    return (made[id(claim.left)], made[id(claim.right)]), kinks


def _function(term: Term, parts: Sequence[Univariate], kinks: set[Fraction]) -> Univariate:
    match term.kind:
        case "one":
            return Univariate(Fraction(0), ONCE)
        case "variable":
            return Univariate(ONCE, Fraction(0))
        case "sum":
            return combination(zip(term.coefficients, parts, strict=True))
        case "relu":
            parts = [Univariate(Fraction(0), Fraction(0)), *parts]
        case "abs":
            parts = [*parts, combination([(-ONCE, parts[0])])]
    sign = -ONCE if term.kind == "min" else ONCE
    best, *others = parts
    for part in others:
        rise = positive_part(combination([(sign, part), (-sign, best)]))
        kinks.update(t for t, _ in rise.kinks)
        best = combination([(ONCE, best), (sign, rise)])
    return best


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
