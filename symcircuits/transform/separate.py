"""Points at which two networks may differ: exact random ones, and ones where a given neuron is active.

Floats only say where to look; whether the networks differ at a point is for exact evaluation to say.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from symcircuits.circuits.floats import float_arrays
from symcircuits.circuits.network import Network
from symcircuits.errors import InvalidCircuit
from symcircuits.transform.region import Point, Region

Array = np.ndarray[Any, Any]
RADII = (Fraction(3), Fraction(1), Fraction(10), Fraction(1, 4), Fraction(100), Fraction(10_000))
GRID = 1024
"""Points found in floats are rounded to multiples of 1 / GRID."""
MANY, FEW, SMALL = 8192, 512, 32
"""How many points are sampled in floats, for up to SMALL inputs and for more."""
STARTS, STEPS, RATE, PARTNERS, FLAT = 32, 40, 0.25, 64, 1e-9
"""Points that are moved, how often, how far at first beyond where the neuron is on; pairs looked at; least slope."""


def random_points(size: int, region: Region, count: int, seed: int = 2022) -> Iterator[Point]:
    """So many points, the inner one first, in boxes of several radii around it as far as the region goes."""
    source = random.Random(seed)
    yield region.inner
    for number in range(count - 1):
        radius = RADII[number % len(RADII)]
        target = [c + radius * Fraction(source.randint(-64, 64), 64) for c in region.inner]
        yield region.pulled(target)


def active_points(network: Network, wires: Sequence[int], region: Region, seed: int = 2022) -> Iterator[Point]:
    """Points where the neurons on the wires are active, each in turn with each of the neurons that it reads.

    They are searched in floats: some may be missing, and at some the neuron may not be active.

    >>> from symcircuits.circuits.network import network
    >>> from symcircuits.transform.region import region
    >>> rare = network("rare", "xy", [([[1, 1]], [-1000]), ([[1]], [0])])
    >>> [sum(point) > 1000 for point in active_points(rare, [2], region("xy", []))]
    [True]
    """
    try:
        arrays = [float_arrays(layer, "float64") for layer in network.layers]
    except InvalidCircuit:  # weights beyond the range of floats: nothing to be guided by
        return
    source = np.random.default_rng(seed)
    inner = np.array([float(c) for c in region.inner])
    sample = MANY if len(inner) <= SMALL else FEW
    reach = source.choice([float(radius) for radius in RADII], size=(sample, 1))
    points = region.pulled_floats(inner + reach * source.uniform(-1, 1, size=(sample, len(inner))))
    before = _before_relu(network, arrays, points)
    for wire in wires:
        together = _together(network, wire, before)
        yield from _exact(region, points[_cover(together)])
        missed = together[1][~together[0].any(axis=0)]
        for partner in missed[:PARTNERS].tolist():
            found = _ascend(network, arrays, (wire, partner), points[:STARTS].copy(), region)
            yield from _exact(region, found[:1])


def _exact(region: Region, points: Array) -> Iterator[Point]:
    for point in points[np.isfinite(points).all(axis=1)].tolist():
        yield region.pulled([Fraction(round(c * GRID), GRID) for c in point])


def _together(network: Network, wire: int, before: Array) -> tuple[Array, Array]:
    """At which points the neuron is active with each of those that it reads, or alone, and those wires."""
    place = next(at for at in range(network.depth) if wire < network.starts[at + 1])
    read = np.array([*(at for at in network.layers[place].sources if at >= len(network.inputs)), wire], dtype=int)
    return (before[:, read] > 0) & (before[:, wire] > 0)[:, None], read


def _cover(together: tuple[Array, Array]) -> list[int]:
    """Numbers of points such that whatever is active at some point is so at one of these; greedily few."""
    left, chosen = together[0].copy(), list[int]()
    while left.any():
        chosen.append(int(left.sum(axis=1).argmax()))
        left &= ~left[chosen[-1]]
    return chosen


def _ascend(
    network: Network, arrays: Sequence[tuple[Array, Array]], wires: Sequence[int], points: Array, region: Region
) -> Array:
    """The points moved until the neurons are active at them, the most active ones first; others are left out."""
    for step in range(STEPS):
        before = _before_relu(network, arrays, points)
        off = (before[:, wires] <= 0).any(axis=1)
        if not off.any():
            break
        worst = np.asarray(wires)[before[off][:, wires].argmin(axis=1)]
        slope = _gradient(network, arrays, worst, before[off])
        length = np.maximum(np.linalg.norm(slope, axis=1), FLAT)
        lift = -before[off, worst] / length + RATE * 1.2**step
        points[off] = region.pulled_floats(points[off] + lift[:, None] * (slope / length[:, None]))
    least = _before_relu(network, arrays, points)[:, wires].min(axis=1)
    order = np.argsort(-least, kind="stable")
    return points[order[least[order] > 0]]


def _before_relu(network: Network, arrays: Sequence[tuple[Array, Array]], points: Array) -> Array:
    """The values of inputs and hidden neurons before relu at each point."""
    wires = points
    for layer, (weights, bias) in zip(network.layers[:-1], arrays, strict=False):
        read = wires[:, list(layer.sources)]
        inputs = np.array(layer.sources, dtype=int) < len(network.inputs)
        wires = np.hstack([wires, np.where(inputs, read, np.maximum(read, 0)) @ weights.T + bias])
    return wires


def _gradient(network: Network, arrays: Sequence[tuple[Array, Array]], wires: Array, before: Array) -> Array:
    """The gradient of a neuron's value before relu by the inputs, one neuron a point, from all values before relu."""
    slopes = np.zeros_like(before)
    rows = np.arange(len(before))
    slopes[rows, wires] = 1
    is_active = before > 0
    is_active[rows, wires] = True
    starts = network.starts
    for place in range(network.depth - 1, -1, -1):
        layer, (weights, _) = network.layers[place], arrays[place]
        here = slice(starts[place], starts[place + 1])
        slopes[:, list(layer.sources)] += (slopes[:, here] * is_active[:, here]) @ weights
    return slopes[:, : len(network.inputs)]
