"""`symcircuits regions`: the linear pieces of a network, gadget or expression, or its activation cells."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from symcircuits.cli.files import check_outputs, write_output
from symcircuits.cli.operands import box_as_where, note_of, read_operand
from symcircuits.cli.options import json_option, seconds_option, where_option
from symcircuits.cli.prove import ClaimCommand
from symcircuits.cli.terminal import SearchStatus
from symcircuits.errors import ClaimError
from symcircuits.expr.parse import parse_claim

if TYPE_CHECKING:
    from symcircuits.circuits.pieces import Piece

SHOWN = 50


@click.command("regions", cls=ClaimCommand, context_settings={"ignore_unknown_options": True})
@click.argument("operand", metavar="X")
@where_option
@click.option("--cells", "of_cells", is_flag=True, help="Activation cells of the terms as written, not linear pieces.")
@click.option(
    "--limit", type=click.IntRange(0), default=SHOWN, metavar="N", help=f"Print so many; {SHOWN} unless given."
)
@click.option("--svg", metavar="FILE", help="Draw the function of one input, or the regions of one of two inputs.")
@click.option("--force", is_flag=True, help="Replace an output file that exists.")
@json_option("Print one JSON object instead of text, with all of them.")
@seconds_option(None, "Stop after so many seconds.")
def command(
    operand: str,
    where: tuple[str, ...],
    of_cells: bool,
    limit: int,
    svg: str | None,
    force: bool,
    as_json: bool,
    seconds: float | None,
) -> int:
    """Print the linear regions of X, a network file, a gadget or an expression, with the affine map on each.

    A network with a box is looked at on its box, unless --where is given. Boundaries belong to the regions on both
    sides. All numbers are exact.

    \b
      symcircuits regions "max(x, y, 0)"
      symcircuits regions "max(x, y, 0)" --svg regions.svg
      symcircuits regions net.onnx --where "-1 <= x0 <= 1, -1 <= x1 <= 1" --cells

    Exit code: 0 all regions found, 3 stopped before that, 2 bad input, 4 internal error, 130 interrupted.
    """
    from symcircuits.circuits.gadget import Verified  # here because SymPy takes long to import
    from symcircuits.circuits.network import Network
    from symcircuits.circuits.pieces import cells, pieces

    check_outputs((svg,), force)
    given = read_operand(operand)
    note_of(given)
    function = given.circuit if isinstance(given, Verified) else given
    domain = list(where) or (box_as_where(given) if isinstance(given, Network) else [])
    if not isinstance(given, str):
        names = given.inputs if isinstance(given, Network) else [symbol.name for symbol in given.inputs]
        _check_names(operand, where, names)
    with SearchStatus("splitting") as status:
        find = cells if of_cells else pieces
        found = find(function, domain, seconds=seconds, report=status.report)
    if svg is not None:
        from symcircuits.publish.drawing.regions import pieces_to_svg

        inputs = _inputs(function, domain)
        write_output(svg, pieces_to_svg(found if found.is_complete else (), inputs))
        click.echo(f"picture saved to {click.format_filename(svg)}", err=True)
    if as_json:
        regions = [_as_data(piece) for piece in found]
        click.echo(
            json.dumps({"kind": _word(of_cells), "count": len(found), "complete": found.is_complete,
                        "where": domain, "regions": regions}, ensure_ascii=False)
        )  # fmt: skip
        return 0 if found.is_complete else 3
    for place, piece in enumerate(found[:limit], start=1):
        click.echo(f"{place:>4}  {piece}")
    if len(found) > limit:
        click.echo(f"      {len(found) - limit} more not shown; see --limit and --json")
    on = f" where {', '.join(domain)}" if domain else ""
    click.echo(f"{len(found)} {_word(of_cells)}{'s' * (len(found) != 1)}{on}{'' if found.is_complete else ', stopped'}")
    if not found.is_complete:
        cells_found = f"after {status.closed} cells, {status.open} still open"
        hint = "more --seconds or a smaller --where" + ("" if of_cells else "; --cells prints the cells found")
        click.echo(f"stopped {cells_found}, before all were found; give {hint}", err=True)
    return 0 if found.is_complete else 3


def _inputs(function: Any, domain: Sequence[str]) -> tuple[str, ...]:
    """The inputs of the function, and what occurs in the domain only."""
    from symcircuits.circuits.compiler.input import read_domain, read_functions, with_domain

    return with_domain(read_functions(function), read_domain(list(domain))).inputs


def _check_names(operand: str, where: tuple[str, ...], names: Sequence[str]) -> None:
    """Refuse a domain that speaks of other variables than the inputs."""
    domain = parse_claim("0 == 0", where)
    stray = next((name for name in domain.variables() if name not in names), None)
    if stray is not None:
        raise ClaimError(f"{stray} is no input of {click.format_filename(operand)}; its inputs are {', '.join(names)}")


def _word(of_cells: bool) -> str:
    return "activation cell" if of_cells else "linear piece"


def _as_data(piece: Piece) -> dict[str, Any]:
    from symcircuits.circuits.pieces import affine_text, comparison_text

    cells = [[comparison_text(row) for row in cell] for cell in piece.cells]
    return {"forms": list(map(affine_text, piece.forms)), "cells": cells}
