"""The examples for users of torch, NumPy and SymPy: short, and passing tests of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "examples" / "pytest"
EXAMPLES = sorted(FOLDER.glob("test_*.py"))


def test_there_is_one_for_each() -> None:
    assert {path.stem for path in EXAMPLES} == {"test_numpy_weights", "test_sympy_expressions", "test_torch_module"}
    assert all(len(path.read_text(encoding="utf-8").splitlines()) <= 15 for path in EXAMPLES)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_passes(path: Path, tmp_path: Path) -> None:
    if "torch" in path.stem and find_spec("torch") is None:
        pytest.skip("torch is not installed")
    environment = {**os.environ, "PYTHONPATH": str(FOLDER.parents[1])}
    command = [
        sys.executable,
        "-W",
        "error",
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-c",
        os.devnull,
        str(path),
    ]
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0 and "passed" in run.stdout, run.stdout
