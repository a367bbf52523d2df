"""Extreme values: known ones, those that are not attained, rays, empty domains; no sampled point is better."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Abs, Max, Min, Symbol, symbols

from symcircuits.errors import ClaimError, NotPiecewiseLinear
from symcircuits.kernel.check import check
from symcircuits.kernel.term import Claim, evaluate
from symcircuits.provers.extrema import (
    Answer,
    EmptyDomain,
    Extremum,
    Unattained,
    Unbounded,
    extremum,
    maximum,
    minimum,
    read_function,
)
from symcircuits.provers.result import Unknown

F = Fraction
UNIT_CUBE = "0 <= a <= 1, 0 <= b <= 1, 0 <= c <= 1"
# Function, domain, maximum, minimum; None for one that is infinite.
ATTAINED = [
    ("1", "", F(1), F(1)),
    ("x - x", "", F(0), F(0)),
    ("x", "x <= 1", F(1), None),
    ("relu(x) - relu(x - 1)", "", F(1), F(0)),
    ("x - relu(2*x - 1)", "0 <= x <= 1", F(1, 2), F(0)),
    ("min(x, y)", "abs(x) + abs(y) <= 3", F(3, 2), F(-3)),
    ("max(x, y, -x - y)", "", None, F(0)),
    ("abs(a - b) + abs(b - c) + abs(c - a)", UNIT_CUBE, F(2), F(0)),
    ("max(a, b, c) - (a + b + c)/3", UNIT_CUBE, F(2, 3), F(0)),
    ("x + y", "x == 2*y, abs(y) <= 1", F(3), F(-3)),
    ("x", "x == 1/3", F(1, 3), F(1, 3)),
    ("abs(x)", "x in -3..5", F(5), F(0)),
    ("abs(x) + y", "x in -3..5, y <= 2, x + y <= 4", F(5), None),
    ("x", "x <= -1 or 2 <= x <= 3", F(3), None),
    ("-abs(x)", "x <= -1 or x >= 2", F(-1), None),
    ("abs(x - 1)", "x == 0 or x == 5", F(4), F(1)),
    ("-abs(y)", "x > 0", F(0), None),
    ("relu(x) + relu(y)", "x + y <= 1, x > 0, y > 0, x + y >= 1", F(1), F(1)),
]


@pytest.mark.parametrize(("text", "where", "most", "least"), ATTAINED)
def test_extreme_values_that_are_attained(text: str, where: str, most: Fraction | None, least: Fraction | None) -> None:
    for find, wanted in ((maximum, most), (minimum, least)):
        answer = find(text, where, seconds=20)
        if wanted is None:
            assert isinstance(answer, Unbounded) and not answer
        else:
            assert isinstance(answer, Extremum) and answer and answer.value == wanted
        judge(read_function(text, where), 1 if find is maximum else -1, answer)


NOT_ATTAINED = [
    ("x", "x < 1", 1, F(1)),
    ("x", "0 < x <= 1", -1, F(0)),
    ("-abs(x)", "x > 0", 1, F(0)),
    ("-abs(x)", "x != 0", 1, F(0)),
    ("min(x, y)", "abs(x) + abs(y) < 3", 1, F(3, 2)),
    ("x", "0 <= x < 1, x == y", 1, F(1)),
    ("x", "x + y <= 1, x > y, y >= 0", -1, F(0)),
    ("x", "x < -1 or 2 < x < 3", 1, F(3)),
    ("x + n", "n in 0..2, x < n", 1, F(4)),
]


@pytest.mark.parametrize(("text", "where", "sign", "value"), NOT_ATTAINED)
def test_bounds_that_are_not_attained(text: str, where: str, sign: int, value: Fraction) -> None:
    stated = read_function(text, where)
    answer = extremum(stated, sign, 20)
    assert isinstance(answer, Unattained) and answer.value == value and not answer
    judge(stated, sign, answer)


@pytest.mark.parametrize("where", ["x >= 1, x < 1", "x <= 1 and x >= 2", "abs(x) < 0", "x in {0,1}, x == 1/2"])
def test_an_empty_domain_has_no_extreme_values(where: str) -> None:
    for find in (maximum, minimum):
        answer = find("x", where)
        assert isinstance(answer, EmptyDomain) and not answer and str(answer) == "the domain is empty"
        assert answer.theorem.is_vacuous


def judge(stated: Claim, sign: int, answer: Answer) -> None:
    """Check everything that an answer says, by evaluation and by the kernel."""
    function = stated.goal.left

    def is_inside(point: dict[str, Fraction]) -> bool:
        in_ranges = all(point[name] in values for name, values in stated.ranges)
        return in_ranges and all(comparison.holds(point) for comparison in stated.where)

    def moved(start: dict[str, Fraction], step: dict[str, Fraction], t: Fraction) -> dict[str, Fraction]:
        return {name: start[name] + t * step[name] for name in start}

    match answer:
        case Extremum(value, point, theorem):
            assert is_inside(point) and evaluate(function, point) == value
            assert str(answer).startswith(str(value))
            says = ("<=", ">=")[sign < 0]
        case Unattained(value, limit, inner, theorem, path):
            assert is_inside(inner) and not is_inside(limit) and evaluate(function, limit) == value
            step = {name: inner[name] - limit[name] for name in limit}
            for share in (F(1, 2), F(1, 10**9)):
                assert is_inside(moved(limit, step, share))
                assert evaluate(path[0].claim.goal.right, {"t": share}) == evaluate(function, moved(limit, step, share))
            assert evaluate(path[0].claim.goal.right, {"t": F(0)}) == value
            assert len(path) == 1 + len(stated.where) and "not attained" in str(answer)
            says = ("<", ">")[sign < 0]
        case Unbounded(point, direction, path):
            for t in (F(0), F(1), F(10**9)):
                assert is_inside(moved(point, direction, t))
                assert evaluate(path[0].claim.goal.right, {"t": t}) == evaluate(function, moved(point, direction, t))
            line = path[0].claim.goal.right
            assert sign * (evaluate(line, {"t": F(1)}) - evaluate(line, {"t": F(0)})) > 0
            assert len(path) == 1 + len(stated.where) and "unbounded" in str(answer)
            return
        case _:
            raise AssertionError(answer)
    claim = check(theorem.certificate).claim
    assert (claim.goal.left, claim.goal.relation, evaluate(claim.goal.right, {})) == (function, says, value)
    assert (claim.where, claim.ranges) == (stated.where, stated.ranges)


ATOMS = ["x", "y", "relu(x - y)", "abs(x + 1/2)", "max(x, 2*y)", "min(y, 1 - x)", "relu(relu(x) - y)"]
STRICT = st.sampled_from(["<=", "<"])
GRID = [F(n, 4) for n in range(-8, 9)]


@st.composite
def questions(draw: st.DrawFn) -> Claim:
    """A combination of three functions on a box, with one more constraint, strict or not."""
    parts = [f"{draw(st.integers(-2, 2))}*{draw(st.sampled_from(ATOMS))}" for _ in range(3)]
    box = f"-2 {draw(STRICT)} x {draw(STRICT)} 2, -1 {draw(STRICT)} y {draw(STRICT)} 1"
    more = f"{draw(st.sampled_from(ATOMS))} {draw(STRICT)} {draw(st.sampled_from(['0', '1/2', 'y + 1']))}"
    return read_function(" + ".join(parts), draw(st.sampled_from([box, f"{box}, {more}", f"{box}, x != 0"])))


@settings(max_examples=60)
@given(questions(), st.sampled_from([1, -1]))
def test_no_sampled_point_is_better(stated: Claim, sign: int) -> None:
    answer = extremum(stated, sign, 20)
    points = [{"x": x, "y": y} for x, y in product(GRID, GRID)]
    inside = [point for point in points if all(comparison.holds(point) for comparison in stated.where)]
    if isinstance(answer, EmptyDomain):
        assert not inside
        return
    assert isinstance(answer, Extremum | Unattained)
    judge(stated, sign, answer)
    values = [sign * evaluate(stated.goal.left, point) for point in inside]
    assert max(values, default=sign * answer.value) <= sign * answer.value
    assert isinstance(answer, Extremum) or sign * answer.value not in values


def test_sympy_expressions_and_their_assumptions() -> None:
    x, y = symbols("x y", real=True)
    answer = maximum(Min(x, y), where=[Abs(x) + Abs(y) <= 3])
    assert isinstance(answer, Extremum) and answer.value == F(3, 2)
    positive = minimum(Symbol("p", positive=True))
    assert isinstance(positive, Unattained) and positive.value == 0
    assert minimum(Max(x, -x), let=[]) and minimum("h", let={"h": "abs(x)"})


@pytest.mark.parametrize(
    ("text", "where", "error"),
    [
        ("x*y", "", ClaimError),
        ("w*x", "w > 0", NotPiecewiseLinear),
        ("x", "x >=", ClaimError),
        ("x <= 1", "", ClaimError),
    ],
)
def test_what_is_not_piecewise_linear_is_refused(text: str, where: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        maximum(text, where)


def test_a_limit_gives_unknown_with_the_best_value_so_far() -> None:
    names = [f"x{at}" for at in range(12)]
    text = " + ".join(f"abs({a} + relu({b} - {c}/3))" for a, b, c in zip(names, names[1:], names[2:], strict=False))
    box = ", ".join(f"-1 <= {name} <= 1" for name in names)
    answer = maximum(text, box, seconds=0.4)
    assert isinstance(answer, Unknown) and answer.stopped and "the largest value found is" in str(answer)
    assert isinstance(maximum(text, box, seconds=0.000001), Unknown)


def test_a_network_of_two_layers_on_a_box() -> None:
    let = [
        (f"h{j}", f"relu({(-1)**j}*x + {j - 2}*y - {j}*z/3 + 1/{j + 1})") for j in range(5)
    ] + [(f"k{j}", f"relu(h{j} - {j}*h{(j + 1) % 5} + h{(j + 2) % 5}/2)") for j in range(5)]  # fmt: skip
    stated = read_function("k0 - k1 + k2 - 2*k3 + k4", "-1 <= x <= 1, -1 <= y <= 1, -1 <= z <= 1", let)
    for sign in (1, -1):
        answer = extremum(stated, sign, 60)
        assert isinstance(answer, Extremum)
        judge(stated, sign, answer)
