"""Citations: theorems used in others, renumbered and carried along once; what does not fit is refused."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from symcircuits.cpwl.substitute import substitute
from symcircuits.errors import CertificateRejected
from symcircuits.expr.parse import parse_claim, parse_expression
from symcircuits.kernel.check import Theorem, check
from symcircuits.kernel.term import Claim, Comparison, Term, total, variable
from symcircuits.provers.cite import Citation, prove_by_citation
from symcircuits.provers.prove import prove_claim
from symcircuits.testing.sampling import cross_check

a, b, c, d = map(variable, "abcd")
MIN_NETWORK, MAX_NETWORK = parse_expression("b - relu(b - a)"), parse_expression("a + relu(b - a)")
# Its theorem opens cases: without a citation the normal form does not prove it.
PASSED = parse_expression("relu(2*b) + relu(relu(a) - relu(2*b))")


def proved(text: str, where: str = "") -> Theorem:
    theorem = prove_claim(parse_claim(text, where))
    assert isinstance(theorem, Theorem)
    return theorem


MINIMUM = proved("b - relu(b - a) == min(a, b)")
MAXIMUM = proved("a + relu(b - a) == max(a, b)")
PASSING = proved(f"{PASSED} == max(0, a, 2*b)")


def network(shape: Term, first: Term, second: Term) -> Term:
    return substitute([shape], {"a": first, "b": second})[0]


def cited(theorem: Theorem, whole: Term, first: Term, second: Term) -> Citation:
    """The theorem about a network of a and b, at two terms."""
    at = {"a": first, "b": second}
    (value,) = substitute([theorem.claim.goal.right], at)
    return Citation(theorem, tuple(at[name] for name in theorem.claim.variables()), whole, value)


def of_three() -> tuple[Claim, list[Citation]]:
    """max(0, a, 2*b, c) by two networks."""
    inner = network(PASSED, a, b)
    whole = network(MAX_NETWORK, inner, c)
    claim = Claim(Comparison(whole, "==", parse_expression("max(0, a, 2*b, c)")))
    return claim, [cited(PASSING, inner, a, b), cited(MAXIMUM, whole, inner, c)]


def steps(theorem: Theorem) -> list[list[object]]:
    found: list[list[object]] = json.loads(theorem.certificate)["theorems"][-1]["proof"]
    return found


def test_two_theorems_prove_a_third() -> None:
    claim, citations = of_three()
    theorem = prove_by_citation(claim, citations)
    assert theorem.claim == claim and not theorem.is_vacuous and cross_check(theorem, 50) > 10
    assert [step[0] for step in steps(theorem)] == ["congruence", "cite", "congruence", "cite", "normal"]
    assert len(json.loads(theorem.certificate)["theorems"]) == 3


def test_a_lemma_cited_often_is_carried_once() -> None:
    left, right = network(MIN_NETWORK, a, b), network(MIN_NETWORK, c, d)
    whole = network(MIN_NETWORK, left, right)
    claim = Claim(Comparison(whole, "==", parse_expression("min(a, b, c, d)")))
    theorem = prove_by_citation(
        claim,
        [cited(MINIMUM, left, a, b), cited(MINIMUM, right, c, d), cited(MINIMUM, whole, left, right)],
    )
    assert theorem.claim == claim and len(json.loads(theorem.certificate)["theorems"]) == 2
    assert [step[1] for step in steps(theorem) if step[0] == "cite"] == [0, 0, 0]


def test_lemmas_of_lemmas_are_renumbered_and_shared() -> None:
    claim, citations = of_three()
    three = prove_by_citation(claim, citations)
    (first,) = substitute([claim.goal.left], {"c": d})
    (second,) = substitute([claim.goal.left], {"a": c})
    whole = network(MAX_NETWORK, first, second)
    names = three.claim.variables()
    used = [
        cited(MAXIMUM, whole, first, second),
        *(
            Citation(three, tuple(at[name] for name in names), part, substitute([claim.goal.right], at)[0])
            for part, at in ((first, {"a": a, "b": b, "c": d}), (second, {"a": c, "b": b, "c": c}))
        ),
    ]
    both = Claim(Comparison(whole, "==", parse_expression("max(0, a, 2*b, c, d)")))
    theorem = prove_by_citation(both, [*used[1:], used[0]])
    data = json.loads(theorem.certificate)["theorems"]
    assert theorem.claim == both and len(data) == 4
    assert [[step[1] for step in each["proof"] if step[0] == "cite"] for each in data] == [[], [], [0, 1], [2, 2, 1]]
    assert check(theorem.certificate).claim == both and cross_check(theorem, 30) > 5


def test_nothing_cited_leaves_the_normal_form_to_prove_it() -> None:
    claim = parse_claim("relu(x) - relu(-x) == x")
    assert steps(prove_by_citation(claim, [])) == [["normal"]]
    with pytest.raises(CertificateRejected, match="normal forms of the two sides differ"):
        prove_by_citation(parse_claim("relu(x) == x"), [])


def test_huge_numbers_in_a_lemma_survive() -> None:
    huge = 10**6000 + 1
    x = variable("x")
    shape = Term("relu", (total([(Fraction(huge), x)]),))
    lemma = prove_claim(Claim(Comparison(shape, "==", total([(Fraction(huge), Term("relu", (x,)))]))))
    assert isinstance(lemma, Theorem)
    (whole,) = substitute([shape], {"x": a})
    (value,) = substitute([lemma.claim.goal.right], {"x": a})
    theorem = prove_by_citation(Claim(Comparison(whole, "==", value)), [Citation(lemma, (a,), whole, value)])
    assert "1" + "0" * 5999 + "1" in theorem.certificate and theorem.claim.goal == Comparison(whole, "==", value)


def wrong(**changes: object) -> list[Citation]:
    """The two citations of `of_three`, the first one changed."""
    _, (first, second) = of_three()
    return [first._replace(**changes), second]  # type: ignore[arg-type]


REFUSED = {
    "arguments exchanged": lambda: wrong(terms=(a, b)),
    "another value": lambda: wrong(value=parse_expression("a + min(a, b)")),
    "another whole": lambda: wrong(whole=parse_expression("a - relu(b - a)")),
    "another theorem": lambda: wrong(theorem=MAXIMUM),
    "too few terms": lambda: wrong(terms=(a,)),
    "too many terms": lambda: wrong(terms=(a, b, c)),
    "an inequality": lambda: wrong(theorem=proved(f"{PASSED} <= max(0, a, 2*b)")),
    "a domain that need not hold": lambda: wrong(theorem=proved(f"{PASSED} == max(0, a, 2*b)", "a <= b")),
    "a step left out": lambda: wrong()[1:],
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_citation_that_does_not_fit_is_refused(case: str) -> None:
    claim, _ = of_three()
    with pytest.raises(CertificateRejected):
        prove_by_citation(claim, REFUSED[case]())


def test_a_false_claim_is_refused() -> None:
    claim, citations = of_three()
    false = claim._replace(goal=claim.goal._replace(right=parse_expression("min(a, b, c)")))
    with pytest.raises(CertificateRejected, match="the normal forms of the two sides differ"):
        prove_by_citation(false, citations)
    assert not false.goal.holds({"a": Fraction(0), "b": Fraction(0), "c": Fraction(1)})
