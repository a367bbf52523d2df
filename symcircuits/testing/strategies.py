"""Hypothesis strategies: rationals, terms, claims, and points of a claim's domain where a mistake would show.

A CPWL function that is wrong is often wrong only near its kinks, or where variables tie, or at the edge of its domain.
`points` goes there on purpose. It never filters: the domain is reduced to one with interior, as the prover does it, and
points are built from its inner point, its vertices and free vectors, cut off where they leave it. A kink is met where a
segment between two points of the domain changes the winner of a switch; the crossing is found exactly.

>>> from hypothesis import find, settings
>>> from symcircuits.expr.parse import parse_claim
>>> claim = parse_claim("relu(x) == x", where="x + y == 0")
>>> always_the_same = settings(derandomize=True, database=None)
>>> find(points(claim), lambda point: not claim.goal.holds(point), settings=always_the_same)
{'x': Fraction(-1, 1), 'y': Fraction(1, 1)}
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from hypothesis import reject
from hypothesis import strategies as st

from symcircuits.exact.simplex import Optimum, Simplex
from symcircuits.kernel.evaluate import VALUES
from symcircuits.kernel.normal import Form
from symcircuits.kernel.term import ONE, RELATIONS, Claim, Comparison, Term, constant, subterms, total, variable
from symcircuits.provers.domain import Inside, reduce_domain
from symcircuits.provers.result import Clock
from symcircuits.provers.search import Point, Search, value

Named = dict[str, Fraction]
UNIT, HALF, PART, TINY = Fraction(1), Fraction(1, 2), Fraction(1, 100), Fraction(1, 1000)
KINDS = ("relu", "max", "min", "abs")
MIRRORED = {"==": "==", "<=": ">=", ">=": "<=", "<": ">", ">": "<"}
REACH, DIRECTIONS, STEPS = Fraction(10**6), 8, 40

# Hypothesis validates a strategy once, so those that are drawn from often are made once.
RATIONALS = st.one_of(
    st.integers(-3, 3).map(Fraction),
    st.builds(Fraction, st.integers(-24, 24), st.integers(1, 6)),
    st.builds(Fraction, st.integers(-(10**6), 10**6), st.integers(1, 10**4)),
)
FACTORS = st.one_of(st.sampled_from((UNIT, -UNIT)), RATIONALS)
SHIFTS = st.one_of(st.just(Fraction(0)), RATIONALS)
SHARES = st.one_of(st.just(UNIT), st.integers(1, 99).map(lambda percent: percent * PART), st.just(1 - TINY))


def rationals() -> st.SearchStrategy[Fraction]:
    """Rationals that often tie: mostly small integers, then small denominators, now and then any; shrinks towards 0."""
    return RATIONALS


def _combination(draw: st.DrawFn, parts: Sequence[Term], first: Term | None = None) -> Term:
    """One of the parts, or a rational combination of up to three and perhaps a constant; `first` is among them."""
    first = first or draw(st.sampled_from(parts))
    if not draw(st.booleans()):
        return first
    chosen = [first, *(draw(st.sampled_from(parts)) for _ in range(draw(st.integers(0, 2))))]
    shift = draw(SHIFTS)
    return total([*((draw(FACTORS), part) for part in chosen), *([(shift, ONE)] if shift else [])])


@st.composite
def terms(draw: st.DrawFn, names: Sequence[str], depth: int = 3) -> Term:
    """CPWL terms of the variables, with shared parts; relu, max, min and abs are nested at most `depth` deep."""
    leaves = [variable(name) for name in names] or [ONE]
    levels = [leaves, *([] for _ in range(depth))]
    last = leaves[0]
    for _ in range(draw(st.integers(0, 2 * depth))):
        level = draw(st.integers(1, depth))
        parts = [part for lower in levels[:level] for part in lower]
        kind = draw(st.sampled_from(KINDS))
        size = draw(st.integers(2, 3)) if kind in ("max", "min") else 1
        last = Term(kind, tuple(_combination(draw, parts, None if at else parts[-1]) for at in range(size)))
        levels[level].append(last)
    return _combination(draw, [part for level in levels for part in level], last)


@st.composite
def rewritings(draw: st.DrawFn, root: Term) -> Term:
    """Terms that denote the same function, some of the parts being written in another way."""
    made: dict[int, Term] = {}
    for term in subterms((root,)):
        same = term._replace(args=tuple(made[id(part)] for part in term.args))
        made[id(term)] = _rewritten(same) if term.kind in KINDS and draw(st.booleans()) else same
    return made[id(root)]


def _rewritten(term: Term) -> Term:
    """relu(t) = t + relu(-t), abs(t) = relu(t) + relu(-t), max(a, b) = a + relu(b - a), min(a, b) = b - relu(b - a)."""
    first, *rest = term.args
    negative = Term("relu", (total([(-UNIT, first)]),))
    match term.kind:
        case "relu":
            return total([(UNIT, first), (UNIT, negative)])
        case "abs":
            return total([(UNIT, Term("relu", (first,))), (UNIT, negative)])
    for other in rest:
        gap = Term("relu", (total([(UNIT, other), (-UNIT, first)]),))
        first = total([(UNIT, first), (UNIT, gap)] if term.kind == "max" else [(UNIT, other), (-UNIT, gap)])
    return first


@st.composite
def domains(draw: st.DrawFn, names: Sequence[str], size: int = 3) -> tuple[Comparison, ...]:
    """Polyhedra as comparisons of affine terms: often all of space, and also flat, thin, half-open and empty ones."""
    if not draw(st.integers(0, 2)):
        return ()
    parts = [variable(name) for name in names] or [ONE]
    rows: list[Comparison] = []
    for _ in range(draw(st.integers(1, size))):
        relation = draw(st.sampled_from(list(RELATIONS)))
        rows.append(Comparison(_combination(draw, parts), relation, constant(draw(RATIONALS))))
    for row in draw(st.lists(st.sampled_from(rows), max_size=2)):
        shift = draw(st.sampled_from((0, 1, -1)))
        relation = draw(st.sampled_from((MIRRORED[row.relation], ">=", "<=")))
        rows.append(Comparison(row.left, relation, total([(UNIT, row.right), (Fraction(shift), ONE)])))
    return tuple(rows)


@st.composite
def claims(
    draw: st.DrawFn,
    names: Sequence[str] = ("x", "y"),
    depth: int = 2,
    relations: Sequence[str] = tuple(RELATIONS),
    with_domains: bool = True,
) -> Claim:
    """Small claims, true and false ones: random sides, or one side the other rewritten, with slack for an inequality.

    Shrinks towards few variables, short sides and no domain.
    """
    left = draw(terms(names, depth))
    relation = draw(st.sampled_from(list(relations)))
    right = draw(st.one_of(terms(names, depth), rewritings(left)))
    if relation != "==":
        sign = UNIT if relation in ("<=", "<") else -UNIT
        slack = draw(st.one_of(st.just(constant(0)), terms(names, 1).map(lambda term: Term("relu", (term,)))))
        right = total([(UNIT, right), (sign, slack), (sign * draw(st.integers(0, 1)), ONE)])
    where = draw(domains(names)) if with_domains else ()
    return Claim(Comparison(left, relation, right), where)


class _Region(NamedTuple):
    """A domain with interior after its flat directions are gone, and points of its closure, an inner one first."""

    search: Search
    inside: Inside
    anchors: list[Point]

    @property
    def rows(self) -> tuple[tuple[Form, bool], ...]:
        """The hypotheses, each a form and whether it is strict, but for those that are 0 >= 0."""
        return tuple(row for row in self.inside.goal[0].hypotheses if row[0].numerators)

    def contains(self, point: Point) -> bool:
        """Whether every hypothesis holds, strictly where it is strict."""
        values = ((value(form, point), strict) for form, strict in self.rows)
        return all(v > 0 if strict else v >= 0 for v, strict in values)

    def towards(self, start: Point, end: Point, share: Fraction) -> Point:
        """The point at that share of the way from start to end, or to where the segment leaves the domain.

        A point that a strict hypothesis excludes is pulled halfway to the inner point.
        """
        reach = UNIT
        for form, _ in self.rows:
            first, last = value(form, start), value(form, end)
            if last < 0:
                reach = min(reach, first / (first - last))
        point = _between(start, end, share * reach)
        return point if self.contains(point) else _between(point, self.inside.point, HALF)

    def named(self, point: Point) -> Named:
        """All variables' values, also of those that the domain's equations fix."""
        return self.search.named(self.inside.goal[0], point)


def _between(start: Point, end: Point, share: Fraction) -> Point:
    return [old + share * (new - old) for old, new in zip(start, end, strict=True)]


def _region(claim: Claim) -> _Region | None:
    """The claim's domain, None when it is empty; `CertificateRejected` when it is no polyhedron."""
    clock = Clock()
    search = Search(claim, clock)
    inside = reduce_domain(search, search.root, clock)
    return inside and _Region(search, inside, [inside.point, *_corners(inside.simplex)])


def _corners(simplex: Simplex) -> Iterator[Point]:
    """Vertices of the closed domain, least and greatest in some directions, and points one step along its rays."""
    if not simplex.count:
        return
    size = simplex.n
    directions = [[int(at == j) for at in range(size)] for j in range(min(size, DIRECTIONS))] + [[1] * size]
    for direction in directions:
        for sign in (1, -1):
            # A copy, so that the vertex does not depend on what was asked before.
            answer = simplex.copy().minimum([0, *(sign * c for c in direction)])
            yield answer.point
            if not isinstance(answer, Optimum):
                yield [x + step for x, step in zip(answer.point, answer.direction, strict=True)]


@st.composite
def _vectors(draw: st.DrawFn, size: int) -> Point:
    """Vectors whose entries often repeat earlier ones."""
    vector: Point = []
    for _ in range(size):
        vector.append(draw(st.one_of(RATIONALS, st.sampled_from(vector)) if vector else RATIONALS))
    return vector


@st.composite
def _inner(draw: st.DrawFn, region: _Region) -> Point:
    """Points of the domain: free vectors where they lie in it, points on its boundary, vertices, and mixtures."""
    vector = draw(_vectors(len(region.inside.point)))
    if not region.rows:
        return vector
    start, end = region.inside.point, vector
    match draw(st.sampled_from(("to a vector", "by a vector", "between anchors"))):
        case "by a vector":
            end = [x + step for x, step in zip(draw(st.sampled_from(region.anchors)), vector, strict=True)]
        case "between anchors":
            start, end = (draw(st.sampled_from(region.anchors)) for _ in range(2))
    return region.towards(start, end, draw(SHARES))


class _Switch(NamedTuple):
    """A relu, abs, max or min, as the largest of some rows."""

    term: Term

    def rows(self, values: Mapping[int, Fraction]) -> list[Fraction]:
        """The rows' values: t and 0 for relu(t), t and -t for abs(t), the arguments for max, and negated for min."""
        parts = [values[id(part)] for part in self.term.args]
        match self.term.kind:
            case "relu":
                return [*parts, Fraction(0)]
            case "abs":
                return [parts[0], -parts[0]]
        return [-part for part in parts] if self.term.kind == "min" else parts

    def winner(self, values: Mapping[int, Fraction]) -> int:
        """Which row is largest, the first of equal ones."""
        rows = self.rows(values)
        return rows.index(max(rows))


class _Kinks(NamedTuple):
    """The switches of a claim's sides, without and with parameters, and ties: a variable against 0 or the next."""

    plain: list[_Switch]
    scaled: list[_Switch]
    ties: list[_Switch]
    parameters: set[str]


def _kinks(claim: Claim) -> _Kinks:
    terms = subterms((claim.goal.left, claim.goal.right))
    scaled: set[int] = set()
    for term in terms:
        if term.kind == "scale" or any(id(part) in scaled for part in term.args):
            scaled.add(id(term))
    bends = [term for term in terms if term.kind in KINDS]
    names = claim.variables()
    variables = [variable(name) for name in names]
    pairs = pairwise((*variables, *variables[:1])) if len(variables) > 1 else ()
    return _Kinks(
        [_Switch(term) for term in bends if id(term) not in scaled],
        [_Switch(term) for term in bends if id(term) in scaled],
        [*(_Switch(Term("max", pair)) for pair in pairs), *(_Switch(Term("relu", (x,))) for x in variables)],
        {part.name for part in subterms(term.args[1] for term in terms if term.kind == "scale") if part.name in names},
    )


def _values(roots: Iterable[Term], point: Named) -> dict[int, Fraction]:
    """The exact value of every part of the roots at a point, by the part's `id`."""
    values: dict[int, Fraction] = {}
    for term in subterms(roots):
        parts = [values[id(part)] for part in term.args]
        values[id(term)] = point[term.name] if term.kind == "variable" else VALUES[term.kind](term, parts)
    return values


def _crossed(switches: Sequence[_Switch], start: Named, end: Named) -> list[tuple[_Switch, Named]]:
    """The switches whose winners at the two points differ, with the end; none where a side is not defined at one."""
    roots = [part for switch in switches for part in switch.term.args]
    try:
        first, last = _values(roots, start), _values(roots, end)
    except ZeroDivisionError:
        return []
    return [(switch, end) for switch in switches if switch.winner(first) != switch.winner(last)]


def _bends_crossed(claim: Claim, kinks: _Kinks, start: Named, end: Named) -> list[tuple[_Switch, Named]]:
    """The crossed switches of both sides, each with the end of a segment from start on which it is piecewise linear.

    Terms with parameters that multiply are so only where the parameters do not change.
    """
    held = {**end, **{name: start[name] for name in kinks.parameters}}
    is_inside = bool(kinks.scaled) and all(comparison.holds(held) for comparison in claim.where)
    return _crossed(kinks.plain, start, end) + (_crossed(kinks.scaled, start, held) if is_inside else [])


def _crossing(switch: _Switch, start: Named, end: Named) -> Named:
    """A point between start and end where the rows that win at the two ends tie."""
    first, last = (switch.winner(_values(switch.term.args, point)) for point in (start, end))

    def at(share: Fraction) -> Named:
        return {name: old + share * (end[name] - old) for name, old in start.items()}

    def gap(share: Fraction) -> Fraction:
        rows = switch.rows(_values(switch.term.args, at(share)))
        return rows[first] - rows[last]

    return at(_root(gap))


def _root(gap: Callable[[Fraction], Fraction]) -> Fraction:
    """A root in [0, 1] of a piecewise-linear function that is >= 0 at 0 and <= 0 at 1.

    Halving brings two points into each of the linear pieces beside the root, and the lines through them meet it. What
    has no root after `STEPS` halvings is not piecewise linear there; then the last point before the root is returned.
    """
    low, high = [(Fraction(0), gap(Fraction(0)))], [(UNIT, gap(UNIT))]
    for share, found in (*low, *high):
        if found == 0:
            return share
    for _ in range(STEPS):
        for ends in ((low[-1], high[-1]), tuple(low[-2:]), tuple(high[-2:]), ()):
            share = _zero_of_line(ends)
            if not low[-1][0] < share < high[-1][0]:
                share = (low[-1][0] + high[-1][0]) / 2
            found = gap(share)
            if found == 0:
                return share
            (low if found > 0 else high).append((share, found))
    return low[-1][0]


def _zero_of_line(ends: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    """Where the line through two points of a graph is zero; -1 if there are not two or the line is level."""
    if len(ends) < 2 or ends[0][1] == ends[1][1]:
        return -UNIT
    (x, y), (other, z) = ends
    return x + (other - x) * y / (y - z)


@st.composite
def _points(draw: st.DrawFn, claim: Claim, region: _Region, kinks: _Kinks) -> Named:
    """Points of the domain, two of three moved to a kink on the way to another point, or on the line through both."""
    start = draw(_inner(region))
    point = region.named(start)
    if not draw(st.integers(0, 2)):
        return point
    end = draw(_inner(region))
    back, forth = (region.towards(start, _between(start, end, share), UNIT) for share in (-REACH, REACH))
    paths = [(point, region.named(end)), (region.named(back), region.named(forth))]
    for origin, goal in paths:
        crossed = _bends_crossed(claim, kinks, origin, goal)
        if crossed:
            switch, other = draw(st.sampled_from(crossed))
            return _crossing(switch, origin, other)
    ties = _crossed(kinks.ties, *paths[0])
    return _crossing(draw(st.sampled_from(ties))[0], *paths[0]) if ties else point


def points(claim: Claim) -> st.SearchStrategy[Named]:
    """Points of the claim's domain: lattice points, ties, its boundary and vertices, and the kinks of both sides.

    A kink is a point where the difference of two arguments of a relu, abs, max or min is 0 (0 being one of relu's).
    An empty domain has no points: the strategy is then `nothing()`. A domain that is no polyhedron raises
    `CertificateRejected`.
    """
    if claim.ranges:
        return _ranged_points(claim)
    region = _region(claim)
    return st.nothing() if region is None else _points(claim, region, _kinks(claim))


@st.composite
def _ranged_points(draw: st.DrawFn, claim: Claim) -> Named:
    """Points whose ranged coordinates are values of the ranges."""
    values = {name: draw(st.sampled_from(values)) for name, values in claim.ranges}
    equations = tuple(Comparison(variable(name), "==", constant(value)) for name, value in values.items())
    fixed = Claim(claim.goal, (*claim.where, *equations))
    region = _region(fixed)
    if region is None:
        reject()
    point = draw(_points(fixed, region, _kinks(fixed)))
    return {name: point[name] for name in claim.variables()}
