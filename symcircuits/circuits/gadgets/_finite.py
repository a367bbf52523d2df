"""What gadgets on finitely many points share: domains, conditions on parameters, and targets that list values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import combinations
from typing import Any

from sympy import Symbol

from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.finite import POINTS
from symcircuits.kernel.term import ONE, Term, constant, total, variable

ONCE = Fraction(1)


def whole(what: str, value: Any, least: int, most: int | None = None) -> int:
    """The value, if it is an integer in these bounds; `InvalidCircuit` says what it is of, if it is not.

    >>> whole("the number of bits", 3, 1)
    3
    """
    if type(value) is not int or value < least or (most is not None and value > most):
        bounds = f"{least} or more" if most is None else f"from {least} to {most}"
        raise InvalidCircuit(f"{what} must be an integer, {bounds}, not {value!r:.60}")
    return value


def few_points(what: str, count: int) -> None:
    """Raise `InvalidCircuit` for a domain of more points than the kernel evaluates."""
    if count > POINTS:
        raise InvalidCircuit(f"{what} has a domain of more than {POINTS} points; choose smaller parameters")


def within(wires: Iterable[Symbol], values: str = "{0,1}") -> str:
    """The domain in which each of the wires has one of the values.

    >>> from sympy import symbols
    >>> within(symbols("a b"))
    'a in {0,1}, b in {0,1}'
    """
    return ", ".join(f"{wire.name} in {values}" for wire in wires)


def variables(wires: Iterable[Symbol]) -> tuple[Term, ...]:
    """The wires as terms."""
    return tuple(variable(wire.name) for wire in wires)


def plus(*items: tuple[Fraction | int, Term]) -> Term:
    """The sum of c*t over the items (c, t)."""
    return total((Fraction(c), part) for c, part in items)


def opposite(bit: Term) -> Term:
    """1 - bit."""
    return plus((1, ONE), (-1, bit))


def lattice(kind: str, parts: Iterable[Term]) -> Term:
    """The max or min of the parts; of one part that part.

    >>> lattice("min", variables([Symbol("a"), Symbol("b")]))
    min(a, b)
    """
    found = tuple(parts)
    return found[0] if len(found) == 1 else Term(kind, found)


def smallest(k: int, parts: Iterable[Term]) -> Term:
    """The k-th smallest of the parts: the least of the maxima of k of them.

    >>> from sympy import symbols
    >>> smallest(2, variables(symbols("a b c")))
    min(max(a, b), max(a, c), max(b, c))
    """
    return lattice("min", (lattice("max", chosen) for chosen in combinations(tuple(parts), k)))


def difference(left: Term, right: Term) -> Term:
    """Of bits the exclusive or: abs(left - right)."""
    return Term("abs", (plus((1, left), (-1, right)),))


def listed(argument: Term, values: Mapping[int, int]) -> Term:
    """The function of an integer argument with these values, and 0 elsewhere: a sum of max(0, 1 - abs(x - v)).

    Each summand is 1 at v and 0 at all other integers.

    >>> listed(variable("x"), {1: 5, 2: 0})
    5*max(0, 1 - abs(x - 1))
    """
    teeth = ((n, Term("abs", (plus((1, argument), (-v, ONE)) if v else argument,))) for v, n in values.items() if n)
    return plus(*((n, Term("max", (constant(0), opposite(gap)))) for n, gap in teeth))
