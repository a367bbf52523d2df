"""The proof in a certificate as a tree of steps to read: what each step assumes, shows and leaves to prove.

The certificate's steps are applied again by the kernel's own rules, so every goal and every normal form shown is the
one that the checker saw. The tree is flat, in the order of the certificate, so that depth is no limit.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from symcircuits.cpwl.forms import arranged, form_to_comparison, form_to_term, weighted
from symcircuits.kernel.certificate import Draft, draft, read
from symcircuits.kernel.check import RULES, Context, Goal, Proof, Theorem, domain_of
from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.normal import Form, Meter
from symcircuits.kernel.term import ONE, Claim, Comparison, Term, constant, scale, total, variable
from symcircuits.publish.identity import Identity


class Details(NamedTuple):
    """What one step does, in terms of the variables; which fields a rule fills is said in `EXPLAIN`."""

    shown: tuple[Identity, ...] = ()
    halves: tuple[Comparison, ...] = ()
    terms: tuple[Term, ...] = ()
    lemma: int | None = None


class Step(NamedTuple):
    """A step of a proof: its rule, its goal, how many goals it leaves, and which goal of which step its own was."""

    rule: str
    goal: Comparison
    details: Details
    leaves: int
    parent: int | None
    branch: int


class Replay(NamedTuple):
    """The first steps of a theorem's proof, the number of all its steps, and the claims of its certificate in order."""

    steps: tuple[Step, ...]
    total: int
    claims: tuple[Claim, ...]


def replay(theorem: Theorem, limit: int | None = None) -> Replay:
    """The steps of a theorem's proof, at most `limit`, in the certificate's order: a step before those below it.

    >>> from symcircuits.expr.parse import parse_claim
    >>> from symcircuits.provers.prove import prove_claim
    >>> theorem = prove_claim(parse_claim("relu(x) <= abs(y) + abs(x)"))
    >>> [step.rule for step in replay(theorem).steps]
    ['tangent', 'farkas']
    >>> replay(theorem).steps[1].details.shown
    (Identity(form=0, value=0, relation='>='),)
    """
    drafts = [draft(data) for data in read(theorem.certificate)]
    proof = Proof(drafts[-1], drafts, len(drafts) - 1)
    meter, steps = Meter(), list[Step]()
    goals: list[tuple[Goal, int | None, int]] = [((domain_of(proof.draft, meter), proof.draft.claim.goal), None, 0)]
    for place, (rule, *arguments) in enumerate(proof.draft.proof[:limit]):
        (context, goal), parent, branch = goals.pop()
        left = RULES[rule](proof, context, goal, *arguments)
        details = EXPLAIN[rule](proof, context, goal, *arguments)
        steps.append(Step(rule, _readable(context, goal), details, len(left), parent, branch))
        goals += reversed([(new, place, at) for at, new in enumerate(left)])
    return Replay(tuple(steps), len(proof.draft.proof), tuple(part.claim for part in drafts))


def _readable(context: Context, goal: Comparison) -> Comparison:
    """The goal, as a comparison of terms where the kernel has left a form."""
    sides = [
        form_to_term(context.algebra, context.algebra.normal(side)) if side.kind == "form" else side
        for side in (goal.left, goal.right)
    ]
    return Comparison(sides[0], goal.relation, sides[1])


def opening(theorem: Theorem) -> tuple[Context, Draft]:
    """The context of the theorem's domain in the kernel's own terms, and the draft of its claim and proof."""
    last = draft(read(theorem.certificate)[-1])
    return domain_of(last, Meter()), last


def certificate_size(theorem: Theorem) -> tuple[int, int]:
    """The number of steps in all proofs of a theorem's certificate, and the number of its theorems."""
    drafts = read(theorem.certificate)
    return sum(len(data["proof"]) for data in drafts), len(drafts)


def _identity(context: Context, form: Form, multipliers: Any, relation: str) -> Identity:
    """form = c + sum m*h, with c what is left."""
    algebra = context.algebra
    pairs = [(Fraction(m), context.hypothesis(at)[0]) for at, m in multipliers]
    rest = algebra.minus(form, algebra.combine(pairs)).constant() or Fraction(0)
    return Identity(form_to_term(algebra, form), weighted(algebra, pairs, rest), relation)


def _normal(proof: Proof, context: Context, goal: Comparison) -> Details:
    """terms: the normal form of both sides, unless they are one expression whose normal form is not defined."""
    try:
        return Details(terms=(form_to_term(context.algebra, context.algebra.normal(goal.left)),))
    except CertificateRejected:
        return Details()


def _split(proof: Proof, context: Context, goal: Comparison, t: Any) -> Details:
    """halves: t >= 0 and -t > 0."""
    form, algebra = proof.form(context, t), context.algebra
    halves = form_to_comparison(algebra, form), form_to_comparison(algebra, algebra.negative(form), strict=True)
    return Details(halves=halves)


def _fix(proof: Proof, context: Context, goal: Comparison, t: Any, m: Any) -> Details:
    """shown: t >= 0."""
    return Details(shown=(_identity(context, proof.form(context, t), m, ">="),))


def _farkas(proof: Proof, context: Context, goal: Comparison, m: Any) -> Details:
    """shown: the larger side minus the other; terms: the normal forms of the left and of the right side."""
    algebra, relation = context.algebra, ">" if goal.relation in ("<", ">") else ">="
    sides = tuple(form_to_term(algebra, algebra.normal(side)) for side in (goal.left, goal.right))
    return Details(shown=(_identity(context, context.gap(goal), m, relation),), terms=sides)


def _absurd(proof: Proof, context: Context, goal: Comparison, m: Any) -> Details:
    """shown: a constant that is sum m*h, though it is negative, or 0 where the sum must be positive."""
    form, strict = context.sum(m)
    return Details(shown=(_identity(context, form, m, ">" if strict else ">="),))


def _substitute(proof: Proof, context: Context, goal: Comparison, v: Any, e: Any, m: Any, n: Any) -> Details:
    """terms: the variable and what replaces it; shown: each minus the other is >= 0."""
    number, value = proof.variable(v), proof.form(context, e)
    gap = context.algebra.minus(Form({number: 1}), value)
    pairs = ((gap, m), (context.algebra.negative(gap), n))
    names = (variable(proof.draft.variables[number - 1]), form_to_term(context.algebra, value))
    return Details(shown=tuple(_identity(context, form, by, ">=") for form, by in pairs), terms=names)


def _cite(proof: Proof, context: Context, goal: Comparison, k: Any, at: Any) -> Details:
    """lemma: the number of the theorem, from 0; terms: what its variables stand for."""
    return Details(lemma=k, terms=tuple(map(proof.term, at)))


def _chain(proof: Proof, context: Context, goal: Comparison, t: Any) -> Details:
    """terms: the one in the middle."""
    return Details(terms=(proof.term(t),))


def _congruence(proof: Proof, context: Context, goal: Comparison, s: Any, t: Any) -> Details:
    """terms: the two that are equal."""
    return Details(terms=(proof.term(s), proof.term(t)))


def _scale(proof: Proof, context: Context, goal: Comparison, v: Any, sign: Any, m: Any) -> Details:
    """shown: the variable w or its negative is > 0; terms: relu(w*t), and what it therefore is for every t."""
    names = proof.draft.variables
    free = next(name for name in ("t", "u", *(f"t{number}" for number in range(len(names)))) if name not in names)
    w, t = variable(names[proof.variable(v) - 1]), variable(free)
    part = t if sign > 0 else total([(Fraction(-1), t)])
    left, right = Term("relu", (scale(t, w, 1),)), scale(Term("relu", (part,)), w, 1)
    shown = (_identity(context, Form({proof.variable(v): sign}), m, ">"),)
    return Details(shown=shown, terms=(left, right if sign > 0 else total([(Fraction(-1), right)])))


def _each(proof: Proof, context: Context, goal: Comparison, v: Any) -> Details:
    """halves: v == value for each value in the variable's range."""
    name = proof.draft.variables[proof.variable(v) - 1]
    values = dict(proof.draft.claim.ranges)[name]
    return Details(halves=tuple(Comparison(variable(name), "==", constant(value)) for value in values))


def _have(proof: Proof, context: Context, goal: Comparison, R: Any, s: Any, t: Any) -> Details:
    """halves: the inequality that is shown first."""
    return Details(halves=(Comparison(proof.term(s), R, proof.term(t)),))


def _products(proof: Proof, context: Context, goal: Comparison, m: Any, p: Any, s: Any) -> Details:
    """shown: the larger side minus the other, as c + sum m*h + sum p*h*h' + sum s*(affine form)**2."""
    algebra, gap = context.algebra, context.gap(goal)

    def hypothesis(at: Any) -> Form:
        return context.hypothesis(at)[0]

    linear = [(Fraction(c), hypothesis(at)) for at, c in m]
    pairs = [(Fraction(c), hypothesis(i), hypothesis(j)) for i, j, c in p]
    pairs += [(Fraction(c), form, form) for c, form in ((c, proof.form(context, row)) for c, row in s)]
    known = algebra.combine([*linear, *((c, algebra.scaled(left, right, 1)) for c, left, right in pairs)])
    rest = algebra.minus(gap, known).constant() or Fraction(0)
    terms = [(c, form_to_term(algebra, form)) for c, form in linear]
    terms += [(c, scale(form_to_term(algebra, right), form_to_term(algebra, left), 1)) for c, left, right in pairs]
    relation = ">" if goal.relation in ("<", ">") else ">="
    value = arranged([*terms, (rest, ONE)])
    return Details(shown=(Identity(form_to_term(algebra, gap), value, relation),))


def _assume(proof: Proof, context: Context, goal: Comparison, k: Any) -> Details:
    """halves: the affine inequality that what is known says here."""
    form, strict = context.hypothesis(k)
    return Details(halves=(form_to_comparison(context.algebra, form, strict),))


def _polarity(proof: Proof, context: Context, goal: Comparison, k: Any) -> Details:
    """terms: the atom, and its arguments, one of which takes its place in each goal."""
    gap, algebra = context.gap(goal), context.algebra
    at = [at for at in sorted(gap.numerators) if algebra.rows_of(at)][k]
    atom = form_to_term(algebra, Form({at: 1}))
    return Details(terms=(atom, total([]), *(form_to_term(algebra, row) for row in algebra.rows_of(at))))


def _sweep(proof: Proof, context: Context, goal: Comparison, v: Any, *ends: Any) -> Details:
    """terms: the variable."""
    return Details(terms=(proof.term(v),))


def _symmetry(proof: Proof, context: Context, goal: Comparison, vs: Any) -> Details:
    """terms: the variables that may be exchanged; halves: the order that is assumed of them."""
    terms = tuple(map(proof.term, vs))
    return Details(terms=terms, halves=tuple(Comparison(low, "<=", high) for low, high in pairwise(terms)))


def _nothing(proof: Proof, context: Context, goal: Comparison, *arguments: Any) -> Details:
    """Nothing but the goals that it leaves."""
    return Details()


EXPLAIN: dict[str, Callable[..., Details]] = {
    "normal": _normal,
    "split": _split,
    "fix": _fix,
    "farkas": _farkas,
    "absurd": _absurd,
    "both": _nothing,
    "substitute": _substitute,
    "cite": _cite,
    "chain": _chain,
    "congruence": _congruence,
    "scale": _scale,
    "each": _each,
    "have": _have,
    "products": _products,
    "assume": _assume,
    "polarity": _polarity,
    "sweep": _sweep,
    "symmetry": _symmetry,
    **dict.fromkeys(("parts", "table", "rewrite", "zero_one", "ordered", "tangent"), _nothing),
}
