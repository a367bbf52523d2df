"""`compile`: an expression to the weights of a network, with the theorem that the network computes it.

>>> from sympy import Max, Min, symbols
>>> x, y, z = symbols("x y z", real=True)
>>> compiled = compile(Max(x, y, z))
>>> compiled.network.shape, compiled.network.run(3, 5, 4)
('3-5-3-1', (Fraction(5, 1),))
>>> print(compiled.theorem.claim.goal.left)
max(x, y, z)
>>> print(compile(Max(0, Min(1, x)) + Max(0, Min(1, 2 * x)), goal="depth").report)
depth: 1-3-1, depth 1, 3 neurons, 10 parameters (small ridges)
width: 1-3-1, depth 1, 3 neurons, 10 parameters (small ridges)

The expression is read into kernel terms, and its parts are written with relu by rules (`rules`); equal neurons
are shared (`neurons`); what skips a layer is carried (`layers`); and the rules used are the proof
(`proof`). Several ways are tried and the best by the goal is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from symcircuits.circuits.circuit import Circuit
from symcircuits.circuits.compiler.branches import prove_branches
from symcircuits.circuits.compiler.input import Functions, read_functions
from symcircuits.circuits.compiler.layers import network_to_circuit, plain_network, skip_network
from symcircuits.circuits.compiler.maxima import as_maxima, from_maxima
from symcircuits.circuits.compiler.proof import Lemmas, prove_candidate
from symcircuits.circuits.compiler.shallow import least_depth, shallow_candidate, unreached
from symcircuits.circuits.compiler.ways import WAYS, Candidate, Goal, costs, planned
from symcircuits.circuits.network import Network
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.check import Theorem
from symcircuits.provers.prove import Answer
from symcircuits.provers.result import Clock, Counterexample, Unknown

SEARCH = 5.0
"""Seconds that a search for few neurons takes to look for few layers too."""


class Report(NamedTuple):
    """The best network for either goal, all that were tried, and why the depth is not less, if it might be."""

    depth: Candidate
    width: Candidate
    tried: tuple[Candidate, ...]
    note: str = ""

    def __str__(self) -> str:
        lines = [f"depth: {self.depth}", f"width: {self.width}", *([self.note] if self.note else [])]
        return "\n".join(lines)


@dataclass(frozen=True)
class Compiled:
    """A network, the theorems that its outputs equal the expressions, one each, and what else was tried.

    `branches` are further theorems, for expressions with a Piecewise (see `prove_branches`).
    """

    network: Network
    theorems: tuple[Theorem, ...]
    report: Report
    branches: tuple[Theorem, ...] = ()

    @property
    def theorem(self) -> Theorem:
        """The theorem of a network with one output."""
        if len(self.theorems) != 1:
            raise InvalidCircuit(f"{self.network.name} has {len(self.theorems)} outputs: use `theorems`")
        return self.theorems[0]

    @cached_property
    def circuit(self) -> Circuit:
        """The network as a circuit on SymPy wires, neuron j of hidden layer k being called hk_j."""
        return network_to_circuit(self.network)

    def run(self, *point: Any) -> tuple[Any, ...]:
        """The exact outputs at a point."""
        return self.network.run(*point)


def compile(
    expression: Any,
    goal: Goal | None = None,
    *,
    inputs: Sequence[Any] | None = None,
    name: str = "compiled",
    skips: bool = False,
    seconds: float | None = 60,
    report: Callable[[int, int], None] | None = None,
) -> Compiled:
    """The network of a CPWL expression, or of several, one an output, with the theorems that it computes them.

    The expression is what `read_functions` reads. goal="depth" gives few hidden layers and goal="width" few neurons,
    among the ways that are tried; without a goal the expression is compiled as it is written. A maximum of k affine
    forms takes ceil(log2 k) hidden layers. Every CPWL function of n inputs needs at most ceil(log2(n + 1)) (Wang and
    Sun 2005; Arora et al. 2018): goal="depth" reaches this within the seconds, else the report says so. With `skips`
    layers may read any earlier wire; without it the network is a plain multilayer perceptron.

    Raises `NotPiecewiseLinear` and `ClaimError` for what cannot be read, and `InvalidCircuit` when no proof is found in
    so many `seconds` a step.
    """
    if goal not in (None, "depth", "width"):
        raise InvalidCircuit(f'the goal {goal!r:.40} is not "depth", "width" or None')
    functions = read_functions(expression, inputs)
    layered = skip_network if skips else plain_network
    lemmas = Lemmas(seconds)
    plans = [planned(functions, way) for way in (WAYS if goal else ("as written",))]
    tried = [one.candidate(name, layered) for one in plans]
    if goal and (maxima := as_maxima(functions)):
        plans = [planned(maxima, way)._replace(way=f"max and min, {way}") for way in WAYS]
        tried += [one.candidate(name, layered) for one in plans]
    note = ""
    if goal and min(one.network.depth for one in tried) > least_depth(functions.inputs):
        clock = Clock(seconds if goal == "depth" else SEARCH, report=report)
        most = min(one.neurons for one in tried) if goal == "width" else None
        shallow, note = shallow_candidate(plans, name, layered, clock, most)
        tried += [shallow] if shallow else []
    best = min(tried, key=costs(goal)) if goal else tried[0]
    answers = _proved(functions, best, lemmas, seconds)
    unproved = _unproved(answers)
    if goal and unproved and best.through:
        note = unreached(functions.inputs, f"it is not proved: {unproved}")
        tried.remove(best)
        best = min(tried, key=costs(goal))
        answers = _proved(functions, best, lemmas, seconds)
        unproved = _unproved(answers)
    if unproved:
        raise InvalidCircuit(f"{name} is not proved to compute {unproved.claim.goal.left}: {unproved}")
    report_of_all = Report(min(tried, key=costs("depth")), min(tried, key=costs("width")), tuple(tried), note)
    theorems = tuple(answer for answer in answers if isinstance(answer, Theorem))
    return Compiled(best.network, theorems, report_of_all, prove_branches(expression, best.network, seconds))


def _proved(functions: Functions, best: Candidate, lemmas: Lemmas, seconds: float | None) -> tuple[Answer, ...]:
    """What is proved of the functions, of which the candidate may be about another form."""
    return from_maxima(functions.terms, best.terms, prove_candidate(best, lemmas, seconds), seconds)


def _unproved(answers: Sequence[Answer]) -> Counterexample | Unknown | None:
    return next((answer for answer in answers if not isinstance(answer, Theorem)), None)
