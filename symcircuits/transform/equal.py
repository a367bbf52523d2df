"""`equal`: whether two networks, circuits or expressions are the same function, with a theorem or a point.

    both over the same atoms (canonical form; the kernel checks) -> exact points
        -> neurons on one side only are off (a lemma each) -> the prover, output by output

The first way proves equality on all of R^n, so on any domain. The others look at the domain only.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import chain, islice
from typing import Any, NamedTuple

from symcircuits.circuits.network import Network
from symcircuits.errors import CertificateRejected
from symcircuits.exact.polyhedron import simplify_point
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.networks import NetworkTheorem, Row, check_networks, is_multiple
from symcircuits.kernel.number import rational_to_text
from symcircuits.kernel.term import Comparison
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.result import Clock, Counterexample, LimitReached, Unknown
from symcircuits.transform.dead import prove_with_dead_neurons, with_inputs
from symcircuits.transform.matching import Atoms
from symcircuits.transform.region import region
from symcircuits.transform.separate import active_points, random_points
from symcircuits.transform.sides import Question, question

POINTS, FIRST, FRESH = 60, 4, 8
"""Random points, those before guided ones, and neurons that points are guided to."""
WEIGHTS, SIMPLE = 50_000, 8
"""Most weights that the prover takes on, and most inputs of a point that is made simple."""
SHARE = 0.75
"""Of the time left, what goes into showing that neurons are off."""


class Equal(NamedTuple):
    """Both sides are equal where the domain's conditions hold; the theorems say so.

    They are one about two networks, on all of R^n, or one for each output, on the domain.
    """

    theorems: tuple[NetworkTheorem | Theorem, ...]
    method: str

    def __str__(self) -> str:
        return "\n".join(map(repr, self.theorems))

    def __repr__(self) -> str:
        return f"Equal by {self.method}: {self}"

    def __bool__(self) -> bool:
        return True


class Difference(NamedTuple):
    """A point of the domain, an output, counted from 0, and the two sides' exact values of that output there."""

    point: dict[str, Fraction]
    output: int
    left: Fraction
    right: Fraction

    def __str__(self) -> str:
        place = ", ".join(f"{name} = {rational_to_text(value)}" for name, value in self.point.items())
        left, right = rational_to_text(self.left), rational_to_text(self.right)
        return f"at {place or 'any point'}, output {self.output}: left side {left}, right side {right}"

    def __repr__(self) -> str:
        return f"Difference: {self}"

    def __bool__(self) -> bool:
        return False


class Undecided(NamedTuple):
    """No theorem and no difference; `stopped` says whether it was the limit of time."""

    reason: str
    tried: tuple[str, ...] = ()
    stopped: bool = False

    def __str__(self) -> str:
        return "; ".join([self.reason, *self.tried])

    def __repr__(self) -> str:
        return f"Undecided: {self}"

    def __bool__(self) -> bool:
        return False


Answer = Equal | Difference | Undecided
Suspects = tuple[tuple[Network, tuple[int, ...]], ...]


def equal(left: Any, right: Any, where: Any = "", seconds: float | None = 10.0) -> Answer:
    """Whether two networks, circuits, gadgets or expressions are equal where `where` holds, weights as exact numbers.

    Inputs of networks and circuits correspond by their order; the domain speaks of them by the left side's names, or
    the right side's if the left is an expression. Of `Equal`, `Difference` and `Undecided` only the first is true as a
    condition. Raises `InvalidCircuit` for other numbers of inputs or outputs, `ClaimError` for what is no domain.

    >>> from symcircuits.circuits.network import network
    >>> ramp = network("ramp", ("x",), [([[1], [2]], [0, 1]), ([[1, -1]], [0])])
    >>> twice = network("twice", ("x",), [([[1], [4]], ["1/2", 0]), ([[-2, "1/4"]], [0])])
    >>> equal(ramp, twice)  # doctest: +NORMALIZE_WHITESPACE
    Equal by canonical form: NetworkTheorem: for all x in R^1: A(x) == B(x) in every output; A is 1-2-1, B is 1-2-1;
    weights as exact numbers, real arithmetic
    >>> equal(ramp, "-relu(x) - 1", where="x >= 0").theorems
    (Theorem: for all real x with x >= 0: relu(x) - relu(2*x + 1) == -relu(x) - 1,)
    >>> equal(ramp, "-relu(x) - 1")
    Difference: at x = -1, output 0: left side 0, right side -1
    """
    return decide_equality(question(left, right, where), seconds)


def decide_equality(question: Question, seconds: float | None = 10.0) -> Answer:
    """What `equal` answers, for a question."""
    clock, tried = Clock(seconds), list[str]()
    try:
        return _decided(question, clock, tried)
    except LimitReached as limit:
        return Undecided(str(limit), tuple(tried), stopped=True)


def _decided(question: Question, clock: Clock, tried: list[str]) -> Answer:
    one, other = question.left.network, question.right.network
    if one is not None and other is not None:
        found = _matched(one, other, clock)
        if isinstance(found, NetworkTheorem):
            return Equal((found,), "canonical form")
        tried.append(found.reason)
        difference = _separated(question, found.suspects, clock)
        if difference is not None:
            return difference
        tried.append("no difference was met at exact points")
        weights = sum(len(row) for net in (one, other) for layer in net.layers for row in layer.weights)
        if weights > WEIGHTS:
            return Undecided(f"{weights} weights are more than the prover takes on", tuple(tried))
        theorems = _proved_by_dead_neurons(question, one, other, found.suspects, clock)
        if theorems is not None:
            return Equal(theorems, "neurons that are off")
    return _proved(question, clock, tried)


class Mismatch(NamedTuple):
    """Why networks are not the same over atoms, and neurons, by wires of a network, that only one of them has."""

    reason: str
    suspects: Suspects = ()


def _matched(one: Network, other: Network, clock: Clock) -> NetworkTheorem | Mismatch:
    """The theorem that networks with the same outputs over atoms are equal."""
    atoms = Atoms(len(one.inputs), clock)
    first, second = atoms.rewrite(one.layers), atoms.rewrite(other.layers)
    differing = [
        _differing_columns(a, b)
        for a, b in zip(first.outputs, second.outputs, strict=True)
        if not is_multiple(a, b, 1, 1, clock)
    ]
    if not differing:
        try:
            return check_networks((len(one.inputs), one.layers, other.layers, first.steps, second.steps))
        except CertificateRejected as error:
            return Mismatch(f"the kernel refuses the certificate that was found: {error}")
    met = {step[0] for step in second.steps if not isinstance(step, str)}
    unmet = tuple(wire for at, wire in enumerate(first.fresh) if at not in met)
    weighed = {column - len(one.inputs) for columns in differing for column in columns}
    differently = tuple(wire for at, wire in enumerate(first.fresh) if at in weighed and at in met)
    reason = f"over common neurons, {len(differing)} of {len(first.outputs)} outputs differ"
    suspects = ((other, second.fresh[:FRESH]), (one, unmet[:FRESH]), (one, differently[:FRESH]))
    return Mismatch(reason, suspects)


def _differing_columns(one: Row, other: Row) -> set[int]:
    """The columns at which two rows have different coefficients."""
    first, second = (
        {column: Fraction(n, row.denominator) for column, n in zip(row.columns, row.numerators, strict=True)}
        for row in (one, other)
    )
    return {column for column in {**first, **second} if first.get(column) != second.get(column)}


def _separated(question: Question, suspects: Suspects, clock: Clock) -> Difference | None:
    """The difference at the first of the points that tells the networks apart, made simple if it is small."""
    size = len(question.names)
    inside = None if question.domain.ranges else region(question.names, question.domain.where)
    if inside is None:
        return None
    guided = chain.from_iterable(active_points(network, wires, inside) for network, wires in suspects)
    plain = random_points(size, inside, POINTS)
    for point in chain(islice(plain, FIRST), guided, plain):
        clock.tick()
        if clock.seconds is not None and clock.elapsed() > clock.seconds / 2:
            return None
        found = _judged(question, point)
        if found is not None:
            if size > SIMPLE:
                return found
            return _judged(question, simplify_point(point, lambda at: _judged(question, at) is not None))
    return None


def _judged(question: Question, point: Sequence[Fraction]) -> Difference | None:
    return _difference(question, dict(zip(question.names, point, strict=True)))


def _difference(question: Question, point: dict[str, Fraction]) -> Difference | None:
    """The difference at a point, by exact evaluation of both sides as given; None if there is none in the domain."""
    domain = question.domain
    if not all(comparison.holds(point) for comparison in domain.where):
        return None
    if not all(point[name] in values for name, values in domain.ranges):
        return None
    pairs = zip(question.left.run(point), question.right.run(point), strict=True)
    return next((Difference(point, at, a, b) for at, (a, b) in enumerate(pairs) if a != b), None)


def _proved_by_dead_neurons(
    question: Question, one: Network, other: Network, suspects: Suspects, clock: Clock
) -> tuple[Theorem, ...] | None:
    """The theorems of the outputs, if the first neuron that only one side has is off everywhere, on each side."""
    first = [(network, wires[0]) for network, wires in suspects[:2] if wires]
    named = {id(network): with_inputs(network, question.names) for network in (one, other)}
    chosen = first or [(network, wire) for network, wires in suspects[2:] for wire in wires[:2]]
    wires = [(named[id(network)], wire) for network, wire in chosen]
    if not wires:
        return None
    seconds = None if clock.seconds is None else max(clock.seconds - clock.elapsed(), 0.0) * SHARE
    return prove_with_dead_neurons(question.domain, named[id(one)], named[id(other)], wires, seconds)


def _proved(question: Question, clock: Clock, tried: list[str]) -> Answer:
    """The prover's answer, output by output."""
    theorems: list[Theorem] = []
    for place, (left, right) in enumerate(zip(question.left.terms(), question.right.terms(), strict=True)):
        remaining = None if clock.seconds is None else max(clock.seconds - clock.elapsed(), 0.0)
        answer = prove_claim(question.domain._replace(goal=Comparison(left, "==", right)), remaining)
        if isinstance(answer, Unknown):
            return Undecided(f"output {place}: {answer.reason}", (*tried, *answer.tried), answer.stopped)
        if isinstance(answer, Counterexample):
            point = dict.fromkeys(question.names, Fraction(0)) | answer.point
            difference = _difference(question, point)
            if difference is None:
                raise RuntimeError(f"the prover refuted an equality at a point where it holds: {answer}")
            return difference
        theorems.append(answer)
    return Equal(tuple(theorems), "prover")
