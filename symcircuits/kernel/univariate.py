"""CPWL functions of one variable: a line plus a kink at each breakpoint, slope*x + constant + sum of c*relu(x - t).

This way of writing is unique, so that equal functions are equal values; a term is brought into it by its parts.

>>> x = Univariate(Fraction(1), Fraction(0))
>>> tent = combination([(Fraction(2), x), (Fraction(-4), positive_part(combination([(Fraction(1), x)])))])
>>> positive_part(tent)
Univariate(slope=Fraction(0, 1), constant=Fraction(0, 1), kinks=())
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from symcircuits.kernel.certificate import reject
from symcircuits.kernel.term import RELATIONS, Comparison, Term, subterms

STEP, ONCE, NONE = 4000, Fraction(1), Fraction(0)
End = Fraction | None


class Univariate(NamedTuple):
    """slope*x + constant + sum of c*relu(x - t) over the kinks (t, c), t increasing, no c is 0."""

    slope: Fraction
    constant: Fraction
    kinks: tuple[tuple[Fraction, Fraction], ...] = ()

    def values(self, points: Iterable[Fraction]) -> list[Fraction]:
        """The values at increasing points.

        >>> Univariate(Fraction(1), Fraction(0), ((Fraction(2), Fraction(-1)),)).values([Fraction(1), Fraction(5)])
        [Fraction(1, 1), Fraction(2, 1)]
        """
        slope, constant, place, found = self.slope, self.constant, 0, list[Fraction]()
        for x in points:
            while place < len(self.kinks) and self.kinks[place][0] <= x:
                t, c = self.kinks[place]
                slope, constant, place = slope + c, constant - c * t, place + 1
            found.append(slope * x + constant)
        return found


def combination(items: Iterable[tuple[Fraction, Univariate]]) -> Univariate:
    """The function sum(c * f) over the items (c, f)."""
    slope, constant, kinks = NONE, NONE, dict[Fraction, Fraction]()
    for factor, f in items:
        slope, constant = slope + factor * f.slope, constant + factor * f.constant
        for t, c in f.kinks:
            kinks[t] = kinks.get(t, NONE) + factor * c
    return Univariate(slope, constant, tuple(sorted((t, c) for t, c in kinks.items() if c)))


def positive_part(f: Univariate) -> Univariate:
    """The function relu(f)."""
    slope, constant, start = f.slope, f.constant, None
    first = (slope, constant) if slope < 0 or (slope == 0 and constant > 0) else (NONE, NONE)
    slopes: list[tuple[Fraction, Fraction]] = []
    for end, change in (*f.kinks, (None, NONE)):
        root = -constant / slope if slope else None
        if root is not None and (start is None or root > start) and (end is None or root < end):
            slopes.append((root, max(slope, NONE)))
        if end is not None:
            value, slope, constant, start = slope * end + constant, slope + change, constant - change * end, end
            slopes.append((end, slope if value > 0 else max(slope, NONE) if value == 0 else NONE))
    steps = pairwise([(NONE, first[0]), *slopes])
    return Univariate(*first, tuple((t, after - before) for (_, before), (t, after) in steps if after != before))


def _extreme(one: Univariate, other: Univariate, sign: Fraction) -> Univariate:
    return combination([(ONCE, one), (sign, positive_part(combination([(sign, other), (-sign, one)])))])


def function_of(root: Term, spend: Callable[[int], None]) -> Univariate:
    """The term as a function of its only variable."""
    made: dict[int, Univariate] = {}
    for term in subterms((root,)):
        parts = [made[id(part)] for part in term.args]
        spend(STEP * sum(1 + len(part.kinks) for part in parts))
        match term.kind:
            case "one" | "variable":
                made[id(term)] = Univariate(*((NONE, ONCE) if term.kind == "one" else (ONCE, NONE)))
                continue
            case "sum":
                made[id(term)] = combination(zip(term.coefficients, parts, strict=True))
                continue
            case "relu":
                parts.append(Univariate(NONE, NONE))
            case "abs":
                parts.append(combination([(-ONCE, parts[0])]))
        sign = -ONCE if term.kind == "min" else ONCE
        while len(parts) > 1:
            spend(STEP * sum(1 + len(part.kinks) for part in parts))
            pairs = zip(parts[::2], parts[1::2], strict=False)
            parts = [*(_extreme(one, other, sign) for one, other in pairs), *parts[len(parts) & ~1 :]]
        made[id(term)] = parts[0]
    return made[id(root)]


def check_sweep(goal: Comparison, name: str, low: End, high: End, spend: Callable[[int], None]) -> None:
    """Reject unless both sides are functions of that variable and the goal holds from low to high, None for no end."""
    if any(term.kind == "scale" or term.name not in ("", "1", name) for term in subterms(goal[::2])):
        reject(f"a sweep is for CPWL functions of {name} only")
    left, right = (function_of(side, spend) for side in (goal.left, goal.right))
    sign = -ONCE if ">" in goal.relation else ONCE
    gap, holds = combination([(sign, right), (-sign, left)]), RELATIONS[goal.relation.replace(">", "<")]
    inner = [t for t, _ in gap.kinks if (low is None or t > low) and (high is None or t < high)]
    points = [*([low] if low is not None else []), *inner, *([high] if high is not None else [])] or [NONE]
    first, last = gap.slope, gap.slope + sum((c for _, c in gap.kinks), NONE)
    grows = RELATIONS["<=" if goal.relation != "==" else "=="]
    far = (low is not None or grows(0, -first)) and (high is not None or grows(0, last))
    if not far or not all(holds(0, value) for value in gap.values(points)):
        reject("the goal is false at a point of the sweep, or far beyond all breakpoints")
