"""200 networks with one weight changed: how many `assert_circuit_equal` catches, and how many 10,000 uniform points.

    python tests/benchmarks/changed_networks.py [--count N] [--seconds S]

A weight is changed by 1, by 1/1000, or by one unit in the last place of a float32. Networks whose function is proved
unchanged are drawn again. Every counterexample is evaluated again, exactly, on both networks. The points are uniform in
[-1, 1]^n and run in float64; a test compares the outputs with `numpy.testing.assert_allclose` as it is (a relative
tolerance of 1e-7), or, most strictly, asks for equal bits.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import lcm, ulp

import numpy as np

from symcircuits.circuits.gadgets import library
from symcircuits.circuits.network import Network, network
from symcircuits.circuits.running import to_numpy
from symcircuits.testing import AssertionRefuted, AssertionUndecided, assert_circuit_equal

POINTS = 10_000
SHAPES = ("2-8-1", "2-16-16-1", "5-50-5", "8-32-32-3", "64-64-64-10")
Step = Callable[[Fraction], Fraction]


def float32_ulp(weight: Fraction) -> Fraction:
    """The distance from the float32 at the weight to the next one."""
    return Fraction(ulp(float(np.float32(float(weight))))) * 2**29


STEPS: dict[str, Step] = {
    "by 1": lambda weight: Fraction(1),
    "by 1/1000": lambda weight: Fraction(1, 1000),
    "by one ulp": float32_ulp,
}


def drawn(shape: str, source: np.random.Generator, shift: float = 0.0) -> Network:
    """A network with normal float32 weights; hidden biases lowered by the shift make neurons active seldom."""
    sizes = [int(size) for size in shape.split("-")]
    layers = []
    for place, (before, width) in enumerate(pairwise(sizes)):
        weights = (source.standard_normal((width, before)) * (2 / before) ** 0.5).astype(np.float32)
        lowered = shift if place < len(sizes) - 2 else 0.0
        layers.append((weights, (source.standard_normal(width) - lowered).astype(np.float32)))
    return network(shape, [f"x{at}" for at in range(1, sizes[0] + 1)], layers)


def changed(given: Network, step: Step, source: random.Random) -> Network:
    """The network with one of its weights, which is not 0, changed by the step."""
    places = [
        (at, row, column)
        for at, layer in enumerate(given.layers)
        for row, weights in enumerate(layer.weights)
        for column, weight in enumerate(weights)
        if weight
    ]
    at, row, column = source.choice(places)
    layer = given.layers[at]
    old = Fraction(layer.weights[row][column], layer.denominators[row])
    new = old + step(old)
    common = lcm(layer.denominators[row], new.denominator)
    factor = common // layer.denominators[row]
    weights = [weight * factor for weight in layer.weights[row]]
    weights[column] = int(new * common)
    rows, bias, below = list(layer.weights), list(layer.bias), list(layer.denominators)
    rows[row], bias[row], below[row] = tuple(weights), bias[row] * factor, common
    made = layer._replace(weights=tuple(rows), bias=tuple(bias), denominators=tuple(below))
    return replace(given, name=f"{given.name} changed", layers=(*given.layers[:at], made, *given.layers[at + 1 :]))


def networks(seed: int) -> Iterator[tuple[str, Network]]:
    """Kinds of networks in turn, without end: with plain and with seldom active neurons, and gadgets."""
    source, plain = np.random.default_rng(seed), random.Random(seed)
    gadgets = [each.circuit.network for each in library().values() if not each.parameters]
    while True:
        for shape in SHAPES:
            yield "random", drawn(shape, source)
            yield "random, seldom active", drawn(shape, source, shift=2.5)
        yield "gadget", plain.choice([net for net in gadgets if net.depth])


def sampled(one: Network, other: Network, seed: int) -> tuple[bool, bool]:
    """Whether uniform points show a difference beyond the tolerance, and any difference."""
    points = np.random.default_rng(seed).uniform(-1, 1, size=(POINTS, len(one.inputs)))
    left, right = (to_numpy(net)(points) for net in (one, other))
    return not np.allclose(left, right, rtol=1e-7, atol=0), not np.array_equal(left, right)


def main() -> None:
    """Print a line for each kind of network and change, and the sums."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args()
    counts, made, start, source = Counter[tuple[str, str, str]](), 0, time.process_time(), random.Random(5)
    for number, (kind, before) in enumerate(networks(5)):
        if made == options.count:
            break
        change = list(STEPS)[number % len(STEPS)]
        after = changed(before, STEPS[change], source)
        try:
            assert_circuit_equal(before, after, seconds=options.seconds)
        except AssertionRefuted as refuted:
            point = refuted.counterexample.point.values()
            values = [net.run(*point)[refuted.counterexample.output] for net in (before, after)]
            if values[0] == values[1] or values != list(refuted.counterexample[2:]):
                raise RuntimeError("a counterexample is none when evaluated again") from refuted
            made += 1
            tolerant, strict = sampled(before, after, number)
            for what, is_so in (("asserted", True), ("tolerant", tolerant), ("strict", strict)):
                counts[kind, change, what] += is_so
        except AssertionUndecided as undecided:
            made += 1
            counts[kind, change, "undecided"] += 1
            print(f"undecided: {kind} {before.shape}, {change}: {str(undecided).splitlines()[-1]:.200}", flush=True)
        else:
            counts[kind, change, "unchanged"] += 1
    print(f"{'':42} asserted  undecided  allclose  equal bits  (unchanged, drawn again)")
    keys = sorted({key[:2] for key in counts})
    for line in (*keys, None):
        chosen = [key for key in keys if line in (None, key)]
        columns = ["asserted", "undecided", "tolerant", "strict", "unchanged"]
        sums = [sum(counts[(*key, what)] for key in chosen) for what in columns]
        name = "all" if line is None else f"{line[0]}, {line[1]}"
        print(f"{name:42} {sums[0]:8}  {sums[1]:9}  {sums[2]:8}  {sums[3]:10}  {sums[4]}")
    print(f"{time.process_time() - start:.1f} s of processor time")


if __name__ == "__main__":
    main()
