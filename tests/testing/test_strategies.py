"""The strategies reach what they promise, how often is measured, and what they find shrinks to something small."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from cases import ANSWERED, TRUE, Case
from hypothesis import Phase, assume, find, given, settings
from hypothesis import strategies as st

from symcircuits.expr.parse import parse_claim
from symcircuits.kernel.term import Claim, Term, evaluate, subterms
from symcircuits.provers.prove import prove_claim
from symcircuits.testing.strategies import claims, domains, points, rationals, rewritings, terms

XY = ("x", "y")
KINDS = ("relu", "max", "min", "abs")
Point = dict[str, Fraction]


def sample(strategy: st.SearchStrategy[Any], count: int = 200) -> list[Any]:
    """Examples of a strategy, the same every time."""
    drawn: list[Any] = []

    @settings(max_examples=count, phases=[Phase.generate])
    @given(strategy)
    def note(value: Any) -> None:
        drawn.append(value)

    note()
    return drawn


def share(values: list[Any], is_met: Callable[[Any], bool]) -> float:
    return sum(map(is_met, values)) / len(values)


def smallest(strategy: st.SearchStrategy[Any], is_met: Callable[[Any], bool]) -> Any:
    return find(strategy, is_met, settings=settings(max_examples=2000))


def depth(root: Term) -> int:
    levels: dict[int, int] = {}
    for term in subterms((root,)):
        levels[id(term)] = max((levels[id(part)] for part in term.args), default=0) + (term.kind in KINDS)
    return levels[id(root)]


def is_on_kink(claim: Claim, point: Point) -> bool:
    """Whether two arguments of a switch of either side, 0 being one of relu's, have the same value at the point."""
    for term in subterms((claim.goal.left, claim.goal.right)):
        values = [evaluate(part, point) for part in term.args]
        values += [Fraction(0)] if term.kind in ("relu", "abs") else []
        if term.kind in KINDS and any(a == b for a, b in combinations(values, 2)):
            return True
    return False


def in_domain(claim: Claim, point: Point) -> bool:
    return all(comparison.holds(point) for comparison in claim.where)


def test_rationals_tie_often_and_are_not_only_integers() -> None:
    pairs = sample(st.tuples(rationals(), rationals()), 400)
    assert share(pairs, lambda pair: pair[0] == pair[1]) > 0.01
    assert share(pairs, lambda pair: pair[0].denominator == 1) > 0.4
    assert share(pairs, lambda pair: 1 < pair[0].denominator <= 6) > 0.1
    assert any(abs(pair[0]) > 1000 for pair in pairs)


@pytest.mark.parametrize(
    ("bound", "expected"), [(Fraction(0), Fraction(1)), (Fraction(5, 2), Fraction(3)), (Fraction(100), Fraction(101))]
)
def test_rationals_shrink_to_the_simplest(bound: Fraction, expected: Fraction) -> None:
    assert smallest(rationals(), lambda value: value > bound) == expected


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_terms_are_as_deep_as_allowed_and_share_their_parts(limit: int) -> None:
    drawn = sample(terms(XY, limit))
    assert {depth(term) for term in drawn} == set(range(limit + 1))
    assert {part.kind for term in drawn for part in subterms((term,))} >= {*KINDS, "sum", "variable", "one"}
    if limit > 1:
        assert share(drawn, shares_a_switch) > 0.05


def shares_a_switch(root: Term) -> bool:
    uses = Counter(id(part) for term in subterms((root,)) for part in term.args if part.kind in KINDS)
    return any(count > 1 for count in uses.values())


def test_terms_without_variables_are_constants() -> None:
    assert all(evaluate(term, {}) == evaluate(term, {"x": Fraction(1)}) for term in sample(terms((), 2), 50))


def test_terms_shrink_to_one_node() -> None:
    assert len(str(smallest(terms(XY), lambda term: term.kind == "max"))) == len("max(x, y)")
    assert len(str(smallest(terms(XY), lambda term: term.kind == "relu"))) == len("relu(x)")
    assert str(smallest(terms(XY), lambda term: depth(term) == 0)) == "x"


@given(st.data())
def test_rewritings_denote_the_same_function(data: st.DataObject) -> None:
    term = data.draw(terms(XY, 2))
    other = data.draw(rewritings(term))
    for _ in range(4):
        point = {name: data.draw(rationals()) for name in XY}
        assert evaluate(term, point) == evaluate(other, point)


def test_domains_are_of_every_kind() -> None:
    verdicts: Counter[str] = Counter()
    for where in sample(domains(XY), 300):
        answer = prove_claim(Claim(parse_claim("x + y == x + y").goal, where))
        verdicts["empty" if answer.is_vacuous else "flat" if '"substitute"' in answer.certificate else "solid"] += 1
        verdicts["strict"] += any(comparison.relation in ("<", ">") for comparison in where)
    assert all(verdicts[kind] >= 15 for kind in ("empty", "flat", "solid", "strict")), verdicts


def test_claims_are_often_true_and_often_false_and_shrink() -> None:
    drawn = sample(claims(), 200)
    truths = share(drawn, lambda claim: hasattr(prove_claim(claim), "certificate"))
    assert 0.2 < truths < 0.8
    plain = smallest(claims(), lambda claim: not hasattr(prove_claim(claim), "certificate"))
    assert not plain.where and len(str(plain.goal.left) + str(plain.goal.right)) <= 12
    assert 0.2 < share(drawn, lambda claim: not claim.where) < 0.7
    assert not any(claim.where for claim in sample(claims(with_domains=False), 50))
    assert {claim.goal.relation for claim in sample(claims(relations=["<"]), 50)} == {"<"}


@given(st.data())
def test_points_lie_in_the_domain(data: st.DataObject) -> None:
    claim = data.draw(claims(("x", "y", "z"), depth=2))
    assume(not points(claim).is_empty)
    point = data.draw(points(claim))
    assert list(point) == claim.variables() and in_domain(claim, point)
    assert all(type(value) is Fraction for value in point.values())


@pytest.mark.parametrize("case", ANSWERED[::4], ids=lambda case: case.id)
def test_points_of_the_cases_lie_in_their_domains(case: Case) -> None:
    claim = case.claim()
    if not case.is_vacuous:
        assert all(in_domain(claim, point) for point in sample(points(claim), 60))


def test_an_empty_domain_has_no_points() -> None:
    assert points(parse_claim("x == y", "x > y, y > x")).is_empty


KINKED = [
    ("min(a, b) == b - relu(b - a)", "", 0.4),
    ("relu(x - 1/7) == x", "", 0.4),
    ("abs(3*x - 5*y + 1/11) == 0", "", 0.3),
    ("relu(relu(x - 1/3) - 2*relu(y + 1/5) - 1/7) == 0", "", 0.3),
    ("max(a, b, c, d) == 2*a - b/3 + 1/9", "", 0.3),
    ("relu(x + y - 1000001/7) == 0", "", 0.3),
    ("relu(x - y) == 0", "0 < x, x < 1/1000000, 0 < y, y < 1/1000000", 0.3),
    ("relu(x - 1/3) == 0", "x + y + z == 1, x >= 0, y >= 0, z > 0", 0.2),
    ("relu(x - 10000001/10) == 0", "x >= 1000000, y >= 0", 0.3),
    ("relu(w*x - w)/w == 0", "w > 0", 0.3),
]


@pytest.mark.parametrize(("text", "where", "least"), KINKED)
def test_how_many_points_are_exactly_on_a_kink(text: str, where: str, least: float) -> None:
    claim = parse_claim(text, where)
    drawn = sample(points(claim), 300)
    assert all(in_domain(claim, point) for point in drawn)
    assert share(drawn, lambda point: is_on_kink(claim, point)) >= least
    assert len({tuple(point.values()) for point in drawn}) >= 30


@pytest.mark.parametrize("case", TRUE[::7], ids=lambda case: case.id)
def test_true_cases_are_tried_on_kinks(case: Case) -> None:
    claim = case.claim()
    if not case.is_vacuous and len(claim.variables()) > 1 and not claim.where:
        assert share(sample(points(claim), 100), lambda point: is_on_kink(claim, point)) > 0.25


def test_points_tie_and_vanish() -> None:
    drawn = sample(points(parse_claim("x + y == z")), 300)
    assert share(drawn, lambda point: len(set(point.values())) < 3) > 0.3
    assert share(drawn, lambda point: 0 in point.values()) > 0.2
    assert {"x": 0, "y": 0, "z": 0} in drawn
    assert share(drawn, lambda point: len({0, *point.values()}) == 4) > 0.05


def test_points_reach_faces_and_vertices_where_they_belong_to_the_domain() -> None:
    closed = sample(points(parse_claim("x == y", "x >= 0, y >= 1/3, x + y <= 10/7")), 300)
    corners = [{"x": Fraction(0), "y": Fraction(1, 3)}, {"x": Fraction(23, 21), "y": Fraction(1, 3)}]
    assert all(corner in closed for corner in [*corners, {"x": Fraction(0), "y": Fraction(10, 7)}])
    assert share(closed, lambda point: point["x"] + point["y"] == Fraction(10, 7)) > 0.05
    assert share(closed, lambda point: point["x"] > 0 and point["x"] + point["y"] < Fraction(10, 7)) > 0.3
    half_open = sample(points(parse_claim("x == y", "x > 0, y >= 1/3, x + y < 10/7")), 300)
    assert share(half_open, lambda point: point["y"] == Fraction(1, 3)) > 0.05
    assert all(point["x"] > 0 and point["x"] + point["y"] < Fraction(10, 7) for point in half_open)


def test_points_go_far_in_unbounded_domains() -> None:
    drawn = sample(points(parse_claim("x == y", "x >= y, y >= 5")), 300)
    assert share(drawn, lambda point: point["x"] > 20) > 0.005 and any(point["x"] == 5 for point in drawn)


FOUND = [
    ("abs(x) == relu(x) - relu(-x)", "", {"x": -1}),
    ("relu(x) <= 5/2", "", {"x": 3}),
    ("relu(x - 1/7) + relu(1/7 - x) > 0", "", {"x": Fraction(1, 7)}),
    ("max(x, y) > min(x, y)", "", {"x": 0, "y": 0}),
    ("x + y == 2", "x + y == 3", {"x": 3, "y": 0}),
]


@pytest.mark.parametrize(("text", "where", "expected"), FOUND)
def test_what_is_found_is_simple(text: str, where: str, expected: Point) -> None:
    claim = parse_claim(text, where)
    assert smallest(points(claim), lambda point: not claim.goal.holds(point)) == expected


def test_a_needle_is_found_by_crossing_a_kink() -> None:
    needle = parse_claim("relu(1/1000000 - abs(2*x - 3*y + 1/7)) == 0")
    found = smallest(points(needle), lambda point: not needle.goal.holds(point))
    assert 2 * found["x"] - 3 * found["y"] == Fraction(-1, 7)
    deep = parse_claim("relu(1/1000000 - abs(relu(x - 1/3) - 2*relu(y + 1/5))) == relu(1/1000000 - abs(x - 1/3))")
    found = smallest(points(deep), lambda point: not deep.goal.holds(point))
    assert evaluate(deep.goal.left, found) != evaluate(deep.goal.right, found)


def test_a_quotient_that_is_not_defined_everywhere_still_has_points() -> None:
    claim = parse_claim("relu(w*x)/w == relu(x)", "w > 0")._replace(where=())
    drawn = sample(points(claim), 100)
    assert any(point["w"] == 0 for point in drawn) and any(point["w"] < 0 for point in drawn)
