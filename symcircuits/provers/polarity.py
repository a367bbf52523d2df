"""Inequalities by the signs of their atoms: f >= 0, f an affine form plus multiples of atoms max(0, r1, ..., rk).

An atom with a negative coefficient, -c*max(0, r1, ...), is the least of 0 and all -c*ri: the claim must hold with each
of them in its place. When no negative atom is left, f is convex, at least as a function of the atoms: a linear program
over the variables and the atoms, each at least 0 and at least its rows, finds multipliers that show f >= 0, or a point
where f < 0. Often rows can be matched to what is left of the affine form without a linear program.

>>> from symcircuits.provers.prove import prove
>>> theorem = prove("max(a + x, b + y, c + z) <= max(a, b, c) + max(x, y, z)")
>>> theorem.certificate.count("polarity"), theorem.certificate.count("tangent"), theorem.certificate.count("split")
(1, 3, 0)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import floor
from typing import Any, NamedTuple

from symcircuits.exact.simplex import Optimum, Simplex, Unbounded, Violated
from symcircuits.kernel.check import STRICT, Context, Goal
from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.normal import Algebra, Form
from symcircuits.provers.certificate import number_to_json
from symcircuits.provers.domain import Inside
from symcircuits.provers.points import reachable_atoms, simple_counterexample
from symcircuits.provers.result import Clock, Counterexample
from symcircuits.provers.route import Passed
from symcircuits.provers.search import Point, Search

Slope = tuple[tuple[int, int], ...]
Masses = dict[int, dict[int, Fraction]]
"""For each atom, by basis element, how much of each of its rows stands in the place of the atom's multiple."""
LEAVES, MATCHES, SHARE = 20_000, 2_000, 0.5
"""Choices of rows; rows that are matched one by one; the share of the time that is left."""


class Shown(NamedTuple):
    """Masses of rows, and multipliers of the hypotheses, that show a form >= 0."""

    masses: Masses
    multipliers: dict[int, Fraction]


def prove_by_polarity(search: Search, inside: Inside, clock: Clock, leaves: int = LEAVES) -> Counterexample | None:
    """Close the goal, or return a counterexample; `Passed` where a convex bound is not enough, or after many leaves."""
    context, claim = inside.goal
    if claim.relation == "==" and not _is_flat_maximum(context, context.gap(claim)):
        raise Passed("an equality of other things than maxima of affine forms")
    if not is_cpwl(context.algebra, context.gap(claim)):
        raise Passed("a variable multiplies")
    stack = [*reversed(search.apply(inside.goal, "both"))] if claim.relation == "==" else [inside.goal]
    programs = Programs()
    part = clock.part(SHARE)
    while stack:
        clock.tick()
        leaves = leaves - 1 if part.seconds is None or part.elapsed() < part.seconds else -1
        if leaves < 0:
            raise Passed("too many choices of rows")
        goal = stack.pop()
        gap = goal[0].gap(goal[1])
        negative = negative_atom(goal[0].algebra, gap)
        if negative is not None:
            stack += reversed(search.apply(goal, "polarity", negative))
            continue
        found = _close(search, goal, gap, inside, programs, clock)
        if found is not None:
            return found
    return None


def _is_flat_maximum(context: Context, gap: Form) -> bool:
    """Whether the atoms of a form have affine rows, and one of them several."""
    rows = [context.algebra.rows_of(at) for at in reachable_atoms(context.algebra, gap)]
    is_flat = all(context.algebra.is_affine(row) for of_atom in rows for row in of_atom)
    return is_flat and any(len(of_atom) > 1 for of_atom in rows)


def is_cpwl(algebra: Algebra, gap: Form) -> bool:
    """Whether no product of variables, nor of a variable and an atom, occurs in the form or its atoms."""
    forms = (gap, *(row for at in reachable_atoms(algebra, gap) for row in algebra.rows_of(at)))
    elements = (algebra.basis[at] for form in forms for at in form.numerators)
    return all(not monomial or (not atom and monomial == ((monomial[0][0], 1),)) for monomial, atom in elements)


def negative_atom(algebra: Algebra, gap: Form) -> int | None:
    """The place, among the atoms of the form, of the highest with a negative coefficient."""
    atoms = [at for at in sorted(gap.numerators) if algebra.rows_of(at)]
    return max((place for place, at in enumerate(atoms) if gap.numerators[at] < 0), default=None)


def _close(
    search: Search, goal: Goal, gap: Form, inside: Inside, programs: Programs, clock: Clock
) -> Counterexample | None:
    """Close a goal without negative atoms by masses of rows and multipliers of hypotheses, or refute the claim."""
    shown = show_convex(goal, gap, inside.point, programs, clock)
    if isinstance(shown, Violated):
        found = simple_counterexample(search, goal[0], shown.point)
        if found is None:
            raise Passed("a convex bound is not enough")
        return found
    try:
        apply_shown(search, goal, gap, shown)
    except CertificateRejected as error:
        raise Passed(str(error)) from None
    return None


def show_convex(goal: Goal, gap: Form, point: Point, programs: Programs, clock: Clock) -> Shown | Violated:
    """What shows that a gap without negative atoms is >= 0, or a point where a lower bound of it is not.

    The coordinates that do not occur are those of the point. The linear programs are kept for later questions.
    """
    algebra, strict = goal[0].algebra, goal[1].relation in STRICT
    matched = _paired(algebra, gap, strict, programs)
    if matched is None and not programs.has(reachable_atoms(algebra, gap)):
        matched = _matched(algebra, gap, strict)
    return matched or _programmed(goal, gap, point, programs, clock)


def apply_shown(search: Search, goal: Goal, gap: Form, shown: Shown) -> None:
    """Close the goal by a tangent and multipliers; `CertificateRejected` where they do not show it strictly."""
    weights = _weights(goal[0].algebra, gap, shown.masses)
    if weights:
        (goal,) = search.apply(goal, "tangent", weights)
    multipliers = [[at, number_to_json(m)] for at, m in sorted(shown.multipliers.items()) if m]
    search.apply(goal, "farkas", multipliers)


def _weights(algebra: Algebra, gap: Form, masses: Masses) -> list[Any]:
    """The weights of the rows of each atom that the form comes to have, the highest first."""
    weights: list[Any] = []
    while at := max((at for at in gap.numerators if algebra.rows_of(at)), default=0):
        size = Fraction(gap.numerators[at], gap.denominator)
        shares = [(mass / size, row) for row, mass in sorted(masses.get(at, {}).items()) if mass]
        weights.append([[number_to_json(share), row] for share, row in shares])
        rows = algebra.rows_of(at)
        gap = algebra.replace(gap, at, algebra.combine((share, rows[row]) for share, row in shares))
    return weights


def _paired(algebra: Algebra, gap: Form, strict: bool, programs: Programs) -> Shown | None:
    """One row of each atom, or 0, which with the rest leave a constant; for two atoms at most, and integer rows."""
    atoms = sorted((at for at in gap.numerators if algebra.rows_of(at)), key=lambda at: len(algebra.rows_of(at)))
    tables = [programs.rows(algebra, at) for at in atoms]
    if not 1 <= len(atoms) <= 2 or not all(tables):
        return None
    rest = {at: n for at, n in gap.numerators.items() if at not in atoms}
    last, mass = tables[-1], gap.numerators[atoms[-1]]
    for slope, (constant, row) in tables[0].items() if len(atoms) > 1 else [((), (0, None))]:
        total = dict(rest)
        for at, n in slope:
            total[at] = total.get(at, 0) + n * gap.numerators[atoms[0]]
        wanted = tuple(sorted((at, -n // mass) for at, n in total.items() if n and at))
        if wanted not in last or any(n % mass for at, n in total.items() if at):
            continue
        least = total.get(0, 0) + constant * gap.numerators[atoms[0]] + last[wanted][0] * mass
        if least > 0 or (least == 0 and not strict):
            rows = zip(atoms, [row, last[wanted][1]][-len(atoms) :], strict=True)
            sizes = {at: Fraction(gap.numerators[at], gap.denominator) for at in atoms}
            return Shown({at: {number: sizes[at]} for at, number in rows if number is not None}, {})
    return None


def _matched(algebra: Algebra, gap: Form, strict: bool) -> Shown | None:
    """Masses by which rows cancel the variables of the form one after another, if this is as easy as that."""
    rest = {at: Fraction(n, gap.denominator) for at, n in gap.numerators.items() if not algebra.rows_of(at)}
    left = {at: Fraction(n, gap.denominator) for at, n in gap.numerators.items() if algebra.rows_of(at)}
    masses: Masses = {}
    for _ in range(MATCHES):
        variable = next((at for at in rest if at), 0)
        if not variable:
            constant = rest.get(0, Fraction(0))
            return Shown(masses, {}) if constant > 0 or (constant == 0 and not strict) else None
        best = min(_matches(algebra, rest, left, variable), default=None)
        if best is None:
            return None
        _, at, row, mass, rest = best
        left[at] -= mass
        for inner, n in algebra.rows_of(at)[row].numerators.items():
            if algebra.rows_of(inner):
                left[inner] = left.get(inner, Fraction(0)) + mass * n
        masses.setdefault(at, {})
        masses[at][row] = masses[at].get(row, Fraction(0)) + mass
    return None


def _matches(
    algebra: Algebra, rest: dict[int, Fraction], left: dict[int, Fraction], variable: int
) -> Iterator[tuple[int, int, int, Fraction, dict[int, Fraction]]]:
    """Rows that cancel the variable or part of it: how many variables are left, atom, row, mass, what is left."""
    for at, free in left.items():
        for number, row in enumerate(algebra.rows_of(at) if free > 0 else ()):
            slope = row.numerators.get(variable, 0)
            if slope * rest[variable] >= 0 or any(
                n < 0 and algebra.rows_of(inner) for inner, n in row.numerators.items()
            ):
                continue
            mass = min(free, -rest[variable] / slope)
            after = dict(rest)
            for inner, n in row.numerators.items():
                if not algebra.rows_of(inner):
                    after[inner] = after.get(inner, Fraction(0)) + mass * n
            after = {inner: c for inner, c in after.items() if c}
            if len(after.keys() - {0}) <= len(rest.keys() - {0}):
                yield len(after.keys() - {0}), at, number, mass, after


class _Component(NamedTuple):
    """A linear program in some elements, none of which meets those of another; constraint k comes from sources[k].

    A source is a hypothesis (None, its number), or an atom and a row, or -1 for 0.
    """

    elements: list[int]
    simplex: Simplex
    sources: list[tuple[int | None, int]]

    def objective(self, gap: Form) -> list[int]:
        """The form's numerators at the elements."""
        return [0, *(gap.numerators.get(at, 0) for at in self.elements)]


class _Program:
    """What is known of some atoms, and of the variables, in components; each is made when it is first needed."""

    def __init__(self, context: Context, atoms: list[int], clock: Clock) -> None:
        self.context, self.atoms, self.clock = context, atoms, clock
        algebra, known = context.algebra, context.hypotheses
        self.hypotheses = [(at, form) for at, (form, _) in enumerate(known) if form.numerators.keys() - {0}]
        linked = [{*form.numerators} - {0} for _, form in self.hypotheses]
        linked += [{at, *(inner for row in algebra.rows_of(at) for inner in row.numerators)} - {0} for at in atoms]
        self.groups = joined(linked)
        self.place = {at: number for number, group in enumerate(self.groups) for at in group}
        self.made: dict[int, _Component] = {}

    def components(self, gap: Form) -> list[_Component]:
        """The components in which the form has elements."""
        found = dict.fromkeys(self._number(at) for at in gap.numerators if at)
        for number in found:
            if number not in self.made:
                self.made[number] = self._component(self.groups[number])
        return [self.made[number] for number in found]

    def _number(self, at: int) -> int:
        """The component of an element; nothing is known of one that comes up only now."""
        if at not in self.place:
            self.place[at] = len(self.groups)
            self.groups.append({at})
        return self.place[at]

    def _component(self, group: set[int]) -> _Component:
        algebra, elements = self.context.algebra, sorted(group)
        place = {at: k for k, at in enumerate(elements, 1)}
        simplex, sources = Simplex(len(elements), self.clock.tick), list[tuple[int | None, int]]()
        rows: list[tuple[tuple[int | None, int], Form]] = [((None, at), form) for at, form in self.hypotheses]
        for at in self.atoms:
            rows.append(((at, -1), Form({at: 1})))
            gaps = (algebra.minus(Form({at: 1}), row) for row in algebra.rows_of(at))
            rows += [((at, number), form) for number, form in enumerate(gaps)]
        for source, form in rows:
            if group.issuperset(form.numerators.keys() - {0}):
                simplex.add(_row(form, place))
                sources.append(source)
        return _Component(elements, simplex, sources)


class Programs:
    """Linear programs by the atoms that stand in them, each of which starts where the last question has left it.

    tables: for atoms with integer affine rows these, and 0, by slope: the largest constant and the row's number; empty
    for other atoms
    """

    def __init__(self) -> None:
        self.programs: dict[frozenset[int], _Program] = {}
        self.tables: dict[int, dict[Slope, tuple[int, int | None]]] = {}

    def has(self, atoms: list[int]) -> bool:
        """Whether there is a linear program of these atoms."""
        return frozenset(atoms) in self.programs

    def program(self, context: Context, atoms: list[int], clock: Clock) -> _Program:
        """The linear program of these atoms."""
        place = frozenset(atoms)
        if place not in self.programs:
            self.programs[place] = _Program(context, atoms, clock)
        return self.programs[place]

    def rows(self, algebra: Algebra, at: int) -> dict[Slope, tuple[int, int | None]]:
        """The table of an atom."""
        if at not in self.tables:
            table = self.tables[at] = dict[Slope, tuple[int, int | None]]()
            rows = algebra.rows_of(at)
            if all(row.denominator == 1 and algebra.is_affine(row) for row in rows):
                table[()] = 0, None
                for number, row in enumerate(rows):
                    slope = tuple(sorted((inner, n) for inner, n in row.numerators.items() if inner))
                    constant = row.numerators.get(0, 0)
                    if slope not in table or table[slope][0] < constant:
                        table[slope] = constant, number
        return self.tables[at]


def _programmed(goal: Goal, gap: Form, start: Point, programs: Programs, clock: Clock) -> Shown | Violated:
    """What linear programs over the variables and atoms of the form show, or a point of the domain."""
    atoms = reachable_atoms(goal[0].algebra, gap)
    components = programs.program(goal[0], atoms, clock).components(gap)
    objectives = [component.objective(gap) for component in components]
    answers = [one.simplex.minimum(objective) for one, objective in zip(components, objectives, strict=True)]
    bounded = [answer for answer in answers if isinstance(answer, Optimum)]
    least = gap.numerators.get(0, 0) + sum((answer.value for answer in bounded), Fraction(0))
    point = list(start)
    for component, objective, answer in zip(components, objectives, answers, strict=True):
        found = answer.point if isinstance(answer, Optimum) else _far(objective, answer, least)
        for at, x in zip(component.elements, found, strict=True):
            if at <= len(point):
                point[at - 1] = x
    if len(bounded) < len(answers) or least < 0:
        return Violated(point)
    shown = Shown({}, {})
    for component, answer in zip(components, bounded, strict=True):
        for k, m in answer.multipliers.items():
            atom, number = component.sources[k]
            if atom is None:
                shown.multipliers[number] = m * goal[0].hypotheses[number][0].denominator / gap.denominator
            elif number >= 0:
                row = goal[0].algebra.rows_of(atom)[number]
                shown.masses.setdefault(atom, {})[number] = m * row.denominator / gap.denominator
    return shown


def _far(objective: list[int], answer: Unbounded, least: Fraction) -> list[Fraction]:
    """A point along the ray where the objective is less than 0 by more than what the other components come to."""
    pairs = [*zip(objective[1:], answer.point, answer.direction, strict=True)]
    value = sum((c * x for c, x, _ in pairs), Fraction(0))
    fall = -sum((c * d for c, _, d in pairs), Fraction(0))
    steps = floor((abs(value) + abs(least)) / fall) + 1
    return [x + steps * d for _, x, d in pairs]


def _row(form: Form, place: dict[int, int]) -> list[int]:
    row = [0] * (1 + len(place))
    for at, numerator in form.numerators.items():
        row[place[at] if at else 0] = numerator
    return row


def joined(sets: Iterable[set[int]]) -> list[set[int]]:
    """The unions of sets that meet, directly or through others.

    >>> joined([{1, 2}, {3}, {2, 4}])
    [{3}, {1, 2, 4}]
    """
    result: list[set[int]] = []
    for one in sets:
        meeting = [other for other in result if not other.isdisjoint(one)]
        result = [*(other for other in result if other.isdisjoint(one)), set().union(one, *meeting)]
    return result
