"""Every side condition is needed: a double of the rule without it proves a stored falsehood, which the kernel refuses.

A double is the kernel with one condition removed: a rejection that is not made, a goal that is not asked for, or a rule
of our own that forgets something. Each case names a certificate in `tests/certificates/rejected`, and a point of its
claim's domain where the claim is false.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from symcircuits.kernel import certificate, check, finite, lattice, normal, univariate
from symcircuits.kernel.certificate import Draft, listed, rational
from symcircuits.kernel.check import RULES, Context, Goal, Proof, Theorem
from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.normal import Algebra, Form
from symcircuits.kernel.term import Claim, Comparison, Range, rebuilt, subterms, variable

FOLDER = Path(__file__).parents[1] / "certificates"
REASONS: dict[str, str] = json.loads((FOLDER / "reasons.json").read_text(encoding="utf-8"))["rejected"]
Double = Callable[[pytest.MonkeyPatch], None]


def without(reason: str) -> Double:
    """The kernel in which nothing is rejected for that reason."""

    def install(patch: pytest.MonkeyPatch) -> None:
        def reject(message: str) -> None:
            if reason not in message:
                raise CertificateRejected(message)

        for module in (certificate, check, finite, lattice, normal, univariate):
            patch.setattr(module, "reject", reject)

    return install


def in_place_of(owner: object, name: str, value: Any) -> Double:
    """The kernel with another function or method of that name."""
    return lambda patch: patch.setattr(owner, name, value)


def rule(name: str, double: Callable[..., list[Goal]]) -> Double:
    """The kernel with another rule of that name, which takes the same arguments."""
    return lambda patch: patch.setitem(RULES, name, double)


class Asking:
    """A rule that asks for some of its goals only."""

    def __init__(self, name: str, some: Callable[[list[Goal]], list[Goal]]) -> None:
        self.rule, self.some, self.__code__ = RULES[name], some, RULES[name].__code__

    def __call__(self, *arguments: Any) -> list[Goal]:
        return self.some(self.rule(*arguments))


def asking(name: str, some: Callable[[list[Goal]], list[Goal]]) -> Double:
    """The kernel with a rule that asks for some of its goals only."""
    return rule(name, Asking(name, some))


def first(goals: list[Goal]) -> list[Goal]:
    return goals[:1]


def rest(goals: list[Goal]) -> list[Goal]:
    return goals[1:]


def none(goals: list[Goal]) -> list[Goal]:
    return []


def but_last(goals: list[Goal]) -> list[Goal]:
    return goals[:-1]


def open_halves(proof: Proof, context: Context, goal: Comparison, t: Any) -> list[Goal]:
    """Both halves open: nobody looks at the points where t is 0."""
    form = proof.form(context, t)
    return [(context.assuming((half, True)), goal) for half in (form, context.algebra.negative(form))]


def ordered_on_bits(proof: Proof, context: Context, goal: Comparison) -> list[Goal]:
    """Looks at {0,1}^n alone."""
    bits = Claim(goal, (), tuple(Range(name, (Fraction(0), Fraction(1))) for name in proof.draft.variables))
    assert finite.first_failure(bits, goal, proof.draft.variables, context.algebra.spend) is None
    return []


def sweep_of_the_ends(
    proof: Proof, context: Context, goal: Comparison, v: Any, low: Any, m: Any, high: Any, n: Any
) -> list[Goal]:
    """Looks at the two ends, and at no breakpoint between them."""
    assert all(goal.holds({proof.draft.variables[v]: rational(end)}) for end in (low, high))
    return []


def assume_strictly(proof: Proof, context: Context, goal: Comparison, k: Any) -> list[Goal]:
    """Takes every inequality for a strict one."""
    return [(context.assuming((context.hypothesis(k)[0], True)), goal)]


def have_in_a_circle(proof: Proof, context: Context, goal: Comparison, R: Any, s: Any, t: Any) -> list[Goal]:
    """Knows the inequality in its own proof too."""
    (_, lemma), (knowing, _) = check.have(proof, context, goal, R, s, t)
    return [(knowing, lemma), (knowing, goal)]


def cyclic_symmetry(proof: Proof, context: Context, goal: Comparison, vs: Any) -> list[Goal]:
    """Asks that the goal stays the same when the variables move on by one place: the cyclic group, not all orders."""
    names = [proof.draft.variables[v] for v in listed(vs, "variables")]
    moved = dict(zip(names, [*names[1:], names[0]], strict=True))
    used = [term for term in subterms(goal[::2]) if term.name in moved]
    left, right = rebuilt(goal[::2], {id(term): variable(moved[term.name]) for term in used})
    assert context.gap(Comparison(left, goal.relation, right)) == context.gap(goal)
    return [(context.assuming(*rises(proof, context, vs)), goal)]


def blind_symmetry(proof: Proof, context: Context, goal: Comparison, vs: Any) -> list[Goal]:
    """Exchanges variables in terms, and so not in a goal that is a form, and keeps the form where more is assumed."""
    return [(context._replace(hypotheses=(*context.hypotheses, *rises(proof, context, vs))), goal)]


def rises(proof: Proof, context: Context, vs: Any) -> list[tuple[Form, bool]]:
    return [(Form({proof.variable(high): 1, proof.variable(low): -1}), False) for low, high in pairwise(vs)]


def tangent_of_any_sum(proof: Proof, context: Context, goal: Comparison, w: Any) -> list[Goal]:
    """Adds up the goals with a row in the atom's place, by weights whose sum may be anything, also 0."""
    gap, algebra = context.bounded(goal), context.algebra
    for weights in w:
        at = max(gap.numerators)
        rows = [(rational(c), algebra.replace(gap, at, algebra.rows_of(at)[i])) for c, i in weights]
        gap = algebra.combine(rows)
    return [context.says(gap, goal.relation)]


def weak_parts(proof: Proof, context: Context, goal: Comparison) -> list[Goal]:
    """Forgets that the inequality is strict."""
    goals = check.parts(proof, context, goal)
    return [(inside, part._replace(relation="<=")) for inside, part in goals]


def draft_without_quotients(data: Any, original: Callable[[Any], Draft] = check.draft) -> Draft:
    return original(data)._replace(has_quotients=False)


def few_points(names: Sequence[str], ranges: Mapping[str, Sequence[Fraction]]) -> Iterator[dict[str, Fraction]]:
    """The points where all variables but at most one take their first value, or else their last."""
    for usual, other in ((0, -1), (-1, 0)):
        for odd in (None, *names[:-1]):
            yield {name: ranges.get(name, (Fraction(0),))[other if name == odd else usual] for name in names}


def zero_one_at_few_points(goal: Comparison, names: Sequence[str], spend: Any) -> None:
    bits = dict.fromkeys(names, (Fraction(0), Fraction(1)))
    assert all(goal.holds(point) for point in few_points(names, bits))


def table_of_few_points(claim: Claim, goal: Comparison, names: Sequence[str], spend: Any) -> None:
    assert all(goal.holds(point) for point in islice(few_points(names, dict(claim.ranges)), len(names)))


def always(*arguments: Any) -> bool:
    return True


def nothing(*arguments: Any) -> None:
    return None


SHOWN = without("the multipliers must leave a constant")
ORDER = without("two terms that are compared change their order")
NEGATIVE = in_place_of(check, "positive", rational)
WEAK = in_place_of(Context, "says", lambda self, form, relation, original=Context.says: original(self, form, ">="))
EQUALITY = in_place_of(Context, "bounded", Context.gap)
FALSE_SWEEP = without("the goal is false at a point of the sweep, or far beyond all breakpoints")
EXCHANGE = without("the goal or a hypothesis changes when")
DISTINCT = without("a symmetry is of distinct variables")
WEIGHTS = without("the highest atom must have a positive coefficient")


class Case(NamedTuple):
    """A stored certificate of a falsehood, the double that accepts it, and a point where its claim is false."""

    name: str
    double: Double
    point: str


CASES = [
    Case("normal_forms_differ", without("the normal forms of the two sides differ"), "a=0 b=1"),
    Case("normal_of_a_strict_inequality", without("normal closes equalities only"), "x=0"),
    Case("normal_with_another_fact", in_place_of(Algebra, "_is_known", always), "x=1 y=0"),
    Case("product_of_two_maxima_for_a_falsehood", without("a product of two maxima"), "x=2"),
    Case("division_by_itself_of_unknown_sign", without("or a quotient by what is no monomial of known sign"), "w=0"),
    Case("split_second_half_left_out", asking("split", first), "x=-1"),
    Case("split_thin_cell_left_open", rule("split", open_halves), "x=0"),
    Case("fix_shown_by_nothing", SHOWN, "x=-1"),
    Case("farkas_with_a_negative_multiplier", NEGATIVE, "x=1"),
    Case("farkas_leaves_less_than_zero", SHOWN, "x=-1"),
    Case("farkas_strict_at_the_boundary", SHOWN, "x=2"),
    Case("farkas_of_an_equality_from_above", EQUALITY, "x=2"),
    Case("absurd_with_a_positive_constant", without("the multipliers do not give a negative constant"), "x=1"),
    Case("absurd_zero_without_strict", without("the multipliers do not give a negative constant"), "x=1"),
    Case("both_of_a_strict_inequality", without("both proves equalities only"), "x=0"),
    Case("both_second_left_out", asking("both", first), "x=-1"),
    Case("substitute_shown_by_an_inequality", SHOWN, "x=2"),
    Case("cite_at_terms_outside_the_domain", asking("cite", none), "x=0 y=1"),
    Case("cite_with_a_maximum_of_the_domain_left_open", asking("cite", none), "x=2"),
    Case("cite_at_a_variable_without_a_range", asking("cite", none), "a=2 b=0"),
    Case("cite_at_a_variable_of_a_wider_range", asking("cite", none), "a=2"),
    Case("cite_of_an_inequality_as_an_equality", without("theorem 0 is about >=, the goal about =="), "x=-1"),
    Case("cite_in_the_wrong_direction", without("theorem 0 at these terms is not the goal"), "a=1"),
    Case("cite_of_itself_for_a_falsehood", without("an earlier theorem's number must be"), "x=0 y=1"),
    Case("cite_of_a_quotient_where_undefined", in_place_of(check, "draft", draft_without_quotients), "x=1 w=0"),
    Case("chain_second_half_left_out", asking("chain", first), "x=0 y=1"),
    Case("congruence_with_its_premise_left_out", asking("congruence", rest), "x=-1"),
    Case("rewrite_with_its_premise_left_out", asking("rewrite", rest), "x=-1"),
    Case("zero_one_of_what_is_false", without("the goal is false at a point of {0,1}^n"), "a=1 b=0 c=0"),
    Case("zero_one_with_an_absolute_value", without("zero_one is for ==, <= and >= of terms"), "x=-1"),
    Case(
        "zero_one_false_at_one_of_many_points", in_place_of(check, "check_zero_one", zero_one_at_few_points), "x0=0 *=1"
    ),
    Case("ordered_terms_that_change_order", ORDER, "x=1 y=-1"),
    Case("ordered_terms_that_change_order_among_positive_ones", ORDER, "x=1 y=1/2"),
    Case("ordered_with_a_constant", without("ordered is for ==, <= and >="), "x=2"),
    Case("ordered_with_a_square", without("ordered is for ==, <= and >="), "x=2"),
    Case("ordered_false_at_a_point", without("the goal is false at a point of {0,1}^n or {-1,0}^n"), "x=1 y=1"),
    Case("ordered_false_below_zero", rule("ordered", ordered_on_bits), "x=-1"),
    Case("sweep_false_between_the_ends", rule("sweep", sweep_of_the_ends), "x=0"),
    Case("sweep_false_at_an_end", FALSE_SWEEP, "x=1"),
    Case("sweep_false_at_the_lower_end", FALSE_SWEEP, "x=-1"),
    Case("sweep_false_far_above", FALSE_SWEEP, "x=2"),
    Case("sweep_false_far_below", FALSE_SWEEP, "x=-1"),
    Case("sweep_false_above_the_last_breakpoint", FALSE_SWEEP, "x=3"),
    Case("sweep_strict_at_the_boundary", FALSE_SWEEP, "x=0"),
    Case("sweep_of_two_variables", without("a sweep is for CPWL functions"), "x=1 y=0"),
    Case("sweep_of_a_square", without("a sweep is for CPWL functions"), "x=2"),
    Case("sweep_end_not_shown", SHOWN, "x=-1"),
    Case("sweep_from_the_middle_of_the_domain", SHOWN, "x=-1"),
    Case("sweep_to_the_middle_of_the_domain", SHOWN, "x=1"),
    Case("scale_by_an_unknown_sign", SHOWN, "x=1 w=-1"),
    Case("scale_by_a_sign_that_is_weak", SHOWN, "w=0"),
    Case("each_last_value_left_out", asking("each", but_last), "x=1"),
    Case("each_of_an_atom", without("the variable stands for what is not affine"), "x=1 y=1"),
    Case("table_of_what_is_false", in_place_of(check, "first_failure", nothing), "x=0 y=1"),
    Case(
        "table_without_a_range_of_every_variable", in_place_of(check, "first_failure", table_of_few_points), "x=1 y=2"
    ),
    Case("table_of_too_many_points_for_a_falsehood", in_place_of(check, "first_failure", table_of_few_points), "*=1"),
    Case("have_left_out", asking("have", rest), "x=-1"),
    Case("have_proved_by_itself", rule("have", have_in_a_circle), "x=-1"),
    Case("assume_of_an_atom", without("what is known there is not affine"), "x=0 y=1"),
    Case("assume_weak_for_strict", rule("assume", assume_strictly), "x=1 y=0"),
    Case("domain_of_an_atom_as_a_hypothesis", in_place_of(Algebra, "is_affine", always), "x=0 y=1"),
    Case("symmetry_of_a_cyclic_goal", rule("symmetry", cyclic_symmetry), "a=0 b=2 c=1"),
    Case("symmetry_of_the_hypotheses_only", EXCHANGE, "x=1 y=0"),
    Case("symmetry_of_the_goal_only", EXCHANGE, "x=1 y=0"),
    Case("symmetry_of_a_strict_and_a_weak_hypothesis", EXCHANGE, "x=1 y=0"),
    Case("symmetry_of_hypotheses_up_to_a_constant", EXCHANGE, "x=1 y=0"),
    Case("symmetry_of_different_ranges", DISTINCT, "x=1 y=0"),
    Case("symmetry_of_a_range_and_none", DISTINCT, "x=1 y=0"),
    Case("symmetry_of_a_variable_on_both_ends", DISTINCT, "x=0 y=1"),
    Case("symmetry_where_an_inequality_is_known", DISTINCT, "x=1 y=0"),
    Case("symmetry_of_a_form_in_a_falsehood", rule("symmetry", blind_symmetry), "x=1 y=-1"),
    Case("polarity_without_the_row", asking("polarity", first), "x=1"),
    Case("polarity_without_zero", asking("polarity", rest), "x=-1"),
    Case("polarity_keeps_strictness", WEAK, "x=1"),
    Case("polarity_of_an_equality", EQUALITY, "x=0"),
    Case(
        "polarity_of_an_atom_times_a_parameter",
        in_place_of(Algebra, "rows_of", lambda self, at: self.rows[self.basis[at][1]]),
        "x=1 w=2",
    ),
    Case("tangent_of_weights_beyond_one", WEIGHTS, "x=1"),
    Case("tangent_of_weights_of_sum_beyond_one", WEIGHTS, "x=1 y=1"),
    Case("tangent_of_a_negative_weight", WEIGHTS, "x=-1"),
    Case("tangent_of_weights_that_cancel", WEIGHTS, "x=0 y=-1"),
    Case("tangent_of_a_negative_atom", WEIGHTS, "x=1"),
    Case("tangent_of_weights_that_are_zero", rule("tangent", tangent_of_any_sum), "x=0"),
    Case("tangent_keeps_strictness", WEAK, "x=0"),
    Case("tangent_of_an_equality", EQUALITY, "x=1"),
    Case("parts_of_a_difference", without("parts is for max, relu or abs on the lower side"), "x=0 y=1"),
    Case("parts_of_an_equality_one_way", without("parts is for max, relu or abs on the lower side"), "x=5"),
    Case("parts_of_relu_without_zero", asking("parts", but_last), "x=-1"),
    Case("parts_of_abs_without_the_negative", asking("parts", but_last), "x=-1"),
    Case("parts_keep_strictness", rule("parts", weak_parts), "x=0 y=0"),
    Case("product_with_a_negative_multiplier", NEGATIVE, "x=1/2"),
    Case("square_with_a_negative_multiplier", NEGATIVE, "x=1"),
    Case("products_strict_closed_by_a_product", SHOWN, "x=0"),
    Case("products_strict_closed_by_a_square", SHOWN, "x=0"),
    Case("products_leave_less_than_zero", SHOWN, "x=1/2"),
]


def stored(name: str) -> str:
    return (FOLDER / "rejected" / f"{name}.json").read_text(encoding="utf-8")


def is_false_at(claim: Claim, values: str) -> bool:
    """Whether the claim's domain contains the point, `name=value ...` with * for the rest, and the goal fails there."""
    given = dict(pair.split("=") for pair in values.split())
    point = {name: Fraction(given.get(name) or given["*"]) for name in claim.variables()}
    assert all(comparison.holds(point) for comparison in claim.where)
    assert all(point[name] in allowed for name, allowed in claim.ranges)
    try:
        return not claim.goal.holds(point)
    except ZeroDivisionError:
        return True


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_without_its_side_condition_a_rule_proves_a_falsehood(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CertificateRejected, match=re.escape(REASONS[case.name])):
        check.check(stored(case.name))
    case.double(monkeypatch)
    theorem = check.check(stored(case.name))
    assert type(theorem) is Theorem and is_false_at(theorem.claim, case.point)


def test_every_rule_has_a_falsehood_that_it_refuses() -> None:
    proofs = [json.loads(stored(case.name))["theorems"][-1]["proof"] for case in CASES]
    assert {step[0] for proof in proofs for step in proof} == set(RULES)


def test_the_doubles_are_gone_after_each_case() -> None:
    assert all(vars(check)[name] is rule for name, rule in RULES.items())
