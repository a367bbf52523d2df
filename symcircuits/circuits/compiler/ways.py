"""The ways to compile, each a candidate network; which is best depends on the goal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from symcircuits.circuits.compiler.convex import TooLarge, shallow_form
from symcircuits.circuits.compiler.input import Functions
from symcircuits.circuits.compiler.neurons import Neurons, Signal
from symcircuits.circuits.compiler.proof import Lemmas
from symcircuits.circuits.compiler.rules import Options, Plan, Rule
from symcircuits.circuits.network import Network
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.term import Term, variable
from symcircuits.provers.result import Clock, LimitReached

Goal = Literal["depth", "width"]
Layered = Callable[[str, Sequence[str], Neurons, Sequence[Signal]], Network]
WAYS = {
    "as written": Options(),
    "shared maxima opened": Options(shared=True),
    "small ridges": Options(ridges="fewer"),
    "ridges": Options(shared=True, ridges="all"),
}
SEARCH = 5.0
"""Seconds for the difference of convex functions."""


class Candidate(NamedTuple):
    """A network for the terms, how it came about, and the rules that prove it."""

    way: str
    network: Network
    terms: tuple[Term, ...]
    rules: tuple[Rule, ...]

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


def candidate(functions: Functions, name: str, layered: Layered, way: str) -> Candidate:
    """The network that one of the `WAYS` gives."""
    plan = Plan(functions.terms, functions.inputs, WAYS[way])
    return _candidate(plan, functions, name, layered, way, ())


def _candidate(
    plan: Plan, functions: Functions, name: str, layered: Layered, way: str, rules: Sequence[Rule]
) -> Candidate:
    neurons = Neurons(len(functions.inputs))
    signals, more = plan.signals(neurons)
    network = layered(name, functions.inputs, neurons, signals)
    return Candidate(way, network, plan.roots, (*rules, *more))


def shallow_candidate(
    functions: Functions, name: str, layered: Layered, tried: Sequence[Candidate], lemmas: Lemmas
) -> tuple[Candidate | None, str]:
    """The network of the outputs as signed sums of maxima of at most n + 1 forms, if it has fewer layers and a proof.

    Else None, and a note that says why these layers are not reached.
    """
    bound, reached = len(functions.inputs).bit_length(), min(one.network.depth for one in tried)
    if reached <= bound:
        return None, ""
    note = f"depth {bound} = ceil(log2(n + 1)) is enough for every function of {len(functions.inputs)} inputs; "
    try:
        clock = Clock(SEARCH)
        forms = [shallow_form(term, functions.inputs, clock.tick) for term in functions.terms]
    except (TooLarge, LimitReached) as error:
        return None, f"{note}not reached: {error}"
    at = {variable_name: variable(variable_name) for variable_name in functions.inputs}
    rules = [Rule(term, term, form, at) for term, form in zip(functions.terms, forms, strict=True)]
    answers = [lemmas.answer(rule) for rule in rules]
    unproved = next((answer for answer in answers if not isinstance(answer, Theorem)), None)
    if unproved is not None:
        return None, f"{note}not reached, because it is not proved: {unproved}"
    found = _candidate(
        Plan(forms, functions.inputs, Options()), functions, name, layered, "maxima of n + 1 forms", rules
    )
    return found._replace(terms=functions.terms), ""
