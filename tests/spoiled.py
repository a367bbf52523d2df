"""Our transformations spoiled by mutations of what they return, and the property of values that must show it.

The property is what a user would write: what comes out has the values of what went in, at a drawn point.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from fractions import Fraction
from typing import Any, NamedTuple

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from symcircuits.circuits.affine import evaluate_all
from symcircuits.circuits.circuit import Circuit, circuit_of
from symcircuits.circuits.compiler.compile import compile
from symcircuits.circuits.layered import carry
from symcircuits.circuits.network import Network
from symcircuits.expr.from_sympy import from_sympy
from symcircuits.expr.parse import parse_expression
from symcircuits.expr.to_sympy import to_sympy
from symcircuits.formats.exact_json import network_from_json, network_to_json
from symcircuits.kernel.term import Term, subterms
from symcircuits.testing import circuits, networks, points, terms
from symcircuits.testing.mutations import NETWORK_MUTATIONS, TERM_MUTATIONS
from symcircuits.testing.rewrites import REWRITES
from symcircuits.transform.canonical import canonical
from symcircuits.transform.equal import equal
from symcircuits.transform.fuse import fuse
from symcircuits.transform.simplify import simplify

EXAMPLES, FEW = 200, 3
"""Examples of a search; neurons of an example that is small enough not to look for a smaller one."""
Function = Circuit | Network | Term


class Transformation(NamedTuple):
    """What it takes, as a strategy, and what it makes of that: a network or a term of the same function."""

    taken: st.SearchStrategy[Any]
    apply: Callable[[Any], Network | Term]


def rewritten(rewrite: Callable[..., Network]) -> Callable[[Network], Network]:
    return lambda network: rewrite(network, 1) if network.depth else network


TRANSFORMATIONS = {
    "canonical": Transformation(networks(outputs=(1, 2)), lambda network: canonical(network).network),
    "circuit to network": Transformation(circuits(), lambda circuit: circuit.network),
    "network to circuit": Transformation(networks(), lambda network: circuit_of(network).network),
    "carry": Transformation(circuits(), lambda circuit: carry(circuit.network).network),
    "fuse": Transformation(circuits(neurons=4), lambda circuit: fuse(circuit).circuit.network),
    "json and back": Transformation(
        networks(), lambda network: network_from_json(json.loads(network_to_json(network)))
    ),
    "compile": Transformation(terms(depth=2), lambda term: compile(term, inputs=("x", "y")).network),
    "simplify": Transformation(terms(depth=1), lambda term: from_sympy(simplify(to_sympy(term)).expr)),
    "text and back": Transformation(terms(depth=2), lambda term: parse_expression(str(term))),
    "SymPy and back": Transformation(terms(depth=2), lambda term: from_sympy(to_sympy(term))),
    **{rewrite.__name__: Transformation(networks(depth=2), rewritten(rewrite)) for rewrite in REWRITES},
}
MUTATIONS = {**NETWORK_MUTATIONS, **TERM_MUTATIONS}


def mutants_of(after: Network | Term, mutation: str) -> Iterator[Network | Term]:
    known: Any = NETWORK_MUTATIONS if isinstance(after, Network) else TERM_MUTATIONS
    return known[mutation](after) if mutation in known else iter(())


def run(function: Function, point: dict[str, Fraction]) -> tuple[Fraction, ...]:
    if isinstance(function, Term):
        return tuple(evaluate_all([function], point))
    return function.run(*point.values())


def size(function: Function) -> int:
    """The number of neurons, or of switches."""
    if isinstance(function, Term):
        return sum(term.kind in ("relu", "abs", "max", "min") for term in subterms((function,)))
    return sum(function.widths)


class Shown(NamedTuple):
    """What went in, and a point at which the spoiled result has another value."""

    before: Function
    point: dict[str, Fraction]


@st.composite
def tried(draw: st.DrawFn, transformation: Transformation, mutation: str | None) -> tuple[Shown, Function | None]:
    """What goes in with a point of it, and what comes out, spoiled if there is a mutant."""
    before = draw(transformation.taken)
    after = transformation.apply(before)
    spoiled = after if mutation is None else next(mutants_of(after, mutation), None)
    if spoiled is None:
        return Shown(before, {}), None
    names = {name: Fraction(0) for name in ("x", "y")} if isinstance(before, Term) else {}
    return Shown(before, {**names, **draw(points(before, spoiled))}), spoiled


def shown(name: str, mutation: str | None, examples: int = EXAMPLES) -> Shown | None:
    """The smallest example that was found to show the mistake; None if none did."""
    quiet = settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )

    found: Shown | None = None

    def is_wrong(example: tuple[Shown, Function | None]) -> bool:
        (before, point), after = example
        is_smaller = found is None or size(before) < size(found.before)
        return is_smaller and after is not None and run(before, point) != run(after, point)

    # A transformation with random choices can leave no way down from an example that is not the smallest.
    while found is None or size(found.before) > FEW:
        try:
            found = find(tried(TRANSFORMATIONS[name], mutation), is_wrong, settings=quiet)[0]
        except NoSuchExample:
            break
    return found


def is_equivalent(name: str, mutation: str, examples: int = 50) -> bool | None:
    """Whether all of so many spoiled results are proved equal to what went in; None if there are none."""
    verdicts: list[bool] = []

    def note(example: tuple[Shown, Function | None]) -> bool:
        (before, _), after = example
        if after is not None:
            verdicts.append(bool(equal(before, after)))
        return False

    quiet = settings(
        max_examples=examples, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    with suppress(NoSuchExample):
        find(tried(TRANSFORMATIONS[name], mutation), note, settings=quiet)
    return all(verdicts) if verdicts else None
