"""`symcircuits show`: a gadget as text, with its theorem, its weights, and its values at given inputs."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import click

from symcircuits.cli.options import json_option


def _number(text: str) -> Fraction:
    """A rational that a person types: 3, -1/2, 0.25."""
    from symcircuits.errors import ClaimError
    from symcircuits.expr.parse import parse_expression
    from symcircuits.kernel.term import evaluate, subterms

    term = parse_expression(text)
    names = [part.name for part in subterms((term,)) if part.kind == "variable"]
    if names:
        raise ClaimError(f"{text}: a number is expected, not {names[0]}")
    return evaluate(term, {})


@click.command("show")
@click.argument("name")
@click.option("--at", metavar="VALUES", help="Values of the inputs, e.g. --at 3,5 or --at 1/2,-0.25.")
@click.option(
    "--set", "settings", multiple=True, metavar="NAME=VALUE", help="The value of a parameter, e.g. --set w1=2."
)
@json_option("Print one JSON object.")
def command(name: str, at: str | None, settings: tuple[str, ...], as_json: bool) -> int:
    """Show the gadget NAME: its neurons by layer, its weights, its theorem.

    With --at each neuron shows its value after and before ReLU at those inputs.

    \b
      symcircuits show min --at 3,5
      symcircuits show identity_family --at 3 --set w1=2 --set w2=-1/2
    """
    from symcircuits.circuits.gadgets import gadget as find  # here because SymPy takes long to import
    from symcircuits.kernel.number import rational_to_text
    from symcircuits.publish.listing import circuit_lines, size_line, weight_lines

    gadget = find(name)
    circuit = gadget.circuit
    inputs = None if at is None else [_number(value) for value in at.split(",")]
    parameters = _settings(settings, [symbol.name for symbol in circuit.parameters])
    if inputs is None and parameters:
        raise click.UsageError("--set needs --at: values of the parameters matter at inputs only")
    missing = [symbol.name for symbol in circuit.parameters if inputs is not None and symbol.name not in parameters]
    if missing:
        raise click.UsageError(f"{name} has parameters: give each a value, e.g. --set {missing[0]}=2")
    statement = "\n".join(str(theorem.claim) for theorem in gadget.theorems)
    if as_json:
        data: dict[str, Any] = {
            "name": name,
            "title": gadget.title,
            "statement": statement,
            "target": ", ".join(str(claim.goal.right) for claim in gadget.claims),
        }
        data |= {"widths": list(circuit.widths), "note": gadget.note}
        data["layers"] = [
            {"weights": [list(map(str, row)) for row in layer.weights.tolist()], "bias": list(map(str, layer.bias))}
            for layer in circuit.layers
        ]
        if inputs is not None:
            data["inputs"] = list(map(rational_to_text, inputs))
            data["activations"] = [
                [
                    {"wire": a.wire.name, "before": rational_to_text(a.before), "after": rational_to_text(a.after)}
                    for a in row
                ]
                for row in circuit.activations(*inputs, parameters=parameters)
            ]
            data["output"] = ", ".join(map(rational_to_text, circuit.run(*inputs, parameters=parameters)))
        click.echo(json.dumps(data, indent=1, ensure_ascii=False))
        return 0
    drawn = circuit_lines(circuit, inputs, parameters)
    click.echo(f"{click.style(gadget.title, bold=True)}: {size_line(circuit)}\n{gadget.note}\n")
    for line in drawn:
        click.echo(line)
    click.echo("\nweights, layer by layer")
    for line in weight_lines(circuit):
        click.echo(f"  {line}")
    click.echo(f"\n{click.style('proved', fg='green', bold=True)}  {statement}")
    return 0


def _settings(settings: tuple[str, ...], names: list[str]) -> dict[str, Fraction]:
    values: dict[str, Fraction] = {}
    for setting in settings:
        name, equals, text = (part.strip() for part in setting.partition("="))
        if not equals or name not in names:
            raise click.BadParameter(
                f"write --set NAME=VALUE, NAME one of: {', '.join(names)}" if names else "this gadget has no parameters"
            )
        values[name] = _number(text)
    return values
