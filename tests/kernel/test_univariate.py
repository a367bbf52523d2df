"""Functions of one variable: their way of writing keeps the values, and is the same for equal functions."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcircuits.kernel.certificate import reject
from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.term import ONE, Comparison, Term, constant, evaluate, subterms, total, variable
from symcircuits.kernel.univariate import Univariate, check_sweep, function_of

X = variable("x")
numbers = st.fractions(-3, 3, max_denominator=4)
POINTS = [Fraction(n, 3) for n in range(-40, 41)]


def free(bits: int) -> None:
    """Nothing is counted."""


def wholes(parts: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    lists = st.lists(parts, min_size=1, max_size=5).map(tuple)
    return st.one_of(
        st.lists(st.tuples(numbers, parts), max_size=3).map(total),
        st.tuples(st.sampled_from(["relu", "abs"]), st.tuples(parts)).map(lambda pair: Term(*pair)),
        st.tuples(st.sampled_from(["max", "min"]), lists).map(lambda pair: Term(*pair)),
    )


terms = st.recursive(st.sampled_from([X, X, ONE]) | numbers.map(constant), wholes, max_leaves=8)


@given(terms)
def test_the_function_of_a_term_has_its_values(term: Term) -> None:
    function = function_of(term, free)
    breakpoints = [t for t, _ in function.kinks]
    points = sorted({*POINTS, *breakpoints, *(t + Fraction(1, 97) for t in breakpoints)})
    assert function.values(points) == [evaluate(term, {"x": x}) for x in points]


@given(terms)
def test_breakpoints_increase_and_are_breakpoints(term: Term) -> None:
    kinks = function_of(term, free).kinks
    assert all(low < high for (low, _), (high, _) in pairwise(kinks)) and all(c for _, c in kinks)


@given(terms, terms)
def test_equal_functions_are_written_alike(first: Term, second: Term) -> None:
    smaller, larger = Term("min", (first, second)), Term("max", (first, second))
    one, other = (total([(Fraction(1), a), (Fraction(1), b)]) for a, b in ((smaller, larger), (second, first)))
    assert function_of(one, free) == function_of(other, free)


@given(terms, terms, st.sampled_from(["==", "<=", ">=", "<", ">"]), *[st.none() | st.integers(-4, 4).map(Fraction)] * 2)
def test_a_sweep_accepts_exactly_what_is_true(
    left: Term, right: Term, relation: str, low: Fraction | None, high: Fraction | None
) -> None:
    goal = Comparison(left, relation, right)
    gap = function_of(total([(Fraction(1), left), (Fraction(-1), right)]), free)
    ends = [end for end in (low, high) if end is not None]
    near = [t for t, _ in gap.kinks] or [Fraction(0)]
    far = [near[0] - 10**9, *near, near[-1] + 10**9, *ends]
    points = sorted(x for x in far if (low is None or x >= low) and (high is None or x <= high))
    if low is not None and high is not None and low > high:
        return
    if all(goal.holds({"x": x}) for x in points):
        check_sweep(goal, "x", low, high, free)
    else:
        with pytest.raises(CertificateRejected, match="the goal is false at a point of the sweep"):
            check_sweep(goal, "x", low, high, free)


@pytest.mark.parametrize("kind", ["scale", "form"])
def test_only_terms_of_one_variable_are_functions_of_it(kind: str) -> None:
    term = Term(kind, (X, X) if kind == "scale" else (), exponent=1)
    with pytest.raises(CertificateRejected, match="a sweep is for CPWL functions of x only"):
        check_sweep(Comparison(term, "==", term), "x", None, None, free)
    with pytest.raises(CertificateRejected, match="a sweep is for CPWL functions of y only"):
        check_sweep(Comparison(X, "==", X), "y", None, None, free)


def test_work_is_counted_and_refused() -> None:
    left = [10**6]

    def spend(bits: int) -> None:
        left[0] -= bits
        if left[0] < 0:
            reject("enough")

    tent = X
    for _ in range(30):
        tent = Term("abs", (total([(Fraction(2), tent), (Fraction(-1), ONE)]),))
    assert len(subterms((tent,))) < 100
    with pytest.raises(CertificateRejected, match="enough"):
        function_of(tent, spend)
    assert function_of(X, free) == Univariate(Fraction(1), Fraction(0))
