"""Points tried before any search: strictly inside, always the same, simple, and enough for plain mistakes."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings

from symcircuits.expr.parse import parse_claim
from symcircuits.kernel.term import Claim
from symcircuits.provers.domain import Inside, reduce_domain
from symcircuits.provers.points import POINTS, inner_points, refute, simple_counterexample
from symcircuits.provers.result import Clock, LimitReached
from symcircuits.provers.search import Search, value
from symcircuits.testing.strategies import claims


def reduced(claim: Claim) -> tuple[Search, Inside | None]:
    search = Search(claim, Clock())
    return search, reduce_domain(search, search.root, Clock())


@settings(max_examples=100)
@given(claims(names=("x", "y", "z"), depth=1))
def test_inner_points_lie_strictly_inside(claim: Claim) -> None:
    search, inside = reduced(claim)
    if inside is None:
        return
    context = inside.goal[0]
    cloud = list(inner_points(inside))
    assert cloud[0] == inside.point
    for point in cloud:
        assert all(value(form, point) > 0 for form, _ in context.hypotheses if form.numerators)
        assert all(comparison.holds(search.named(context, point)) for comparison in claim.where)


def test_without_a_domain_all_points_are_tried_and_always_the_same() -> None:
    _, inside = reduced(parse_claim("x == y"))
    assert inside
    cloud = list(inner_points(inside))
    assert len(cloud) == 1 + 4 + POINTS and cloud == list(inner_points(inside))
    assert all(x.denominator == 1 and abs(x) <= 100 for point in cloud for x in point)
    assert max(abs(x) for point in cloud for x in point) > 10


def test_a_thin_domain_still_has_many_points() -> None:
    _, inside = reduced(parse_claim("x == y", "0 < x, x < 1/1000000, y > 1000000, y < 1000001"))
    assert inside
    cloud = list(inner_points(inside))
    assert cloud and all(0 < x < Fraction(1, 10**6) and 10**6 < y < 10**6 + 1 for x, y in cloud)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("x == y", ""),
        ("relu(x) == x", ""),
        ("min(a, b) == b - relu(a - b)", ""),
        ("abs(x) == relu(x) - relu(-x)", ""),
        ("relu(x) <= 2", "x >= 0, x <= 3"),
        ("max(a, b, c, d) == max(a, b, c)", ""),
        ("x <= y + z", "x + y + z == 1"),
        ("relu(x) == relu(w*x)/w", "w < 0"),
    ],
)
def test_plain_mistakes_are_found_by_points_alone(text: str, where: str) -> None:
    claim = parse_claim(text, where)
    search, inside = reduced(claim)
    assert inside
    found = refute(search, inside, list(inner_points(inside)), Clock())
    assert found is not None and all(comparison.holds(found.point) for comparison in claim.where)
    assert not claim.goal.holds(found.point)
    assert all(x.denominator <= 2 and abs(x) <= 10 for x in found.point.values())


def test_a_truth_has_no_counterexample() -> None:
    search, inside = reduced(parse_claim("relu(x) - relu(-x) == x"))
    assert inside and refute(search, inside, list(inner_points(inside)), Clock()) is None
    assert simple_counterexample(search, inside.goal[0], inside.point) is None


def test_a_counterexample_is_made_simple() -> None:
    search, inside = reduced(parse_claim("relu(x - 3) == relu(y)"))
    assert inside
    found = simple_counterexample(search, inside.goal[0], [Fraction(355, 113), Fraction(-22, 7)])
    assert found is not None and found.point == {"x": 4, "y": 0} and (found.left, found.right) == (1, 0)


def test_the_time_limit_holds_between_points() -> None:
    search, inside = reduced(parse_claim("relu(x) - relu(-x) == x"))
    assert inside
    with pytest.raises(LimitReached):
        refute(search, inside, list(inner_points(inside)), Clock(seconds=-1))
