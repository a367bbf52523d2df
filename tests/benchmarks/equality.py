"""Times of `equal` on random float32 networks against rewritten copies, and on copies with one weight moved by one ulp.

    python tests/benchmarks/equality.py [--seconds S] [FOLDER of networks]

With a folder, each network that `symcircuits.formats.read_network` reads from it is compared with its permuted and
rescaled, its split, and its moved copy too. A line has the shape, the copy, the answer, and the seconds: on the clock,
and of this process.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import lcm, ulp
from pathlib import Path

import numpy as np

from symcircuits.circuits.network import Network, network
from symcircuits.errors import SymcircuitsError
from symcircuits.testing.rewrites import permuted, relu_split, rescaled, split
from symcircuits.transform.equal import equal

SHAPES = {
    "2-25-25-25-2": 0.2,
    "5-50-5": 0.1,
    "5-50-50-50-50-50-50-5": 1.0,
    "784-256-256-10": 10.0,
    "784-1000-1000-1000-10": 10.0,
}
"""Seconds that the equality with the permuted and rescaled copy may take, by shape."""


def random_network(shape: str, seed: int = 0) -> Network:
    """A network of that shape with float32 weights from a normal distribution."""
    source = np.random.default_rng(seed)
    sizes = [int(size) for size in shape.split("-")]
    layers = [
        (
            (source.standard_normal((width, before)) / before**0.5).astype(np.float32),
            source.standard_normal(width).astype(np.float32),
        )
        for before, width in pairwise(sizes)
    ]
    return network(shape, [f"x{at}" for at in range(sizes[0])], layers)


def moved(given: Network, seed: int) -> Network:
    """The network with one weight, chosen at random, replaced by the next float32."""
    source = random.Random(seed)
    place = source.randrange(len(given.layers))
    layer = given.layers[place]
    row, column = source.randrange(len(layer.weights)), source.randrange(len(layer.sources))
    below = layer.denominators[row]
    old = Fraction(layer.weights[row][column], below)
    step = Fraction(ulp(float(np.float32(float(old))))) * 2**29
    common = lcm(below, (old + step).denominator)
    weights = [weight * (common // below) for weight in layer.weights[row]]
    weights[column] = int((old + step) * common)
    rows, bias, denominators = list(layer.weights), list(layer.bias), list(layer.denominators)
    rows[row], bias[row], denominators[row] = tuple(weights), bias[row] * (common // below), common
    changed = layer._replace(weights=tuple(rows), bias=tuple(bias), denominators=tuple(denominators))
    return replace(given, layers=(*given.layers[:place], changed, *given.layers[place + 1 :]))


COPIES: dict[str, Callable[[Network], Network]] = {
    "permuted, rescaled": lambda given: rescaled(permuted(given, 1), 2),
    "split": lambda given: split(given, 3),
    "relu split": lambda given: relu_split(given, 4),
    "permuted, rescaled, split": lambda given: split(rescaled(permuted(given, 1), 2), 3),
    "one ulp": lambda given: moved(given, 5),
    "permuted, one ulp": lambda given: permuted(moved(given, 6), 7),
}


def networks(folder: Path | None) -> Iterator[tuple[Network, float | None]]:
    """The random networks with their limits, and those of the folder without."""
    for shape, limit in SHAPES.items():
        yield random_network(shape), limit
    if folder is not None:
        from symcircuits.formats.read import read_network

        for path in sorted(path for path in folder.rglob("*") if path.suffix in (".nnet", ".onnx", ".npz", ".h5")):
            try:
                yield replace(read_network(path), name=path.name), None
            except SymcircuitsError as error:
                print(f"{path.name}: {error}")


def main() -> None:
    """Print a line for each network and copy."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    for given, limit in networks(options.folder):
        for name, copy in COPIES.items():
            if not given.depth:
                continue
            other = copy(given)
            start, used = time.perf_counter(), time.process_time()
            answer = equal(given, other, seconds=options.seconds)
            taken, used = time.perf_counter() - start, time.process_time() - used
            wanted = "" if limit is None or name != "permuted, rescaled" else f" (at most {limit})"
            said = type(answer).__name__ if answer or len(given.inputs) > 8 else repr(answer)
            print(f"{given.name} {given.shape}, {name}: {said[:100]}, {taken:.3f} s, {used:.3f} s{wanted}", flush=True)


if __name__ == "__main__":
    main()
