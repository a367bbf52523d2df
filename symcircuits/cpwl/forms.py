"""Normal forms as terms again."""

from __future__ import annotations

from fractions import Fraction

from symcircuits.kernel.normal import Algebra, Form
from symcircuits.kernel.term import ONE, Term, scale, total, variable


def form_to_term(algebra: Algebra, form: Form) -> Term:
    """The term of a normal form: a sum of multiples of variables, of relu(r) for atoms max(0, r), of max(0, r, ...).

    >>> from symcircuits.kernel.normal import Meter, Scope
    >>> from symcircuits.expr.parse import parse_expression
    >>> algebra = Algebra(Scope(("a", "b"), Meter()), frozenset(), {}, {})
    >>> form_to_term(algebra, algebra.normal(parse_expression("max(a, b) - relu(2*a - 2*b)")))
    -relu(b - a) + 2*b - a
    """
    made: dict[int, Term] = {0: ONE}
    return _sum(algebra, form, made)


def _sum(algebra: Algebra, form: Form, made: dict[int, Term]) -> Term:
    items: list[tuple[Fraction, Term]] = []
    for index in sorted(form.numerators, reverse=True):
        monomial, atom = algebra.basis[index]
        part = _atom(algebra, atom, made)
        for number, exponent in monomial:
            name = list(algebra.scope.number)[number - 1]
            for _ in range(abs(exponent)):
                part = _times(part, name, 1 if exponent > 0 else -1)
        items.append((Fraction(form.numerators[index], form.denominator), part))
    if len(items) == 1 and items[0][0] == 1 and items[0][1] is not ONE:
        return items[0][1]
    return total(items)


def _times(part: Term, name: str, exponent: int) -> Term:
    return variable(name) if part is ONE and exponent == 1 else scale(part, variable(name), exponent)


def _atom(algebra: Algebra, atom: int, made: dict[int, Term]) -> Term:
    """The term of an atom; the atoms inside it have smaller numbers and are made first."""
    waiting = [atom]
    while waiting:
        inner = {algebra.basis[i][1] for row in algebra.rows[waiting[-1]] for i in row.numerators}
        missing = [other for other in inner if other not in made]
        if missing and waiting[-1] not in made:
            waiting.extend(missing)
            continue
        top = waiting.pop()
        if top not in made:
            rows = tuple(_sum(algebra, row, made) for row in algebra.rows[top])
            made[top] = Term("relu", rows) if len(rows) == 1 else Term("max", (total([]), *rows))
    return made[atom]
