"""Every answer of the simplex is checked against its own proof, and against vertex enumeration and z3."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations
from math import gcd
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from symcircuits.exact import simplex as simplex_module
from symcircuits.exact.simplex import Implied, Multipliers, Optimum, Simplex, Unbounded, Violated

Row = tuple[int, ...]
HUGE = 10**500


def value(row: Sequence[int], point: Sequence[Fraction]) -> Fraction:
    return row[0] + sum((c * x for c, x in zip(row[1:], point, strict=True)), Fraction(0))


def slope(row: Sequence[int], direction: Sequence[Fraction]) -> Fraction:
    return value((0, *row[1:]), direction)


def combination(
    n: int, rows: Sequence[Row], multipliers: Multipliers, constant: Fraction = Fraction(0)
) -> list[Fraction]:
    assert all(type(m) is Fraction and m > 0 for m in multipliers.values())
    total = [constant] + [Fraction(0)] * n
    for index, m in multipliers.items():
        total = [t + m * c for t, c in zip(total, rows[index], strict=True)]
    return total


def is_feasible(rows: Sequence[Row], point: Sequence[Fraction]) -> bool:
    return all(value(row, point) >= 0 for row in rows)


def check_refusal(n: int, rows: Sequence[Row], refused: Row, multipliers: Multipliers) -> None:
    constant, *slopes = combination(n, [*rows, refused], multipliers)
    assert constant < 0 and not any(slopes)
    assert multipliers[len(rows)] > 0


def check_minimise(rows: Sequence[Row], goal: Row, answer: Implied | Violated) -> None:
    if isinstance(answer, Violated):
        assert is_feasible(rows, answer.point) and value(goal, answer.point) < 0
    else:
        assert answer.constant >= 0
        assert combination(len(goal) - 1, rows, *answer) == list(goal)


def check_minimum(rows: Sequence[Row], goal: Row, answer: Optimum | Unbounded) -> None:
    assert is_feasible(rows, answer.point)
    if isinstance(answer, Unbounded):
        assert all(slope(row, answer.direction) >= 0 for row in rows) and slope(goal, answer.direction) < 0
    else:
        assert value(goal, answer.point) == answer.value
        assert combination(len(goal) - 1, rows, answer.multipliers, answer.value) == list(goal)


def load(n: int, rows: Sequence[Row], tick: Callable[[], None] | None = None) -> tuple[Simplex, list[Row]]:
    """The simplex with as many of the rows as fit together, checked at every step."""
    simplex, held = Simplex(n, tick), list[Row]()
    for row in rows:
        multipliers = simplex.add(row)
        if multipliers is None:
            held.append(row)
        else:
            check_refusal(n, held, row, multipliers)
        assert simplex.count == len(held) and is_feasible(held, simplex.point())
    return simplex, held


@st.composite
def systems(draw: st.DrawFn, most_variables: int = 4, size: int = 4) -> tuple[int, list[Row], Row]:
    """n, rows and a goal; small numbers, repeated and opposite rows, so that ties, redundancy and flatness abound."""
    n = draw(st.integers(0, most_variables))
    form = st.tuples(st.integers(-size, 2 * size), *[st.integers(-size, size)] * n)
    rows: list[Row] = draw(st.lists(form, max_size=3 * n + 2))
    for index in draw(st.lists(st.integers(0, len(rows) - 1), max_size=2)) if rows else []:
        factor = draw(st.sampled_from([1, 2, -1]))
        rows.append(tuple(factor * c for c in rows[index]))
    return n, rows, draw(form)


@given(systems())
@settings(max_examples=400, deadline=None)
def test_every_answer_proves_itself(system: tuple[int, list[Row], Row]) -> None:
    n, rows, goal = system
    simplex, held = load(n, rows)
    least = simplex.copy().minimum(goal)
    check_minimum(held, goal, least)
    answer = simplex.minimise(goal)
    check_minimise(held, goal, answer)
    assert isinstance(answer, Implied) == (isinstance(least, Optimum) and least.value >= 0)
    if isinstance(answer, Implied) and isinstance(least, Optimum):
        assert answer.constant == least.value
    assert is_feasible(held, simplex.point())


@given(systems(size=2), st.lists(st.integers(1, HUGE), min_size=20, max_size=20))
@settings(max_examples=100, deadline=None)
def test_scaling_rows_changes_only_multipliers(system: tuple[int, list[Row], Row], factors: list[int]) -> None:
    n, rows, goal = system
    scaled = [tuple(k * c for c in row) for k, row in zip(factors, rows, strict=False)]
    first, held = load(n, rows)
    second, held_scaled = load(n, scaled)
    assert len(held) == len(held_scaled)
    one, two = first.minimum(goal), second.minimum(goal)
    check_minimum(held_scaled, goal, two)
    assert type(one) is type(two)
    if isinstance(one, Optimum) and isinstance(two, Optimum):
        assert one.value == two.value


def solve(rows: Sequence[Row]) -> list[Fraction] | None:
    """The one point where n affine forms in n variables are 0, by Gauss and Jordan; None if there is not just one."""
    matrix = [[Fraction(c) for c in row] for row in rows]
    for j in range(1, len(rows) + 1):
        pivot = next((i for i in range(j - 1, len(rows)) if matrix[i][j]), None)
        if pivot is None:
            return None
        matrix[j - 1], matrix[pivot] = matrix[pivot], matrix[j - 1]
        matrix[j - 1] = [c / matrix[j - 1][j] for c in matrix[j - 1]]
        for i, row in enumerate(matrix):
            if i != j - 1:
                matrix[i] = [c - row[j] * p for c, p in zip(row, matrix[j - 1], strict=True)]
    return [-row[0] for row in matrix]


@given(systems(most_variables=3))
@settings(max_examples=300, deadline=None)
def test_boxed_systems_agree_with_the_enumeration_of_vertices(system: tuple[int, list[Row], Row]) -> None:
    n, rows, goal = system
    box = [(5, *(c if k == j else 0 for k in range(n))) for j in range(n) for c in (1, -1)]
    rows = [*box, *rows[:5]]
    points = [point for choice in combinations(rows, n) if (point := solve(choice)) is not None]
    vertices = [point for point in points if is_feasible(rows, point)]
    simplex = Simplex(n)
    if any(simplex.add(row) is not None for row in rows):
        assert not vertices
    else:
        answer = simplex.minimum(goal)
        assert isinstance(answer, Optimum)
        assert answer.value == min(value(goal, vertex) for vertex in vertices)


@given(systems())
@settings(max_examples=300, deadline=None)
def test_z3_agrees_on_emptiness_and_on_the_least_value(system: tuple[int, list[Row], Row]) -> None:
    z3: Any = pytest.importorskip("z3")
    n, rows, goal = system
    names = [z3.Real(f"x{j}") for j in range(n)]

    def form(row: Row) -> Any:
        return z3.RealVal(row[0]) + sum(c * x for c, x in zip(row[1:], names, strict=True))

    def is_possible(*more: Any) -> bool:
        solver = z3.Solver()
        solver.add(*(form(row) >= 0 for row in rows), *more)
        answer = solver.check()
        assert answer != z3.unknown
        return bool(answer == z3.sat)

    simplex = Simplex(n)
    fits = all(simplex.add(row) is None for row in rows)
    assert fits == is_possible()
    if fits:
        assert isinstance(simplex.copy().minimise(goal), Violated) == is_possible(form(goal) < 0)
        least = simplex.minimum(goal)
        if isinstance(least, Optimum):
            exact = z3.Q(least.value.numerator, least.value.denominator)
            assert not is_possible(form(goal) < exact) and is_possible(form(goal) == exact)
        else:
            assert is_possible(form(goal) < -(10**9))


def orthant(n: int, factor: int = 1) -> list[Row]:
    return [(0, *(factor if k == j else 0 for k in range(n))) for j in range(n)]


CYCLING = {
    "Beale 1955": (
        [(0, -25, 6000, 4, -900), (0, -50, 9000, 2, -300), (100, 0, 0, -100, 0)],
        (0, -75, 15000, -2, 600),
        -5,
    ),
    "Kuhn": ([(0, 6, 27, -3, -27), (0, -1, -3, 1, 6), (6, -6, -9, 3, 36)], (0, -2, -3, 1, 12), -2),
    "Chvatal, page 31": ([(0, -1, 11, 5, -18), (0, -1, 3, 1, -2), (2, -2, 0, 0, 0)], (0, -10, 57, 9, 24), -1),
}
SCALE = {"Beale 1955": 100, "Kuhn": 3, "Chvatal, page 31": 2}


def run_cycling(name: str, limit: int) -> tuple[list[Row], Row, Optimum | Unbounded]:
    constraints, goal, _ = CYCLING[name]
    pivots = list[None]()

    def tick() -> None:
        pivots.append(None)
        if len(pivots) > limit:
            raise TimeoutError

    rows = [*orthant(4, SCALE[name]), *constraints]
    simplex, _ = load(4, rows, tick)
    for row in orthant(4):  # Now each x >= 0 is nonbasic, as in the books.
        simplex.minimum(row)
    return rows, goal, simplex.minimum(goal)


@pytest.mark.parametrize("name", CYCLING)
@pytest.mark.parametrize("patience", [-1, 0, 1, simplex_module.PATIENCE])
def test_cycling_examples_end(name: str, patience: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simplex_module, "PATIENCE", patience)
    rows, goal, answer = run_cycling(name, 60)
    check_minimum(rows, goal, answer)
    assert isinstance(answer, Optimum) and answer.value == CYCLING[name][2]


@pytest.mark.parametrize("name", ["Beale 1955", "Chvatal, page 31"])  # Kuhn's needs other ties among the leaving.
def test_without_blands_rule_they_cycle(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simplex_module, "PATIENCE", 10**9)
    with pytest.raises(TimeoutError):
        run_cycling(name, 1000)


@pytest.mark.parametrize(
    ("n", "rows", "goal", "least"),
    [
        (0, [], (3,), 3),
        (0, [(0,), (2,)], (-3,), -3),
        (1, [], (3, 0), 3),
        (1, [], (3, 1), None),
        (1, [(0, 0)], (3, 1), None),
        (1, [(-2, 3), (-2, 3), (-4, 6)], (0, 1), Fraction(2, 3)),
        (1, [(-2, 3), (2, -3)], (0, -9), -6),
        (1, [(0, 1), (5, 1), (9, 0)], (1, 1), 1),
        (2, [(0, 1, 0)], (0, 1, 0), 0),
        (2, [(0, 1, 0)], (0, 1, 1), None),
        (2, [(0, 1, 1), (0, 1, -1)], (4, 1, 0), 4),
        (2, [(1, 1, 0), (1, -1, 0), (1, 0, 1), (1, 0, -1), (2, 1, 1)], (0, 3, 2), -5),
        (2, [(HUGE, 1, 0), (HUGE, 0, HUGE - 1)], (0, 1, 1), -HUGE - Fraction(HUGE, HUGE - 1)),
        (2, [(-1, HUGE, 1), (1, -HUGE, 1), (1, 0, -HUGE)], (0, 1, 0), Fraction(1, HUGE) - Fraction(1, HUGE**2)),
    ],
)
def test_least_values(n: int, rows: list[Row], goal: Row, least: Fraction | int | None) -> None:
    simplex, held = load(n, rows)
    assert held == rows
    answer = simplex.minimum(goal)
    check_minimum(rows, goal, answer)
    assert (answer.value if isinstance(answer, Optimum) else None) == least
    check_minimise(rows, goal, simplex.minimise(goal))


@pytest.mark.parametrize(
    ("n", "rows", "refused"),
    [
        (0, [], (-1,)),
        (2, [(5, 1, 1)], (-1, 0, 0)),
        (1, [(0, 1)], (-1, -1)),
        (2, [(0, 1, 0), (0, 0, 1)], (-1, -1, -2)),
        (3, [(0, 1, -1, 0), (0, 0, 1, -1)], (-1, -1, 0, 1)),
        (1, [(HUGE, 1)], (-HUGE - 1, -1)),
    ],
)
def test_a_refused_row_comes_with_its_reason_and_changes_nothing(n: int, rows: list[Row], refused: Row) -> None:
    simplex, _ = load(n, rows)
    for _ in range(2):
        multipliers = simplex.add(refused)
        assert multipliers is not None
        check_refusal(n, rows, refused, multipliers)
        assert simplex.count == len(rows)
    for row in rows:
        assert simplex.minimise(row) == load(n, rows)[0].minimise(row)
    assert simplex.add((1, *[0] * n)) is None and simplex.count == len(rows) + 1


@given(st.integers(0, 30), st.integers(1, 30), st.booleans())
def test_a_ray_is_followed_by_the_fewest_steps(start: int, speed: int, upwards: bool) -> None:
    sign = 1 if upwards else -1
    simplex, _ = load(1, [(0, sign)])
    goal = (start, -sign * speed)
    answer = simplex.minimise(goal)
    assert isinstance(answer, Violated)
    steps = abs(answer.point[0])
    assert value(goal, answer.point) < 0 <= start - speed * (steps - 1)


def test_minimise_stops_at_the_first_point_below_zero() -> None:
    pivots = list[None]()
    simplex, _ = load(2, [(1, 1, 0), (1, -1, 0), (1, 0, 1), (1, 0, -1)], lambda: pivots.append(None))
    assert simplex.minimise((-1, 1, 1)) == Violated([Fraction(0), Fraction(0)]) and not pivots
    assert simplex.minimise((0, 1, 1)) == Violated([Fraction(-1), Fraction(0)]) and len(pivots) == 1


def test_a_proof_found_once_is_found_again_without_pivots() -> None:
    pivots = list[None]()
    simplex, _ = load(2, [(0, 1, 0), (0, 0, 1), (4, -1, -1)], lambda: pivots.append(None))
    first = simplex.minimise((9, -2, -1))
    spent = len(pivots)
    assert spent and simplex.minimise((9, -2, -1)) == first and len(pivots) == spent


@given(systems(), st.integers(0, 6))
@settings(max_examples=200, deadline=None)
def test_stopped_at_any_pivot_it_stays_sound(system: tuple[int, list[Row], Row], limit: int) -> None:
    n, rows, goal = system
    left = limit

    def tick() -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise TimeoutError

    simplex, held = Simplex(n, tick), list[Row]()
    try:
        for row in rows:
            if simplex.add(row) is None:
                held.append(row)
        simplex.minimum(goal)
    except TimeoutError:
        assert left < 0
    assert simplex.count == len(held) and is_feasible(held, simplex.point())
    left = 10**9
    check_minimum(held, goal, simplex.minimum(goal))


@given(systems(), systems())
@settings(max_examples=100, deadline=None)
def test_copies_do_not_influence_each_other(one: tuple[int, list[Row], Row], two: tuple[int, list[Row], Row]) -> None:
    n, rows, goal = one
    fit = (n + 1) * (0,)
    more = [(*row, *fit)[: n + 1] for row in [*two[1], two[2]]]
    original, held = load(n, rows)
    before = original.copy()
    twin = original.copy()
    for row in more:
        twin.add(row)
        twin.minimise(row)
    assert original.point() == before.point() and original.count == len(held)
    assert original.minimum(goal) == before.minimum(goal)


def test_a_copy_ticks_as_well() -> None:
    pivots = list[None]()
    simplex, _ = load(1, [(0, 1)], lambda: pivots.append(None))
    simplex.copy().minimum((0, 1))
    assert len(pivots) == 1


@given(systems())
@settings(max_examples=100, deadline=None)
def test_the_same_calls_give_the_same_answers(system: tuple[int, list[Row], Row]) -> None:
    n, rows, goal = system
    answers = [repr((load(n, rows)[0].minimise(goal), load(n, rows)[0].minimum(goal))) for _ in range(2)]
    assert answers[0] == answers[1]


def check_dictionary(simplex: Simplex) -> None:
    """Every quantity is basic or nonbasic, once, and every row is in lowest terms."""
    names = [*simplex._columns, *simplex._variables, *simplex._constraints]
    assert sorted(names) == list(range(-simplex.n, simplex.count)) and all(name < 0 for name in simplex._variables)
    for form in [*simplex._variables.values(), *simplex._constraints.values()]:
        assert form[0] > 0 and gcd(*form) == 1
    assert all(form[1] >= 0 for form in simplex._constraints.values())


@given(systems())
@settings(max_examples=100, deadline=None)
def test_the_dictionary_stays_in_order(system: tuple[int, list[Row], Row]) -> None:
    n, rows, goal = system
    simplex, _ = load(n, [tuple(7 * c for c in row) for row in rows])
    check_dictionary(simplex)
    simplex.minimum(goal)
    check_dictionary(simplex)


def test_of_constraints_reached_together_the_first_leaves() -> None:
    simplex, _ = load(1, [(0, 1), (1, -1), (2, -2)])
    for _ in range(3):  # By then the rows have been taken out and put back in another order.
        assert simplex.minimum((0, 1)) == Optimum(Fraction(0), [Fraction(0)], {0: Fraction(1)})
        assert simplex.minimum((0, -1)) == Optimum(Fraction(-1), [Fraction(1)], {1: Fraction(1)})


@pytest.mark.parametrize(("bland", "chosen"), [(False, 3), (True, 4)])
def test_the_steepest_enters_or_by_blands_rule_the_first(bland: bool, chosen: int) -> None:
    simplex = Simplex(3)
    simplex._columns = [2, 1, 0]
    assert simplex._entering([1, 0, 4, 5, 3], bland) == chosen


@pytest.mark.parametrize("row", [(), (1,), (1, 2), (1, 2, 3, 4)])
@pytest.mark.parametrize("ask", [Simplex.add, Simplex.minimise, Simplex.minimum])
def test_rows_of_another_length_are_refused(row: Row, ask: Callable[[Simplex, Row], object]) -> None:
    simplex = Simplex(2)
    with pytest.raises(ValueError, match="2 variables has 3 numbers"):
        ask(simplex, row)
    assert simplex.count == 0


def test_a_negative_number_of_variables_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        Simplex(-1)


class SimplexMachine(RuleBasedStateMachine):
    """Several simplexes, copied from one another, each with the plain list of rows it ought to hold."""

    N = 3
    ROW = st.tuples(st.integers(-3, 6), *[st.integers(-3, 3)] * N)
    PICK = st.integers(0, 3)

    def __init__(self) -> None:
        super().__init__()
        self.held: list[tuple[Simplex, list[Row]]] = [(Simplex(self.N), [])]

    def pick(self, index: int) -> tuple[Simplex, list[Row]]:
        return self.held[index % len(self.held)]

    @rule(index=PICK, row=ROW)
    def add(self, index: int, row: Row) -> None:
        simplex, rows = self.pick(index)
        multipliers = simplex.add(row)
        if multipliers is None:
            rows.append(row)
        else:
            check_refusal(self.N, rows, row, multipliers)

    @precondition(lambda self: len(self.held) < 4)
    @rule(index=PICK)
    def copy(self, index: int) -> None:
        simplex, rows = self.pick(index)
        self.held.append((simplex.copy(), rows.copy()))

    @rule(index=PICK, row=ROW)
    def minimise(self, index: int, row: Row) -> None:
        simplex, rows = self.pick(index)
        answer = simplex.minimise(row)
        check_minimise(rows, row, answer)
        assert type(answer) is type(load(self.N, rows)[0].minimise(row))

    @rule(index=PICK, row=ROW)
    def minimum(self, index: int, row: Row) -> None:
        simplex, rows = self.pick(index)
        answer, cold = simplex.minimum(row), load(self.N, rows)[0].minimum(row)
        check_minimum(rows, row, answer)
        assert type(answer) is type(cold)
        if isinstance(answer, Optimum) and isinstance(cold, Optimum):
            assert answer.value == cold.value

    @invariant()
    def every_vertex_is_feasible(self) -> None:
        for simplex, rows in self.held:
            assert simplex.count == len(rows) and is_feasible(rows, simplex.point())
            check_dictionary(simplex)


TestSimplexMachine = SimplexMachine.TestCase
TestSimplexMachine.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
