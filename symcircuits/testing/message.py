"""What a failed assertion says: the statement, the point, both values, and which neurons are active there."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from symcircuits.circuits.affine import evaluate_all
from symcircuits.circuits.network import Network, affine_values
from symcircuits.kernel.number import rational_to_text
from symcircuits.kernel.term import Term, subterms
from symcircuits.publish.words import clipped, term_text
from symcircuits.testing.comparison import Asked
from symcircuits.testing.operand import shown
from symcircuits.testing.strategies.kink import Named
from symcircuits.transform.equal import Difference, Undecided
from symcircuits.transform.sides import Side

NEURONS, SWITCHES, COORDINATES, LONG = 64, 12, 20, 12
"""How many neurons of a layer, switches of an expression and coordinates are shown; shorter numbers need no decimal."""
ROUNDING = Fraction(1, 10**6)
"""Relative gaps up to this are what float32 makes of equal values."""


def failure(name: str, asked: Asked, found: Difference) -> str:
    """The lines of a failed assertion of that name."""
    return "\n".join(_lines(name, asked, found))


def no_answer(name: str, asked: Asked, found: Undecided) -> str:
    """The lines of an assertion that is neither proved nor refuted."""
    hint = "; give it more time: seconds=..., or --symcircuits-seconds" if found.stopped else ""
    return f"{name} is neither proved nor refuted: {asked.statement}\n{found}{hint}"


def _lines(name: str, asked: Asked, found: Difference) -> Iterator[str]:
    statement, question = asked.statement, asked.question
    yield f"{name} is false: {statement}"
    yield f"at {_place(found.point)}"
    output = f" for output {found.output + 1} of {question.left.outputs}" if question.left.outputs > 1 else ""
    for user, value in ((statement.left, found.left), (statement.right, found.right)):
        yield f"  {shown(user)} gives {_number(value)}{output}"
    gap = abs(found.left - found.right)
    if statement.bound is not None:
        yield f"  apart by {_number(gap)}, and at most {statement.bound_as_given} is asserted"
    for each in asked.seen:
        yield from _pattern(each, found.point)
    for box in asked.boxes:
        yield f"{box.name} is a Python function, which can only be sampled: this point was found among exact ones"
    if asked.boxes and 0 < gap <= ROUNDING * max(abs(found.left), abs(found.right)):
        remedy = (
            "use assert_circuit_within with a bound" if statement.bound is None else "give a domain that is bounded"
        )
        yield f"the values differ by the rounding of floats only: {remedy}"


def _place(point: Named) -> str:
    named = {name: value for name, value in point.items() if value or len(point) <= COORDINATES}
    texts = [f"{name} = {rational_to_text(value)}" for name, value in named.items()]
    texts += ["all other inputs 0"] if len(named) < len(point) else []
    return clipped(", ".join(texts)) or "any point"


def _number(value: Fraction) -> str:
    text = rational_to_text(value)
    return text if len(text) <= LONG else f"{clipped(text)} (about {float(value):.6g})"


def _pattern(given: Side, point: Named) -> Iterator[str]:
    """The activation pattern of a side at the point: of the neurons by layer, or of the switches of an expression."""
    if given.network is not None and given.network.depth:
        yield f"activation pattern of {given.name}: + active, - inactive, 0 on the kink"
        values = [point[each] for each in given.inputs]
        for layer, signs in enumerate(_signs(given.network, values), start=1):
            rest = f" ... {len(signs) - NEURONS} more" if len(signs) > NEURONS else ""
            yield f"  hidden layer {layer}: {' '.join(signs[:NEURONS])}{rest}"
    elif given.network is None:
        yield from _switches(given.name, given.terms(), point)


def _signs(network: Network, values: list[Fraction]) -> Iterator[list[str]]:
    """+, - or 0 for each neuron of each hidden layer: the sign before relu."""
    for layer in network.layers[:-1]:
        before = list(affine_values(layer, values))
        yield ["+" if value > 0 else "-" if value else "0" for value in before]
        values = [*values, *(max(value, Fraction(0)) for value in before)]


def _switches(name: str, terms: tuple[Term, ...], point: Named) -> Iterator[str]:
    """What each relu, abs, max and min of the terms takes at the point."""
    switches = [term for term in subterms(terms) if term.kind in ("relu", "abs", "max", "min")]
    if not switches:
        return
    yield f"activation pattern of {name}:"
    for term in switches[:SWITCHES]:
        values = evaluate_all(term.args, point)
        if term.kind in ("relu", "abs"):
            state = "positive" if values[0] > 0 else "negative" if values[0] else "0, on the kink"
            yield f"  {term_text(term)}: the argument is {state}"
            continue
        best = (max if term.kind == "max" else min)(values)
        taken = [term_text(part) for part, value in zip(term.args, values, strict=True) if value == best]
        yield f"  {term_text(term)}: takes {' and '.join(taken)}"
    if len(switches) > SWITCHES:
        yield f"  ... {len(switches) - SWITCHES} more"
