"""Pictures of functions: areas and corners are exact, and every piece is there."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from symcircuits.circuits.pieces import pieces
from symcircuits.cli import commands
from symcircuits.errors import InvalidCircuit
from symcircuits.publish.drawing.regions import COLOURS, SIDE, _cut, pieces_to_svg

SVG = "{http://www.w3.org/2000/svg}"
F = Fraction


def area(points: str) -> float:
    corners = [tuple(map(float, pair.split(","))) for pair in points.split()]
    pairs = zip(corners, [*corners[1:], *corners[:1]], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


def polygons(image: str) -> list[ElementTree.Element]:
    found = ElementTree.fromstring(image).findall(f"{SVG}polygon")
    return [each for each in found if each.get("fill") in COLOURS]


@pytest.mark.parametrize(
    "text", ["max(x, y, 0)", "max(min(x, y), x - 1, y/2)", "relu(1 - relu(x) - relu(-y) - relu(y - x))", "x + 0*y"]
)
def test_the_regions_cover_the_window_once(text: str) -> None:
    found = pieces(text, inputs=("x", "y"))
    image = pieces_to_svg(found, ("x", "y"))
    cells = polygons(image)
    assert len(cells) == sum(len(piece.cells) for piece in found)
    assert sum(area(cell.get("points", "")) for cell in cells) == pytest.approx(SIDE**2, rel=2e-3)
    assert len({cell.get("fill") for cell in cells}) == len(found)


def test_a_domain_is_shown_alone() -> None:
    image = pieces_to_svg(pieces("max(x, y)", "0 <= x <= 1, 0 <= y <= 1"), ("x", "y"))
    assert sum(area(each.get("points", "")) for each in polygons(image)) == pytest.approx((SIDE / 3) ** 2, rel=1e-2)


def test_a_polygon_is_cut_exactly() -> None:
    square = [(F(0), F(0)), (F(1), F(0)), (F(1), F(1)), (F(0), F(1))]
    assert _cut(square, (-1, 3, 0)) == [(F(1, 3), F(0)), (F(1), F(0)), (F(1), F(1)), (F(1, 3), F(1))]
    assert _cut(square, (-2, 1, 0)) == [] and _cut(square, (0, 1, 0)) == square


def test_a_graph_has_its_kinks() -> None:
    image = pieces_to_svg(pieces("max(0, min(1, x)) - x/3"), ("x",))
    root = ElementTree.fromstring(image)
    assert len(root.findall(f"{SVG}circle")) == 2 and root[0].text == "3 linear pieces; kinks at x = 0, 1"
    whole = ElementTree.fromstring(pieces_to_svg(pieces("2*x"), ("x",)))
    assert whole[0].text == "1 linear piece" and not whole.findall(f"{SVG}circle")


@pytest.mark.parametrize(("text", "names"), [("x + y + z", ("x", "y", "z")), (("x", "y"), ("x", "y"))])
def test_what_cannot_be_drawn_is_refused(text, names) -> None:
    with pytest.raises(InvalidCircuit, match="one function of one or two inputs"):
        pieces_to_svg(pieces(text), names)


def test_the_command_draws(tmp_path: Path) -> None:
    path = tmp_path / "regions.svg"
    args = ["regions", "max(x, y, 0)", "--svg", str(path)]
    assert CliRunner().invoke(commands, args).exit_code == 0 and path.read_text().startswith("<svg ")
    again = CliRunner().invoke(commands, args)
    assert again.exit_code == 2 and "--force" in again.stderr
    large = CliRunner().invoke(commands, ["regions", "max(x, y, z)", "--svg", str(tmp_path / "none.svg")])
    assert large.exit_code == 2 and "one or two inputs" in large.stderr and not (tmp_path / "none.svg").exists()
