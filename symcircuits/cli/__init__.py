"""The command line: `symcircuits COMMAND ...`.

Each command is a click command that returns its exit code, in a module imported when it is asked for, and there called
`command` unless another name is given. What goes wrong is turned into one message and an exit code here, and nowhere
else:

    0 yes   1 no   2 bad input   3 unknown   4 internal error   130 interrupted   141 the reader of the output went away
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from symcircuits.kernel.errors import SymcircuitsError
from symcircuits.version import __version__

COMMANDS = {
    "prove": "symcircuits.cli.prove",
    "check": "symcircuits.cli.check",
    "claims": "symcircuits.cli.claims",
    "equal": "symcircuits.cli.equal",
    "maximum": "symcircuits.cli.extrema:maximum",
    "minimum": "symcircuits.cli.extrema:minimum",
    "width": "symcircuits.cli.width",
    "compile": "symcircuits.cli.compile",
    "simplify": "symcircuits.cli.simplify",
    "regions": "symcircuits.cli.regions",
    "gadgets": "symcircuits.cli.gadgets",
    "show": "symcircuits.cli.show",
    "test-file": "symcircuits.cli.testfile",
    "publish": "symcircuits.cli.publish",
}
BAD_INPUT, INTERNAL_ERROR, INTERRUPTED, BROKEN_PIPE = 2, 4, 130, 141
REPORT = "please report it at https://github.com/symcircuits/symcircuits/issues"


class Commands(click.Group):
    """The group of all commands: loads them when needed, and turns every failure into a message and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name or "command")
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            code = super().invoke(ctx)
            sys.stdout.flush()
            return code
        except BrokenPipeError:
            _discard_output()
            return BROKEN_PIPE

    def main(self, args: Sequence[str] | None = None, *rest: Any, **options: Any) -> Any:
        """Run one command and exit; `rest` and `options` as in click, but for the mode, which is always the same."""
        args = sys.argv[1:] if args is None else list(args)
        options = {**options, "prog_name": "symcircuits", "standalone_mode": False}
        try:
            code = super().main(args, **options)
        except (click.Abort, KeyboardInterrupt):
            code = _fail("interrupted", INTERRUPTED, args)
        except click.ClickException as error:
            error.show()
            code = _fail(error.format_message(), BAD_INPUT, args, shown=True)
        except SymcircuitsError as error:
            code = _fail(f"error: {error}", BAD_INPUT, args)
        except OSError as error:
            code = _fail(f"error: {_place(error)}{error.strerror or error}", BAD_INPUT, args)
        except Exception as error:
            if os.environ.get("SYMCIRCUITS_DEBUG") == "1":
                traceback.print_exc()
            code = _fail(f"internal error: {type(error).__name__}: {_line(error)}; {REPORT}", INTERNAL_ERROR, args)
        sys.exit(code or 0)


def _place(error: OSError) -> str:
    return f"{click.format_filename(error.filename)}: " if isinstance(error.filename, (str, bytes)) else ""


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]


def _fail(message: str, code: int, args: Sequence[str], shown: bool = False) -> int:
    """Say what went wrong; who asked for JSON gets it as JSON too."""
    try:
        if not shown:
            click.echo(message, err=True)
        if "--json" in args:
            verdict = "unknown" if code == INTERRUPTED else "error"
            click.echo(json.dumps({"verdict": verdict, "reason": message.removeprefix("error: ")}))
    except OSError:
        _discard_output()
    return code


def _discard_output() -> None:
    """Send what is still to be written to nowhere, or Python would complain about it when it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def commands() -> None:
    """Exact proofs about ReLU networks and other piecewise-linear functions.

    Every proof is checked by a small kernel; every refutation is an exact point that anyone can check by hand.

    \b
      symcircuits prove "min(a, b) == b - relu(b - a)"
      symcircuits prove "relu(x) <= 1" --where "0 <= x <= 1" --save proof.json
      symcircuits check proof.json
    """


def main() -> None:
    """Run the command line of this process and exit."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal without the letter must not stop a proof
    commands()
