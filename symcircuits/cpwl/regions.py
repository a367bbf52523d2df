"""Linear pieces: the maximal connected open sets on which CPWL functions are affine, made up of convex cells.

Two cells with the same affine forms belong to one piece when a chain of such cells leads from one to the other, each
next to the one before along a common facet: what is removed otherwise, faces of codimension two and more, does not
disconnect an open set. So the median of three variables has three affine forms but six pieces.

>>> from symcircuits.kernel.term import variable
>>> a, b, c = map(variable, "abc")
>>> median = Term("max", tuple(Term("min", pair) for pair in [(a, b), (b, c), (a, c)]))
>>> sorted("1abc"[piece.values[0].index(1)] for piece in linear_pieces([median], "abc"))
['a', 'a', 'b', 'b', 'c', 'c']
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from symcircuits.exact.cells import Affine, Row, Tick, cells, irredundant, is_positive_somewhere
from symcircuits.exact.simplex import Implied, Simplex
from symcircuits.kernel.term import Term

Cell = tuple[Row, ...]


class LinearPiece(NamedTuple):
    """The affine form of each function on the piece, and closed convex cells that make it up, disjoint inside."""

    values: tuple[Affine, ...]
    cells: tuple[Cell, ...]


def linear_pieces(
    roots: Iterable[Term],
    names: Sequence[str],
    rows: Iterable[Row] = (),
    tick: Tick | None = None,
    report: Callable[[int, int], None] | None = None,
) -> list[LinearPiece]:
    """The pieces of the functions inside a polyhedron with interior, in the order in which their cells are found.

    The arguments are those of `symcircuits.exact.cells.cells`. Cells of a piece whose union is convex are merged.
    """
    by_values: dict[tuple[Affine, ...], list[Cell]] = {}
    for rows_of_cell, values in cells(roots, names, rows, tick, report):
        by_values.setdefault(values, []).append(irredundant(len(names), rows_of_cell, tick))
    return [
        LinearPiece(values, tuple(component))
        for values, found in by_values.items()
        for component in connected(len(names), merged(len(names), found, tick), tick)
    ]


def merged(size: int, found: Sequence[Cell], tick: Tick | None = None) -> list[Cell]:
    """Cells with the same union, none of which makes a convex set with another along a common facet.

    >>> merged(1, [((0, 1), (1, -1)), ((-1, 1),)])  # 0 <= x <= 1 and x >= 1
    [((0, 1),)]
    """
    waiting, done = list(reversed(found)), list[Cell]()
    while waiting:
        cell = waiting.pop()
        for other in done:
            union = _convex_union(size, cell, other, tick)
            if union is not None:
                done.remove(other)
                waiting.append(union)
                break
        else:
            done.append(cell)
    return done


def _convex_union(size: int, first: Cell, second: Cell, tick: Tick | None) -> Cell | None:
    """The union of two cells if it is convex and they lie on the two sides of a facet of both, else None."""
    opposite = _opposite_rows(first, second)
    if len(opposite) != 1:
        return None
    ours = [row for row in first if row != opposite[0]]
    theirs = [row for row in second if row != _minus(opposite[0])]
    if not (_holds_on(size, second, ours, tick) and _holds_on(size, first, theirs, tick)):
        return None
    return irredundant(size, dict.fromkeys((*ours, *theirs)), tick)


def _opposite_rows(first: Cell, second: Cell) -> list[Row]:
    known = set(second)
    return [row for row in first if _minus(row) in known]


def _minus(row: Row) -> Row:
    return tuple(-c for c in row)


def _holds_on(size: int, cell: Cell, rows: Sequence[Row], tick: Tick | None) -> bool:
    missing = [row for row in rows if row not in cell]
    simplex = Simplex(size, tick)
    for row in cell if missing else ():
        simplex.add(row)
    return all(isinstance(simplex.minimise(row), Implied) for row in missing)


def connected(size: int, found: Sequence[Cell], tick: Tick | None = None) -> list[list[Cell]]:
    """The cells by connected components of the interior of their union."""
    groups: list[list[Cell]] = []
    for cell in found:
        touching = [group for group in groups if any(share_facet(size, cell, other, tick) for other in group)]
        groups = [group for group in groups if not any(group is other for other in touching)]
        groups.append([*(member for group in touching for member in group), cell])
    return groups


def share_facet(size: int, first: Cell, second: Cell, tick: Tick | None = None) -> bool:
    """Whether two irredundant cells, disjoint inside, meet in a set of dimension size - 1.

    >>> square, above, corner = [(0, 1, 0), (0, 0, 1), (1, -1, 0), (1, 0, -1)], [(-1, 0, 1)], [(0, -1, 0), (0, 0, -1)]
    >>> share_facet(2, tuple(square), tuple(above)), share_facet(2, tuple(square), tuple(corner))
    (True, False)
    """
    return any(_meet_along(size, row, first, second, tick) for row in _opposite_rows(first, second))


def _meet_along(size: int, facet: Row, first: Cell, second: Cell, tick: Tick | None) -> bool:
    others = [row for row in dict.fromkeys((*first, *second)) if row not in (facet, _minus(facet))]
    simplex = Simplex(size, tick)
    if any(simplex.add(row) is not None for row in (facet, _minus(facet), *others)):
        return False
    return all(is_positive_somewhere(simplex, row) for row in others)
