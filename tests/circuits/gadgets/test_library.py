"""Every gadget of the library, walked: theorem, certificate, domain, target, runs, compilation, ONNX, and mutants."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import prod
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, find, settings
from hypothesis.errors import NoSuchExample

import symcircuits.circuits.gadgets as library_module
from symcircuits.circuits.approximation import Approximation
from symcircuits.circuits.circuit import circuit_of
from symcircuits.circuits.compiler.compile import compile
from symcircuits.circuits.floats import rounded
from symcircuits.circuits.gadget import Gadget, certificate_names
from symcircuits.circuits.gadgets import gadget, library
from symcircuits.circuits.network import Network
from symcircuits.circuits.running import lambdify, to_numpy
from symcircuits.circuits.theorem import signs
from symcircuits.errors import InvalidCircuit
from symcircuits.formats.onnx_read import from_onnx
from symcircuits.formats.onnx_write import to_onnx
from symcircuits.kernel.check import check
from symcircuits.kernel.networks import Layer
from symcircuits.kernel.term import ONE, Claim, Comparison, evaluate, subterms, total
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.result import Counterexample, counterexample
from symcircuits.testing.strategies import points

CERTIFICATES = Path(library_module.__file__).parent / "certificates"
NAMES = sorted(library())
PLAIN = [name for name in NAMES if not library()[name].parameters]
EXACT = [name for name in PLAIN if not isinstance(library()[name], Approximation)]
RESTRICTED = [name for name in NAMES if library()[name].domain != ((), ())]
EACH = pytest.mark.parametrize("name", NAMES)
EACH_PLAIN = pytest.mark.parametrize("name", PLAIN)
COMPILED = [name for name in EXACT if not any(part.kind == "scale" for part in subterms(library()[name].targets))]
EACH_EXACT = pytest.mark.parametrize("name", EXACT)
EACH_COMPILED = pytest.mark.parametrize("name", COMPILED)
POINTS, OUTPUTS = 12, 3
"""How many points each test tries, and for how many outputs."""
SLACK = Fraction(1, 4)
Point = dict[str, Fraction]


@cache
def sampled(name: str) -> tuple[Point, ...]:
    """Points of a gadget's domain, with its parameters: the examples', and those where a mistake would show."""
    each = gadget(name)
    seen = [
        dict(zip([symbol.name for symbol in each.inputs], map(Fraction, example.inputs), strict=True))
        | {key: Fraction(value) for key, value in example.parameters.items()}
        for example in each.examples
    ]
    names = [symbol.name for symbol in (*each.inputs, *each.parameters)]

    def keep(point: Point) -> bool:
        seen.append({key: point.get(key, Fraction(0)) for key in names})
        return False

    for claim in each.claims[:OUTPUTS]:
        with pytest.raises(NoSuchExample):
            find(points(claim), keep, settings=settings(max_examples=POINTS, phases=[Phase.generate], database=None))
    return tuple(seen)


def inputs(each: Gadget, point: Point) -> list[Fraction]:
    return [point[symbol.name] for symbol in each.inputs]


def run(each: Gadget, point: Point) -> tuple[Fraction, ...]:
    return each.run(*inputs(each, point), parameters={symbol.name: point[symbol.name] for symbol in each.parameters})


@EACH
def test_the_theorem_is_the_claim_and_its_stored_certificate_is_accepted(name: str) -> None:
    each = library()[name]
    assert each is gadget(name) and each.name == name
    assert len(each.claims) == len(each) == len(each.circuit.outputs) == len(each.targets) == len(each.theorems)
    for claim, theorem, file in zip(each.claims, each.theorems, certificate_names(each), strict=True):
        stored = (CERTIFICATES / file).read_text(encoding="utf-8")
        assert theorem.claim == claim and not theorem.is_vacuous and theorem.certificate == stored
        assert check(stored).claim == claim
    assert [theorem.certificate for theorem in each.prove_all()] == [theorem.certificate for theorem in each.theorems]


@EACH
def test_the_claim_says_that_the_circuit_computes_the_target_on_the_domain(name: str) -> None:
    each = gadget(name)
    for claim, output, target in zip(each.claims, each.circuit.terms, each.targets, strict=True):
        assert claim.ranges == each.domain.ranges
        assert set(claim.where) == {*each.domain.where, *signs(each.circuit)}
        if isinstance(each, Approximation):
            gap, bound = claim.goal.left.args[0], evaluate(claim.goal.right, {})
            assert gap == total([(Fraction(1), output), (Fraction(-1), target)]) and bound == each.bound > 0
            assert (claim.goal.left.kind, claim.goal.relation) == ("abs", "<=")
        else:
            assert claim.goal == Comparison(output, "==", target)


@EACH
def test_the_claims_hold_at_points_where_a_mistake_would_show(name: str) -> None:
    each = gadget(name)
    size = prod(len(values) for _, values in each.domain.ranges) if each.domain.ranges else POINTS
    assert len({tuple(point.values()) for point in sampled(name)}) >= min(5, size)
    for claim in each.claims:
        assert not [point for point in sampled(name) if counterexample(claim, point)]


@EACH
def test_the_examples_are_in_the_domain_and_right(name: str) -> None:
    each = gadget(name)
    assert each.title and each.note.endswith(".") and len(each.examples) >= 2
    assert len({example.inputs for example in each.examples}) == len(each.examples)
    for example, point in zip(each.examples, sampled(name), strict=False):
        assert run(each, point) == example.outputs
        assert all(comparison.holds(point) for comparison in each.domain.where)
        assert all(point[key] in values for key, values in each.domain.ranges)


@EACH_PLAIN
def test_the_network_runs_on_arrays_as_the_circuit_runs_exactly(name: str) -> None:
    each = gadget(name)
    rows = [inputs(each, point) for point in sampled(name)]
    expected = [list(run(each, point)) for point in sampled(name)]
    assert to_numpy(each.circuit.network)(np.array(rows, dtype=object)).tolist() == expected
    assert [list(lambdify(each.circuit, "exact")(*row)) for row in rows] == expected
    assert each.circuit.network.widths == each.widths
    small = [at for at, row in enumerate(rows) if max(map(abs, row)) < 100]
    floats = to_numpy(each.circuit.network)(np.array([rows[at] for at in small], dtype=float))
    np.testing.assert_allclose(floats, np.array([expected[at] for at in small], dtype=float), atol=1e-9)


@EACH_COMPILED
def test_the_compiled_target_computes_what_the_gadget_does(name: str) -> None:
    each = gadget(name)
    compiled = compile(each.targets, inputs=each.inputs)
    for point in sampled(name):
        assert compiled.run(*inputs(each, point)) == run(each, point)


@EACH_PLAIN
def test_onnx_brings_the_network_back(name: str) -> None:
    network = gadget(name).circuit.network
    exact = rounded(network, "float64")
    back = from_onnx(to_onnx(network, "float64"))
    assert len(back.inputs) == len(network.inputs) and back.widths == network.widths
    for point in sampled(name):
        row = inputs(gadget(name), point)
        assert back.run(*row) == exact.run(*row)


def relaxed(claim: Claim) -> Claim:
    """The claim on a domain that reaches a little further; variables with finitely many values become real."""
    where = []
    for left, relation, right in claim.where:
        sides = (right, left) if relation in (">=", ">") else (left, right)
        where.append(Comparison(sides[0], "<=", total([(Fraction(1), sides[1]), (SLACK, ONE)])))
    return Claim(claim.goal, tuple(where))


HOLDS_FURTHER = {"argmax_2_4"}
"""Gadgets with a domain that are right a little outside it too."""


@pytest.mark.parametrize("name", RESTRICTED)
def test_just_outside_the_domain_there_is_a_counterexample(name: str) -> None:
    each = gadget(name)
    answers = [prove_claim(relaxed(claim), seconds=20) for claim in each.claims]
    found = [answer for answer in answers if isinstance(answer, Counterexample)]
    assert bool(found) == (name not in HOLDS_FURTHER), answers
    for answer in found:
        in_range = all(answer.point[key] in values for key, values in each.domain.ranges)
        assert not (in_range and all(comparison.holds(answer.point) for comparison in each.domain.where))
        assert not answer.claim.goal.holds(answer.point)


def mutant(network: Network) -> Network:
    """The network with 1 added to the weight of the first neuron that the first output reads."""
    *hidden, last = network.layers
    at = next(place for place, weight in enumerate(last.weights[0]) if weight)
    row = tuple(w + last.denominators[0] * (place == at) for place, w in enumerate(last.weights[0]))
    changed = Layer(last.sources, (row, *last.weights[1:]), last.bias, last.denominators)
    return Network(f"{network.name} changed", network.inputs, (*hidden, changed))


@EACH_EXACT
def test_a_wrong_weight_is_refused_with_a_counterexample(name: str) -> None:
    each = gadget(name)
    circuit = circuit_of(mutant(each.circuit.network))
    wrong = Gadget("wrong", each.title, circuit, each.targets, each.note, (), where=each.where)
    with pytest.raises(InvalidCircuit, match=r"changed is not proved to compute (.|\n)*: at .* = .*: left side"):
        wrong.prove_all()


def test_the_library_has_what_it_should() -> None:
    assert len(NAMES) >= 60
    assert sorted(file for each in library().values() for file in certificate_names(each)) == sorted(
        path.name for path in CERTIFICATES.glob("*.json")
    )
