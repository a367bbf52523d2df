"""Terms as a person types them: how statements are printed, which decides nothing about what is proved.

Terms come as a table of rows (kind, numbers of earlier rows that are its parts, coefficients, name, exponent).

>>> rows = [("variable", (), (), "a", 0), ("relu", (0,), (), "", 0), ("sum", (1,), (Fraction(-1, 2),), "", 0)]
>>> written(rows, [2])
(['-relu(a)/2'], [])
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from symcircuits.kernel.number import rational_to_text

Row = tuple[str, tuple[int, ...], tuple[Fraction, ...], str, int]
LONG, SHORT = 2000, 24
Texts = tuple[list[str], list[tuple[str, str]]]
"""Texts, and the definitions (name, text) of what has a name in them."""


def range_text(name: str, values: Sequence[Fraction]) -> str:
    """That a variable is one of the values.

    >>> range_text("x", [*map(Fraction, range(4))]), range_text("y", [Fraction(1, 2)])
    ('x in 0..3', 'y in {1/2}')
    """
    texts = [*map(rational_to_text, values)]
    if len(values) > 3 and values[0].denominator == 1 and [*values] == [values[0] + at for at in range(len(values))]:
        return f"{name} in {texts[0]}..{texts[-1]}"
    return f"{name} in {{{', '.join(texts)}}}"


def claim_text(names: Sequence[str], sides: Texts, relations: Sequence[str], ranges: Sequence[str]) -> str:
    """A claim from the texts of its sides, two for each relation, that of the goal first."""
    texts, definitions = sides
    pairs = zip(texts[::2], relations, texts[1::2], strict=True)
    goal, *where = (f"{left} {relation} {right}" for left, relation, right in pairs)
    domain = ", ".join([*where, *ranges])
    scope = f"for all real {', '.join(names)}" if names else "without variables"
    head = f"{scope}{' with ' if domain else ''}{domain}: {goal}"
    return "\n".join([head, *(f"  where {name} = {body}" for name, body in definitions)])


def written(rows: Sequence[Row], places: Sequence[int], share: bool = False) -> Texts:
    """The texts of the rows at the places, and the definitions (name, text) of the parts that stand for themselves.

    A part longer than `LONG` characters gets a name, so that the text of a deep graph stays short; with `share` so does
    a part of more than `SHORT` characters that occurs more than once.
    """
    rows = list(rows)
    uses = [0] * len(rows)
    for index in [*(i for row in rows for i in row[1]), *places]:
        uses[index] += 1
    taken = {row[3] for row in rows}
    names = (name for name in (f"t{number}" for number in range(1, len(rows) + len(taken) + 1)) if name not in taken)
    texts: list[str] = []
    definitions: list[tuple[str, str]] = []
    for row, used in zip(rows, uses, strict=True):
        body = _text_of_row(row, [texts[index] for index in row[1]], [rows[index][0] for index in row[1]])
        if len(body) > LONG or (share and used > 1 and len(body) > SHORT):
            name = next(names)
            definitions.append((name, body))
            rows[len(texts)] = ("variable", *row[1:])
            body = name
        texts.append(body)
    return [texts[place] for place in places], definitions


def _text_of_row(row: Row, parts: list[str], kinds: list[str]) -> str:
    kind, _, coefficients, name, exponent = row
    closed = [f"({part})" if kind == "sum" else part for part, kind in zip(parts, kinds, strict=True)]
    match kind:
        case "one" | "variable":
            return name
        case "scale":
            return f"{closed[1]}*{closed[0]}" if exponent == 1 else f"{closed[0]}/{closed[1]}"
        case "sum":
            return _text_of_sum(coefficients, closed, kinds)
        case _:
            return f"{kind}({', '.join(parts)})"


def _text_of_sum(coefficients: tuple[Fraction, ...], parts: list[str], kinds: list[str]) -> str:
    pieces: list[str] = []
    for c, part, kind in zip(coefficients, parts, kinds, strict=True):
        size, body = abs(c), part
        if kind == "one":
            body = rational_to_text(size)
        elif size.numerator == 1 and size != 1:
            body = f"{part}/{rational_to_text(1 / size)}"
        elif size != 1:
            body = f"{rational_to_text(size)}*{part}"
        pieces += [" - " if c < 0 else " + ", body]
    start = "-" if pieces and pieces[0] == " - " else ""
    return start + "".join(pieces[1:]) or "0"
