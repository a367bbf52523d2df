"""The parts of a page about a circuit that are not prose: the drawing beside the weights, and worked examples."""

from __future__ import annotations

import re
from collections.abc import Sequence

from symcircuits.circuits.circuit import Circuit
from symcircuits.circuits.gadget import Example
from symcircuits.publish.drawing.graph import MOST, graph_of
from symcircuits.publish.drawing.layout import Drawing, arrange
from symcircuits.publish.drawing.tikz import UNIT, drawing_to_tikz
from symcircuits.publish.listing import matrices

WIDTH, HALF, GAP = 15.0, 7.0, 0.6
"""Centimetres: a page's text, a drawing beside matrices, between drawings side by side."""
ROWS, COLUMNS, BESIDE, EXAMPLES = 8, 10, 4, 2
"""The largest matrix that is shown, the columns of one that stands beside a drawing, and most worked examples."""
FRACTION = re.compile(r"(-?)(\d+)/(\d+)")


def circuit_figure(circuit: Circuit) -> str:
    """The drawing, beside the weight matrices if these are small; a sentence for a circuit too large to draw."""
    if sum(circuit.widths) > MOST:
        return f"\\par The circuit has {sum(circuit.widths)} hidden neurons, too many to draw.\\par\n"
    drawing, equations = arrange(graph_of(circuit)), _equations(circuit)
    columns = (
        [len(weights[0]) + 2 * any(c != "0" for c in bias) for weights, bias in matrices(circuit)] if equations else [0]
    )
    is_wide = max(columns) > BESIDE
    if not equations or is_wide or drawing.width / UNIT > 1.6 * HALF:
        return f"\\begin{{center}}\n{drawing_to_tikz(drawing, WIDTH)}\\end{{center}}\n{equations}"
    picture = f"\\begin{{minipage}}{{{HALF + 0.4}cm}}\\centering\n{drawing_to_tikz(drawing, HALF)}\\end{{minipage}}"
    beside = f"\\begin{{minipage}}{{{WIDTH - HALF - 0.8}cm}}\n{equations}\\end{{minipage}}"
    return f"\\par\\medskip\\noindent\n{picture}\\hfill\n{beside}\\par\\medskip\n"


def _equations(circuit: Circuit) -> str:
    """z = relu(W x + b), layer by layer, if every matrix is small and no layer is skipped; else nothing."""
    if not circuit.parameters and not circuit.network.is_layered:
        return ""
    layers = matrices(circuit)
    if any(len(weights) > ROWS or len(weights[0]) > COLUMNS or not weights for weights, _ in layers):
        return ""
    before, lines = "x", list[str]()
    for number, (weights, bias) in enumerate(layers, start=1):
        last = number == len(layers)
        name = "y" if last else "z" if len(layers) == 2 else f"z^{{({number})}}"
        form = f"{_matrix(weights)}{before}" + (f" + {_matrix([[c] for c in bias])}" if set(bias) != {"0"} else "")
        lines.append(f"{name} &= {form}" if last else f"{name} &= \\operatorname{{relu}}\\left({form}\\right)")
        before = name
    return "\\[\\begin{aligned}\n" + ",\\\\[3pt]\n".join(lines) + ".\n\\end{aligned}\\]\n"


def _matrix(rows: Sequence[Sequence[str]]) -> str:
    inner = r" \\ ".join(" & ".join(map(number_to_latex, row)) for row in rows)
    return rf"\begin{{pmatrix}}{inner}\end{{pmatrix}}"


def number_to_latex(text: str) -> str:
    r"""A rational, or a weight with parameters, as text, in LaTeX.

    >>> number_to_latex("-1/2"), number_to_latex("1/w2")
    ('-\\tfrac{1}{2}', '1/w_{2}')
    """
    found = FRACTION.fullmatch(text)
    if found:
        return rf"{found[1]}\tfrac{{{found[2]}}}{{{found[3]}}}"
    return re.sub(r"([^\W\d_])(\d+)", r"\1_{\2}", text.replace("**", "^").replace("*", r"\,"))


def worked_examples(circuit: Circuit, examples: Sequence[Example]) -> str:
    """The drawing with the values at the first examples, as many as stand side by side."""
    if circuit.parameters or sum(circuit.widths) > MOST or not examples:
        return ""
    drawings = [arrange(graph_of(circuit, example.inputs)) for example in examples[:EXAMPLES]]
    if _centimetres(drawings) > 1.3 * WIDTH:
        del drawings[1:]
    most = (WIDTH - GAP * (len(drawings) - 1)) / len(drawings)
    pictures = f"\\hspace{{{GAP}cm}}\n".join(drawing_to_tikz(drawing, most) for drawing in drawings)
    words = "Each neuron shows its value after ReLU over its value before."
    text = f"\\textbf{{Worked example.}} {words}\n\\begin{{center}}\n{pictures}\\end{{center}}\n"
    return f"\\par\\medskip\\noindent\\begin{{minipage}}{{\\linewidth}}\n{text}\\end{{minipage}}\\par\n"


def _centimetres(drawings: Sequence[Drawing]) -> float:
    return sum(drawing.width / UNIT for drawing in drawings) + GAP * (len(drawings) - 1)


def output_name(circuit: Circuit, place: int) -> str:
    """y, numbered if there are several outputs, and with an underscore if a wire has that name."""
    name = f"y{place}" if len(circuit.outputs) > 1 else "y"
    taken = {symbol.name for symbol in circuit.inputs} | {symbol.name for symbol in circuit.parameters}
    return name if name not in taken else f"{name}_"


def escaped(text: str) -> str:
    """Prose with the marks escaped that mean something to LaTeX."""
    return re.sub(r"([#$%&_{}])", r"\\\1", text)
