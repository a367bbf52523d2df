"""The kernel stays small enough to be read in one sitting."""

from __future__ import annotations

import ast
import io
import tokenize
from pathlib import Path

import symcircuits.kernel

BUDGET = 900
OWN_BUDGETS = {
    "networks.py": 250,
    "widths.py": 250,
    "univariate.py": 85,
    "text.py": 70,
    "evaluate.py": 25,
    "induction.py": 60,
}
LAYOUT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def code_lines(source: str) -> int:
    """How many lines hold code: no blank lines, no comments, no docstrings."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in LAYOUT:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            lines.difference_update(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return len(lines)


def test_lines_are_counted_as_described() -> None:
    module = '"""Module."""\n\n# comment\nx = (\n    1,  # why\n)\n'
    function = 'def f():\n    """Say."""\n    return """a\nb"""\n'
    assert (code_lines(module), code_lines(function), code_lines(module + function)) == (3, 3, 6)


def test_the_kernel_keeps_to_its_budget() -> None:
    (folder,) = symcircuits.kernel.__path__
    sizes = {path.name: code_lines(path.read_text(encoding="utf-8")) for path in sorted(Path(folder).rglob("*.py"))}
    assert {"certificate.py", "check.py", "finite.py", "lattice.py", "normal.py", "number.py", "term.py"} <= set(sizes)
    assert sum(size for name, size in sizes.items() if name not in OWN_BUDGETS) <= BUDGET, sizes
    assert all(sizes[name] <= budget for name, budget in OWN_BUDGETS.items()), sizes
