"""The 0-1 principle by decision diagrams: they say of every lattice function what all points of {0,1}^n say."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.lattice import Diagrams, check_zero_one
from symcircuits.kernel.normal import WORK, Meter
from symcircuits.kernel.term import Comparison, Term, evaluate, subterms, variable

NAMES = ("a", "b", "c", "d", "e")
VARIABLES = [*map(variable, NAMES)]
POINTS = [dict(zip(NAMES, map(Fraction, bits), strict=True)) for bits in product((0, 1), repeat=5)]
terms = st.recursive(
    st.sampled_from(VARIABLES),
    lambda parts: st.tuples(st.sampled_from(["max", "min"]), st.lists(parts, min_size=1, max_size=3).map(tuple)).map(
        lambda pair: Term(*pair)
    ),
    max_leaves=12,
)


def free(bits: int) -> None:
    """Nothing is counted."""


@given(terms, terms, st.sampled_from(["==", "<=", ">="]))
def test_a_comparison_is_accepted_exactly_if_it_holds_on_all_points(left: Term, right: Term, relation: str) -> None:
    goal = Comparison(left, relation, right)
    if all(goal.holds(point) for point in POINTS):
        check_zero_one(goal, NAMES, free)
    else:
        with pytest.raises(CertificateRejected, match=r"the goal is false at a point of \{0,1\}\^n"):
            check_zero_one(goal, NAMES, free)


@given(terms)
def test_a_diagram_leads_to_the_value_at_each_point(term: Term) -> None:
    diagrams = Diagrams(NAMES, free)
    (root,) = diagrams.functions(subterms((term,)), (term,))
    for point in POINTS:
        node = root
        while node > 1:
            place, *halves = diagrams.nodes[node]
            node = halves[int(point[NAMES[place]])]
        assert node == evaluate(term, point)


@given(
    st.lists(
        st.tuples(st.sampled_from(["max", "min"]), st.lists(st.integers(0, 40), min_size=1, max_size=4)),
        min_size=2,
        max_size=14,
    )
)
def test_shared_parts_do_not_change_a_function(gates: list[tuple[str, list[int]]]) -> None:
    made = list(VARIABLES)
    for kind, places in gates:
        made.append(Term(kind, tuple(made[-1 - place % len(made)] for place in places)))
    roots = made[len(VARIABLES) :]
    diagrams = Diagrams(NAMES, free)
    for root, node in zip(roots, diagrams.functions(subterms(roots), roots), strict=True):
        for point in POINTS:
            at = node
            while at > 1:
                place, *halves = diagrams.nodes[at]
                at = halves[int(point[NAMES[place]])]
            assert at == evaluate(root, point)


def test_equal_functions_are_one_node() -> None:
    a, b, c = VARIABLES[:3]
    left = Term("max", (a, Term("min", (b, c))))
    right = Term("min", (Term("max", (a, b)), Term("max", (c, a))))
    first, second = Diagrams(NAMES, free).functions(subterms((left, right)), (left, right))
    assert first == second


def test_what_is_a_side_and_a_part_of_the_other_side_keeps_its_function() -> None:
    a, b, c = VARIABLES[:3]
    left = Term("max", (a, b))
    for whole in (Term("max", (left, c)), Term("max", (c, left))):
        with pytest.raises(CertificateRejected):
            check_zero_one(Comparison(left, "==", whole), NAMES, free)
        with pytest.raises(CertificateRejected):
            check_zero_one(Comparison(whole, "<=", left), NAMES, free)
        check_zero_one(Comparison(left, "<=", whole), NAMES, free)


def test_long_nests_of_max_and_min_are_within_what_the_checker_allows() -> None:
    many = [variable(f"x{at}") for at in range(3000)]
    forward, backward = many[0], many[-1]
    for one, other in zip(many[1:], many[-2::-1], strict=True):
        forward, backward = Term("max", (forward, one)), Term("max", (other, backward))
    names, meter = [one.name for one in many], Meter()
    check_zero_one(Comparison(forward, "==", backward), names, meter.spend)
    check_zero_one(Comparison(forward, "==", Term("max", tuple(many))), names, meter.spend)
    spread = Term("max", tuple(Term("min", (many[0], one)) for one in many[1:]))
    check_zero_one(Comparison(spread, "==", Term("min", (many[0], Term("max", tuple(many[1:]))))), names, meter.spend)
    assert meter.left > 0.9 * WORK
