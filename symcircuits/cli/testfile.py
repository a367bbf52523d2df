"""`symcircuits test-file`: a pytest file for a network of one's own."""

from __future__ import annotations

import re
from pathlib import Path

import click

from symcircuits.cli.files import check_outputs, write_output
from symcircuits.cli.operands import note_of, number, read_operand
from symcircuits.cli.options import where_option
from symcircuits.cli.prove import ClaimCommand


@click.command("test-file", cls=ClaimCommand, context_settings={"ignore_unknown_options": True})
@click.argument("net", metavar="NET_OR_EXPR")
@click.argument("target", metavar="TARGET")
@where_option
@click.option("--le", "is_bounded", is_flag=True, help="Assert that it is at most the target.")
@click.option("--within", metavar="BOUND", help="Assert that it differs from the target by at most this.")
@click.option("-o", "--output", metavar="FILE", help="The file to write; test_<name>.py unless given.")
@click.option("--force", is_flag=True, help="Replace a file that exists.")
def command(
    net: str, target: str, where: tuple[str, ...], is_bounded: bool, within: str | None, output: str | None, force: bool
) -> int:
    """Write a pytest file which asserts that NET_OR_EXPR equals TARGET: network files, gadgets by name, or expressions.

    The file runs as it is: one test for the whole domain, proved or refuted with an exact counterexample, and some
    for single points.

    \b
      symcircuits test-file net.onnx "max(x0, x1)" --where "-1 <= x0 <= 1, -1 <= x1 <= 1"
      symcircuits test-file net.nnet "x**2" --within 1/16 --where "0 <= x <= 1" -o test_square.py
      pytest test_net.py

    Exit code: 0 written, 2 bad input, 4 internal error, 130 interrupted.
    """
    if is_bounded and within is not None:
        raise click.UsageError("give --le or --within, not both")
    bound = None if within is None else number(within)
    if bound is not None and bound < 0:
        raise click.BadParameter("a bound that is not negative is expected", param_hint="--within")
    path = output or f"test_{_name(net)}.py"
    check_outputs((path,), force)
    from symcircuits.testing.comparison import Statement  # here because SymPy takes long to import
    from symcircuits.testing.pytest_file import Stated, given, pytest_text, values_at_kinks

    left, right = read_operand(net), read_operand(target)
    for operand in (left, right):
        note_of(operand)
    relation, domain = "<=" if is_bounded else "==" if bound is None else "within", ", ".join(where)
    folder = Path(path).resolve().parent
    stated = Stated(given(left, net, folder), given(right, target, folder), relation, domain, within or "")
    values = values_at_kinks(Statement(relation, left, right, domain, bound, within))
    write_output(path, pytest_text(stated, values))
    click.echo(f"tests written to {click.format_filename(path)}; run: pytest {click.format_filename(path)}")
    return 0


def _name(net: str) -> str:
    """A word for the operand: of a file its stem, of anything else its letters."""
    stem = Path(net).stem if Path(net).suffix else net
    return re.sub(r"\W+", "_", stem).strip("_")[:40] or "net"
