"""CPWL functions as one hidden layer: their kinks along whole hyperplanes, or two points that show there is none.

A function is one hidden layer on a domain if and only if its gradient jumps along whole hyperplanes, by the same vector
everywhere on one. Then f = A + sum of g*relu(u), one term for each of these hyperplanes u = 0, A affine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from symcircuits.cpwl.forms import arranged
from symcircuits.cpwl.regions import Cell, LinearPiece, linear_pieces
from symcircuits.errors import NotPiecewiseLinear
from symcircuits.exact.cells import Affine, Row, combine, integer_row, minus
from symcircuits.exact.simplex import Implied, Simplex
from symcircuits.kernel.normal import Form
from symcircuits.kernel.term import ONE, Claim, Comparison, Term, constant, total, variable
from symcircuits.provers.result import Clock
from symcircuits.provers.search import Point, Search

ZERO = Fraction(0)


class Kink(NamedTuple):
    """The function has the part factor*relu(form): a multiple of integers without a common divisor."""

    form: Affine
    factor: Fraction


class OneLayer(NamedTuple):
    """affine + sum of the kinks, on different hyperplanes that all meet the interior of the domain."""

    affine: Affine
    kinks: tuple[Kink, ...]

    def value(self, point: Point) -> Fraction:
        """The value at a point."""
        parts = (kink.factor * max(at(kink.form, point), ZERO) for kink in self.kinks)
        return at(self.affine, point) + sum(parts, ZERO)


class Place(NamedTuple):
    """A point and, around it, a box of that radius on which the function is affine, or has one kink."""

    point: Point
    radius: Fraction
    layer: OneLayer


class TwoJumps(NamedTuple):
    """Two places on one hyperplane, along which the gradient jumps by different vectors."""

    hyperplane: Affine
    places: tuple[Place, Place]


def at(form: Affine, point: Sequence[Fraction]) -> Fraction:
    """The value of an affine form at a point."""
    return form[0] + sum((c * x for c, x in zip(form[1:], point, strict=True)), ZERO)


def to_term(form: Affine, names: Sequence[str]) -> Term:
    """An affine form as a term."""
    items = [(c, variable(name)) for c, name in zip(form[1:], names, strict=True) if c]
    return arranged([*items, *([(form[0], ONE)] if form[0] else [])]) if items or form[0] else total([])


def layer_to_term(layer: OneLayer, names: Sequence[str]) -> Term:
    """The sum as a term: the relus, then what is affine."""
    relus = [(kink.factor, Term("relu", (to_term(kink.form, names),))) for kink in layer.kinks]
    affine = [(c, variable(name)) for c, name in zip(layer.affine[1:], names, strict=True) if c]
    return total([*relus, *affine, *([(layer.affine[0], ONE)] if layer.affine[0] else [])])


def one_layer(function: Term, names: Sequence[str], rows: Sequence[Row], clock: Clock) -> OneLayer | TwoJumps:
    """The function as one hidden layer inside the polyhedron of the rows, which has an interior, or why it is none.

    Raises `NotPiecewiseLinear`, and `LimitReached` when the clock says so.

    >>> from symcircuits.expr.parse import parse_expression
    >>> layer = one_layer(parse_expression("max(x, 1 - x)"), ("x",), (), Clock())
    >>> print(layer_to_term(layer, ("x",)))
    relu(2*x - 1) - x + 1
    >>> one_layer(parse_expression("max(0, x, y)"), ("x", "y"), (), Clock()).hyperplane
    (Fraction(0, 1), Fraction(1, 1), Fraction(0, 1))
    """
    found = _as_written(function, names, clock)
    if found is None:
        return _by_cells(function, names, rows, clock)
    return _inside(found, rows, len(names))


def _as_written(function: Term, names: Sequence[str], clock: Clock) -> OneLayer | None:
    """The normal form, if each of its maxima is relu of one affine form."""
    search = Search(Claim(Comparison(function, "==", constant(0))), clock)
    context, goal = search.root
    algebra, gap, order = context.algebra, context.gap(goal), search.proof.draft.variables
    if len(algebra.basis) and any(
        len(monomial) > 1 or (monomial and monomial[0][1] != 1) for monomial, _ in algebra.basis
    ):
        raise NotPiecewiseLinear("a variable multiplies what is not a number")

    def affine(form: Form) -> Affine:
        place = {0: 0, **{number: 1 + names.index(name) for number, name in enumerate(order, start=1)}}
        row = [ZERO] * (1 + len(names))
        for index, numerator in form.numerators.items():
            row[place[index]] = Fraction(numerator, form.denominator)
        return tuple(row)

    rest, kinks = dict(gap.numerators), list[Kink]()
    for index, numerator in gap.numerators.items():
        if algebra.is_affine(Form({index: 1})):
            continue
        rows = algebra.rows_of(index)
        if len(rows) != 1 or not algebra.is_affine(rows[0]):
            return None
        kinks.append(_kink(affine(rows[0]), Fraction(numerator, gap.denominator)))
        del rest[index]
    return OneLayer(affine(Form(rest, gap.denominator)), tuple(kinks))


def _kink(form: Affine, factor: Fraction) -> Kink:
    row = tuple(map(Fraction, integer_row(form)))
    lead = next(place for place, c in enumerate(form) if c)
    return Kink(row, factor * form[lead] / row[lead])


def loaded(rows: Sequence[Row], size: int) -> Simplex:
    """The polyhedron of the rows in a simplex."""
    simplex = Simplex(size)
    for row in rows:
        simplex.add(row)
    return simplex


def _inside(layer: OneLayer, rows: Sequence[Row], size: int) -> OneLayer:
    """The layer without kinks that do not meet the interior: relu is 0 or its argument there."""
    affine, kinks, simplex = layer.affine, list[Kink](), loaded(rows, size)
    for kink in layer.kinks:
        row = integer_row(kink.form)
        if isinstance(simplex.minimise(row), Implied):
            affine = combine([(Fraction(1), affine), (kink.factor, kink.form)], size)
        elif not isinstance(simplex.minimise([-c for c in row]), Implied):
            kinks.append(kink)
    return OneLayer(affine, tuple(kinks))


class _Facet(NamedTuple):
    """A point where two cells meet and no other, with the row that is >= 0 on one side, and the forms on both."""

    place: Place
    jump: Fraction


def _by_cells(function: Term, names: Sequence[str], rows: Sequence[Row], clock: Clock) -> OneLayer | TwoJumps:
    size = len(names)
    pieces = linear_pieces([function], names, rows, clock.tick)
    jumps: dict[Affine, _Facet] = {}
    for direction, facet in _facets(pieces, size, clock):
        known = jumps.setdefault(direction, facet)
        if known.jump != facet.jump:
            return TwoJumps(direction, (known.place, facet.place))
    for direction, facet in jumps.items():
        flat = _crossed(pieces, direction, size, clock)
        if flat is not None:
            return TwoJumps(direction, (facet.place, flat))
    kinks = [_kink(direction, facet.jump) for direction, facet in jumps.items()]
    inner = _interior(pieces[0].cells[0], size)
    steps = [(-kink.factor, kink.form) for kink in kinks if at(kink.form, inner) > 0]
    return OneLayer(combine([(Fraction(1), pieces[0].values[0]), *steps], size), tuple(kinks))


def _facets(pieces: Sequence[LinearPiece], size: int, clock: Clock) -> Iterator[tuple[Affine, _Facet]]:
    """Each common facet of two cells on which the function is not the same form, by the hyperplane that it is on."""
    found = [(cell, piece.values[0]) for piece in pieces for cell in piece.cells]
    opposite: dict[Row, list[tuple[Cell, Affine]]] = {}
    for cell, value in found:
        for row in cell:
            opposite.setdefault(tuple(-c for c in row), []).append((cell, value))
    for cell, value in found:
        for row in cell:
            lead = next(c for c in row[1:] if c)
            for other, low in opposite.get(row, ()) if lead > 0 else ():
                clock.tick()
                if value == low:
                    continue
                facet = _common_facet(row, cell, other, size)
                if facet is not None:
                    point, radius = facet
                    slope = next(place for place, c in enumerate(row) if place and c)
                    factor = minus(value, low)[slope] / row[slope]
                    direction = tuple(Fraction(c, lead) for c in row)
                    layer = OneLayer(low, (Kink(tuple(map(Fraction, row)), factor),))
                    yield direction, _Facet(Place(point, radius, layer), factor * lead)


def _common_facet(row: Row, cell: Cell, other: Cell, size: int) -> tuple[Point, Fraction] | None:
    """A point inside the common facet of two cells, and the radius of a box around it that they cover."""
    rest = [each for each in dict.fromkeys((*cell, *other)) if each not in (row, tuple(-c for c in row))]
    simplex = Simplex(size)
    for each in (row, tuple(-c for c in row), *rest):
        if simplex.add(each) is not None:
            return None
    return _centre(simplex, rest)


def _centre(simplex: Simplex, rows: Sequence[Row]) -> tuple[Point, Fraction] | None:
    """A point of the polyhedron at which the rows are positive, if there is one, and how far around it they are."""
    points = [simplex.point()]
    for row in rows:
        found = simplex.minimise([-c for c in row])
        if isinstance(found, Implied):
            return None
        points.append(found.point)
    centre = [sum(column, ZERO) / len(points) for column in zip(*points, strict=True)]
    gaps = [at(tuple(map(Fraction, row)), centre) / sum(map(abs, row[1:])) for row in rows]
    return centre, min([*gaps, Fraction(2)]) / 2


def _interior(cell: Cell, size: int) -> Point:
    centre = _centre(loaded(cell, size), cell)
    if centre is None:
        raise RuntimeError("a cell without an interior")
    return centre[0]


def _crossed(pieces: Sequence[LinearPiece], direction: Affine, size: int, clock: Clock) -> Place | None:
    """A point of the hyperplane inside a cell, where there is no jump."""
    row = integer_row(direction)
    for piece in pieces:
        for cell in piece.cells:
            clock.tick()
            simplex = loaded(cell, size)
            if simplex.add(row) is None and simplex.add([-c for c in row]) is None:
                centre = _centre(simplex, cell)
                if centre is not None:
                    return Place(*centre, OneLayer(piece.values[0], ()))
    return None


def crossings(layer: OneLayer, rows: Sequence[Row], inner: Point) -> Mapping[Kink, Point]:
    """A point inside the polyhedron on each kink, from one inside."""
    simplex, found = loaded(rows, len(inner)), dict[Kink, Point]()
    for kink in layer.kinks:
        row, here = integer_row(kink.form), at(kink.form, inner)
        other = simplex.minimise(row if here > 0 else [-c for c in row])
        if here == 0 or isinstance(other, Implied):
            found[kink] = list(inner)
            continue
        share = here / (here - at(kink.form, other.point))
        found[kink] = [x + share * (y - x) for x, y in zip(inner, other.point, strict=True)]
    return found
