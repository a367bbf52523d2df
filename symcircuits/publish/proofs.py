"""The published proofs: for each output of each gadget its certificate and a page of LaTeX, and a drawing.

`python -m symcircuits.publish.proofs FOLDER` writes them all again; the same theorems give the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from symcircuits.circuits.gadgets import library
from symcircuits.publish.drawing.graph import MOST
from symcircuits.publish.drawing.svg import circuit_to_svg
from symcircuits.publish.latex import circuit_page


def published() -> Iterator[tuple[str, str]]:
    """The name of each file, below the folder of the proofs, and its text."""
    for gadget in library().values():
        for place, theorem in enumerate(gadget.theorems, start=1):
            number = f"_{place}" if len(gadget) > 1 else ""
            yield f"{gadget.name}/certificate{number}.json", theorem.certificate
            page = circuit_page(theorem, gadget.circuit, gadget.title, place, gadget.examples)
            yield f"{gadget.name}/proof{number}.tex", page.document()
        if sum(gadget.circuit.widths) <= MOST:
            yield f"{gadget.name}/circuit.svg", circuit_to_svg(gadget.circuit)


def write_proofs(folder: Path) -> None:
    """Write every published file below the folder."""
    for name, text in published():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_proofs(Path(sys.argv[1]))
