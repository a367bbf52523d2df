"""Drawings as TikZ pictures, for a page of LaTeX: blue solid lines for positive weights, red dashed for negative.

>>> from symcircuits.circuits.gadgets import gadget
>>> print(circuit_to_tikz(gadget("abs").circuit).splitlines()[1].strip())
\\draw[scplus] (1.516,1.244) -- (1.046,2.265);
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from symcircuits.circuits.circuit import Circuit
from symcircuits.publish.drawing.graph import Node, graph_of, split_name
from symcircuits.publish.drawing.layout import Drawing, Point, arrange

UNIT = 57.0
"""Units of the layout in a centimetre of the picture before scaling."""
STYLES = {1: "scplus", -1: "scminus", 0: "scopen"}
PREAMBLE = r"""\usepackage{tikz}
\definecolor{scblue}{HTML}{1F5FA8}\definecolor{scred}{HTML}{B4322A}
\definecolor{scinput}{HTML}{C9DDE1}\definecolor{schidden}{HTML}{E6E6E6}\definecolor{scoutput}{HTML}{F9D29B}
\tikzset{scplus/.style={draw=scblue,semithick,-latex},scminus/.style={draw=scred,semithick,dashed,-latex},
  scopen/.style={draw=black!70,semithick,densely dotted,-latex},
  scnode/.style={circle,draw=black!80,inner sep=0pt,minimum size=8mm,font=\footnotesize},
  scweight/.style={fill=white,fill opacity=.9,text opacity=1,inner sep=1pt,font=\scriptsize}}
"""
"""What a document needs before the first picture."""


def circuit_to_tikz(
    circuit: Circuit, inputs: Sequence[Any] | None = None, parameters: Mapping[str, Any] | None = None
) -> str:
    """The circuit as a TikZ picture; with inputs, each neuron shows its value after relu over its value before.

    A document needs `PREAMBLE`. Raises `InvalidCircuit` for a circuit with too many neurons to be read.
    """
    return drawing_to_tikz(arrange(graph_of(circuit, inputs, parameters)))


def drawing_to_tikz(drawing: Drawing, most: float | None = None) -> str:
    """A drawing as a TikZ picture, at most so many centimetres wide."""
    scale = 1.0 if most is None else min(1.0, most * UNIT / drawing.width)
    lines = [r"\begin{tikzpicture}" + (f"[scale={scale:.3f},transform shape]" if scale < 1 else "")]

    def at(point: Point) -> str:
        return f"({point[0] / UNIT:.3f},{(drawing.height - point[1]) / UNIT:.3f})"

    for path in drawing.paths:
        lines.append(rf"  \draw[{STYLES[path.edge.sign]}] {' -- '.join(map(at, path.points))};")
    for label in drawing.labels:
        lines.append(rf"  \node[scweight] at {at(label.at)} {{${_number(label.text)}$}};")
    for node, place in zip(drawing.graph.nodes, drawing.places, strict=True):
        lines.append(rf"  \node[scnode,fill=sc{node.kind}] at {at(place)} {{{_inside(node)}}};")
        if node.bias:
            sign = "" if node.bias.startswith("-") else "+"
            shift = place[0] + 20, place[1] - 22
            lines.append(
                rf"  \node[font=\tiny,text=black!60,anchor=west] at {at(shift)} {{${sign}{_number(node.bias)}$}};"
            )
    return "\n".join([*lines, r"\end{tikzpicture}"]) + "\n"


def _inside(node: Node) -> str:
    if node.before:
        return rf"$\frac{{{_number(node.after)}}}{{{_number(node.before)}}}$"
    return f"${_number(node.after)}$" if node.after else f"${_name(node.label)}$"


def _number(text: str) -> str:
    """A rational or a small expression as a person would write it on one line."""
    return text.replace("**", "^").replace("*", r"\,")


def _name(name: str) -> str:
    """A name in italics, the numbers at its end as an index; other marks escaped."""
    stem, index = split_name(name)
    text = stem.replace("_", r"\_")
    word = text if len(text) == 1 else rf"\mathit{{{text}}}"
    return f"{word}_{{{index}}}" if index else word
