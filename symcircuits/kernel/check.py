"""The checker: the only place where a `Theorem` is made.

A goal is a comparison of two terms, in a context of hypotheses h >= 0 or h > 0, each an affine form of the variables.
The checker keeps a stack of goals, at first the claim in the context of its domain. Each step of the proof takes the
top goal and either closes it or replaces it by other goals, by one of these rules; the claim is a theorem when none
is left. Multipliers m are never negative; "c + sum m*h shows f" means that f - sum m*h is the constant c >= 0, which
gives f >= 0, and f > 0 if c > 0 or if a strict hypothesis has a positive multiplier.

    normal                     the sides of an equality have the same normal form
    split t                    prove the goal with t >= 0 and with -t >= 0 among the hypotheses
    fix t m                    c + sum m*h shows t; prove the goal knowing t >= 0
    farkas m                   the goal, an inequality, says f >= 0 (or f > 0), and c + sum m*h shows f
    absurd m                   sum m*h is a negative constant, or 0 with a strict hypothesis: the context has no points
    both                       prove an equality as two inequalities
    substitute v e m n         c + sum m*h shows v - e, and c + sum n*h shows e - v: the form e replaces the variable v
    cite k [t, ...]            the goal is theorem k, an earlier one, at the terms t; prove its domain's comparisons
                               there
    chain t                    prove left R t and t R right for a goal left R right
    congruence s t             prove s == t; then prove the goal with t in place of s
    scale v sign m             c + sum m*h shows v > 0 (sign 1) or -v > 0 (sign -1); prove the goal knowing it

The normal form (`normal.py`) may use all that is known: hypotheses, fixed forms, signs, replaced variables, and equal
terms, which a new fact or sign makes it forget.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from symcircuits.kernel.certificate import Draft, draft, index, items, listed, rational, read, reject
from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.normal import COPY, Algebra, Form, Meter, Scope
from symcircuits.kernel.term import ONE, Claim, Comparison, Term, total

STRICT = ("<", ">")


class Context(NamedTuple):
    """What is known at a goal: hypotheses (form, strict), and the algebra of normal forms with its facts."""

    hypotheses: tuple[tuple[Form, bool], ...]
    algebra: Algebra

    def assuming(self, *more: tuple[Form, bool]) -> Context:
        """The context with more hypotheses, which the normal form may use too."""
        self.algebra.spend(COPY * len(self.hypotheses))
        return Context((*self.hypotheses, *more), self.algebra.with_facts(form for form, _ in more))

    def gap(self, goal: Comparison) -> Form:
        """The form that the comparison says is 0, >= 0 or > 0."""
        left, right = self.algebra.normal(goal.left), self.algebra.normal(goal.right)
        return self.algebra.minus(right, left) if goal.relation in ("<=", "<") else self.algebra.minus(left, right)

    def sum(self, multipliers: Any) -> tuple[Form, bool]:
        """sum m*h over pairs [h's number, m] with m > 0, and whether a strict hypothesis takes part."""
        if not all(type(pair) is list and len(pair) == 2 for pair in listed(multipliers, "multipliers")):
            reject("a multiplier must be [hypothesis, rational]")
        pairs = [(index(at, len(self.hypotheses), "a hypothesis"), rational(m)) for at, m in multipliers]
        if any(m <= 0 for _, m in pairs):
            reject("a multiplier is not positive")
        form = self.algebra.combine((m, self.hypotheses[at][0]) for at, m in pairs)
        return form, any(self.hypotheses[at][1] for at, _ in pairs)

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
    return [(context.assuming((half, False)), goal) for half in (form, context.algebra.negative(form))]


def fix(proof: Proof, context: Context, goal: Comparison, t: Any, m: Any) -> list[Goal]:
    form = proof.form(context, t)
    context.shows(form, m)
    return [(context._replace(algebra=context.algebra.with_facts([form])), goal)]


def farkas(proof: Proof, context: Context, goal: Comparison, m: Any) -> list[Goal]:
    if goal.relation == "==":
        reject("farkas closes inequalities only")
    context.shows(context.gap(goal), m, strict=goal.relation in ("<", ">"))
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
    return [(Context((), context.algebra.with_value(number, value)).assuming(*hypotheses), goal)]


def cite(proof: Proof, context: Context, goal: Comparison, k: Any, at: Any) -> list[Goal]:
    lemma = proof.drafts[index(k, proof.place, "an earlier theorem's number")]
    terms = [proof.term(number) for number in listed(at, "terms")]
    if len(terms) != len(lemma.variables):
        reject(f"theorem {k} has {len(lemma.variables)} variables; {len(terms)} terms are given")
    forms = {id(v): (context.algebra.normal(term), v) for v, term in zip(lemma.terms, terms, strict=False)}
    instance = context._replace(algebra=context.algebra.bound(forms))
    says, wanted = lemma.claim.goal.relation, goal.relation
    if (says == "==") != (wanted == "==") or (wanted in STRICT and says not in STRICT):
        reject(f"theorem {k} is about {says}, the goal about {wanted}")
    if context.algebra.minus(instance.gap(lemma.claim.goal), context.gap(goal)).numerators:
        reject(f"theorem {k} at these terms is not the goal")
    domain = domain_of(lemma, context.algebra.scope.meter).hypotheses
    return [(context, _instance(form, strict, terms)) for form, strict in domain]


def _instance(form: Form, strict: bool, terms: list[Term]) -> Comparison:
    entries = form.numerators.items()
    left = total((Fraction(n, form.denominator), terms[at - 1] if at else ONE) for at, n in entries)
    return Comparison(left, ">" if strict else ">=", total([]))


def chain(proof: Proof, context: Context, goal: Comparison, t: Any) -> list[Goal]:
    middle = proof.term(t)
    return [(context, goal._replace(right=middle)), (context, goal._replace(left=middle))]


def congruence(proof: Proof, context: Context, goal: Comparison, s: Any, t: Any) -> list[Goal]:
    equal = Comparison(proof.term(s), "==", proof.term(t))
    after = context._replace(algebra=context.algebra.with_equal(equal.left, equal.right))
    return [(context, equal), (after, goal)]


def scale(proof: Proof, context: Context, goal: Comparison, v: Any, sign: Any, m: Any) -> list[Goal]:
    number = proof.variable(v)
    if type(sign) is not int or sign not in (1, -1):
        reject("a sign is 1 or -1")
    context.shows(Form({number: sign}), m, strict=True)
    return [(context._replace(algebra=context.algebra.with_sign(number, sign)), goal)]


CLOSING = (normal, farkas, cite)
RULES = {rule.__name__: rule for rule in (*CLOSING, split, fix, absurd, both, substitute, chain, congruence, scale)}


def domain_of(draft: Draft, meter: Meter) -> Context:
    """The context of the claim's domain: a comparison gives one hypothesis, an equality two; all must be affine."""
    context = Context((), Algebra(Scope(draft.variables, meter), frozenset(), {}, {}))
    hypotheses: list[tuple[Form, bool]] = []
    for comparison in draft.claim.where:
        form = context.gap(comparison)
        if not context.algebra.is_affine(form):
            reject("a comparison of the domain is not affine")
        hypotheses.append((form, comparison.relation in STRICT))
        hypotheses += [(context.algebra.negative(form), False)] if comparison.relation == "==" else []
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
