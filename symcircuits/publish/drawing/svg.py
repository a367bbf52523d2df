"""Drawings as standalone SVG: blue solid lines for positive weights, red dashed ones for negative.

>>> from symcircuits.circuits.gadgets import gadget
>>> print(circuit_to_svg(gadget("abs").circuit, (-3,)).splitlines()[1])
<title>abs at x = -3: y = 3</title>
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import hypot
from typing import Any

from symcircuits.circuits.circuit import Circuit
from symcircuits.publish.drawing.graph import Node, graph_of, split_name
from symcircuits.publish.drawing.layout import LINE, RADIUS, Drawing, Path, Point, arrange

FILLS = {"input": "#c9dde1", "hidden": "#e6e6e6", "output": "#f9d29b"}
COLOURS = {1: "#1f5fa8", -1: "#b4322a", 0: "#444"}
DASHES = {1: "", -1: ' stroke-dasharray="6 4"', 0: ' stroke-dasharray="2 3"'}
FONT = "Latin Modern Math, STIX Two Math, Cambria Math, Georgia, serif"
HEAD, HALF, FIT = 8.0, 3.6, 6
"""Length and half the width of an arrow's head; letters that a node holds at full size."""


def circuit_to_svg(
    circuit: Circuit, inputs: Sequence[Any] | None = None, parameters: Mapping[str, Any] | None = None
) -> str:
    """The circuit as an SVG image; with inputs, each neuron shows its value after relu over its value before.

    Raises `InvalidCircuit` for a circuit with too many neurons to be read.
    """
    return drawing_to_svg(arrange(graph_of(circuit, inputs, parameters)))


def drawing_to_svg(drawing: Drawing) -> str:
    """A drawing as an SVG image."""
    size = f'viewBox="0 0 {drawing.width} {drawing.height}" width="{drawing.width}" height="{drawing.height}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{FONT}">',
        f"<title>{escape(_title(drawing))}</title>",
        f'<rect width="{drawing.width}" height="{drawing.height}" fill="#fff"/>',
    ]
    for path in drawing.paths:
        lines += _line(drawing, path)
    for label in drawing.labels:
        x, y = label.at
        box = f'x="{_n(x - label.width / 2)}" y="{_n(y - LINE / 2)}" width="{_n(label.width)}" height="{LINE}"'
        lines.append(f'<rect {box} rx="3" fill="#fff" fill-opacity=".9"/>')
        lines.append(_text(x, y + 4.5, label.text, 13, COLOURS[label.sign]))
    for node, place in zip(drawing.graph.nodes, drawing.places, strict=True):
        lines += _node(node, place)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _title(drawing: Drawing) -> str:
    nodes = drawing.graph.nodes
    inputs = ", ".join(f"{node.name} = {node.after}" for node in nodes if node.kind == "input")
    outputs = ", ".join(f"{node.name} = {node.after}" for node in nodes if node.kind == "output")
    has_values = any(node.after for node in nodes)
    return f"{drawing.graph.title} at {inputs}: {outputs}" if has_values else f"the circuit {drawing.graph.title}"


def _line(drawing: Drawing, path: Path) -> list[str]:
    edge, colour = path.edge, COLOURS[path.edge.sign]
    (x, y), (u, v) = path.points[-2:]
    length = hypot(u - x, v - y)
    across, up = (u - x) / length, (v - y) / length
    base = u - HEAD * across, v - HEAD * up
    points = " ".join(f"{_n(a)},{_n(b)}" for a, b in (*path.points[:-1], base))
    corners = [(base[0] - HALF * up, base[1] + HALF * across), (base[0] + HALF * up, base[1] - HALF * across)]
    head = " ".join(f"{_n(a)},{_n(b)}" for a, b in ((u, v), *corners))
    names = drawing.graph.nodes[edge.source].name, drawing.graph.nodes[edge.target].name
    tip = f"<title>{escape(names[0])} to {escape(names[1])}: {escape(edge.weight)}</title>"
    style = f'fill="none" stroke="{colour}" stroke-width="1.5"{DASHES[edge.sign]}'
    return [
        f'<polyline points="{points}" {style}>{tip}</polyline>',
        f'<polygon points="{head}" fill="{colour}"/>',
    ]


def _node(node: Node, place: Point) -> list[str]:
    x, y = place
    tip = f"<title>{escape(node.name)}</title>"
    lines = [f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{RADIUS}" fill="{FILLS[node.kind]}" stroke="#333">{tip}</circle>']
    if node.before:
        lines.append(f'<line x1="{_n(x - 15)}" y1="{_n(y)}" x2="{_n(x + 15)}" y2="{_n(y)}" stroke="#333"/>')
        lines.append(_text(x, y - 5, node.after, _size(node.after, 15), "#000"))
        lines.append(_text(x, y + 15, node.before, _size(node.before, 13), "#555"))
    else:
        text = node.after or node.label
        lines.append(_text(x, y + 5, text, _size(text, 16), "#000", is_name=not node.after))
    if node.bias:
        sign = "" if node.bias.startswith("-") else "+"
        lines.append(_text(x + RADIUS - 3, y - RADIUS + 4, f"{sign}{node.bias}", 11, "#666", "start"))
    return lines


def _size(text: str, size: float) -> float:
    return size if len(text) <= FIT else size * FIT / len(text)


def _text(
    x: float, y: float, text: str, size: float, colour: str, anchor: str = "middle", is_name: bool = False
) -> str:
    style = f'x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}" font-size="{_n(size)}" fill="{colour}"'
    return f"<text {style}>{_name(text) if is_name else escape(text.replace('-', '−'))}</text>"


def _name(name: str) -> str:
    """A name in italics, the numbers at its end as an index."""
    stem, index = split_name(name)
    below = f'<tspan dy="3" font-size="70%">{index}</tspan>' if index else ""
    return f'<tspan font-style="italic">{escape(stem)}</tspan>{below}'


def _n(value: float) -> str:
    """A coordinate with one decimal, if it needs one."""
    return f"{round(value, 1) + 0.0:g}"
