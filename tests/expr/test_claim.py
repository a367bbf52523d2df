"""Claims and domains in every form that a user may state them in."""

import pytest
from sympy import And, Eq, Symbol

from symcircuits.errors import ClaimError
from symcircuits.expr.claim import as_claim
from symcircuits.expr.relu import relu

x = Symbol("x", real=True)
BOX = "for all real x with x >= 0, x <= 1: relu(x) == x"


@pytest.mark.parametrize("claim", ["relu(x) == x", Eq(relu(x), x), (relu(x), x), (relu(x), "==", x)], ids=str)
@pytest.mark.parametrize(
    "where", ["x >= 0, x <= 1", ["x >= 0", "x <= 1"], [x >= 0, x <= 1], ["x >= 0", x <= 1]], ids=str
)
def test_a_claim_and_its_domain_may_be_stated_in_many_ways(claim, where):
    assert str(as_claim(claim, where)) == BOX


@pytest.mark.parametrize("claim", ["relu(x) == x", (relu(x), x)], ids=str)
def test_one_relation_and_an_and_are_domains_too(claim):
    assert str(as_claim(claim, x >= 0)) == "for all real x with x >= 0: relu(x) == x"
    assert {str(part.left) + part.relation for part in as_claim(claim, And(x >= 0, x <= 1)).where} == {"x>=", "x<="}


@pytest.mark.parametrize("relation", ["==", "<=", ">=", "<", ">"])
def test_a_triple_names_its_relation(relation):
    assert as_claim((x, relation, relu(x))).goal.relation == relation


def test_definitions_may_be_a_dictionary():
    assert as_claim("h == relu(x)", let={"h": "relu(x)"}) == as_claim("relu(x) == relu(x)")


@pytest.mark.parametrize("where", [3, 2.5, [3]], ids=repr)
def test_what_is_no_domain_is_refused(where):
    with pytest.raises(ClaimError):
        as_claim("x == x", where)


def test_a_claim_has_its_own_domain():
    with pytest.raises(ClaimError, match="already has a domain"):
        as_claim(as_claim("x == x"), "x >= 0")
