"""Empty, flat or solid: each result is checked against its own proof and against z3; simplest numbers by search."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcircuits.exact.polyhedron import Empty, Flat, Solid, analyse, simplest_between, simplify_point
from symcircuits.exact.simplex import Multipliers, Optimum

Row = tuple[int, ...]
System = tuple[int, list[Row], list[bool]]
HUGE = 10**500


def value(row: Sequence[int], point: Sequence[Fraction]) -> Fraction:
    return row[0] + sum((c * x for c, x in zip(row[1:], point, strict=True)), Fraction(0))


def combination(n: int, rows: Sequence[Row], multipliers: Multipliers) -> list[Fraction]:
    assert all(type(m) is Fraction and m > 0 for m in multipliers.values())
    total = [Fraction(0)] * (n + 1)
    for index, m in multipliers.items():
        total = [t + m * c for t, c in zip(total, rows[index], strict=True)]
    return total


def check(system: System, result: Empty | Flat | Solid) -> None:
    """What the result claims, exactly."""
    n, rows, strict = system
    if isinstance(result, Empty):
        constant, *slopes = combination(n, rows, result.multipliers)
        assert not any(slopes)
        assert constant < 0 or (constant == 0 and any(strict[i] for i in result.multipliers))
    elif isinstance(result, Flat):
        assert any(rows[result.index]) and not strict[result.index] and result.constant == 0
        assert combination(n, rows, result.multipliers) == [-c for c in rows[result.index]]
    else:
        assert len(result.point) == n and result.simplex.count == len(rows)
        assert all(value(row, result.point) > 0 for row in rows if any(row))
        assert not any(strict[i] for i, row in enumerate(rows) if not any(row))


@st.composite
def systems(draw: st.DrawFn, size: int = 3) -> System:
    """Few variables, small numbers, and rows repeated with either sign, so that all three results are common."""
    n = draw(st.integers(0, 4))
    form = st.tuples(st.integers(-size, 2 * size), *[st.integers(-size, size)] * n)
    rows: list[Row] = draw(st.lists(form, max_size=2 * n + 2))
    for index in draw(st.lists(st.integers(0, len(rows) - 1), max_size=2)) if rows else []:
        factor = draw(st.sampled_from([-2, -1, 0, 1]))
        rows.append(tuple(factor * c for c in rows[index]))
    strict = draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    return n, rows, strict if draw(st.booleans()) else [False] * len(rows)


@given(systems())
@settings(max_examples=400, deadline=None)
def test_every_result_proves_itself(system: System) -> None:
    check(system, analyse(*system))


@given(systems())
@settings(max_examples=300, deadline=None)
def test_z3_agrees_on_which_it_is(system: System) -> None:
    z3: Any = pytest.importorskip("z3")
    n, rows, strict = system
    names = [z3.Real(f"x{j}") for j in range(n)]
    forms = [z3.RealVal(row[0]) + sum(c * x for c, x in zip(row[1:], names, strict=True)) for row in rows]
    base = [form > 0 if is_strict else form >= 0 for form, is_strict in zip(forms, strict, strict=True)]

    def is_possible(*more: Any) -> bool:
        solver = z3.Solver()
        solver.add(*base, *more)
        answer = solver.check()
        assert answer != z3.unknown
        return bool(answer == z3.sat)

    if not is_possible():
        expected: type = Empty
    elif all(is_possible(form > 0) for form, row in zip(forms, rows, strict=True) if any(row)):
        expected = Solid
    else:
        expected = Flat
    result = analyse(*system)
    assert type(result) is expected
    if isinstance(result, Flat):
        assert not is_possible(forms[result.index] != 0)


@given(systems(), st.lists(st.integers(-(10**6), 10**6), min_size=4, max_size=4))
@settings(max_examples=200, deadline=None)
def test_moving_a_polyhedron_does_not_change_what_it_is(system: System, shift: list[int]) -> None:
    n, rows, strict = system
    moved = [(row[0] - sum(c * s for c, s in zip(row[1:], shift, strict=False)), *row[1:]) for row in rows]
    result = analyse(n, moved, strict)
    check((n, moved, strict), result)
    assert type(result) is type(analyse(n, rows, strict))


EMPTY: list[System] = [
    (0, [(-1,)], [False]),
    (0, [(0,)], [True]),
    (0, [(5,), (0,)], [False, True]),
    (2, [(0, 0, 0)], [True]),
    (1, [(0, 1), (-1, -1)], [False, False]),
    (1, [(0, 1), (0, -1)], [True, False]),
    (1, [(0, 1), (0, -1)], [False, True]),
    (1, [(0, 1), (0, -1)], [True, True]),
    (2, [(0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)], [False, False, False, True]),
    (2, [(0, 1, 1), (0, -1, 0), (0, 0, -1)], [True, False, False]),
    (1, [(HUGE, 1), (-HUGE - 1, -1)], [False, False]),
    (1, [(1, -HUGE), (-1, HUGE)], [False, True]),
]
FLAT: list[System] = [
    (1, [(0, 1), (0, -1)], [False, False]),
    (1, [(0, 1), (0, -1), (0, 0)], [False, False, False]),
    (2, [(0, 1, 0), (0, 0, 1), (0, -1, -1)], [False, False, False]),
    (2, [(5, 1, 0), (1, 1, -1), (-1, -1, 1)], [True, False, False]),
    (2, [(0, 3, 1), (0, 3, 1), (0, -6, -2)], [False, False, False]),
    (1, [(1, -HUGE), (-1, HUGE)], [False, False]),
]
SOLID: list[tuple[System, list[Fraction | int]]] = [
    ((0, [], []), []),
    ((0, [(0,), (3,)], [False, True]), []),
    ((3, [], []), [0, 0, 0]),
    ((2, [(0, 0, 0)], [False]), [0, 0]),
    ((2, [(1, 1, 0), (1, 0, 1)], [True, False]), [0, 0]),
    ((2, [(0, 1, 0), (0, 0, 1)], [False, False]), [1, 1]),
    ((2, [(0, 1, 0), (1, 0, 1)], [False, False]), [1, 1]),
    ((2, [(0, 1, 0), (1, 0, 1), (1, 0, -1)], [False, False, True]), [1, 0]),
    ((1, [(0, 1), (1, -1)], [True, True]), [Fraction(1, 2)]),
    ((1, [(-1, 3), (2, -5)], [True, True]), [Fraction(3, 8)]),
    ((1, [(-(10**9), 1)], [True]), [10**9 + 1]),
    ((1, [(-(10**9), -1)], [True]), [-(10**9) - 1]),
    ((1, [(-1, HUGE), (2, -HUGE)], [True, True]), [Fraction(1, HUGE // 2 + 1)]),
    ((2, [(1, 7, -7), (1, -7, 7), (-4, 2, 0), (13, -2, 0)], [True] * 4), [4, 4]),
    ((2, [(-7, 1, 0), (9, -1, 0), (0, 1, -1), (-7, 0, 1), (0, -2, 3)], [True] * 5), [8, Fraction(15, 2)]),
]


@pytest.mark.parametrize("system", EMPTY)
def test_empty(system: System) -> None:
    result = analyse(*system)
    assert isinstance(result, Empty)
    check(system, result)


@pytest.mark.parametrize("system", FLAT)
def test_flat(system: System) -> None:
    result = analyse(*system)
    assert isinstance(result, Flat)
    check(system, result)


@pytest.mark.parametrize(("system", "point"), SOLID)
def test_solid_with_a_simple_point(system: System, point: list[Fraction | int]) -> None:
    result = analyse(*system)
    assert isinstance(result, Solid)
    check(system, result)
    assert result.point == point


def test_the_simplex_of_a_solid_holds_the_rows_by_their_index() -> None:
    result = analyse(2, [(0, 0, 0), (-7, 1, 0), (5, 0, 0), (-9, 0, 1)], [False, True, False, False])
    assert isinstance(result, Solid)
    answer = result.simplex.minimum((1, 2, 3))
    assert isinstance(answer, Optimum) and answer.value == 42
    assert answer.multipliers == {1: 2, 3: 3}


def test_tick_can_stop_the_analysis() -> None:
    def tick() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        analyse(2, [(-5, 1, -1), (9, -1, 0)], [False, False], tick)


@pytest.mark.parametrize("strict", [[], [True, False]])
def test_strictness_is_asked_of_every_row(strict: list[bool]) -> None:
    with pytest.raises(ValueError, match="strict"):
        analyse(1, [(1, 1)], strict)


def simplest_by_search(low: Fraction, high: Fraction) -> Fraction:
    for den in count(1):
        first, last = (low * den).__floor__() + 1, (high * den).__ceil__() - 1
        if first <= last:
            return Fraction(0 if first <= 0 <= last else first if first > 0 else last, den)
    raise AssertionError


@given(st.fractions(-9, 9, max_denominator=40), st.fractions(-9, 9, max_denominator=40))
@settings(max_examples=500)
def test_simplest_between_is_what_a_search_finds(one: Fraction, two: Fraction) -> None:
    if one == two:
        with pytest.raises(ValueError, match="strictly between"):
            simplest_between(one, two)
    else:
        low, high = min(one, two), max(one, two)
        assert simplest_between(low, high) == simplest_by_search(low, high)


@given(st.integers(-HUGE, HUGE), st.integers(1, HUGE), st.integers(1, HUGE))
def test_simplest_between_huge_ends(numerator: int, den: int, width: int) -> None:
    low = Fraction(numerator, den)
    high = low + Fraction(1, width)
    found = simplest_between(low, high)
    assert low < found < high and found.denominator <= width + 1
    assert simplest_between(-high, -low) == -found


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [
        (0, 1, Fraction(1, 2)),
        (0, 2, 1),
        (-1, 1, 0),
        (-5, -3, -4),
        (-5, 0, -1),
        (3, 1000, 4),
        (Fraction(1, 3), Fraction(1, 2), Fraction(2, 5)),
        (0, Fraction(1, HUGE), Fraction(1, HUGE + 1)),
        (HUGE, HUGE + 1, HUGE + Fraction(1, 2)),
        (Fraction(314, 100), Fraction(315, 100), Fraction(22, 7)),
    ],
)
def test_simplest_between(low: Fraction | int, high: Fraction | int, found: Fraction | int) -> None:
    assert simplest_between(Fraction(low), Fraction(high)) == found


@given(
    st.lists(st.fractions(max_denominator=10**6), max_size=4),
    st.lists(st.fractions(0, 1, max_denominator=1000).filter(bool), min_size=4, max_size=4),
)
@settings(max_examples=200)
def test_simplified_points_are_accepted_and_no_worse(point: list[Fraction], radii: list[Fraction]) -> None:
    asked = list[list[Fraction]]()

    def accepts(candidate: list[Fraction]) -> bool:
        asked.append(candidate)
        return all(abs(x - y) <= radius for x, y, radius in zip(candidate, point, radii, strict=False))

    given_point = list(point)
    found = simplify_point(point, accepts)
    assert len(asked) <= 40 * len(point) + 1
    assert found in asked and accepts(found) and point == given_point
    assert all(x.denominator <= y.denominator for x, y in zip(found, point, strict=True))


@pytest.mark.parametrize(
    ("point", "radius", "found"),
    [
        ([], 1, []),
        ([Fraction(7, 3)], 10, [0]),
        ([Fraction(7, 3)], 2, [1]),
        ([Fraction(-7, 3)], 2, [-1]),
        ([Fraction(22, 3), Fraction(-1, 5)], Fraction(1, 2), [7, 0]),
        ([Fraction(37, 100)], Fraction(15, 100), [Fraction(1, 2)]),
        ([Fraction(3333, 10000)], Fraction(1, 1000), [Fraction(1, 3)]),
        ([Fraction(HUGE + 1, 3 * HUGE)], Fraction(1, HUGE), [Fraction(1, 3)]),
    ],
)
def test_simplify_point(point: list[Fraction], radius: Fraction, found: list[Fraction]) -> None:
    simplified = simplify_point(
        point, lambda candidate: all(abs(x - y) <= radius for x, y in zip(candidate, point, strict=True))
    )
    assert simplified == found


def test_a_point_that_is_not_accepted_is_refused() -> None:
    with pytest.raises(ValueError, match="not accepted"):
        simplify_point([Fraction(1, 2)], lambda point: False)


@pytest.mark.parametrize(("start", "found"), [(Fraction(-7, 3), -1), (Fraction(7, 3), 1)])
def test_of_two_equally_simple_numbers_the_sign_is_kept(start: Fraction, found: int) -> None:
    assert simplify_point([start], lambda point: point[0] != 0) == [found]


def test_accepts_may_spoil_its_argument() -> None:
    def accepts(candidate: list[Fraction]) -> bool:
        good = candidate[0] > 3
        candidate.clear()
        return good

    assert simplify_point([Fraction(7, 2)], accepts) == [4]
