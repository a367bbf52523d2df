"""Kinks: where relu, abs, max and min switch, and where a segment meets one, exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from symcircuits.kernel.evaluate import VALUES
from symcircuits.kernel.term import Claim, Term, subterms, variable
from symcircuits.testing.strategies.expression import KINDS

Named = dict[str, Fraction]
UNIT, STEPS = Fraction(1), 40


class Switch(NamedTuple):
    """A relu, abs, max or min, as the largest of some rows."""

    term: Term

    def rows(self, values: Mapping[int, Fraction]) -> list[Fraction]:
        """The rows' values: t and 0 for relu(t), t and -t for abs(t), the arguments for max, and negated for min."""
        parts = [values[id(part)] for part in self.term.args]
        match self.term.kind:
            case "relu":
                return [*parts, Fraction(0)]
            case "abs":
                return [parts[0], -parts[0]]
        return [-part for part in parts] if self.term.kind == "min" else parts

    def winner(self, values: Mapping[int, Fraction]) -> int:
        """Which row is largest, the first of equal ones."""
        rows = self.rows(values)
        return rows.index(max(rows))


class Kinks(NamedTuple):
    """The switches of a claim's sides, without and with parameters, and ties: a variable against 0 or the next."""

    plain: list[Switch]
    scaled: list[Switch]
    ties: list[Switch]
    parameters: set[str]


def kinks(claim: Claim) -> Kinks:
    """Where the sides of the claim's goal switch, and where its variables tie."""
    terms = subterms((claim.goal.left, claim.goal.right))
    scaled: set[int] = set()
    for term in terms:
        if term.kind == "scale" or any(id(part) in scaled for part in term.args):
            scaled.add(id(term))
    bends = [term for term in terms if term.kind in KINDS]
    names = claim.variables()
    variables = [variable(name) for name in names]
    pairs = pairwise((*variables, *variables[:1])) if len(variables) > 1 else ()
    return Kinks(
        [Switch(term) for term in bends if id(term) not in scaled],
        [Switch(term) for term in bends if id(term) in scaled],
        [*(Switch(Term("max", pair)) for pair in pairs), *(Switch(Term("relu", (x,))) for x in variables)],
        {part.name for part in subterms(term.args[1] for term in terms if term.kind == "scale") if part.name in names},
    )


def values_at(roots: Iterable[Term], point: Named) -> dict[int, Fraction]:
    """The exact value of every part of the roots at a point, by the part's `id`."""
    values: dict[int, Fraction] = {}
    for term in subterms(roots):
        parts = [values[id(part)] for part in term.args]
        values[id(term)] = point[term.name] if term.kind == "variable" else VALUES[term.kind](term, parts)
    return values


def crossed(switches: Sequence[Switch], start: Named, end: Named) -> list[tuple[Switch, Named]]:
    """The switches whose winners at the two points differ, with the end; none where a side is not defined at one."""
    roots = [part for switch in switches for part in switch.term.args]
    try:
        first, last = values_at(roots, start), values_at(roots, end)
    except ZeroDivisionError:
        return []
    return [(switch, end) for switch in switches if switch.winner(first) != switch.winner(last)]


def bends_crossed(claim: Claim, kinks: Kinks, start: Named, end: Named) -> list[tuple[Switch, Named]]:
    """The crossed switches of both sides, each with the end of a segment from start on which it is piecewise linear.

    Terms with parameters that multiply are so only where the parameters do not change.
    """
    held = {**end, **{name: start[name] for name in kinks.parameters}}
    is_inside = bool(kinks.scaled) and all(comparison.holds(held) for comparison in claim.where)
    return crossed(kinks.plain, start, end) + (crossed(kinks.scaled, start, held) if is_inside else [])


def crossing(switch: Switch, start: Named, end: Named) -> Named:
    """A point between start and end where the rows that win at the two ends tie."""
    first, last = (switch.winner(values_at(switch.term.args, point)) for point in (start, end))

    def at(share: Fraction) -> Named:
        return {name: old + share * (end[name] - old) for name, old in start.items()}

    def gap(share: Fraction) -> Fraction:
        rows = switch.rows(values_at(switch.term.args, at(share)))
        return rows[first] - rows[last]

    return at(root_of(gap))


def root_of(gap: Callable[[Fraction], Fraction]) -> Fraction:
    """A root in [0, 1] of a piecewise-linear function that is >= 0 at 0 and <= 0 at 1.

    Halving brings two points into each of the linear pieces beside the root, and the lines through them meet it. What
    has no root after `STEPS` halvings is not piecewise linear there; then the last point before the root is returned.
    """
    low, high = [(Fraction(0), gap(Fraction(0)))], [(UNIT, gap(UNIT))]
    for share, found in (*low, *high):
        if found == 0:
            return share
    for _ in range(STEPS):
        for ends in ((low[-1], high[-1]), tuple(low[-2:]), tuple(high[-2:]), ()):
            share = _zero_of_line(ends)
            if not low[-1][0] < share < high[-1][0]:
                share = (low[-1][0] + high[-1][0]) / 2
            found = gap(share)
            if found == 0:
                return share
            (low if found > 0 else high).append((share, found))
    return low[-1][0]


def _zero_of_line(ends: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    """Where the line through two points of a graph is zero; -1 if there are not two or the line is level."""
    if len(ends) < 2 or ends[0][1] == ends[1][1]:
        return -UNIT
    (x, y), (other, z) = ends
    return x + (other - x) * y / (y - z)
