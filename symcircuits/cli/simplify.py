"""`symcircuits simplify`: a smaller network, or a shorter expression, that is the same function, with the theorem."""

from __future__ import annotations

import json
from typing import Any

import click

from symcircuits.cli.files import check_outputs, write_output
from symcircuits.cli.operands import note_of, read_operand
from symcircuits.cli.options import json_option
from symcircuits.cli.prove import ClaimCommand


@click.command(cls=ClaimCommand, context_settings={"ignore_unknown_options": True})
@click.argument("operand", metavar="X")
@click.option("-o", "--output", metavar="FILE", help="Write the network: .onnx .nnet .npz .json .pt by its ending.")
@click.option("--skips", is_flag=True, help="Layers may read any earlier value: fewer neurons, for .json only.")
@click.option("--save", metavar="FILE", help="Write the certificate, which `symcircuits check` checks.")
@click.option("--force", is_flag=True, help="Replace output files that exist.")
@json_option("Print one JSON object instead of text.")
def command(operand: str, output: str | None, skips: bool, save: str | None, force: bool, as_json: bool) -> int:
    """Make X smaller, a network file, a gadget or an expression, and prove that it is the same function on all of R^n.

    Of a network, neurons that are multiples of others or of their mirror images, always on, always off or without use
    go away, and layers that then are linear. Of an expression, max and min are written for relu where they are shorter.

    \b
      symcircuits simplify net.onnx -o small.onnx
      symcircuits simplify "b - relu(b - a)"

    Exit code: 0 done, also where nothing gets smaller, 2 bad input, 4 internal error, 130 interrupted.
    """
    check_outputs((output, save), force)
    given = read_operand(operand)
    note_of(given)
    found = _of_expression(given, output) if isinstance(given, str) else _of_network(given, output, skips, force)
    lines, data, certificate = found
    if save is not None:
        write_output(save, certificate)
    if as_json:
        size = {"certificate_bytes": len(certificate.encode())}
        click.echo(json.dumps({**data, **size}, ensure_ascii=False))
        return 0
    for line in lines:
        click.echo(line)
    click.echo(f"certificate: {len(certificate.encode())} bytes, checked by the kernel")
    if save is not None:
        click.echo(f"certificate saved to {click.format_filename(save)}")
    return 0


def _of_expression(text: str, output: str | None) -> tuple[list[str], dict[str, Any], str]:
    from symcircuits.expr.from_sympy import from_sympy  # here because SymPy takes long to import
    from symcircuits.expr.parse import parse_expression
    from symcircuits.expr.to_sympy import to_sympy
    from symcircuits.transform.simplify import simplify

    if output is not None:
        raise click.UsageError("--output is for networks; `symcircuits compile` makes a network of an expression")
    found = simplify(to_sympy(parse_expression(text)))
    after = str(from_sympy(found.expr))
    lines = [after, f"proved  {found.theorem.claim}"]
    return lines, {"after": after, "theorem": str(found.theorem.claim)}, found.theorem.certificate


def _of_network(given: Any, output: str | None, skips: bool, force: bool) -> tuple[list[str], dict[str, Any], str]:
    from symcircuits.circuits.network import Network
    from symcircuits.formats.write import write_network
    from symcircuits.transform.certificate import certificate_text
    from symcircuits.transform.compact import compact

    network = given if isinstance(given, Network) else given.circuit.network
    found = compact(network, skips)
    before, after = sum(network.widths), sum(found.network.widths)
    kinds = found.kinds
    lines = [f"{network.shape} ({before} neurons) is {found.network.shape} ({after} neurons)"]
    lines += [
        f"  {count} {what}"
        for count, what in (
            (kinds.copies, "of the neurons were multiples of others, or of their mirror images"),
            (kinds.always_on, "were always on, by the signs of their weights"),
            (kinds.always_off, "were always off, by the signs of their weights"),
        )
        if count
    ]
    if after == before and not skips and kinds.distinct < before:
        lines.append("  a plain perceptron needs as many to carry values on; --skips does without")
    statement = str(found.theorem).removeprefix("NetworkTheorem: ")
    lines.append(f"proved  {statement}")
    if output is not None:
        lines.append(f"network saved to {write_network(found.network, output, overwrite=force)}")
    data = {"before": network.shape, "after": found.network.shape, "neurons": [before, after], **kinds._asdict()}
    return lines, {**data, "theorem": statement}, certificate_text(found.theorem)
