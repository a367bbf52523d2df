"""`symcircuits equal`: whether two networks, gadgets or expressions are the same function."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from symcircuits.claims import verdict
from symcircuits.cli.files import check_outputs, write_output
from symcircuits.cli.operands import note_of, read_operand
from symcircuits.cli.options import json_option, seconds_option, where_option
from symcircuits.cli.prove import CODES, ClaimCommand
from symcircuits.cli.terminal import SearchStatus, coloured
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.networks import NetworkTheorem

if TYPE_CHECKING:
    from symcircuits.transform.equal import Answer, Difference, Equal


MANY = 20
"""Of points with more coordinates only those that are not 0 are printed."""


@click.command("equal", cls=ClaimCommand, context_settings={"ignore_unknown_options": True})
@click.argument("left", metavar="A")
@click.argument("right", metavar="B")
@where_option
@click.option("--save", metavar="FILE", help="Write the certificate, which `symcircuits check` checks.")
@click.option("--force", is_flag=True, help="Replace output files that exist.")
@json_option("Print one JSON object instead of text.")
@seconds_option(10, "Stop the search after so many seconds; 10 unless given.")
def command(
    left: str, right: str, where: tuple[str, ...], save: str | None, force: bool, as_json: bool, seconds: float
) -> int:
    """Decide whether A and B are the same function: network files, gadgets by name, or expressions.

    Weights are the exact numbers that a file denotes, and arithmetic is real. Inputs of networks correspond by order;
    their names serve in --where.

    \b
      symcircuits equal net.onnx pruned.nnet
      symcircuits equal net.onnx "max(x0, x1)" --where "-1 <= x0 <= 1, -1 <= x1 <= 1"

    Exit code: 0 equal, 1 different, 3 unknown, 2 bad input, 4 internal error, 130 interrupted.
    """
    check_outputs((save,), force)
    from symcircuits.transform.equal import equal  # here because SymPy takes long to import

    first, second = read_operand(left), read_operand(right)
    for operand in (first, second):
        note_of(operand)
    started = time.perf_counter()
    with SearchStatus("comparing"):
        answer = equal(first, second, list(where), seconds)
    data = _as_data(answer, time.perf_counter() - started)
    saved = list(_save(answer, save))
    if as_json:
        click.echo(json.dumps({**data, "left": left, "right": right}))
    else:
        for line in (coloured(data["verdict"]), *_lines(answer, (left, right)), *saved):
            click.echo(line)
    return CODES[data["verdict"]]


def _as_data(answer: Answer, seconds: float) -> dict[str, Any]:
    from symcircuits.kernel.number import rational_to_text
    from symcircuits.transform.equal import Difference, Equal

    if isinstance(answer, Equal):
        proved = {**verdict("proved", None, seconds), "method": answer.method, "certificate_bytes": _size(answer)}
        return {**proved, "vacuous": _is_vacuous(answer)}
    if isinstance(answer, Difference):
        first, second = rational_to_text(answer.left), rational_to_text(answer.right)
        shown = {name: rational_to_text(value) for name, value in answer.point.items()}
        data = {**verdict("refuted", None, seconds), "method": "exact point", "counterexample": shown}
        return {**data, "output": answer.output, "left_value": first, "right_value": second}
    return verdict("unknown", answer.reason, seconds)


def _is_vacuous(answer: Equal) -> bool:
    """Whether the sides are equal only because the domain is empty."""
    return all(isinstance(theorem, Theorem) and theorem.is_vacuous for theorem in answer.theorems)


def _size(answer: Equal) -> int | None:
    """The bytes of the certificates; None if they are too large for a text."""
    with suppress(InvalidCircuit):
        return sum(len(_certificate(theorem).encode()) for theorem in answer.theorems)
    return None


def _certificate(theorem: Theorem | NetworkTheorem) -> str:
    from symcircuits.transform.certificate import certificate_text

    if isinstance(theorem, Theorem):
        return theorem.certificate
    return certificate_text(theorem)


def _lines(answer: Answer, names: tuple[str, str]) -> Iterator[str]:
    from symcircuits.transform.equal import Difference, Equal

    if isinstance(answer, Equal):
        for theorem in answer.theorems:
            statement = str(theorem.claim) if isinstance(theorem, Theorem) else _statement(theorem, names)
            yield from (f"  {line}" for line in statement.splitlines())
        if _is_vacuous(answer):
            yield "  the domain is empty: no point satisfies it, so any two functions are equal on it"
        yield "  weights as exact numbers, real arithmetic"
        yield f"  by {answer.method}; checked by the kernel"
    elif isinstance(answer, Difference):
        yield from _difference(answer, names)
    else:
        yield f"  {answer.reason}"
        yield from (f"  tried: {what}" for what in answer.tried)
        if answer.stopped:
            yield "  give it more time with --seconds"


def _statement(theorem: NetworkTheorem, names: tuple[str, str]) -> str:
    left, right = (click.format_filename(name) for name in names)
    space = f"all x in R^{theorem.inputs}"
    return f"for {space}: {left} == {right} in every output"


def _difference(found: Difference, names: tuple[str, str]) -> Iterator[str]:
    from symcircuits.cli.operands import with_decimal
    from symcircuits.kernel.number import rational_to_text
    from symcircuits.publish.words import clipped

    shown = {name: value for name, value in found.point.items() if value or len(found.point) <= MANY}
    place = ", ".join(f"{name} = {rational_to_text(value)}" for name, value in shown.items())
    rest = f"{', ' if shown else ''}all other inputs 0" if len(shown) < len(found.point) else ""
    yield f"  at {clipped(place)}{rest}" if found.point else "  at any point"
    for name, value in zip(names, (found.left, found.right), strict=True):
        yield f"  {click.format_filename(name)} gives y{found.output + 1} = {with_decimal(value)}"


def _save(answer: Answer, save: str | None) -> Iterator[str]:
    from symcircuits.transform.equal import Equal

    if save is None:
        return
    if isinstance(answer, Equal) and len(answer.theorems) == 1:
        write_output(save, _certificate(answer.theorems[0]))
        yield f"certificate saved to {click.format_filename(save)}"
    elif isinstance(answer, Equal):
        yield "no certificate saved: each output has a proof of its own; compare one output"
    else:
        yield "no certificate saved: there is no proof"
