"""Proof or refutation by cells: fix the switches that do not change, split on those that do.

A *switch* is a difference of two rows of an atom max(0, r1, ..., rk) whose rows are affine: its sign on a cell says
which row can be left out. A cell is a polyhedron with interior, known by its hypotheses, a simplex, and a cloud of
points strictly inside it. In each cell:

    no atom is left                 the gap between the two sides is affine: normal, farkas, or a refutation
    a switch has one sign           proved by multipliers: fix it; else the simplex gives a new point for the cloud
    kink rule                       an equality in which all atoms left are relu(affine) and all of them change inside
                                    the cell is false: near a crossing point on one hyperplane only, the gap is not
                                    affine
    else                            split on the switch that cuts the cloud best

Every split cuts the interior, so it ends: with a proof, or with a point.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from itertools import count
from typing import NamedTuple

from symcircuits.exact.polyhedron import simplest_between
from symcircuits.exact.simplex import Implied, Simplex, Violated
from symcircuits.kernel.check import STRICT, Context, Goal
from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.normal import ZERO, Algebra, Form
from symcircuits.provers.certificate import Step
from symcircuits.provers.domain import Inside, positive
from symcircuits.provers.polarity import Programs, apply_shown, is_cpwl, negative_atom, show_convex
from symcircuits.provers.quadratic import Falsified, is_quadratic, show_quadratic, value_of
from symcircuits.provers.result import Clock, counterexample
from symcircuits.provers.rows import close_by_rows
from symcircuits.provers.search import Point, Search, integers, multipliers_to_json, row_to_json, value

KINKS, FEW = 1000, 20
"""Segments tried for one that crosses the hyperplane at a point of the claim's domain: among reals the first few do,
among the values of ranges hardly any."""


class Refuted(Exception):
    """The search came upon a point at which the claim is false."""

    def __init__(self, point: Point) -> None:
        super().__init__("the claim is false at a point")
        self.point = point


class Stuck(Exception):
    """The search cannot go on: the claim is outside what cells decide."""


class Crossing(NamedTuple):
    """A switch with points on both sides, and how well it cuts."""

    row: Form
    score: float


class Cell(NamedTuple):
    """A goal, its hypotheses in a simplex, and points strictly inside."""

    goal: Goal
    simplex: Simplex
    cloud: list[Point]


def prove_by_cells(search: Search, inside: Inside, cloud: list[Point], clock: Clock) -> None:
    """Close the goal, noting the steps in the search; raises `Refuted`, `Stuck` or `LimitReached` instead."""
    cells = [Cell(inside.goal, inside.simplex, cloud)]
    while cells:
        cells += reversed(list(_visit(search, cells.pop(), clock)))
        clock.count(len(cells))


def _visit(search: Search, cell: Cell, clock: Clock) -> Iterator[Cell]:
    """Close the cell's goal, or split it in two."""
    fixed: list[Step] = []
    while True:
        clock.tick()
        context, claim = cell.goal
        gap = context.gap(claim)
        atoms = atoms_of(context.algebra, gap)
        if not atoms:
            return _close(search, cell, gap)
        ready = [atom for atom in atoms if all(map(context.algebra.is_affine, context.algebra.rows[atom]))]
        if not ready:
            if close_by_rows(search, cell.goal, cell.simplex, cell.cloud[0], clock):
                return iter(())
            raise Stuck("a maximum of terms that are not affine in the variables, because a variable multiplies them")
        before, crossings = len(search.steps), []
        for atom in ready:
            cell, crossing = _settle(search, cell, (ZERO, *context.algebra.rows[atom]), atoms[atom])
            crossings += [(atom, crossing)] if crossing else []
        if len(search.steps) > before:
            if search.steps[before:] == fixed:
                raise Stuck("what is known of the signs does not make the gap simpler")
            fixed = search.steps[before:]
            continue
        if (
            claim.relation == "=="
            and len(ready) == len(atoms)
            and all(len(context.algebra.rows[at]) == 1 for at in ready)
        ):
            raise Refuted(_point_at_kink(search, cell, [crossing.row for _, crossing in crossings]))
        if claim.relation != "==" and _close_convex(search, cell, gap, clock):
            return iter(())
        lowering = atoms.keys() if claim.relation == "==" else _lowering(context.algebra, gap)
        counted = [crossing for atom, crossing in crossings if atom in lowering] or [found for _, found in crossings]
        return _split(search, cell, max(counted, key=lambda crossing: crossing.score).row)


def atoms_of(algebra: Algebra, form: Form) -> dict[int, int]:
    """The atoms in a form, also inside other atoms, each with the number of its uses."""
    uses: dict[int, int] = {}
    stack = [form]
    while stack:
        for index in stack.pop().numerators:
            atom = algebra.basis[index][1]
            if atom and atom not in uses:
                stack.extend(algebra.rows[atom])
            if atom:
                uses[atom] = uses.get(atom, 0) + 1
    return uses


def _lowering(algebra: Algebra, form: Form) -> set[int]:
    """The atoms that lower the form somewhere as they grow, also inside other atoms: without any, it is convex."""
    seen: set[tuple[int, bool]] = set()
    stack = [(form, False)]
    while stack:
        inner, lowers = stack.pop()
        for index, numerator in inner.numerators.items():
            atom = algebra.basis[index][1]
            found = (atom, lowers != (numerator < 0))
            if atom and found not in seen:
                seen.add(found)
                stack += [(row, found[1]) for row in algebra.rows[atom]]
    return {atom for atom, lowers in seen if lowers}


def _settle(search: Search, cell: Cell, rows: tuple[Form, ...], uses: int) -> tuple[Cell, Crossing | None]:
    """Fix which row of an atom is largest on the cell, or find two that take turns."""
    algebra = cell.goal[0].algebra
    wins = [0] * len(rows)
    for point in cell.cloud:
        values = [value(row, point) for row in rows]
        wins[values.index(max(values))] += 1
    order = sorted(range(len(rows)), key=lambda at: -wins[at])
    for other in order[1:]:
        cell, crossing = _test(search, cell, algebra.minus(rows[order[0]], rows[other]), uses)
        if crossing:
            return cell, crossing
    return cell, None


def _test(search: Search, cell: Cell, row: Form, uses: int) -> tuple[Cell, Crossing | None]:
    """Fix the sign of a switch, or show that it has both on the cell."""
    values = [value(row, point) for point in cell.cloud]
    positive, negative = sum(v > 0 for v in values), sum(v < 0 for v in values)
    if not (positive and negative):
        form = row if positive or not negative else cell.goal[0].algebra.negative(row)
        answer = cell.simplex.minimise(integers(form, cell.simplex.n))
        if isinstance(answer, Implied):
            factor = Fraction(1, form.denominator)
            multipliers = multipliers_to_json(answer.multipliers, cell.goal[0].hypotheses, factor)
            (goal,) = search.apply(cell.goal, "fix", row_to_json(form), multipliers)
            return cell._replace(goal=goal), None
        point = _towards(answer.point, cell.cloud[0], form)
        _refute_at(search, cell.goal[0], point)
        cell = cell._replace(cloud=[*cell.cloud, point])
        if not (positive or negative):
            return _test(search, cell, row, uses)
        positive, negative = max(positive, 1), max(negative, 1)
    balance = min(positive, negative) / (positive + negative)
    return cell, Crossing(row, balance + 0.02 * uses)


def _towards(point: Point, inner: Point, form: Form) -> Point:
    """A point between one with form < 0 and an inner one, itself inner, still with form < 0."""
    low, high = value(form, point), value(form, inner)
    share = simplest_between(Fraction(0), min(Fraction(1), -low / (high - low))) if high > low else Fraction(1, 2)
    return [old + share * (new - old) for old, new in zip(point, inner, strict=True)]


def _refute_at(search: Search, context: Context, point: Point) -> None:
    if counterexample(search.claim, search.named(context, point)) is not None:
        raise Refuted(point)


def _split(search: Search, cell: Cell, row: Form) -> Iterator[Cell]:
    goals = search.apply(cell.goal, "split", row_to_json(row))
    for goal, sign in zip(goals, (1, -1), strict=True):
        simplex = cell.simplex.copy()
        if simplex.add([sign * n for n in integers(row, simplex.n)]) is not None:
            raise RuntimeError("a cell with an inner point became empty")
        yield Cell(goal, simplex, [point for point in cell.cloud if sign * value(row, point) > 0])


def _close(search: Search, cell: Cell, gap: Form) -> Iterator[Cell]:
    """Close a goal whose gap has no atoms, or refute it."""
    context, claim = cell.goal
    if claim.relation == "==" and not gap.numerators:
        search.apply(cell.goal, "normal")
        return iter(())
    if not context.algebra.is_affine(gap):
        return _close_quadratic(search, cell, gap)
    if claim.relation == "==":
        raise Refuted(_point_off_zero(cell, gap))
    answer = cell.simplex.minimise(integers(gap, cell.simplex.n))
    if not isinstance(answer, Implied):
        raise Refuted(_towards(answer.point, cell.cloud[0], gap))
    multipliers = multipliers_to_json(answer.multipliers, context.hypotheses, Fraction(1, gap.denominator))
    if claim.relation in STRICT and answer.constant == 0:
        shown = positive(context, cell.simplex, gap)
        if isinstance(shown, Violated):
            raise Refuted(shown.point)
        multipliers = shown
    search.apply(cell.goal, "farkas", multipliers)
    return iter(())


def _close_convex(search: Search, cell: Cell, gap: Form, clock: Clock) -> bool:
    """Close an inequality whose atoms have positive coefficients by tangents, if they are enough, or refute it."""
    context = cell.goal[0]
    mark = len(search.steps)
    if negative_atom(context.algebra, gap) is not None or not is_cpwl(context.algebra, gap):
        return False
    shown = show_convex(cell.goal, gap, cell.cloud[0], Programs(), clock)
    if isinstance(shown, Violated):
        _refute_at(search, context, shown.point)
        return False
    with suppress(CertificateRejected):
        apply_shown(search, cell.goal, gap, shown)
        return True
    del search.steps[mark:]
    return False


def _close_quadratic(search: Search, cell: Cell, gap: Form) -> Iterator[Cell]:
    """Close an inequality whose gap is of degree 2 on the cell, or refute it."""
    context, claim = cell.goal
    if claim.relation == "==":
        raise Refuted(_point_off_polynomial(cell, gap))
    if not is_quadratic(context.algebra, gap):
        raise Stuck("a polynomial in the variables is left")
    match show_quadratic(context, cell.simplex.n, gap, cell.cloud[0], claim.relation in STRICT):
        case None:
            raise Stuck("no products of hypotheses were found for a polynomial of degree 2")
        case Falsified(point):
            raise Refuted(point)
        case shown:
            try:
                search.apply(cell.goal, "products", *shown)
            except CertificateRejected:  # a strict one whose bound is attained, or not shown strictly
                raise Stuck("a strict inequality of degree 2 is not shown strictly") from None
            return iter(())


def _point_off_zero(cell: Cell, gap: Form) -> Point:
    """A point strictly inside the cell at which an affine form that is not 0 is not 0."""
    for point in cell.cloud:
        if value(gap, point):
            return point
    number = max(gap.numerators)
    return _moved(cell, cell.cloud[0], [int(at == number) for at in range(1, cell.simplex.n + 1)])


def _point_off_polynomial(cell: Cell, gap: Form) -> Point:
    """A point strictly inside the cell at which a form of products that is not 0 is not 0."""
    source, algebra, point = random.Random(2022), cell.goal[0].algebra, cell.cloud[0]
    for radius in count(1):
        with suppress(ZeroDivisionError):
            if value_of(algebra, gap, point):
                return point
        point = _moved(cell, cell.cloud[0], [source.randint(-radius, radius) for _ in cell.cloud[0]])
    raise RuntimeError("a form of products is 0 everywhere")


def _point_at_kink(search: Search, cell: Cell, rows: list[Form]) -> Point:
    """A point at which the claim is false: the gap is affine plus multiples of relu on these hyperplanes of the cell.

    Where a segment crosses the first hyperplane and no other, the gap has a kink; so it is not 0 there or midway to a
    neighbouring crossing. If other hyperplanes pass through that point, one end of the segment is moved a little.
    """
    row, source = rows[0], random.Random(2022)
    above = next(point for point in cell.cloud if value(row, point) > 0)
    below = next(point for point in cell.cloud if value(row, point) < 0)
    end = below
    for _ in range(FEW if search.claim.ranges else KINKS):
        crossed = sorted({Fraction(0), Fraction(1), *(_share(other, above, end) for other in rows)})
        place = crossed.index(_share(row, above, end))
        middle = crossed[place]
        for share in (middle, (crossed[place - 1] + middle) / 2, (middle + crossed[place + 1]) / 2):
            point = [old + share * (new - old) for old, new in zip(above, end, strict=True)]
            if counterexample(search.claim, search.named(cell.goal[0], point)) is not None:
                return point
        end = _moved(cell, below, [source.randint(-9, 9) for _ in below], row)
    raise Stuck("it is false for reals, but not at the values of the ranges that were tried")


def _share(row: Form, start: Point, end: Point) -> Fraction:
    """Where between start and end the affine form is 0, as a share of the way; 0 if it is not."""
    first, last = value(row, start), value(row, end)
    return first / (first - last) if first * last < 0 else Fraction(0)


def _moved(cell: Cell, start: Point, direction: list[int], row: Form | None = None) -> Point:
    """A point strictly inside the cell in that direction from a point inside, on the same side of the row."""
    forms = [form for form, _ in cell.goal[0].hypotheses if form.numerators]
    step = Fraction(1)
    while True:
        point = [x + step * c for x, c in zip(start, direction, strict=True)]
        if all(value(form, point) > 0 for form in forms) and not (row and value(row, point) * value(row, start) <= 0):
            return point
        step /= 2
