"""Parameters, variables of known sign that multiply and divide, taken out of a goal where they cancel.

Every part of a term is written as m*t, with m a product of powers of parameters: relu(m*t) = m*relu(t) for m > 0, and
-m*relu(-t) for m < 0; what parts of a sum, max or min have in common is taken out of it. Where m is 1 for both sides of
a goal, or the same for both sides of an equality, what is left to prove has no parameters, and all routes know it.

>>> from symcircuits.expr.parse import parse_expression
>>> without_parameters([parse_expression("relu(2*w*x - w)/w + relu(v*x)/v", "w > 0, v < 0")], {"w": 1, "v": -1})
[(relu(2*x - 1) - relu(-x), {})]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import prod
from typing import NamedTuple

from symcircuits.kernel.check import Goal
from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.term import ONE, Term, scale, subterms, total, variable
from symcircuits.provers.route import Passed
from symcircuits.provers.search import Search, renewed

ONCE = Fraction(1)
Powers = Mapping[str, int]
"""A product of powers of parameters: the exponents by name, none of them 0."""
Scaled = tuple[Term, Powers]
"""A term times such a product."""


class Cancelled(NamedTuple):
    """A goal without parameters, and the goals to close by `normal` when it is closed."""

    goal: Goal
    others: tuple[Goal, ...]


def cancel_parameters(search: Search, goal: Goal) -> Cancelled:
    """Apply steps to a goal that leave one without parameters; `Passed` where they do not cancel.

    Parameters are the variables in factors and divisors whose sign the goal's context knows.
    """
    left, relation, right = goal[1]
    signs = _signs(search, goal)
    if not signs:
        raise Passed("no parameter cancels")
    (one, powers), (other, same) = without_parameters((left, right), signs)
    if powers != same or _has_products((one, other)) or (powers and relation != "=="):
        raise Passed("the parameters do not cancel")
    whole = [[old, scaled(new, powers)] for old, new in ((left, one), (right, other))]
    pairs = [[search.number(term) for term in pair] for pair in whole]
    *premises, goal = search.apply(renewed(goal), "rewrite", pairs)
    try:
        for premise in premises:
            search.apply(premise, "normal")
    except CertificateRejected:
        raise Passed("the parameters do not cancel in the normal form") from None
    if not powers:
        return Cancelled(goal, ())
    first, *rest = search.apply(goal, "rewrite", [[search.number(one), search.number(other)]])
    return Cancelled(first, tuple(rest))


def _signs(search: Search, goal: Goal) -> dict[str, int]:
    """The signs of the variables in factors and divisors of a goal."""
    names, factors = search.proof.draft.variables, [t.args[1] for t in subterms(goal[1][::2]) if t.kind == "scale"]
    used = {term.name for term in subterms(factors)}
    return {names[at - 1]: sign for at, sign in goal[0].algebra.signs.items() if names[at - 1] in used}


def _has_products(terms: Sequence[Term]) -> bool:
    return any(term.kind == "scale" for term in subterms(terms))


def without_parameters(roots: Sequence[Term], signs: Mapping[str, int]) -> list[Scaled]:
    """The roots as terms times powers of the parameters of these signs."""
    made: dict[int, Scaled] = {}
    for term in subterms(roots):
        made[id(term)] = _scaled(term, [made[id(part)] for part in term.args], signs)
    return [made[id(root)] for root in roots]


def _scaled(term: Term, parts: Sequence[Scaled], signs: Mapping[str, int]) -> Scaled:
    match term.kind:
        case "one":
            return ONE, {}
        case "variable":
            return (ONE, {term.name: 1}) if term.name in signs else (term, {})
        case "sum":
            items = [(c, *part) for c, part in zip(term.coefficients, parts, strict=True) if c]
            common = _common([powers for _, _, powers in items])
            return total(_flat(c, scaled(t, _times(powers, common, -1))) for c, t, powers in items), common
        case "scale":
            return _product(term, *parts)
    common = _common([powers for _, powers in parts])
    inner = tuple(scaled(t, _times(powers, common, -1)) for t, powers in parts)
    if prod(signs[name] ** exponent for name, exponent in common.items()) > 0:
        return Term(term.kind, inner), common
    if term.kind in ("max", "min"):
        return Term({"max": "min", "min": "max"}[term.kind], inner), common
    opposite = inner if term.kind == "abs" else (_negative(inner[0]),)
    return _negative(Term(term.kind, opposite)), common


def _flat(factor: Fraction, term: Term) -> tuple[Fraction, Term]:
    """A multiple of a term as one of what a sum of one part consists of."""
    if term.kind == "sum" and len(term.args) == 1:
        return factor * term.coefficients[0], term.args[0]
    return factor, term


def _product(term: Term, part: Scaled, factor: Scaled) -> Scaled:
    powers = _times(part[1], factor[1], term.exponent)
    for (one, _), (other, _) in ((factor, part), (part, factor)):
        number = _constant(one)
        if number is not None and term.exponent == 1:
            return (other if number == 1 else total([(number, other)])), powers
    if factor[0].kind == "one":
        return part[0], powers
    return scale(part[0], factor[0], term.exponent), powers


def _constant(term: Term) -> Fraction | None:
    """The value of a number, or of a sum of numbers, as a term; None for others."""
    if term.kind == "sum" and all(part.kind == "one" for part in term.args):
        return sum(term.coefficients, Fraction(0))
    return ONCE if term.kind == "one" else None


def _negative(term: Term) -> Term:
    """-term, as one sum."""
    pairs = zip(term.coefficients, term.args, strict=True) if term.kind == "sum" else [(ONCE, term)]
    return total((-c, part) for c, part in pairs)


def _times(left: Powers, right: Powers, exponent: int) -> Powers:
    """left * right**exponent."""
    names = sorted({*left, *right})
    powers = {name: left.get(name, 0) + exponent * right.get(name, 0) for name in names}
    return {name: power for name, power in powers.items() if power}


def _common(factors: Iterable[Powers]) -> Powers:
    """The powers that all have: for each parameter the exponent nearest 0, if all have it with one sign."""
    every = list(factors)
    names = set.intersection(*map(set, every)) if every else set[str]()
    found = {name: [powers[name] for powers in every] for name in sorted(names)}
    return {name: min(found[name], key=abs) for name in found if min(found[name]) > 0 or max(found[name]) < 0}


def scaled(term: Term, powers: Powers) -> Term:
    """The term times powers of parameters; what multiplies comes first, what divides last."""
    for name, exponent in sorted(powers.items(), key=lambda item: -item[1]):
        for _ in range(abs(exponent)):
            is_one = term.kind == "one" and exponent > 0
            term = variable(name) if is_one else scale(term, variable(name), 1 if exponent > 0 else -1)
    return term
