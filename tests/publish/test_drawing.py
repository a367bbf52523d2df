"""Drawings: every node and edge is there, nothing covers anything else, and both writers agree with exact values."""

from __future__ import annotations

import shutil
import subprocess
from itertools import chain, combinations
from math import hypot
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sympy import symbols

from symcircuits.circuits.circuit import Circuit, Neuron
from symcircuits.circuits.gadgets import gadget, library
from symcircuits.errors import InvalidCircuit
from symcircuits.publish.drawing.graph import MOST, graph_of, split_name
from symcircuits.publish.drawing.layout import LINE, RADIUS, arrange, crossings
from symcircuits.publish.drawing.svg import circuit_to_svg
from symcircuits.publish.drawing.tikz import PREAMBLE, circuit_to_tikz

DRAWN = sorted(name for name, each in library().items() if sum(each.circuit.widths) <= MOST)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", DRAWN)
def test_every_gadget_is_drawn_whole(name: str) -> None:
    circuit = library()[name].circuit
    drawing = arrange(graph_of(circuit))
    graph, places = drawing.graph, drawing.places
    assert len(graph.nodes) == len(circuit.inputs) + sum(circuit.widths) + len(circuit.outputs)
    assert len(drawing.paths) == len(graph.edges) and sorted(chain(*drawing.order)) == list(range(len(graph.nodes)))
    assert all(graph.nodes[edge.source].level < graph.nodes[edge.target].level for edge in graph.edges)
    assert all(RADIUS <= x <= drawing.width - RADIUS and RADIUS <= y <= drawing.height - RADIUS for x, y in places)
    assert all(hypot(a - c, b - d) > 2 * RADIUS + 4 for (a, b), (c, d) in combinations(places, 2))
    for one, other in combinations(drawing.labels, 2):
        across, up = abs(one.at[0] - other.at[0]), abs(one.at[1] - other.at[1])
        assert across >= (one.width + other.width) / 2 or up >= LINE
    assert crossings(graph, drawing.order) <= crossings(graph, graph.levels)
    root = ElementTree.fromstring(circuit_to_svg(circuit))
    assert len(root.findall(f"{SVG}circle")) == len(graph.nodes)
    assert len(root.findall(f"{SVG}polyline")) == len(graph.edges)


def test_the_weights_of_small_circuits_all_have_room() -> None:
    for name in ("min", "abs", "max", "min_of_four", "full_adder", "clip_0_1"):
        drawing = arrange(graph_of(gadget(name).circuit))
        assert len(drawing.labels) == len(drawing.graph.edges), name


def test_a_drawing_shows_the_exact_values() -> None:
    circuit = gadget("median_3").circuit
    root = ElementTree.fromstring(circuit_to_svg(circuit, (3, "1/2", -2)))
    texts = ["".join(each.itertext()) for each in root.findall(f"{SVG}text")]
    for layer in circuit.activations(3, "1/2", -2):
        for _, before, after in layer:
            assert str(after) in texts and str(before).replace("-", "−") in texts
    assert root[0].text == "median 3 at x1 = 3, x2 = 1/2, x3 = -2: y = 1/2"


def test_signs_of_symbolic_weights_are_drawn_where_they_are_known() -> None:
    edges = graph_of(gadget("identity_family").circuit).edges
    assert {(edge.weight, edge.sign) for edge in edges} == {("w1", 1), ("w2", -1), ("1/w1", 1), ("1/w2", -1)}


def test_skip_connections_go_round_what_is_between() -> None:
    x, h, g, f = symbols("x h g f", real=True)
    circuit = Circuit("skip", (x,), (Neuron(h, x - 1), Neuron(g, h - x), Neuron(f, g - 2)), (f - 3 * x,))
    drawing = arrange(graph_of(circuit))
    bent = [path for path in drawing.paths if len(path.points) > 2]
    assert {path.edge.weight for path in bent} == {"-1", "-3"}
    assert [node.bias for node in drawing.graph.nodes] == ["", "-1", "", "-2", ""]


def test_names_are_escaped_and_numbered() -> None:
    assert split_name("h12") == ("h", "12") and split_name("α_2") == ("α", "2") and split_name("x_y1") == ("x_y1", "")
    a, wire = symbols("a_b h", real=True)
    text = circuit_to_tikz(Circuit("ramp", (a,), (Neuron(wire, a),), (wire,)))
    assert r"\mathit{a\_b}" in text


def test_too_many_neurons_are_refused() -> None:
    with pytest.raises(InvalidCircuit, match="a drawing of more than 60 is not readable"):
        circuit_to_svg(gadget("median_9").circuit)


def test_drawings_are_the_same_every_time() -> None:
    circuit = gadget("median_5").circuit
    assert circuit_to_svg(circuit) == circuit_to_svg(circuit) and circuit_to_tikz(circuit) == circuit_to_tikz(circuit)


def test_the_picture_of_the_readme_is_drawn_by_the_command() -> None:
    stored = Path(__file__).parents[2] / "proofs" / "min.svg"
    assert stored.read_text(encoding="utf-8") == circuit_to_svg(gadget("min").circuit, (3, 5))


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_pictures_compile_without_warnings(tmp_path: Path) -> None:
    pictures = [
        circuit_to_tikz(gadget("min").circuit, (3, "-1/2")),
        circuit_to_tikz(gadget("identity_family").circuit),
        circuit_to_tikz(gadget("clip_0_1").circuit),
    ]
    head = "\\documentclass{article}\n\\usepackage{amsmath}\n" + PREAMBLE + "\\begin{document}\n"
    (tmp_path / "pictures.tex").write_text(head + "\n\n".join(pictures) + "\\end{document}\n", encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "pictures.tex"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stdout[-2000:]
    assert "Overfull" not in result.stdout and "Warning" not in result.stdout
