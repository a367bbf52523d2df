"""Feedforward ReLU networks with rational weights, as integers over common denominators."""

from __future__ import annotations

from typing import NamedTuple


class Layer(NamedTuple):
    """Row i is the affine form (weights[i] * x + bias[i]) / denominators[i] of the values x on the wires `sources`.

    Wires are numbered from 0: the network's inputs, then the neurons of each hidden layer in order. Sources are
    distinct and increasing; denominators are positive.
    """

    sources: tuple[int, ...]
    weights: tuple[tuple[int, ...], ...]
    bias: tuple[int, ...]
    denominators: tuple[int, ...]
