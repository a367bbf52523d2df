"""`symcircuits gadgets`: the gadget library as a table."""

from __future__ import annotations

import json
from typing import Any

import click

from symcircuits.cli.options import json_option


@click.command("gadgets")
@json_option("Print one JSON list with name, title, target, widths, statement and note of each gadget.")
def command(as_json: bool) -> int:
    """List the gadgets: circuits that come with a theorem.

    The certificate of every theorem listed is checked by the kernel as it is listed.

    \b
      symcircuits gadgets
      symcircuits show min --at 3,5
    """
    from symcircuits.circuits.gadgets import library  # here because SymPy takes long to import

    rows: list[dict[str, Any]] = [
        {
            "name": gadget.name,
            "title": gadget.title,
            "inputs": [symbol.name for symbol in gadget.circuit.inputs],
            "parameters": [symbol.name for symbol in gadget.circuit.parameters],
            "target": ", ".join(str(claim.goal.right) for claim in gadget.claims),
            "widths": list(gadget.circuit.widths),
            "statement": "\n".join(str(theorem.claim) for theorem in gadget.theorems),
            "note": gadget.note,
        }
        for gadget in library().values()
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=1, ensure_ascii=False))
        return 0
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("gadget", no_wrap=True)
    table.add_column("computes", no_wrap=True)
    table.add_column("widths", no_wrap=True)
    table.add_column("what it is")
    for row in rows:
        table.add_row(row["name"], row["target"], ", ".join(map(str, row["widths"])), row["title"])
    Console(highlight=False).print(table)
    click.echo(
        f"\n{len(rows)} gadgets, each with a theorem that the kernel has just checked; see: symcircuits show NAME"
    )
    return 0
