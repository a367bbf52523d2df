"""Whatever a user states a claim with, as a kernel `Claim`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from symcircuits.errors import ClaimError
from symcircuits.expr.parse import parse_claim, parse_where
from symcircuits.kernel.term import RELATIONS, Claim, Comparison, Range


def as_claim(claim: Any, where: Any = "", let: Sequence[tuple[str, str]] | Mapping[str, str] = ()) -> Claim:
    """The claim that a text, a SymPy relation, a pair or triple of SymPy expressions or a kernel claim states.

    A pair says ==, a triple names its relation. The domain `where` is a text, a SymPy relation, an And, Or or Not of
    such, a triple such as (f, "<=", g), or several of them.

    Raises `ClaimError` or `NotPiecewiseLinear` for what is not a claim about CPWL functions.

    >>> print(as_claim("abs(x) <= 1", where="-1 <= x <= 1"))
    for all real x with -1 <= x, x <= 1: abs(x) <= 1
    >>> import sympy
    >>> x = sympy.Symbol("x", real=True)
    >>> print(as_claim((abs(x), sympy.Max(x, -x))))
    for all real x: abs(x) == max(x, -x)
    >>> print(as_claim((abs(x), "<=", 1), where=sympy.And(x <= 1, x >= -1)))
    for all real x with x <= 1, x >= -1: abs(x) <= 1
    """
    if isinstance(claim, Claim):
        if where:
            raise ClaimError("the claim already has a domain: add to its `where` instead of giving another")
        return claim
    if isinstance(claim, str):
        stated = parse_claim(claim, where if is_text(where) else "", tuple(dict(let).items()))
        return stated if is_text(where) else _comparisons(where)._replace(goal=stated.goal)
    from symcircuits.expr.from_sympy import claim_from_sympy  # here because SymPy takes long to import

    return claim_from_sympy(claim, parse_where(where) if is_text(where) else _relations(where))


def is_text(where: Any) -> bool:
    """Whether a domain is given as a text, or as several."""
    return isinstance(where, str) or (isinstance(where, list | tuple) and all(isinstance(one, str) for one in where))


def _relations(where: Any) -> list[Any]:
    """The single relations of a SymPy relation, an And, or a sequence of relations, texts and kernel comparisons."""
    from sympy import And, Basic

    if isinstance(where, And):
        return sorted(where.args, key=str)
    is_triple = isinstance(where, tuple) and len(where) == 3 and where[1] in (*RELATIONS, "!=")
    if is_triple or isinstance(where, Basic | bool | Comparison | Range):
        return [where]
    if isinstance(where, str):
        return list(parse_where(where))
    if not isinstance(where, Iterable):
        raise ClaimError(f"the domain {where!r:.60} is neither a text nor relations")
    return [relation for one in where for relation in _relations(one)]


def _comparisons(where: Any) -> Claim:
    """A claim with that domain."""
    from symcircuits.expr.from_sympy import claim_from_sympy

    return claim_from_sympy((0, 0), _relations(where))
