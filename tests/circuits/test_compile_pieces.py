"""`pieces` and `cells` as a user sees them: of expressions and networks, printed, proved, stopped."""

import pytest
from hypothesis import given, settings
from sympy import Abs, Min, Piecewise, symbols

from symcircuits.circuits.network import network
from symcircuits.circuits.pieces import cells, pieces
from symcircuits.errors import ClaimError
from symcircuits.testing.strategies import terms

x, y = symbols("x y", real=True)
SMALL = network("2-2-3", ("x", "y"), [([[1, 1], [-1, -1]], [0, 0]), ([[2, -1], [-1, 1], [1, -1]], [0, 0, 0])])


def test_a_network_on_its_box():
    found = cells(SMALL, where="-1 <= x <= 1, -1 <= y <= 1")
    assert len(found) == len(pieces(SMALL)) == 2
    assert [[str(form) for form in piece.forms] for piece in found] == [
        ["2*x + 2*y", "-x - y", "x + y"],
        ["x + y", "-x - y", "x + y"],
    ]


def test_text():
    assert [str(piece) for piece in pieces("max(x, 2)")] == ["x where x >= 2", "2 where x <= 2"]
    assert [repr(piece) for piece in pieces(x + y)] == ["Piece(x + y everywhere)"]
    (corner,) = [piece for piece in pieces("max(min(x, y), 0)") if piece.expr == 0]
    assert str(corner).startswith("0 where ") and len(corner.cells) == str(corner).count(" or ") + 1 == 2


@settings(max_examples=25)
@given(terms("xy", depth=2))
def test_every_piece_has_its_theorem(term):
    for piece in pieces(term):
        theorems = piece.prove()
        assert len(theorems) == len(piece.cells)
        assert [theorem.claim for theorem in theorems] == list(piece.claims())


def test_a_piecewise_and_several_functions():
    ramp = Piecewise((0, x < 0), (x, x < 1), (1, True))
    assert len(pieces(ramp)) == 3
    assert len(pieces((ramp, Abs(y)))) == 6
    assert len(pieces(Min(ramp, y), where=[y >= 2, x >= 0])) == 2


def test_domains():
    assert len(pieces(Abs(x), where="x >= 1, x <= 0")) == 0
    assert len(pieces(Abs(x), where="0 <= y <= 1")) == 2
    with pytest.raises(ClaimError, match="no interior"):
        pieces(Abs(x), where="x == y")


def test_a_limit_leaves_an_honest_part():
    text = " + ".join(f"abs(a - {k}*b + {k * k}*c - {k})" for k in range(9))
    found = cells(text, seconds=0.02)
    assert not found.is_complete
    assert not pieces(text, seconds=0.02).is_complete
    assert pieces("abs(x)").is_complete
