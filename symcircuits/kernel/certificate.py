"""Certificates: JSON text in, exact values out. The format is specified in the documentation's page on certificates.

A certificate is a JSON object

    {"format": "symcircuits-certificate", "version": 1, "theorems": [theorem, ...]}

and a theorem is {"variables", "terms", "where", "claim", "proof"}, with "ranges" if variables have finitely many
values. Terms are numbered: first the variables, then the entries of "terms", each of which refers to earlier numbers
only. A proof is a flat list of steps in prefix order: a step closes the pending goal or replaces it by the goals that
the next steps prove, first to last.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple, NoReturn
from unicodedata import category, is_normalized

from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.number import DIGITS, integer_from_text, rational_from_text
from symcircuits.kernel.term import RELATIONS, Claim, Comparison, Range, Term, scale, total, variable

FORMAT, VERSION = "symcircuits-certificate", 1
BYTES, ENTRIES, PLAIN = 20_000_000, 1_000_000, "_0123456789"
RESERVED = frozenset({"relu", "max", "min", "abs", "in", "inf", "infinity", "nan", "oo", "pi"})


class Draft(NamedTuple):
    """What one theorem of a certificate says and how it says it is proved; nothing is checked yet but the form.

    has_quotients: whether a term divides by a variable
    """

    variables: tuple[str, ...]
    terms: tuple[Term, ...]
    claim: Claim
    proof: tuple[list[Any], ...]
    has_quotients: bool


def is_name(name: str) -> bool:
    """Whether a text can name a variable: an identifier of upper- and lower-case letters, digits and _, no word in use.

    Other letters are left out: some look like nothing, or like signs, and a statement with such a name would lie.

    >>> is_name("x1"), is_name("α"), is_name("relu"), is_name("x y"), is_name("")
    (True, True, False, False, False)
    """
    plain = all(letter in PLAIN or category(letter) in ("Lu", "Ll") for letter in name)
    return plain and name.isidentifier() and is_normalized("NFKC", name) and name.lower() not in RESERVED


def reject(message: str) -> NoReturn:
    """Raise `CertificateRejected`."""
    raise CertificateRejected(message)


def read(text: str) -> list[Any]:
    """The theorems of a certificate's text as plain data for `draft`; `CertificateRejected` where the form is wrong."""
    if len(text) > BYTES:
        reject(f"it has {len(text)} characters; at most {BYTES} are accepted")
    try:
        hooks: dict[str, Any] = {"parse_int": integer_from_text, "parse_float": _no_float, "parse_constant": _no_float}
        top = _fields(json.loads(text, object_pairs_hook=_object, **hooks), ("format", "version", "theorems"), "it")
    except (RecursionError, ValueError) as error:
        reject(f"it is not a certificate: {error}")
    if top["format"] != FORMAT or type(top["version"]) is not int or top["version"] != VERSION:
        reject(f'it must be of format "{FORMAT}" and of version {VERSION}')
    return listed(top["theorems"], "theorems") or reject("it has no theorem")


def _no_float(text: str) -> NoReturn:
    raise ValueError(f'{text} is not exact; write rationals as integers or as text such as "1/3"')


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("an object has a key twice")
    return dict(pairs)


def _fields(value: Any, names: tuple[str, ...], what: str) -> dict[str, Any]:
    if type(value) is not dict or set(value) != set(names):
        reject(f"{what} must be an object with the keys {', '.join(names)}")
    return value


def listed(value: Any, what: str) -> list[Any]:
    """The value if it is a list of acceptable length."""
    if type(value) is not list or len(value) > ENTRIES:
        reject(f"{what} must be a list of at most {ENTRIES} entries")
    return value


def tuples(values: Any, size: int, what: str) -> list[Any]:
    """The values if they are a list of lists of that size."""
    entries = listed(values, what)
    if not all(type(entry) is list and len(entry) == size for entry in entries):
        reject(f"each of the {what} must be a list of {size} entries")
    return entries


def index(value: Any, size: int, what: str) -> int:
    """An integer from 0 to size - 1, or a rejection that says what it should have been."""
    if type(value) is not int or not 0 <= value < size:
        reject(f"{what} must be an integer from 0 to {size - 1}")
    return value


def rational(value: Any) -> Fraction:
    """The rational that an integer or a text `p/q` stands for."""
    try:
        return Fraction(value) if type(value) is int else rational_from_text(value)
    except (AttributeError, TypeError, ValueError):
        reject(f'a rational must be an integer or a text "p" or "p/q", q > 0, of at most {DIGITS} digits')


def items(values: Any, size: int, what: str) -> list[tuple[Fraction, int | None]]:
    """The pairs (c, i) of a combination; an entry is [c, i] with i below `size`, or c alone, which has `None` for i."""
    entries = [entry if type(entry) is list and len(entry) == 2 else [entry] for entry in listed(values, what)]
    return [(rational(c), index(at[0], size, what) if at else None) for c, *at in entries]


def draft(data: Any) -> Draft:
    """A theorem from plain data, well formed and unchecked."""
    optional = ("ranges",) if type(data) is dict and "ranges" in data else ()
    fields = _fields(data, ("variables", "terms", "where", *optional, "claim", "proof"), "a theorem")
    names = listed(fields["variables"], "variables")
    if not all(type(name) is str and is_name(name) for name in names) or len(set(names)) < len(names):
        reject("variables must be distinct names")
    terms = [variable(name) for name in names]
    for entry in listed(fields["terms"], "terms"):
        terms.append(_term(entry, terms, len(names)))
    where = tuple(_comparison(entry, terms) for entry in listed(fields["where"], "where"))
    steps = tuple(listed(step, "a step") for step in listed(fields["proof"], "a proof"))
    if not all(step and type(step[0]) is str for step in steps):
        reject("a step must begin with the name of its rule")
    ranges = _ranges(fields.get("ranges", []), names)
    claim = Claim(_comparison(fields["claim"], terms), where, ranges)
    return Draft(tuple(names), tuple(terms), claim, steps, any(term.exponent < 0 for term in terms))


def _ranges(entries: Any, names: Sequence[str]) -> tuple[Range, ...]:
    """The ranges from entries [variable's number, [value, ...]], values increasing, each variable at most once."""
    pairs = tuples(entries, 2, "ranges")
    found = [(index(at, len(names), "a variable's number"), listed(values, "values")) for at, values in pairs]
    ranges = tuple(Range(names[at], tuple(map(rational, values))) for at, values in found)
    if len({name for name, _ in ranges}) < len(ranges):
        reject("a variable has two ranges")
    if not all(values and all(low < high for low, high in pairwise(values)) for _, values in ranges):
        reject("the values of a range must be there and increase")
    return ranges


def _term(entry: Any, terms: Sequence[Term], variables: int) -> Term:
    kind, *rest = listed(entry, "a term") or [None]
    size, one = len(terms), Term("one", name="1")
    match kind:
        case "one" if not rest:
            return one
        case "sum":
            return total((c, one if at is None else terms[at]) for c, at in items(rest, size, "a term's number"))
        case "relu" | "abs" | "max" | "min" if rest and (len(rest) == 1 or kind in ("max", "min")):
            return Term(kind, tuple(terms[index(at, size, "a term's number")] for at in rest))
        case "scale" if len(rest) == 3 and type(rest[2]) is int and rest[2] in (1, -1):
            part = terms[index(rest[0], size, "a term's number")]
            return scale(part, terms[index(rest[1], size if rest[2] > 0 else variables, "a factor's number")], rest[2])
        case _:
            reject(f"term {size} is not a term")


def _comparison(entry: Any, terms: Sequence[Term]) -> Comparison:
    values = listed(entry, "a comparison")
    if len(values) != 3 or type(values[0]) is not str or values[0] not in RELATIONS:
        reject(f"a comparison must be [relation, left, right] with a relation of {', '.join(RELATIONS)}")
    left, right = (terms[index(at, len(terms), "a term's number")] for at in values[1:])
    return Comparison(left, values[0], right)
