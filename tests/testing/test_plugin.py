"""The pytest plugin, in runs of pytest of its own: fixtures, options, reports, certificates, and what it imports."""

from __future__ import annotations

import json
import re
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from click.testing import CliRunner

from symcircuits.cli import commands
from symcircuits.testing.session import Session, file_name

pytest_plugins = ["pytester"]
ROOT = Path(__file__).parents[2]
TESTS = """
import numpy as np
import pytest
from symcircuits.testing import assert_circuit_equal

NET = [np.array([[1.0, -1.0], [1.0, 0.0], [-1.0, 0.0]]), np.zeros(3), np.array([[-1.0, 1.0, -1.0]]), np.zeros(1)]

def test_claim():
    assert_circuit_equal(NET, "min(x1, x2)")

def test_networks():
    assert assert_circuit_equal(NET, NET).method == "canonical form"

def test_fixtures(assert_circuit_equal, assert_circuit_le, assert_circuit_within):
    assert_circuit_le(["x", "-x"], ["abs(x)", "abs(x)"])
    assert_circuit_within("relu(x)", "x", 1, "-1 <= x")

def test_sampled():
    assert not assert_circuit_equal(NET, min)

@pytest.mark.parametrize("text", ["relu(x)", "x"])
def test_false(text):
    assert_circuit_equal("relu(x) - x", text, domain="-1 <= x <= 0")

def test_nothing():
    pass
"""


@pytest.fixture
def runner(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A folder with tests, whose runs load the plugin from this clone, whether it is installed or not."""
    names = {entry.value for entry in entry_points(group="pytest11")}
    plugin = [] if "symcircuits.testing.plugin" in names else ["-p", "symcircuits.testing.plugin"]
    monkeypatch.setenv("PYTEST_ADDOPTS", " ".join([*plugin, "-p no:cacheprovider"]))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makepyfile(test_nets=TESTS)
    return pytester


def run(pytester: pytest.Pytester, *arguments: str) -> str:
    return "\n".join(pytester.runpytest_subprocess(*arguments).outlines)


def test_the_entry_point_is_the_plugin() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    assert declared["pytest11"] == {"symcircuits": "symcircuits.testing.plugin"}


def test_a_run_shows_failures_and_tells_proofs_from_samples(runner: pytest.Pytester) -> None:
    output = run(runner, "--junitxml=report.xml")
    assert "2 failed, 5 passed" in output
    assert re.search(r"^symcircuits: 4 assertions proved$", output, re.MULTILINE)
    assert "symcircuits: 1 sampled only, not proved: test_nets.py::test_sampled" in output
    shown = [line.removeprefix("E").strip() for line in output.splitlines() if line.startswith("E ")]
    assert shown[0].endswith("assert_circuit_equal is false: relu(x) - x == relu(x) where -1 <= x <= 0")
    assert shown[1:4] == ["at x = -1", "relu(x) - x gives 1", "relu(x) gives 0"]
    assert shown[5] == "relu(x): the argument is negative"
    assert "in _asserted" not in output and "symcircuits/testing" not in output
    report = (runner.path / "report.xml").read_text(encoding="utf-8")
    assert '<property name="symcircuits_proved" value="2"' in report and "symcircuits_sampled" in report
    assert not list(runner.path.glob("*.json"))


@pytest.mark.parametrize("processes", [(), ("-p", "xdist", "-n", "2")], ids=["one process", "two processes"])
def test_certificates_are_kept_and_checked(runner: pytest.Pytester, processes: tuple[str, ...]) -> None:
    output = run(runner, *processes, "--symcircuits-certificates", "kept/here", "--symcircuits-examples=5")
    assert "2 failed, 5 passed" in output and "4 assertions proved; certificates are in kept/here" in output
    kept = sorted((runner.path / "kept" / "here").iterdir())
    assert [path.name for path in kept] == [
        "test_nets.py-test_claim.json",
        "test_nets.py-test_fixtures.2.json",
        "test_nets.py-test_fixtures.3.json",
        "test_nets.py-test_fixtures.json",
        "test_nets.py-test_networks.json",
    ]
    for path in kept:
        result = CliRunner().invoke(commands, ["check", str(path), "--json"])
        assert result.exit_code == 0 and json.loads(result.output)["verdict"] == "accepted"
    claim = ["check", str(kept[0]), "--claim", "relu(x1) - relu(x1 - x2) - relu(-x1) == min(x1, x2)"]
    assert CliRunner().invoke(commands, claim).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--symcircuits-seconds", "0"), "0 is no positive number of seconds"),
        (("--symcircuits-seconds", "nan"), "nan is no positive number of seconds"),
        (("--symcircuits-examples", "-1"), "-1 is no positive number of points"),
        (("--symcircuits-examples", "many"), "invalid _examples value: 'many'"),
        (("--symcircuits-certificates", "test_nets.py"), "there is a file of this name; give a folder"),
    ],
)
def test_bad_options_are_usage_errors(runner: pytest.Pytester, arguments: tuple[str, str], message: str) -> None:
    result = runner.runpytest_subprocess(*arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert message in "\n".join([*result.errlines, *result.outlines])


def test_a_limit_of_time_is_heeded(runner: pytest.Pytester) -> None:
    output = run(runner, "--symcircuits-seconds=1e-9", "-k", "test_claim or test_fixtures")
    assert "neither proved nor refuted" in output and "--symcircuits-seconds" in output


def test_a_run_without_assertions_imports_the_plugin_only(runner: pytest.Pytester) -> None:
    runner.makepyfile(
        test_nets="""
        import sys

        def test_imports():
            own = {name for name in sys.modules if name.startswith("symcircuits")}
            heavy = {"sympy", "numpy", "hypothesis.strategies", "torch"} & set(sys.modules)
            assert own == {
                "symcircuits", "symcircuits.version", "symcircuits.testing", "symcircuits.testing.plugin",
                "symcircuits.testing.session",
            }
            assert not heavy
        """
    )
    output = run(runner, "-p", "no:hypothesispytest")
    assert "1 passed" in output and "symcircuits:" not in output


def test_files_are_named_after_tests() -> None:
    names = ["a.py::test", "a.py::test[x]", "a.py::test[x ]", "a-py::test", "b/a.py::test", "", "t" * 500]
    assert len({file_name(name) for name in names}) == len(names)
    assert all(re.fullmatch(r"[\w.-]{1,140}", file_name(name)) for name in names)
    session = Session()
    session.begin("a.py::test")
    assert [session.next_file(Path()).name for _ in range(2)] == ["a.py-test.json", "a.py-test.2.json"]
    session.begin("a.py::test")
    assert session.next_file(Path()).name == "a.py-test.json"
