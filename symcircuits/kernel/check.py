"""The checker: the only place where a `Theorem` is made.

A goal is a comparison of two terms, in a context of hypotheses h >= 0 or h > 0, each an affine form of the variables.
The checker keeps a stack of goals, at first the claim in the context of its domain. Each step of the proof takes the
top goal and either closes it or replaces it by other goals, by one of these rules; the claim is a theorem when none
is left. Multipliers m are never negative; "c + sum m*h shows f" means that f - sum m*h is the constant c >= 0, which
gives f >= 0, and f > 0 if c > 0 or if a strict hypothesis has a positive multiplier.

    normal                     the sides of an equality have the same normal form
    split t                    prove the goal with t >= 0 and with -t > 0 among the hypotheses
    fix t m                    c + sum m*h shows t; prove the goal knowing t >= 0
    farkas m                   the goal, an inequality, says f >= 0 (or f > 0), and c + sum m*h shows f
    absurd m                   sum m*h is a negative constant, or 0 with a strict hypothesis: the context has no points
    both                       prove an equality as two inequalities
    substitute v e m n         c + sum m*h shows v - e, and c + sum n*h shows e - v: the form e replaces the variable v
    cite k [t, ...]            the goal is theorem k, an earlier one, at the terms t; prove its domain's comparisons
                               there
    chain t                    prove left R t and t R right for a goal left R right
    congruence s t             prove s == t; then prove the goal with t in place of s
    rewrite [[s, t], ...]      prove s == t for each pair, parts before wholes, and then the goal, everywhere with t in
                               place of s for all pairs before
    zero_one                   both sides are max and min of variables, and the goal holds on {0,1}^n
    ordered                    both sides are linear where the order of the variables and 0 stays the same, and the goal
                               holds on {0,1}^n and {-1,0}^n
    sweep v a m b n            the goal is about v only, and true for all values of v from a to b, where m shows v >= a
                               and n shows b >= v; with null in the place of a or b, for all below or above
    scale v sign m             c + sum m*h shows v > 0 (sign 1) or -v > 0 (sign -1); prove the goal knowing it
    each v                     prove the goal with v equal to each of the values in its range
    table                      all variables have ranges, and the goal holds at each of the finitely many points
    have R s t                 prove the inequality s R t; then prove the goal knowing it, as h number -1, -2 ...
    assume k                   what is known as number -1, -2 ... is affine: it becomes a hypothesis
    symmetry [v, ...]          exchanging any two of the variables leaves goal and hypotheses as they are: prove the
                               goal where they increase
    polarity k                 the goal says f >= 0, and the k-th atom in f has a negative coefficient: prove it with
                               each of the atom's rows, and with 0, in the atom's place
    tangent [w, ...]           the goal says f >= 0; prove it with sums of rows in the place of the atoms in f, as many
                               as weights are given, highest first: weights >= 0 of sum <= 1, a sum at most the atom
    parts                      max, relu or abs on the lower side, or min on the upper: prove it for each argument
    products m p s             the goal says f >= 0, and c + sum m*h + sum p*h*h' + sum s*(affine form)**2 shows f

A comparison of the domain that is not affine is no hypothesis but known from the start. The normal form (`normal.py`)
may use hypotheses, fixed forms, signs, replaced variables, and equal terms, which a new fact or sign makes it forget.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from symcircuits.kernel.certificate import Draft, draft, index, items, listed, rational, read, reject, tuples
from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.finite import check_ordered, distance, first_failure
from symcircuits.kernel.lattice import check_zero_one
from symcircuits.kernel.normal import CALL, COPY, ONCE, ZERO, Algebra, Form, Meter, Scope
from symcircuits.kernel.number import rational_to_text
from symcircuits.kernel.term import Claim, Comparison, Term, rebuilt, subterms, total
from symcircuits.kernel.term import table as rows_of
from symcircuits.kernel.univariate import check_sweep

STRICT = ("<", ">")


def positive(value: Any) -> Fraction:
    """The rational, if it is positive."""
    number = rational(value)
    return number if number > 0 else reject("a multiplier is not positive")


class Context(NamedTuple):
    """What is known at a goal: hypotheses (form, strict), the algebra of normal forms, inequalities of terms."""

    hypotheses: tuple[tuple[Form, bool], ...]
    algebra: Algebra
    known: tuple[Comparison, ...] = ()

    def assuming(self, *more: tuple[Form, bool]) -> Context:
        """The context with more hypotheses, which the normal form may use too."""
        self.algebra.spend(COPY * len(self.hypotheses))
        algebra = self.algebra.with_facts(form for form, _ in more)
        return self._replace(hypotheses=(*self.hypotheses, *more), algebra=algebra)

    def gap(self, goal: Comparison) -> Form:
        """The form that the comparison says is 0, >= 0 or > 0."""
        left, right = self.algebra.normal(goal.left), self.algebra.normal(goal.right)
        return self.algebra.minus(right, left) if goal.relation in ("<=", "<") else self.algebra.minus(left, right)

    def bounded(self, goal: Comparison) -> Form:
        """The gap of an inequality."""
        return reject("this step is for inequalities only") if goal.relation == "==" else self.gap(goal)

    def sum(self, multipliers: Any) -> tuple[Form, bool]:
        """sum m*h over pairs [h's number, m] with m > 0, and whether a strict hypothesis takes part."""
        pairs = [(*self.hypothesis(at), positive(m)) for at, m in tuples(multipliers, 2, "a multiplier")]
        return self.algebra.combine((m, form) for form, _, m in pairs), any(strict for _, strict, _ in pairs)

    def hypothesis(self, at: Any) -> tuple[Form, bool]:
        """The hypothesis of that number, or, for a negative number, the inequality known, the first one being -1."""
        if type(at) is not int or at >= 0 or not self.known:
            return self.hypotheses[index(at, len(self.hypotheses), "a hypothesis")]
        known = self.known[index(-1 - at, len(self.known), "a known inequality")]
        return self.gap(known), known.relation in STRICT

    def says(self, form: Form, relation: str) -> Goal:
        """The goal that a form of this very algebra is >= 0, or > 0 for a strict relation; what is assumed loses it."""
        term = Term("form")
        algebra = self.algebra.bound({id(term): (form, term)})
        return self._replace(algebra=algebra), Comparison(term, ">" if relation in STRICT else ">=", total([]))

    def shows(self, form: Form, multipliers: Any, strict: bool = False) -> None:
        """Reject unless c + sum m*h shows form >= 0, or form > 0."""
        part, used_strict = self.sum(multipliers)
        rest = self.algebra.minus(form, part).constant()
        if rest is None or rest < 0 or (strict and rest == 0 and not used_strict):
            reject(f"the multipliers must leave a constant that is {'positive' if strict else '>= 0'}")


class Proof(NamedTuple):
    """The draft that is being checked, all drafts of its certificate, and its place among them."""

    draft: Draft
    drafts: list[Draft]
    place: int

    def term(self, number: Any) -> Term:
        """The term of that number."""
        return self.draft.terms[index(number, len(self.draft.terms), "a term's number")]

    def variable(self, number: Any) -> int:
        """The basis element of the variable of that number."""
        return 1 + index(number, len(self.draft.variables), "a variable's number")

    def form(self, context: Context, row: Any) -> Form:
        """The affine form that a row of entries c or [c, variable's number] stands for."""
        pairs = items(row, len(self.draft.variables), "a variable's number")
        return context.algebra.combine((c, Form({0 if at is None else at + 1: 1})) for c, at in pairs)


Goal = tuple[Context, Comparison]


def normal(proof: Proof, context: Context, goal: Comparison) -> list[Goal]:
    if goal.relation != "==":
        reject("normal closes equalities only")
    if context.gap(goal).numerators:
        reject("the normal forms of the two sides differ")
    return []


def split(proof: Proof, context: Context, goal: Comparison, t: Any) -> list[Goal]:
    form = proof.form(context, t)
    return [(context.assuming((form, False)), goal), (context.assuming((context.algebra.negative(form), True)), goal)]


def fix(proof: Proof, context: Context, goal: Comparison, t: Any, m: Any) -> list[Goal]:
    form = proof.form(context, t)
    context.shows(form, m)
    return [(context._replace(algebra=context.algebra.with_facts([form])), goal)]


def farkas(proof: Proof, context: Context, goal: Comparison, m: Any) -> list[Goal]:
    context.shows(context.bounded(goal), m, strict=goal.relation in STRICT)
    return []


def absurd(proof: Proof, context: Context, goal: Comparison, m: Any) -> list[Goal]:
    form, strict = context.sum(m)
    rest = form.constant()
    if rest is None or rest > 0 or (rest == 0 and not strict):
        reject("the multipliers do not give a negative constant, nor 0 with a strict hypothesis")
    return []


def both(proof: Proof, context: Context, goal: Comparison) -> list[Goal]:
    if goal.relation != "==":
        reject("both proves equalities only")
    return [(context, goal._replace(relation=relation)) for relation in ("<=", ">=")]


def substitute(proof: Proof, context: Context, goal: Comparison, v: Any, e: Any, m: Any, n: Any) -> list[Goal]:
    number, value = proof.variable(v), proof.form(context, e)
    gap = context.algebra.minus(Form({number: 1}), value)
    context.shows(gap, m)
    context.shows(context.algebra.negative(gap), n)
    hypotheses = [(context.algebra.replace(form, number, value), strict) for form, strict in context.hypotheses]
    return [(Context((), context.algebra.with_value(number, value), context.known).assuming(*hypotheses), goal)]


def cite(proof: Proof, context: Context, goal: Comparison, k: Any, at: Any) -> list[Goal]:
    lemma = proof.drafts[index(k, proof.place, "an earlier theorem's number")]
    terms = [proof.term(number) for number in listed(at, "terms")]
    if len(terms) != len(lemma.variables):
        reject(f"theorem {k} has {len(lemma.variables)} variables; {len(terms)} terms are given")
    says, wanted = lemma.claim.goal.relation, goal.relation
    if (says == "==") != (wanted == "==") or (wanted in STRICT and says not in STRICT):
        reject(f"theorem {k} is about {says}, the goal about {wanted}")
    at_terms = {id(v): term for v, term in zip(lemma.terms, terms, strict=False)}
    context.algebra.spend(COPY * len(lemma.terms))
    sides = rebuilt(lemma.claim.sides(), at_terms)
    # Only the normal form sees whether a quotient is defined.
    if proof.draft.has_quotients or not _is_same(goal, says, sides, context.algebra.spend):
        forms = {id(v): (context.algebra.normal(term), v) for v, term in zip(lemma.terms, terms, strict=False)}
        instance = context._replace(algebra=context.algebra.bound(forms))
        if context.algebra.minus(instance.gap(lemma.claim.goal), context.gap(goal)).numerators:
            reject(f"theorem {k} at these terms is not the goal")
    pairs = zip(sides[2::2], lemma.claim.where, sides[3::2], strict=True)
    premises = [Comparison(left, comparison.relation, right) for left, comparison, right in pairs]
    ranges = dict(proof.draft.claim.ranges)
    for name, values in lemma.claim.ranges:
        term = terms[lemma.variables.index(name)]
        own = ranges.get(term.name, (None,))
        context.algebra.spend(COPY * (len(ranges) + len(lemma.variables)) + CALL * (len(own) + len(values)))
        if term.kind != "variable" or not set(own) <= set(values):
            premises.append(Comparison(distance(term, values), "==", total([])))
    return [(context, premise) for premise in premises]


def _is_same(goal: Comparison, relation: str, sides: list[Term], spend: Callable[[int], None]) -> bool:
    """Whether the goal is that comparison term by term, shared parts compared once."""
    pairs, seen = [(goal.left, sides[0]), (goal.right, sides[1])], set[tuple[int, int]]()
    while pairs:
        left, right = pairs.pop()
        if left is right or (id(left), id(right)) in seen:
            continue
        seen.add((id(left), id(right)))
        spend(COPY * (1 + len(left.args)))
        if left.kind != right.kind or left[2:] != right[2:] or len(left.args) != len(right.args):
            return False
        pairs.extend(zip(left.args, right.args, strict=True))
    return relation == goal.relation


def chain(proof: Proof, context: Context, goal: Comparison, t: Any) -> list[Goal]:
    middle = proof.term(t)
    return [(context, goal._replace(right=middle)), (context, goal._replace(left=middle))]


def congruence(proof: Proof, context: Context, goal: Comparison, s: Any, t: Any) -> list[Goal]:
    equal = Comparison(proof.term(s), "==", proof.term(t))
    after = context._replace(algebra=context.algebra.with_equal(equal.left, equal.right))
    return [(context, equal), (after, goal)]


def rewrite(proof: Proof, context: Context, goal: Comparison, pairs: Any) -> list[Goal]:
    olds, news = ([proof.term(pair[side]) for pair in tuples(pairs, 2, "a pair of terms")] for side in (0, 1))
    rows, places = rows_of(goal.left, goal.right, *olds)
    context.algebra.spend(CALL * (len(rows) + len(pairs)))
    values = dict(zip(places[2:], news, strict=True))
    made: list[Term] = []
    premises: list[Goal] = []
    for place, (kind, parts, coefficients, name, exponent) in enumerate(rows):
        made.append(Term(kind, tuple(made[at] for at in parts), coefficients, name, exponent))
        if place in values:
            premises.append((context, Comparison(made[place], "==", values[place])))
            made[place] = values[place]
    return [*premises, (context, goal._replace(left=made[places[0]], right=made[places[1]]))]


def zero_one(proof: Proof, context: Context, goal: Comparison) -> list[Goal]:
    check_zero_one(goal, proof.draft.variables, context.algebra.spend)
    return []


def sweep(proof: Proof, context: Context, goal: Comparison, v: Any, low: Any, m: Any, high: Any, n: Any) -> list[Goal]:
    number, one = proof.variable(v), Form({0: 1})
    if number in context.algebra.values:
        reject("the variable of a sweep is replaced by a form")
    ends = [None if end is None else rational(end) for end in (low, high)]
    for sign, end, shown in ((ONCE, ends[0], m), (-ONCE, ends[1], n)):
        if end is not None:
            context.shows(context.algebra.combine([(sign, Form({number: 1})), (-sign * end, one)]), shown)
    check_sweep(goal, proof.draft.variables[number - 1], ends[0], ends[1], context.algebra.spend)
    return []


def symmetry(proof: Proof, context: Context, goal: Comparison, vs: Any) -> list[Goal]:
    numbers = [proof.variable(v) for v in listed(vs, "variables")]
    ranges, algebra, gap = dict(proof.draft.claim.ranges), context.algebra, context.gap(goal)
    values = {ranges.get(proof.draft.variables[number - 1]) for number in numbers}
    if len(set(numbers)) < len(numbers) or len(values) > 1 or context.known or algebra.values:
        reject("a symmetry is of distinct variables, of one range, where no inequality is known and none is replaced")
    used = [term for term in subterms(goal[::2]) if term.kind == "variable"]
    hypotheses = {(algebra.key(form), strict) for form, strict in context.hypotheses}
    for pair in pairwise(numbers):
        place = dict(zip(pair, reversed(pair), strict=True))
        terms = {
            id(term): proof.draft.terms[place[n] - 1]
            for term in used
            if (n := algebra.scope.number[term.name]) in place
        }
        left, right = rebuilt(goal[::2], terms)
        forms = [
            (Form({place.get(at, at): n for at, n in h.numerators.items()}), strict) for h, strict in context.hypotheses
        ]
        is_kept = {(algebra.key(form), strict) for form, strict in forms} == hypotheses
        if not is_kept or context.gap(Comparison(left, goal.relation, right)) != gap:
            reject("the goal or a hypothesis changes when two neighbouring variables are exchanged")
    rises = [(algebra.minus(Form({high: 1}), Form({low: 1})), False) for low, high in pairwise(numbers)]
    return [(context.assuming(*rises), goal)]


def ordered(proof: Proof, context: Context, goal: Comparison) -> list[Goal]:
    check_ordered(goal, proof.draft.variables, context.algebra.spend)
    return []


def scale(proof: Proof, context: Context, goal: Comparison, v: Any, sign: Any, m: Any) -> list[Goal]:
    number = proof.variable(v)
    if type(sign) is not int or sign not in (1, -1):
        reject("a sign is 1 or -1")
    context.shows(Form({number: sign}), m, strict=True)
    return [(context._replace(algebra=context.algebra.with_sign(number, sign)), goal)]


def each(proof: Proof, context: Context, goal: Comparison, v: Any) -> list[Goal]:
    name = proof.draft.variables[proof.variable(v) - 1]
    values = dict(proof.draft.claim.ranges).get(name) or reject(f"the variable {name} has no range")
    form = context.algebra.normal(proof.term(v))
    gaps = [context.algebra.combine([(ONCE, form), (-value, Form({0: 1}))]) for value in values]
    if not context.algebra.is_affine(form):
        reject("the variable stands for what is not affine")
    return [(context.assuming((gap, False), (context.algebra.negative(gap), False)), goal) for gap in gaps]


def table(proof: Proof, context: Context, goal: Comparison) -> list[Goal]:
    at = first_failure(proof.draft.claim, goal, proof.draft.variables, context.algebra.spend)
    return [] if at is None else reject(f"the goal is false at point ({', '.join(map(rational_to_text, at))})")


def have(proof: Proof, context: Context, goal: Comparison, R: Any, s: Any, t: Any) -> list[Goal]:
    if R not in ("<=", ">=", "<", ">"):
        reject("what is to be known must be an inequality")
    lemma = Comparison(proof.term(s), R, proof.term(t))
    context.algebra.spend(COPY * len(context.known))
    return [(context, lemma), (context._replace(known=(*context.known, lemma)), goal)]


def assume(proof: Proof, context: Context, goal: Comparison, k: Any) -> list[Goal]:
    form, strict = context.hypothesis(k)
    if not context.algebra.is_affine(form):
        reject("what is known there is not affine")
    return [(context.assuming((form, strict)), goal)]


def polarity(proof: Proof, context: Context, goal: Comparison, k: Any) -> list[Goal]:
    gap, algebra = context.bounded(goal), context.algebra
    atoms = [at for at in sorted(gap.numerators) if algebra.rows_of(at)]
    at = atoms[index(k, len(atoms), "an atom's number")]
    if gap.numerators[at] > 0:
        reject("polarity is for an atom with a negative coefficient")
    return [context.says(algebra.replace(gap, at, row), goal.relation) for row in (ZERO, *algebra.rows_of(at))]


def tangent(proof: Proof, context: Context, goal: Comparison, w: Any) -> list[Goal]:
    gap, algebra = context.bounded(goal), context.algebra
    for weights in listed(w, "weights"):
        at = max(gap.numerators, default=0)
        rows = algebra.rows_of(at)
        pairs = [(c, rows[i]) for c, i in items(weights, len(rows), "a row's number") if i is not None]
        if not rows or gap.numerators[at] < 0 or any(c < 0 for c, _ in pairs) or sum(c for c, _ in pairs) > 1:
            reject("the highest atom must have a positive coefficient, its rows weights >= 0 of sum <= 1")
        gap = algebra.replace(gap, at, algebra.combine(pairs))
    return [context.says(gap, goal.relation)]


def parts(proof: Proof, context: Context, goal: Comparison) -> list[Goal]:
    upward = goal.relation in ("<=", "<")
    low, high = (goal.left, goal.right) if upward else (goal.right, goal.left)
    strict = "<" if goal.relation in STRICT else "<="
    if goal.relation == "==" or (low.kind not in ("max", "relu", "abs") and high.kind != "min"):
        reject("parts is for max, relu or abs on the lower side of an inequality, or min on the upper")
    context.algebra.spend(CALL * (len(low.args) + len(high.args)))
    if low.kind in ("max", "relu", "abs"):
        other = {"max": (), "relu": (total([]),), "abs": (total([(-ONCE, low.args[0])]),)}[low.kind]
        return [(context, Comparison(part, strict, high)) for part in (*low.args, *other)]
    return [(context, Comparison(low, strict, part)) for part in high.args]


def products(proof: Proof, context: Context, goal: Comparison, m: Any, p: Any, s: Any) -> list[Goal]:
    gap, algebra = context.bounded(goal), context.algebra
    pairs = [(c, context.hypothesis(i)[0], context.hypothesis(j)[0]) for i, j, c in tuples(p, 3, "a product")]
    pairs += [(c, form, form) for c, form in ((c, proof.form(context, row)) for c, row in tuples(s, 2, "a square"))]
    shown = algebra.combine((positive(c), algebra.scaled(left, right, 1)) for c, left, right in pairs)
    context.shows(algebra.minus(gap, shown), m, strict=goal.relation in STRICT)
    return []


CLOSING = (normal, farkas, cite, table, products, zero_one, ordered, sweep)
OPENING = (split, fix, both, substitute, chain, congruence, rewrite, scale, each)
KNOWING = (have, assume, parts, symmetry, polarity, tangent)
RULES = {rule.__name__: rule for rule in (*CLOSING, absurd, *OPENING, *KNOWING)}


def domain_of(draft: Draft, meter: Meter) -> Context:
    """The context of the claim's domain: a comparison gives one hypothesis, or known inequality, an equality two."""
    context = Context((), Algebra(Scope(draft.variables, meter), frozenset(), {}, {}))
    hypotheses: list[tuple[Form, bool]] = []
    for comparison in draft.claim.where:
        for relation in (">=", "<=") if comparison.relation == "==" else (comparison.relation,):
            half = comparison._replace(relation=relation)
            form = context.gap(half)
            if context.algebra.is_affine(form):
                hypotheses.append((form, relation in STRICT))
            else:
                context = context._replace(known=(*context.known, half))
    return context.assuming(*hypotheses)


def _prove(proof: Proof, meter: Meter) -> None:
    goals: list[Goal] = [(domain_of(proof.draft, meter), proof.draft.claim.goal)]
    for place, (name, *arguments) in enumerate(proof.draft.proof):
        try:
            context, goal = goals.pop() if goals else reject("nothing is left to prove")
            rule: Callable[..., list[Goal]] = RULES.get(name) or reject(f"the rules are {', '.join(RULES)}")
            wanted = rule.__code__.co_varnames[3 : rule.__code__.co_argcount]  # after proof, context, goal
            if len(arguments) != len(wanted):
                reject(f"its arguments must be: {', '.join(wanted) or 'none'}")
            goals += reversed(rule(proof, context, goal, *arguments))
        except (CertificateRejected, RecursionError) as error:
            raise CertificateRejected(f"step {place} ({name[:20]!r}): {error}") from None
    if goals:
        reject(f"the proof ends with {len(goals)} open goal{'s' if len(goals) > 1 else ''}")


class _Sealed(type):
    def __setattr__(cls, *change: object) -> None:
        raise TypeError("Theorem cannot be changed")

    __delattr__ = __setattr__


class Theorem(metaclass=_Sealed):
    """A claim that the kernel has checked a proof of; `check` makes it and nothing else does.

    The object itself is empty: what was proved stands in a record that `check` keeps, so an object made in any other
    way says nothing. Copying or pickling a theorem carries its certificate, which is checked again.
    """

    __slots__ = ("__weakref__",)

    def __new__(cls, *arguments: object) -> Theorem:
        raise TypeError("a Theorem is made by check(certificate) only")

    def __init_subclass__(cls) -> None:
        raise TypeError("Theorem has no subclasses")

    def _record(self) -> tuple[str, bool]:
        if type(self) is not Theorem or self not in _RECORDS:
            raise TypeError("this object was not made by check(certificate): it is not a theorem")
        return _RECORDS[self]

    @property
    def claim(self) -> Claim:
        """What is proved, read from the certificate each time: nothing done to it reaches the theorem."""
        return draft(read(self._record()[0])[-1]).claim

    @property
    def certificate(self) -> str:
        """The text that was checked."""
        return self._record()[0]

    @property
    def is_vacuous(self) -> bool:
        """Whether the proof shows nothing but that the domain is empty."""
        return self._record()[1]

    def __reduce__(self) -> tuple[Callable[[str], Theorem], tuple[str]]:
        return check, (self.certificate,)

    def __repr__(self) -> str:
        return f"Theorem: {self.claim}"


_RECORDS: WeakKeyDictionary[Theorem, tuple[str, bool]] = WeakKeyDictionary()


def check(certificate: str) -> Theorem:
    """The theorem that a certificate proves, the last one in it; `CertificateRejected` says which step fails and why.

    >>> print(check('''{"format": "symcircuits-certificate", "version": 1, "theorems": [{"variables": ["x"],
    ...     "terms": [["relu", 0], ["sum", [-1, 0]], ["relu", 2], ["sum", [1, 1], [-1, 3]]],
    ...     "where": [], "claim": ["==", 0, 4], "proof": [["normal"]]}]}'''))
    Theorem: for all real x: x == relu(x) - relu(-x)
    """
    if type(certificate) is not str:
        raise TypeError("a certificate is checked as its text, a str")
    drafts, meter = list[Draft](), Meter()
    for place, data in enumerate(read(certificate)):
        try:
            drafts.append(draft(data))
            _prove(Proof(drafts[-1], drafts, place), meter)
        except (CertificateRejected, RecursionError) as error:
            raise CertificateRejected(f"theorem {place}: {error}") from None
    is_vacuous = not any(step[0] == rule.__name__ for step in drafts[-1].proof for rule in CLOSING)
    theorem = object.__new__(Theorem)
    _RECORDS[theorem] = (certificate, is_vacuous)
    return theorem
