"""No rule loses a counterexample: where a goal is false, one of the goals that a rule puts in its place is false too.

Rules are applied at random, one after the other, and judged at points by exact evaluation: if a goal is false at a
point that fits the context, then some new goal is false at the point, which fits that goal's context too (or at the
point with its coordinates in another order, for `symmetry`). So no goal of a false claim is ever closed. What a context
knows is judged as well: hypotheses, facts, signs, replaced variables and normal forms are true at its points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import permutations, product
from random import Random
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from symcircuits.kernel.certificate import Draft, draft
from symcircuits.kernel.check import RULES, Context, Goal, Proof, domain_of
from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.evaluate import VALUES
from symcircuits.kernel.normal import Algebra, Form, Meter
from symcircuits.kernel.term import RELATIONS, Comparison, Term, subterms

Point = Mapping[str, Fraction]
Draw = Callable[..., Any]
GRID = [Fraction(n, 6) for n in (0, 6, -6, 3, -3, 12, -12, 30, -30, 2)]
SCALARS = ["0", "1", "1", "-1", "2", "-2", "1/2", "-1/2", "3"]
KINDS = {
    "lattice": ["max", "min"],
    "homogeneous": ["max", "min", "sum", "relu", "abs"],
    "line": ["max", "min", "sum", "relu", "abs", "affine"],
    "any": ["max", "min", "sum", "relu", "abs", "affine", "affine", "scale", "quotient"],
}


def value_of_form(algebra: Algebra, form: Form, point: Point) -> Fraction:
    """The value of a form at a point, from the definition of basis elements."""
    names, total = list(algebra.scope.number), Fraction(0)
    for at, numerator in form.numerators.items():
        monomial, atom = algebra.basis[at]
        rows = [value_of_form(algebra, row, point) for row in algebra.rows[atom]]
        size = max([Fraction(0), *rows]) if atom else Fraction(1)
        for number, exponent in monomial:
            size *= point[names[number - 1]] ** exponent
        total += numerator * size
    return total / form.denominator


def value(algebra: Algebra, root: Term, point: Point) -> Fraction:
    """The value of a term, or of a goal that is a form; `KeyError` for a form of another algebra."""
    values: dict[int, Fraction] = {}
    for term in subterms((root,)):
        parts = [values[id(part)] for part in term.args]
        if term.kind == "form":
            values[id(term)] = value_of_form(algebra, algebra.memo[id(term)][0], point)
        else:
            values[id(term)] = point[term.name] if term.kind == "variable" else VALUES[term.kind](term, parts)
    return values[id(root)]


def holds(context: Context, comparison: Comparison, point: Point) -> bool:
    """Whether a comparison is true at the point; one that is undefined there is not."""
    try:
        left, right = (value(context.algebra, side, point) for side in comparison[::2])
    except ZeroDivisionError:
        return False
    return bool(RELATIONS[comparison.relation](left, right))


def fits(proof: Proof, context: Context, point: Point) -> bool:
    """Whether the point is one that the context speaks of."""
    algebra, names = context.algebra, proof.draft.variables
    heights = [(value_of_form(algebra, form, point), strict) for form, strict in context.hypotheses]
    return (
        all(point[name] in values for name, values in proof.draft.claim.ranges)
        and all(height > 0 or (height == 0 and not strict) for height, strict in heights)
        and all(holds(context, known, point) for known in context.known)
        and all(point[names[n - 1]] == value_of_form(algebra, form, point) for n, form in algebra.values.items())
    )


def check_what_is_known(proof: Proof, context: Context, point: Point) -> None:
    """Facts, signs and normal forms are true at a point that fits."""
    algebra, names = context.algebra, proof.draft.variables
    assert all(value_of_form(algebra, Form(dict(fact)), point) >= 0 for fact in algebra.facts)
    assert all(point[names[number - 1]] * sign > 0 for number, sign in algebra.signs.items())
    for form, term in list(algebra.memo.values()):
        if all(part.kind != "form" for part in subterms((term,))):
            assert value_of_form(algebra, form, point) == value(algebra, term, point)


@st.composite
def theorems(draw: Draw) -> tuple[list[Draft], list[Point]]:
    """A claim after two lemmas about the same terms, and points of its ranges."""
    kind = draw(st.sampled_from(["any", "any", "line", "line", "homogeneous", "lattice"]))
    names = list("xyzw")[: 1 if kind == "line" else draw(st.integers(2, 4))]
    terms: list[list[Any]] = [form(draw, len(names)) for _ in range(2)] if kind in ("line", "any") else []
    for _ in range(draw(st.integers(2, 6))):
        terms.append(entry(draw, kind, len(names), len(names) + len(terms)))
    zero, one = len(names) + len(terms), len(names) + len(terms) + 1
    sides = st.sampled_from([*range(one)])

    def comparison() -> list[Any]:
        relation = draw(st.sampled_from(["==", "<=", ">=", ">=", "<", ">"]))
        return [relation, draw(sides), draw(sides)]

    where = [comparison() for _ in range(draw(st.sampled_from([0, 0, 1, 2])))]
    for _ in range(draw(st.integers(0, 2)) if kind in ("line", "any") else 0):
        side = st.integers(0, len(names) + 1)
        where.insert(
            0, [draw(st.sampled_from([">", "<", ">=", "=="])), draw(side), draw(st.sampled_from([zero, 0, 1]))]
        )
    ranges: list[Any] = []
    if draw(st.integers(0, 2)) == 0:
        values = sorted(draw(st.sets(st.integers(-2, 3), min_size=1, max_size=3)))
        ranges = [[at, values] for at in range(len(names)) if draw(st.integers(0, 3))]
    data = {"variables": names, "terms": [*terms, ["sum"]], "where": where, "ranges": ranges, "proof": []}
    claim = comparison()
    lemmas = [(draw(st.sampled_from([claim, comparison()])), where[: draw(st.integers(0, 1))]) for _ in range(2)]
    drafts = [draft({**data, "claim": goal, "where": domain, "ranges": ranges[:1]}) for goal, domain in lemmas]
    drafts.append(draft({**data, "claim": claim}))
    columns = [dict(drafts[-1].claim.ranges).get(name, GRID) for name in names]
    grid = list(product(*columns))
    points = Random(0).sample(grid, min(len(grid), 30))
    return drafts, [dict(zip(names, point, strict=True)) for point in points]


def form(draw: Draw, variables: int) -> list[Any]:
    """An affine term of a certificate."""
    pairs = st.tuples(st.sampled_from(SCALARS), st.integers(0, variables - 1)).map(list)
    return ["sum", *draw(st.lists(pairs, min_size=1, max_size=3)), draw(st.sampled_from(SCALARS))]


def entry(draw: Draw, kind: str, variables: int, size: int) -> list[Any]:
    """A term of a certificate, made of earlier ones."""
    which, parts, number = draw(st.sampled_from(KINDS[kind])), st.integers(0, size - 1), st.sampled_from(SCALARS)
    if which in ("max", "min"):
        return [which, *draw(st.lists(parts, min_size=1, max_size=3))]
    if which in ("sum", "affine"):
        items = [list(pair) for pair in draw(st.lists(st.tuples(number, parts), max_size=3))]
        return ["sum", *items, *([draw(number)] if which == "affine" else [])]
    if which == "scale":
        return ["scale", draw(parts), draw(parts), 1]
    return (
        ["scale", draw(parts), draw(st.integers(0, variables - 1)), -1] if which == "quotient" else [which, draw(parts)]
    )


class Hand(NamedTuple):
    """What draws the arguments of rules at a goal."""

    draw: Draw
    proof: Proof
    context: Context

    def any(self, *values: Any) -> Any:
        return self.draw(st.sampled_from(values))

    def variable(self) -> int:
        return int(self.draw(st.integers(0, len(self.proof.draft.variables) - 1)))

    def term(self) -> int:
        return int(self.draw(st.integers(0, len(self.proof.draft.terms) - 1)))

    def number(self) -> str:
        return str(self.any(*SCALARS))

    def row(self) -> list[Any]:
        pairs = [[self.number(), self.variable()] for _ in range(self.any(0, 1, 1, 2))]
        return [*pairs, *([self.number()] if self.any(True, False) else [])]

    def multipliers(self) -> list[Any]:
        known = range(-len(self.context.known), len(self.context.hypotheses))
        numbers = self.draw(st.lists(st.sampled_from(known), max_size=2, unique=True)) if known else []
        return [[at, self.any(1, 1, 1, 2, "1/2", -1)] for at in numbers]

    def shown(self) -> list[Any]:
        """A row that the multipliers show, or nearly."""
        m = self.multipliers()
        form, _ = self.context.sum(m)
        if not self.context.algebra.is_affine(form):
            return [self.row(), m]
        parts = {at: Fraction(n, form.denominator) for at, n in form.numerators.items()}
        rest = parts.pop(0, Fraction(0)) + self.any(0, 0, 1, -1)
        return [[*([str(c), at - 1] for at, c in parts.items()), str(rest)], m]

    def end(self, v: int, sign: int) -> list[Any]:
        """An end of the variable's values that a hypothesis shows, below (1) or above (-1), or none."""
        for at, (form, _) in enumerate(self.context.hypotheses):
            slope = form.numerators.get(v + 1, 0)
            if form.numerators.keys() <= {0, v + 1} and slope * sign > 0 and self.any(True, True, False):
                bound = Fraction(-form.numerators.get(0, 0), slope) - sign * self.any(0, 0, 1, -1)
                return [str(bound), [[at, str(Fraction(form.denominator, abs(slope)))]]]
        return [None, []]

    def sweep(self) -> list[Any]:
        v = self.variable()
        return [v, *self.end(v, 1), *self.end(v, -1)]


def substitution(hand: Hand) -> list[Any]:
    """The arguments of `substitute` by two hypotheses that are opposite, or any."""
    v, found = hand.variable(), hand.context.hypotheses
    for at, (form, _) in enumerate(found[:-1]):
        c = form.numerators.get(v + 1, 0)
        if c and found[at + 1][0] == hand.context.algebra.negative(form):
            row = [[str(Fraction(-n, c)), i - 1] for i, n in form.numerators.items() if i not in (0, v + 1)]
            m, n = (
                [[at + (c < 0), str(Fraction(form.denominator, abs(c)))]],
                [[at + (c > 0), str(Fraction(form.denominator, abs(c)))]],
            )
            return [v, [*row, str(Fraction(-form.numerators.get(0, 0), c))], m, n]
    return [v, hand.row(), hand.multipliers(), hand.multipliers()]


def sign(hand: Hand) -> list[Any]:
    """The arguments of `scale` by a strict hypothesis about one variable, or any."""
    for at, (form, strict) in enumerate(hand.context.hypotheses):
        ((v, c), *others) = sorted(form.numerators.items(), reverse=True) or [(0, 0)]
        if strict and v and not others:
            return [v - 1, 1 if c > 0 else -1, [[at, str(Fraction(form.denominator, abs(c)))]]]
    return [hand.variable(), hand.any(1, -1), hand.multipliers()]


ARGUMENTS: dict[str, Callable[[Hand], list[Any]]] = {
    **dict.fromkeys(("normal", "both", "zero_one", "ordered", "table", "parts"), lambda hand: []),
    **dict.fromkeys(("farkas", "absurd"), lambda hand: [hand.multipliers()]),
    "split": lambda hand: [hand.row()],
    "fix": lambda hand: hand.shown(),
    "substitute": substitution,
    "cite": lambda hand: [
        hand.any(0, 1),
        [hand.any(at, at, hand.term()) for at in range(len(hand.proof.draft.variables))],
    ],
    "chain": lambda hand: [hand.term()],
    "congruence": lambda hand: [hand.term(), hand.term()],
    "rewrite": lambda hand: [[[hand.term(), hand.term()] for _ in range(hand.any(0, 1, 2))]],
    "sweep": Hand.sweep,
    "scale": sign,
    "each": lambda hand: [hand.variable()],
    "have": lambda hand: [hand.any("<=", ">=", "<", ">"), hand.term(), hand.term()],
    "assume": lambda hand: [-1 - hand.any(0, 0, 1, 2)],
    "symmetry": lambda hand: [
        hand.draw(st.permutations(range(len(hand.proof.draft.variables))))[: hand.any(2, 2, 3, 4)]
    ],
    "polarity": lambda hand: [hand.any(0, 0, 1, 2)],
    "tangent": lambda hand: [
        [
            [[hand.any(1, "1/2", "1/3", 0, -1), hand.any(0, 0, 1)] for _ in range(hand.any(0, 1, 1, 2))]
            for _ in range(hand.any(1, 1, 2))
        ]
    ],
    "products": lambda hand: [
        hand.multipliers(),
        [[i, j, 1] for i, _ in hand.multipliers() for j, _ in hand.multipliers()],
        [[1, hand.row()] for _ in range(hand.any(0, 1))],
    ],
}
OF_EQUALITIES = ["normal", "both", "congruence", "chain"]
OF_INEQUALITIES = ["farkas", "products", "parts", "polarity", "tangent", "tangent", "polarity"]
OF_ALL = [*sorted(set(RULES) - {*OF_EQUALITIES, *OF_INEQUALITIES}), "sweep", "ordered", "symmetry", "assume", "cite"]


def is_excused(proof: Proof, context: Context, arguments: list[Any], point: Point) -> bool:
    """Whether the lemma that is cited is false where it is cited, so that no one has to answer for the goal."""
    lemma = proof.drafts[arguments[0]]
    try:
        values = [value(context.algebra, proof.draft.terms[at], point) for at in arguments[1]]
    except ZeroDivisionError:
        return True
    there = dict(zip(lemma.variables, values, strict=True))
    inside = all(holds(context, comparison, there) for comparison in lemma.claim.where)
    is_allowed = all(there[name] in allowed for name, allowed in lemma.claim.ranges)
    return inside and is_allowed and not holds(context, lemma.claim.goal, there)


def orders(point: Point, names: Sequence[str]) -> Iterator[Point]:
    """The points that have the same values in another order."""
    for values in permutations(point[name] for name in names):
        yield {**point, **dict(zip(names, values, strict=True))}


def is_passed_on(proof: Proof, goals: list[Goal], points: list[Point]) -> bool:
    """Whether one of the goals is false at one of the points that fit it, or is a form that nothing can close."""
    for context, goal in goals:
        if goal.left.kind == "form" and id(goal.left) not in context.algebra.memo:
            return True
        if any(fits(proof, context, point) and not holds(context, goal, point) for point in points):
            return True
    return False


@settings(max_examples=600)
@given(theorems(), st.data())
def test_no_rule_loses_a_counterexample(drawn: tuple[list[Draft], list[Point]], data: st.DataObject) -> None:
    drafts, points = drawn
    proof, meter = Proof(drafts[-1], drafts, len(drafts) - 1), Meter()
    try:
        context, goal = domain_of(proof.draft, meter), proof.draft.claim.goal
    except CertificateRejected:
        return
    points = [point for point in points if fits(proof, context, point)]
    for _ in range(4):
        fitting = OF_EQUALITIES if goal.relation == "==" else OF_INEQUALITIES
        name = data.draw(st.sampled_from([*fitting, *OF_ALL]))
        try:
            arguments = ARGUMENTS[name](Hand(data.draw, proof, context))
            goals = RULES[name](proof, context, goal, *arguments)
        except CertificateRejected:
            continue
        for point in points:
            if holds(context, goal, point) or (name == "cite" and is_excused(proof, context, arguments, point)):
                continue
            vs = [proof.draft.variables[v] for v in arguments[0]] if name == "symmetry" else []
            assert is_passed_on(proof, goals, list(orders(point, vs))), (name, arguments, point)
        if not goals:
            return
        after = data.draw(st.integers(0, len(goals) - 1))
        if name == "congruence" and after:  # what comes after may trust the premise
            points = [point for point in points if holds(context, goals[0][1], point)]
        context, goal = goals[after]
        if goal.left.kind == "form" and id(goal.left) not in context.algebra.memo:
            return
        points = [point for point in points if fits(proof, context, point)]
        for point in points:
            check_what_is_known(proof, context, point)


def test_every_rule_is_tried() -> None:
    assert set(ARGUMENTS) == set(RULES)
