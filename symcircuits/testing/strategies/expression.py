"""CPWL terms and expressions with shared parts, affine ones, and terms that denote the same function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from hypothesis import strategies as st
from sympy import Expr

from symcircuits.expr.to_sympy import to_sympy
from symcircuits.kernel.term import ONE, Term, subterms, total, variable
from symcircuits.testing.strategies.rational import FACTORS, MORE, SHIFTS, UNIT

HALF = Fraction(1, 2)
KINDS = ("relu", "max", "min", "abs")


def combination(draw: st.DrawFn, parts: Sequence[Term], first: Term | None = None) -> Term:
    """One of the parts, or a rational combination of up to three and perhaps a constant; `first` is among them."""
    first = first or draw(st.sampled_from(parts))
    if not draw(st.booleans()):
        return first
    chosen = [first, *(draw(st.sampled_from(parts)) for _ in range(draw(st.integers(0, 2))))]
    shift = draw(SHIFTS)
    return total([*((draw(FACTORS), part) for part in chosen), *([(shift, ONE)] if shift else [])])


@st.composite
def terms(draw: st.DrawFn, names: Sequence[str] = ("x", "y"), depth: int = 3) -> Term:
    """CPWL terms of the variables, with shared parts; relu, max, min and abs are nested at most `depth` deep.

    Depth 0 gives affine terms. Shrinks to one variable, and to few switches of variables.

    >>> from hypothesis import find
    >>> find(terms(), lambda term: any(part.kind == "max" for part in subterms((term,))))
    max(x, x)
    """
    leaves = [variable(name) for name in names] or [ONE]
    levels = [leaves, *([] for _ in range(depth))]
    last = leaves[0]
    height = made = 0
    while made < 2 * depth and draw(MORE):
        level = draw(st.integers(1, min(height + 1, depth)))
        height, made = max(height, level), made + 1
        parts = [part for lower in levels[:level] for part in lower]
        deepest = parts[-1] if len(parts) > len(leaves) else None
        kind = draw(st.sampled_from(KINDS))
        size = draw(st.integers(2, 3)) if kind in ("max", "min") else 1
        last = Term(kind, tuple(combination(draw, parts, None if at else deepest) for at in range(size)))
        levels[level].append(last)
    return combination(draw, [part for level in levels for part in level], last)


def affine_forms(names: Sequence[str] = ("x", "y")) -> st.SearchStrategy[Expr]:
    """Affine SymPy expressions of real symbols of these names, with rational coefficients; shrinks to one symbol.

    >>> from hypothesis import find
    >>> find(affine_forms(["x", "y"]), lambda form: len(form.free_symbols) == 2)
    x + y
    """
    return terms(names, 0).map(to_sympy)


def expressions(names: Sequence[str] = ("x", "y"), depth: int = 3) -> st.SearchStrategy[Expr]:
    """CPWL SymPy expressions of real symbols of these names: `terms` written with relu, Max, Min and Abs.

    >>> from hypothesis import find
    >>> from symcircuits.expr.relu import relu
    >>> find(expressions(["x"]), lambda expression: expression.has(relu))
    relu(x)
    """
    return terms(names, depth).map(to_sympy)


@st.composite
def rewritings(draw: st.DrawFn, root: Term) -> Term:
    """Terms that denote the same function, some of the parts being written in another way; shrinks to the term itself.

    >>> from hypothesis import find
    >>> from symcircuits.expr.parse import parse_expression
    >>> find(rewritings(parse_expression("max(a, b)")), lambda term: term.kind == "sum")
    a + relu(b - a)
    """
    made: dict[int, Term] = {}
    for term in subterms((root,)):
        same = term._replace(args=tuple(made[id(part)] for part in term.args))
        made[id(term)] = draw(st.sampled_from(_spellings(same)))() if term.kind in KINDS else same
    return made[id(root)]


def _spellings(term: Term) -> list[Callable[[], Term]]:
    """The ways to write a switch: as it is, by a relu of the other sign or of a gap, by abs, by max or min."""
    first, *rest = term.args
    negative = _relu(_times(-UNIT, first))
    match term.kind:
        case "relu":
            return [
                lambda: term,
                lambda: total([(UNIT, first), (UNIT, negative)]),
                lambda: Term("max", (first, total([]))),
                lambda: total([(HALF, first), (HALF, Term("abs", (first,)))]),
                lambda: _times(HALF, _relu(_times(Fraction(2), first))),
            ]
        case "abs":
            return [
                lambda: term,
                lambda: total([(UNIT, _relu(first)), (UNIT, negative)]),
                lambda: Term("max", (first, _times(-UNIT, first))),
                lambda: total([(Fraction(2), _relu(first)), (-UNIT, first)]),
            ]
    other = "min" if term.kind == "max" else "max"
    mirrored = Term(other, tuple(_times(-UNIT, part) for part in term.args))
    return [lambda: term, lambda: _by_gaps(term.kind, first, rest), lambda: _times(-UNIT, mirrored)]


def _by_gaps(kind: str, first: Term, rest: Sequence[Term]) -> Term:
    """max(a, b) = a + relu(b - a), min(a, b) = b - relu(b - a), one argument after the other."""
    for other in rest:
        gap = _relu(total([(UNIT, other), (-UNIT, first)]))
        first = total([(UNIT, first), (UNIT, gap)] if kind == "max" else [(UNIT, other), (-UNIT, gap)])
    return first


def _relu(term: Term) -> Term:
    return Term("relu", (term,))


def _times(factor: Fraction, term: Term) -> Term:
    return total([(factor, term)])
