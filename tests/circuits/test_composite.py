"""Compositions of gadgets: targets put into each other, theorems by citation, domains, families, several outputs."""

from __future__ import annotations

import json
from fractions import Fraction
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Expr, Max, Min, Rational, Symbol, symbols

from symcircuits.circuits import gadgets
from symcircuits.circuits.circuit import Circuit, Neuron
from symcircuits.circuits.compose import compose
from symcircuits.circuits.gadget import Composite, Example, Gadget, certificate_names, family
from symcircuits.circuits.gadgets import by_module, families, gadget, library
from symcircuits.circuits.gadgets.minimum import tournament
from symcircuits.errors import InvalidCircuit
from symcircuits.expr.parse import parse_expression
from symcircuits.kernel.check import check
from symcircuits.kernel.term import evaluate
from symcircuits.testing.sampling import cross_check
from symcircuits.testing.strategies import rationals

a, b, c, d, x, z = symbols("a b c d x z", real=True)
MIN, MAX, ABS, ADD = (gadget(name) for name in ("min", "max", "abs", "add"))
FEW = settings(max_examples=25)


def rules(certificate: str) -> set[str]:
    return {step[0] for theorem in json.loads(certificate)["theorems"][1:] for step in theorem["proof"]}


@st.composite
def trees(draw: st.DrawFn, depth: int = 3) -> Composite:
    """Compositions of the gadgets of one and two inputs, shared here and there."""
    known: list[object] = [a, b, c, a - 1, 2 * b + c]
    for _ in range(draw(st.integers(1, depth + 1))):
        callee = draw(st.sampled_from([MIN, MAX, ABS, ADD]))
        fed = [draw(st.sampled_from(known)) for _ in callee.inputs]
        made = callee(*fed)
        known += [made, made * Rational(-1, 2) + 1]
    return made


@FEW
@given(trees(), st.lists(rationals(), min_size=3, max_size=3))
def test_every_composition_computes_its_target_and_has_its_theorem(made: Composite, at: list[Fraction]) -> None:
    point = dict(zip("abc", at, strict=True))
    (value,) = made.run(*(point[symbol.name] for symbol in made.inputs))
    assert value == evaluate(made.targets[0], point)
    theorem = made.theorem
    assert theorem.claim == made.claim and check(theorem.certificate).claim == made.claim
    assert made.claim.goal.left == made.circuit.terms[0] and made.claim.goal.right == made.targets[0]


def test_the_tournament_of_four_by_calling() -> None:
    four = MIN(MIN(a, b), MIN(c, d))
    assert isinstance(four, Composite) and four.widths == (6, 3) and four.inputs == (a, b, c, d)
    assert four.targets == (parse_expression("min(min(a, b), min(c, d))"),)
    assert four.run(3, -5, 2, 7) == (-5,) and four.parts == (MIN,)
    assert rules(four.theorem.certificate) == {"congruence", "cite", "normal"}
    assert repr(four) == "<Composite min(min(a, b), min(c, d)): min(min(a, b), min(c, d))>"
    assert four.target.doit() == Min(a, b, c, d)


@pytest.mark.parametrize("size", [100, 300])
def test_a_large_tournament_is_proved_in_sections_without_cases(size: int) -> None:
    made = tournament(MIN, symbols(f"x1:{size + 1}", real=True))
    certificate = made.theorem.certificate
    assert len(made.circuit.parts) == size - 1 and rules(certificate) == {"congruence", "cite", "normal"}
    assert made.theorem.claim == made.claim and len(certificate) < 300 * size
    assert made.run(*range(size, 0, -1)) == (1,)


def test_long_chains_and_shared_parts_are_proved_in_sections_too() -> None:
    inputs = symbols("x1:91", real=True)
    chain: Composite = MIN(inputs[0], inputs[1])
    for symbol in inputs[2:]:
        chain = MIN(chain, symbol - Rational(1, 2))
    both = chain + MAX(chain, ABS(inputs[0]))
    assert len(both.circuit.parts) == 91
    assert rules(both.theorem.certificate) == {"congruence", "cite", "normal"}


def test_circuits_and_gadgets_mix_and_the_result_is_verified() -> None:
    hinge = Circuit("hinge", (x,), (Neuron(z, 1 - x),), (z,))
    for made in (hinge(MIN(a, b)), MIN(hinge(a), b), MIN >> hinge, hinge @ MIN, hinge + ABS):
        assert isinstance(made, Composite)
        assert [theorem.claim for theorem in made.theorems] == list(made.claims)
    assert (hinge @ MIN).parts == (MIN,) and not isinstance(hinge(hinge), Composite)


def test_several_outputs_have_a_target_and_a_theorem_each() -> None:
    sort = Gadget(
        "sort_2", "Sort", MIN @ MAX, ("min(x1, x2)", "max(x1_2, x2_2)"), "Both.", (Example((1, 2, 3, 4), (1, 4)),)
    )
    assert len(sort) == 2 and sort.examples[0].outputs == sort.run(1, 2, 3, 4)
    assert [str(theorem.claim.goal.right) for theorem in sort.theorems] == ["min(x1, x2)", "max(x1_2, x2_2)"]
    assert certificate_names(sort) == ["sort_2.1.json", "sort_2.2.json"]
    for name in ("target", "theorem", "claim"):
        with pytest.raises(InvalidCircuit, match=f"sort_2 has 2 outputs: use `{name}s`"):
            getattr(sort, name)
    least, _ = sort
    assert least.theorem.claim.goal.right == parse_expression("min(x1, x2)")
    pair = compose("pair", (a, b), [MIN(a, b), MAX(a, b)])
    outer = ADD(pair(c, d)[0], pair(c, d)[1])
    assert outer.theorem.claim.goal.right == parse_expression("min(c, d) + max(c, d)")


TEXTS = ["min(min(a, b), c)", "min(a, b, c)", Min(a, b, c), parse_expression("-max(-a, -b, -c)")]


@pytest.mark.parametrize("target", TEXTS, ids=["nested", "flat", "SymPy", "term"])
def test_targets_may_be_texts_expressions_or_terms(target: str | Expr) -> None:
    made = Gadget("three", "Three", MIN(MIN(a, b), c), target, "Three.", ())
    assert made.theorem.claim.goal.right == made.targets[0] and made.circuit.name == "three"
    assert made.run(3, 2, 1) == (1,)


def test_a_target_that_needs_a_search_and_one_that_is_wrong() -> None:
    made = Gadget("sum", "Sum", MIN(a, b) + MAX(a, b), "a + b", "Together.", ())
    assert made.theorem.claim.goal.right == parse_expression("a + b")
    wrong = Gadget("wrong", "Wrong", MIN(a, b) + MAX(a, b), "a - b", "Not so.", ())
    with pytest.raises(InvalidCircuit, match=r"wrong is not proved to compute a - b: at a = "):
        _ = wrong.theorem
    with pytest.raises(InvalidCircuit, match="the target mentions q"):
        _ = Gadget("strange", "Strange", MIN(a, b), "min(a, q)", "No.", ()).targets
    with pytest.raises(InvalidCircuit, match="2 targets are given for 1 outputs"):
        Gadget("many", "Many", MIN(a, b), ("a", "b"), "No.", ())
    with pytest.raises(InvalidCircuit, match="neither a circuit nor a composition"):
        Gadget("none", "None", 3, "a", "No.", ())  # type: ignore[arg-type]


CLIP = Gadget(
    "to_unit", "Clip", MAX(MIN(a, 1), 0), "a", "On the unit interval nothing is clipped.", (), where="0 <= a, a <= 1"
)


def test_a_gadget_on_a_domain_says_so_and_is_cited_where_it_follows() -> None:
    assert str(CLIP.theorem.claim).startswith("for all real a with 0 <= a, a <= 1: ")
    half = CLIP(b / 2) + CLIP(c)
    assert [str(entry.right) for entry in half.claim.where] == ["b/2", "1", "c", "1"]
    assert str(half.theorem.claim.goal.right) == "(b/2) + c"
    inside = Gadget("inside", "Inside", CLIP(b), "b", "Less.", (), where="1/4 <= b, b <= 1/2")
    assert '"farkas"' in inside.theorem.certificate and inside.theorem.claim.goal.right == parse_expression("b")
    outside = Gadget("outside", "Outside", CLIP(b), "b", "More.", (), where="0 <= b, b <= 2")
    with pytest.raises(InvalidCircuit, match="outside is not proved to compute b: at b = 2"):
        _ = outside.theorem
    with pytest.raises(InvalidCircuit, match="the domain mentions q"):
        _ = Gadget("no", "No", MIN(a, b), "a", "No.", (), where="q <= 1").domain


def test_a_domain_that_does_not_follow_linearly_is_searched_for() -> None:
    nested = CLIP(CLIP(a))
    assert nested.theorem.claim.goal.right == parse_expression("a")
    clipped = Gadget("clipped", "Clipped", CLIP(MIN(MAX(b, 0), 1)), "min(max(b, 0), 1)", "Always inside.", ())
    assert clipped.theorem.claim.where == ()


def test_finite_domains_are_passed_on_to_the_inputs() -> None:
    both = Gadget("and", "And", MAX(a + b - 1, 0), "min(a, b)", "Both.", (), where="a in {0, 1}, b in {0, 1}")
    assert [str(entry) for entry in both.claim.ranges] == ["a in {0, 1}", "b in {0, 1}"]
    three = both(both(c, 1 - d), x)
    assert {str(entry) for entry in three.claim.ranges} == {"c in {0, 1}", "d in {0, 1}", "x in {0, 1}"}
    assert three.theorem.claim == three.claim
    assert three.claim.goal.right == parse_expression("min(min(c, 1 - d), x)")


def test_families_make_gadgets_for_every_n() -> None:
    assert gadget("min", 5) is gadget("min_5") and gadget("min_5").name == "min_5"
    five = gadget("max", 5)
    assert five.theorem.claim.goal.right == parse_expression("max(x1, x2, x3, x4, x5)") and five.widths == (6, 3, 3)
    for example in five.examples:
        assert five.run(*example.inputs) == example.outputs
    assert cross_check(five.theorem, 30) > 3
    assert {"min", "max"} <= families().keys()
    with pytest.raises(InvalidCircuit, match="must be an integer from 2 on, not 1"):
        gadget("min", 1)
    with pytest.raises(InvalidCircuit, match=r"the gadgets min are made from \(n: int\)"):
        gadget("min", 1, 2)
    with pytest.raises(InvalidCircuit, match="no gadget 'mni' with parameters; did you mean min"):
        gadget("mni", 3)


def test_default_members_of_a_family_are_listed() -> None:
    @family("pick", (1,), (2,))
    def pick(n: int) -> Gadget:
        return Gadget(f"pick_{n}", "Pick", ABS(x), "abs(x)", "One.", ())

    module = SimpleNamespace(GADGETS=(), FAMILIES=(pick,))
    assert [each.name for each in gadgets._defaults(module)] == ["pick_1", "pick_2"] and pick(2) is pick(2)
    assert [each for rows in by_module().values() for each in rows] == list(library().values())


def test_a_gadget_of_the_users_own_may_have_the_name_of_one_in_the_library() -> None:
    mine = Gadget("min", "Mine", MAX(a, b), Max(a, b), "Something else.", ())
    assert mine.theorem.claim.goal.right == parse_expression("max(a, b)")


def test_parameters_keep_their_signs_in_a_composition() -> None:
    w = Symbol("w", positive=True)
    made = MIN(w * a, w * b) / w
    assert made.parameters == (w,) and str(made.claim.where[0].left) == "w"
    assert made.theorem.claim == made.claim
    scaled = Gadget("scaled", "Scaled", made, "min(a, b)", "The weight cancels.", ())
    assert scaled.theorem.claim.goal.right == parse_expression("min(a, b)")
