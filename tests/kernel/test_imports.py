"""What importing the kernel brings in: the standard library, its own modules, and nothing else."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import symcircuits
import symcircuits.kernel

FOLDER = Path(next(iter(symcircuits.kernel.__path__)))
APART = {"induction", "networks", "widths"}  # no part of what checks certificates
MODULES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")


def loaded_by(module: str) -> set[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(symcircuits.__file__).parents[1])}
    script = f"import sys, {module}; print(*sys.modules)"  # -S: no start-up files of installed packages
    command = [sys.executable, "-S", "-c", script]
    return set(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split())


def test_the_checker_loads_the_kernel_and_the_standard_library_only() -> None:
    loaded = loaded_by("symcircuits.kernel.check")
    ours = {name for name in loaded if name.split(".")[0] == "symcircuits"}
    package = {"symcircuits", "symcircuits.version", "symcircuits.kernel"}
    assert ours | package == package | {f"symcircuits.kernel.{module}" for module in MODULES if module not in APART}
    foreign = {name.split(".")[0] for name in loaded - ours} - set(sys.stdlib_module_names)
    assert foreign <= {"__main__"}
    assert not loaded & {"sympy", "numpy", "click", "rich", "hypothesis"}


@pytest.mark.parametrize("module", sorted(APART))
def test_a_module_apart_loads_the_kernel_and_the_standard_library_only(module: str) -> None:
    loaded = loaded_by(f"symcircuits.kernel.{module}")
    ours = {name for name in loaded if name.split(".")[0] == "symcircuits"}
    assert ours <= {"symcircuits", "symcircuits.version", "symcircuits.kernel"} | {
        f"symcircuits.kernel.{module}" for module in MODULES
    }
    assert {name.split(".")[0] for name in loaded - ours} <= {"__main__", *sys.stdlib_module_names}


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_the_standard_library_and_the_kernel(module: str) -> None:
    tree = ast.parse((FOLDER / f"{module}.py").read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "." for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not any(isinstance(node, ast.Assert) for node in ast.walk(tree)), "assert is removed by python -O"
    for name in imported:
        assert name.startswith("symcircuits.kernel.") or name.split(".")[0] in sys.stdlib_module_names
