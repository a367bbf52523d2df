"""Functions of one input: interpolants in several forms, and the iterated tent map."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import accumulate, pairwise

from prover.claim import CorpusClaim
from prover.corpus.draw import Draw, Let, Rational, Weighted, call, linear

STEP = Fraction(1, 1000)
X = ("x",)


def interp1d(draw: Draw) -> Iterator[CorpusClaim]:
    """Interpolants of n + 1 points as relus from the left, from the right, as hats; convex ones as maxima."""
    for size in draw.sizes("interp", [5, 10, 20, 50, 100, 500], (1000,)):
        yield from _interpolants(draw.source("interp", size), size)


def _interpolants(source: random.Random, size: int) -> Iterator[CorpusClaim]:
    knots = _knots(source, size, 6)
    values = [Fraction(source.randint(-20, 20), source.choice([1, 2])) for _ in knots]
    note = "an interpolant of n + 1 points in two forms"

    def claim(series: str, lhs: str, rhs: str) -> CorpusClaim:
        return CorpusClaim("interp1d", series, size, X, lhs, rhs, source=note)

    half, third = Fraction(1, 2), Fraction(-1, 3)
    yield claim(
        "relu_vs_reversed_relu", _from_left(knots, values, half, third), _from_right(knots, values, half, third)
    )
    flat = _from_left(knots, values, Fraction(0), Fraction(0))
    yield claim("relu_vs_hats", flat, _hats(knots, values))
    at = source.randrange(1, size)
    moved = values[at] + STEP or values[at] + 2 * STEP
    off = claim("relu_vs_hats", flat, _hats(knots, [*values[:at], moved, *values[at + 1 :]]))
    yield off._replace(counterexample={"x": knots[at]}, source=f"{note}; one value moved")
    yield _convex(source, size)


def _knots(source: random.Random, count: int, most: int) -> list[Fraction]:
    """0 and so many more points, each a random step after the last."""
    steps = [Fraction(source.randint(1, most), source.choice([1, 2, 3])) for _ in range(count)]
    return list(accumulate(steps, initial=Fraction(0)))


def _slopes(knots: Sequence[Fraction], values: Sequence[Fraction], left: Fraction, right: Fraction) -> list[Fraction]:
    inner = [(d - b) / (c - a) for (a, c), (b, d) in zip(pairwise(knots), pairwise(values), strict=True)]
    return [left, *inner, right]


def _after(knot: Fraction) -> str:
    return linear([(1, "x")], -knot)


def _before(knot: Fraction) -> str:
    return linear([(-1, "x")], knot)


def _from_left(knots: Sequence[Fraction], values: Sequence[Fraction], left: Fraction, right: Fraction) -> str:
    """The interpolant with these slopes at the ends as a line and relus of x - knot."""
    bends = [after - before for before, after in pairwise(_slopes(knots, values, left, right))]
    terms: list[Weighted] = [(bend, f"relu({_after(knot)})") for bend, knot in zip(bends, knots, strict=True)]
    return linear([(left, "x"), *terms], values[0] - left * knots[0])


def _from_right(knots: Sequence[Fraction], values: Sequence[Fraction], left: Fraction, right: Fraction) -> str:
    """The same with relus of knot - x."""
    bends = [after - before for before, after in pairwise(_slopes(knots, values, left, right))]
    terms: list[Weighted] = [(bend, f"relu({_before(knot)})") for bend, knot in zip(bends, knots, strict=True)]
    return linear([(right, "x"), *terms], values[-1] - right * knots[-1])


def _hats(knots: Sequence[Fraction], values: Sequence[Fraction]) -> str:
    """The interpolant, constant beyond the ends, as a sum of hats, those at the ends with one slope only."""
    return linear([(value, _hat(knots, at)) for at, value in enumerate(values)])


def _hat(knots: Sequence[Fraction], at: int) -> str:
    if at == 0:
        return f"relu(1 - relu({_after(knots[0])})/({knots[1] - knots[0]}))"
    if at == len(knots) - 1:
        return f"relu(1 - relu({_before(knots[at])})/({knots[at] - knots[at - 1]}))"
    low, knot, high = knots[at - 1 : at + 2]
    return f"Max(0, Min(({_after(low)})/({knot - low}), ({_before(high)})/({high - knot})))"


def _convex(source: random.Random, size: int) -> CorpusClaim:
    """A convex function as a sum of relus and as the maximum of its pieces."""
    slopes = sorted({Fraction(source.randint(-60 * size, 60 * size), 60) for _ in range(size + 1)})
    knots = _knots(source, len(slopes) - 2, 8)
    heights = list(
        accumulate(
            (slope * (b - a) for slope, (a, b) in zip(slopes[1:], pairwise(knots), strict=False)), initial=Fraction(0)
        )
    )
    bends: list[Weighted] = [
        (after - before, f"relu({_after(knot)})") for (before, after), knot in zip(pairwise(slopes), knots, strict=True)
    ]
    pieces: list[tuple[Rational, Rational]] = [(slopes[0], 0)]
    pieces += [(slope, y - slope * t) for slope, y, t in zip(slopes[1:], heights, knots, strict=True)]
    source.shuffle(pieces)
    rhs = call("Max", (linear([(slope, "x")], shift) for slope, shift in pieces))
    note = "a convex function is the maximum of its affine pieces"
    return CorpusClaim("interp1d", "convex_relu_vs_max", size, X, linear([(slopes[0], "x"), *bends]), rhs, source=note)


def sawtooth(draw: Draw) -> Iterator[CorpusClaim]:
    """The tent map iterated n times against the flat sum of 2^n + 1 relus, and against the same map by abs."""
    for depth in draw.sizes("saw", list(range(2, 13)), (14, 16), high=13, spread=0.2):
        yield tents_against_flat(depth)
        if depth % 2 == 0 or draw.is_heldout:
            yield _last_tooth_off(depth)
    for depth in draw.sizes("saw2", [4, 8, 16, 32, 64], (128,)):
        yield _two_gadgets(depth)


TENT = "the tent map iterated n times (Telgarsky 2015)"


def _tents(let: Let, depth: int) -> str:
    name = "x"
    for _ in range(depth):
        parts = [let.add(f"relu({name}{shift})") for shift in ("", " - 1/2", " - 1")]
        name = let.add("2*{} - 4*{} + 2*{}".format(*parts))
    return name


def _teeth(depth: int) -> list[Weighted]:
    count = 2**depth
    inner: list[Weighted] = [(2 * count * (-1) ** at, f"relu(x - {Fraction(at, count)})") for at in range(1, count)]
    return [(count, "relu(x)"), *inner, (count, "relu(x - 1)")]


def tents_against_flat(depth: int, family: str = "sawtooth", series: str = "composed_vs_explicit") -> CorpusClaim:
    """The iterated tent map is the sawtooth with 2^(n-1) teeth."""
    let = Let()
    return CorpusClaim(family, series, depth, X, _tents(let, depth), linear(_teeth(depth)), let=let.pairs, source=TENT)


def _last_tooth_off(depth: int) -> CorpusClaim:
    whole, teeth = tents_against_flat(depth), _teeth(depth)
    weight, text = teeth[-2]
    teeth[-2] = (weight * Fraction(999, 1000), text)
    point = {"x": 1 - Fraction(1, 2 ** (depth + 1))}
    return whole._replace(
        rhs=linear(teeth), domain=("x >= 0", "x <= 1"), counterexample=point, source=f"{TENT}; last inner weight off"
    )


def _two_gadgets(depth: int) -> CorpusClaim:
    let = Let()
    by_abs = by_relu = "x"
    for _ in range(depth):
        by_abs = let.add(f"1 - Abs(2*{by_abs} - 1)")
    for _ in range(depth):
        first, second = let.add(f"relu({by_relu})"), let.add(f"relu(2*{by_relu} - 1)")
        by_relu = let.add(f"2*{first} - 2*{second}")
    return CorpusClaim(
        "sawtooth",
        "abs_vs_relu_composed",
        depth,
        X,
        by_abs,
        by_relu,
        let=let.pairs,
        domain=("x >= 0", "x <= 1"),
        source=f"{TENT}, by abs and by relu",
    )
