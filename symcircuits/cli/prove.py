"""`symcircuits prove`: a claim in, a checked proof or an exact counterexample out."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import takewhile

import click

from symcircuits.claims import answer_to_json, verdict
from symcircuits.cli import INTERRUPTED
from symcircuits.cli.files import check_outputs, write_output
from symcircuits.cli.options import json_option, let_option, memory_option, seconds_option, where_option
from symcircuits.cli.terminal import SearchStatus, coloured
from symcircuits.expr.parse import parse_claim
from symcircuits.kernel.check import Theorem, check
from symcircuits.kernel.number import rational_to_text
from symcircuits.kernel.term import text
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.result import Counterexample, Interrupted, Unknown

Answer = Theorem | Counterexample | Unknown
CODES = {"proved": 0, "refuted": 1, "unknown": 3}
TIMED = 1_000_000
WORD = re.compile(r"--[a-z]{2,}(=.*)?", re.DOTALL)


class ClaimCommand(click.Command):
    """A command whose argument may begin with a minus sign: what looks like an option is one only if it is a word."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        known = {"--help", *(option for parameter in self.get_params(ctx) for option in parameter.opts)}
        for arg in takewhile(lambda arg: arg != "--", args):
            if WORD.fullmatch(arg) and arg.partition("=")[0] not in known:
                raise click.NoSuchOption(arg, possibilities=get_close_matches(arg, known), ctx=ctx)
        return super().parse_args(ctx, args)


@click.command(cls=ClaimCommand, context_settings={"ignore_unknown_options": True})
@click.argument("claim")
@where_option
@let_option
@click.option("--save", metavar="FILE", help="Write the certificate, which `symcircuits check` checks.")
@click.option("--latex", metavar="FILE", help="Write the proof or the counterexample as a LaTeX page.")
@click.option("--force", is_flag=True, help="Replace output files that exist.")
@json_option("Print one JSON object instead of text.")
@seconds_option(None, "Stop the search after so many seconds.")
@memory_option
@click.option("--cases", type=click.IntRange(0), metavar="N", help="Stop the search after so many cases.")
def command(
    claim: str,
    where: tuple[str, ...],
    let: list[tuple[str, str]],
    save: str | None,
    latex: str | None,
    force: bool,
    as_json: bool,
    seconds: float | None,
    memory: float | None,
    cases: int | None,
) -> int:
    """Prove or refute one claim.

    CLAIM compares (== <= >= < >) two expressions of numbers, variables, + - * / and relu, abs, min, max. It says that
    the comparison holds for all real values of the variables; all arithmetic is exact.

    \b
      symcircuits prove "min(a, b) == b - relu(b - a)"
      symcircuits prove "h <= x" --let "h=relu(x)" --where "x >= 0" --save proof.json

    Exit code: 0 proved, 1 refuted, 3 unknown, 2 bad input, 4 internal error, 130 interrupted.
    """
    check_outputs((save, latex), force)
    stated = parse_claim(claim, where, let)
    started = time.perf_counter()
    try:
        with SearchStatus() as status:
            answer = prove_claim(stated, seconds, cases, status.report, memory)
    except Interrupted as stop:
        return _interrupted(stop.unknown, status, as_json)
    used = time.perf_counter() - started
    written = list(_write_files(answer, save, latex))
    result = answer_to_json(answer, used)
    if as_json:
        click.echo(json.dumps({**result, "claim": str(answer.claim)}))
    else:
        click.echo(coloured(result["verdict"]))
        for line in (*_lines(answer), *written):
            click.echo(line)
    return CODES[result["verdict"]]


def _interrupted(unknown: Unknown, status: SearchStatus, as_json: bool) -> int:
    message = f"interrupted: {status.done()}"
    for line in (message, *(f"  tried: {what}" for what in unknown.tried)):
        click.echo(line, err=True)
    if as_json:
        seconds = time.monotonic() - status.start
        click.echo(json.dumps({**verdict("unknown", message, seconds), "claim": str(unknown.claim)}))
    return INTERRUPTED


def _write_files(answer: Answer, save: str | None, latex: str | None) -> Iterator[str]:
    """Write the files that there is something to write to, and say of each what became of it."""
    if save is not None and isinstance(answer, Theorem):
        write_output(save, answer.certificate)
        yield f"certificate saved to {click.format_filename(save)}"
    elif save is not None:
        yield "no certificate saved: there is no proof"
    if latex is not None and not isinstance(answer, Unknown):
        write_output(latex, _latex(answer))
        yield f"LaTeX page saved to {click.format_filename(latex)}"
    elif latex is not None:
        yield "no LaTeX page saved: there is no answer"


def _latex(answer: Theorem | Counterexample) -> str:
    from symcircuits.publish.latex import counterexample_page, theorem_page  # here because few runs need it

    return theorem_page(answer) if isinstance(answer, Theorem) else counterexample_page(answer)


def _lines(answer: Answer) -> Iterator[str]:
    yield str(answer.claim)
    match answer:
        case Theorem():
            yield from _proof(answer)
        case Counterexample():
            yield from _refutation(answer)
        case Unknown():
            yield from _doubt(answer)


def _proof(theorem: Theorem) -> Iterator[str]:
    from symcircuits.publish.words import proof_lines  # here because --json does not need it

    if theorem.is_vacuous:
        yield "the domain is empty: no point satisfies it, so every claim about it is true"
    yield from (f"  {line}" for line in proof_lines(theorem))
    size = len(theorem.certificate.encode())
    yield f"certificate: {size} bytes, checked by the kernel{_time_to_check(theorem) if size <= TIMED else ''}"


def _time_to_check(theorem: Theorem) -> str:
    """How long the kernel takes, found by checking once more: the first check was part of the search."""
    started = time.perf_counter()
    check(theorem.certificate)
    return f" in {1000 * (time.perf_counter() - started):.1f} ms"


def _refutation(found: Counterexample) -> Iterator[str]:
    """The point, each side with its value there, and the false comparison of the two values."""
    goal, where, ranges = found.claim
    place = ", ".join(f"{name} = {rational_to_text(value)}" for name, value in found.point.items())
    yield f"  at {place or 'any point'}{', which lies in the domain' if where or ranges else ''}"
    sides, definitions = text((goal.left, goal.right))
    if definitions:  # too long to be read: the statement above has them
        sides = ["left side", "right side"]
    values = [rational_to_text(value) for value in (found.left, found.right)]
    for side, value in zip(sides, values, strict=True):
        yield f"  {side} = {value}" if side != value else f"  {side}"
    yield f"  {values[0]} {goal.relation} {values[1]} is false"


def _doubt(unknown: Unknown) -> Iterator[str]:
    yield f"  {unknown.reason}"
    yield from (f"  tried: {what}" for what in unknown.tried)
    if unknown.stopped:
        yield "  give it more with --seconds, --cases or --memory, or leave them out to search without end"
