"""Texts of the language: their words and tokens, and the error that shows a place in them.

Here belongs what is true of a text before anything is built from it: which characters and names the language has,
where one token ends and the next begins, and how a message points at a character, whatever its width on a terminal.

>>> [word for _, word, _ in tokens(Source("2*relu(x) <= y", "the claim"))]
['2', '*', 'relu', 'x', ')', '<=', 'y', '']
>>> print(Source("a + b", "the claim").error("what is wrong", 2))
in the claim, line 1, column 3: what is wrong
  a + b
    ^
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator
from typing import NamedTuple

from symcircuits.errors import ClaimError
from symcircuits.kernel.certificate import is_name

LENGTH = 5_000_000
WIDTH_BEFORE, WIDTH_AFTER, CLIP = 40, 30, 40

SPACE = " \t\r\n\f"
FUNCTIONS = {name: name.lower() for name in ("relu", "ReLU", "Relu", "min", "Min", "max", "Max", "abs", "Abs")}
KNOWN = "the functions are relu(t), abs(t), min(t, ...), max(t, ...)"
UNREAL = frozenset({"nan", "inf", "infinity", "oo"})
LOGIC = frozenset({"and", "or", "not"})
NO_CLAIM = "a claim is one of == <= >= < >; a domain may say !="
HINTS = {
    "^": "write ** for powers", "|": "write abs(x) for |x|", "=": "write ==", "!=": NO_CLAIM,
    "=<": "write <=", "=>": "write >=", "<>": NO_CLAIM, "≤": "write <=", "≥": "write >=",
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


class ParseError(ClaimError):
    """A text that cannot be read: what is wrong at which line and column, the line, and a caret under the place."""

    source: str = ""
    position: int = 0


class NotLinear(ParseError):
    """A product, quotient or power of what varies."""


class Source(NamedTuple):
    """A text and what messages call it; they show the text `shown`, of the same length, if there is one."""

    text: str
    what: str
    shown: str = ""

    def error(self, message: str, position: int, kind: type[ParseError] = ParseError) -> ParseError:
        """The error that says what is wrong at a position, and shows its line with a caret under the place."""
        text = self.shown or self.text
        begin = text.rfind("\n", 0, position) + 1
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        start, stop = max(begin, position - WIDTH_BEFORE), min(end, position + WIDTH_AFTER)
        before = ("…" if start > begin else "") + _visible(text[start:position])
        after = _visible(text[position:stop]) + ("…" if stop < end else "")
        line = text.count("\n", 0, begin) + 1
        head = f"in {self.what}, line {line}, column {position - begin + 1}: {_visible(message)}"
        error = kind(f"{head}\n  {before}{after}\n  {' ' * _columns(before)}^")
        error.source, error.position = text, position
        return error


def _visible(text: str) -> str:
    """The text with what a terminal would not show, or would obey, as an escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def _columns(text: str) -> int:
    """The columns of a terminal that printable text takes."""
    marks = sum(unicodedata.category(c) in ("Mn", "Me") or unicodedata.combining(c) > 0 for c in text)
    return len(text) - marks + sum(unicodedata.east_asian_width(c) in ("W", "F") for c in text)


def clip(text: str) -> str:
    """The text as messages quote it: its beginning, if it is long."""
    return text if len(text) <= CLIP else text[: CLIP - 1] + "…"


Token = tuple[str, str, int]
"""The kind, text and position of a word."""


def tokens(source: Source, more: Container[str] = ()) -> Iterator[Token]:
    """The kind, text and position of each token; the last is of the kind "end".

    Kinds are number, name, call (a name with the bracket that follows it), symbol and end. Raises `ParseError` at what
    is not part of the language, but for the symbols in `more`, and for a text of more than `LENGTH` characters.
    """
    text, place = source.text, 0
    if len(text) > LENGTH:
        raise source.error(f"a text of {len(text)} characters; at most {LENGTH} are read", 0)
    while match := TOKEN.match(text, place):
        kind, place = match.lastgroup or "", match.end()
        word, at = match[kind], match.start(kind)
        if kind in ("name", "call"):
            word, at = match["name"], match.start("name")
            if not word.isascii() and (size := _identifier_size(word)) < len(word):
                kind, word = ("name", word[:size]) if size else ("other", word[0])
                place = at + len(word)
        if kind == "other" or (word in HINTS and word not in more):
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


def why_no_variable(name: str) -> str:
    """Why the name cannot be a variable; empty if it can.

    >>> why_no_variable("x1"), why_no_variable("in")
    ('', 'in is a word of the language; a variable needs another name')
    """
    if name in FUNCTIONS:
        return f"{name} is a function and needs its brackets: {name}(...); {KNOWN}"
    if name.lower() in UNREAL:
        return f"{name} is not a number that exists in exact arithmetic; use rational numbers"
    if name.lower() in ("pi", "π"):
        return f"{name} is not rational, and coefficients must be; a variable needs another name"
    if is_name(name) and name not in LOGIC:
        return ""
    if not name.isidentifier():
        return f"{clip(name)} is not a name; a name begins with a letter and goes on with letters, digits and _"
    if name.isascii():
        return f"{clip(name)} is a word of the language; a variable needs another name"
    return f"{clip(name)} has letters that are neither upper nor lower case; a variable needs another name"
