"""The kernel's normal forms written back as terms and comparisons, the way a person would write them."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import gcd

from symcircuits.kernel.normal import Algebra, Form
from symcircuits.kernel.term import ONE, Comparison, Term, scale, total, variable

Item = tuple[Fraction, Term]


def form_to_term(algebra: Algebra, form: Form) -> Term:
    """The term of a form: variables, then relu(...) or max(0, ...), the constant last, but a positive part in front.

    An affine form f plus c*max(0, r1, ..., rk), k > 1, becomes max(f, f + c*r1, ...) for c > 0, else min(f, ...).
    """
    known: dict[int, Term] = {}
    # The rows of an atom use earlier atoms only.
    for atom in sorted(_atoms(algebra, form)):
        rows = [_combination(algebra, row, known) for row in algebra.rows[atom]]
        known[atom] = Term("relu", tuple(rows)) if len(rows) == 1 else Term("max", (total([]), *rows))
    return _extreme(algebra, form, known) or _combination(algebra, form, known)


def _extreme(algebra: Algebra, form: Form, known: dict[int, Term]) -> Term | None:
    inside = [at for at in form.numerators if algebra.basis[at][1]]
    rows = algebra.rows[algebra.basis[inside[0]][1]] if inside else ()
    if len(inside) > 1 or len(rows) < 2 or algebra.basis[inside[0]][0]:
        return None
    choices = [algebra.replace(form, inside[0], row) for row in (Form({}), *rows)]
    kind = "max" if form.numerators[inside[0]] > 0 else "min"
    choices.sort(key=lambda choice: min((at for at in choice.numerators if at), default=0))
    return Term(kind, tuple(_combination(algebra, choice, known) for choice in choices))


def _atoms(algebra: Algebra, form: Form) -> set[int]:
    found: set[int] = set()
    stack = [form]
    while stack:
        for at in stack.pop().numerators:
            atom = algebra.basis[at][1]
            if atom and atom not in found:
                found.add(atom)
                stack.extend(algebra.rows[atom])
    return found


def _combination(algebra: Algebra, form: Form, known: dict[int, Term]) -> Term:
    order = sorted(form.numerators, key=lambda at: (at == 0, at))
    return arranged((Fraction(form.numerators[at], form.denominator), _element(algebra, at, known)) for at in order)


def _element(algebra: Algebra, at: int, known: dict[int, Term]) -> Term:
    """The term of a basis element: a product of powers of variables and an atom."""
    monomial, atom = algebra.basis[at]
    names = list(algebra.scope.number)
    factors = [(variable(names[number - 1]), exponent) for number, exponent in monomial]
    if not atom and factors and factors[0][1] > 0:
        (part, exponent), *rest = factors
        factors = [(part, exponent - 1), *rest]
    else:
        part = known[atom] if atom else ONE
    for parameter, exponent in factors:
        for _ in range(abs(exponent)):
            part = scale(part, parameter, 1 if exponent > 0 else -1)
    return part


def arranged(items: Iterable[Item]) -> Term:
    """The sum of the items that are not 0, a positive one in front if there is one; a single item t stands for itself.

    >>> arranged([(Fraction(-1), variable("x")), (Fraction(1), ONE)]), arranged([(Fraction(1), variable("x"))])
    (1 - x, x)
    """
    pairs = [(c, part) for c, part in items if c]
    first = next((at for at, (c, _) in enumerate(pairs) if c > 0), 0)
    pairs = [*pairs[first : first + 1], *pairs[:first], *pairs[first + 1 :]]
    return pairs[0][1] if len(pairs) == 1 and pairs[0][0] == 1 and pairs[0][1].kind != "one" else total(pairs)


def form_to_comparison(algebra: Algebra, form: Form, strict: bool = False) -> Comparison:
    """An affine form >= 0, or > 0 if strict, without needless minus signs, its first variable on the left.

    >>> from symcircuits.kernel.normal import Meter, Scope
    >>> algebra = Algebra(Scope(["a", "b"], Meter()), frozenset(), {}, {})
    >>> for form in [Form({2: 1, 1: -1}), Form({1: -2, 0: 1}), Form({1: 2, 2: 2, 0: -3}), Form({1: 1, 2: -1, 0: 3})]:
    ...     side = form_to_comparison(algebra, form)
    ...     print(side.left, side.relation, side.right)
    a <= b
    a <= 1/2
    2*a + 2*b >= 3
    a + 3 >= b
    """
    names = ["", *algebra.scope.number]
    slopes = [n for at, n in form.numerators.items() if at]
    size = abs(slopes[0]) if len(slopes) == 1 else gcd(*form.numerators.values()) or 1
    items = [(Fraction(n, size), variable(names[at])) for at, n in sorted(form.numerators.items()) if at]
    more = [(c, part) for c, part in items if c > 0]
    less = [(-c, part) for c, part in items if c < 0]
    rest = Fraction(form.numerators.get(0, 0), size)
    right = bool(more) and (not less or rest < 0)
    (less if right else more).append((-rest if right else rest, ONE))
    sides = arranged(more), arranged(less)
    if items and items[0][0] < 0:
        return Comparison(sides[1], "<" if strict else "<=", sides[0])
    return Comparison(sides[0], ">" if strict else ">=", sides[1])


def weighted(algebra: Algebra, parts: Iterable[tuple[Fraction, Form]], rest: Fraction = Fraction(0)) -> Term:
    """The sum rest + m*(h) over the pairs (m, h), by first variables, each h in parentheses, nothing multiplied out."""
    ordered = sorted(parts, key=lambda pair: min((at for at in pair[1].numerators if at), default=0))
    return arranged([*((m, form_to_term(algebra, form)) for m, form in ordered), (rest, ONE)])
