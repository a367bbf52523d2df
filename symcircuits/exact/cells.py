"""Cells: the polyhedra on which terms are affine, found by splitting on what relu, abs, max and min choose.

An affine form in the variables x1, ..., xn is a vector (constant, c1, ..., cn) of rationals, a row such a vector of
integers, as in `symcircuits.exact.simplex`. On a cell every relu, abs, max and min of the terms has one largest (least)
argument; two cells differ in one of these choices, so their interiors are disjoint. Arguments that are equal on all of
a cell are one choice.

>>> from symcircuits.kernel.term import variable
>>> x, y = variable("x"), variable("y")
>>> for cell in cells([Term("max", (Term("relu", (x,)), y))], ("x", "y"), [(0, 0, 1)]):  # where y >= 0
...     print(cell.rows, cell.values[0])
((0, 0, 1), (0, 1, 0), (0, 1, -1)) (Fraction(0, 1), Fraction(1, 1), Fraction(0, 1))
((0, 0, 1), (0, 1, 0), (0, -1, 1)) (Fraction(0, 1), Fraction(0, 1), Fraction(1, 1))
((0, 0, 1), (0, -1, 0)) (Fraction(0, 1), Fraction(0, 1), Fraction(1, 1))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple

from symcircuits.errors import NotPiecewiseLinear
from symcircuits.exact.simplex import Implied, Simplex
from symcircuits.kernel.term import Term, table
from symcircuits.kernel.text import Row as Entry

Affine = tuple[Fraction, ...]
Row = tuple[int, ...]
Tick = Callable[[], None]


class Cell(NamedTuple):
    """The polyhedron on which all rows are >= 0, and the affine form that each of the roots is there."""

    rows: tuple[Row, ...]
    values: tuple[Affine, ...]


class _Open(NamedTuple):
    """A cell of the first entries of a table, with their values."""

    rows: tuple[Row, ...]
    simplex: Simplex
    values: list[Affine]


def cells(
    roots: Iterable[Term],
    names: Sequence[str],
    rows: Iterable[Row] = (),
    tick: Tick | None = None,
    report: Callable[[int, int], None] | None = None,
) -> Iterator[Cell]:
    """The cells of the roots inside the polyhedron of the rows; none if it is empty, relative to it if it is flat.

    The names are the variables x1, ..., xn. `tick` is called at each pivot and may raise to stop; `report` is called
    with the number of cells found and of those still open. Raises `NotPiecewiseLinear` for a parameter that multiplies.
    """
    entries, places = table(*roots)
    simplex = Simplex(len(names), tick)
    start = tuple(rows)
    stack = [] if any(simplex.add(row) is not None for row in start) else [_Open(start, simplex, [])]
    found = 0
    while stack:
        state = stack.pop()
        while len(state.values) < len(entries):
            state, *others = _continued(state, entries[len(state.values)], names)
            stack.extend(reversed(others))
        yield Cell(state.rows, tuple(state.values[place] for place in places))
        found += 1
        if report is not None:
            report(found, len(stack))


def _continued(state: _Open, entry: Entry, names: Sequence[str]) -> list[_Open]:
    """The cell with the value of one more entry, split where the entry has a choice."""
    kind, places, coefficients, name, _ = entry
    parts = [state.values[place] for place in places]
    match kind:
        case "one":
            choices = [_unit(0, len(names))]
        case "variable":
            choices = [_unit(1 + names.index(name), len(names))]
        case "sum":
            choices = [combine(zip(coefficients, parts, strict=True), len(names))]
        case "relu":
            choices = [parts[0], (Fraction(0),) * (len(names) + 1)]
        case "abs":
            choices = [parts[0], negative(parts[0])]
        case "max":
            choices = parts
        case "min":
            choices = [negative(part) for part in parts]
        case _:
            raise NotPiecewiseLinear("a parameter multiplies or divides; give it a value: cells need known weights")
    sign = -1 if kind == "min" else 1
    return _split(state, choices, sign)


def _split(state: _Open, choices: Sequence[Affine], sign: int) -> list[_Open]:
    """The cells on which each of the choices is the largest, with sign * that choice as the value."""
    kept = _undominated(state.simplex, choices)
    if len(kept) == 1:
        state.values.append(kept[0] if sign > 0 else negative(kept[0]))
        return [state]
    made = []
    for choice in kept:
        rows = tuple(integer_row(minus(choice, other)) for other in kept if other is not choice)
        simplex = state.simplex.copy()
        if all(simplex.add(row) is None for row in rows) and all(is_positive_somewhere(simplex, row) for row in rows):
            values = [*state.values, choice if sign > 0 else negative(choice)]
            made.append(_Open((*state.rows, *rows), simplex, values))
    return made


def _undominated(simplex: Simplex, choices: Sequence[Affine]) -> list[Affine]:
    """The choices without those that are nowhere larger than another; of equal ones the first stays."""
    kept: list[Affine] = []
    for choice in dict.fromkeys(choices):
        if not any(_is_above(simplex, other, choice) for other in kept):
            kept = [*(other for other in kept if not _is_above(simplex, choice, other)), choice]
    return kept


def _is_above(simplex: Simplex, high: Affine, low: Affine) -> bool:
    return isinstance(simplex.minimise(integer_row(minus(high, low))), Implied)


def is_positive_somewhere(simplex: Simplex, row: Row) -> bool:
    """Whether the row is positive at some point of the simplex's polyhedron.

    For rows added to a polyhedron: if each is, all are at once, near a point where the polyhedron has its full
    dimension.
    """
    return not isinstance(simplex.minimise([-c for c in row]), Implied)


def _unit(place: int, size: int) -> Affine:
    return tuple(Fraction(int(at == place)) for at in range(size + 1))


def combine(items: Iterable[tuple[Fraction, Affine]], size: int) -> Affine:
    """The form sum(c * f) over the items (c, f), in `size` variables."""
    result = [Fraction(0)] * (size + 1)
    for c, form in items:
        for at, value in enumerate(form):
            if value:
                result[at] += c * value
    return tuple(result)


def negative(form: Affine) -> Affine:
    """-form."""
    return tuple(-c for c in form)


def minus(left: Affine, right: Affine) -> Affine:
    """left - right."""
    return tuple(c - d for c, d in zip(left, right, strict=True))


def integer_row(form: Affine) -> Row:
    """The positive multiple of a form in least integers.

    >>> integer_row((Fraction(1, 2), Fraction(-1, 3)))
    (3, -2)
    """
    scale = lcm(*(c.denominator for c in form))
    numerators = [c.numerator * (scale // c.denominator) for c in form]
    divisor = gcd(*numerators) or 1
    return tuple(n // divisor for n in numerators)


def irredundant(size: int, rows: Iterable[Row], tick: Tick | None = None) -> tuple[Row, ...]:
    """The rows that a polyhedron with interior needs: of parallel ones the tightest, none that the others imply.

    >>> irredundant(1, [(1, 1), (0, 2), (3, -1)])  # x >= -1, x >= 0, x <= 3
    ((0, 1), (3, -1))
    """
    tightest: dict[Row, tuple[Fraction, Row]] = {}
    for row in rows:
        divisor = gcd(*row[1:])
        if divisor:
            normal = tuple(c // divisor for c in row[1:])
            entry = (Fraction(row[0], divisor), integer_row(tuple(map(Fraction, row))))
            tightest[normal] = min(tightest.get(normal, entry), entry)
    kept = [row for _, row in tightest.values()]
    for row in list(kept):
        simplex = Simplex(size, tick)
        others = [other for other in kept if other is not row]
        for other in others:
            simplex.add(other)
        if isinstance(simplex.minimise(row), Implied):
            kept = others
    return tuple(kept)
