"""Claims from text, straight to kernel terms: nothing is evaluated, and SymPy is not needed.

The grammar is that of Python's arithmetic, cut down to what is piecewise linear:

    claim       expression relation expression                 relation: ==  <=  >=  <  >
    where       comparisons and ranges separated by commas; chains such as 0 <= x <= 1
    range       names in {numbers}, or names in integer..integer
    expression  numbers, names, + - * / **, brackets, relu(t), abs(t), min(t, ...), max(t, ...)

A number is exactly what it says: 0.1 is 1/10. A product has at most one factor that varies, besides *parameters*:
variables whose sign the domain fixes, and besides factors of variables with ranges; inequalities may also multiply two
affine factors, as bounds of errors do. `build` orders products so that the text of a term reads back as that term
(unless it is so long that `kernel.term.text` names its parts).

Here belongs the syntax, what each name stands for, and the three functions that read a text. The parser is an
operator-precedence parser with its own stacks, so depth is no limit.

>>> claim = parse_claim("min(a, b) == b - relu(b - a)", where="0 <= a <= 1")
>>> print(claim)
for all real a, b with 0 <= a, a <= 1: min(a, b) == b - relu(b - a)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import NamedTuple

from symcircuits.errors import ClaimError
from symcircuits.expr.build import UNIT, Item, Refusal, Terms, Varies, is_affine, nonzero_variables
from symcircuits.expr.source import (
    FUNCTIONS,
    KNOWN,
    SPACE,
    NotLinear,
    ParseError,
    Source,
    clip,
    tokens,
    why_no_variable,
)
from symcircuits.kernel.term import ONE, RELATIONS, Claim, Comparison, Range, Term

__all__ = ["NotLinear", "ParseError", "parse_claim", "parse_expression", "parse_where"]

DEPTH = 100_000
LINEAR = "the domain must be given by linear constraints"
LEVEL = {"(": 0, "*": 1, "/": 1, "-": 2, "**": 3}
RANGES = 1_000_000
NAME = r"[^\W\d]\w*"
SIGNED = r"[+-]?\s*[0-9]+"
RANGE = re.compile(
    rf"(?<=\s)in\s*(?:\{{(?P<values>[^{{}}]*)\}}|(?P<first>{SIGNED})\s*\.\.\s*(?P<last>{SIGNED}))\s*(?=,|$)"
)
VALUE = re.compile(rf"\s*({SIGNED}(?:\.[0-9]+|\s*/\s*[0-9]+)?)\s*")

Let = Sequence[tuple[str, str]]


class _Frame:
    """An open bracket or call: what stands before the current summand."""

    def __init__(self, function: str, position: int) -> None:
        self.function, self.position = function, position
        self.items: list[Item] = []
        self.args: list[Term] = []


class _Parser:
    """Reads one source into terms; `linear` allows no function, as the comparisons of a domain."""

    def __init__(self, source: Source, terms: Terms, linear: bool = False) -> None:
        self.source, self.terms, self.linear = source, terms, linear
        self.frames = [_Frame("", 0)]
        self.operators: list[tuple[str, int]] = [("(", 0)]
        self.operands: list[Item] = []
        self.waiting = True

    def sides(self) -> Iterator[tuple[Term, str, int]]:
        """Each expression with the relation, the comma or the "" (the end) that stops it, and that one's position."""
        for kind, word, at in tokens(self.source):
            try:
                if self.waiting:
                    self.read_operand(kind, word, at)
                    continue
                if len(self.frames) == 1 and (word in RELATIONS or word == "," or kind == "end"):
                    self.end_summand()
                    yield self.terms.close(self.frames[0].items), word, at
                    self.frames[0].items = []
                    self.waiting = True
                else:
                    self.read_operator(kind, word, at)
            except Refusal as refusal:
                raise self.source.error(str(refusal), at) from None

    def read_operand(self, kind: str, word: str, at: int) -> None:
        if kind == "number":
            self.push((self.terms.number(word), ONE))
        elif kind == "name":
            self.push(self.named(word, at))
        elif kind == "call":
            self.open(self.function(word, at), at)
        elif word == "(":
            self.open("", at)
        elif word == "-" and self.operators[-1][0] == "-":
            self.operators.pop()
        elif word == "-":
            self.operators.append(("-", at))
        elif word != "+":
            raise self.source.error(self.missing_operand(kind, word), at)

    def read_operator(self, kind: str, word: str, at: int) -> None:
        frame = self.frames[-1]
        if word in ("+", "-"):
            self.end_summand()
            self.operators.extend([("-", at)] if word == "-" else [])
            self.waiting = True
        elif word in LEVEL and word != "(":
            self.reduce(LEVEL[word] + (word == "**"))
            self.operators.append((word, at))
            self.waiting = True
        elif word == ")" and len(self.frames) > 1:
            self.close()
        elif word == "," and frame.function:
            self.end_argument()
            self.waiting = True
        else:
            raise self.misplaced(kind, word, at)

    def push(self, item: Item) -> None:
        self.operands.append(self.terms.used(item))
        self.waiting = False

    def open(self, function: str, at: int) -> None:
        if len(self.frames) > DEPTH:
            raise self.source.error(f"brackets nested more than {DEPTH} deep", at)
        self.frames.append(_Frame(function, at))
        self.operators.append(("(", at))

    def reduce(self, level: int) -> None:
        """Apply the pending operators that bind at least so strongly."""
        while LEVEL[self.operators[-1][0]] >= level:
            symbol, at = self.operators.pop()
            right = self.operands.pop()
            if symbol == "-":
                self.operands.append((-right[0], right[1]))
                continue
            apply = {"*": self.terms.product, "/": self.terms.quotient, "**": self.terms.power}[symbol]
            try:
                self.operands.append(apply(self.operands.pop(), right))
            except Varies as refusal:
                what, remedy = refusal.args
                raise self.source.error(f"{what}; {LINEAR if self.linear else remedy}", at, NotLinear) from None
            except Refusal as refusal:
                raise self.source.error(str(refusal), at) from None

    def end_summand(self) -> None:
        self.reduce(1)
        self.frames[-1].items.append(self.operands.pop())

    def end_argument(self) -> None:
        self.end_summand()
        frame = self.frames[-1]
        frame.args.append(self.terms.close(frame.items))
        frame.items = []

    def close(self) -> None:
        frame = self.frames[-1]
        if not frame.function:
            self.end_summand()
            item = self.terms.bracket(frame.items)
        else:
            self.end_argument()
            if frame.function in ("relu", "abs") and len(frame.args) != 1:
                raise self.source.error(f"{frame.function} takes one argument, not {len(frame.args)}", frame.position)
            item = (UNIT, self.terms.make(frame.function, tuple(frame.args)))
        self.frames.pop()
        self.operators.pop()
        self.push(item)

    def function(self, word: str, at: int) -> str:
        name = FUNCTIONS.get(unicodedata.normalize("NFKC", word))
        if name is None:
            raise self.source.error(f"{clip(word)} is not a function of the language; {KNOWN}", at)
        if self.linear:
            raise self.source.error(f"{word} in the domain; {LINEAR}", at)
        return name

    def named(self, word: str, at: int) -> Item:
        name = word if word.isascii() else unicodedata.normalize("NFKC", word)
        item = self.terms.names.get(name)
        if item is None:
            if reason := why_no_variable(name):
                raise self.source.error(reason, at)
            if name in self.terms.pending:
                raise self.source.error(f"{name} is used before it is defined", at)
            item = self.terms.names[name] = (UNIT, self.terms.make("variable", name=name))
        elif self.linear and name in self.terms.defined and not is_affine(item[1]):
            raise self.source.error(f"{clip(name)} stands for {self.terms.shown(item)}; {LINEAR}", at)
        return item

    def missing_operand(self, kind: str, word: str) -> str:
        frame = self.frames[-1]
        if kind == "end" and not self.source.text.strip(SPACE):
            return f"{self.source.what} is empty; write an expression"
        if word == ")" and frame.function and not frame.args and not frame.items and self.operators[-1][0] == "(":
            return f"{frame.function} needs an argument; {KNOWN}"
        return f"an expression is missing before {f'{word!r}' if word else 'the end'}"

    def misplaced(self, kind: str, word: str, at: int) -> ParseError:
        """The error for a token where an operator is expected."""
        frame, source = self.frames[-1], self.source
        if kind == "end":
            return source.error("this bracket is never closed; write the missing )", frame.position)
        if word == ")":
            return source.error("no bracket is open here; remove this ) or write the missing (", at)
        if word == ",":
            return source.error("a comma outside a call; a claim is one comparison", at)
        if word in RELATIONS:
            return source.error(f"{word} inside a bracket; close the bracket of column {frame.position + 1} first", at)
        if word == "in" and self.linear:
            return source.error("write the values as x in {0, 1/2, 1} or as x in -6..6", at)
        if word.startswith("_") and source.text[at - 1 : at].isdigit():
            return source.error("an underscore in a number; write the digits without it", at)
        return source.error(f"an operator is missing before {clip(word)!r}; for a product write *", at)


def _comparisons(source: Source, terms: Terms) -> Iterator[Comparison]:
    """The comparisons of one text of a domain, each two sides of a chain."""
    left, relation = ONE, ""
    for side, stop, at in _Parser(source, terms, linear=True).sides():
        if relation:
            yield Comparison(left, relation, side)
        elif stop not in RELATIONS:
            raise source.error("a comparison is expected, e.g. x >= 0", at)
        left, relation = side, stop if stop in RELATIONS else ""


def _read_domain(where: str | Sequence[str], terms: Terms, signed: set[str]) -> Iterator[Comparison | Range]:
    """The comparisons and ranges of the domain; the names of its parameters and ranges are put into the terms' sets."""
    for text in [where] if isinstance(where, str) else where:
        masked, ranges = _ranges(text, terms)
        yield from ranges
        if masked.strip(SPACE):
            for comparison in _comparisons(Source(masked, "the domain", text), terms):
                signed.update(nonzero_variables(comparison, terms))
                yield comparison


def _ranges(text: str, terms: Terms) -> tuple[str, list[Range]]:
    """The ranges in a text of a domain, and the text with blanks in their place."""
    source, found, masked, start = Source(text, "the domain"), list[Range](), list(text), 0
    for match in RANGE.finditer(text) if "in" in text else ():
        at, names = _names_before(text, start, match.start())
        if not names:
            continue
        values = _range_values(match, source)
        for name in names:
            if reason := why_no_variable(name):
                raise source.error(reason, at)
            found.append(Range(name, values))
        start = match.end() + 1  # after the comma
        masked[at:start] = " " * (min(start, len(text)) - at)
    terms.finite.update(name for name, _ in found)
    left = "".join(masked)
    rest = left.rstrip(SPACE)
    return (rest.removesuffix(",") if found else left), found


def _names_before(text: str, start: int, end: int) -> tuple[int, list[str]]:
    """Where the names separated by commas that end the text from start to end begin, and these names."""
    at, names = end, list[str]()
    for part in reversed(text[start:end].split(",")):
        if not re.fullmatch(rf"\s*{NAME}\s*", part):
            break
        names.insert(0, unicodedata.normalize("NFKC", part.strip()))
        at -= len(part) + (len(names) > 1)
    return at + len(text[at:end]) - len(text[at:end].lstrip(SPACE)), names


def _range_values(match: re.Match[str], source: Source) -> tuple[Fraction, ...]:
    """The values, increasing, that a range lists or spans."""
    try:
        if match["values"] is None:
            first, last = (_number(match[key]) for key in ("first", "last"))
            if not 0 <= last - first < RANGES:
                message = "a range goes up" if last < first else f"a range has at most {RANGES} values"
                raise source.error(message, match.start("first"))
            return tuple(first + step for step in range(int(last - first) + 1))
        texts = match["values"].split(",")
        if not all(VALUE.fullmatch(text) for text in texts):
            raise source.error("write the values as numbers, e.g. {0, 1/2, 1}", match.start("values"))
        return tuple(sorted({_number(text) for text in texts}))
    except ParseError:
        raise
    except (ValueError, ZeroDivisionError):
        raise source.error("a value is not a number of reasonable size", match.start()) from None


def _number(text: str) -> Fraction:
    return Fraction("".join(text.split()))


def _read_expression(source: Source, terms: Terms) -> Term:
    side, stop, at = next(_Parser(source, terms).sides())
    if stop:
        raise source.error(f"{stop!r} in {source.what}; one expression is expected", at)
    return side


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
        term = _read_expression(Source(body, f"the definition of {clip(name)}"), terms)
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


def _prepare(where: str | Sequence[str], let: Let, bounds: bool = False) -> _Prepared:
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
            for _ in _read_domain(where, first, signed):
                pass
        finite = first.finite - names
    terms = Terms(signed, finite, bounds)
    _define(let, terms)
    terms.signed, terms.bounds = set(), False
    domain = tuple(_read_domain(where, terms, signed))
    terms.bounds = bounds
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
    return _read_expression(Source(text, "the expression"), _prepare(where, let, products).terms)


def parse_where(text: str | Sequence[str], let: Let = ()) -> tuple[Comparison | Range, ...]:
    """The comparisons and ranges of a domain, separated by commas; a chain is one comparison a relation.

    Raises `ParseError` for anything that is not linear.

    >>> for left, relation, right in parse_where("0 <= x <= 1, x + y == 1/2"):
    ...     print(left, relation, right)
    0 <= x
    x <= 1
    x + y == 1/2
    >>> print(*parse_where("a, b in {0, 1}, n in -6..6"), sep=", ")
    a in {0, 1}, b in {0, 1}, n in -6..6
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
    prepared = _prepare(where, let, bounds="==" not in text)
    terms, source = prepared.terms, Source(text, "the claim")
    parts: list[tuple[Term, str]] = []
    for side, stop, at in _Parser(source, terms).sides():
        if stop == ",":
            raise source.error("a comma outside a call; state one comparison a claim", at)
        if stop and parts:
            raise source.error("a second relation; state two claims, or put one in --where", at)
        if not stop and not parts:
            raise source.error("a relation is missing; write one of == <= >= < > and a second side", at)
        parts.append((side, stop))
    (left, relation), (right, _) = parts
    return prepared.claim(Comparison(left, relation, right))
