"""The command line: exit codes, output and files for good, bad and hostile input."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import click
import pytest
from cases import HARD
from click.testing import CliRunner, Result

from symcircuits.circuits.gadgets import library
from symcircuits.cli import commands
from symcircuits.expr.parse import parse_claim
from symcircuits.kernel.check import check
from symcircuits.version import __version__

MIN = "min(a, b) == b - relu(b - a)"
BOUND = ("x + y >= 0", "--where", "x >= 1, y >= -1")


def run(*args: str, stdin: bytes | str | None = None) -> Result:
    result = CliRunner().invoke(commands, list(args), input=stdin)
    assert "Traceback" not in result.stdout + result.stderr
    return result


def answer(*args: str, stdin: bytes | str | None = None) -> tuple[int, dict[str, Any]]:
    result = run(*args, "--json", stdin=stdin)
    return result.exit_code, json.loads(result.stdout)


def certificate(tmp_path: Path, *args: str) -> Path:
    path = tmp_path / "proof.json"
    assert run("prove", *args, "--save", str(path)).exit_code == 0
    return path


# prove


@pytest.mark.parametrize(
    ("args", "code", "verdict"),
    [
        ((MIN,), 0, "proved"),
        (("-x == relu(-x) - relu(x)",), 0, "proved"),
        (("h == x", "--let", "h=relu(x)", "--where", "x >= 0"), 0, "proved"),
        (("x <= y", "--where", "x <= 1", "--where", "y >= 1"), 0, "proved"),
        (("x == y", "--where", "x >= 1, x <= 0"), 0, "proved"),
        (("1 < 2",), 0, "proved"),
        (("min(a, b) == b - relu(a - b)",), 1, "refuted"),
        (("x <= y",), 1, "refuted"),
        (("2 < 1",), 1, "refuted"),
        ((HARD, "--seconds", "0.05"), 3, "unknown"),
        ((HARD, "--cases", "1"), 3, "unknown"),
    ],
)
def test_prove(args: tuple[str, ...], code: int, verdict: str) -> None:
    result = run("prove", *args)
    assert (result.exit_code, result.stdout.splitlines()[0]) == (code, verdict)
    status, data = answer("prove", *args)
    assert (status, data["verdict"]) == (code, verdict)


BAD_CLAIMS = [
    "1/x*y == y/x",
    "sin(x) == 0",
    "1/x == 1",
    "(x == 1",
    "x) == 1",
    "",
    " ",
    "(" * 10_000_000,
    "__import__('os')",
    "__import__('os').system('true') == 0",
    "x == nan",
    "x == 1e999999999",
    "x == 2**99999999999",
    "x == 1/0",
    "x < y < z",
    "x",
    "x = y",
    "--x",
    "x == \x00",
    "x == \udcff",
    "x == \x1b[31m",
]


@pytest.mark.parametrize("text", BAD_CLAIMS, ids=[text[:20].encode("unicode_escape").decode() for text in BAD_CLAIMS])
def test_a_bad_claim_is_bad_input(text: str) -> None:
    result = run("prove", text)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: in the claim, line 1") or result.stderr.startswith("error: ")
    assert len(result.stderr) < 1000
    assert "\x1b" not in result.stderr
    status, data = answer("prove", text)
    assert (status, data["verdict"]) == (2, "error")
    assert data["reason"] in result.stderr


def test_a_bad_claim_is_shown_with_a_caret() -> None:
    *_, line, caret = run("prove", "x == 1 + ?").stderr.splitlines()
    assert line[caret.index("^")] == "?"


@pytest.mark.parametrize(
    "args",
    [
        (),
        ("x == x", "extra"),
        ("x == x", "--where", "1/x <= 1"),
        ("x == x", "--where", "x in {0,a}"),
        ("x == x", "--let", "h"),
        ("x == x", "--let", "h=relu("),
        ("h == x", "--let", "h=" + "(" * 10_000_000),
        ("x == x", "--seconds", "nan"),
        ("x == x", "--seconds", "0"),
        ("x == x", "--cases", "-1"),
        ("x == x", "--wher", "x >= 0"),
    ],
)
def test_bad_options_are_bad_input(args: tuple[str, ...]) -> None:
    assert run("prove", *args).exit_code == 2
    status, data = answer("prove", *args)
    assert (status, data["verdict"]) == (2, "error")


def test_a_proof_is_told_in_words() -> None:
    lines = run("prove", MIN).stdout.splitlines()
    assert lines[:2] == ["proved", f"for all real a, b: {MIN}"]
    assert any("Case a >= b" in line for line in lines)
    assert lines[-1].startswith("certificate: ")
    assert lines[-1].endswith(" ms")


def test_a_vacuous_theorem_says_so() -> None:
    args = ("x == y", "--where", "x >= 1, x <= 0")
    assert "the domain is empty" in run("prove", *args).stdout
    assert answer("prove", *args)[1]["vacuous"] is True
    assert "the domain is empty" not in run("prove", "x == x").stdout


def test_a_refutation_shows_exact_values_of_both_sides() -> None:
    lines = run("prove", "relu(x)/3 == x/3", "--where", "x <= -1/2, x >= -1/2").stdout.splitlines()
    assert lines[2:] == [
        "  at x = -1/2, which lies in the domain",
        "  relu(x)/3 = 0",
        "  x/3 = -1/6",
        "  0 == -1/6 is false",
    ]


def test_an_unknown_names_a_remedy() -> None:
    assert "--seconds" in run("prove", HARD, "--cases", "1").stdout


def test_the_json_of_prove() -> None:
    data = answer("prove", "x <= relu(x) - 1")[1]
    assert data["claim"] == "for all real x: x <= relu(x) - 1"
    assert set(data) == {
        "verdict", "seconds", "method", "counterexample", "certificate_bytes", "reason", "vacuous", "claim"
    }  # fmt: skip


# files


def test_what_is_saved_is_what_the_kernel_checks(tmp_path: Path) -> None:
    path = certificate(tmp_path, MIN)
    assert check(path.read_text(encoding="utf-8")).claim == parse_claim(MIN)
    assert os.listdir(tmp_path) == ["proof.json"]


def test_latex_pages_are_saved(tmp_path: Path) -> None:
    for claim in (MIN, "x == 0"):
        page = tmp_path / "page.tex"
        assert f"saved to {page}" in run("prove", claim, "--latex", str(page), "--force").stdout
        assert "\\begin{document}" in page.read_text(encoding="utf-8")


def test_nothing_is_saved_without_an_answer(tmp_path: Path) -> None:
    result = run("prove", HARD, "--cases", "1", "--save", str(tmp_path / "a"), "--latex", str(tmp_path / "b"))
    assert (result.exit_code, os.listdir(tmp_path)) == (3, [])
    result = run("prove", "x == 0", "--save", str(tmp_path / "a"))
    assert (result.exit_code, os.listdir(tmp_path)) == (1, [])
    assert "no certificate saved" in result.stdout


@pytest.fixture
def no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any search for a proof is a failure of the test."""
    monkeypatch.setattr("symcircuits.cli.prove.prove_claim", lambda *arguments: pytest.fail("the search was started"))


@pytest.mark.usefixtures("no_search")
@pytest.mark.parametrize("option", ["--save", "--latex"])
def test_a_file_that_exists_is_kept(tmp_path: Path, option: str) -> None:
    path = tmp_path / "old"
    path.write_text("precious")
    result = run("prove", MIN, option, str(path))
    assert (result.exit_code, path.read_text()) == (2, "precious")
    assert "--force" in result.stderr


def test_force_replaces_a_file(tmp_path: Path) -> None:
    path = tmp_path / "old"
    path.write_text("not precious")
    assert run("prove", MIN, "--save", str(path), "--force").exit_code == 0
    assert run("check", str(path)).exit_code == 0


@pytest.mark.usefixtures("no_search")
@pytest.mark.parametrize("path", ["no/such/folder/c.json", "/proc/c.json", ".", "/dev/null", "file/c.json"])
def test_a_place_that_cannot_be_written_to_is_refused_before_the_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    result = run("prove", MIN, "--save", path, "--force")
    assert result.exit_code == 2
    assert "internal" not in result.stderr


@pytest.mark.usefixtures("no_search")
def test_two_outputs_need_two_files(tmp_path: Path) -> None:
    path = str(tmp_path / "c")
    assert run("prove", MIN, "--save", path, "--latex", path).exit_code == 2


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    result = run("prove", MIN, "--save", str(tmp_path / "c.json"))
    assert (result.exit_code, os.listdir(tmp_path)) == (2, [])
    assert result.stderr == "error: No space left on device\n"


# check


def test_check_accepts_what_prove_saved(tmp_path: Path) -> None:
    path = certificate(tmp_path, *BOUND)
    result = run("check", str(path))
    assert result.exit_code == 0
    assert result.stdout.splitlines()[:2] == ["accepted", "for all real x, y with x >= 1, y >= -1: x + y >= 0"]
    status, data = answer("check", "-", stdin=path.read_bytes())
    assert (status, data["verdict"], data["certificate_bytes"]) == (0, "accepted", path.stat().st_size)


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("--claim", *BOUND), 0),
        (("--claim", "x + y >= 0", "--where", "y >= -1", "--where", "1 <= x"), 0),
        (("--claim", "0 <= x + y", "--where", "x >= 1, y >= -1"), 0),
        (("--claim", "s >= 0", "--let", "s=x+y", "--where", "x >= 1, y >= -1, y <= 7"), 0),
        (("--claim", "x + y >= 0"), 1),
        (("--claim", "x + y >= 0", "--where", "x >= 1"), 1),
        (("--claim", "x + y > 0", "--where", "x >= 1, y >= -1"), 1),
        (("--claim", "x + y <= 0", "--where", "x >= 1, y >= -1"), 1),
        (("--claim", "x + y >="), 2),
        (("--where", "x >= 1"), 2),
    ],
)
def test_check_against_a_claim(tmp_path: Path, args: tuple[str, ...], code: int) -> None:
    path = str(certificate(tmp_path, *BOUND))
    assert run("check", path, *args).exit_code == code
    assert answer("check", path, *args)[0] == code


def test_another_claim_is_printed_beside_the_one_asked_for(tmp_path: Path) -> None:
    output = run("check", str(certificate(tmp_path, MIN)), "--claim", "x <= y").stdout
    assert f"it proves: for all real a, b: {MIN}" in output
    assert "for all real x, y: x <= y" in output


def edited(path: Path, old: str, new: str) -> str:
    text = path.read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('"version":1', '"version":2', "version 1"),
        ('"farkas",[[0,1]', '"farkas",[[0,-1]', "step 0"),
        ('[">=",2,3]', '[">",2,3]', "step 0"),
        ('["farkas"', '["nonsense"', "the rules are"),
        ('"proof":[', '"proof":[], "more":[', "theorem 0"),
        ('"version":1', '"version":NaN', "NaN is not exact"),
    ],
)
def test_a_changed_certificate_is_rejected_in_one_line(tmp_path: Path, old: str, new: str, reason: str) -> None:
    text = edited(certificate(tmp_path, *BOUND), old, new)
    result = run("check", "-", stdin=text)
    assert result.exit_code == 1
    assert result.stdout.startswith("rejected: ")
    assert result.stdout.count("\n") == 1
    assert reason in result.stdout
    status, data = answer("check", "-", stdin=text)
    assert (status, data["verdict"]) == (1, "rejected")


@pytest.mark.parametrize("data", ["{}", "[]", "3", "null", '"x"', '{"a": 1, "a": 2}', "[" * 10_000_000])
def test_json_that_is_no_certificate_is_rejected(data: str) -> None:
    assert run("check", "-", stdin=data).exit_code == 1


def test_every_truncated_certificate_is_not_json(tmp_path: Path) -> None:
    data = certificate(tmp_path, MIN).read_bytes().rstrip()
    for size in range(0, len(data), 7):
        assert run("check", "-", stdin=data[:size]).exit_code == 2


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"hello", b"\x00", b"{'a': 1}"])
def test_what_is_not_json_is_bad_input(data: bytes) -> None:
    assert run("check", "-", stdin=data).exit_code == 2
    assert answer("check", "-", stdin=data)[1]["verdict"] == "error"


@pytest.mark.parametrize("command", ["check", "claims"])
@pytest.mark.parametrize("path", ["missing.json", ".", "missing/c.json"])
def test_a_file_that_cannot_be_read_is_bad_input(command: str, path: str) -> None:
    result = run(command, path)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: {path}: ")


def test_no_more_than_the_limit_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symcircuits.cli.check.BYTES", 1000)
    result = run("check", "/dev/zero")
    assert (result.exit_code, result.stdout) == (1, "rejected: it has more than 1000 bytes\n")


# claims

CLAIMS = [
    {"id": "true", "lhs": "x", "relation": "==", "rhs": "relu(x) - relu(-x)", "expected": True},
    {"id": "false", "lhs": "x", "relation": "==", "rhs": "relu(x)", "expected": False},
    {"id": "later", "lhs": "relu(x)", "relation": "pieces", "rhs": "2", "domain": ["x in {0,1}"], "expected": True},
    {"lhs": "x", "relation": "theorem", "rhs": "", "expected": True},
    {"id": 5, "lhs": "(", "relation": "==", "rhs": "x"},
]
VERDICTS = ["proved", "refuted", "unknown", "error", "error", "error"]


def lines(claims: list[dict[str, Any]]) -> str:
    return "\n\n".join(map(json.dumps, claims)) + "\n"


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_claims_are_answered_in_order(jobs: str) -> None:
    result = run("claims", "-", "--json", "--jobs", jobs, stdin=lines(CLAIMS) + "not JSON\r\n")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [each["verdict"] for each in answers] == VERDICTS
    assert [each["id"] for each in answers] == ["true", "false", "later", None, 5, None]
    assert [each["line"] for each in answers] == [1, 3, 5, 7, 9, 10]
    assert result.exit_code == 0


def test_a_table_for_people(tmp_path: Path) -> None:
    wrong = {**CLAIMS[1], "id": "wrong\x1b[31m", "expected": True}
    path = tmp_path / "claims.jsonl"
    path.write_text(lines([*CLAIMS, wrong]))
    result = run("claims", str(path))
    assert result.exit_code == 1
    assert result.stdout.splitlines()[1:] == [
        "  proved       1",
        "  refuted      2",
        "  unknown      1",
        "  error        2",
        "contradict what is expected:",
        "  wrong\\x1b[31m: refuted at x = -1, expected true",
        "refuted:",
        "  false: refuted at x = -1",
        "unknown:",
        "  later: pieces over finitely many values: not answered",
        "error:",
        "  line 7: a statement and no question: there is nothing to answer",
        "  5: in the claim, line 1, column 3: an expression is missing before '=='",
    ]


def test_no_claims_are_no_contradiction() -> None:
    result = run("claims", "-", stdin="")
    assert result.exit_code == 0
    assert result.stdout.startswith("0 claims in ")


# the program as a whole


@pytest.mark.parametrize("error", [RecursionError("too deep"), MemoryError(), ZeroDivisionError("a\nb"), KeyError("k")])
def test_an_unexpected_error_is_one_line_and_code_4(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*arguments: object) -> None:
        raise error

    monkeypatch.setattr("symcircuits.cli.prove.prove_claim", fail)
    result = run("prove", "x == x")
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr.startswith(f"internal error: {type(error).__name__}")
    assert result.stderr.count("\n") == 1
    assert answer("prove", "x == x")[1]["verdict"] == "error"


def test_the_traceback_is_there_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symcircuits.cli.prove.prove_claim", lambda *arguments: 1 / 0)
    monkeypatch.setenv("SYMCIRCUITS_DEBUG", "1")
    assert "Traceback" in CliRunner().invoke(commands, ["prove", "x == x"]).stderr


def test_an_interrupt_says_what_was_done(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def interrupt(claim: object, seconds: object, cases: object, report: Any, memory: object) -> None:
        report(7, 2)
        raise KeyboardInterrupt

    monkeypatch.setattr("symcircuits.cli.prove.prove_claim", interrupt)
    result = run("prove", "x == x", "--save", str(tmp_path / "c.json"))
    assert (result.exit_code, result.stdout, os.listdir(tmp_path)) == (130, "", [])
    assert result.stderr.strip() == "interrupted"
    assert answer("prove", "x == x")[1]["verdict"] == "unknown"


def test_an_interrupt_keeps_the_answers_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(line: bytes, seconds: float, memory: object) -> dict[str, Any]:
        if b"false" in line.partition(b"lhs")[0]:
            raise KeyboardInterrupt
        return {"id": "true", "verdict": "proved", "expected": True, "reason": None, "counterexample": None}

    monkeypatch.setattr("symcircuits.cli.claims.decide_line", interrupt)
    result = run("claims", "-", stdin=lines(CLAIMS))
    assert result.exit_code == 130
    assert result.stdout.startswith("1 claim in ")
    assert result.stderr == "interrupted: 1 of 5 claims are answered\n"


def test_version_and_help() -> None:
    assert run("--version").stdout == f"symcircuits {__version__}\n"
    assert run("--nonsense").exit_code == run("nonsense").exit_code == 2
    context = click.Context(commands)
    for name in commands.list_commands(context):
        result = run(name, "--help")
        assert result.exit_code == 0
        assert f"symcircuits {name}" in result.stdout.partition("\n\n")[2]
        assert f"  {name}" in run("--help").stdout


def program(*args: str, **options: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "symcircuits", *args]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, **{**pipes, "text": True, **options})


def test_proving_and_checking_text_import_nothing_heavy(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    for args in (["prove", MIN, "--save", str(path)], ["check", str(path)]):
        code = "import sys; from symcircuits.cli import main; sys.argv[1:] = sys.argv[1:]\n"
        code += "try: main()\nfinally: print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
        done = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True)
        assert done.returncode == 0
        heavy = {"sympy", "numpy", "hypothesis", "rich", "multiprocessing"}
        assert not set(done.stderr.split()) & heavy


def test_check_imports_no_prover(tmp_path: Path) -> None:
    path = certificate(tmp_path, MIN)
    command = [sys.executable, "-X", "importtime", "-m", "symcircuits", "check", str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "symcircuits.kernel.check" in loaded
    assert not [name for name in loaded if name.startswith(("symcircuits.provers", "symcircuits.expr"))]


@pytest.mark.parametrize("args", [("prove", HARD), ("claims", "-", "--jobs", "2", "--seconds", "100")])
def test_ctrl_c_ends_the_program_with_130(args: tuple[str, ...]) -> None:
    running = program(*args, start_new_session=True)
    if running.stdin is None:
        pytest.fail("there is no pipe to write to")
    lhs, _, rhs = HARD.partition("<=")
    running.stdin.write(json.dumps({"lhs": lhs, "relation": "<=", "rhs": rhs}) + "\n" + lines(CLAIMS))
    running.stdin.close()
    running.stdin = None
    time.sleep(1.5)
    os.killpg(running.pid, signal.SIGINT)
    _, errors = running.communicate(timeout=20)
    assert running.returncode == 130
    assert errors.startswith("interrupted: ") and "Traceback" not in errors


def test_a_broken_pipe_is_quiet() -> None:
    read, write = os.pipe()
    os.close(read)
    running = program("prove", MIN, stdout=write)
    os.close(write)
    _, errors = running.communicate(timeout=20)
    assert (running.returncode, errors) == (141, "")


@pytest.mark.parametrize("option", ["--latx", "--nope", "--sav=x"])
def test_a_mistyped_option_is_named(option: str) -> None:
    result = run("prove", "relu(x) >= 0", option, "f.tex")
    assert result.exit_code == 2 and f"No such option '{option}'" in result.stderr


def test_a_claim_may_begin_with_a_minus_sign() -> None:
    assert run("prove", "-x == relu(-x) - relu(x)").exit_code == 0
    assert run("prove", "--x == x").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["mni"], "did you mean min"),
        (["min", "--at", "3"], "min has 2 inputs"),
        (["min", "--at", "a,b"], "a number is expected"),
        (["identity_family", "--at", "3"], "--set w1=2"),
        (["min", "--at", "1,2", "--set", "w=1"], "no parameters"),
        (["identity_family", "--at", "3", "--set", "w1=-2", "--set", "w2=-1"], "w1 must be positive"),
    ],
    ids=str,
)
def test_show_refuses_what_does_not_fit(arguments: list[str], said: str) -> None:
    result = run("show", *arguments)
    assert result.exit_code == 2 and said in result.stderr and not result.stdout


def test_show_and_gadgets_as_json() -> None:
    shown = json.loads(run("show", "min", "--at", "3,-5", "--json").stdout)
    assert shown["output"] == "-5" and [a["after"] for a in shown["activations"][0]] == ["8", "3", "0"]
    listed = json.loads(run("gadgets", "--json").stdout)
    assert len(listed) == len(library()) and {"name", "target", "widths", "statement"} <= set(listed[0])
