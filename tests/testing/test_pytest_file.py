"""The files that `symcircuits test-file` writes run as they are."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import symcircuits
from symcircuits.circuits.network import network
from symcircuits.cli import commands
from symcircuits.formats.write import write_network

MIN = network("min", ("a", "b"), [([[1, -1], [1, 0], [-1, 0]], [0, 0, 0]), ([[-1, 1, -1]], [0])])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a network."""
    monkeypatch.chdir(tmp_path)
    write_network(MIN, "min net.json")
    return tmp_path


def written(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["test-file", *arguments])


def outcome(folder: Path, path: str) -> str:
    """The last line of a run of pytest on the file, in another folder."""
    environment = {**os.environ, "PYTHONPATH": str(Path(symcircuits.__file__).parents[1])}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, str(folder / path)]
    run = subprocess.run(command, cwd=folder.parent, env=environment, capture_output=True, text=True, timeout=120)
    return run.stdout.strip().splitlines()[-1]


def test_a_true_file_passes_from_anywhere(folder: Path) -> None:
    (folder / "tests").mkdir()
    arguments = ("--where", "a <= 5", "--where", "0 <= b", "-o", "tests/test_it.py")
    result = written("min net.json", "min(b, a)", *arguments)
    assert (
        result.exit_code == 0 and result.output == "tests written to tests/test_it.py; run: pytest tests/test_it.py\n"
    )
    text = (folder / "tests" / "test_it.py").read_text(encoding="utf-8")
    assert 'NET = HERE / "../min net.json"' in text and 'DOMAIN = "a <= 5, 0 <= b"' in text
    assert outcome(folder, "tests/test_it.py").startswith("5 passed")


def test_a_false_file_fails(folder: Path) -> None:
    assert written("min net.json", "max(a, b)").exit_code == 0
    assert "failed" in outcome(folder, "test_min_net.py")


KINDS = [
    (("min", "min(x1, x2)"), "test_min.py", ['NET = gadget("min")', "from symcircuits import gadget"]),
    (("x - relu(x)/2 + relu(x - 1/2)", "x**2", "--within", "1/16", "--where", "0 <= x <= 1"), "", ['BOUND = "1/16"']),
    (("min(a, b)", "min net.json", "--le"), "test_min_a_b.py", ["assert_circuit_le(NET, TARGET)", "TARGET = HERE"]),
    (("é + relu(x)", "x + é + relu(-x)"), "test_é_relu_x.py", ['NET = "é + relu(x)"']),
    (("relu(a + b - 1)", "a*b", "--where", "a, b in {0, 1}"), "test_relu_a_b_1.py", ['"a == 1, b == 1", ["1"]']),
]


@pytest.mark.parametrize(("arguments", "name", "lines"), KINDS, ids=[name for _, name, _ in KINDS])
def test_what_is_written(folder: Path, arguments: tuple[str, ...], name: str, lines: list[str]) -> None:
    assert written(*arguments).exit_code == 0
    (path,) = folder.glob(name or "test_*.py")
    text = path.read_text(encoding="utf-8")
    ast.parse(text)
    assert all(line in text for line in lines), text
    names: dict[str, object] = {"__file__": str(path), "__name__": "written"}
    exec(compile(text, path, "exec"), names)  # the text is what has just been written
    names["test_net_on_its_domain"]()  # type: ignore[operator]
    for point, outputs in names["VALUES"]:  # type: ignore[attr-defined]
        names["test_net_at_a_point"](point, outputs)  # type: ignore[operator]


BAD = [
    (("no.onnx", "x"), "no.onnx cannot be read"),
    (("min net.json", "a + c"), "a + c speaks of c; the inputs of min"),
    (("min net.json", "max_of_three"), "has 2 inputs, max_of_three has 3"),
    (("min net.json", "sin(a)"), "sin is not a function of the language"),
    (("min net.json", "a**2"), "is not piecewise linear"),
    (("min net.json", "a", "--where", "a < 0, a > 0"), "no point satisfies the domain"),
    (("min net.json", "a", "--where", "c > 0"), "the domain speaks of c"),
    (("min net.json", "a", "--within", "-1"), "a bound that is not negative"),
    (("min net.json", "a", "--within", "b"), "a number is expected"),
    (("min net.json", "a", "--le", "--within", "1"), "give --le or --within"),
    (("min net.json", "a", "-o", "min net.json"), "exists; use --force"),
    (("min net.json", "a", "-o", "no/folder/test_a.py"), "no file can be written"),
    (("min net.json",), "Missing argument 'TARGET'"),
]


@pytest.mark.parametrize(("arguments", "message"), BAD, ids=[message for _, message in BAD])
def test_bad_input_writes_nothing(folder: Path, arguments: tuple[str, ...], message: str) -> None:
    result = written(*arguments)
    assert result.exit_code == 2 and message in result.output and "Traceback" not in result.output
    assert [path.name for path in folder.iterdir()] == ["min net.json"]


def test_a_file_that_exists_is_replaced_by_force_only(folder: Path) -> None:
    Path("test_min.py").write_text("mine")
    assert written("min", "min(x1, x2)").exit_code == 2 and Path("test_min.py").read_text() == "mine"
    assert written("min", "min(x1, x2)", "--force").exit_code == 0 and "mine" not in Path("test_min.py").read_text()


def test_many_inputs_get_no_points(folder: Path) -> None:
    names = [f"x{at}" for at in range(1, 12)]
    write_network(network("wide", names, [([[1] * 11], [0]), ([[1]], [0])]), "wide.json")
    assert written("wide.json", f"relu({' + '.join(names)})").exit_code == 0
    assert "VALUES" not in Path("test_wide.py").read_text() and outcome(folder, "test_wide.py").startswith("1 passed")
