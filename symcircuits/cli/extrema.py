"""`symcircuits maximum` and `symcircuits minimum`: exact extreme values with the point and the theorem."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import click

from symcircuits.cli.files import check_outputs, write_output
from symcircuits.cli.functions import read_stated
from symcircuits.cli.operands import with_decimal
from symcircuits.cli.options import json_option, let_option, memory_option, seconds_option, where_option
from symcircuits.cli.prove import ClaimCommand
from symcircuits.cli.terminal import SearchStatus, coloured
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.number import rational_to_text
from symcircuits.provers.extrema import Answer, EmptyDomain, Extremum, Unattained, Unbounded, extremum

UNKNOWN = 3
HELP = """Find the exact {name} of X, an expression, a gadget or a network file, and prove it.

X must be piecewise linear; the domain may be given by comparisons of such functions, also strict ones, and by ranges. A
network with a box is looked at on its box, unless --where is given.

\b
  symcircuits {name} "min(x, y)" --where "abs(x) + abs(y) <= 3"
  symcircuits {name} net.onnx --where "-1 <= x0 <= 1, -1 <= x1 <= 1" --output 2

Exit code: 0 it is attained at a point, 1 it is not attained, infinite, or the domain is empty, 3 unknown, 2 bad input,
4 internal error, 130 interrupted.
"""
Point = Mapping[str, Fraction]


def _command(name: str, sign: int) -> Callable[..., int]:
    @click.command(
        name, cls=ClaimCommand, context_settings={"ignore_unknown_options": True}, help=HELP.format(name=name)
    )
    @click.argument("operand", metavar="X")
    @where_option
    @let_option
    @click.option("--output", type=click.IntRange(1), metavar="K", help="Which output, from 1, if X has several.")
    @click.option("--save", metavar="FILE", help="Write the certificate, which `symcircuits check` checks.")
    @click.option("--force", is_flag=True, help="Replace output files that exist.")
    @json_option("Print one JSON object instead of text.")
    @seconds_option(None, "Stop the search after so many seconds.")
    @memory_option
    def command(
        operand: str,
        where: tuple[str, ...],
        let: list[tuple[str, str]],
        output: int | None,
        save: str | None,
        force: bool,
        as_json: bool,
        seconds: float | None,
        memory: float | None,
    ) -> int:
        check_outputs((save,), force)
        stated, _ = read_stated(operand, where, let, output)
        started = time.perf_counter()
        with SearchStatus() as status:
            answer = extremum(stated, sign, seconds, status.report, memory)
        data = _as_data(answer, time.perf_counter() - started)
        saved = list(_save(answer, save))
        if as_json:
            click.echo(json.dumps({"question": name, **data}))
        else:
            for line in (*_lines(name, answer), *saved):
                click.echo(line)
        return {"attained": 0, "unknown": UNKNOWN}.get(data["verdict"], 1)

    return command


maximum, minimum = _command("maximum", 1), _command("minimum", -1)


def _theorem(answer: Answer) -> Theorem | None:
    return answer.theorem if isinstance(answer, Extremum | Unattained | EmptyDomain) else None


def _as_data(answer: Answer, seconds: float) -> dict[str, Any]:
    theorem = _theorem(answer)
    data: dict[str, Any] = {
        "verdict": "unknown",
        "seconds": round(seconds, 6),
        "value": None,
        "point": None,
        "theorem": theorem and str(theorem.claim),
        "certificate_bytes": theorem and len(theorem.certificate.encode()),
        "reason": None,
    }
    match answer:
        case Extremum(value, point):
            return {**data, "verdict": "attained", "value": rational_to_text(value), "point": _shown(point)}
        case Unattained(value, limit, inner):
            approached = {"limit": _shown(limit), "inner": _shown(inner)}
            return {**data, "verdict": "not attained", "value": rational_to_text(value), **approached}
        case Unbounded(point, direction):
            return {**data, "verdict": "unbounded", "point": _shown(point), "direction": _shown(direction)}
        case EmptyDomain():
            return {**data, "verdict": "empty domain"}
    return {**data, "reason": answer.reason}


def _shown(point: Point) -> dict[str, str]:
    return {name: rational_to_text(value) for name, value in point.items()}


def _place(point: Point) -> str:
    return ", ".join(f"{name} = {rational_to_text(value)}" for name, value in point.items()) or "any point"


def _lines(name: str, answer: Answer) -> Iterator[str]:
    match answer:
        case Extremum(value, point):
            yield f"{name} {with_decimal(value)}"
            yield f"  at {_place(point)}"
        case Unattained(value, limit, inner):
            yield f"{name} not attained: the bound {with_decimal(value)} is only approached"
            yield f"  from {_place(inner)}"
            yield f"  towards {_place(limit)}, where the domain does not hold"
        case Unbounded(point, direction):
            yield f"no {name}: the values {'grow' if name == 'maximum' else 'fall'} without end"
            yield f"  from {_place(point)}"
            yield f"  in direction {_place(direction)}"
        case EmptyDomain():
            yield f"no {name}: the domain is empty"
        case _:
            yield coloured("unknown")
            yield f"  {answer.reason}"
            yield from (f"  tried: {what}" for what in answer.tried)
    theorem = _theorem(answer)
    if theorem:
        yield f"proved  {theorem.claim}"
        yield f"certificate: {len(theorem.certificate.encode())} bytes, checked by the kernel"


def _save(answer: Answer, save: str | None) -> Iterator[str]:
    theorem = _theorem(answer)
    if save is not None and theorem:
        write_output(save, theorem.certificate)
        yield f"certificate saved to {click.format_filename(save)}"
    elif save is not None:
        yield "no certificate saved: there is no bound"
