"""Domains with CPWL constraints, cut into convex parts on which affine hypotheses say the same.

A constraint g >= 0 or g > 0 that is not affine is known to the kernel, but no hypothesis. With the highest atom of g,
g = f + c*max(0, r1, ..., rk), it says that one of f, f + c*r1, ..., f + c*rk is >= 0 if c > 0, and that all are if
c < 0; so it is a condition on the signs of affine forms, joined by `and` and `or`. In each part of the domain:

    a sign that the hypotheses leave open, and that the condition depends on, is split on
    the condition holds by the hypotheses     there is nothing more to do about this constraint
    the condition is false by them            the kernel is shown that g < 0 (or g <= 0), so the part is empty

An affine g is assumed at once. A domain abs(x) + abs(y) <= 1 so becomes one part with four more hypotheses, whose other
halves are closed at once; a union of m polyhedra becomes m parts or a few more, disjoint ones. Conditions on many forms
cost too much in this way: there the arguments of the atoms are compared instead, until g is affine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from symcircuits.exact.simplex import Implied
from symcircuits.kernel.check import STRICT, Goal
from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.normal import ZERO, Algebra, Form, Pairs
from symcircuits.kernel.term import Comparison, subterms
from symcircuits.provers.cells import atoms_of
from symcircuits.provers.domain import Inside, reduce_domain
from symcircuits.provers.result import Clock
from symcircuits.provers.search import Search, integers, multipliers_to_json, row_to_json

FORMS = 32
"""Affine forms that the condition of one constraint may depend on."""
OPPOSITE = {"<=": ">", ">=": "<", "<": ">=", ">": "<="}


class _Open(Exception):
    """A sign that the hypotheses leave open."""

    def __init__(self, form: Form) -> None:
        super().__init__("a sign is open")
        self.form = form


class _TooMany(Exception):
    """A condition depends on more than `FORMS` forms."""


def convex_parts(search: Search, goal: Goal, clock: Clock) -> Iterator[Goal]:
    """The goal on the convex parts of its domain, in the order in which they must be closed; empty ones are closed.

    Constraints in which what varies is multiplied are left as they are.
    """
    if not goal[0].known:
        yield goal
        return
    mark, is_empty = len(search.steps), True
    for part in _parts(search, goal, clock, by_signs=True):
        is_empty = False
        yield part
    if is_empty:  # then without lemmas, so that the proof shows nothing but that the domain is empty
        del search.steps[mark:]
        yield from _parts(search, goal, clock, by_signs=False)


def _parts(search: Search, goal: Goal, clock: Clock, by_signs: bool) -> Iterator[Goal]:
    known, algebra = goal[0].known, goal[0].algebra.with_facts([])
    stack = [(goal, tuple(at for at, each in enumerate(known) if not _multiplies(algebra, each)))]
    while stack:
        goal, pending = stack.pop()
        clock.tick()
        inside = reduce_domain(search, goal, clock)
        if inside is None:
            continue
        goals, pending = _reduced(search, inside, pending, by_signs)
        if goals is None:
            yield inside.goal
        else:
            stack += [(each, pending) for each in reversed(goals)]


def _reduced(
    search: Search, inside: Inside, pending: tuple[int, ...], by_signs: bool
) -> tuple[list[Goal] | None, tuple[int, ...]]:
    """The goals that the next step leaves, or None where all constraints hold, and those that may not hold yet."""
    known = inside.goal[0].known
    # Atoms are numbered as they arise: each constraint is looked at as the kernel will see it, where none have arisen.
    fresh = [_fresh(inside) for _ in pending]
    gaps = [each.goal[0].gap(known[number]) for each, number in zip(fresh, pending, strict=True)]
    for at, (each, gap) in enumerate(zip(fresh, gaps, strict=True)):
        if each.goal[0].algebra.is_affine(gap):
            return search.apply(inside.goal, "assume", -1 - pending[at]), (*pending[:at], *pending[at + 1 :])
    for at, (each, gap) in enumerate(zip(fresh, gaps, strict=True)):
        if not by_signs:
            return _compared(search, each, gap), pending[at:]
        condition = _Condition(each, known[pending[at]].relation in STRICT)
        try:
            if not condition.holds(gap):
                return _contradicted(search, condition, pending[at]), pending[at:]
        except _Open as found:
            return search.apply(inside.goal, "split", row_to_json(found.form)), pending[at:]
        except _TooMany:
            return _compared(search, each, gap), pending[at:]
    return None, ()


def _fresh(inside: Inside) -> Inside:
    context, goal = inside.goal
    return inside._replace(goal=(context._replace(algebra=context.algebra.with_facts([])), goal))


def has_products(comparisons: Iterable[Comparison]) -> bool:
    """Whether one of the comparisons multiplies or divides, as it is written.

    >>> from symcircuits.expr.parse import parse_claim
    >>> [has_products([parse_claim(text).goal]) for text in ("x*y <= 1", "abs(x) <= 1")]
    [True, False]
    """
    return any(term.kind == "scale" for term in subterms(side for each in comparisons for side in each[::2]))


def _multiplies(algebra: Algebra, comparison: Comparison) -> bool:
    """Whether a comparison has no normal form, or one in which what varies is multiplied."""
    try:
        forms = [algebra.normal(side) for side in comparison[::2]]
    except CertificateRejected:
        return True
    rows = [row for form in forms for atom in atoms_of(algebra, form) for row in algebra.rows[atom]]
    return any(
        algebra.basis[at][0]
        for form in (*forms, *rows)
        for at in form.numerators
        if not algebra.is_affine(Form({at: 1}))
    )


class _Condition:
    """What forms being >= 0, or > 0 if strict, says about the signs of affine forms; which ones the hypotheses fix."""

    def __init__(self, inside: Inside, strict: bool) -> None:
        self.inside, self.strict = inside, strict
        self.context, self.algebra = inside.goal[0], inside.goal[0].algebra
        self.signs: dict[Pairs, bool] = {}

    def holds(self, form: Form) -> bool:
        """Whether the form has that sign by the hypotheses, or has not by them; raises `_Open` or `_TooMany`."""
        if self.algebra.is_affine(form):
            return self.sign(form)
        is_largest = form.numerators[max(form.numerators)] > 0
        found: list[_Open] = []
        for choice in self.choices(form):
            try:
                if self.holds(choice) is is_largest:
                    return is_largest
            except _Open as opened:
                found.append(opened)
        if found:
            raise found[0]
        return not is_largest

    def choices(self, form: Form) -> list[Form]:
        """The form with 0, and with each row, in the place of its highest atom."""
        at = max(form.numerators)
        rows = self.algebra.rows_of(at)
        return [self.algebra.replace(form, at, row) for row in (ZERO, *rows)]

    def sign(self, form: Form) -> bool:
        """Whether an affine form has the sign."""
        key = self.algebra.key(form)
        if key not in self.signs:
            if len(self.signs) >= FORMS:
                raise _TooMany
            opposite = self.algebra.negative(form)
            is_shown = self.shown(form, self.strict) is not None
            if not is_shown and self.shown(opposite, not self.strict) is None:
                raise _Open(opposite if self.strict else form)
            self.signs[key] = is_shown
        return self.signs[key]

    def shown(self, form: Form, strictly: bool) -> list[Any] | None:
        """Multipliers of the hypotheses that show an affine form >= 0, or > 0; by the form itself if it is one."""
        hypotheses, key = self.context.hypotheses, self.algebra.key(form)
        for at, (h, strict) in enumerate(hypotheses):
            if (strict or not strictly) and self.algebra.key(h) == key:
                place = max(h.numerators, default=0)
                share = Fraction(form.numerators.get(place, 0), form.denominator * (h.numerators.get(place, 0) or 1))
                return multipliers_to_json({at: share}, hypotheses, Fraction(1))
        answer = self.inside.simplex.minimise(integers(form, self.inside.simplex.n))
        if not isinstance(answer, Implied):
            return None
        if strictly and not (answer.constant > 0 or any(hypotheses[at][1] for at in answer.multipliers)):
            return None
        return multipliers_to_json(answer.multipliers, hypotheses, Fraction(1, form.denominator))


def _contradicted(search: Search, condition: _Condition, number: int) -> list[Goal]:
    """Close the goal, as the constraint of that number is false by the hypotheses."""
    left, relation, right = condition.context.known[number]
    sides = search.number(left), search.number(right)
    lemma, goal = search.apply(condition.inside.goal, "have", OPPOSITE[relation], *sides)
    goals = [lemma]
    while goals:
        goals += reversed(_show_false(search, condition, goals.pop()))
    return search.apply(goal, "absurd", [[-1 - number, 1], [-1 - len(condition.context.known), 1]])


def _show_false(search: Search, condition: _Condition, goal: Goal) -> list[Goal]:
    """One step towards a goal that says that a form which has the opposite sign by the hypotheses has it."""
    context, comparison = goal
    gap = context.gap(comparison)
    form, at = context.algebra.negative(gap), max(gap.numerators, default=0)
    if context.algebra.is_affine(form):
        return search.apply(goal, "farkas", condition.shown(gap, comparison.relation in STRICT))
    if gap.numerators[at] < 0:
        atoms = [each for each in sorted(gap.numerators) if context.algebra.rows_of(each)]
        return search.apply(goal, "polarity", atoms.index(at))
    place = next(
        place for place, choice in enumerate(condition.choices(form)) if not _is_open_or_true(condition, choice)
    )
    return search.apply(goal, "tangent", [[[1, place - 1]] if place else []])


def _is_open_or_true(condition: _Condition, form: Form) -> bool:
    try:
        return condition.holds(form)
    except _Open:
        return True


def _compared(search: Search, inside: Inside, gap: Form) -> list[Goal]:
    """The goal after comparing two arguments of an atom: with the larger one known, or in two halves."""
    algebra, simplex = inside.goal[0].algebra, inside.simplex
    ready = (at for at in sorted(atoms_of(algebra, gap)) if all(map(algebra.is_affine, algebra.rows[at])))
    row = algebra.rows[next(ready)][0]
    for form in (row, algebra.negative(row)):
        answer = simplex.minimise(integers(form, simplex.n))
        if isinstance(answer, Implied):
            factor = Fraction(1, form.denominator)
            shown = multipliers_to_json(answer.multipliers, inside.goal[0].hypotheses, factor)
            return search.apply(inside.goal, "fix", row_to_json(form), shown)
    return search.apply(inside.goal, "split", row_to_json(row))
