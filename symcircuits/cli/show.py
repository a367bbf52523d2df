"""`symcircuits show`: a gadget, a network file or an expression as text, with weights and values at given inputs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from symcircuits.cli.files import check_outputs, write_output
from symcircuits.cli.operands import note_of, number, read_operand, with_decimal
from symcircuits.cli.options import json_option
from symcircuits.cli.prove import ClaimCommand
from symcircuits.errors import InvalidCircuit

if TYPE_CHECKING:
    from symcircuits.circuits.circuit import Circuit
    from symcircuits.circuits.network import Network

NEURONS, WEIGHTS = 60, 2000
"""Larger networks are summed up, not listed."""


class Subject(NamedTuple):
    """What is shown: a title, a sentence, what is proved, and the circuit, or None for a network that is too large."""

    name: str
    title: str
    note: str
    statements: tuple[str, ...]
    target: str
    circuit: Circuit | None
    network: Network | None = None


@click.command("show", cls=ClaimCommand, context_settings={"ignore_unknown_options": True})
@click.argument("name", metavar="X")
@click.option("--at", metavar="VALUES", help="Values of the inputs, e.g. --at 3,5 or --at 1/2,-0.25.")
@click.option(
    "--set", "settings", multiple=True, metavar="NAME=VALUE", help="The value of a parameter, e.g. --set w1=2."
)
@click.option("--svg", metavar="FILE", help="Draw the circuit, with the values if there are any, as an SVG image.")
@click.option("--tikz", metavar="FILE", help="Draw it as a TikZ picture, for a page of LaTeX.")
@click.option("--force", is_flag=True, help="Replace output files that exist.")
@json_option("Print one JSON object.")
def command(
    name: str,
    at: str | None,
    settings: tuple[str, ...],
    svg: str | None,
    tikz: str | None,
    force: bool,
    as_json: bool,
) -> int:
    """Show X, a gadget by its name, a network file, or an expression: its neurons by layer, its weights, its theorem.

    With --at each neuron shows its value after and before ReLU at those inputs. An expression is compiled first.

    \b
      symcircuits show min --at 3,5
      symcircuits show identity_family --at 3 --set w1=2 --set w2=-1/2
      symcircuits show net.onnx
      symcircuits show "max(0, min(1, x))" --at 1/2
      symcircuits show min --at 3,5 --svg min.svg
    """
    check_outputs((svg, tikz), force)
    subject = _subject(name)
    inputs = None if at is None else [number(value) for value in at.split(",")]
    if subject.circuit is None:
        if svg or tikz:
            raise InvalidCircuit(f"{name} has too many neurons for a drawing that can be read")
        return _show_large(subject, inputs, as_json)
    parameters = _settings(settings, [symbol.name for symbol in subject.circuit.parameters])
    if inputs is None and parameters:
        raise click.UsageError("--set needs --at: values of the parameters matter at inputs only")
    missing = [s.name for s in subject.circuit.parameters if inputs is not None and s.name not in parameters]
    if missing:
        raise click.UsageError(f"{name} has parameters: give each a value, e.g. --set {missing[0]}=2")
    drawings = _drawings(subject.circuit, inputs, parameters, svg, tikz)
    if as_json:
        click.echo(json.dumps(_as_data(subject, subject.circuit, inputs, parameters), indent=1, ensure_ascii=False))
    else:
        for line in _lines(subject, subject.circuit, inputs, parameters):
            click.echo(line)
    for path, text in drawings:
        write_output(path, text)
        click.echo(f"drawing saved to {click.format_filename(path)}", err=as_json)
    return 0


def _drawings(
    circuit: Circuit,
    inputs: list[Fraction] | None,
    parameters: dict[str, Fraction],
    svg: str | None,
    tikz: str | None,
) -> list[tuple[str, str]]:
    """The files to be written, and their texts."""
    if not svg and not tikz:
        return []
    from symcircuits.publish.drawing.svg import circuit_to_svg  # here because most calls draw nothing
    from symcircuits.publish.drawing.tikz import circuit_to_tikz

    makers = ((svg, circuit_to_svg), (tikz, circuit_to_tikz))
    return [(path, maker(circuit, inputs, parameters)) for path, maker in makers if path]


def _subject(name: str) -> Subject:
    from symcircuits.circuits.gadget import Verified  # here because SymPy takes long to import
    from symcircuits.circuits.gadgets import families, gadget
    from symcircuits.circuits.network import Network
    from symcircuits.provers.induction import statement

    known = name.isidentifier() and any(name.startswith(f"{family}_") for family in families())
    given = gadget(name) if known else read_operand(name)
    if isinstance(given, Verified):
        statements = tuple(str(theorem.claim) for theorem in given.theorems)
        statements += tuple(map(statement, getattr(given, "levels", ())))
        target = ", ".join(str(claim.goal.right) for claim in given.claims)
        return Subject(
            name, getattr(given, "title", name), getattr(given, "note", ""), statements, target, given.circuit
        )
    if isinstance(given, Network):
        note_of(given)
        return _of_network(name, given)
    if name.isidentifier():
        gadget(name)  # a word alone is meant as a gadget: the error names those that there are
    return _of_expression(name)


def _of_network(name: str, network: Network) -> Subject:
    from symcircuits.circuits.circuit import circuit_of
    from symcircuits.publish.words import clipped

    weights = sum(len(layer.bias) * (1 + len(layer.sources)) for layer in network.layers)
    small = sum(network.widths) <= NEURONS and weights <= WEIGHTS
    note = f"A network of shape {network.shape} with {weights} weights and biases, read as exact numbers."
    if network.box is not None:
        from symcircuits.cli.operands import box_as_where

        note += clipped(f" Its box: {', '.join(box_as_where(network))}.")
    target = ", ".join(map(str, network.terms)) if small else ""
    return Subject(name, network.name, note, (), target, circuit_of(network) if small else None, network)


def _of_expression(text: str) -> Subject:
    from symcircuits.circuits.compiler.compile import compile as compile_terms
    from symcircuits.expr.parse import parse_expression

    compiled = compile_terms(parse_expression(text), "width", name="network")
    statements = tuple(str(theorem.claim) for theorem in compiled.theorems)
    note = f"A network of shape {compiled.network.shape}, compiled from the expression."
    return Subject(text, text, note, statements, text, compiled.circuit, compiled.network)


def _lines(
    subject: Subject, circuit: Circuit, inputs: list[Fraction] | None, parameters: dict[str, Fraction]
) -> Iterator[str]:
    from symcircuits.publish.listing import circuit_lines, size_line, weight_lines
    from symcircuits.publish.words import clipped

    drawn = circuit_lines(circuit, inputs, parameters)
    yield f"{click.style(clipped(subject.title), bold=True)}: {size_line(circuit)}"
    yield from (subject.note, "")
    yield from drawn
    yield from ("", "weights, layer by layer")
    yield from (f"  {line}" for line in weight_lines(circuit))
    if subject.network is not None and not subject.statements:
        yield from ("", *_formula(subject.network))
    if subject.statements:
        yield ""
        yield from (f"{click.style('proved', fg='green', bold=True)}  {statement}" for statement in subject.statements)


def _formula(network: Network) -> Iterator[str]:
    from symcircuits.publish.words import term_text

    for place, term in enumerate(network.terms, start=1):
        yield f"y{place if len(network.terms) > 1 else ''} = {term_text(term)}"


def _show_large(subject: Subject, inputs: list[Fraction] | None, as_json: bool) -> int:
    from symcircuits.kernel.number import rational_to_text

    if subject.network is None:
        raise RuntimeError("there is neither a circuit nor a network to show")
    network = subject.network
    values = None if inputs is None else list(map(rational_to_text, network.run(*inputs)))
    if as_json:
        data = {"name": subject.name, "note": subject.note, "shape": network.shape, "widths": list(network.widths)}
        click.echo(json.dumps({**data, **({} if values is None else {"output": ", ".join(values)})}, indent=1))
        return 0
    click.echo(f"{click.style(subject.title, bold=True)}: too large to list\n{subject.note}")
    for place, value in enumerate(values or (), start=1):
        click.echo(f"y{place} = {with_decimal(Fraction(value))}")
    return 0


def _as_data(
    subject: Subject, circuit: Circuit, inputs: list[Fraction] | None, parameters: dict[str, Fraction]
) -> dict[str, Any]:
    from symcircuits.kernel.number import rational_to_text
    from symcircuits.publish.listing import matrices

    data: dict[str, Any] = {
        "name": subject.name,
        "title": subject.title,
        "statement": "\n".join(subject.statements),
        "target": subject.target,
        "widths": list(circuit.widths),
        "note": subject.note,
    }
    data["layers"] = [{"weights": weights, "bias": bias} for weights, bias in matrices(circuit)]
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
    return data


def _settings(settings: tuple[str, ...], names: list[str]) -> dict[str, Fraction]:
    values: dict[str, Fraction] = {}
    for setting in settings:
        name, equals, text = (part.strip() for part in setting.partition("="))
        if not equals or name not in names:
            raise click.BadParameter(
                f"write --set NAME=VALUE, NAME one of: {', '.join(names)}" if names else "this has no parameters"
            )
        values[name] = number(text)
    return values
