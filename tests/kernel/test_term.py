"""Terms: their values, their equality, their text, and that neither depth nor sharing is a burden."""

from __future__ import annotations

import itertools
import json
import operator
import time
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcircuits.kernel.certificate import draft
from symcircuits.kernel.evaluate import VALUES
from symcircuits.kernel.normal import NORMAL
from symcircuits.kernel.number import integer_from_text
from symcircuits.kernel.term import (
    ONE,
    RELATIONS,
    Claim,
    Comparison,
    Range,
    Term,
    constant,
    evaluate,
    scale,
    subterms,
    table,
    text,
    total,
    variable,
)
from symcircuits.kernel.term import rebuilt as replaced
from symcircuits.kernel.text import LONG, SHORT
from symcircuits.provers.certificate import write

X, Y, W = map(variable, "xyw")
POINT = {"x": Fraction(-3, 2), "y": Fraction(5), "w": Fraction(-2)}
F = Fraction
# kind -> the entry of a certificate over x, y, w that denotes it, the term, its text, its value at POINT
KINDS: dict[str, tuple[list[Any], Term, str, Fraction]] = {
    "one": (["one"], ONE, "1", F(1)),
    "variable": ([], X, "x", F(-3, 2)),
    "sum": (["sum", [2, 0], "1/2"], total([(F(2), X), (F(1, 2), ONE)]), "2*x + 1/2", F(-5, 2)),
    "relu": (["relu", 1], Term("relu", (Y,)), "relu(y)", F(5)),
    "abs": (["abs", 0], Term("abs", (X,)), "abs(x)", F(3, 2)),
    "max": (["max", 0, 1, 2], Term("max", (X, Y, W)), "max(x, y, w)", F(5)),
    "min": (["min", 0, 1, 2], Term("min", (X, Y, W)), "min(x, y, w)", F(-2)),
    "scale": (["scale", 0, 2, -1], scale(X, W, -1), "x/w", F(3, 4)),
}
TEXTS = {
    "0": total([]),
    "-x": total([(F(-1), X)]),
    "x": total([(F(1), X)]),
    "x/3 - 2/3*y": total([(F(1, 3), X), (F(-2, 3), Y)]),
    "-x/3": total([(F(-1, 3), X)]),
    "0*x + 0": total([(F(0), X), (F(0), ONE)]),
    "x - (y + 1)": total([(F(1), X), (F(-1), total([(F(1), Y), (F(1), ONE)]))]),
    "x - max(x + 1, y)": total([(F(1), X), (F(-1), Term("max", (total([(F(1), X), (F(1), ONE)]), Y)))]),
    "-7/2": constant(F(-7, 2)),
    "w*x": scale(X, W, 1),
    "w*(x + 1)": scale(total([(F(1), X), (F(1), ONE)]), W, 1),
    "(x + 1)/w": scale(total([(F(1), X), (F(1), ONE)]), W, -1),
    "2*w*x": total([(F(2), scale(X, W, 1))]),
    "y*x/w": scale(scale(X, Y, 1), W, -1),
    "relu(relu(x))": Term("relu", (Term("relu", (X,)),)),
}


def value(term: Term, point: Mapping[str, Fraction]) -> Fraction:
    """The definition of a term's value, as plainly as it can be said."""
    parts = [value(part, point) for part in term.args]
    match term.kind:
        case "one":
            return Fraction(1)
        case "variable":
            return point[term.name]
        case "sum":
            return sum((c * part for c, part in zip(term.coefficients, parts, strict=True)), Fraction(0))
        case "relu":
            return parts[0] if parts[0] > 0 else Fraction(0)
        case "abs":
            return parts[0] if parts[0] > 0 else -parts[0]
        case "max" | "min":
            return sorted(parts)[-1 if term.kind == "max" else 0]
        case "scale":
            return parts[0] * parts[1] if term.exponent == 1 else parts[0] / parts[1]
    raise ValueError(term.kind)


numbers = st.fractions(-4, 4, max_denominator=6)
points = st.fixed_dictionaries({"x": numbers, "y": numbers, "w": numbers.filter(bool)})


def wholes(parts: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    many = st.lists(parts, min_size=1, max_size=3)
    return st.one_of(
        st.lists(st.tuples(numbers, parts), max_size=3).map(total),
        st.builds(lambda kind, part: Term(kind, (part,)), st.sampled_from(["relu", "abs"]), parts),
        st.builds(lambda kind, args: Term(kind, tuple(args)), st.sampled_from(["max", "min"]), many),
        st.builds(scale, parts, st.just(W), st.sampled_from([1, -1])),
    )


terms = st.recursive(st.sampled_from([X, Y, W, ONE]), wholes, max_leaves=8)


def rebuilt(term: Term, changed: Mapping[str, str]) -> Term:
    """The same structure in new objects, with variables renamed."""
    name = changed.get(term.name, term.name)
    return Term(term.kind, tuple(rebuilt(part, changed) for part in term.args), term.coefficients, name, term.exponent)


def doublings(depth: int) -> Term:
    term = X
    for _ in range(depth):
        term = Term("max", (term, total([(F(1), term), (F(-1), Y)])))
    return term


def test_every_kind_is_covered_everywhere() -> None:
    assert set(VALUES) | {"variable"} == set(NORMAL) - {"form"} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_read_written_printed_and_evaluated(kind: str) -> None:
    entry, term, shown, at_point = KINDS[kind]
    claim = Claim(Comparison(term, "==", term), (Comparison(X, "<=", Y), Comparison(W, "<=", Y)))
    assert term.kind == kind and text([term]) == ([shown], []) and repr(term) == shown
    assert evaluate(term, POINT) == value(term, POINT) == at_point
    data = {"variables": ["x", "y", "w"], "terms": [entry] if entry else [], "where": [], "proof": []}
    read = draft({**data, "claim": ["==", 3 if entry else 0, 0]})
    assert read.claim.goal.left == term
    assert rewritten(claim) == claim


def rewritten(claim: Claim) -> Claim:
    """The claim as it comes back from the text of a certificate, which no step proves."""
    (data,) = json.loads(write([(claim, [])]), parse_int=integer_from_text)["theorems"]
    return draft(data).claim


@given(terms, points)
def test_evaluation_is_the_definition(term: Term, point: dict[str, Fraction]) -> None:
    assert evaluate(term, point) == value(term, point)


@given(terms, terms)
def test_equality_is_equality_of_structure(left: Term, right: Term) -> None:
    copy = rebuilt(left, {})
    assert copy == left and not operator.ne(copy, left) and hash(copy) == hash(left)
    assert (left == right) == (tree(left) == tree(right))
    assert {left: 1}[copy] == 1
    if "x" in Claim(Comparison(left, "==", ONE)).variables():
        assert rebuilt(left, {"x": "z"}) != left
    assert left != tree(left)


def tree(term: Term) -> Any:
    return (term.kind, [tree(part) for part in term.args], list(term.coefficients), term.name, term.exponent)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (X, Y),
        (Term("max", (X, Y)), Term("max", (Y, X))),
        (Term("max", (X, Y)), Term("min", (X, Y))),
        (Term("max", (X,)), Term("max", (X, X))),
        (scale(X, W, 1), scale(X, W, -1)),
        (scale(X, W, 1), scale(W, X, 1)),
        (total([(F(1), X)]), X),
        (total([(F(1), X)]), total([(F(2), X)])),
        (total([]), total([(F(0), ONE)])),
        (X, "x"),
    ],
)
def test_terms_that_differ(left: Term, right: object) -> None:
    assert left != right and not operator.eq(left, right)


@given(terms, terms)
def test_a_table_has_each_structure_once_and_parts_first(left: Term, right: Term) -> None:
    rows, (first, second) = table(left, right)
    assert len(rows) == len(set(rows)) and (first == second) == (left == right)
    for place, row in enumerate(rows):
        assert all(part < place for part in row[1])
    assert rows[first][0] == left.kind and len(rows) <= len(subterms([left, right]))


@given(terms, terms)
def test_different_terms_have_different_texts_unless_a_sum_stands_alone(left: Term, right: Term) -> None:
    if repr(left) == repr(right):
        point = {"x": F(3, 7), "y": F(-11, 13), "w": F(17, 19)}
        assert evaluate(left, point) == evaluate(right, point)


@pytest.mark.parametrize("shown", TEXTS)
def test_texts(shown: str) -> None:
    assert repr(TEXTS[shown]) == shown


def test_subterms_leave_out_what_is_known() -> None:
    inner = Term("relu", (X,))
    outer = Term("abs", (inner,))
    assert [id(term) for term in subterms([outer, inner])] == [id(X), id(inner), id(outer)]
    assert subterms([outer], known={id(inner): None}) == [outer]


def test_evaluation_needs_every_variable_and_no_division_by_zero() -> None:
    with pytest.raises(KeyError):
        evaluate(X, {"y": F(1)})
    with pytest.raises(ZeroDivisionError):
        evaluate(scale(X, W, -1), {"x": F(1), "w": F(0)})


@pytest.mark.parametrize(("relation", "low", "high"), list(itertools.product(RELATIONS, (1, 2), (1, 2))))
def test_a_comparison_holds_where_its_relation_does(relation: str, low: int, high: int) -> None:
    meaning = {"==": operator.eq, "<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt}
    comparison = Comparison(constant(low), relation, constant(high))
    assert comparison.holds({}) is meaning[relation](low, high)


def test_a_claim_prints_its_scope_its_domain_and_its_goal() -> None:
    goal = Comparison(Term("relu", (X,)), "<=", Y)
    assert str(Claim(goal)) == "for all real x, y: relu(x) <= y"
    assert str(Claim(goal, (Comparison(W, ">", ONE),))) == "for all real x, y, w with w > 1: relu(x) <= y"
    assert str(Claim(Comparison(ONE, "<", constant(2)))) == "without variables: 1 < 2"
    assert Claim(goal, (Comparison(W, ">", ONE),)).variables() == ["x", "y", "w"]


RANGES = {
    "x in {0, 1}": (0, 1),
    "x in {0, 1, 2}": (0, 1, 2),
    "x in -1..2": (-1, 0, 1, 2),
    "x in {-1, 0, 1, 3}": (-1, 0, 1, 3),
    "x in {1/2, 3/2, 5/2, 7/2}": (F(1, 2), F(3, 2), F(5, 2), F(7, 2)),
    "x in {7}": (7,),
}


@pytest.mark.parametrize("shown", RANGES)
def test_a_claim_prints_its_ranges(shown: str) -> None:
    claim = Claim(Comparison(X, "<=", Y), (Comparison(Y, ">", ONE),), (Range("x", tuple(map(F, RANGES[shown]))),))
    assert str(claim) == f"for all real x, y with y > 1, {shown}: x <= y"
    unused = Claim(Comparison(ONE, "<=", ONE), ranges=claim.ranges)
    assert unused.variables() == ["x"] and str(unused) == f"for all real x with {shown}: 1 <= 1"


@given(terms, terms, points)
def test_rebuilding_puts_terms_in_place_of_variables(whole: Term, new: Term, point: dict[str, Fraction]) -> None:
    fresh = rebuilt(whole, {})
    before = [part for part in subterms([fresh]) if part.kind == "variable" and part.name == "x"]
    (after,) = replaced([fresh], {id(part): new for part in before})
    divisors = {part.args[1].name for part in subterms([whole]) if part.exponent < 0}
    assert "x" in divisors or evaluate(after, point) == evaluate(whole, {**point, "x": evaluate(new, point)})
    assert (after is fresh) == (not before)


def test_a_part_that_occurs_twice_is_defined_once_by_a_name_that_is_free() -> None:
    gap = total([(F(1), X), (F(-1), variable("t1")), (F(1, 1000), ONE)])
    part = Term("relu", (Term("max", (gap, X)),))
    claim = Claim(Comparison(Term("max", (part, Y)), "==", Term("min", (part, Y))))
    shown = "for all real x, t1, y: max(t2, y) == min(t2, y)\n  where t2 = relu(max(x - t1 + 1/1000, x))"
    assert str(claim) == shown
    assert "where" not in str(Claim(Comparison(Term("relu", (X,)), "==", Term("relu", (X,)))))
    assert len(repr(part)) > SHORT and text([part, part]) == ([repr(part)] * 2, [])


def test_two_hundred_doublings_print_and_evaluate_fast() -> None:
    start = time.process_time()
    term, copy = doublings(200), doublings(200)
    shown = str(Claim(Comparison(term, "==", copy)))
    assert evaluate(term, {"x": F(1), "y": F(-1)}) == 201
    assert term == copy and hash(term) == hash(copy)
    assert shown.count("\n  where t") >= 100 and len(shown) < 200 * LONG
    assert len(table(term, copy)[0]) == 2 + 2 * 200
    assert time.process_time() - start < 60


def test_definitions_can_be_read_back_in_order() -> None:
    head, *lines = str(Claim(Comparison(doublings(30), "==", X))).split("\n")
    values = {"x": F(2), "y": F(-1, 2)}
    for line in lines:
        name, _, body = line.removeprefix("  where ").partition(" = ")
        assert name not in values
        values[name] = eval(body, {"max": max}, dict(values))
    goal = head.partition(": ")[2].partition(" == ")[0]
    assert eval(goal, {"max": max}, values) == F(17)


def test_a_term_of_depth_10000_evaluates_compares_and_prints() -> None:
    def deep() -> Term:
        term = X
        for _ in range(10_000):
            term = Term("relu", (total([(F(1), term), (F(-1, 10**6), ONE)]),))
        return term

    term = deep()
    assert evaluate(term, {"x": F(1)}) == F(99, 100)
    assert term == deep() and len({term, deep()}) == 1
    assert term != Term("relu", (term,))
    claim = Claim(Comparison(term, "==", deep()))
    assert claim == rewritten(claim)
    assert len(str(claim)) < 10_000 * 100 and len(repr(term)) <= LONG
