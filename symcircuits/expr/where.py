"""Domains from text: comparisons, chains and ranges separated by commas, conditions joined by `and`, `or` and `not`.

    domain      conditions and ranges separated by commas
    condition   condition or condition, which binds weaker than
                condition and condition, which binds weaker than
                not condition, (condition), and chains of comparisons such as 0 <= x <= 1, abs(x) + abs(y) <= 1, w != 0
    range       names in {numbers}, or names in integer..integer

Inside the brackets of a condition a comma is another `and`. What a condition says becomes comparisons of CPWL functions
(`symcircuits.expr.conditions`); products of what varies have no place in a domain.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import accumulate

from symcircuits.expr.build import Refusal, Terms
from symcircuits.expr.conditions import Condition, Every, Some, comparisons, negation, unequal
from symcircuits.expr.parser import UNEQUAL, VALUES, Parser
from symcircuits.expr.source import LOGIC, SPACE, ParseError, Source, Token, tokens, why_no_variable
from symcircuits.kernel.term import RELATIONS, Comparison, Range, Term

NESTED = 100
RANGES = 1_000_000
NAME = r"[^\W\d]\w*"
SIGNED = r"[+-]?\s*[0-9]+"
RANGE = re.compile(
    rf"(?<=\s)in\s*(?:\{{(?P<values>[^{{}}]*)\}}|(?P<first>{SIGNED})\s*\.\.\s*(?P<last>{SIGNED}))\s*(?=,|$)"
)
LOOSE = re.compile(r"(?<=\s)in\s*(?:\{|[+-]?\s*[0-9])")
JOINED = re.compile(rf"\b(?:{'|'.join(sorted(LOGIC))})\b")
VALUE = re.compile(rf"\s*({SIGNED}(?:\.[0-9]+|\s*/\s*[0-9]+)?)\s*")
MIRROR = str.maketrans("<>", "><")


def read_domain(where: str | Sequence[str], terms: Terms, signed: set[str]) -> Iterator[Comparison | Range]:
    """The comparisons and ranges of the domain; the names of its parameters and ranges are put into the terms' sets."""
    for text in [where] if isinstance(where, str) else where:
        masked, ranges = _ranges(text, terms)
        yield from ranges
        if masked.strip(SPACE):
            source = Source(masked, "the domain", text)
            for condition, at in _Conditions(source, terms).read():
                signed.update(_nonzero(condition))
                try:
                    yield from comparisons(condition)
                except Refusal as refusal:
                    raise source.error(str(refusal), at) from None


class _Conditions:
    """The words of one text of a domain, each bracket with its partner, and how many relations stand before each."""

    def __init__(self, source: Source, terms: Terms) -> None:
        self.source, self.terms = source, terms
        self.words = list(_words(source))
        self.partner = _partners(self.words)
        relations = {*RELATIONS, UNEQUAL}
        self.relations = [0, *accumulate(word in relations for _, word, _ in self.words)]

    def read(self) -> Iterator[tuple[Condition, int]]:
        """The conditions between the commas, each with its position."""
        for low, high in self.split(0, len(self.words) - 1, ","):
            yield self.condition(low, high, 0), self.words[low][2]

    def split(self, low: int, high: int, separator: str) -> list[tuple[int, int]]:
        """The places of the parts between separators that no bracket encloses."""
        parts, start, at = list[tuple[int, int]](), low, low
        while at < high:
            if self.words[at][1] == separator:
                parts.append((start, at))
                start = at + 1
            at = self.partner.get(at, at) + 1
        return [*parts, (start, high)]

    def condition(self, low: int, high: int, depth: int) -> Condition:
        """What the words from low to high say."""
        if depth > NESTED:
            raise self.source.error(f"conditions nested more than {NESTED} deep", self.words[low][2])
        made: tuple[tuple[str, Callable[[tuple[Condition, ...]], Condition]], ...] = (
            (",", Every),
            ("or", Some),
            ("and", Every),
        )
        for separator, join in made:
            parts = self.split(low, high, separator)
            if len(parts) > 1:
                return join(tuple(self.condition(*part, depth + 1) for part in parts))
        if low < high and self.words[low][1] == "not":
            return negation(self.condition(low + 1, high, depth + 1))
        is_closed = low < high and self.words[low][1] == "(" and self.partner.get(low) == high - 1
        if is_closed and self.relations[high] > self.relations[low]:
            return self.condition(low + 1, high - 1, depth + 1)
        return self.chain(low, high)

    def chain(self, low: int, high: int) -> Condition:
        """A chain of comparisons, one for each two neighbouring sides."""
        _, word, at = self.words[high]
        found, sides = list[Condition](), list[tuple[Term, str]]()
        for side, stop, place in Parser(
            self.source, self.terms, (*self.words[low:high], ("end", word, at)), True
        ).sides():
            if sides:
                left, relation = sides[-1]
                found.append(unequal(left, side) if relation == UNEQUAL else Comparison(left, relation, side))
            elif stop not in RELATIONS and stop != UNEQUAL:
                raise self.source.error("a comparison is expected, e.g. x >= 0", place)
            sides.append((side, stop))
        return found[0] if len(found) == 1 else Every(tuple(found))


def _words(source: Source) -> Iterator[Token]:
    """The tokens of a domain; and, or, not never call what follows them."""
    for kind, word, at in tokens(source, (UNEQUAL,)):
        if kind == "call" and word in LOGIC:
            yield "name", word, at
            yield "symbol", "(", source.text.index("(", at)
        else:
            yield kind, word, at


def _partners(words: Sequence[Token]) -> dict[int, int]:
    """The place of the closing bracket of each opening one; empty where they do not match."""
    partner: dict[int, int] = {}
    stack: list[int] = []
    for at, (kind, word, _) in enumerate(words):
        if kind == "call" or word == "(":
            stack.append(at)
        elif word == ")":
            if not stack:
                return {}
            partner[stack.pop()] = at
    return {} if stack else partner


def _nonzero(condition: Condition) -> set[str]:
    """The variables that the condition keeps away from 0 by comparing them with a number."""
    match condition:
        case Every(parts):
            return set[str]().union(*map(_nonzero, parts))
        case Some(parts):
            return set[str].intersection(*map(_nonzero, parts))
    left, relation, right = condition
    sides = ((left, relation, right), (right, relation.translate(MIRROR), left))
    return {name for side in sides if (name := _away_from_zero(*side))}


def _away_from_zero(term: Term, relation: str, bound: Term) -> str:
    """The variable that is `term`, or whose absolute value it is, if the comparison keeps it away from 0, else ''."""
    name = term.args[0].name if term.kind == "abs" else term.name if term.kind == "variable" else ""
    if bound.kind != "sum" or any(part.kind != "one" for part in bound.args) or name == "1":
        return ""
    value = sum(bound.coefficients, Fraction(0))
    above = relation[0] == ">" and (value > 0 or (value == 0 and relation == ">"))
    below = relation[0] == "<" and (value < 0 or (value == 0 and relation == "<"))
    return name if above or (below and term.kind == "variable") or (relation == "==" and value != 0) else ""


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
    if loose := LOOSE.search(left):
        remedy = "a range cannot be joined by and, or, not; put commas around it, or write x == 0 or x == 1"
        raise source.error(remedy if JOINED.search(left) else VALUES, loose.start())
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
