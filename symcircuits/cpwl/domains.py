"""Domains given by comparisons, as rows of integers, each row standing for an affine form >= 0."""

from __future__ import annotations

from collections.abc import Sequence

from symcircuits.errors import ClaimError
from symcircuits.exact.cells import Row, cells, integer_row, minus
from symcircuits.exact.polyhedron import Empty, Flat, analyse
from symcircuits.kernel.term import RELATIONS, Comparison


def rows_of(comparison: Comparison, names: Sequence[str]) -> list[Row]:
    """The rows >= 0 that an affine comparison says, strict or not: one, or two for an equality.

    >>> from symcircuits.kernel.term import variable
    >>> rows_of(Comparison(variable("x"), "<=", variable("y")), ("x", "y"))
    [(0, -1, 1)]
    """
    if comparison.relation not in RELATIONS:
        raise ClaimError(
            f"{comparison.left} {comparison.relation} {comparison.right} bounds no polyhedron; leave it out"
        )
    first, *others = cells((comparison.left, comparison.right), names)
    if others:
        raise ClaimError(f"the domain's {comparison.left} {comparison.relation} {comparison.right} is not affine")
    left, right = first.values
    above = [integer_row(minus(left, right))] if comparison.relation in (">=", ">", "==") else []
    return above + ([integer_row(minus(right, left))] if comparison.relation in ("<=", "<", "==") else [])


def solid_rows(where: Sequence[Comparison], names: Sequence[str]) -> list[Row] | None:
    """The rows of a domain with interior, None for an empty one.

    `ClaimError` names a comparison that leaves the domain no interior.
    """
    pairs = [(row, comparison) for comparison in where for row in rows_of(comparison, names)]
    rows, strict = [row for row, _ in pairs], [comparison.relation in "<>" for _, comparison in pairs]
    match analyse(len(names), rows, strict):
        case Empty():
            return None
        case Flat(index):
            flat = pairs[index][1]
            raise ClaimError(
                f"the domain has no interior: {flat.left} equals {flat.right} on all of it; put one in the place of "
                "the other, and leave the comparison out"
            )
    return rows
