"""The ways to compile, each a candidate network; which is best depends on the goal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple

from symcircuits.circuits.compiler.input import Functions
from symcircuits.circuits.compiler.neurons import Neurons, Signal
from symcircuits.circuits.compiler.rules import Options, Plan, Rule
from symcircuits.circuits.network import Network
from symcircuits.kernel.term import Term
from symcircuits.provers.series import Entry, Series

Goal = Literal["depth", "width"]
Layered = Callable[[str, Sequence[str], Neurons, Sequence[Signal]], Network]
WAYS = {
    "as written": Options(),
    "shared maxima opened": Options(shared=True),
    "small ridges": Options(ridges="fewer"),
    "ridges": Options(shared=True, ridges="all"),
}


class Through(NamedTuple):
    """Other terms, and what makes the claim, in a series, that the given term of that number equals the other one."""

    terms: tuple[Term, ...]
    series: Series
    claim: Callable[[int], Entry]


class Candidate(NamedTuple):
    """A network for the terms, how it came about, and the rules that prove it, which may be about terms in between."""

    way: str
    network: Network
    terms: tuple[Term, ...]
    rules: tuple[Rule, ...]
    through: Through | None = None

    @property
    def neurons(self) -> int:
        """The number of neurons in all hidden layers."""
        return sum(self.network.widths)

    @property
    def parameters(self) -> int:
        """The number of weights and biases."""
        return sum(len(layer.bias) * (1 + len(layer.sources)) for layer in self.network.layers)

    def __str__(self) -> str:
        size = f"{self.neurons} neurons, {self.parameters} parameters"
        return f"{self.network.shape}, depth {self.network.depth}, {size} ({self.way})"


def costs(goal: Goal) -> Callable[[Candidate], tuple[int, int, int]]:
    """What the goal wants small first, then the rest."""

    def cost(candidate: Candidate) -> tuple[int, int, int]:
        depth, neurons = candidate.network.depth, candidate.neurons
        return (*((depth, neurons) if goal == "depth" else (neurons, depth)), candidate.parameters)

    return cost


class Planned(NamedTuple):
    """The neurons that one of the `WAYS` takes, the signals of the rows, and the rules used."""

    way: str
    plan: Plan
    neurons: Neurons
    known: Mapping[int, Signal]
    rules: Sequence[Rule]

    def candidate(self, name: str, layered: Layered) -> Candidate:
        """The network of the roots."""
        network = layered(name, self.plan.inputs, self.neurons, [self.known[place] for place in self.plan.places])
        return Candidate(self.way, network, self.plan.roots, tuple(self.rules))


def planned(functions: Functions, way: str) -> Planned:
    """The functions compiled in one of the `WAYS`."""
    plan, neurons = Plan(functions.terms, functions.inputs, WAYS[way]), Neurons(len(functions.inputs))
    return Planned(way, plan, neurons, *plan.signals(neurons, plan.places))
