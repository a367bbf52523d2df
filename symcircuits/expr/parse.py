"""Claims from text, straight to kernel terms: nothing is evaluated, and SymPy is not needed.

The grammar is that of Python's arithmetic, cut down to what is piecewise linear:

    claim       expression relation expression                 relation: ==  <=  >=  <  >
    where       comparisons separated by commas; chains such as 0 <= x <= 1
    expression  numbers, names, + - * / **, brackets, relu(t), abs(t), min(t, ...), max(t, ...)

A number is exactly what it says: 0.1 is 1/10. A product has at most one factor that varies, besides *parameters*:
variables whose sign the domain fixes. In a product w1*...*wm*t/v1/.../vn of parameters and one core t (the last
parameter, if all are), t is multiplied first, by wm to w1, and then divided: one term for one text, so that the text of
a term reads back as that term (unless it is so long that `kernel.term.text` names its parts).

The parser is an operator-precedence parser with its own stacks, so depth is no limit; equal terms become one object.

>>> claim = parse_claim("min(a, b) == b - relu(b - a)", where="0 <= a <= 1")
>>> print(claim)
for all real a, b with 0 <= a, a <= 1: min(a, b) == b - relu(b - a)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence, Set
from contextlib import suppress
from fractions import Fraction
from typing import NamedTuple

from symcircuits.errors import ClaimError
from symcircuits.kernel.certificate import is_name
from symcircuits.kernel.number import integer_from_text
from symcircuits.kernel.term import ONE, RELATIONS, Claim, Comparison, Term, evaluate, subterms

LENGTH, DEPTH, DIGITS, PARAMETERS = 5_000_000, 100_000, 10_000, 64
TOO_LONG = f"a number of more than {DIGITS} digits; use smaller numbers"
TOO_BIG = 10**DIGITS
WIDTH_BEFORE, WIDTH_AFTER, CLIP = 40, 30, 40

SPACE = " \t\r\n\f"
MIRROR = str.maketrans("<>", "><")
FUNCTIONS = {name: name.lower() for name in ("relu", "ReLU", "Relu", "min", "Min", "max", "Max", "abs", "Abs")}
KNOWN = "the functions are relu(t), abs(t), min(t, ...), max(t, ...)"
LINEAR = "the domain must be given by linear constraints"
UNREAL = frozenset({"nan", "inf", "infinity", "oo"})
LEVEL = {"(": 0, "*": 1, "/": 1, "-": 2, "**": 3}
HINTS = {
    "^": "write ** for powers", "|": "write abs(x) for |x|", "=": "write ==", "!=": "a claim is one of == <= >= < >",
    "=<": "write <=", "=>": "write >=", "<>": "a claim is one of == <= >= < >", "≤": "write <=", "≥": "write >=",
    "\u2212": "write -", "\u00d7": "write *", "\u00b7": "write *", "\u22c5": "write *", "÷": "write /",
    "[": "write ( )", "]": "write ( )", "{": "write ( )", "}": "write ( )",
}  # fmt: skip
TOKEN = re.compile(
    r"""[ \t\r\n\f]*(?:
    (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<name>(?:[A-Za-z_]|[^\x00-\x7f])(?:[A-Za-z0-9_]|[^\x00-\x7f])*) (?P<call>[ \t\r\n\f]*\()?
    | (?P<symbol>\*\*|==|<=|>=|!=|=<|=>|<>|[-+*/(),<>=])
    | (?P<end>\Z)
    | (?P<other>.))""",
    re.VERBOSE | re.DOTALL,
)
FINITE = re.compile(r"\s*(\{|[^,<>=]*\.\.)")

Item = tuple[Fraction, Term]
Let = Sequence[tuple[str, str]]
UNIT = Fraction(1)


class ParseError(ClaimError):
    """A text that cannot be read: what is wrong at which line and column, the line, and a caret under the place."""

    source: str = ""
    position: int = 0


class UnsupportedDomain(ParseError):
    """A domain that is well formed, and that no prover handles yet: `x in {0,1}`, `x in -6..6`."""


class _Refusal(Exception):
    """What is wrong with a term; the parser adds the place."""


class _Varies(_Refusal):
    """An operation on terms that is not linear: what is wrong, and the remedy outside a domain."""


class _Source(NamedTuple):
    """A text and what messages call it."""

    text: str
    what: str

    def error(self, message: str, position: int, kind: type[ParseError] = ParseError) -> ParseError:
        begin = self.text.rfind("\n", 0, position) + 1
        end = self.text.find("\n", position)
        end = len(self.text) if end < 0 else end
        start, stop = max(begin, position - WIDTH_BEFORE), min(end, position + WIDTH_AFTER)
        before = ("…" if start > begin else "") + _visible(self.text[start:position])
        after = _visible(self.text[position:stop]) + ("…" if stop < end else "")
        line = self.text.count("\n", 0, begin) + 1
        head = f"in {self.what}, line {line}, column {position - begin + 1}: {_visible(message)}"
        error = kind(f"{head}\n  {before}{after}\n  {' ' * _columns(before)}^")
        error.source, error.position = self.text, position
        return error


def _visible(text: str) -> str:
    """The text with what a terminal would not show, or would obey, as an escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def _columns(text: str) -> int:
    """The columns of a terminal that printable text takes."""
    marks = sum(unicodedata.category(c) in ("Mn", "Me") or unicodedata.combining(c) > 0 for c in text)
    return len(text) - marks + sum(unicodedata.east_asian_width(c) in ("W", "F") for c in text)


def _clip(text: str) -> str:
    return text if len(text) <= CLIP else text[: CLIP - 1] + "…"


def _tokens(source: _Source) -> Iterator[tuple[str, str, int]]:
    """The kind, text and position of each token; the last is of the kind "end"."""
    text, place = source.text, 0
    while True:
        match = TOKEN.match(text, place)
        if match is None:
            raise source.error("this cannot be read", place)
        kind, place = match.lastgroup or "", match.end()
        word, at = match[kind], match.start(kind)
        if kind in ("name", "call"):
            word, at = match["name"], match.start("name")
            if not word.isascii() and (size := _identifier_size(word)) < len(word):
                kind, word = ("name", word[:size]) if size else ("other", word[0])
                place = at + len(word)
        if kind == "other" or word in HINTS:
            raise source.error(_unexpected(word), at)
        yield kind, word, at if kind != "end" else len(text.rstrip(SPACE))
        if kind == "end":
            return


def _identifier_size(word: str) -> int:
    """The length of the longest identifier that starts the word; Python's, less the dot that looks like a product."""
    for size, c in enumerate(word):
        if c in "\u00b7\u0387" or not (f"x{c}" if size else c).isidentifier():
            return size
    return len(word)


def _unexpected(word: str) -> str:
    if word in HINTS:
        return f"{word!r} is not part of the language; {HINTS[word]}"
    if word.isdigit():
        return f"the digit {word!r} is not one of 0 to 9; write numbers with 0 to 9"
    return f"unexpected character {word!r} ({unicodedata.name(word, 'without a name')}); remove it"


def _limited(value: Fraction) -> Fraction:
    """The value itself, refused where it has too many digits."""
    if abs(value.numerator) >= TOO_BIG or value.denominator >= TOO_BIG:
        raise _Refusal(TOO_LONG)
    return value


def _number(word: str) -> Fraction:
    """The rational that a decimal or scientific literal spells; its size is known before it is computed."""
    mantissa, _, power = word.lower().partition("e")
    whole, _, decimals = mantissa.partition(".")
    size = power.lstrip("+-0")
    if len(whole) + len(decimals) > DIGITS or len(size) > len(str(DIGITS)):
        raise _Refusal(TOO_LONG)
    shift = (-1 if power.startswith("-") else 1) * int(size or "0") - len(decimals)
    if abs(shift) > DIGITS:
        raise _Refusal(TOO_LONG)
    digits = integer_from_text(whole + decimals)
    return _limited(Fraction(digits * 10**shift) if shift >= 0 else Fraction(digits, 10**-shift))


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    """base**exponent, refused before it is computed where it would be too long."""
    if exponent.denominator != 1:
        raise _Refusal("an exponent that is not an integer; write an integer exponent")
    if not base and exponent < 0:
        raise _Refusal("a division by zero")
    bits = max(abs(base.numerator), base.denominator).bit_length() - 1
    if bits * abs(exponent.numerator) > TOO_BIG.bit_length():
        raise _Refusal(TOO_LONG)
    return _limited(base**exponent.numerator)


def _unscaled(term: Term) -> tuple[list[Term], Term, list[Term]]:
    above: list[Term] = []
    below: list[Term] = []
    while term.kind == "scale":
        (above if term.exponent == 1 else below).append(term.args[1])
        term = term.args[0]
    return above, term, below[::-1]


class _Terms:
    """The terms made so far, each once, the values of those without variables, and what the names stand for."""

    def __init__(self, signed: Set[str] = frozenset()) -> None:
        self.made: dict[object, Term] = {("one", (), (), "", 0): ONE}
        self.values: dict[int, Fraction] = {id(ONE): UNIT}
        self.numbers: dict[str, Fraction] = {}
        self.names: dict[str, Item] = {}
        self.defined: set[str] = set()
        self.pending: set[str] = set()
        self.signed = set(signed)

    # The keys hold the ids of parts: safe, because `made` keeps every part alive.
    def make(
        self, kind: str, args: tuple[Term, ...] = (), coefficients: tuple[Fraction, ...] = (), name: str = "",
        exponent: int = 0,
    ) -> Term:  # fmt: skip
        key = (kind, tuple(map(id, args)), coefficients, name, exponent)
        term = self.made.get(key)
        if term is None:
            term = self.made[key] = Term(kind, args, coefficients, name, exponent)
            if args and all(id(part) in self.values for part in args):
                self.values[id(term)] = self.value_of_parts(term)
        return term

    def number(self, word: str) -> Fraction:
        value = self.numbers.get(word)
        if value is None:
            value = self.numbers[word] = _number(word)
        return value

    def value_of_parts(self, term: Term) -> Fraction:
        """The value of a term from its parts' values; a sum is limited at each step, other kinds add no digits."""
        parts = [self.values[id(part)] for part in term.args]
        if term.kind != "sum":
            names = [str(place) for place in range(len(parts))]
            shallow = term._replace(args=tuple(Term("variable", name=name) for name in names))
            return evaluate(shallow, dict(zip(names, parts, strict=True)))
        value = Fraction(0)
        for c, part in zip(term.coefficients, parts, strict=True):
            value = _limited(value + c * part)
        return value

    def close(self, items: Sequence[Item]) -> Term:
        """The sum of the items; a lone term with coefficient 1 is itself."""
        if len(items) == 1 and items[0][0] == 1 and items[0][1] is not ONE:
            return items[0][1]
        return self.make("sum", tuple(part for _, part in items), tuple(c for c, _ in items))

    def bracket(self, items: Sequence[Item]) -> Item:
        """The sum of the items as a factor; a lone number is itself."""
        return items[0] if len(items) == 1 and items[0][1] is ONE else (UNIT, self.close(items))

    def constant(self, item: Item) -> Fraction | None:
        """The value of an item without variables; None for others."""
        value = self.values.get(id(item[1]))
        return None if value is None else item[0] * value

    def is_parameter(self, term: Term) -> bool:
        return term.kind == "variable" and term.name in self.signed

    def factors(self, item: Item) -> tuple[Fraction, list[Term], Term, list[Term]]:
        """The item as c * w1*...*wm * core / v1/.../vn; a sum of one item that hides a parameter is opened."""
        c, inner = item
        while inner.kind == "sum" and len(inner.args) == 1:
            c, inner = _limited(c * inner.coefficients[0]), inner.args[0]
        above, core, below = _unscaled(inner)
        if inner is not item[1] and not (core is ONE or self.is_parameter(core)):
            return item[0], [], item[1], []
        return c, above, core, below

    def product(self, left: Item, right: Item) -> Item:
        """left * right; refused unless one is constant or, but for parameters, at most one varies."""
        a, b = self.constant(left), self.constant(right)
        if a is not None and b is not None:
            return _limited(a * b), ONE
        if a is not None:
            return _limited(a * right[0]), right[1]
        if b is not None:
            return _limited(left[0] * b), left[1]
        c, above, core, below = self.factors(left)
        d, over, other, under = self.factors(right)
        if core is ONE:
            core = other
        elif self.is_parameter(core) and other is not ONE:
            above, core = [*above, core], other
        elif self.is_parameter(other):
            over = [*over, other]
        elif other is not ONE:
            raise _Varies(
                f"{self.shown(left)}*{self.shown(right)} is a product of two expressions that vary",
                'give the sign of one factor, e.g. --where "x > 0", to make it a parameter',
            )
        return _limited(c * d), self.scaled(above + over, core, below + under)

    def quotient(self, left: Item, right: Item) -> Item:
        """left / right; refused unless right is a constant other than 0 or a product of parameters."""
        divisor = self.constant(right)
        if divisor == 0:
            raise _Refusal("a division by zero")
        if divisor is not None:
            return self.product(left, (_limited(1 / divisor), ONE))
        c, above, core, below = self.factors(right)
        if c == 0 or not (core is ONE or self.is_parameter(core)):
            raise _Varies(
                f"{self.shown(left)}/{self.shown(right)} divides by an expression that varies",
                'divide only by numbers and by variables whose sign is given, e.g. --where "x > 0"',
            )
        inverse = self.scaled(below, ONE, above if core is ONE else [*above, core])
        return self.product(left, (_limited(1 / c), inverse))

    def scaled(self, above: list[Term], core: Term, below: list[Term]) -> Term:
        """above * core / below as one term, in the order that the module's docstring fixes."""
        if len(above) + len(below) > PARAMETERS:
            raise _Refusal(f"a product of more than {PARAMETERS} parameters; name a part of it as one variable")
        if core is ONE and above:
            *above, core = above
        for parameter in reversed(above):
            core = self.make("scale", (core, parameter), exponent=1)
        for parameter in below:
            core = self.make("scale", (core, parameter), exponent=-1)
        return core

    def power(self, base: Item, exponent: Item) -> Item:
        """base ** exponent; refused unless the base is constant or the exponent 0 or 1."""
        n, value = self.constant(exponent), self.constant(base)
        if n is None:
            raise _Varies(f"the exponent {self.shown(exponent)} varies", "write an integer exponent")
        if value is not None:
            return _power(value, n), ONE
        if n in (0, 1):
            return base if n else (UNIT, ONE)
        power = f"{self.shown(base)}**{self.shown((n, ONE))}"
        raise _Varies(f"{power} is not piecewise linear", "only constants have exponents other than 0 and 1")

    def shown(self, item: Item) -> str:
        """A factor as messages name it: without its sign, which may be that of a binary minus."""
        c, part = item
        whole = self.close([(abs(c), part)])
        return _clip(f"({whole})" if whole.kind == "sum" and len(whole.args) > 1 else str(whole))


class _Frame:
    """An open bracket or call: what stands before the current summand."""

    def __init__(self, function: str, position: int) -> None:
        self.function, self.position = function, position
        self.items: list[Item] = []
        self.args: list[Term] = []


class _Parser:
    """Reads one source into terms; `linear` allows no function, as the comparisons of a domain."""

    def __init__(self, source: _Source, terms: _Terms, linear: bool = False) -> None:
        self.source, self.terms, self.linear = source, terms, linear
        self.frames = [_Frame("", 0)]
        self.operators: list[tuple[str, int]] = [("(", 0)]
        self.operands: list[Item] = []
        self.waiting = True
        if len(source.text) > LENGTH:
            raise source.error(f"a text of {len(source.text)} characters; at most {LENGTH} are read", 0)

    def sides(self) -> Iterator[tuple[Term, str, int]]:
        """Each expression with the relation, the comma or the "" (the end) that stops it, and that one's position."""
        for kind, word, at in _tokens(self.source):
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
            except _Refusal as refusal:
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
        self.operands.append(item)
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
            except _Varies as refusal:
                what, remedy = refusal.args
                raise self.source.error(f"{what}; {LINEAR if self.linear else remedy}", at) from None
            except _Refusal as refusal:
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
            raise self.source.error(f"{_clip(word)} is not a function of the language; {KNOWN}", at)
        if self.linear:
            raise self.source.error(f"{word} in the domain; {LINEAR}", at)
        return name

    def named(self, word: str, at: int) -> Item:
        name = word if word.isascii() else unicodedata.normalize("NFKC", word)
        item = self.terms.names.get(name)
        if item is None:
            if reason := _reserved(name) or (name in self.terms.pending and f"{name} is used before it is defined"):
                raise self.source.error(reason, at)
            item = self.terms.names[name] = (UNIT, self.terms.make("variable", name=name))
        elif self.linear and name in self.terms.defined and not _is_affine(item[1]):
            raise self.source.error(f"{_clip(name)} stands for {self.terms.shown(item)}; {LINEAR}", at)
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
        if word == "in" and self.linear and FINITE.match(source.text, at + 2):
            message = "finite domains are not supported yet; give linear constraints, e.g. 0 <= x, x <= 1"
            return source.error(message, at, UnsupportedDomain)
        if word.startswith("_") and source.text[at - 1 : at].isdigit():
            return source.error("an underscore in a number; write the digits without it", at)
        return source.error(f"an operator is missing before {_clip(word)!r}; for a product write *", at)


def _is_affine(term: Term) -> bool:
    return all(part.kind in ("one", "variable", "sum") for part in subterms((term,)))


def _reserved(name: str) -> str:
    """Why the name cannot be a variable; empty if it can."""
    if name in FUNCTIONS:
        return f"{name} is a function and needs its brackets: {name}(...); {KNOWN}"
    if name.lower() in UNREAL:
        return f"{name} is not a number that exists in exact arithmetic; use rational numbers"
    if name.lower() in ("pi", "π"):
        return f"{name} is not rational, and coefficients must be; a variable needs another name"
    if name == "in" or not is_name(name):
        return f"{_clip(name)} is a word of the language; a variable needs another name"
    return ""


def _comparisons(source: _Source, terms: _Terms) -> Iterator[Comparison]:
    """The comparisons of one text of a domain, each two sides of a chain."""
    left, relation = ONE, ""
    for side, stop, at in _Parser(source, terms, linear=True).sides():
        if relation:
            yield Comparison(left, relation, side)
        elif stop not in RELATIONS:
            raise source.error("a comparison is expected, e.g. x >= 0", at)
        left, relation = side, stop if stop in RELATIONS else ""


def _parameters(comparison: Comparison, terms: _Terms) -> Iterator[str]:
    """The variable that the comparison keeps away from 0 on one side, if there is one."""
    left, relation, right = comparison
    for term, sign, bound in ((left, relation, right), (right, relation.translate(MIRROR), left)):
        value = terms.values.get(id(bound))
        if term.kind != "variable" or value is None:
            continue
        if sign[0] == ">" and (value > 0 or (value == 0 and sign == ">")):
            yield term.name
        if sign[0] == "<" and (value < 0 or (value == 0 and sign == "<")):
            yield term.name


def _read_domain(where: str | Sequence[str], terms: _Terms, signed: set[str]) -> Iterator[Comparison]:
    """The comparisons of the domain, with the names of its parameters put into `signed`."""
    for text in [where] if isinstance(where, str) else where:
        if text.strip(SPACE):
            for comparison in _comparisons(_Source(text, "the domain"), terms):
                signed.update(_parameters(comparison, terms))
                yield comparison


def _read_expression(source: _Source, terms: _Terms) -> Term:
    side, stop, at = next(_Parser(source, terms).sides())
    if stop:
        raise source.error(f"{stop!r} in {source.what}; one expression is expected", at)
    return side


def _define(let: Let, terms: _Terms) -> None:
    """Read the definitions in order; each may use the earlier ones."""
    names = [unicodedata.normalize("NFKC", name) for name, _ in let]
    terms.pending.update(names)
    for name, (given, body) in zip(names, let, strict=True):
        source = _Source(given, "the name of a definition")
        if reason := _reserved(name):
            raise source.error(reason, 0)
        if name in terms.defined:
            raise source.error(f"{_clip(name)} is defined twice; give the second another name", 0)
        term = _read_expression(_Source(body, f"the definition of {_clip(name)}"), terms)
        is_number = term.kind == "sum" and term.args == (ONE,)
        terms.names[name] = (term.coefficients[0], ONE) if is_number else (UNIT, term)
        terms.pending.discard(name)
        terms.defined.add(name)


def _prepare(where: str | Sequence[str], let: Let) -> tuple[_Terms, tuple[Comparison, ...]]:
    """The definitions and the domain.

    Definitions may use the parameters of the domain, and the domain may use definitions: so the domain is read first
    for its parameters only, the defined names standing for themselves, and again when they are known.
    """
    signed: set[str] = set()
    if let:
        names = {unicodedata.normalize("NFKC", name) for name, _ in let}
        with suppress(ClaimError):
            for _ in _read_domain(where, _Terms(signed=names), signed):
                pass
    terms = _Terms(signed)
    _define(let, terms)
    terms.signed = set()
    domain = tuple(_read_domain(where, terms, signed))
    terms.signed = signed
    return terms, domain


def parse_expression(text: str, where: str | Sequence[str] = "", let: Let = ()) -> Term:
    """The term that an expression denotes; `ParseError`, a `ClaimError`, shows the place where it cannot be read.

    The domain `where` serves to say which variables are parameters.

    >>> print(parse_expression("relu(w*x)/w + 0.5", where="w > 0"))
    relu(w*x)/w + 1/2
    >>> parse_expression("3*x/2").coefficients
    (Fraction(3, 2),)
    """
    return _read_expression(_Source(text, "the expression"), _prepare(where, let)[0])


def parse_where(text: str | Sequence[str], let: Let = ()) -> tuple[Comparison, ...]:
    """The comparisons of a domain, separated by commas; a chain is one comparison a relation.

    Raises `UnsupportedDomain` for finite domains and `ParseError` for anything else that is not linear.

    >>> for left, relation, right in parse_where("0 <= x <= 1, x + y == 1/2"):
    ...     print(left, relation, right)
    0 <= x
    x <= 1
    x + y == 1/2
    """
    return _prepare(text, let)[1]


def parse_claim(text: str, where: str | Sequence[str] = "", let: Let = ()) -> Claim:
    """The claim that one comparison holds on the domain `where`; `let` names parts that are used more than once.

    Raises `ParseError`, a `ClaimError`, which shows the place, and `UnsupportedDomain`, one of its kind.

    >>> print(parse_claim("2*h == x + h", where="x >= 0", let=[("h", "relu(x)")]))
    for all real x with x >= 0: 2*relu(x) == x + relu(x)
    >>> parse_claim("x < y < z")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    symcircuits.expr.parse.ParseError: in the claim, line 1, column 7: a second relation; state ...
      x < y < z
            ^
    """
    terms, domain = _prepare(where, let)
    source = _Source(text, "the claim")
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
    return Claim(Comparison(left, relation, right), domain)
