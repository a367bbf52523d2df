"""Where a gadget computes its target: comparisons of its inputs, and inputs with finitely many values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from symcircuits.circuits.circuit import Circuit
from symcircuits.circuits.tree import blocks_of
from symcircuits.cpwl.substitute import substitute
from symcircuits.errors import InvalidCircuit
from symcircuits.expr.from_sympy import from_sympy
from symcircuits.expr.parse import parse_claim
from symcircuits.kernel.term import Comparison, Range, Term, evaluate, subterms


class Domain(NamedTuple):
    """The points that satisfy the comparisons and whose coordinates lie in the ranges; without any, all points."""

    where: tuple[Comparison, ...] = ()
    ranges: tuple[Range, ...] = ()


def domain(text: str, circuit: Circuit) -> Domain:
    """The domain that a text such as "0 <= x, x <= 1" or "x in {0, 1}" describes, of the circuit's inputs.

    Raises `ClaimError` where it cannot be read, and `InvalidCircuit` for what is no input.

    >>> from symcircuits.circuits.gadgets import gadget
    >>> domain("x1 <= x2", gadget("min").circuit)
    Domain(where=(Comparison(left=x1, relation='<=', right=x2),), ranges=())
    """
    if not text.strip():
        return Domain()
    claim = parse_claim("0 == 0", text)
    known = {symbol.name for symbol in (*circuit.inputs, *circuit.parameters)}
    stranger = next((name for name in claim.variables() if name not in known), None)
    if stranger is not None:
        raise InvalidCircuit(f"{circuit.name}: the domain mentions {stranger}, which is no input of the circuit")
    return Domain(claim.where, claim.ranges)


def composed_domain(circuit: Circuit, known: Mapping[Circuit, Domain]) -> Domain:
    """The conditions that the domains of the blocks put on inputs of the circuit that they read directly."""
    where: list[Comparison] = []
    ranges: dict[str, tuple[Fraction, ...]] = {}
    terms = circuit.wire_terms
    signed = [symbol.name for symbol in circuit.parameters]
    for block in blocks_of(circuit):
        conditions = known.get(block.circuit, Domain())
        if conditions == Domain():
            continue
        read = substitute([from_sympy(argument, parameters=signed) for argument in block.arguments], terms)
        fed = {symbol.name: term for symbol, term in zip(block.circuit.inputs, read, strict=True)}
        where += _instances(conditions.where, fed)
        for name, values in conditions.ranges:
            _limit(ranges, fed[name], values)
    unique = [each for place, each in enumerate(where) if each not in where[:place]]
    return Domain(tuple(unique), tuple(Range(name, values) for name, values in ranges.items()))


def _instances(conditions: Sequence[Comparison], fed: Mapping[str, Term]) -> list[Comparison]:
    """The conditions at what feeds a block, if that is affine in the inputs."""
    found: list[Comparison] = []
    for left, relation, right in conditions:
        sides = substitute([left, right], fed)
        variables = {term.name for term in subterms(sides) if term.kind == "variable"}
        if variables and all(term.kind in ("variable", "one", "sum") for term in subterms(sides)):
            found.append(Comparison(sides[0], relation, sides[1]))
    return found


def _limit(ranges: dict[str, tuple[Fraction, ...]], term: Term, values: Sequence[Fraction]) -> None:
    """Limit the input x to the points where c*x + d is one of the values, if the term is that."""
    parts = subterms((term,))
    names = {part.name for part in parts if part.kind == "variable"}
    if len(names) != 1 or any(part.kind not in ("variable", "one", "sum") for part in parts):
        return
    (name,) = names
    shift = evaluate(term, {name: Fraction(0)})
    slope = evaluate(term, {name: Fraction(1)}) - shift
    if slope:
        found = sorted((value - shift) / slope for value in values)
        ranges[name] = tuple(value for value in found if value in ranges.get(name, found))
