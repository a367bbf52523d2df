"""Comparisons checked at finitely many points, in blocks of points, in integers over common denominators.

The points are all those of a finite domain, or {0,1}^n and {-1,0}^n for sides that are linear in between.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import islice, product
from math import lcm, prod

from symcircuits.kernel.certificate import reject
from symcircuits.kernel.term import ONE, RELATIONS, Claim, Comparison, Term, subterms, total

POINTS, BLOCK, STEP, TERM, ORDERED = 1 << 20, 4096, 64, 4000, 16
ONCE = Fraction(1)
Spend = Callable[[int], None]
Column = tuple[list[int], int]
"""The values of a term at the points of a block: numerators and their common denominator."""
Kept = Callable[[list[int]], bool] | None
"""Whether the values of a difference at the points keep their sign where they should; None where nothing is asked."""


def distance(term: Term, values: Sequence[Fraction]) -> Term:
    """How far the term is from the nearest of the values: 0 exactly where it is one of them."""
    return Term("min", tuple(Term("abs", (total([(ONCE, term), (-value, ONE)]),)) for value in values))


def first_failure(claim: Claim, goal: Comparison, names: Sequence[str], spend: Spend) -> tuple[Fraction, ...] | None:
    """The values of the names at the first point of the claim's domain where the goal is false; None if there is none.

    Raises `CertificateRejected` unless each name has a range, all have at most `POINTS` points, and one of them at
    least lies in the domain.
    """
    ranges = dict(claim.ranges)
    if not ranges.keys() >= set(names):
        reject("a table needs a range of every variable")
    values = [_over_common(ranges[name], spend) for name in names]
    count = prod(len(numerators) for numerators, _ in values)
    if count > POINTS:
        reject(f"the ranges have more than {POINTS} points")
    spend(STEP * count * len(names))
    order = subterms(side for comparison in (goal, *claim.where) for side in comparison[::2])
    points, inside = product(*(numerators for numerators, _ in values)), 0
    while block := list(islice(points, BLOCK)):
        read = zip(names, zip(*block, strict=True), values, strict=True)
        start = {name: (list(column), below) for name, column, (_, below) in read}
        columns = _columns(order, start, len(block), spend, None)
        holds = (_holds(comparison, columns) for comparison in (goal, *claim.where))
        for point, is_good, *is_inside in zip(block, *holds, strict=True):
            if all(is_inside):
                inside += 1
                if not is_good:
                    return tuple(Fraction(n, below) for n, (_, below) in zip(point, values, strict=True))
    return None if inside else reject("no point of the ranges is in the domain")


def check_ordered(goal: Comparison, names: Sequence[str], spend: Spend) -> None:
    """Reject unless the goal holds at all points of {0,1}^n and {-1,0}^n, and its sides are linear on ordered cones.

    A point whose coordinates are in some order, with 0 among them, is a sum, with positive factors, of 1 for sets of
    the largest ones and of -1 for sets of the least; or, with 0 as one more variable z and x - z for x, of sets that
    form a chain. Variables and sums are linear on the cone of a chain, and the larger of two such functions is, if
    their difference has not both signs on the chain.
    """
    order, size = subterms(goal[::2]), 2 << len(names)
    if len(names) > ORDERED or any(term.kind in ("one", "scale") for term in order) or goal.relation in ("<", ">"):
        reject(f"ordered is for ==, <= and >= of functions of at most {ORDERED} variables without constants")
    spend(STEP * size * len(names))
    start = {name: ([(at >> k & 1) - (at >= size // 2) for at in range(size)], 1) for k, name in enumerate(names)}
    masks = [((1 << size) - 1) // ((1 << (1 << k)) + 1) << (1 << k) for k in range(len(names) + 1)]

    def is_kept(gap: list[int]) -> bool:
        signs = [int("".join("01"[sign * value > 0] for value in reversed(gap)), 2) for sign in (1, -1)]
        return not any(_above(one, masks) & other for one, other in (signs, signs[::-1]))

    if not all(_holds(goal, _columns(order, start, size, spend, is_kept))):
        reject("the goal is false at a point of {0,1}^n or {-1,0}^n")


def _above(points: int, masks: Sequence[int]) -> int:
    """The sets that contain one of the sets, as bits; the masks are the sets that contain each element."""
    for k, mask in enumerate(masks):
        points |= (points & ~mask) << (1 << k)
    return points


def _gap(comparison: Comparison, columns: dict[int, Column]) -> list[int]:
    """What the comparison says is 0, or >= 0, or > 0, up to a positive factor."""
    (left, below), (right, under) = columns[id(comparison.left)], columns[id(comparison.right)]
    sign = -1 if ">" in comparison.relation else 1
    return [sign * (b * below - a * under) for a, b in zip(left, right, strict=True)]


def _holds(comparison: Comparison, columns: dict[int, Column]) -> list[bool]:
    holds = RELATIONS[comparison.relation.replace(">", "<")]
    return [holds(0, value) for value in _gap(comparison, columns)]


def _over_common(values: Sequence[Fraction], spend: Spend) -> Column:
    bits = sum(map(int.bit_length, {value.denominator for value in values}))
    spend(len(values) * bits + (bits * bits >> 10))
    denominator = lcm(*(value.denominator for value in values))
    return [value.numerator * (denominator // value.denominator) for value in values], denominator


def _columns(order: list[Term], start: dict[str, Column], size: int, spend: Spend, is_kept: Kept) -> dict[int, Column]:
    """The values of each term, parts before wholes, at the points of a block; rejects a comparison that is not kept."""
    columns, start = dict[int, Column](), {ONE.name: ([1] * size, 1), **start}
    for term in order:
        parts = [columns[id(part)] for part in term.args]
        bits = _longest(term, parts)
        spend(TERM + size * ((1 + len(parts)) * (STEP + bits) + (bits * bits >> 12)))
        columns[id(term)] = start.get(term.name) or _column(term, parts, size, is_kept)
    return columns


def _longest(term: Term, parts: list[Column]) -> int:
    """A bound on the bits of the numbers that the values of a term are computed with."""
    pairs = zip(term.coefficients or [ONCE] * len(parts), parts, strict=True)
    lengths = [c.numerator.bit_length() + max(map(int.bit_length, values)) for c, (values, _) in pairs]
    below = (*(under for _, under in parts), *(c.denominator for c in term.coefficients))
    return (sum(lengths) if term.kind == "scale" else max(lengths, default=0)) + sum(n.bit_length() - 1 for n in below)


def _column(term: Term, parts: list[Column], size: int, is_kept: Kept) -> Column:
    if term.kind == "form" or term.exponent < 0:
        reject("values at points need terms, without quotients by a variable")
    if term.kind == "scale":
        (left, below), (right, under) = parts
        return [a * b for a, b in zip(left, right, strict=True)], below * under
    coefficients = term.coefficients or [ONCE] * len(parts)
    sizes = [c.denominator * under for c, (_, under) in zip(coefficients, parts, strict=True)]
    below = lcm(*sizes)
    factors = [c.numerator * (below // size) for c, size in zip(coefficients, sizes, strict=True)]
    pairs = zip(factors, parts, strict=True)
    rows = [values if factor == 1 else [factor * value for value in values] for factor, (values, _) in pairs]
    if term.kind == "sum":
        return [sum(point) for point in zip([0] * size, *rows, strict=True)], below
    rows += [[0] * size] if term.kind == "relu" else [[-value for value in rows[0]]] if term.kind == "abs" else []
    best = rows[0]
    for row in rows[1:]:
        if is_kept and not is_kept([a - b for a, b in zip(best, row, strict=True)]):
            reject("two terms that are compared change their order where they should keep it")
        best = [*map(min if term.kind == "min" else max, best, row)]
    return best, below
