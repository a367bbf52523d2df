"""The language of claims: terms, their exact values, comparisons and claims.

A term denotes a function of its variables. There are eight kinds:

    one        the constant 1
    variable   a real variable
    sum        c1*t1 + ... + cn*tn, the c rational (a constant c is c*one)
    relu, abs  of one term
    max, min   of one or more terms
    scale      t*u, or t/u for a variable u

Terms are tuples, so nothing can change one after it is made, and they share their parts: a term is a directed acyclic
graph. Every walk here is a loop over `subterms`, never a recursion, so depth is no limit.

>>> a, b = variable("a"), variable("b")
>>> gap = total([(Fraction(1), b), (Fraction(-1), a)])
>>> network = total([(Fraction(1), b), (Fraction(-1), Term("relu", (gap,)))])
>>> claim = Claim(Comparison(Term("min", (a, b)), "==", network))
>>> print(claim)
for all real a, b: min(a, b) == b - relu(b - a)
>>> evaluate(claim.goal.right, {"a": Fraction(3), "b": Fraction(5)})
Fraction(3, 1)
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from fractions import Fraction
from operator import attrgetter
from typing import NamedTuple

from symcircuits.kernel.evaluate import values_of
from symcircuits.kernel.text import Row, claim_text, range_text, written

RELATIONS = {"==": operator.eq, "<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt}


class Term(NamedTuple):
    """A CPWL function of real variables, as an immutable graph with shared parts; equality is equality of structure."""

    kind: str
    args: tuple[Term, ...] = ()
    coefficients: tuple[Fraction, ...] = ()
    name: str = ""
    exponent: int = 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Term) and self.kind == other.kind and len({*table(self, other)[1]}) == 1

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((self.kind, self.name, self.coefficients, tuple(part.kind for part in self.args)))

    def __repr__(self) -> str:
        return text((self,))[0][0]


ONE = Term("one", name="1")


def variable(name: str) -> Term:
    """The variable of that name."""
    return Term("variable", name=name)


def constant(value: Fraction | int) -> Term:
    """The constant function."""
    return total([(Fraction(value), ONE)])


def total(items: Iterable[tuple[Fraction, Term]]) -> Term:
    """The sum of c*t over the items (c, t), in the order given; `total([])` is 0."""
    pairs = tuple(items)
    return Term("sum", tuple(part for _, part in pairs), tuple(coefficient for coefficient, _ in pairs))


def scale(part: Term, factor: Term, exponent: int = 1) -> Term:
    """part * factor**exponent, the exponent 1, or -1 for a variable."""
    return Term("scale", (part, factor), exponent=exponent)


def subterms(
    roots: Iterable[Term], known: Container[int] = (), parts: Callable[[Term], Sequence[Term]] = attrgetter("args")
) -> list[Term]:
    """All parts of the roots, each object once, parts before wholes; those whose `id` is known are left out."""
    order: list[Term] = []
    seen = set[int]()
    stack = [(root, False) for root in reversed(tuple(roots))]
    while stack:
        term, entered = stack.pop()
        if entered:
            order.append(term)
        elif id(term) not in seen and id(term) not in known:
            seen.add(id(term))
            stack.append((term, True))
            stack.extend((part, False) for part in reversed(parts(term)))
    return order


def table(*roots: Term) -> tuple[list[Row], list[int]]:
    """The roots as one table of distinct rows, parts before wholes, with the row number of each root."""
    rows: dict[Row, int] = {}
    place: dict[int, int] = {}
    for term in subterms(roots):
        row = (term.kind, tuple(place[id(part)] for part in term.args), term.coefficients, term.name, term.exponent)
        place[id(term)] = rows.setdefault(row, len(rows))
    return list(rows), [place[id(root)] for root in roots]


def rebuilt(roots: Iterable[Term], known: Mapping[int, Term]) -> list[Term]:
    """The roots with other terms in place of those whose `id` is known; what has none of them inside stays itself."""
    roots, made = tuple(roots), dict(known)
    for term in subterms(roots, known):
        parts = tuple(made[id(part)] for part in term.args)
        same = all(new is old for new, old in zip(parts, term.args, strict=True))
        made[id(term)] = term if same else term._replace(args=parts)
    return [made[id(root)] for root in roots]


def evaluate(root: Term, point: Mapping[str, Fraction]) -> Fraction:
    """The exact value of a term at a point; `KeyError` for a missing variable, `ZeroDivisionError` for t/w at w = 0.

    >>> evaluate(Term("max", (variable("x"), constant(2))), {"x": Fraction(1, 3)})
    Fraction(2, 1)
    """
    return values_of(subterms((root,)), point)[id(root)]


class Comparison(NamedTuple):
    """Two terms and a relation between them: one of `RELATIONS`."""

    left: Term
    relation: str
    right: Term

    def holds(self, point: Mapping[str, Fraction]) -> bool:
        """Whether the comparison is true at the point, by exact evaluation of both sides."""
        return bool(RELATIONS[self.relation](evaluate(self.left, point), evaluate(self.right, point)))


class Range(NamedTuple):
    """The values, increasing, that a variable is limited to."""

    name: str
    values: tuple[Fraction, ...]

    def __str__(self) -> str:
        return range_text(self.name, self.values)


class Claim(NamedTuple):
    """For all real values of its variables that satisfy `where` and lie in their ranges, the goal holds."""

    goal: Comparison
    where: tuple[Comparison, ...] = ()
    ranges: tuple[Range, ...] = ()

    def sides(self) -> list[Term]:
        """Every side of the goal and of the domain's comparisons, the goal's first."""
        return [side for comparison in (self.goal, *self.where) for side in (comparison.left, comparison.right)]

    def variables(self) -> list[str]:
        """The names of the claim's variables in the order of their first occurrence."""
        used = (term.name for term in subterms(self.sides()) if term.kind == "variable")
        return list(dict.fromkeys((*used, *(name for name, _ in self.ranges))))

    def __str__(self) -> str:
        relations = [comparison.relation for comparison in (self.goal, *self.where)]
        return claim_text(self.variables(), text(self.sides(), share=True), relations, [*map(str, self.ranges)])


def text(roots: Iterable[Term], share: bool = False) -> tuple[list[str], list[tuple[str, str]]]:
    """The roots as a person types them, and the definitions (name, text) of the parts that stand for themselves."""
    return written(*table(*roots), share)
