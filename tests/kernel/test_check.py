"""The rules: what they accept is true; a certificate that was edited proves something true or is rejected."""

from __future__ import annotations

import copy
import itertools
import json
import random
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcircuits.kernel.check import RULES, Theorem, check
from symcircuits.kernel.errors import CertificateRejected, SymcircuitsError
from symcircuits.kernel.number import integer_from_text, rational_to_text
from symcircuits.kernel.term import RELATIONS, Claim, Comparison, Term, constant, scale, total, variable
from symcircuits.provers.certificate import write

FOLDER = Path(__file__).parents[1] / "certificates" / "accepted"
ACCEPTED = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.json"))}
SMALL = {name: json.loads(text) for name, text in ACCEPTED.items() if len(text) < 5000}
X, Y, W = map(variable, "xyw")
F = Fraction
GRID = [F(n, 6) for n in (0, 6, -6, 3, -3, 12, -12, 9, -9, 2, 30, -30)]


def points(claim: Claim, count: int = 50) -> Iterator[dict[str, Fraction]]:
    """Up to so many points of the claim's domain, from a grid that also has points of flat domains."""
    names, ranges = claim.variables(), dict(claim.ranges)
    columns = [ranges.get(name, GRID) for name in names]
    grid = list(itertools.islice(itertools.product(*columns), 2000))
    random.Random(0).shuffle(grid)
    named = (dict(zip(names, values, strict=True)) for values in grid)
    inside = (point for point in named if all(comparison.holds(point) for comparison in claim.where))
    yield from itertools.islice(inside, count)


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of all values inside a JSON value."""
    entries = value.items() if type(value) is dict else enumerate(value) if type(value) is list else ()
    for key, part in entries:
        yield (*path, key)
        yield from paths(part, (*path, key))


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


NUMBERS: list[Any] = [0, 1, 2, -1, "1/2", "-3/2", 3, 10**20, True, None, "", {}]
WORDS = [sorted(RELATIONS), ["max", "min", "relu", "abs", "sum", "one", "scale"], sorted(RULES), ["x", "y", "1/2", "3"]]


@st.composite
def edited(draw: st.DrawFn) -> str:
    """The text of an accepted certificate after one to three edits."""
    data = copy.deepcopy(SMALL[draw(st.sampled_from(sorted(SMALL)))])
    for _ in range(draw(st.sampled_from([1, 1, 1, 2, 3]))):
        places = list(paths(data["theorems"]))
        if not places:
            break
        place = draw(st.sampled_from(places))
        parent, key = at(data["theorems"], place[:-1]), place[-1]
        kind = draw(st.sampled_from(["change", "change", "replace", "swap", "delete", "double", "insert"]))
        edit(draw, kind, data["theorems"], places, parent, key)
    return json.dumps(data)


def edit(draw: st.DrawFn, kind: str, whole: Any, places: list[tuple[Any, ...]], parent: Any, key: Any) -> None:
    value = parent[key]
    if kind == "change" and type(value) is int:
        parent[key] = draw(st.sampled_from([value + 1, value - 1, -value, 2 * value, *NUMBERS]))
    elif kind == "change" and type(value) is str:
        parent[key] = draw(st.sampled_from(next((words for words in WORDS if value in words), WORDS[-1])))
    elif kind in ("change", "replace"):
        parent[key] = copy.deepcopy(at(whole, draw(st.sampled_from(places))))
    elif kind == "swap":
        others = list(parent) if type(parent) is dict else list(range(len(parent)))
        other = draw(st.sampled_from(others))
        parent[key], parent[other] = parent[other], parent[key]
    elif kind == "delete":
        del parent[key]
    elif type(parent) is list:
        new = value if kind == "double" else draw(st.sampled_from([*NUMBERS, [], [0, 1], ["normal"], ["farkas", []]]))
        parent.insert(key, copy.deepcopy(new))


def is_true_at_samples(theorem: Theorem) -> bool:
    return all(theorem.claim.goal.holds(point) for point in points(theorem.claim))


@settings(max_examples=2500)
@given(edited())
def test_an_edited_certificate_is_rejected_or_proves_what_is_true(text: str) -> None:
    try:
        theorem = check(text)
    except CertificateRejected:
        return
    assert is_true_at_samples(theorem), theorem


@pytest.mark.parametrize("name", ACCEPTED)
def test_an_accepted_claim_is_true_at_samples(name: str) -> None:
    theorem = check(ACCEPTED[name])
    assert is_true_at_samples(theorem)
    assert theorem.is_vacuous == (not list(points(theorem.claim)))


@pytest.mark.parametrize("name", SMALL)
def test_no_step_can_be_left_out_or_come_twice(name: str) -> None:
    for place, theorem in enumerate(SMALL[name]["theorems"]):
        for step in range(len(theorem["proof"])):
            for changed in ([], [theorem["proof"][step]] * 2):
                data = copy.deepcopy(SMALL[name])
                data["theorems"][place]["proof"][step : step + 1] = changed
                if changed and changed[0][0] in ("fix", "scale", "assume"):
                    check(json.dumps(data))  # knowing a thing twice does no harm
                    continue
                with pytest.raises(CertificateRejected, match=f"^theorem {place}: "):
                    check(json.dumps(data))


Row = tuple[int, dict[str, int]]
rows = st.tuples(st.integers(-3, 3), st.dictionaries(st.sampled_from("xyz"), st.integers(-3, 3), max_size=3))
multiplier = st.fractions(F(1, 8), 8, max_denominator=8)


def affine(constant_part: Fraction, slopes: dict[str, Fraction]) -> Term:
    return total([*((c, variable(name)) for name, c in slopes.items()), (constant_part, Term("one", name="1"))])


@settings(max_examples=300)
@given(
    st.lists(st.tuples(rows, st.booleans(), multiplier), max_size=4),
    st.sampled_from([F(0), F(1, 7), F(-1, 7)]),
    st.booleans(),
)
def test_farkas_accepts_exactly_what_its_multipliers_show(
    parts: list[tuple[Row, bool, Fraction]], extra: Fraction, strict: bool
) -> None:
    slopes = {name: sum((m * row[1].get(name, 0) for row, _, m in parts), F(0)) for name in "xyz"}
    level = sum((m * row[0] for row, _, m in parts), F(0)) + extra
    where = tuple(
        Comparison(affine(F(c), {name: F(n) for name, n in row.items()}), ">" if is_strict else ">=", constant(0))
        for (c, row), is_strict, _ in parts
    )
    claim = Claim(Comparison(affine(level, slopes), ">" if strict else ">=", constant(0)), where)
    text = write([(claim, [["farkas", [[place, m] for place, (_, _, m) in enumerate(parts)]]])])
    if extra > 0 or (extra == 0 and (not strict or any(is_strict for _, is_strict, _ in parts))):
        assert check(text).claim == claim
    else:
        with pytest.raises(CertificateRejected, match="must leave a constant"):
            check(text)


def test_a_table_needs_no_variables() -> None:
    claim = Claim(Comparison(constant(F(1, 3)), "<", Term("max", (constant(F(1, 2)), constant(F(1, 3))))))
    assert check(write([(claim, [["table"]])])).claim == claim
    with pytest.raises(CertificateRejected, match=r"the goal is false at point \(\)"):
        check(write([(claim._replace(goal=claim.goal._replace(relation="==")), [["table"]])]))


def test_a_goal_that_is_the_theorem_term_by_term_needs_no_normal_form() -> None:
    swapped = Claim(Comparison(Term("max", (X, Y)), "<=", Term("max", (Y, X))))
    square = scale(Term("relu", (X,)), Term("relu", (X,)))
    claim = Claim(Comparison(Term("max", (square, W)), "<=", Term("max", (W, square))))
    lemma = (swapped, [["farkas", []]])
    assert check(write([lemma, (claim, [["cite", 0, [square, W]]])])).claim == claim
    for steps in ([["farkas", []]], [["cite", 0, [W, square]]]):
        with pytest.raises(CertificateRejected, match=r"theorem 1: step 0 .* a product of two maxima"):
            check(write([lemma, (claim, steps)]))


def proves(goal: Comparison, *steps: list[Any], where: tuple[Comparison, ...] = ()) -> Theorem:
    return check(write([(Claim(goal, where), steps)]))


def test_a_proof_is_vacuous_when_every_goal_is_closed_by_the_empty_domain() -> None:
    empty = (Comparison(X, ">", Y), Comparison(Y, ">=", X))
    absurd, goal = ["absurd", [[0, 1], [1, 1]]], Comparison(Term("relu", (X,)), "==", Y)
    assert proves(goal, absurd, where=empty).is_vacuous
    assert proves(goal, ["both"], absurd, absurd, where=empty).is_vacuous
    assert proves(goal, ["split", [[1, 0]]], absurd, absurd, where=empty).is_vacuous
    assert not proves(Comparison(X, ">=", Y), ["farkas", [[0, 1]]], where=empty).is_vacuous
    assert not proves(Comparison(X, ">=", Y), ["split", [1]], absurd, ["farkas", [[0, 1]]], where=empty).is_vacuous


def test_a_replaced_variable_is_replaced_in_what_was_known() -> None:
    where = (Comparison(X, "==", total([(F(2), Y)])), Comparison(X, ">=", total([])), Comparison(W, "==", X))
    claim = Claim(Comparison(Term("abs", (W,)), "==", total([(F(2), Y)])), where)
    assert claim.variables() == ["w", "y", "x"]
    first = ["substitute", 0, [[1, 2]], [[3, 1]], [[4, 1]]]
    second = ["substitute", 2, [[2, 1]], [[0, 1]], [[1, 1]]]
    first_after = ["substitute", 0, [[2, 1]], [[3, 1]], [[4, 1]]]
    for steps in ([first, second], [second, first_after]):
        assert check(write([(claim, [*steps, ["normal"]])])).claim == claim
    for steps in ([first], [second]):
        with pytest.raises(CertificateRejected, match=r"step 1 .* the normal forms of the two sides differ"):
            check(write([(claim, [*steps, ["normal"]])]))


def test_a_number_too_long_to_be_an_index_is_rejected() -> None:
    text = ACCEPTED["strict_sum"].replace("[[0, 1], [1, 1]]", f"[[{'1' * 5000}, 1]]")
    with pytest.raises(CertificateRejected, match="a hypothesis must be an integer from 0 to 1"):
        check(text)


def test_numbers_may_not_grow_without_limit() -> None:
    part = X
    for _ in range(200):
        part = total([(F(1, 10**15_000), part)])
    with pytest.raises(CertificateRejected, match="more arithmetic than the checker allows"):
        proves(Comparison(part, "<=", X), ["farkas", []])


def test_a_message_names_the_theorem_the_step_and_the_rule() -> None:
    text = ACCEPTED["lemmas_with_domains"].replace('["cite", 0, [1]]', '["cite", 0, [0]]')
    with pytest.raises(CertificateRejected, match=r"^theorem 3: step 3 \('cite'\): theorem 0 at these terms is"):
        check(text)
    assert issubclass(CertificateRejected, SymcircuitsError) and issubclass(CertificateRejected, ValueError)


def test_a_rule_with_a_long_name_is_quoted_in_part() -> None:
    with pytest.raises(CertificateRejected) as caught:
        check(ACCEPTED["min_as_network"].replace('"normal"', f'"{"normal" * 1000}"'))
    assert len(str(caught.value)) < 300


def test_numbers_are_written_as_they_are_read() -> None:
    parsed = json.loads(ACCEPTED["number_of_5001_digits"], parse_int=integer_from_text)
    (number,) = {entry[1][0] for entry in parsed["theorems"][0]["terms"] if entry[0] == "sum"}
    assert number == rational_to_text(F(10**5000))
