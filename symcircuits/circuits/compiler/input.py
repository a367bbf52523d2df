"""Whatever a user gives a CPWL function as, read into kernel terms with the order of its inputs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sympy import Symbol

from symcircuits.circuits.circuit import Circuit
from symcircuits.circuits.network import Network
from symcircuits.errors import ClaimError
from symcircuits.expr.claim import as_claim
from symcircuits.expr.from_sympy import from_sympy
from symcircuits.expr.parse import parse_expression
from symcircuits.kernel.term import Claim, Comparison, Term, constant, subterms


class Functions(NamedTuple):
    """Terms that are functions of the named inputs."""

    terms: tuple[Term, ...]
    inputs: tuple[str, ...]


def read_functions(given: Any, inputs: Sequence[Any] | None = None) -> Functions:
    """The functions that an expression, a text, a term, a network, a circuit, or several of these stand for.

    The inputs, symbols or names, are by default those of a network or circuit, else by first occurrence. Raises
    `ClaimError` when an input is missing or named twice, and `NotPiecewiseLinear` as `from_sympy` does.

    >>> read_functions(("max(y, x)", "abs(z)"))
    Functions(terms=(max(y, x), abs(z)), inputs=('y', 'x', 'z'))
    """
    terms, known = list[Term](), list[str]()
    for one in given if isinstance(given, tuple | list) and not isinstance(given, Term) else (given,):
        if isinstance(one, Network):
            known += one.inputs
        elif isinstance(one, Circuit):
            known += [symbol.name for symbol in one.inputs]
        terms += _terms(one)
    occurring = [term.name for term in subterms(terms) if term.kind == "variable"]
    if inputs is None:
        return Functions(tuple(terms), tuple(dict.fromkeys([*known, *occurring])))
    names = tuple(one.name if isinstance(one, Symbol) else str(one) for one in inputs)
    missing = [name for name in dict.fromkeys(occurring) if name not in names]
    if missing:
        raise ClaimError(f"{missing[0]} occurs and is not among the inputs {', '.join(names) or 'given'}; add it")
    if len(set(names)) < len(names):
        raise ClaimError(f"an input is named twice: {', '.join(names)}")
    return Functions(tuple(terms), names)


def _terms(one: Any) -> Sequence[Term]:
    if isinstance(one, Term):
        return (one,)
    if isinstance(one, Network | Circuit):
        return one.terms
    return (parse_expression(one) if isinstance(one, str) else from_sympy(one),)


def read_domain(where: Any) -> tuple[Comparison, ...]:
    """The comparisons of a domain given as text or as relations; none for all of space.

    >>> read_domain("0 <= x <= 1")
    (Comparison(left=0, relation='<=', right=x), Comparison(left=x, relation='<=', right=1))
    """
    claim = as_claim((0, 0), where) if where else Claim(Comparison(constant(0), "==", constant(0)))
    if claim.ranges:
        raise ClaimError(f"the domain gives {claim.ranges[0].name} finitely many values, and a polyhedron is needed")
    return claim.where


def with_domain(functions: Functions, where: Iterable[Comparison]) -> Functions:
    """The functions with the variables that occur only in the domain as further inputs."""
    sides = [side for comparison in where for side in (comparison.left, comparison.right)]
    more = [term.name for term in subterms(sides) if term.kind == "variable"]
    return functions._replace(inputs=tuple(dict.fromkeys([*functions.inputs, *more])))
