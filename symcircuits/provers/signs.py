"""Case distinctions for products of what varies: on the sign of a variable, or of an argument of relu, max, min or abs.

The kernel's normal form takes a variable out of an atom, relu(w*t) = w*relu(t), only where its sign is known,
multiplies two terms only where one has no atom, and divides only by variables of known sign. So a goal is split

    into w = 0, w > 0 and w < 0     where w divides all rows of an atom, or is divided by
    into t >= 0 and t < 0           where an atom max(0, t, ...) of a factor is multiplied by another factor with atoms

and what is then still no polynomial on cells is outside what the prover decides; `obstacle` names it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

from symcircuits.cpwl.forms import form_to_term
from symcircuits.exact.simplex import Implied
from symcircuits.kernel.check import Goal
from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.normal import Algebra, Form
from symcircuits.kernel.term import Term, subterms
from symcircuits.provers.cells import atoms_of
from symcircuits.provers.domain import Inside
from symcircuits.provers.search import Search, integers, multipliers_to_json, row_to_json

SHOWN, DEGREE = 100, 2


def open_sign(inside: Inside) -> Form | None:
    """A variable or affine form whose sign is not known and whose sign the normal form of the goal needs; or None."""
    algebra = inside.goal[0].algebra.with_facts([])
    goal = inside.goal[1]
    if not any(term.kind == "scale" for term in subterms(goal[::2])):
        return None
    try:
        gap = algebra.minus(algebra.normal(goal.left), algebra.normal(goal.right))
    except CertificateRejected:
        return next(_needed_by_products(algebra, goal[::2]), None)
    weights = dict[int, int]()
    for index in _indices(algebra, gap):
        monomial, atom = algebra.basis[index]
        for number, _ in monomial if atom else ():
            weights[number] = weights.get(number, 0) + 1
    found = {number for atom in atoms_of(algebra, gap) for number in _common_variables(algebra, algebra.rows[atom])}
    unknown = sorted(found - algebra.signs.keys(), key=lambda number: (-weights.get(number, 0), number))
    return Form({unknown[0]: 1}) if unknown else None


def _indices(algebra: Algebra, form: Form) -> Iterator[int]:
    """The basis elements of a form, and of the rows of the atoms in it."""
    yield from form.numerators
    for atom in atoms_of(algebra, form):
        for row in algebra.rows[atom]:
            yield from row.numerators


def _common_variables(algebra: Algebra, rows: Sequence[Form]) -> set[int]:
    """The variables in all monomials of the rows, if not all rows are affine."""
    if all(map(algebra.is_affine, rows)):
        return set()
    monomials = [{number for number, _ in algebra.basis[at][0]} for row in rows for at in row.numerators]
    return reduce(set.intersection, monomials)


def _needed_by_products(algebra: Algebra, roots: Sequence[Term]) -> Iterator[Form]:
    """What decides the first product or quotient that has no normal form."""
    for term in subterms(roots):
        try:
            algebra.normal(term)
        except CertificateRejected:
            factors = [algebra.normal(part) for part in reversed(term.args)]
            if term.exponent < 0:
                yield from (Form({number: 1}) for at in factors[0].numerators for number, _ in algebra.basis[at][0])
            for factor in factors:
                for atom in sorted(atoms_of(algebra, factor)):
                    yield from (row for row in algebra.rows[atom] if algebra.is_affine(row))
            return


def by_sign(search: Search, inside: Inside, form: Form) -> list[Goal]:
    """The goals for the signs that the form may have: positive, negative, and for a variable 0 by itself."""
    algebra, goal = inside.goal[0].algebra, inside.goal
    opposite = algebra.negative(form)
    row, other = row_to_json(form), row_to_json(opposite)
    above, below = _shown(inside, form), _shown(inside, opposite)
    if form.numerators.keys() == {0} or len(form.numerators) > 1:
        if above is None and below is None:
            return search.apply(goal, "split", row)
        return search.apply(goal, "fix", *((other, below) if above is None else (row, above)))
    if below is not None:
        return search.apply(goal, "split", row)
    if above is not None:
        return search.apply(goal, "split", other)
    goal, negative = search.apply(goal, "split", row)
    return [*search.apply(goal, "split", other), negative]


def _shown(inside: Inside, form: Form) -> list[Any] | None:
    """Multipliers of the hypotheses that show form >= 0; None if it is not so."""
    answer = inside.simplex.minimise(integers(form, inside.simplex.n))
    if not isinstance(answer, Implied):
        return None
    return multipliers_to_json(answer.multipliers, inside.goal[0].hypotheses, Fraction(1, form.denominator))


def obstacle(inside: Inside) -> str:
    """The part of the goal that keeps it from being one of polynomials of degree 2 on cells; empty if there is none."""
    algebra, goal = inside.goal[0].algebra.with_facts([]), inside.goal[1]
    for term in subterms(goal[::2]):
        try:
            algebra.normal(term)
        except CertificateRejected as error:
            return f"{_clipped(term)}: {error}"
    gap = algebra.minus(algebra.normal(goal.left), algebra.normal(goal.right))
    for atom in sorted(atoms_of(algebra, gap)):
        bent = next((row for row in algebra.rows[atom] if _has_products(algebra, row)), None)
        if bent is not None:
            return f"{_clipped(form_to_term(algebra, bent))} is not piecewise linear, and its sign decides a maximum"
    for index in gap.numerators:
        monomial, _ = algebra.basis[index]
        shown = _clipped(form_to_term(algebra, Form({index: 1})))
        if any(power < 0 for _, power in monomial):
            return f"{shown} divides by what varies, and nothing cancels it"
        if sum(power for _, power in monomial) > DEGREE:
            return f"{shown} is of a higher degree than {DEGREE}"
    return ""


def _has_products(algebra: Algebra, form: Form) -> bool:
    return any(algebra.basis[at][0] and at >= len(algebra.scope.basis) for at in form.numerators)


def _clipped(term: Term) -> str:
    text = str(term)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."
