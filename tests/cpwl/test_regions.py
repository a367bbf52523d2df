"""Cells and linear pieces: they cover, are disjoint inside, and have the value that they say."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcircuits.cpwl.domains import rows_of, solid_rows
from symcircuits.cpwl.regions import linear_pieces, merged, share_facet
from symcircuits.cpwl.univariate import maximum, univariate_to_term
from symcircuits.errors import ClaimError, NotPiecewiseLinear
from symcircuits.exact.cells import cells, irredundant
from symcircuits.exact.polyhedron import Solid, analyse
from symcircuits.expr.parse import parse_expression, parse_where
from symcircuits.kernel.term import evaluate, variable
from symcircuits.kernel.univariate import Univariate, combination, positive_part
from symcircuits.testing.strategies import rationals, terms

POINTS = st.lists(rationals(), min_size=2, max_size=2)


def value(row, point):
    return row[0] + sum(c * x for c, x in zip(row[1:], point, strict=True))


def holds(rows, point):
    return all(value(row, point) >= 0 for row in rows)


def inner_point(rows, size=2):
    found = analyse(size, rows, [False] * len(rows))
    assert isinstance(found, Solid)
    return found.point


@settings(max_examples=60)
@given(terms("xy"), POINTS)
def test_cells_cover_are_disjoint_and_have_their_value(term, point):
    found = list(cells([term], "xy"))
    here = [cell for cell in found if holds(cell.rows, point)]
    expected = evaluate(term, dict(zip("xy", point, strict=True)))
    assert here
    assert {value(cell.values[0], point) for cell in here} == {expected}
    for cell in found:
        inside = inner_point(cell.rows)
        assert [other for other in found if holds(other.rows, inside)] == [cell]


@settings(max_examples=60)
@given(terms("xy"), POINTS)
def test_pieces_cover_and_are_maximal(term, point):
    pieces = linear_pieces([term], "xy")
    here = [piece for piece in pieces if any(holds(cell, point) for cell in piece.cells)]
    expected = evaluate(term, dict(zip("xy", point, strict=True)))
    assert {value(piece.values[0], point) for piece in here} == {expected}
    for piece in pieces:
        others = [other for other in pieces if other is not piece and other.values == piece.values]
        assert not any(share_facet(2, a, b) for other in others for a in piece.cells for b in other.cells)
        for cell in piece.cells:
            inside = inner_point(cell)
            assert [other for other in pieces if any(holds(rows, inside) for rows in other.cells)] == [piece]
            assert irredundant(2, cell) == cell


@settings(max_examples=60)
@given(terms("x"))
def test_pieces_of_one_variable_are_intervals_between_kinks(term):
    pieces = linear_pieces([term], "x")
    kinks = {Fraction(-row[0], row[1]) for piece in pieces for cell in piece.cells for row in cell}
    assert len(pieces) == len(kinks) + 1
    assert all(len(piece.cells) == 1 for piece in pieces)


COUNTS = [
    ("max(a, b, c)", "", 3, 3),
    ("max(min(a, b), min(b, c), min(a, c))", "", 6, 6),
    ("relu(x) - relu(x)", "", 2, 1),
    ("relu(relu(x))", "", 2, 2),
    ("max(x, x, 0) + 0*abs(y)", "", 4, 2),
    ("relu(1 - abs(x))", "", 4, 4),
    ("relu(abs(x) + abs(y) - 1)", "", 8, 5),
    ("relu(2*relu(x + y) - relu(-x - y)) ", "-1 <= x <= 1, -1 <= y <= 1", 2, 2),
    ("relu(x - 5)", "0 <= x <= 1", 1, 1),
    ("relu(x - 1)", "0 <= x <= 1", 1, 1),
    ("3", "", 1, 1),
    # two opposite quadrants meet in a point only: the same form, two pieces
    ("max(min(x, y), min(-x, -y), 0)", "", 6, 6),
]


@pytest.mark.parametrize(("text", "where", "cell_count", "piece_count"), COUNTS)
def test_counts(text, where, cell_count, piece_count):
    term = parse_expression(text)
    domain = parse_where(where) if where else ()
    names = [name for name in "abcxy" if name in text + where]
    rows = solid_rows(domain, names)
    assert len(linear_pieces([term], names, rows)) == piece_count
    assert len(list(cells([term], names, rows))) == cell_count


def test_domains():
    assert solid_rows(parse_where("x >= 1, x <= 0"), ["x"]) is None
    assert rows_of(*parse_where("x == 1/2"), ["x"]) == [(-1, 2), (1, -2)]
    with pytest.raises(ClaimError, match="the domain has no interior: x equals 1"):
        solid_rows(parse_where("x >= 1, x <= 1"), ["x"])


def test_on_a_flat_polyhedron_equal_choices_are_one():
    assert len(list(cells([parse_expression("max(x, y, 0)")], "xy", [(0, 1, -1), (0, -1, 1)]))) == 2


def test_a_parameter_is_refused():
    with pytest.raises(NotPiecewiseLinear, match="parameter"):
        list(cells([parse_expression("w*relu(x)", where="w > 0")], "wx"))


def test_report_and_stop():
    seen = []
    term = parse_expression("abs(x) + abs(y) + abs(z)")
    assert len(list(cells([term], "xyz", report=lambda *counts: seen.append(counts)))) == 8
    assert [found for found, _ in seen] == list(range(1, 9)) and seen[-1][1] == 0

    def stop():
        raise TimeoutError

    with pytest.raises(TimeoutError):
        list(cells([term], "xyz", [(1, 1, 1, 1), (1, -1, 0, 0)], tick=stop))


def test_merged_cells_are_convex():
    quarters = [((0, a, 0), (0, 0, b)) for a in (1, -1) for b in (1, -1)]
    assert merged(2, quarters) == [()]
    assert len(merged(2, quarters[:3])) == 2


LINES = st.builds(lambda slope, constant: Univariate(slope, constant), rationals(), rationals())


@given(st.lists(LINES, min_size=1, max_size=4), rationals(), rationals())
def test_univariate_functions(lines, factor, point):
    largest = maximum(lines)
    assert largest.values([point])[0] == max(line.values([point])[0] for line in lines)
    mixed = combination([(factor, largest), (Fraction(-2), lines[0])])
    assert mixed.values([point])[0] == factor * largest.values([point])[0] - 2 * lines[0].values([point])[0]
    assert positive_part(mixed).values([point])[0] == max(mixed.values([point])[0], 0)
    assert evaluate(univariate_to_term(mixed, variable("x")), {"x": point}) == mixed.values([point])[0]
    assert [t for t, _ in mixed.kinks] == sorted({t for t, _ in mixed.kinks})
