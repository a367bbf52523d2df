"""Proofs in plain text: the seed's claims word by word, every kind of claim, and numbers that are right."""

import itertools
import random
import re
from fractions import Fraction

import pytest

from symcircuits.expr.parse import parse_claim, parse_expression
from symcircuits.kernel.check import RULES, Theorem, check
from symcircuits.kernel.term import RELATIONS, Claim, Comparison, Term, evaluate, subterms
from symcircuits.provers.certificate import write
from symcircuits.provers.cite import Citation, prove_by_citation
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.result import Counterexample
from symcircuits.publish.cases import case_proof
from symcircuits.publish.replay import EXPLAIN, opening, replay
from symcircuits.publish.words import proof_lines, refutation_lines

MIN = "(relu({0}) - relu(-({0})) - relu({0} - ({1})))"
MIN4 = MIN.format(MIN.format("x1", "x2"), MIN.format("x3", "x4")) + " == min(x1, x2, x3, x4)"


def proved(text: str, where: str = "") -> Theorem:
    answer = prove_claim(parse_claim(text, where))
    assert isinstance(answer, Theorem), str(answer)
    return answer


def cited() -> Theorem:
    minimum = proved("b - relu(b - a) == min(a, b)")
    claim = parse_claim("m - relu(m - c) == min(c, b, a)", let=[("m", "b - relu(b - a)")])
    whole = claim.goal.left
    inner, a, b, c = whole.args[0], *map(parse_expression, "abc")
    first = Citation(minimum, (b, a), inner, Term("min", (a, b)))
    return prove_by_citation(claim, [first, Citation(minimum, (inner, c), whole, Term("min", (c, inner)))])


GOLDEN = [
    (
        "min(a, b) == b - relu(b - a)",
        "",
        [
            "The sign of a - b decides both sides.",
            "Case a >= b: min(a, b) = b and b - relu(b - a) = b - 0 = b.",
            "Case a <= b: min(a, b) = a and b - relu(b - a) = b - (b - a) = a.",
        ],
    ),
    (
        "relu(x) + relu(-x) == abs(x)",
        "",
        [
            "The sign of x decides both sides.",
            "Case x >= 0: relu(x) + relu(-x) = x + 0 = x and abs(x) = x.",
            "Case x <= 0: relu(x) + relu(-x) = 0 + (-x) = -x and abs(x) = -x.",
        ],
    ),
    (
        "relu(x) - relu(-x) == x",
        "",
        [
            "The sign of x decides both sides.",
            "Case x >= 0: relu(x) - relu(-x) = x - 0 = x.",
            "Case x <= 0: relu(x) - relu(-x) = 0 - (-x) = x.",
        ],
    ),
    (
        "relu(x + y) - relu(-x - y) == x + y",
        "",
        [
            "The sign of x + y decides both sides.",
            "Case x + y >= 0: relu(x + y) - relu(-x - y) = (x + y) - 0 = x + y.",
            "Case x + y <= 0: relu(x + y) - relu(-x - y) = 0 - (-x - y) = x + y.",
        ],
    ),
    (
        MIN4,
        "",
        [
            "Replace 3 parts by what they are equal to, the inner ones first.",
            "Part 1, relu(x1) - relu(-x1) - relu(x1 - x2) = min(x2, x1): By theorem 1 (for all real p1, p2: "
            "relu(p1) - relu(-p1) - relu(p1 - p2) == min(p2, p1)) at p1 = x1, p2 = x2.",
            "Part 2, relu(x3) - relu(-x3) - relu(x3 - x4) = min(x4, x3): By theorem 1 (for all real p1, p2: "
            "relu(p1) - relu(-p1) - relu(p1 - p2) == min(p2, p1)) at p1 = x3, p2 = x4.",
            "Part 3, relu(min(x2, x1)) - relu(-min(x2, x1)) - relu(min(x2, x1) - min(x4, x3)) = min(min(x4, "
            "x3), min(x2, x1)): By theorem 1 (for all real p1, p2: relu(p1) - relu(-p1) - relu(p1 - p2) == "
            "min(p2, p1)) at p1 = min(x2, x1), p2 = min(x4, x3).",
            "Both sides are made of max and min of variables and agree where every variable is 0 or 1, so "
            "they agree everywhere (the 0-1 principle).",
        ],
    ),
    (
        "x + max(y, 0) == x + relu(y)",
        "",
        [
            "The sign of y decides both sides.",
            "Case y >= 0: x + max(y, 0) = x + y and x + relu(y) = x + y.",
            "Case y <= 0: x + max(y, 0) = x + 0 = x and x + relu(y) = x + 0 = x.",
        ],
    ),
    (
        "relu(2*x - y) == 2*x - y",
        "x >= y, y >= 0",
        ["As 2*x - y = 2*(x - y) + y >= 0: relu(2*x - y) = 2*x - y."],
    ),
    (
        "x == 1",
        "x > 2, x < 1",
        ["No point satisfies the constraints: (x - 2) + (1 - x) = -1, though the sum must be positive."],
    ),
    ("2*x + 3*y <= 5*x", "x >= y", ["The right side minus the left side is 3*x - 3*y = 3*(x - y) >= 0."]),
    ("x == y", "x + 0 == y", ["Put x = y, which holds here: x - y >= 0 and y - x >= 0.", "Both sides equal y."]),
    (
        "relu(w*x) == w*relu(x)",
        "w > 0",
        ["Here w > 0, so relu(w*t) = w*relu(t) for every t.", "Both sides have the normal form w*relu(x)."],
    ),
]


@pytest.mark.parametrize(("text", "where", "expected"), GOLDEN, ids=[text for text, *_ in GOLDEN])
def test_golden(text: str, where: str, expected: list[str]) -> None:
    assert proof_lines(proved(text, where)) == expected


def test_a_citation_quotes_its_theorem_and_says_at_what_terms() -> None:
    lines = proof_lines(cited())
    assert lines[0] == "Replace b - relu(b - a) by the equal min(a, b)."
    quoted = "(for all real b, a: b - relu(b - a) == min(a, b))"
    assert lines[1] == f"First, b - relu(b - a) = min(a, b): By theorem 1 {quoted} at b = b, a = a."
    assert lines[-1] == "Both sides have the normal form min(b, a, c)."


FORMS = [
    *[(f"relu(x) {relation} relu(x) + {shift}", "") for relation, shift in [("<=", 0), ("<", 1), ("==", 0)]],
    *[(f"abs(x) + abs(y) {relation} x - y - 1", "") for relation in (">=", ">")],
    ("abs(x + y) <= abs(x) + abs(y)", ""),
    ("max(x, y, z) >= x/3 + y/3 + z/3", ""),
    ("max(x, min(y, z)) == min(max(x, y), max(x, z))", ""),
    ("abs(x/3 - y) < 1/2", "0 <= x <= 1, 0 <= y <= 1/3"),
    ("relu(x + 1) == x + 1", "x > -1"),
    ("x <= 2", "x == y, y == 1"),
    ("relu(x) == 0", "x == 0"),
    ("x >= 0", "0 < x < 0"),
    ("1 <= 2", ""),
    ("1 == 1", ""),
    ("relu(-2) == 0", ""),
    ("relu(x)/w == relu(x/w)", "w > 0"),
    ("relu(w*x) == -w*relu(-x)", "w < 0"),
    ("relu(relu(relu(x) - 1) + y) >= y", ""),
    ("x - relu(x) <= 0", ""),
    ("relu(x - relu(y)) <= relu(x)", ""),
    ("α + é*3 == 3*é + α", ""),
    (f"relu({10**70}*x) == {10**70}*relu(x)", ""),
]


@pytest.mark.parametrize(("text", "where"), FORMS)
def test_every_form_of_claim_has_a_proof_in_words(text: str, where: str) -> None:
    lines = proof_lines(proved(text, where))
    assert lines and all(line.strip() and "\n" not in line for line in lines)


def test_every_rule_is_explained() -> None:
    assert EXPLAIN.keys() == RULES.keys()


def test_the_rules_that_no_prover_uses_are_told() -> None:
    claim = parse_claim("x == y", "x <= y, y <= x")
    by_both = check(write([(claim, [["both"], ["farkas", [[0, 1]]], ["farkas", [[1, 1]]]])]))
    assert proof_lines(by_both) == [
        "First, x <= y: The right side minus the left side is y - x >= 0.",
        "Second, x >= y: The left side minus the right side is x - y >= 0.",
    ]
    claim = parse_claim("max(x, y, z) == max(z, y, x)")
    by_chain = check(write([(claim, [["chain", Term("max", claim.goal.left.args)], ["normal"], ["normal"]])]))
    assert proof_lines(by_chain)[0] == "Through max(x, y, z) in the middle."


def test_long_proofs_are_cut_and_what_is_left_out_is_counted() -> None:
    theorem = proved(" + ".join(map("relu(relu({0}) - abs({0} + {1}) - abs({1}) - 1)".format, "xyz", "yzx")) + " == 0")
    steps, whole = len(replay(theorem).steps), proof_lines(theorem, limit=1000)
    assert len(whole) > 40
    for limit in (2, 3, 10, 40, len(whole) - 1):
        lines = proof_lines(theorem, limit=limit)
        assert len(lines) == limit and lines[:-1] == whole[: limit - 1]
        untold, total = map(int, re.findall(r"\d+", lines[-1]))
        assert total == steps and 0 < untold < steps
    assert proof_lines(theorem, limit=len(whole)) == whole
    with pytest.raises(ValueError, match="two lines"):
        proof_lines(theorem, limit=1)


def test_long_numbers_and_long_terms_are_abbreviated() -> None:
    lines = proof_lines(proved(f"relu({10**70}*x) == {10**70}*relu(x)"))
    assert "1000000000...0000000000 (71 digits)*x" in lines[0]
    long = " + ".join(f"relu(x{n})" for n in range(200))
    (line,) = proof_lines(proved(f"{long} == {long}"))
    assert "more characters" in line and len(line) < 400


CASES = [
    ("min(a, b) == b - relu(b - a)", ""),
    ("abs(x/3 - y) < 1/2", "0 <= x <= 1, 0 <= y <= 1/3"),
    ("max(x, y, z) >= x/3 + y/3 + z/3", ""),
    ("relu(relu(x) + y) >= y", ""),
    ("relu(2*x - y) + relu(x) == 3*x - y", "x >= y, y >= 0"),
    ("abs(max(x, y) - x) == relu(y - x)", ""),
    ("relu(2 - x) - 5/7*abs(x) <= 20/7", "-3 < x <= 1"),
]


def holds(comparison: Comparison, point: dict[str, Fraction]) -> bool:
    return bool(RELATIONS[comparison.relation](evaluate(comparison.left, point), evaluate(comparison.right, point)))


def value(term: Term, point: dict[str, Fraction]) -> Fraction:
    """Shown numbers are variables by name: they stand for themselves."""
    names = (part.name for part in subterms((term,)) if part.kind == "variable")
    return evaluate(term, {name: point[name] if name in point else Fraction(name) for name in names})


@pytest.mark.parametrize(("text", "where"), CASES)
def test_cases_cover_the_domain_and_their_numbers_are_right(text: str, where: str) -> None:
    theorem = proved(text, where)
    proof = case_proof(*opening(theorem))
    assert proof is not None
    source, names = random.Random(5), theorem.claim.variables()
    points = [dict(zip(names, map(Fraction, p), strict=True)) for p in itertools.product((-1, 0, 1), repeat=len(names))]
    points += [{name: Fraction(source.randint(-30, 30), 10) for name in names} for _ in range(300)]
    inside = [point for point in points if all(holds(comparison, point) for comparison in theorem.claim.where)]
    met = set()
    for point in inside:
        here = [n for n, case in enumerate(proof.cases) if all(holds(c, point) for c in case.conditions)]
        assert here, f"no case covers {point}"
        met.update(here)
        for case in (proof.cases[n] for n in here):
            assert len({value(term, point) for term in case.left}) == 1
            assert len({value(term, point) for term in case.right}) == 1
            for identity in (*case.facts, *([case.difference] if case.difference else [])):
                assert value(identity.form, point) == value(identity.value, point)
                assert RELATIONS[identity.relation](value(identity.form, point), 0)
            assert bool(case.difference) is (theorem.claim.goal.relation != "==")
    assert met == set(range(len(proof.cases))), "a case without points was not skipped"


@pytest.mark.parametrize(("text", "where"), [*CASES, *FORMS])
def test_the_identities_of_a_replay_are_right(text: str, where: str) -> None:
    theorem, source = proved(text, where), random.Random(8)
    for _ in range(20):
        point = {name: Fraction(source.randint(1, 90), 7) for name in theorem.claim.variables()}
        for step in replay(theorem).steps:
            for identity in step.details.shown:
                assert evaluate(identity.form, point) == evaluate(identity.value, point)


def test_a_replay_is_a_tree_in_the_order_of_the_certificate() -> None:
    steps = replay(proved("abs(x + y) <= abs(x) + abs(y)")).steps
    children = [(step.parent, step.branch) for step in steps[1:]]
    assert steps[0].parent is None and len(set(children)) == len(children)
    assert sorted(children) == sorted((at, n) for at, step in enumerate(steps) for n in range(step.leaves))
    assert replay(proved("abs(x + y) <= abs(x) + abs(y)"), limit=3).steps == steps[:3]


def test_deep_terms_are_no_trouble() -> None:
    term = parse_expression("x")
    for _ in range(3000):
        term = Term("relu", (term,))
    theorem = prove_claim(Claim(Comparison(term, "==", parse_expression("relu(x)"))))
    assert isinstance(theorem, Theorem)
    assert proof_lines(theorem) == ["Both sides have the normal form relu(x)."]


def test_a_refutation_evaluates_both_sides_step_by_step() -> None:
    found = prove_claim(parse_claim("relu(b + relu(a)/2) <= abs(a) - 1", "a >= 2, b >= 3"))
    assert isinstance(found, Counterexample)
    lines = refutation_lines(found)
    a, b = found.point["a"], found.point["b"]
    assert lines[0].startswith("Take ") and f"a = {a}" in lines[0] and f"b = {b}" in lines[0]
    assert lines[1] == f"The point lies in the domain: {a} >= 2, {b} >= 3."
    assert lines[-1] == f"So the claim is false: {found.left} > {found.right}."
    assert any(f"relu(a) = relu({a}) = {a}." in line for line in lines)
