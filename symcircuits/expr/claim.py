"""Whatever a user states a claim with, as a kernel `Claim`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symcircuits.errors import ClaimError
from symcircuits.expr.parse import parse_claim, parse_where
from symcircuits.kernel.term import Claim


def as_claim(claim: Any, where: Any = "", let: Sequence[tuple[str, str]] = ()) -> Claim:
    """The claim that a text, a SymPy relation, a pair of SymPy expressions or a kernel claim states on a domain.

    Raises `ClaimError` or `NotPiecewiseLinear` for what is not a claim about CPWL functions.

    >>> print(as_claim("abs(x) <= 1", where="-1 <= x <= 1"))
    for all real x with -1 <= x, x <= 1: abs(x) <= 1
    >>> import sympy
    >>> x = sympy.Symbol("x", real=True)
    >>> print(as_claim((abs(x), sympy.Max(x, -x))))
    for all real x: abs(x) == max(x, -x)
    """
    if isinstance(claim, Claim):
        if where:
            raise ClaimError("the claim already has a domain: add to its `where` instead of giving another")
        return claim
    if isinstance(claim, str):
        return parse_claim(claim, where, let)
    from symcircuits.expr.from_sympy import claim_from_sympy  # here because SymPy takes long to import

    return claim_from_sympy(claim, parse_where(where) if isinstance(where, str) else where)
