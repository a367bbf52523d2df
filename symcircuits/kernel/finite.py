"""Finite domains: a comparison checked at every point, in blocks of points, in integers over common denominators."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import islice, product
from math import lcm, prod

from symcircuits.kernel.certificate import reject
from symcircuits.kernel.term import ONE, RELATIONS, Claim, Comparison, Term, subterms, total

POINTS, BLOCK, STEP = 1 << 20, 4096, 64
Column = tuple[list[int], int]
"""The values of a term at the points of a block: numerators and their common denominator."""


def distance(term: Term, values: Sequence[Fraction]) -> Term:
    """How far the term is from the nearest of the values: 0 exactly where it is one of them."""
    return Term("min", tuple(Term("abs", (total([(Fraction(1), term), (-value, ONE)]),)) for value in values))


def first_failure(
    claim: Claim, goal: Comparison, names: Sequence[str], spend: Callable[[int], None]
) -> tuple[Fraction, ...] | None:
    """The values of the names at the first point of the claim's domain where the goal is false; None if there is none.

    Raises `CertificateRejected` unless each name has a range, all have at most `POINTS` points, and one of them at
    least lies in the domain.
    """
    ranges = dict(claim.ranges)
    if not ranges.keys() >= set(names):
        reject("a table needs a range of every variable")
    values = [ranges[name] for name in names]
    count = prod(map(len, values))
    if count > POINTS:
        reject(f"the ranges have more than {POINTS} points")
    spend(STEP * count * len(names))
    order = subterms(side for comparison in (goal, *claim.where) for side in comparison[::2])
    points, inside = product(*values), 0
    while block := list(islice(points, BLOCK)):
        read = zip(names, zip(*block, strict=True), strict=True)
        start = {name: _over_common(column, spend) for name, column in read}
        columns = _columns(order, start, len(block), spend)
        wanted = [_holds(comparison, columns) for comparison in claim.where]
        for at, good in enumerate(_holds(goal, columns)):
            if all(kept[at] for kept in wanted):
                inside += 1
                if not good:
                    return block[at]
    return None if inside else reject("no point of the ranges is in the domain")


def _holds(comparison: Comparison, columns: dict[int, Column]) -> list[bool]:
    (left, below), (right, under) = columns[id(comparison.left)], columns[id(comparison.right)]
    holds = RELATIONS[comparison.relation]
    return [holds(a * under, b * below) for a, b in zip(left, right, strict=True)]


def _over_common(values: Sequence[Fraction], spend: Callable[[int], None]) -> Column:
    bits = sum(map(int.bit_length, {value.denominator for value in values}))
    spend(len(values) * bits + (bits * bits >> 12))
    denominator = lcm(*(value.denominator for value in values))
    return [value.numerator * (denominator // value.denominator) for value in values], denominator


def _columns(
    order: Sequence[Term], start: dict[str, Column], size: int, spend: Callable[[int], None]
) -> dict[int, Column]:
    """The values of each term, parts before wholes, at the points of a block."""
    columns: dict[int, Column] = {}
    for term in order:
        if term.kind == "variable":
            columns[id(term)] = start[term.name]
            continue
        parts = [columns[id(part)] for part in term.args]
        bits = _longest(term, parts)
        spend(size * ((1 + len(parts)) * (STEP + bits) + (bits * bits >> 12)))
        columns[id(term)] = _column(term, parts, size)
    return columns


def _longest(term: Term, parts: list[Column]) -> int:
    """A bound on the bits of the numbers that the values of a term are computed with."""
    lengths = [max(map(int.bit_length, values)) for values, _ in parts]
    if term.kind == "sum":
        lengths = [c.numerator.bit_length() + length for c, length in zip(term.coefficients, lengths, strict=True)]
    below = (*(under for _, under in parts), *(c.denominator for c in term.coefficients))
    return (sum(lengths) if term.kind == "scale" else max(lengths, default=0)) + sum(n.bit_length() - 1 for n in below)


def _column(term: Term, parts: list[Column], size: int) -> Column:
    match term.kind:
        case "one":
            return [1] * size, 1
        case "sum":
            sizes = [c.denominator * under for c, (_, under) in zip(term.coefficients, parts, strict=True)]
            below = lcm(*sizes)
            factors = [c.numerator * (below // size) for c, size in zip(term.coefficients, sizes, strict=True)]
            rows = [[factor * value for value in values] for factor, (values, _) in zip(factors, parts, strict=True)]
            return [sum(point) for point in zip(*rows, strict=True)] if rows else [0] * size, below
        case "relu":
            return [max(value, 0) for value in parts[0][0]], parts[0][1]
        case "abs":
            return [abs(value) for value in parts[0][0]], parts[0][1]
        case "max" | "min":
            below = lcm(*(under for _, under in parts))
            rows = [[value * (below // under) for value in values] for values, under in parts]
            return [*map(max if term.kind == "max" else min, zip(*rows, strict=True))], below
        case _:
            if term.exponent < 0:
                reject("a table has no quotients by a variable")
            (left, below), (right, under) = parts
            return [a * b for a, b in zip(left, right, strict=True)], below * under
