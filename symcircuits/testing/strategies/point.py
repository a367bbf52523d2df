"""Points of a domain where a mistake would show.

A CPWL function that is wrong is often wrong only near its kinks, or where variables tie, or at the edge of its domain.
`points` goes there on purpose. It never filters: the domain is reduced to one with interior, as the prover does it, and
points are built from its inner point, its vertices and free vectors, cut off where they leave it. A kink is met where a
segment between two points of the domain changes the winner of a switch; the crossing is found exactly, and from there
kinks are followed to a vertex of the linear regions.

>>> from hypothesis import find, settings
>>> from symcircuits.expr.parse import parse_claim
>>> claim = parse_claim("relu(x) == x", where="x + y == 0")
>>> always_the_same = settings(derandomize=True, database=None)
>>> find(points(claim), lambda point: not claim.goal.holds(point), settings=always_the_same)
{'x': Fraction(-1, 1), 'y': Fraction(1, 1)}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st

from symcircuits.errors import ClaimError
from symcircuits.expr.claim import as_claim
from symcircuits.kernel.term import Claim, Comparison, constant, total, variable
from symcircuits.provers.search import Point
from symcircuits.testing.operand import known_side
from symcircuits.testing.strategies.kink import Kinks, Named, bends_crossed, crossed, crossing, kinks
from symcircuits.testing.strategies.rational import RATIONALS, UNIT
from symcircuits.testing.strategies.region import Region, between, region
from symcircuits.testing.strategies.vertex import FREE, SWITCHES, vertex
from symcircuits.transform.sides import common_names, renamed

PART, TINY, REACH = Fraction(1, 100), Fraction(1, 1000), Fraction(10**6)
SHARES = st.one_of(st.just(UNIT), st.integers(1, 99).map(lambda percent: percent * PART), st.just(1 - TINY))
LINES = st.integers(-2, 2).map(Fraction)
MOVES = ("stay", "stay", "to a kink", "to a kink", "to a kink", "to a vertex")
LISTED = 4096
"""So many points of a finite domain are listed."""


def points(*functions: Any, where: Any = "") -> st.SearchStrategy[Named]:
    """Points of a domain, by names of variables: ties, lattice points, its boundary, kinks and vertices of functions.

    The functions are circuits, networks, expressions, texts, weights, modules and files; their inputs correspond by
    order, and to variables of expressions by name. Or it is one claim, whose domain and sides count. A kink is a point
    where the difference of two arguments of a relu, abs, max or min is 0 (0 being one of relu's), a vertex one where as
    many kinks meet as there are dimensions. An empty domain has no points: the strategy is then `nothing()`.

    Raises `InvalidCircuit` for functions of other inputs, `ClaimError` for a domain of other variables, and
    `CertificateRejected` for one that is no polyhedron.

    >>> from hypothesis import find
    >>> find(points("relu(3*x - 1)", "abs(y)"), lambda point: 3 * point["x"] == 1 and point["y"] == 0)
    {'x': Fraction(1, 3), 'y': Fraction(0, 1)}
    """
    claim = functions[0] if functions else None
    if not isinstance(claim, Claim):
        claim = _scene(functions, where)
    elif len(functions) > 1 or where:
        raise ClaimError("a claim has its own sides and domain: give nothing else with it")
    if claim.ranges:
        return _ranged(claim)
    inside = region(claim)
    return st.nothing() if inside is None else _points(inside, claim, kinks(claim))


def _scene(functions: Sequence[Any], where: Any) -> Claim:
    """A claim with that domain whose sides have the variables in order, and everything that switches."""
    sides = [known_side(function, where, products=True) for function in functions]
    names, domain = common_names(sides), as_claim("0 == 0", where)
    given = [renamed(each, names) for each in sides]
    parameters = {name for each in given for name in Claim(domain.goal, each.assumed).variables()}
    strange = sorted(set(domain.variables()) - {*names, *parameters})
    if strange and any(each.ordered for each in given):
        raise ClaimError(f"the domain speaks of {', '.join(strange)}; the inputs are {', '.join(names)}")
    facts = dict.fromkeys((*domain.where, *(fact for each in given for fact in each.assumed)))
    order = total((UNIT, variable(name)) for name in names)
    goal = Comparison(order, "==", total((UNIT, term) for each in given for term in each.terms()))
    return Claim(goal, tuple(facts), domain.ranges)


@st.composite
def _vectors(draw: st.DrawFn, size: int) -> Point:
    """Vectors whose entries often repeat earlier ones."""
    vector: Point = []
    for _ in range(size):
        # The first entry twice: a choice that is none would make a tie the shortest example, shorter than zeros.
        earlier = st.sampled_from([*vector, vector[0]]) if vector else st.nothing()
        vector.append(draw(st.one_of(RATIONALS, earlier)))
    return vector


@st.composite
def _inner(draw: st.DrawFn, inside: Region) -> Point:
    """Points of the domain: free vectors where they lie in it, points on its boundary, vertices, and mixtures."""
    vector = draw(_vectors(len(inside.anchors[0])))
    if not inside.rows:
        return vector
    start, end = inside.anchors[0], vector
    match draw(st.sampled_from(("to a vector", "by a vector", "between anchors"))):
        case "by a vector":
            end = [x + step for x, step in zip(draw(st.sampled_from(inside.anchors)), vector, strict=True)]
        case "between anchors":
            start, end = (draw(st.sampled_from(inside.anchors)) for _ in range(2))
    return inside.towards(start, end, draw(SHARES))


@st.composite
def _points(draw: st.DrawFn, inside: Region, claim: Claim, bends: Kinks) -> Named:
    """Points of the domain, two of three moved to a kink on the way to another point, one of these on to a vertex."""
    start = draw(_inner(inside))
    move = draw(st.sampled_from(MOVES))
    if move == "stay":
        return inside.named(start)
    end = draw(_inner(inside))
    place = _on_kink(draw, inside, claim, bends, start, end)
    if move == "to a kink" or not inside.free or len(inside.free) > FREE or len(bends.plain) > SWITCHES:
        return place
    lines = [[draw(LINES) for _ in inside.free] for _ in inside.free]
    begin = [place[name] for name in inside.slopes]
    corner = vertex(inside, bends.plain, begin, lines)
    return inside.named(inside.towards(start, corner, UNIT))


def _on_kink(draw: st.DrawFn, inside: Region, claim: Claim, bends: Kinks, start: Point, end: Point) -> Named:
    """Where the way, or else the whole line, through both points meets a kink, or variables tie; or the first point."""
    back, forth = (inside.towards(start, between(start, end, share), UNIT) for share in (-REACH, REACH))
    paths = [tuple(map(inside.named, pair)) for pair in ((start, end), (back, forth))]
    for origin, goal in paths:
        met = bends_crossed(claim, bends, origin, goal)
        if met:
            switch, other = draw(st.sampled_from(met))
            return crossing(switch, origin, other)
    ties = crossed(bends.ties, *paths[0])
    return crossing(draw(st.sampled_from(ties))[0], *paths[0]) if ties else paths[0][0]


def _ranged(claim: Claim) -> st.SearchStrategy[Named]:
    """Points whose ranged coordinates are values of the ranges, simple ones first."""
    values = {
        name: sorted(each, key=lambda value: (value.denominator, abs(value), value)) for name, each in claim.ranges
    }
    names = claim.variables()
    if set(names) != set(values) or prod(map(len, values.values())) > LISTED:
        return _with_values(claim, values, {})
    listed = (dict(zip(names, point, strict=True)) for point in product(*(values[name] for name in names)))
    found = [point for point in listed if all(comparison.holds(point) for comparison in claim.where)]
    return st.sampled_from(found).map(dict) if found else st.nothing()


def _by_simplicity(value: Fraction) -> tuple[int, Fraction, Fraction]:
    return value.denominator, abs(value), value


@st.composite
def _with_values(
    draw: st.DrawFn,
    claim: Claim,
    values: Mapping[str, Sequence[Fraction]],
    known: dict[tuple[Fraction, ...], st.SearchStrategy[Named]],
) -> Named:
    """Points with drawn values in the ranges, the others being real; strategies for values once drawn are known."""
    chosen = {name: draw(st.sampled_from(each)) for name, each in values.items()}
    key = tuple(chosen.values())
    if key not in known:
        equations = tuple(Comparison(variable(name), "==", constant(value)) for name, value in chosen.items())
        known[key] = points(Claim(claim.goal, (*claim.where, *equations)))
    if known[key].is_empty:
        reject()
    point = draw(known[key])
    return {name: point[name] for name in claim.variables()}
