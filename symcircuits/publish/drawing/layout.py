"""Where nodes and labels stand: levels upward, the order on each by the mean place of the neighbours, few crossings.

>>> from symcircuits.circuits.gadgets import gadget
>>> from symcircuits.publish.drawing.graph import graph_of
>>> drawing = arrange(graph_of(gadget("min").circuit))
>>> drawing.width, drawing.height, crossings(drawing.graph, drawing.order)
(284, 300, 0)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from math import hypot
from typing import NamedTuple

from symcircuits.publish.drawing.graph import Edge, Graph

RADIUS, ACROSS, UP, MARGIN = 23, 92, 100, 27
"""Of a node; between the centres of neighbours; between levels; around the drawing."""
SPREAD, SWEEPS, LETTER, LINE, CLOSE = 1.7, 12, 7.5, 16, 9
"""How much wider a level of few nodes may be set; sweeps over the levels; width of a letter and height of a label; how
near to a node a line may pass."""
Order = list[list[int]]
Point = tuple[float, float]


class Label(NamedTuple):
    """A weight beside the middle of a line."""

    at: Point
    width: float
    text: str
    sign: int


class Path(NamedTuple):
    """An edge as a line between the rims of two nodes, by way of a point beside what is in between."""

    edge: Edge
    points: tuple[Point, ...]


class Drawing(NamedTuple):
    """The graph with the places of its nodes, the lines, and the labels that fit."""

    graph: Graph
    order: Order
    places: tuple[Point, ...]
    paths: tuple[Path, ...]
    labels: tuple[Label, ...]
    width: int
    height: int


def arrange(graph: Graph) -> Drawing:
    """The drawing of a graph; y grows downward, as in SVG."""
    order = _ordered(graph)
    widest = max(map(len, order))
    width, height = 2 * (MARGIN + RADIUS) + ACROSS * (widest - 1), 2 * (MARGIN + RADIUS) + UP * (len(order) - 1)
    places: dict[int, Point] = {}
    for level, row in enumerate(order):
        step = max(min(ACROSS * (widest - 1) / len(row), SPREAD * ACROSS), ACROSS)
        start = (width - step * (len(row) - 1)) / 2
        for at, node in enumerate(row):
            places[node] = start + step * at, height - MARGIN - RADIUS - UP * level
    points = tuple(places[at] for at in range(len(graph.nodes)))
    paths = tuple(_path(edge, points) for edge in graph.edges)
    labels = tuple(_labels(paths, points))
    return Drawing(graph, order, points, paths, labels, width, height)


def crossings(graph: Graph, order: Order) -> int:
    """How many pairs of edges between neighbouring levels cross."""
    place = {node: at for row in order for at, node in enumerate(row)}
    levels = [node.level for node in graph.nodes]
    count = 0
    for level in range(len(order) - 1):
        ends = [
            (place[edge.source], place[edge.target])
            for edge in graph.edges
            if levels[edge.source] == level and levels[edge.target] == level + 1
        ]
        count += sum((a - c) * (b - d) < 0 for (a, b), (c, d) in combinations(ends, 2))
    return count


def _ordered(graph: Graph) -> Order:
    """The levels, the inputs as they are given; the best order met while sweeping up and down."""
    order = graph.levels
    best, fewest = [list(row) for row in order], crossings(graph, order)
    near: dict[int, list[int]] = {at: [] for at in range(len(graph.nodes))}
    for edge in graph.edges:
        near[edge.source].append(edge.target)
        near[edge.target].append(edge.source)
    for sweep in range(SWEEPS):
        free = order[1:-1] if sweep % 2 == 0 else order[-2:0:-1]
        for row in free:
            share = {node: (at + 1) / (len(other) + 1) for other in order for at, node in enumerate(other)}
            row.sort(key=lambda node: _mean([share[other] for other in near[node]], share[node]))
        if (found := crossings(graph, order)) < fewest:
            best, fewest = [list(row) for row in order], found
    return best


def _mean(values: Sequence[float], default: float) -> float:
    return sum(values) / len(values) if values else default


def _path(edge: Edge, places: Sequence[Point]) -> Path:
    """The line between two nodes, bent where it would touch another one."""
    start, end = places[edge.source], places[edge.target]
    middle: list[Point] = []
    if abs(end[1] - start[1]) > UP * 1.5:
        touched = [at for at in places if at not in (start, end) and _distance(at, start, end) < RADIUS + CLOSE]
        if touched:
            near = min(touched, key=lambda at: _distance(at, start, end))
            side = 1 if (start[0] + end[0]) / 2 >= near[0] else -1
            middle = [(near[0] + side * ACROSS / 2, near[1])]
    points = [start, *middle, end]
    return Path(edge, (_towards(points[0], points[1]), *middle, _towards(points[-1], points[-2])))


def _distance(point: Point, start: Point, end: Point) -> float:
    """The distance of a point from a segment."""
    across, up = end[0] - start[0], end[1] - start[1]
    share = ((point[0] - start[0]) * across + (point[1] - start[1]) * up) / (across * across + up * up)
    share = min(max(share, 0.0), 1.0)
    return hypot(point[0] - start[0] - share * across, point[1] - start[1] - share * up)


def _towards(start: Point, end: Point) -> Point:
    """The point on the rim of a node on the way to another point."""
    length = hypot(end[0] - start[0], end[1] - start[1])
    return start[0] + RADIUS * (end[0] - start[0]) / length, start[1] + RADIUS * (end[1] - start[1]) / length


def _labels(paths: Sequence[Path], places: Sequence[Point]) -> Iterator[Label]:
    """The weights for which there is room, each where its line is farthest from others and from labels before."""
    taken: list[Label] = []
    for path in paths:
        width = LETTER * len(path.edge.weight) + 5
        others = [other for other in paths if other is not path]
        choices = [Label(at, width, path.edge.weight, path.edge.sign) for at in _along(path)]
        free = [label for label in choices if not any(_overlap(label, other) for other in taken)]
        free = [label for label in free if not any(_near_node(label, place) for place in places)]
        if free:
            taken.append(max(free, key=lambda label: min([_clear(label.at, other) for other in others], default=0.0)))
            yield taken[-1]


def _along(path: Path) -> Iterator[Point]:
    for share in (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.2, 0.8):
        yield _at(path.points, share)


def _at(points: Sequence[Point], share: float) -> Point:
    """The point at that share of a line's length."""
    lengths = [hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points)]
    left = share * sum(lengths)
    for (a, b), length in zip(pairwise(points), lengths, strict=True):
        if left <= length or (a, b) == (points[-2], points[-1]):
            return a[0] + (b[0] - a[0]) * left / length, a[1] + (b[1] - a[1]) * left / length
        left -= length
    return points[-1]


def _overlap(one: Label, other: Label) -> bool:
    apart = abs(one.at[0] - other.at[0]) * 2 >= one.width + other.width
    return not apart and abs(one.at[1] - other.at[1]) < LINE


def _near_node(label: Label, place: Point) -> bool:
    across = max(abs(label.at[0] - place[0]) - label.width / 2, 0.0)
    up = max(abs(label.at[1] - place[1]) - LINE / 2, 0.0)
    return hypot(across, up) < RADIUS + 2


def _clear(point: Point, path: Path) -> float:
    """How far a point is from another line, up to where it does not matter."""
    return min(min(_distance(point, a, b) for a, b in pairwise(path.points)), 14.0)
