"""The parser of expressions: an operator-precedence parser with its own stacks, so that depth is no limit.

>>> from symcircuits.expr.build import Terms
>>> source = Source("2*relu(x - 1) + x", "the expression")
>>> read_expression(source, Terms())
2*relu(x - 1) + x
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from symcircuits.expr.build import UNIT, Item, Refusal, Terms, Varies
from symcircuits.expr.source import (
    FUNCTIONS,
    KNOWN,
    SPACE,
    NotLinear,
    ParseError,
    Source,
    Token,
    clip,
    tokens,
    why_no_variable,
)
from symcircuits.kernel.term import ONE, RELATIONS, Term, subterms

DEPTH = 100_000
PIECEWISE_LINEAR = "the domain must be given by piecewise-linear constraints"
VALUES = "write the values as x in {0, 1/2, 1} or as x in -6..6"
UNEQUAL = "!="
"""In a domain, but not in a claim, sides may be said to differ."""
LEVEL = {"(": 0, "*": 1, "/": 1, "-": 2, "**": 3}


class _Frame:
    """An open bracket or call: what stands before the current summand."""

    def __init__(self, function: str, position: int) -> None:
        self.function, self.position = function, position
        self.items: list[Item] = []
        self.args: list[Term] = []


class Parser:
    """Reads one source, or some tokens of it, into terms; a domain has one more relation, and no products."""

    def __init__(self, source: Source, terms: Terms, words: Iterable[Token] = (), is_domain: bool = False) -> None:
        self.source, self.terms, self.words, self.is_domain = source, terms, words, is_domain
        self.relations = {*RELATIONS, UNEQUAL} if is_domain else set(RELATIONS)
        self.frames = [_Frame("", 0)]
        self.operators: list[tuple[str, int]] = [("(", 0)]
        self.operands: list[Item] = []
        self.waiting = True

    def sides(self) -> Iterator[tuple[Term, str, int]]:
        """Each expression with the relation, the comma or the "" (the end) that stops it, and that one's position."""
        for kind, word, at in self.words or tokens(self.source):
            try:
                if self.waiting:
                    self.read_operand(kind, word, at)
                    continue
                if len(self.frames) == 1 and (word in self.relations or word == "," or kind == "end"):
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
                remedy = PIECEWISE_LINEAR if self.is_domain else remedy
                raise self.source.error(f"{what}; {remedy}", at, NotLinear) from None
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
        elif self.is_domain and name in self.terms.defined and any(t.kind == "scale" for t in subterms(item[1:])):
            raise self.source.error(f"{clip(name)} stands for {self.terms.shown(item)}; {PIECEWISE_LINEAR}", at)
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
        if word in self.relations:
            return source.error(f"{word} inside a bracket; close the bracket of column {frame.position + 1} first", at)
        if word == "in" and self.is_domain:
            return source.error(VALUES, at)
        if word.startswith("_") and source.text[at - 1 : at].isdigit():
            return source.error("an underscore in a number; write the digits without it", at)
        return source.error(f"an operator is missing before {clip(word)!r}; for a product write *", at)


def read_expression(source: Source, terms: Terms) -> Term:
    """The term that a whole source denotes; raises `ParseError`."""
    side, stop, at = next(Parser(source, terms).sides())
    if stop:
        raise source.error(f"{stop!r} in {source.what}; one expression is expected", at)
    return side
