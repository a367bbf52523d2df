"""The book of the gadget library: a chapter for each family, a page for each theorem, and an index with sizes.

>>> text = book(["detectors"])
>>> text.count(r"\\section{"), r"\\tableofcontents" in text
(2, True)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symcircuits.circuits.gadget import Gadget
from symcircuits.circuits.gadgets import by_module
from symcircuits.errors import InvalidCircuit
from symcircuits.publish.drawing.tikz import PREAMBLE as PICTURES
from symcircuits.publish.figures import escaped
from symcircuits.publish.latex import PREAMBLE, circuit_page
from symcircuits.publish.replay import certificate_size

PACKAGES = r"""\usepackage{longtable}
\usepackage[hidelinks]{hyperref}
"""
FRONT = r"""\begin{center}\Huge\bfseries ReLU circuits\par\bigskip
\large\mdseries %d circuits, %d theorems, each checked by the kernel\end{center}\bigskip
\setcounter{tocdepth}{1}
\tableofcontents\clearpage
"""
ENTRY = (
    r"\phantomsection\label{%s}{\Large\bfseries %s}\hfill{\small\sffamily %s}\par\vspace{2pt}\hrule\vspace{8pt}" + "\n"
)
INDEX = r"""\section{Index of theorems}
\begin{longtable}{@{}p{7.4cm}rrrrr@{}}
circuit & neurons & layers & steps & bytes & page\\ \hline\endhead
"""


def book(families: Sequence[str] | None = None) -> str:
    """The LaTeX document with the chapters of these modules of the library, or of all.

    Raises `InvalidCircuit` for a module that is not there.
    """
    chapters = by_module()
    unknown = [name for name in families or () if name not in chapters]
    if unknown:
        raise InvalidCircuit(f"there is no family {unknown[0]}; there are {', '.join(chapters)}")
    chosen = {name: gadgets for name, gadgets in chapters.items() if families is None or name in families}
    every = [gadget for gadgets in chosen.values() for gadget in gadgets]
    count = sum(len(gadget.theorems) for gadget in every)
    head = PREAMBLE.replace("\\begin{document}", f"{PICTURES}{PACKAGES}\\begin{{document}}")
    body = "".join(line for name, gadgets in chosen.items() for line in _chapter(name, gadgets))
    return f"{head}{FRONT % (len(every), count)}{body}{_index(every)}\\end{{document}}\n"


def _chapter(name: str, gadgets: Sequence[Gadget]) -> Iterator[str]:
    yield f"\\section{{{escaped(name.replace('_', ' ').capitalize())}}}\n"
    for gadget in gadgets:
        for place, theorem in enumerate(gadget.theorems, start=1):
            page = circuit_page(theorem, gadget.circuit, gadget.title, place, gadget.examples)
            yield ENTRY % (f"{gadget.name}:{place}", page.title, page.side)
            yield f"{escaped(gadget.note)}\\par\n{page.body}\\clearpage\n"


def _index(gadgets: Sequence[Gadget]) -> str:
    """A row for each theorem: sizes of the circuit, steps and bytes of the certificate, and the page."""
    rows: list[str] = []
    for gadget in gadgets:
        for place, theorem in enumerate(gadget.theorems, start=1):
            steps, _ = certificate_size(theorem)
            output = f", output {place}" if len(gadget.theorems) > 1 else ""
            sizes = (sum(gadget.circuit.widths), gadget.circuit.depth, steps, len(theorem.certificate.encode()))
            numbers = " & ".join(map(str, sizes))
            page = rf"\pageref{{{gadget.name}:{place}}}"
            rows.append(rf"{escaped(gadget.title)}{output} & {numbers} & {page}\\")
    return INDEX + "\n".join(rows) + "\n\\end{longtable}\n"
