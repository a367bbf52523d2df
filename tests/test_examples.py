"""Every example runs on its own, without warnings, and prints what the comment at its end says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "examples"
EXAMPLES = sorted(FOLDER.glob("*.py"))
MARK = "\n# Output:\n"


def expected_output(path: Path) -> str:
    """The lines after `# Output:`, without their comment signs."""
    _, lines = path.read_text(encoding="utf-8").split(MARK)
    assert all(line.startswith("# ") for line in lines.splitlines())
    return "".join(f"{line[2:]}\n" for line in lines.splitlines())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("seed", ["0", "2022"])
def test_an_example_prints_what_it_says(path: Path, seed: str, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(FOLDER.parent), "PYTHONHASHSEED": seed}
    command = [sys.executable, "-W", "error", str(path)]
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    assert run.stderr == "" and run.stdout == expected_output(path)
    assert {left.name for left in tmp_path.iterdir()} <= {".hypothesis"}  # Hypothesis keeps a cache where it runs


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_short_and_says_what_it_shows(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 40 and lines[0].startswith("# ") and lines[0].endswith(".")


def test_the_examples_are_numbered() -> None:
    assert [path.stem.split("_")[0] for path in EXAMPLES] == [f"{at:02}" for at in range(1, len(EXAMPLES) + 1)]
    assert len(EXAMPLES) >= 7
