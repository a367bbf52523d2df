"""The commands that draw circuits and find least widths: exit codes, output and files."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from symcircuits.cli import commands

MIN = "min(a, b) == b - relu(b - a)"


def run(*args: str) -> Result:
    result = CliRunner().invoke(commands, list(args))
    assert "Traceback" not in result.stdout + result.stderr
    return result


def answer(*args: str) -> tuple[int, dict[str, Any]]:
    result = run(*args, "--json")
    return result.exit_code, json.loads(result.stdout)


# drawings


def test_a_circuit_is_drawn(tmp_path: Path) -> None:
    svg, tikz = tmp_path / "min.svg", tmp_path / "min.tex"
    result = run("show", "min", "--at", "3,5", "--svg", str(svg), "--tikz", str(tikz))
    assert result.exit_code == 0 and result.stdout.count("drawing saved to") == 2
    assert svg.read_text().startswith("<svg ") and r"\begin{tikzpicture}" in tikz.read_text()
    again = run("show", "min", "--svg", str(svg))
    assert again.exit_code == 2 and "--force" in again.stderr and "at x1 = 3" in svg.read_text()
    assert run("show", "min", "--svg", str(svg), "--force").exit_code == 0 and "at x1" not in svg.read_text()
    assert json.loads(run("show", "abs", "--svg", str(svg), "--force", "--json").stdout)["name"] == "abs"


def test_what_is_too_large_is_not_drawn(tmp_path: Path) -> None:
    result = run("show", "median_9", "--svg", str(tmp_path / "none.svg"))
    assert result.exit_code == 2 and "more than 60" in result.stderr and not list(tmp_path.iterdir())


# width


@pytest.mark.parametrize(
    ("args", "code", "verdict", "width"),
    [
        (("min(a, b)",), 0, "least width", 3),
        (("min(a, b)", "--where", "0 <= a <= 1, 0 <= b <= 1"), 0, "least width", 2),
        (("-x",), 0, "least width", 2),
        (("abs(x)", "--skip"), 0, "least width", 1),
        (("min",), 0, "least width", 3),
        (("h + relu(h)", "--let", "h=relu(x)"), 0, "least width", 1),
        (("x + 1", "--model", "no-biases"), 1, "no network", None),
        (("max(0, x, y)",), 1, "no network", None),
        (("median_3",), 1, "no network", None),
    ],
    ids=str,
)
def test_width(args: tuple[str, ...], code: int, verdict: str, width: int | None, tmp_path: Path) -> None:
    path = tmp_path / "width.json"
    found = answer("width", *args, "--save", str(path))
    assert (found[0], found[1]["verdict"], found[1]["width"]) == (code, verdict, width)
    checked = answer("check", str(path))
    assert checked[0] == 0 and checked[1]["claim"] == found[1]["theorem"]
    printed = run("width", *args)
    assert printed.exit_code == code and f"proved  {found[1]['theorem'].splitlines()[0]}" in printed.stdout
    again = run("width", *args, "--save", str(path))
    assert again.exit_code == 2 and "--force" in again.stderr


def test_a_width_that_is_not_known_has_bounds(tmp_path: Path) -> None:
    text = " + ".join(f"{2**k}*relu(x - {k})" for k in range(45))
    result = run("width", text, "--save", str(tmp_path / "none.json"))
    assert result.exit_code == 3 and "the width is from 45 to 47" in result.stdout
    assert "no certificate saved" in result.stdout and not list(tmp_path.iterdir())
    assert answer("width", text)[1]["at_most"] == 47


def test_a_certificate_of_a_width_is_compared_with_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "width.json"
    run("width", "min(a, b)", "--save", str(path))
    assert run("check", str(path)).stdout.splitlines()[:2] == [
        "accepted",
        "3 is the least width of one hidden layer with biases for min(a, b) of (a, b) in R^2",
    ]
    assert run("check", str(path), "--claim", MIN).exit_code == 2
    path.write_text(path.read_text().replace('"width": 3', '"width": 2'))
    assert run("check", str(path)).stdout == "rejected: it shows that the width is at least 3\n"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("x*y",), "product"),
        (("x", "--where", "x == 1"), "no interior"),
        (("x", "--where", "x in {0, 1}"), "finitely many"),
        (("x", "--model", "other"), "no-biases"),
        (("x", "--output", "2"), "one output"),
        (("nothing.nnet",), "No such file"),
    ],
)
def test_no_width_of_bad_input(args: tuple[str, ...], message: str) -> None:
    result = run("width", *args)
    assert result.exit_code == 2 and message in result.stderr and not result.stdout


def test_least_widths_stand_beside_gadgets() -> None:
    lines = run("gadgets", "minimum", "--least").stdout.splitlines()
    found = {line.split()[0]: line for line in lines if line.startswith("  ")}
    assert found["min"].endswith("(widths 3; least of one layer 3, reached)")
    assert found["min_two_layers"].endswith("(widths 3, 2; least of one layer 3)")
    assert found["min_of_four"].endswith("(widths 6, 3; one layer is proved not to be enough)")
    rows = json.loads(run("gadgets", "adder", "--least", "--json").stdout)
    assert rows and all(row["least_width"] is None and row["one_hidden_layer"] is None for row in rows)
    assert "least_width" not in json.loads(run("gadgets", "minimum", "--json").stdout)[0]
