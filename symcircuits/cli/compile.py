"""`symcircuits compile`: an expression to a network file, with the theorem that the network computes it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from symcircuits.cli.files import check_outputs, write_output
from symcircuits.cli.operands import given_box
from symcircuits.cli.options import json_option, let_option, seconds_option
from symcircuits.cli.prove import ClaimCommand
from symcircuits.cli.terminal import SearchStatus, coloured

if TYPE_CHECKING:
    from symcircuits.circuits.compiler.compile import Compiled
    from symcircuits.formats.write import Export


@click.command("compile", cls=ClaimCommand, context_settings={"ignore_unknown_options": True})
@click.argument("expressions", nargs=-1, required=True, metavar="EXPRESSION...")
@let_option
@click.option("-o", "--output", metavar="FILE", help="Write the network: .onnx .nnet .npz .json .pt by its ending.")
@click.option("--goal", type=click.Choice(["depth", "width"]), help="Few hidden layers, or few neurons.")
@click.option("--box", metavar="BOX", help='Bound what rounding changes on this box, e.g. "-1..1" or "0..1, -2..2".')
@click.option("--precision", type=click.Choice(["float32", "float64"]), help="Round the weights in the file to this.")
@click.option("--save", metavar="FILE", help="Write the certificate; one a file for several expressions.")
@click.option("--force", is_flag=True, help="Replace output files that exist.")
@json_option("Print one JSON object instead of text.")
@seconds_option(60, "Stop a proof after so many seconds; 60 unless given.")
def command(
    expressions: tuple[str, ...],
    let: list[tuple[str, str]],
    output: str | None,
    goal: str | None,
    box: str | None,
    precision: str | None,
    save: str | None,
    force: bool,
    as_json: bool,
    seconds: float,
) -> int:
    """Compile expressions, one an output, to a ReLU network that is proved to compute them.

    Weights are exact rationals; what a file of floats rounds is said, and bounded on a box.

    \b
      symcircuits compile "max(x, y, z)" -o net.onnx
      symcircuits compile "clip - x/2" --let "clip=max(0, min(1, x))" --goal depth --box "-2..2" -o net.npz

    Exit code: 0 compiled and proved, 2 bad input, 4 internal error, 130 interrupted.
    """
    certificates = _certificate_files(save, len(expressions))
    check_outputs((output, *certificates), force)
    from symcircuits.circuits.compiler.compile import (
        compile as compile_terms,
    )  # here because SymPy takes long to import
    from symcircuits.expr.parse import parse_expression

    terms = tuple(parse_expression(text, let=let) for text in expressions)
    with SearchStatus("compiling"):
        compiled = compile_terms(terms, goal, seconds=seconds)  # type: ignore[arg-type]
    export, bounds = None, given_box(box, compiled.network.inputs)
    if output is not None:
        from symcircuits.formats.write import write_network

        export = write_network(compiled.network, output, precision, bounds, overwrite=force)
    for path, theorem in zip(certificates, compiled.theorems, strict=bool(certificates)):
        write_output(path, theorem.certificate)
    if as_json:
        click.echo(json.dumps(_as_data(compiled, export, certificates)))
    else:
        for line in _lines(compiled, export, certificates):
            click.echo(line)
    return 0


def _certificate_files(save: str | None, count: int) -> list[str]:
    """The names of the certificate files: FILE, or FILE with a number before its ending for each of several."""
    if save is None or count == 1:
        return [] if save is None else [save]
    place = Path(save)
    return [str(place.with_name(f"{place.stem}.{number}{place.suffix}")) for number in range(1, count + 1)]


def _lines(compiled: Compiled, export: Export | None, certificates: list[str]) -> Iterator[str]:
    network = compiled.network
    neurons = sum(network.widths)
    layers = f"{network.depth} hidden layer{'' if network.depth == 1 else 's'}"
    yield f"{coloured('proved')}  {neurons} neuron{'' if neurons == 1 else 's'} in {layers}: {network.shape}"
    for theorem in compiled.theorems:
        yield f"  {theorem.claim}"
    if len(compiled.report.tried) > 1:
        yield from (f"  {line}" for line in str(compiled.report).splitlines())
    for path, theorem in zip(certificates, compiled.theorems, strict=bool(certificates)):
        yield f"certificate saved to {click.format_filename(path)}: {len(theorem.certificate.encode())} bytes"
    if export is not None:
        yield f"network saved to {export}"


def _as_data(compiled: Compiled, export: Export | None, certificates: list[str]) -> dict[str, Any]:
    from symcircuits.kernel.number import rational_to_text

    network = compiled.network
    written = None if export is None else {
        "file": str(export.path),
        "weights": export.weights,
        "rounded": export.changed,
        "errors": None if export.errors is None else [rational_to_text(error) for error in export.errors],
    }  # fmt: skip
    return {
        "verdict": "proved",
        "shape": network.shape,
        "widths": list(network.widths),
        "inputs": list(network.inputs),
        "statements": [str(theorem.claim) for theorem in compiled.theorems],
        "certificate_bytes": [len(theorem.certificate.encode()) for theorem in compiled.theorems],
        "certificates": certificates,
        "output": written,
    }
