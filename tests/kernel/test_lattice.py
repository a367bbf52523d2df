"""The 0-1 principle by decision diagrams: they say of every lattice function what all points of {0,1}^n say."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.lattice import Diagrams, check_zero_one
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


def test_equal_functions_are_one_node() -> None:
    a, b, c = VARIABLES[:3]
    left = Term("max", (a, Term("min", (b, c))))
    right = Term("min", (Term("max", (a, b)), Term("max", (c, a))))
    first, second = Diagrams(NAMES, free).functions(subterms((left, right)), (left, right))
    assert first == second
