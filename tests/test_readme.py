"""Every command and every example of the README does what the README shows."""

import doctest
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from symcircuits.cli import commands

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
CONSOLE = [body for kind, body in BLOCKS if kind == "console"]
TIME = re.compile(r"in [0-9.]+ ms")


def commands_of(block):
    """The command lines of a console block, each with the output shown below it."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        line, _, shown = part.partition("\n")
        yield line, shown


@pytest.mark.parametrize("block", CONSOLE, ids=lambda block: block.partition("\n")[0][2:60])
def test_commands_print_what_the_readme_shows(block, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for line, shown in commands_of(block):
        program, *arguments = shlex.split(line)
        assert program == "symcircuits"
        result = CliRunner().invoke(commands, arguments)
        assert result.exit_code == (1 if shown.startswith("refuted") else 0), result.output
        if shown:
            assert TIME.sub("in N ms", result.output.rstrip()) == TIME.sub("in N ms", shown.rstrip())


def test_python_examples():
    examples = "\n".join(body for kind, body in BLOCKS if kind == "python")
    test = doctest.DocTestParser().get_doctest(examples, {}, "README", "README.md", 0)
    assert len(test.examples) > 10
    assert doctest.DocTestRunner().run(test).failed == 0


def test_install_commands():
    install, test = [body.strip() for kind, body in BLOCKS if kind == "sh"]
    assert install.startswith("python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/symcircuits prove")
    assert test in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_command_is_in_the_readme():
    for name in commands.list_commands(None):
        assert f"symcircuits {name}" in README


def test_links_within_the_repository_lead_somewhere():
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", README) + re.findall(r'src="([^"]+)"', README)
    assert len(targets) > 1
    assert all((ROOT / target).exists() for target in targets)
