"""What a command is given: a file with a network, the name of a gadget, or an expression."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from symcircuits.circuits.gadget import Gadget
    from symcircuits.circuits.network import Network

SHORT = 12
NAME = 1000
"""Longer texts are not asked about as names of files."""


def read_operand(text: str) -> Network | Gadget | str:
    """The network of a file, if the text ends like one or there is such a file; a gadget, by its name; else the text.

    Raises `InvalidCircuit` for a file that cannot be read.
    """
    from symcircuits.formats.read import is_network_file, read_network  # here because NumPy takes long to import

    if is_network_file(text) or (len(text) < NAME and Path(text).is_file()):
        return read_network(text)
    if text.isidentifier():
        from symcircuits.circuits.gadgets import library

        return library().get(text, text)
    return text


def number(text: str) -> Fraction:
    """A rational that a person types: 3, -1/2, 0.25; `ClaimError` for anything else."""
    from symcircuits.errors import ClaimError
    from symcircuits.expr.parse import parse_expression
    from symcircuits.kernel.term import evaluate, subterms

    term = parse_expression(text)
    names = [part.name for part in subterms((term,)) if part.kind == "variable"]
    if names:
        raise ClaimError(f"{text}: a number is expected, not {names[0]}")
    return evaluate(term, {})


def with_decimal(value: Fraction) -> str:
    """The rational, and a decimal near it if its digits do not tell its size."""
    from symcircuits.kernel.number import rational_to_text
    from symcircuits.publish.words import clipped

    text = rational_to_text(value)
    if len(text) <= SHORT:
        return text
    with suppress(OverflowError):
        return f"{clipped(text)} (about {float(value):.6g})"
    return clipped(text)


def note_of(operand: object) -> None:
    """Say, apart from the answer, what the reader of a network file took for granted."""
    from symcircuits.circuits.network import Network

    if isinstance(operand, Network) and operand.note:
        click.echo(f"note: {operand.name}: {operand.note}", err=True)


def box_as_where(network: Network) -> list[str]:
    """The network's box as comparisons of its inputs; none if it has no box."""
    from symcircuits.kernel.number import rational_to_text

    if network.box is None:
        return []
    pairs = zip(network.inputs, network.box, strict=True)
    return [f"{rational_to_text(low)} <= {name} <= {rational_to_text(high)}" for name, (low, high) in pairs]


def given_box(text: str | None, inputs: Sequence[str]) -> tuple[tuple[Fraction, Fraction], ...] | None:
    """The box that a text such as "-1..1" (for every input) or "0..1, -1..1" describes; None for None."""
    if text is None:
        return None
    sides = [side.split("..") for side in text.split(",")]
    if not all(len(side) == 2 for side in sides):
        raise click.BadParameter('write LOW..HIGH for all inputs, or one for each: --box "-1..1"')
    bounds = [(number(low), number(high)) for low, high in sides]
    if any(low > high for low, high in bounds):
        raise click.BadParameter("the lower end of a side of the box is above its upper end")
    if len(bounds) not in (1, len(inputs)):
        raise click.BadParameter(f"there are {len(inputs)} inputs and {len(bounds)} sides of the box")
    return tuple(bounds * len(inputs) if len(bounds) == 1 else bounds)
