"""A function on a domain, from what a command is given: an expression, a gadget or a network file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from symcircuits.cli.operands import box_as_where, note_of, read_operand
from symcircuits.errors import ClaimError
from symcircuits.expr.parse import parse_claim
from symcircuits.kernel.term import Claim, Comparison, Term, constant
from symcircuits.provers.extrema import read_function

if TYPE_CHECKING:
    from symcircuits.circuits.gadget import Gadget
    from symcircuits.circuits.network import Network


def read_stated(
    operand: str, where: tuple[str, ...], let: list[tuple[str, str]], output: int | None
) -> tuple[Claim, tuple[str, ...]]:
    """The function as the left side of a claim on the domain, and the names of the inputs."""
    given = operand if let else read_operand(operand)
    if isinstance(given, str):
        if output not in (None, 1):
            raise click.BadParameter("an expression has one output", param_hint="--output")
        claim = read_function(given, list(where), let)
        return claim, tuple(claim.variables())
    note_of(given)
    return _of_network(given, operand, where, output)


def _of_network(
    given: Network | Gadget, operand: str, where: tuple[str, ...], output: int | None
) -> tuple[Claim, tuple[str, ...]]:
    from symcircuits.circuits.network import Network  # here because SymPy takes long to import

    domain = parse_claim("0 == 0", list(where) or (box_as_where(given) if isinstance(given, Network) else []))
    terms = given.terms if isinstance(given, Network) else given.circuit.terms
    names = given.inputs if isinstance(given, Network) else tuple(symbol.name for symbol in given.inputs)
    stray = next((name for name in domain.variables() if name not in names), None)
    if stray is not None:
        raise ClaimError(f"{stray} is no input of {click.format_filename(operand)}; its inputs are {', '.join(names)}")
    return domain._replace(goal=Comparison(_chosen(terms, output), "<=", constant(0))), names


def _chosen(terms: tuple[Term, ...], output: int | None) -> Term:
    if output is None and len(terms) > 1:
        raise click.UsageError(f"it has {len(terms)} outputs; choose one with --output")
    if (output or 1) > len(terms):
        raise click.BadParameter(f"it has {len(terms)} output{'s' * (len(terms) > 1)}", param_hint="--output")
    return terms[(output or 1) - 1]
