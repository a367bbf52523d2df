"""Conditions joined by `and`, `or` and `not`, as the comparisons of CPWL functions that a domain is made of.

What is joined by `and` is one comparison each. A union is one comparison in all: with g1 >= 0, g2 >= 0, ... for its
parts it is max(g1, g2, ...) >= 0, an intersection inside it is min(g1, g2, ...) >= 0, and t == u is -abs(t - u) >= 0.
If all comparisons in a union are strict, it is max(...) > 0. A union of strict and other comparisons is in general
neither open nor closed, as x > 0 or y >= 0: no comparisons of CPWL functions say the same, so it is refused.

>>> from symcircuits.kernel.term import constant, variable
>>> x = variable("x")
>>> below, above = Comparison(x, "<=", constant(-1)), Comparison(constant(1), "<=", x)
>>> *_, (left, relation, right) = comparisons(Every((negation(Some((below, above))), Some((below, above)))))
>>> print(left, relation, right)
max(-x - 1, x - 1) >= 0
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from symcircuits.expr.build import Refusal
from symcircuits.kernel.term import ONE, Comparison, Term, constant, total

NEGATED = {"<=": ">", ">=": "<", "<": ">=", ">": "<="}
UNIT = Fraction(1)


class Every(NamedTuple):
    """The points where all parts hold."""

    parts: tuple[Condition, ...]


class Some(NamedTuple):
    """The points where at least one part holds."""

    parts: tuple[Condition, ...]


Condition = Comparison | Every | Some


def unequal(left: Term, right: Term) -> Comparison:
    """That two terms differ."""
    return Comparison(Term("abs", (difference(left, right),)), ">", constant(0))


def negation(condition: Condition) -> Condition:
    """The condition that holds where the given one does not.

    >>> from symcircuits.kernel.term import variable
    >>> negation(Some((Comparison(variable("x"), "==", constant(2)), Comparison(variable("x"), "<", constant(0)))))
    Every(parts=(Comparison(left=abs(x - 2), relation='>', right=0), Comparison(left=x, relation='>=', right=0)))
    """
    match condition:
        case Every(parts):
            return Some(tuple(map(negation, parts)))
        case Some(parts):
            return Every(tuple(map(negation, parts)))
        case Comparison(left, "==", right):
            return unequal(left, right)
        case Comparison(left, relation, right):
            return Comparison(left, NEGATED[relation], right)


def comparisons(condition: Condition) -> Iterator[Comparison]:
    """Comparisons that hold together exactly where the condition holds; `Refusal` where there are none."""
    match condition:
        case Comparison():
            yield condition
        case Every(parts):
            for part in parts:
                yield from comparisons(part)
        case Some():
            leaves = list(_leaves(condition))
            strict, other = ([leaf for leaf in leaves if (leaf.relation in "<>") == way] for way in (True, False))
            if strict and other:
                raise Refusal(
                    f"{_text(strict[0])} is strict and {_text(other[0])} is not, and `or` joins them; "
                    "make all comparisons of a union strict, or none, or state a claim for each part"
                )
            yield Comparison(_level(condition), ">" if strict else ">=", constant(0))


def _text(comparison: Comparison) -> str:
    return f"{comparison.left} {comparison.relation} {comparison.right}"[:100]


def _leaves(condition: Condition) -> Iterator[Comparison]:
    if isinstance(condition, Comparison):
        yield condition
    else:
        for part in condition.parts:
            yield from _leaves(part)


def _level(condition: Condition) -> Term:
    """A term that is >= 0, or > 0 for strict comparisons, exactly where the condition holds."""
    match condition:
        case Comparison(left, "==", right):
            return total([(-UNIT, Term("abs", (difference(left, right),)))])
        case Comparison(left, relation, right):
            return difference(left, right) if ">" in relation else difference(right, left)
        case Every(parts):
            return _joined("min", parts)
        case Some(parts):
            return _joined("max", parts)


def _joined(kind: str, conditions: tuple[Condition, ...]) -> Term:
    """max or min of the conditions' terms; one of the same kind gives its arguments."""
    terms = [_level(part) for part in conditions]
    parts = tuple(inner for term in terms for inner in (term.args if term.kind == kind else (term,)))
    return parts[0] if len(parts) == 1 else Term(kind, parts)


def difference(left: Term, right: Term) -> Term:
    """left - right as one sum, equal parts collected, a positive one in front if there is one.

    >>> from symcircuits.kernel.term import variable
    >>> difference(constant(3), total([(UNIT, variable("x")), (UNIT, ONE)])), difference(variable("x"), constant(0))
    (2 - x, x)
    """
    found: dict[Term, Fraction] = {}
    for sign, side in ((UNIT, left), (-UNIT, right)):
        pairs = zip(side.coefficients, side.args, strict=True) if side.kind == "sum" else [(UNIT, side)]
        for c, part in pairs:
            found[part] = found.get(part, Fraction(0)) + sign * c
    items = sorted(((c, part) for part, c in found.items() if c), key=lambda item: item[1].kind == "one")
    first = next((at for at, (c, _) in enumerate(items) if c > 0), 0)
    items = [*items[first : first + 1], *items[:first], *items[first + 1 :]]
    return items[0][1] if len(items) == 1 and items[0][0] == 1 and items[0][1] != ONE else total(items)
