"""`symcircuits gadgets`: the gadget library, family by family."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from symcircuits.cli.options import json_option
from symcircuits.cli.terminal import SearchStatus

if TYPE_CHECKING:
    from symcircuits.circuits.gadget import Gadget

SECONDS = 3.0
"""For the question about one gadget's least width."""


@click.command("gadgets")
@click.argument("word", required=False)
@click.option("--least", is_flag=True, help="Beside each, the least width of one hidden layer that is proved.")
@json_option("Print one JSON list with name, family, title, target, widths, statement and note of each gadget.")
def command(word: str | None, least: bool, as_json: bool) -> int:
    """List the gadgets, circuits that come with a theorem; those with WORD in their family, name or title.

    The certificate of every theorem listed is checked by the kernel as it is listed. Names such as median_5 belong
    to families: median_11 and the like are made, and proved, on demand.

    \b
      symcircuits gadgets
      symcircuits gadgets sort
      symcircuits gadgets minimum --least
      symcircuits show min --at 3,5
    """
    from symcircuits.circuits.gadgets import by_module, families  # here because SymPy takes long to import

    chosen = [
        (module, gadget)
        for module, gadgets in by_module().items()
        for gadget in gadgets
        if word is None or any(word.lower() in text.lower() for text in (module, gadget.name, gadget.title))
    ]
    with SearchStatus("looking at widths"):
        rows = [_row(module, gadget) | (_least(gadget) if least else {}) for module, gadget in chosen]
    if as_json:
        click.echo(json.dumps(rows, indent=1, ensure_ascii=False))
        return 0
    width = max((len(row["name"]) for row in rows), default=0)
    for place, row in enumerate(rows):
        if not place or rows[place - 1]["family"] != row["family"]:
            click.secho(f"{'' if not place else chr(10)}{row['family']}", bold=True)
        widths = ", ".join(map(str, row["widths"])) or "none"
        found = f"; {_in_words(row)}" if least else ""
        click.echo(f"  {row['name']:{width}}  {row['title']} (widths {widths}{found})")
    proved = sum(len(gadget.theorems) for _, gadget in chosen)
    click.echo(f"\n{len(rows)} gadgets with {proved} theorems, which the kernel has just checked; see: show NAME")
    if word is None:
        click.echo(f"families, made for any parameters: {', '.join(families())}")
    return 0


def _least(gadget: Gadget) -> dict[str, Any]:
    """The least width of one hidden layer, as far as the question can be asked; a theorem stands behind each number."""
    from symcircuits.errors import NotPiecewiseLinear
    from symcircuits.optimal.width import Undecided, of_term
    from symcircuits.provers.result import Clock

    nothing = {"least_width": None, "one_hidden_layer": None}
    claim = gadget.theorems[0].claim
    if len(gadget.targets) != 1 or gadget.circuit.parameters or claim.ranges:
        return nothing
    names = [symbol.name for symbol in gadget.circuit.inputs]
    try:
        found = of_term(gadget.targets[0], names, claim.where, "both", False, Clock(SECONDS))
    except NotPiecewiseLinear:
        return nothing
    if isinstance(found, Undecided):
        return nothing
    return {"least_width": found.width, "one_hidden_layer": found.width is not None}


def _in_words(row: dict[str, Any]) -> str:
    if row["one_hidden_layer"] is None:
        return "least width of one layer not known"
    if not row["one_hidden_layer"]:
        return "one layer is proved not to be enough"
    return f"least of one layer {row['least_width']}{', reached' if row['widths'] == [row['least_width']] else ''}"


def _row(module: str, gadget: Gadget) -> dict[str, Any]:
    return {
        "name": gadget.name,
        "family": module.replace("_", " "),
        "title": gadget.title,
        "inputs": [symbol.name for symbol in gadget.circuit.inputs],
        "parameters": [symbol.name for symbol in gadget.circuit.parameters],
        "target": ", ".join(map(str, gadget.targets)),
        "widths": list(gadget.circuit.widths),
        "statement": "\n".join(str(theorem.claim) for theorem in gadget.theorems),
        "note": gadget.note,
    }
