"""The simplifier: a CPWL expression in, a smaller one and the theorem that they are equal out.

Two kinds of step, each kept only when the expression gets smaller: writing the normal form in the shortest of the
ways that relu, max, min and abs allow, and leaving out an argument of a max or min, or a relu or abs itself, wherever
the whole stays equal. Steps are guesses; the theorem is about the expressions as given and returned.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from typing import Any, NamedTuple

from sympy import Expr, sympify

from symcircuits.cpwl.forms import form_to_term
from symcircuits.expr.claim import as_claim
from symcircuits.expr.from_sympy import from_sympy
from symcircuits.expr.to_sympy import to_sympy
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.term import ONE, Claim, Comparison, Term, subterms, total
from symcircuits.provers.domain import find_signs, reduce_domain
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.result import Clock, LimitReached
from symcircuits.provers.search import Search

PATIENCE = 2.0
"""Seconds that one guess may take."""


class Simplified(NamedTuple):
    """The smaller expression, and the theorem that the given one equals it."""

    expr: Expr
    theorem: Theorem


def simplify(expression: Any, where: Any = "", seconds: float = 10.0) -> Simplified:
    """A CPWL expression that equals the given one where `where` holds, no larger, with the theorem that they are equal.

    Guessing stops after about `seconds`: the result is then the best so far, proved all the same. Raises
    `NotPiecewiseLinear` for an expression that is not CPWL.

    >>> from sympy import Max, Min, symbols
    >>> from symcircuits.expr.relu import relu
    >>> a, b = symbols("a b", real=True)
    >>> simplify(b - relu(b - a)).expr
    Min(a, b)
    >>> simplify(relu(a) - relu(-a)).theorem
    Theorem: for all real a: -relu(-a) + relu(a) == a
    >>> simplify(relu(a) + relu(a - 1), where="a >= 1").expr
    2*a - 1
    """
    expression = sympify(expression, strict=True) if isinstance(expression, int | Fraction) else expression
    start = as_claim((expression, expression), where)
    best = start.goal.left
    clock = Clock(seconds)
    with suppress(LimitReached):
        while smaller := next((term for term in _guesses(best, start.where) if _holds(start, term, clock)), None):
            best = smaller
    symbols = {symbol.name: symbol for symbol in expression.free_symbols}
    after = to_sympy(best, symbols)
    answer = prove_claim(start._replace(goal=Comparison(start.goal.left, "==", from_sympy(after, symbols))))
    if not isinstance(answer, Theorem):
        raise RuntimeError(f"a simplified expression is not proved equal to the one before: {answer}")
    return Simplified(after, answer)


def size(term: Term) -> tuple[int, int]:
    """The number of switches, shared ones once, and the length when written out, numbers other than 1 included."""
    switches, length = 0, dict[int, int]()
    for part in subterms((term,)):
        switches += {"relu": 1, "abs": 1, "max": len(part.args) - 1, "min": len(part.args) - 1}.get(part.kind, 0)
        length[id(part)] = 1 + sum(length[id(inner)] for inner in part.args) + sum(c != 1 for c in part.coefficients)
    return switches, length[id(term)]


def _guesses(term: Term, where: tuple[Comparison, ...]) -> Iterator[Term]:
    """Smaller terms that may equal the given one, likely ones first."""
    limit = size(term)
    seen: list[Term] = []
    for guess in (*_short_forms(term, where), *_left_out(term)):
        if size(guess) < limit and guess not in seen:
            seen.append(guess)
            yield guess


def _holds(start: Claim, guess: Term, clock: Clock) -> bool:
    clock.tick()
    claim = start._replace(goal=Comparison(start.goal.left, "==", guess))
    return isinstance(prove_claim(claim, seconds=PATIENCE), Theorem)


def _short_forms(term: Term, where: tuple[Comparison, ...]) -> list[Term]:
    """The normal form on the domain, written in several ways, shortest first."""
    search = Search(Claim(Comparison(term, "==", term), where), Clock())
    inside = reduce_domain(search, search.root, Clock())
    if inside is None:
        return [total([])]
    context, goal = find_signs(search, inside).goal
    return sorted(_spellings(form_to_term(context.algebra, context.algebra.normal(goal.left))), key=size)


def _spellings(term: Term) -> Iterator[Term]:
    """The same sum with one relu written as max, min or abs, so that the rest of the sum may cancel."""
    yield term
    if term.kind == "relu":
        term = total([(Fraction(1), term)])
    if term.kind != "sum":
        return
    pairs = list(zip(term.coefficients, term.args, strict=True))
    for place, (c, part) in enumerate(pairs):
        if part.kind != "relu" and not (part.kind == "max" and c):
            continue
        rest = _tidy([*pairs[:place], *pairs[place + 1 :]])
        rows = part.args if part.kind == "max" else (total([]), part.args[0])
        shifted = [_tidy([(1 / abs(c), rest), (Fraction(1 if c > 0 else -1), row)]) for row in rows]
        yield _times(c, _positive_part(shifted)) if c > 0 else _times(-c, Term("min", tuple(shifted)))
        if part.kind == "relu":
            yield _tidy(
                [(Fraction(1), rest), (c / 2, part.args[0]), (abs(c) / 2 * (1 if c > 0 else -1), _abs(part.args[0]))]
            )


def _positive_part(parts: list[Term]) -> Term:
    """The maximum of the parts, as relu of the other one when one of two is 0."""
    others = [part for part in parts if part.args or part.kind != "sum"]
    return Term("relu", (others[0],)) if len(parts) == 2 and len(others) == 1 else Term("max", tuple(parts))


def _abs(term: Term) -> Term:
    return Term("abs", (term,))


def _times(c: Fraction, term: Term) -> Term:
    return term if c == 1 else total([(c, term)])


def _tidy(pairs: list[tuple[Fraction, Term]]) -> Term:
    """The sum with inner sums opened and equal parts collected."""
    collected: dict[tuple[int, ...] | str, tuple[Fraction, Term]] = {}
    stack = list(reversed(pairs))
    known: list[Term] = []
    while stack:
        c, part = stack.pop()
        if part.kind == "sum":
            stack += [
                (c * inner, below) for inner, below in reversed(list(zip(part.coefficients, part.args, strict=True)))
            ]
            continue
        key = next((place for place, other in enumerate(known) if other == part), len(known))
        if key == len(known):
            known.append(part)
        old = collected.get((key,), (Fraction(0), part))[0]
        collected[(key,)] = (old + c, part)
    left = [(c, part) for c, part in collected.values() if c]
    return left[0][1] if len(left) == 1 and left[0][0] == 1 and left[0][1] is not ONE else total(left)


def _left_out(term: Term) -> Iterator[Term]:
    """The term without one argument of a max or min, or with its argument, its negative or 0 for a relu or abs."""
    for part in reversed(subterms((term,))):
        if part.kind in ("max", "min") and len(part.args) > 1:
            for place in range(len(part.args)):
                rest = (*part.args[:place], *part.args[place + 1 :])
                yield _replaced(term, part, rest[0] if len(rest) == 1 else part._replace(args=rest))
        elif part.kind in ("relu", "abs"):
            other = total([]) if part.kind == "relu" else total([(Fraction(-1), part.args[0])])
            yield _replaced(term, part, part.args[0])
            yield _replaced(term, part, other)


def _replaced(root: Term, old: Term, new: Term) -> Term:
    made: dict[int, Term] = {}
    for term in subterms((root,)):
        parts = tuple(made[id(part)] for part in term.args)
        same = all(a is b for a, b in zip(parts, term.args, strict=True))
        made[id(term)] = new if term is old else term if same else term._replace(args=parts)
    return made[id(root)]
