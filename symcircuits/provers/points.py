"""Refutation by exact points: small ones first, inside the domain, then smaller ones still."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain, islice
from math import lcm

from symcircuits.cpwl.columns import columns, scaled_point
from symcircuits.exact.polyhedron import simplify_point
from symcircuits.kernel.check import Context
from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.normal import ZERO, Algebra, Form
from symcircuits.kernel.term import RELATIONS, Claim, Comparison, subterms, table
from symcircuits.provers.domain import Inside
from symcircuits.provers.result import Clock, Counterexample, counterexample
from symcircuits.provers.search import Point, Search, value

RADII = (1, 2, 3, 3, 10, 10, 100)
POINTS, BATCH, KINKS, LARGE = 60, 16, 40, 20_000
"""Integer points, how many are evaluated at once, tries at kinks; the size of claims whose points are left as found."""
UNITS, WIDE, WORK = 12, 64, 16_000_000
"""Unit vectors that are tried at once, of either sign; points evaluated at once as given, and what it may cost."""


def inner_points(inside: Inside) -> Iterator[Point]:
    """Points strictly inside the domain: its simple one, and small integer points drawn towards that one."""
    hypotheses = [[*form.numerators.items()] for form, _ in inside.goal[0].hypotheses if form.numerators]
    yield inside.point
    for target in _integer_points(len(inside.point)):
        for share in (1, Fraction(1, 2), Fraction(1, 4), Fraction(1, 16)):
            point = target
            if share != 1:
                point = [old + share * (new - old) for old, new in zip(inside.point, target, strict=True)]
            if not hypotheses:
                yield point
                break
            q = lcm(*(x.denominator for x in point))
            scaled = [q, *(x.numerator * (q // x.denominator) for x in point)]
            if all(sum(n * scaled[at] for at, n in pairs) > 0 for pairs in hypotheses):
                yield point
                break


def _integer_points(size: int) -> Iterator[Point]:
    """Unit vectors of either sign, then integer points with growing radius, always the same."""
    yield from _unit_points(size, range(min(size, UNITS)))
    source = random.Random(2022)
    for count in range(POINTS):
        radius = RADII[count * len(RADII) // POINTS]
        yield [Fraction(source.randint(-radius, radius)) for _ in range(size)]


def _unit_points(size: int, places: Sequence[int]) -> Iterator[Point]:
    """Unit vectors and their opposites."""
    zeros = [Fraction(0)] * size
    for sign in (Fraction(1), Fraction(-1)):
        for at in places:
            yield [*zeros[:at], sign, *zeros[at + 1 :]]


def refute_as_given(search: Search, inside: Inside, clock: Clock) -> Counterexample | None:
    """The counterexample at an inner point or, without hypotheses, a unit vector; the sides are evaluated as given.

    So the cost is that of the claim's text: large claims may have normal forms that are larger by far.
    """
    goal, size = search.claim.goal, len(inside.point)
    count = WORK // (size + sum(1 + len(term.args) for term in subterms(goal[::2])))
    further = () if inside.goal[0].hypotheses else _unit_points(size, range(UNITS, size))
    waiting = islice(chain(inner_points(inside), further), count)
    while points := list(islice(waiting, WIDE)):
        clock.tick()
        named = [search.named(inside.goal[0], point) for point in points]
        for at in places_where_false(goal, named):
            found = simple_counterexample(search, inside.goal[0], points[at])
            if found is not None:
                return found
    return None


def places_where_false(goal: Comparison, points: Sequence[Mapping[str, Fraction]]) -> list[int]:
    """The places of the points at which the comparison is false; `ValueError` for products of variables."""
    rows, (left, right) = table(goal.left, goal.right)
    holds, made = RELATIONS[goal.relation], columns(rows, [scaled_point(point) for point in points])
    (one, below), (other, under) = made[left], made[right]
    return [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if not holds(a * under, b * below)]


def refute(search: Search, inside: Inside, cloud: Iterable[Point], clock: Clock) -> Counterexample | None:
    """The counterexample at the first of the points, or near a kink, where the gap of the sides is of the wrong sign.

    Near a kink are points where the gap cannot be 0, if it is an affine form plus multiples of relu of affine forms.
    """
    context, claim = inside.goal
    try:
        gap = context.gap(claim)
        gap_values(context.algebra, gap, [inside.point])
        suspects = _suspects(context.algebra, gap, claim.relation, cloud, clock)
    except (CertificateRejected, KeyError):  # no normal form, or one with products
        suspects = (point for point in cloud if _is_refutation(search, context, point))
        gap = ZERO
    kink = iter(()) if claim.relation != "==" else _points_at_kink(context, gap, inside.point)
    for point in chain(suspects, kink):
        clock.tick()
        found = simple_counterexample(search, context, point)
        if found is not None:
            return found
    return None


def _is_refutation(search: Search, context: Context, point: Point) -> bool:
    return counterexample(search.claim, search.named(context, point)) is not None


def _suspects(algebra: Algebra, gap: Form, relation: str, cloud: Iterable[Point], clock: Clock) -> Iterator[Point]:
    """The points at which what the claim says is 0, >= 0 or > 0 is not; `KeyError` for a form with products."""
    holds = RELATIONS[relation.replace(">", "<")]
    waiting = iter(cloud)
    while points := list(islice(waiting, BATCH)):
        clock.tick()
        values = gap_values(algebra, gap, points)
        yield from (point for point, value in zip(points, values, strict=True) if not holds(0, value))


def gap_values(algebra: Algebra, gap: Form, points: Sequence[Point]) -> list[int]:
    """The values of a form at points, each up to a positive factor; `KeyError` for a form with products."""
    scales = [lcm(*(x.denominator for x in point)) for point in points]
    columns = {0: scales}
    atoms = reachable_atoms(algebra, gap)
    rows = {at: algebra.rows_of(at) for at in atoms}
    for at in {index for form in (gap, *(row for of in rows.values() for row in of)) for index in form.numerators}:
        if at and at not in rows:
            if at >= len(algebra.scope.basis):
                raise KeyError(at)
            ((number, _),) = algebra.basis[at][0]
            read = zip(points, scales, strict=True)
            columns[at] = [point[number - 1].numerator * (q // point[number - 1].denominator) for point, q in read]
    for at in atoms:
        if any(row.denominator != 1 for row in rows[at]):
            raise KeyError(at)
        columns[at] = [max(0, *values) for values in zip(*(_total(row, columns) for row in rows[at]), strict=True)]
    return _total(gap, columns) if gap.numerators else [0] * len(points)


def _total(form: Form, columns: Mapping[int, list[int]]) -> list[int]:
    parts = [[n * value for value in columns[at]] for at, n in form.numerators.items()]
    return [sum(values) for values in zip(*parts, strict=True)]


def _points_at_kink(context: Context, gap: Form, inner: Point) -> Iterator[Point]:
    """Three points on a line, one on the hyperplane of an atom and no other, at one of which the gap is not 0."""
    algebra = context.algebra
    rows = [row for at in reachable_atoms(algebra, gap) for row in algebra.rows_of(at)]
    if len(rows) != len(reachable_atoms(algebra, gap)) or not all(map(algebra.is_affine, rows)):
        return
    forms = [form for form, _ in context.hypotheses if form.numerators.keys() - {0}]
    source = random.Random(2022)
    for attempt in range(KINKS if rows else 0):
        row = rows[attempt % len(rows)]
        number = min(at for at in row.numerators if at)
        radius = 1 + attempt // len(rows)
        point = [x + source.randint(-radius, radius) for x in inner]
        slope = Fraction(row.numerators[number], row.denominator)
        point[number - 1] -= value(row, point) / slope
        others = [form for form in (*rows, *forms) if form is not row]
        if all(value(form, point) > 0 for form in forms) and all(value(form, point) for form in others):
            steps = [abs(value(f, point) * f.denominator / n) for f in others if (n := f.numerators.get(number))]
            for move in (0, 1, -1):
                yield [x + move * min(steps, default=Fraction(2)) / 2 * (at == number) for at, x in enumerate(point, 1)]


def reachable_atoms(algebra: Algebra, gap: Form) -> list[int]:
    """The atoms in a form, also inside other atoms, by basis element; inner ones first."""
    found: set[int] = set()
    stack = [gap]
    while stack:
        for at in stack.pop().numerators:
            if at not in found and algebra.rows_of(at):
                found.add(at)
                stack.extend(algebra.rows_of(at))
    return sorted(found)


def simple_counterexample(search: Search, context: Context, point: Point) -> Counterexample | None:
    """The counterexample at a point, or at a simpler one nearby if the claim is small; None if it holds there."""

    found = counterexample(search.claim, search.named(context, point))
    if found is None or len(point) * sum(1 + len(term.args) for term in search.proof.draft.terms) > LARGE:
        return found
    is_refuted = _judge(search.claim)
    simple = simplify_point(point, lambda at: is_refuted(search.named(context, at)))
    return counterexample(search.claim, search.named(context, simple))


def _judge(claim: Claim) -> Callable[[Mapping[str, Fraction]], bool]:
    """Whether a point is a counterexample, in integers where the claim has no products."""
    comparisons, sides = (claim.goal, *claim.where), claim.sides()
    if any(term.kind == "scale" for term in subterms(sides)):
        return lambda point: counterexample(claim, point) is not None
    rows, places = table(*sides)
    holds = [RELATIONS[comparison.relation] for comparison in comparisons]

    def is_refuted(point: Mapping[str, Fraction]) -> bool:
        if not all(point[name] in values for name, values in claim.ranges):
            return False
        made = columns(rows, [scaled_point(point)])
        values = [(made[place][0][0], made[place][1]) for place in places]
        pairs = zip(values[::2], values[1::2], strict=True)
        goal, *where = (holds_at(a * d, c * b) for holds_at, ((a, b), (c, d)) in zip(holds, pairs, strict=True))
        return not goal and all(where)

    return is_refuted
