"""`compact`: a smaller plain multilayer perceptron that is the same function, with the theorem and what went away.

>>> from symcircuits.circuits.network import network
>>> detour = [([[2], [-2]], [-2, 2]), ([["1/2", "-1/2"]], [1]), ([[3]], [0])]  # relu(x), as ReluSplitter writes it
>>> found = compact(network("detour", ("x",), detour))
>>> found.network.shape, found.kinds.distinct, found.kinds.copies
('1-1-1', 2, 1)
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

from symcircuits.circuits.compiler.input import Functions
from symcircuits.circuits.compiler.layers import plain_network
from symcircuits.circuits.compiler.ways import planned
from symcircuits.circuits.layered import carry
from symcircuits.circuits.network import Network
from symcircuits.errors import CertificateRejected, InvalidCircuit
from symcircuits.kernel.networks import NetworkTheorem
from symcircuits.transform.canonical import canonical, equal_layers


class Kinds(NamedTuple):
    """Neurons of a network by what they are: their own, a multiple of another or of its mirror image, or linear."""

    distinct: int
    copies: int
    always_on: int
    always_off: int


class Compacted(NamedTuple):
    """The network found, the theorem that the given one equals it on all of R^n, and what its neurons were."""

    network: Network
    theorem: NetworkTheorem
    kinds: Kinds


def compact(network: Network, skips: bool = False) -> Compacted:
    """A network with no more neurons that equals the given one: copies, mirror images and linear neurons are merged.

    The result is a plain multilayer perceptron, in which what skips a layer is carried by neurons; with `skips`, layers
    may read any earlier wire instead. Where nothing gets smaller it is the network itself. Raises `InvalidCircuit` for
    anything but a `Network`.
    """
    if not isinstance(network, Network):
        raise InvalidCircuit(f"compact takes a Network, not {type(network).__name__}; a circuit c has one: c.network")
    best, theorem = network, equal_layers(len(network.inputs), network.layers, network.layers)
    while (found := _smaller(network, best, skips)) is not None:
        best, theorem = found
    return Compacted(best, theorem, _kinds(theorem))


def _smaller(network: Network, known: Network, skips: bool) -> tuple[Network, NetworkTheorem] | None:
    """A network smaller than the one known, with the theorem that the given one equals it; None if none is found."""
    found = canonical(known).network
    made = [found] if skips or found.is_layered else [carry(found).network, _carried_by_bases(found)]
    smaller = [one for one in made if sum(one.widths) < sum(known.widths) and one.depth <= known.depth]
    for one in sorted(smaller, key=lambda one: sum(one.widths)):
        with suppress(CertificateRejected):
            return one, equal_layers(len(network.inputs), network.layers, one.layers)
    return None


def _carried_by_bases(network: Network) -> Network:
    """The plain multilayer perceptron in which bases of what skips a layer are carried."""
    functions = Functions(network.terms, network.inputs)
    return replace(
        network, layers=planned(functions, "as written").candidate(network.name, plain_network).network.layers
    )


def _kinds(theorem: NetworkTheorem) -> Kinds:
    steps = theorem.certificate[3]
    copies = sum(not isinstance(step, str) for step in steps)
    return Kinds(steps.count("new"), copies, steps.count("on"), steps.count("off"))
