"""Ridges: the parts of a term that depend on one affine form of the inputs only, as functions of one variable.

>>> from symcircuits.expr.parse import parse_expression
>>> from symcircuits.cpwl.univariate import univariate_to_term
>>> from symcircuits.kernel.term import table
>>> rows, (root,) = table(parse_expression("max(0, min(1, x - 2*y)) + abs(2*y - x)"))
>>> ridge = ridges(rows, ("x", "y"))[root]
>>> print(univariate_to_term(ridge.function, variable("v")), "at v =", ridge.direction)
3*relu(v) - v - relu(v - 1) at v = ((0, Fraction(1, 1)), (1, Fraction(-2, 1)))
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from symcircuits.circuits.compiler.neurons import CONSTANT, ONCE, Signal, summed
from symcircuits.cpwl.forms import arranged
from symcircuits.cpwl.univariate import maximum
from symcircuits.kernel.term import ONE, Term, variable
from symcircuits.kernel.text import Row
from symcircuits.kernel.univariate import Univariate, combination

KINKS = 4096
V = variable("v")
Direction = tuple[tuple[int, Fraction], ...]


class Ridge(NamedTuple):
    """function(v), v the combination `direction` of the inputs; `left` is the part as written, in v.

    `bends` are the rows of relu, abs, max and min in it, each with the neurons it takes if written by itself.
    """

    direction: Direction
    function: Univariate
    left: Term
    bends: frozenset[tuple[int, int]] = frozenset()

    @property
    def neurons(self) -> int:
        """The number of neurons of the part as it is written."""
        return sum(count for _, count in self.bends)


def ridges(rows: Sequence[Row], inputs: Sequence[str]) -> dict[int, Ridge]:
    """The rows that are ridges, with their functions, affine ones included; not those with more than `KINKS` kinks."""
    found: dict[int, Ridge] = {}
    affine: dict[int, Signal] = {}
    for place, (kind, parts, coefficients, name, _) in enumerate(rows):
        if kind == "one":
            affine[place] = {CONSTANT: ONCE}
        elif kind == "variable":
            affine[place] = {inputs.index(name): ONCE}
        elif kind == "sum" and all(part in affine for part in parts):
            affine[place] = summed((c, affine[part]) for c, part in zip(coefficients, parts, strict=True))
        if place in affine:
            found[place] = _affine_ridge(affine[place])
        elif all(part in found for part in parts):
            ridge = _joined(place, rows[place], [found[part] for part in parts])
            if ridge is not None:
                found[place] = ridge
    return found


def _affine_ridge(form: Signal) -> Ridge:
    direction = sorted((wire, c) for wire, c in form.items() if wire != CONSTANT)
    slope = direction[0][1] if direction else Fraction(0)
    constant = form.get(CONSTANT, Fraction(0))
    left = arranged([(slope, V), (constant, ONE)])
    return Ridge(tuple((wire, c / slope) for wire, c in direction), Univariate(slope, constant), left)


def _joined(place: int, row: Row, parts: Sequence[Ridge]) -> Ridge | None:
    """The ridge that the row makes of its parts, if they have one direction."""
    directions = {part.direction for part in parts if part.direction}
    if len(directions) > 1:
        return None
    kind, _, coefficients, _, _ = row
    functions = [part.function for part in parts]
    match kind:
        case "sum":
            function = combination(zip(coefficients, functions, strict=True))
        case "relu":
            function = maximum([Univariate(Fraction(0), Fraction(0)), functions[0]])
        case "abs":
            function = maximum([functions[0], _negative(functions[0])])
        case "max":
            function = maximum(functions)
        case _:
            function = _negative(maximum(map(_negative, functions)))
    if len(function.kinks) > KINKS:
        return None
    left = Term(kind, tuple(part.left for part in parts), coefficients)
    count = {"sum": 0, "relu": 1, "abs": 1}.get(kind, len(parts) - 1)
    bends = frozenset[tuple[int, int]]().union(*(part.bends for part in parts), [(place, count)])
    return Ridge(next(iter(directions), ()), function, left, bends)


def _negative(function: Univariate) -> Univariate:
    return combination([(-ONCE, function)])
