"""Claims from text, straight to kernel terms: nothing is evaluated, and SymPy is not needed.

The grammar is that of Python's arithmetic, cut down to what is piecewise linear:

    claim       expression relation expression                 relation: ==  <=  >=  <  >
    where       comparisons, conditions and ranges separated by commas (see `symcircuits.expr.where`)
    expression  numbers, names, + - * / **, brackets, relu(t), abs(t), min(t, ...), max(t, ...)

A number is exactly what it says: 0.1 is 1/10. A divisor is a number or a *parameter*, a variable that the domain keeps
away from 0. Outside claims a product has at most one factor that varies, besides parameters and factors of variables
with ranges. `build` orders products so that the text of a term reads back as that term (unless it is so long that
`kernel.term.text` names its parts).

Here belongs what each name stands for, and the three functions that read a text.

>>> claim = parse_claim("min(a, b) == b - relu(b - a)", where="0 <= a <= 1")
>>> print(claim)
for all real a, b with 0 <= a, a <= 1: min(a, b) == b - relu(b - a)
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from symcircuits.errors import ClaimError
from symcircuits.expr.build import UNIT, Terms
from symcircuits.expr.parser import Parser, read_expression
from symcircuits.expr.source import NotLinear, ParseError, Source, clip, why_no_variable
from symcircuits.expr.where import read_domain
from symcircuits.kernel.term import ONE, Claim, Comparison, Range, Term

__all__ = ["NotLinear", "ParseError", "parse_claim", "parse_expression", "parse_where"]

Let = Sequence[tuple[str, str]]


def _define(let: Let, terms: Terms) -> None:
    """Read the definitions in order; each may use the earlier ones."""
    names = [unicodedata.normalize("NFKC", name) for name, _ in let]
    terms.pending.update(names)
    for name, (given, body) in zip(names, let, strict=True):
        source = Source(given, "the name of a definition")
        if reason := why_no_variable(name):
            raise source.error(reason, 0)
        if name in terms.defined:
            raise source.error(f"{clip(name)} is defined twice; give the second another name", 0)
        term = read_expression(Source(body, f"the definition of {clip(name)}"), terms)
        is_number = term.kind == "sum" and term.args == (ONE,)
        terms.names[name] = (term.coefficients[0], ONE) if is_number else (UNIT, term)
        terms.pending.discard(name)
        terms.defined.add(name)


class _Prepared(NamedTuple):
    """The definitions, and the comparisons and ranges of the domain."""

    terms: Terms
    domain: tuple[Comparison | Range, ...]

    def claim(self, goal: Comparison) -> Claim:
        where = tuple(entry for entry in self.domain if isinstance(entry, Comparison))
        ranges = tuple(entry for entry in self.domain if isinstance(entry, Range))
        twice = next((one.name for at, one in enumerate(ranges) if one.name in dict(ranges[:at])), None)
        if twice is not None:
            raise ClaimError(f"in the domain: {twice} has two ranges; write one")
        return Claim(goal, where, ranges)


def _prepare(where: str | Sequence[str], let: Let, products: bool = False) -> _Prepared:
    """The definitions and the domain.

    Definitions may use the parameters of the domain, and the domain may use definitions: so the domain is read first
    for its parameters and ranges only, the defined names standing for themselves, and again when they are known.
    """
    signed: set[str] = set()
    finite: set[str] = set()
    if let:
        names = {unicodedata.normalize("NFKC", name) for name, _ in let}
        first = Terms(signed=names)
        with suppress(ClaimError):
            for _ in read_domain(where, first, signed):
                pass
        finite = first.finite - names
    terms = Terms(signed, finite, products)
    _define(let, terms)
    terms.signed, terms.products = set(), False
    domain = tuple(read_domain(where, terms, signed))
    terms.products = products
    stray = next((entry.name for entry in domain if isinstance(entry, Range) and entry.name in terms.defined), None)
    if stray is not None:
        raise ClaimError(f"in the domain: {clip(stray)} is defined, so it has no range; give one to its variables")
    terms.signed = signed
    return _Prepared(terms, domain)


def parse_expression(text: str, where: str | Sequence[str] = "", let: Let = (), products: bool = False) -> Term:
    """The term that an expression denotes; `ParseError`, a `ClaimError`, shows the place where it cannot be read.

    The domain `where` serves to say which variables are parameters. With `products`, two affine factors may vary, as in
    the bound of an error.

    >>> print(parse_expression("relu(w*x)/w + 0.5", where="w > 0"))
    relu(w*x)/w + 1/2
    >>> parse_expression("3*x/2").coefficients
    (Fraction(3, 2),)
    """
    return read_expression(Source(text, "the expression"), _prepare(where, let, products).terms)


def parse_where(text: str | Sequence[str], let: Let = ()) -> tuple[Comparison | Range, ...]:
    """The comparisons and ranges of a domain, separated by commas; a chain is one comparison a relation.

    Raises `ParseError` for products, and for what is no condition.

    >>> for left, relation, right in parse_where("0 <= x <= 1, x + y == 1/2"):
    ...     print(left, relation, right)
    0 <= x
    x <= 1
    x + y == 1/2
    >>> print(*parse_where("a, b in {0, 1}, n in -6..6"), sep=", ")
    a in {0, 1}, b in {0, 1}, n in -6..6
    >>> for left, relation, right in parse_where("abs(x) <= 3, x <= -1 or x >= 1, not (y == 0)"):
    ...     print(left, relation, right)
    abs(x) <= 3
    max(-x - 1, x - 1) >= 0
    abs(y) > 0
    """
    return _prepare(text, let).domain


def parse_claim(text: str, where: str | Sequence[str] = "", let: Let = ()) -> Claim:
    """The claim that one comparison holds on the domain `where`; `let` names parts that are used more than once.

    Raises `ParseError`, a `ClaimError`, which shows the place.

    >>> print(parse_claim("2*h == x + h", where="x >= 0", let=[("h", "relu(x)")]))
    for all real x with x >= 0: 2*relu(x) == x + relu(x)
    >>> parse_claim("x < y < z")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    symcircuits.expr.source.ParseError: in the claim, line 1, column 7: a second relation; state ...
      x < y < z
            ^
    """
    prepared = _prepare(where, let, products=True)
    terms, source = prepared.terms, Source(text, "the claim")
    parts: list[tuple[Term, str]] = []
    for side, stop, at in Parser(source, terms).sides():
        if stop == ",":
            raise source.error("a comma outside a call; state one comparison a claim", at)
        if stop and parts:
            raise source.error("a second relation; state two claims, or put one in --where", at)
        if not stop and not parts:
            raise source.error("a relation is missing; write one of == <= >= < > and a second side", at)
        parts.append((side, stop))
    (left, relation), (right, _) = parts
    return prepared.claim(Comparison(left, relation, right))
