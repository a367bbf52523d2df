"""Interpolation through a table of breakpoints, by one hidden layer of as many neurons; exact everywhere."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

from symcircuits.circuits.gadget import Example, Family, Gadget, family
from symcircuits.circuits.gadgets._parameters import called, increasing, rationals, sequence
from symcircuits.circuits.gadgets._univariate import one_hidden_layer, through
from symcircuits.circuits.gadgets._wires import x
from symcircuits.cpwl.forms import arranged
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.term import ONE, Term, constant, variable

ONCE = Fraction(1)
EXTENSIONS = ("constant", "linear")
Table = tuple[tuple[Fraction, Fraction], ...]
EXAMPLE = ((-1, 1), (0, 0), (1, 2), (3, Fraction(3, 2)))


def _table(value: Any) -> Table:
    rows = [
        rationals("interpolation: the numbers of a row", row, 2) for row in sequence("interpolation: the table", value)
    ]
    wrong = next((row for row in rows if len(row) > 2), None)
    if wrong is not None:
        raise InvalidCircuit(
            f"interpolation: each row of the table must be a pair (x, y), not one of {len(wrong)} numbers"
        )
    increasing("interpolation: the breakpoints", tuple(row[0] for row in rows))
    return tuple((row[0], row[1]) for row in rows)


@family("interpolation", (EXAMPLE, "constant"), (EXAMPLE, "linear"))
def interpolation(table: Any, extension: str = "constant") -> Gadget:
    """The function through the rows (x, y) of a table, x increasing, linear between them.

    Outside it goes on as a constant, or with the slopes of the first and the last interval, by the extension.
    """
    points = _table(table)
    if extension not in EXTENSIONS:
        raise InvalidCircuit(f"interpolation: the extension must be constant or linear, not {extension!r:.40}")
    is_linear = extension == "linear"
    if is_linear and len(points) < 2:
        raise InvalidCircuit("interpolation: a linear extension needs a table of two rows or more")
    slopes = [(v - u) / (t - s) for (s, u), (t, v) in pairwise(points)]
    ends = (slopes[0], slopes[-1]) if is_linear else (0, 0)
    name = called("interpolation", extension, *(number for row in points for number in row))
    middle = [(s + t) / 2 for (s, _), (t, _) in pairwise(points)]
    values = [(u + v) / 2 for (_, u), (_, v) in pairwise(points)]
    return Gadget(
        name,
        f"Interpolation of {len(points)} points, {extension} outside",
        one_hidden_layer(name.replace("_", " "), through(points, *ends)),
        _as_clips(points, slopes, is_linear),
        "Each threshold detector adds the change of slope at one breakpoint.",
        (
            *(Example((t,), value) for t, value in points),
            *(Example((t,), value) for t, value in zip(middle, values, strict=True)),
            Example((points[0][0] - 1,), points[0][1] - ends[0]),
        ),
    )


def _as_clips(points: Table, slopes: list[Fraction], is_linear: bool) -> Term:
    """The first value and, for each interval, its slope times how far x is in it: x clipped to it, less its start."""
    items = [(points[0][1], ONE)]
    last = len(slopes) - 1
    for place, (((start, _), (end, _)), slope) in enumerate(zip(pairwise(points), slopes, strict=True)):
        clipped: Term = variable(x.name)
        if not (is_linear and place == last):
            clipped = Term("min", (constant(end), clipped))
        if not (is_linear and place == 0):
            clipped = Term("max", (constant(start), clipped))
        items.append((slope, arranged([(ONCE, clipped), (-start, ONE)])))
    return arranged(items)


FAMILIES: tuple[Family, ...] = (interpolation,)
GADGETS = ()
