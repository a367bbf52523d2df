"""Claims that hold on a polyhedron only: clipping, sorted inputs, boxes in which most neurons are stable."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from prover.claim import CorpusClaim
from prover.corpus.comparators import fold, relu_max
from prover.corpus.draw import Draw, Let, Rational, Weighted, linear, names, neuron

SOURCE = "claims that hold on a domain only"
INPUTS, LIVE = 4, 3
X = names(INPUTS)


def box(variables: Sequence[str], low: Rational = 0, high: Rational = 1) -> tuple[str, ...]:
    """The inequalities of a cube."""
    return tuple(text for name in variables for text in (f"{name} >= {low}", f"{name} <= {high}"))


def domain(draw: Draw) -> Iterator[CorpusClaim]:
    """Four small claims, the last of sorted numbers is their maximum, and networks with few unstable neurons."""
    clip = CorpusClaim("domain", "clip", 1, ("x",), "Max(0, Min(1, x))", "x", domain=box("x"), source=SOURCE)
    yield clip
    yield clip._replace(
        lhs="Max(0, Min(999/1000, x))", counterexample={"x": Fraction(1)}, source=f"{SOURCE}; one bound off"
    )
    yield CorpusClaim("domain", "relu_halfline", 1, ("x",), "relu(x)", "x", domain=("x >= 0",), source=SOURCE)
    yield CorpusClaim("domain", "abs_ordered", 2, ("x", "y"), "Abs(x - y)", "x - y", domain=("x >= y",), source=SOURCE)
    for size in draw.sizes("sorted", [2, 4, 8, 16, 32, 64, 256]):
        yield from _sorted_inputs(draw, size)
    for size in draw.sizes("stable", [5, 20, 50, 100, 200, 1000]):
        yield from _stable_neurons(draw.source("stable", size), size)


def _sorted_inputs(draw: Draw, size: int) -> Iterator[CorpusClaim]:
    x, let = names(size), Let()
    order = list(x)
    draw.source("sorted", size).shuffle(order)
    ordered = tuple(f"{a} <= {b}" for a, b in pairwise(x))
    lhs = fold(let, order, relu_max)
    whole = CorpusClaim("domain", "max_of_sorted", size, x, lhs, x[-1], let=let.pairs, domain=ordered, source=SOURCE)
    yield whole
    if size >= 4:
        gap = size // 2
        point = {name: Fraction(at if at <= gap else 0) for at, name in enumerate(x)}
        fewer = ordered[:gap] + ordered[gap + 1 :]
        yield whole._replace(domain=fewer, counterexample=point, source=f"{SOURCE}; one constraint missing")


def _stable_neurons(source: random.Random, size: int) -> Iterator[CorpusClaim]:
    """A network whose neurons are stable on the unit cube, but for three, against these and the affine rest."""
    slope, shift = [Fraction(0)] * INPUTS, Fraction(0)
    terms: list[Weighted] = []
    for at in range(size):
        weights = [source.randint(-4, 4) for _ in X]
        if not any(weights):
            weights[0] = 1
        low, high = sum(min(weight, 0) for weight in weights), sum(max(weight, 0) for weight in weights)
        use = source.choice([-2, -1, 1, 2])
        if at < LIVE:
            bias = Fraction(-(low + high), 2)
        elif source.random() < 0.5:  # always on
            bias = Fraction(-low + source.randint(0, 2))
            slope = [old + use * weight for old, weight in zip(slope, weights, strict=True)]
            shift += use * bias
        else:  # always off
            bias = Fraction(-high - source.randint(0, 2))
        terms.append((use, neuron(weights, X, bias)))
    rhs = linear([*terms[:LIVE], *zip(slope, X, strict=True)], shift)
    source.shuffle(terms)
    whole = CorpusClaim("domain", "stable_neurons", size, X, linear(terms), rhs, domain=box(X), source=SOURCE)
    yield whole
    corner = (1, neuron([1] * INPUTS, X, Fraction(1, 1000) - INPUTS))
    yield whole._replace(
        lhs=linear([*terms, corner]),
        counterexample=dict.fromkeys(X, Fraction(1)),
        source=f"{SOURCE}; one more neuron fires at a corner",
    )
