"""Pictures of piecewise-linear functions as SVG: the graph of one variable, the linear regions of two, vertices exact.

>>> from symcircuits.circuits.pieces import pieces
>>> print(pieces_to_svg(pieces("relu(1 - abs(x))"), ("x",)).splitlines()[1])
<title>4 linear pieces; kinks at x = -1, 0, 1</title>
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from html import escape
from itertools import combinations, pairwise

from symcircuits.circuits.pieces import Piece, affine_text
from symcircuits.cpwl.domains import rows_of
from symcircuits.errors import InvalidCircuit
from symcircuits.exact.cells import Row
from symcircuits.kernel.number import rational_to_text
from symcircuits.kernel.term import evaluate

SIDE, MARGIN, FONT = 340, 34, "Latin Modern Math, STIX Two Math, Cambria Math, Georgia, serif"
COLOURS = ("#faead2", "#d3e2e4", "#cfdcec", "#e6dcec", "#dcebdd", "#f1d6d2", "#eae6d0", "#d9d9e6")
KINK, LINE, ROOM, LETTER = "#b4322a", "#1f5fa8", 1100.0, 6.6
"""Colours of kinks and of a graph; square pixels that a label needs; width of a letter."""
Point = tuple[Fraction, Fraction]
Window = tuple[Fraction, Fraction, Fraction, Fraction]


def pieces_to_svg(pieces: Sequence[Piece], names: Sequence[str]) -> str:
    """The graph of a function of one input, or the linear regions of one of two inputs, as an SVG image.

    The window shows all kinks, or for regions all their corners. Raises `InvalidCircuit` for more inputs or outputs.
    """
    if len(names) not in (1, 2) or any(len(piece.forms) != 1 for piece in pieces) or not pieces:
        raise InvalidCircuit("a picture shows one function of one or two inputs, on a domain with interior")
    return _graph(pieces, names[0]) if len(names) == 1 else _regions(pieces, names)


def _at(row: Row, point: Sequence[Fraction]) -> Fraction:
    return row[0] + sum((c * x for c, x in zip(row[1:], point, strict=True)), Fraction(0))


def _around(values: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    """An interval that shows the values, with room on both sides."""
    low, high = min(values, default=Fraction(0)), max(values, default=Fraction(0))
    room = max((high - low) / 3, Fraction(1))
    return low - room, high + room


class _Canvas:
    """A square of the plane, with y upward, and the lines of the image."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.lines: list[str] = []

    def place(self, point: Sequence[Fraction]) -> tuple[float, float]:
        """Where a point stands in the image."""
        left, right, low, high = self.window
        across = float((point[0] - left) / (right - left)) * SIDE
        return MARGIN + across, MARGIN + SIDE - float((point[1] - low) / (high - low)) * SIDE

    def path(self, points: Sequence[Sequence[Fraction]], style: str, closed: bool = False) -> None:
        """A line through points, or a polygon."""
        texts = (f"{x:.1f},{y:.1f}" for x, y in map(self.place, points))
        self.lines.append(f'<{"polygon" if closed else "polyline"} points="{" ".join(texts)}" {style}/>')

    def text(self, x: float, y: float, text: str, style: str = "", size: int = 13) -> None:
        """A text with its middle at a place of the image."""
        shown = escape(text.replace("-", "−"))
        self.lines.append(
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-size="{size}" {style}>{shown}</text>'
        )

    def axes(self, names: tuple[str, str]) -> None:
        """The coordinate axes where they are in the window, with the names of the coordinates."""
        left, right, low, high = self.window
        style = 'fill="none" stroke="#555"'
        if low <= 0 <= high:
            self.path([(left, Fraction(0)), (right, Fraction(0))], style)
            self.text(MARGIN + SIDE + 14, self.place((right, Fraction(0)))[1] + 4, names[0], 'font-style="italic"')
        if left <= 0 <= right:
            self.path([(Fraction(0), low), (Fraction(0), high)], style)
            self.text(self.place((Fraction(0), high))[0], MARGIN - 8, names[1], 'font-style="italic"')

    def image(self, title: str) -> str:
        """The whole image."""
        size = SIDE + 2 * MARGIN
        head = f'viewBox="0 0 {size} {size}" width="{size}" height="{size}" role="img" font-family="{FONT}"'
        start = [f'<svg xmlns="http://www.w3.org/2000/svg" {head}>', f"<title>{escape(title)}</title>"]
        return "\n".join([*start, f'<rect width="{size}" height="{size}" fill="#fff"/>', *self.lines, "</svg>"]) + "\n"


def _graph(pieces: Sequence[Piece], name: str) -> str:
    rows = [[row for bound in cell for row in rows_of(bound, (name,))] for piece in pieces for cell in piece.cells]
    ends = [Fraction(-row[0], row[1]) for cell in rows for row in cell]
    kinks = sorted({end for end in ends if ends.count(end) > 1})
    left, right = _around(ends)
    lowest = [max([Fraction(-row[0], row[1]) for row in cell if row[1] > 0], default=left) for cell in rows]
    highest = [min([Fraction(-row[0], row[1]) for row in cell if row[1] < 0], default=right) for cell in rows]
    owners = [piece for piece in pieces for _ in piece.cells]
    parts = [
        [(x, evaluate(piece.forms[0], {name: x})) for x in (max(low, left), min(high, right))]
        for piece, low, high in sorted(zip(owners, lowest, highest, strict=True), key=lambda part: part[1])
    ]
    bottom, top = _around([y for part in parts for _, y in part])
    canvas = _Canvas((left, right, bottom, top))
    canvas.axes((name, "y"))
    for part in parts:
        canvas.path(part, f'fill="none" stroke="{LINE}" stroke-width="2.2" stroke-linecap="round"')
    for kink in kinks:
        x, y = canvas.place((kink, next(y for part in parts for at, y in part if at == kink)))
        canvas.lines.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.4" fill="{KINK}"/>')
        halo = f'fill="{KINK}" stroke="#fff" stroke-width="3" paint-order="stroke"'
        canvas.text(x, y - 9, rational_to_text(kink), halo, 12)
    count = f"{len(pieces)} linear piece{'s' * (len(pieces) > 1)}"
    where = f"; kinks at {name} = {', '.join(map(rational_to_text, kinks))}" if kinks else ""
    return canvas.image(count + where)


class _Cell:
    """A convex cell of a piece: its rows, and its corners in the window, in order around it."""

    def __init__(self, piece: int, rows: Sequence[Row], window: Window) -> None:
        self.piece, self.rows = piece, rows
        left, right, low, high = window
        corners: list[Point] = [(left, low), (right, low), (right, high), (left, high)]
        for row in rows:
            corners = _cut(corners, row)
        self.corners = corners

    def holds(self, point: Point) -> bool:
        """Whether the closed cell has the point."""
        return all(_at(row, point) >= 0 for row in self.rows)


def _cut(corners: Sequence[Point], row: Row) -> list[Point]:
    """The part of a convex polygon where the row is >= 0."""
    kept: list[Point] = []
    for here, there in pairwise([*corners, *corners[:1]]):
        first, second = _at(row, here), _at(row, there)
        if first >= 0:
            kept.append(here)
        if first * second < 0:
            share = first / (first - second)
            kept.append((here[0] + share * (there[0] - here[0]), here[1] + share * (there[1] - here[1])))
    return kept


def _regions(pieces: Sequence[Piece], names: Sequence[str]) -> str:
    cells = [
        (at, [row for bound in cell for row in rows_of(bound, names)])
        for at, piece in enumerate(pieces)
        for cell in piece.cells
    ]
    window = _window([rows for _, rows in cells])
    made = [_Cell(at, rows, window) for at, rows in cells]
    canvas = _Canvas(window)
    for cell in made:
        colour = COLOURS[cell.piece % len(COLOURS)]
        canvas.path(cell.corners, f'fill="{colour}" stroke="{colour}" stroke-width="0.7"', closed=True)
    left, right, low, high = window
    frame = [(left, low), (right, low), (right, high), (left, high)]
    canvas.path(frame, 'fill="none" stroke="#999" stroke-dasharray="2 3"', closed=True)
    canvas.axes((names[0], names[1]))
    for cell in made:
        for edge in pairwise([*cell.corners, *cell.corners[:1]]):
            if _is_border(cell, edge, made):
                canvas.path(edge, f'fill="none" stroke="{KINK}" stroke-width="2" stroke-linecap="round"')
    for at, piece in enumerate(pieces):
        _label(canvas, max((cell for cell in made if cell.piece == at), key=_area), affine_text(piece.forms[0]))
    return canvas.image(f"{len(pieces)} linear piece{'s' * (len(pieces) > 1)} of ({names[0]}, {names[1]})")


def _window(cells: Sequence[Sequence[Row]]) -> Window:
    """A square that shows all corners of cells."""
    corners: list[Point] = []
    for rows in cells:
        for (a, b, c), (d, e, f) in combinations(rows, 2):
            if det := b * f - c * e:
                point = Fraction(c * d - a * f, det), Fraction(a * e - b * d, det)
                if all(_at(row, point) >= 0 for row in rows):
                    corners.append(point)
    left, right = _around([x for x, _ in corners])
    low, high = _around([y for _, y in corners])
    side = max(right - left, high - low) / 2
    middle = (left + right) / 2, (low + high) / 2
    return middle[0] - side, middle[0] + side, middle[1] - side, middle[1] + side


def _is_border(cell: _Cell, edge: tuple[Point, Point], cells: Sequence[_Cell]) -> bool:
    """Whether an edge of a cell is on one of its rows, and no other cell of its piece goes on behind it."""
    (x, y), (u, v) = edge
    middle = (x + u) / 2, (y + v) / 2
    if (x, y) == (u, v) or not any(_at(row, edge[0]) == 0 == _at(row, edge[1]) for row in cell.rows):
        return False
    return not any(other.piece == cell.piece and other is not cell and other.holds(middle) for other in cells)


def _area(cell: _Cell) -> float:
    corners = [*cell.corners, *cell.corners[:1]]
    return abs(float(sum((a[0] * b[1] - b[0] * a[1] for a, b in pairwise(corners)), Fraction(0)))) / 2


def _label(canvas: _Canvas, cell: _Cell, text: str) -> None:
    """The function's form in the middle of a cell, if there is room."""
    left, right, _, _ = canvas.window
    pixels = _area(cell) * (SIDE / float(right - left)) ** 2
    width = LETTER * len(text) + 8
    if not cell.corners or pixels < max(ROOM, 18 * width):
        return
    middle = [sum((corner[at] for corner in cell.corners), Fraction(0)) / len(cell.corners) for at in (0, 1)]
    x, y = canvas.place(middle)
    x = min(max(x, MARGIN + width / 2), MARGIN + SIDE - width / 2)
    box = f'x="{x - width / 2:.1f}" y="{y - 9:.1f}" width="{width:.1f}" height="18"'
    canvas.lines.append(f'<rect {box} rx="3" fill="#fff" fill-opacity=".85"/>')
    canvas.text(x, y + 4.5, text)
