"""`symcircuits width`: the least width of one hidden layer, with a network of that width and the theorem."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any, cast

import click

from symcircuits.cli.files import check_outputs, write_output
from symcircuits.cli.functions import read_stated
from symcircuits.cli.options import json_option, let_option, seconds_option, where_option
from symcircuits.cli.prove import ClaimCommand
from symcircuits.cli.terminal import SearchStatus, coloured
from symcircuits.errors import ClaimError
from symcircuits.kernel.number import rational_to_text
from symcircuits.optimal.width import Answer, Bias, LeastWidth, NoLayer, Undecided, of_term
from symcircuits.provers.result import Clock

UNKNOWN = 3
MODELS = {"biases": "both", "no-output-bias": "hidden", "no-biases": "none"}


@click.command(cls=ClaimCommand, context_settings={"ignore_unknown_options": True})
@click.argument("operand", metavar="X")
@where_option
@let_option
@click.option("--output", type=click.IntRange(1), metavar="K", help="Which output, from 1, if X has several.")
@click.option(
    "--model",
    type=click.Choice(list(MODELS)),
    default="biases",
    show_default=True,
    help="Biases in the hidden layer and at the output, in the hidden layer only, or none at all.",
)
@click.option("--skip", is_flag=True, help="Any affine function of the inputs may be added.")
@click.option("--save", metavar="FILE", help="Write the certificate, which `symcircuits check` checks.")
@click.option("--force", is_flag=True, help="Replace an output file that exists.")
@json_option("Print one JSON object instead of text.")
@seconds_option(None, "Stop the search after so many seconds.")
def command(
    operand: str,
    where: tuple[str, ...],
    let: list[tuple[str, str]],
    output: int | None,
    model: str,
    skip: bool,
    save: str | None,
    force: bool,
    as_json: bool,
    seconds: float | None,
) -> int:
    """Find the least width of a network with one hidden layer that computes X, and prove it.

    X is an expression, a gadget or a network file; the domain, all of R^n unless it is given, is a polyhedron. If there
    is no such network of any width, two points on a hyperplane show it, where the gradient jumps differently.

    \b
      symcircuits width "min(a, b)"
      symcircuits width "min(a, b)" --where "0 <= a <= 1, 0 <= b <= 1"
      symcircuits width "max(0, x, y)"

    Exit code: 0 there is one, 1 there is none, 3 unknown, 2 bad input, 4 internal error, 130 interrupted.
    """
    check_outputs((save,), force)
    stated, names = read_stated(operand, where, let, output)
    if stated.ranges:
        raise ClaimError(f"the domain gives {stated.ranges[0].name} finitely many values, and a polyhedron is needed")
    started = time.perf_counter()
    with SearchStatus():
        clock = Clock(seconds)
        answer = of_term(stated.goal.left, names, stated.where, cast(Bias, MODELS[model]), skip, clock)
    data = _as_data(answer, time.perf_counter() - started)
    if as_json:
        click.echo(json.dumps({"question": "width", "model": model, "skip": skip, **data}))
    else:
        for line in _lines(answer, names):
            click.echo(line)
    if save is not None and not isinstance(answer, Undecided):
        write_output(save, answer.theorem.record[0])
        click.echo(f"certificate saved to {click.format_filename(save)}", err=as_json)
    elif save is not None:
        click.echo("no certificate saved: the width is not known", err=as_json)
    return UNKNOWN if isinstance(answer, Undecided) else 0 if answer.width is not None else 1


def _as_data(answer: Answer, seconds: float) -> dict[str, Any]:
    data: dict[str, Any] = {"verdict": "unknown", "seconds": round(seconds, 6), "width": answer.width, "reason": None}
    if isinstance(answer, Undecided):
        return {**data, "reason": answer.reason, "at_least": answer.at_least, "at_most": answer.at_most}
    text, statement, _ = answer.theorem.record
    data |= {"theorem": statement, "certificate_bytes": len(text.encode())}
    if isinstance(answer, NoLayer):
        points = [list(map(rational_to_text, place.point)) for place in answer.found.places]
        return {**data, "verdict": "no network", "witnesses": points}
    network = None if answer.network is None else str(answer.network)
    return {**data, "verdict": "no network" if network is None else "least width", "network": network}


def _lines(answer: Answer, names: tuple[str, ...]) -> Iterator[str]:
    match answer:
        case LeastWidth(_, int(width), network, kinks):
            yield f"least width {width}"
            yield f"  network  {network}"
            yield from (
                [f"  {kinks} kinks take a neuron each" if kinks > 1 else "  1 kink takes a neuron"] if kinks else []
            )
        case LeastWidth():
            yield "no network of this model, of any width"
        case NoLayer(_, found):
            yield "no network with one hidden layer, of any width"
            for place in found.places:
                point = ", ".join(f"{name} = {rational_to_text(x)}" for name, x in zip(names, place.point, strict=True))
                jumps = " + ".join(str(kink.factor) for kink in place.layer.kinks) or "0"
                yield f"  at {point} the gradient jumps by {jumps} times the normal"
        case Undecided(reason, low, high):
            yield coloured("unknown")
            yield f"  {reason}"
            yield from [f"  the width is from {low} to {high}"] if low is not None else []
    if not isinstance(answer, Undecided):
        text, statement, _ = answer.theorem.record
        yield f"proved  {statement}"
        yield f"certificate: {len(text.encode())} bytes, checked by the kernel"
