"""The proof by cases that a person writes for a claim with at most two switches.

A *switch* is an affine form whose sign decides a relu, max, min or abs: t in relu(t) and abs(t), t - u in max(t, u).
The domain, which must have an interior, is cut along switches that have both signs inside, so every case has an
interior and every point of the domain lies in one. In a case both sides are affine: they are compared exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from symcircuits.cpwl.forms import form_to_comparison, form_to_term, weighted
from symcircuits.exact.polyhedron import Solid, analyse
from symcircuits.exact.simplex import Implied, Simplex
from symcircuits.kernel.certificate import Draft
from symcircuits.kernel.check import STRICT, Context
from symcircuits.kernel.normal import ZERO, Algebra, Form, Pairs
from symcircuits.kernel.term import Comparison, Term, subterms, total
from symcircuits.provers.search import integers
from symcircuits.publish.identity import Identity, numeral

SWITCHES, TERMS = 2, 80


class Case(NamedTuple):
    """A cell of the domain and both sides on it.

    conditions: what the case assumes; facts: what fixes the other switches, each an identity that shows a form >= 0;
    left, right: each side as it is written, with its switches resolved, and as an affine form;
    difference: for an inequality, that the larger side minus the other is >= 0, or > 0.
    """

    conditions: tuple[Comparison, ...]
    facts: tuple[Identity, ...]
    left: tuple[Term, Term, Term]
    right: tuple[Term, Term, Term]
    difference: Identity | None


class CaseProof(NamedTuple):
    """The switches that are split on, and the cases, which cover the domain."""

    switches: tuple[Term, ...]
    cases: tuple[Case, ...]


class _Open(Exception):
    """A switch has both signs in the cell."""

    def __init__(self, switch: Form) -> None:
        super().__init__("a switch has both signs")
        self.switch = switch


class _Cell(NamedTuple):
    """A part of the domain: its rows in a simplex and as forms, the halves split on, and the signs that they fix."""

    context: Context
    simplex: Simplex
    rows: tuple[tuple[Form, bool], ...]
    halves: tuple[Form, ...]
    signs: Mapping[Pairs, int]
    facts: dict[Pairs, Identity]

    @property
    def algebra(self) -> Algebra:
        return self.context.algebra

    def least(self, form: Form) -> tuple[Identity, bool] | None:
        """form = c + sum m*h >= 0 on the cell, and whether it is > 0 where strict rows hold; None if it is not so."""
        answer = self.simplex.minimise(integers(form, self.simplex.n))
        if not isinstance(answer, Implied):
            return None
        size = form.denominator
        pairs = [(m * self.rows[at][0].denominator / size, self.rows[at]) for at, m in answer.multipliers.items()]
        value = weighted(self.algebra, [(m, row) for m, (row, _) in pairs], answer.constant / size)
        positive = answer.constant > 0 or any(strict for _, (_, strict) in pairs)
        return Identity(form_to_term(self.algebra, form), value, ">="), positive

    def sign(self, form: Form) -> int:
        """1 if form >= 0 on the cell, -1 if form <= 0; raises `_Open` if it has both signs."""
        constant = form.constant()
        if constant is not None:
            return -1 if constant < 0 else 1
        for sign, half in ((1, form), (-1, self.algebra.negative(form))):
            key = self.algebra.key(half)
            if key in self.signs:
                return sign * self.signs[key]
            found = self.least(half)
            if found:
                self.facts[key] = found[0]
                return sign
        raise _Open(form)

    def split(self, form: Form) -> Iterator[_Cell]:
        """The cell where form >= 0, and the one where form <= 0."""
        for half in (form, self.algebra.negative(form)):
            simplex = self.simplex.copy()
            simplex.add(integers(half, simplex.n))
            signs = {**self.signs, self.algebra.key(half): 1, self.algebra.key(self.algebra.negative(half)): -1}
            yield _Cell(self.context, simplex, (*self.rows, (half, False)), (*self.halves, half), signs, {})


def case_proof(context: Context, draft: Draft) -> CaseProof | None:
    """The proof by cases of a draft's claim in the context of its domain; None for a claim that it does not suit.

    >>> from symcircuits.expr.parse import parse_claim
    >>> from symcircuits.provers.prove import prove_claim
    >>> from symcircuits.publish.replay import opening
    >>> proof = case_proof(*opening(prove_claim(parse_claim("min(a, b) == b - relu(b - a)"))))
    >>> proof.switches, [case.right for case in proof.cases]
    ((a - b,), [(b - relu(b - a), b - 0, b), (b - relu(b - a), b - (b - a), a)])
    """
    cell, goal = _whole(context, draft), draft.claim.goal
    cells = [cell] if cell else []
    cases: list[Case] = []
    switches: dict[Pairs, Term] = {}
    while cells:
        cell = cells.pop()
        try:
            case = _case(cell, goal)
        except _Open as found:
            if len(cell.halves) == SWITCHES:
                return None
            keys = {cell.algebra.key(half) for half in (found.switch, cell.algebra.negative(found.switch))}
            switches.setdefault(min(keys), form_to_term(cell.algebra, found.switch))
            cells += reversed(list(cell.split(found.switch)))
            continue
        if case is None:
            return None
        cases.append(case)
    return CaseProof(tuple(switches.values()), tuple(cases)) if cases else None


def _whole(context: Context, draft: Draft) -> _Cell | None:
    """The domain as a cell; None if it has no interior, or the claim is large or has parameters that multiply."""
    terms, size = subterms(draft.claim.sides()), len(draft.variables)
    if len(terms) > TERMS or any(term.kind == "scale" for term in terms):
        return None
    rows = context.hypotheses
    match analyse(size, [integers(form, size) for form, _ in rows], [strict for _, strict in rows]):
        case Solid(simplex=simplex):
            return _Cell(context, simplex, rows, (), {}, {})
    return None


def _case(cell: _Cell, goal: Comparison) -> Case | None:
    """The case that a cell is; raises `_Open` if a switch is still open, None if it does not close."""
    (left, shown_left), (right, shown_right) = (_resolve(cell, side) for side in (goal.left, goal.right))
    less, more = (right, left) if goal.relation in (">=", ">") else (left, right)
    gap, algebra = cell.algebra.minus(more, less), cell.algebra
    difference = None
    if goal.relation != "==":
        found = cell.least(gap)
        if found is None or (goal.relation in STRICT and not found[1]):
            return None
        difference = found[0]._replace(relation=">" if goal.relation in STRICT else ">=")
    elif gap.numerators:
        return None
    conditions = tuple(form_to_comparison(algebra, half) for half in cell.halves)
    lefts = (goal.left, shown_left, form_to_term(algebra, left))
    rights = (goal.right, shown_right, form_to_term(algebra, right))
    return Case(conditions, tuple(cell.facts.values()), lefts, rights, difference)


def _resolve(cell: _Cell, side: Term) -> tuple[Form, Term]:
    """A term on a cell as an affine form, and as a term in which every relu, max, min and abs is resolved."""
    known: dict[int, tuple[Form, Term]] = {}
    algebra = cell.algebra
    for term in subterms((side,)):
        parts = [known[id(part)] for part in term.args]
        forms = [form for form, _ in parts]
        match term.kind:
            case "one" | "variable":
                known[id(term)] = algebra.normal(term), term
            case "sum":
                value = algebra.combine(zip(term.coefficients, forms, strict=True))
                shown = (part for _, part in parts)
                plain = value.constant() if all(part.kind == "one" for part in term.args) else None
                whole = total(zip(term.coefficients, shown, strict=True))
                known[id(term)] = value, whole if plain is None else numeral(plain)
            case "relu":
                known[id(term)] = parts[0] if cell.sign(forms[0]) > 0 else (ZERO, numeral(Fraction(0)))
            case "abs":
                opposite = algebra.negative(forms[0]), total([(Fraction(-1), parts[0][1])])
                known[id(term)] = parts[0] if cell.sign(forms[0]) > 0 else opposite
            case _:
                known[id(term)] = _extreme(cell, parts, 1 if term.kind == "max" else -1)
    return known[id(side)]


def _extreme(cell: _Cell, parts: list[tuple[Form, Term]], direction: int) -> tuple[Form, Term]:
    """The largest of the parts on a cell for direction 1, the smallest for -1."""
    best = parts[0]
    for part in parts[1:]:
        if direction * cell.sign(cell.algebra.minus(best[0], part[0])) < 0:
            best = part
    return best
