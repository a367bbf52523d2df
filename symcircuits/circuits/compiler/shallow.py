"""Few layers for few inputs: the parts of functions that are too deep, as sums of maxima of at most n + 1 forms."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from symcircuits.circuits.compiler.claims import equation, largest
from symcircuits.circuits.compiler.expander import Expander
from symcircuits.circuits.compiler.neurons import CONSTANT, ONCE, Neurons, Signal, summed
from symcircuits.circuits.compiler.rules import Join, Rule
from symcircuits.circuits.compiler.ways import Candidate, Layered, Planned, Through
from symcircuits.cpwl.maxima import Places
from symcircuits.kernel.term import Term, rebuilt, subterms, total, variable
from symcircuits.provers.result import Clock, LimitReached
from symcircuits.provers.series import Entry, rewriting


def shallow_candidate(
    plans: Sequence[Planned], name: str, layered: Layered, clock: Clock, most: int | None = None
) -> tuple[Candidate | None, str]:
    """The network with ceil(log2(n + 1)) layers, if another one has more; else None, with a note that says why.

    With `most` it is looked for only among networks of so many neurons.
    """
    inputs = plans[0].plan.inputs
    expander = Expander(plans[0].plan.roots, inputs, clock, most)
    try:
        found = [_Rest.of(one, least_depth(inputs), expander) for one in plans]
        return min(found, key=lambda one: len(one.neurons.arguments)).candidate(name, layered), ""
    except LimitReached as limit:
        return None, unreached(inputs, str(limit))


def least_depth(inputs: Sequence[str]) -> int:
    """ceil(log2(n + 1)) for n inputs: so many hidden layers are enough for every CPWL function."""
    return len(inputs).bit_length()


def unreached(inputs: Sequence[str], reason: str) -> str:
    """Why a network has more layers than are enough."""
    enough = f"depth {least_depth(inputs)} = ceil(log2(n + 1)) is enough for every function of {len(inputs)} inputs"
    return f"{enough}; not reached: {reason}"


class _Rest(NamedTuple):
    """The neurons for the parts that are not too deep, and for the sums that the others are."""

    planned: Planned
    expander: Expander
    deep: Sequence[int]
    neurons: Neurons
    outputs: Sequence[Signal]
    rules: Sequence[Rule]

    @classmethod
    def of(cls, planned: Planned, bound: int, expander: Expander) -> _Rest:
        plan, neurons = planned.plan, Neurons(len(planned.plan.inputs))
        forms = [plan.form(place) for place in plan.places]
        rows = sorted({row for form in forms for row in form if row != CONSTANT})
        deep = [row for row in rows if planned.neurons.level(planned.known[row]) > bound]
        known, rules = plan.signals(neurons, [row for row in rows if row not in deep])
        sums = {row: expander.sum(row).maxima for row in deep}
        made = _Maxima(neurons, expander)
        signals = {places: made.signal(places) for places in sorted(set().union(*sums.values()), key=_by_size)}
        known |= {
            row: summed((Fraction(m), signals[places]) for places, m in maxima.items()) for row, maxima in sums.items()
        }
        known[CONSTANT] = {CONSTANT: ONCE}
        outputs = [summed((c, known[row]) for row, c in form.items()) for form in forms]
        return cls(planned, expander, deep, neurons, outputs, [*rules, *made.rules])

    def candidate(self, name: str, layered: Layered) -> Candidate:
        """The network, with the claims that the roots equal terms in which the sums stand for what was too deep."""
        plan, expander = self.planned.plan, self.expander
        network = layered(name, plan.inputs, self.neurons, self.outputs)
        way = f"maxima of at most {len(plan.inputs) + 1} forms, and {self.planned.way}"
        values = {row: expander.written(expander.sum(row).maxima) for row in self.deep}
        sums = rebuilt(plan.roots, {id(plan.terms[row]): value for row, value in values.items()})

        def claim(place: int) -> Entry:
            root, new = plan.roots[place], sums[place]
            inside = {id(part) for part in subterms((root,))}
            pairs = [
                (plan.terms[row], value, [expander.claim(row).cited({})])
                for row, value in values.items()
                if id(plan.terms[row]) in inside
            ]
            steps, *sides = rewriting(root, new, pairs)
            return expander.series.add(equation(root, new), [*steps, expander.linear(*sides)])

        return Candidate(way, network, plan.roots, tuple(self.rules), Through(tuple(sums), expander.series, claim))


def _by_size(places: Places) -> tuple[int, Places]:
    return len(places), places


class _Maxima:
    """The signals of maxima of forms, made of neurons two by two, and the rules used."""

    def __init__(self, neurons: Neurons, expander: Expander) -> None:
        self.neurons, self.expander = neurons, expander
        self.rules: list[Rule] = []

    def signal(self, places: Places) -> Signal:
        """The maximum of the forms, in as few layers as there can be: neurons that are there are used first."""
        names = [f"v{number}" for number in range(1, len(places) + 1)]
        items = [(self._leaf(place), variable(name)) for place, name in zip(places, names, strict=True)]
        joins: list[Join] = []
        while len(items) > 1:
            pairs = self._paired([signal for signal, _ in items])
            single = [item for at, item in enumerate(items) if not any(at in pair for pair in pairs)]
            items = [*(self._join(items[first], items[second], joins) for first, second in pairs), *single]
        if joins:
            at = dict(zip(names, map(self.expander.form, places), strict=True))
            left = largest(*map(variable, names))
            self.rules.append(Rule(self.expander.maximum(places), left, items[0][1], at, tuple(joins)))
        return items[0][0]

    def _leaf(self, place: int) -> Signal:
        constant, *slopes = self.expander.forms.forms[place]
        return {wire: c for wire, c in ((CONSTANT, constant), *enumerate(slopes)) if c}

    def _paired(self, signals: Sequence[Signal]) -> list[tuple[int, int]]:
        """Disjoint pairs of the signals, all but at most one of them, those first whose neuron is there."""
        pairs = [(first, second) for second in range(len(signals)) for first in range(second)]
        gaps = {pair: _gap(signals[pair[0]], signals[pair[1]]) for pair in pairs}
        chosen: list[tuple[int, int]] = []
        for pair in sorted(pairs, key=lambda pair: not self.neurons.has(gaps[pair])):
            if not any(at in other for at in pair for other in chosen):
                chosen.append(pair)
        return chosen

    def _join(self, first: tuple[Signal, Term], second: tuple[Signal, Term], joins: list[Join]) -> tuple[Signal, Term]:
        gap = Term("relu", (total([(ONCE, second[1]), (-ONCE, first[1])]),))
        whole = total([(ONCE, first[1]), (ONCE, gap)])
        joins.append(Join(whole, first[1], second[1]))
        return summed([(ONCE, first[0]), (ONCE, self.neurons.relu(_gap(first[0], second[0])))]), whole


def _gap(first: Signal, second: Signal) -> Signal:
    return summed([(ONCE, second), (-ONCE, first)])
