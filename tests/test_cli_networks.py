"""The commands about networks: compile, equal, regions, show on files and expressions, check --networks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from symcircuits.circuits.network import network
from symcircuits.cli import commands
from symcircuits.formats.read import read_network
from symcircuits.formats.write import write_network

MIN = network("min", ("a", "b"), [([[1, -1], [1, 0], [-1, 0]], [0, 0, 0]), ([[-1, 1, -1]], [0])], [(-1, 1), (0, 2)])
# Neurons in another order, scaled by 2 and 1/2, and one split into two shares.
TWIN = network(
    "twin", ("a", "b"), [([[-2, 0], ["1/2", 0], ["1/2", "-1/2"], [1, -1]], [0] * 4), ([["-1/2", 2, -1, "-1/2"]], [0])]
)
OFF = network("off", ("a", "b"), [([[1, -1], [1, 0], [-1, 0]], [0, 0, "1/1000"]), ([[-1, 1, -1]], [0])])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with three networks."""
    monkeypatch.chdir(tmp_path)
    for each in (MIN, TWIN, OFF):
        write_network(each, f"{each.name}.json")
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, arguments)


def test_equal_networks_get_a_certificate_that_the_kernel_checks(folder: Path) -> None:
    result = run("equal", "min.json", "twin.json", "--save", "equal.json")
    assert result.exit_code == 0 and result.output.startswith("proved")
    assert "min.json == twin.json in every output" in result.output and "weights as exact numbers" in result.output
    assert run("check", "equal.json").output.startswith("accepted")
    assert run("check", "equal.json", "--networks", "min.json", "twin.json").exit_code == 0
    for pair in (("min.json", "off.json"), ("twin.json", "min.json")):
        refused = run("check", "equal.json", "--networks", *pair)
        assert refused.exit_code == 1 and "is another network than the certificate's" in refused.output
    assert json.loads(run("check", "equal.json", "--json").output)["verdict"] == "accepted"
    text = Path("equal.json").read_text()
    Path("equal.json").write_text(text.replace('"inputs":2', '"inputs":1'))
    assert run("check", "equal.json").exit_code == 1


def test_different_networks_get_a_point(folder: Path) -> None:
    result = run("equal", "min.json", "off.json", "--json", "--save", "none.json")
    data = json.loads(result.output)
    assert result.exit_code == 1 and data["verdict"] == "refuted" and not Path("none.json").exists()
    point = [data["counterexample"][name] for name in ("a", "b")]
    values = [str(each.run(*point)[0]) for each in (MIN, OFF)]
    assert values == [data["left_value"], data["right_value"]] and values[0] != values[1]
    assert "min.json gives" in run("equal", "min.json", "off.json").output


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["min.json", "b - relu(b - a)"], 0),
        (["min.json", "min(a, b)"], 0),
        (["min.json", "min"], 0),
        (["min", "max"], 1),
        (["min.json", "max(a, b)"], 1),
        (["off.json", "min(a, b)", "--where", "a >= 1"], 0),
        (["off.json", "min(a, b)", "--where", "a >= -1"], 1),
        (["relu(x) - relu(-x)", "x"], 0),
        (["-relu(-x)", "min(x, 0)"], 0),
    ],
)
def test_networks_gadgets_and_expressions_are_compared(folder: Path, arguments: list[str], code: int) -> None:
    result = run("equal", *arguments)
    assert result.exit_code == code, result.output
    data = json.loads(run("equal", *arguments, "--json").output)
    assert data["verdict"] == ("proved", "refuted")[code]


def test_an_empty_domain_is_said_to_be_empty(folder: Path) -> None:
    arguments = ("equal", "min.json", "off.json", "--where", "a > 1, a < 0")
    assert "the domain is empty" in run(*arguments).output
    assert json.loads(run(*arguments, "--json").output)["vacuous"] is True
    for other in (("equal", "min.json", "twin.json"), ("equal", "off.json", "min(a, b)", "--where", "a >= 1")):
        assert json.loads(run(*other, "--json").output)["vacuous"] is False and "empty" not in run(*other).output


def test_compile_writes_a_network_that_computes_the_expression(folder: Path) -> None:
    result = run("compile", "max(x, y) - abs(z)", "x/3", "-o", "net.json", "--save", "proof.json")
    assert result.exit_code == 0 and "no weight was changed" in result.output
    found = read_network("net.json")
    assert found.inputs == ("x", "y", "z") and found.run(1, 2, -5) == (-3, found.run(1, 0, 0)[1])
    for number, claim in ((1, "max(x, y) - abs(z)"), (2, "x/3")):
        accepted = run("check", f"proof.{number}.json", "--json")
        assert accepted.exit_code == 0 and f": {claim} == " in json.loads(accepted.output)["claim"]


def test_compile_says_what_a_file_of_floats_rounds(folder: Path) -> None:
    data = json.loads(run("compile", "relu(x)/3 + y", "-o", "net.npz", "--box", "-1..1", "--json").output)
    assert data["output"]["rounded"] == 1 and data["inputs"] == ["x", "y"]
    top, bottom = map(int, data["output"]["errors"][0].split("/"))
    assert 0 < top / bottom < 1e-15
    assert "give a box" in run("compile", "relu(x)/3", "-o", "other.npz").output


def test_compile_reports_both_goals(folder: Path) -> None:
    lines = run("compile", "max(a, b, c, d)", "--goal", "depth").output.splitlines()
    assert [line.split(":")[0].strip() for line in lines[2:4]] == ["depth", "width"]


def test_regions_of_a_network_on_its_box_and_elsewhere(folder: Path) -> None:
    result = run("regions", "min.json")
    assert result.exit_code == 0
    assert result.output.splitlines()[-1] == "2 linear pieces where -1 <= a <= 1, 0 <= b <= 2"
    data = json.loads(run("regions", "min.json", "--where", "a >= b", "--json").output)
    assert data["count"] == 1 and data["regions"][0]["forms"] == ["b"] and data["complete"] is True
    assert json.loads(run("regions", "min.json", "--cells", "--where", "0 <= 0", "--json").output)["count"] == 4
    assert "1 more not shown" in run("regions", "min", "--limit", "1").output


def test_show_prints_a_file_with_its_formula_and_values(folder: Path) -> None:
    output = run("show", "min.json", "--at", "3,5").output
    assert "y = relu(a) - relu(a - b) - relu(-a)" in output and "W1 = [[1, -1], [1, 0], [-1, 0]]" in output
    assert "after 3  before  3" in output and "Its box: -1 <= a <= 1, 0 <= b <= 2." in output
    data = json.loads(run("show", "min.json", "--at", "3,5", "--json").output)
    assert data["output"] == "3" and data["widths"] == [3]


def test_show_compiles_an_expression(folder: Path) -> None:
    output = run("show", "max(0, min(1, x))", "--at", "1/2").output
    assert "proved  for all real x: max(0, min(1, x)) == " in output and "= 1/2" in output


def test_show_sums_up_a_large_network(folder: Path) -> None:
    wide = network("wide", ["x"], [([[1]] * 80, [0] * 80), ([[1] * 80], [0])])
    write_network(wide, "wide.json")
    assert "too large to list" in run("show", "wide.json").output
    assert run("show", "wide.json", "--at", "1/2").output.splitlines()[-1] == "y1 = 40"
    assert json.loads(run("show", "wide.json", "--at", "2", "--json").output)["output"] == "160"


BAD = [
    (["equal", "min.json", "nowhere.onnx"], "nowhere.onnx cannot be read"),
    (["equal", "min.json", "relu(x"], "this bracket is never closed"),
    (["equal", "min.json", "min(a, b, c)"], "speaks of c"),
    (["equal", "min.json", "gone/net.nnet"], "cannot be read"),
    (["equal", "min.json", "min.json", "--where", "a in"], "write the values as"),
    (["equal", "min.json", "min.json", "--save", "off.json"], "exists; use --force"),
    (["equal", "min.json", "min.json", "--save", "none/x.json"], "no file can be written in"),
    (["compile", "x*y"], "product of two expressions that vary"),
    (["compile", "x", "-o", "net.docx"], "the ending '.docx' is not written"),
    (["compile", "x", "-o", "min.json"], "exists; use --force"),
    (["compile", "x/3", "-o", "net.npz", "--box", "1..0"], "above its upper end"),
    (["compile", "x/3", "-o", "net.npz", "--box", "0..1, 0..1"], "there are 1 inputs and 2 sides"),
    (["compile", "x/3", "-o", "net.npz", "--box", "all"], "write LOW..HIGH"),
    (["compile"], "Missing argument"),
    (["regions", "min.json", "--where", "c >= 0"], "c is no input of min.json"),
    (["regions", "x**2"], "not piecewise linear"),
    (["regions", "x", "--where", "x in {0, 1}"], "finite"),
    (["regions", "x", "--where", "x == 1"], "interior"),
    (["show", "nope"], "there is no gadget 'nope'"),
    (["show", "min.json", "--at", "1"], "has 2 inputs; 1 values are given"),
    (["show", "min.json", "--at", "1,x"], "a number is expected"),
    (["check", "min.json"], "rejected"),
]


@pytest.mark.parametrize(("arguments", "message"), BAD, ids=[" ".join(arguments) for arguments, _ in BAD])
def test_bad_input_gets_one_message(folder: Path, arguments: list[str], message: str) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    result = run(*arguments)
    assert result.exit_code == (1 if arguments[0] == "check" else 2), result.output
    assert message in result.output.replace("\n", " ") and "Traceback" not in result.output
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
