"""What can be compared: networks, circuits, gadgets and expressions, as functions of inputs with common names.

A `Question` is two of them with a domain; `equal` answers one, and so do the assertions of `symcircuits.testing`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from sympy import Expr

from symcircuits.circuits.affine import evaluate_all
from symcircuits.circuits.circuit import Circuit
from symcircuits.circuits.gadget import Verified
from symcircuits.circuits.network import Network
from symcircuits.circuits.theorem import signs
from symcircuits.cpwl.substitute import substitute
from symcircuits.errors import ClaimError, InvalidCircuit
from symcircuits.expr.claim import as_claim, is_text
from symcircuits.expr.from_sympy import assumed, from_sympy
from symcircuits.expr.parse import parse_expression
from symcircuits.kernel.term import Claim, Comparison, Term, subterms, variable

Point = Mapping[str, Fraction]


class Side(NamedTuple):
    """A function: its inputs (`ordered` if they have a place, not only a name), how to run it, what is assumed.

    `network` is None for what is none: an expression, a circuit with parameters.
    """

    name: str
    inputs: tuple[str, ...]
    ordered: bool
    outputs: int
    run: Callable[[Point], tuple[Fraction, ...]]
    terms: Callable[[], tuple[Term, ...]]
    network: Network | None = None
    assumed: tuple[Comparison, ...] = ()


def side(value: Any, where: Any = "", products: bool = False) -> Side:
    """The function that a network, circuit, gadget, expression or sequence of expressions is; a `Side` is itself.

    An expression is SymPy's, a text or a kernel term. The domain serves to say which variables of a text are
    parameters; with `products`, factors may vary, as over finite domains and in bounds of errors.

    >>> side("relu(x - y)").inputs, side(["x", "max(x, z)"]).outputs
    (('x', 'y'), 2)
    """
    if isinstance(value, Side):
        return value
    if isinstance(value, Verified):
        return side(value.circuit)
    if isinstance(value, Network):
        return _of_network(value)
    if isinstance(value, Circuit):
        return _of_circuit(value)
    domain = where if is_text(where) else ""
    parts = value if isinstance(value, list | tuple) and not isinstance(value, Term) else (value,)
    terms = tuple(_term(part, domain, products) for part in parts)
    names = dict.fromkeys(term.name for term in subterms(terms) if term.kind == "variable")
    known = tuple(fact for part in parts if isinstance(part, Expr) for fact in assumed(part))
    return Side(
        "the expression", tuple(names), False, len(terms), _evaluation(terms), lambda: terms, None, tuple(known)
    )


def _term(expression: Any, domain: Any, products: bool) -> Term:
    if isinstance(expression, Term):
        return expression
    if isinstance(expression, str):
        return parse_expression(expression, domain, products=products)
    return from_sympy(expression, products=products)


def _of_network(network: Network) -> Side:
    def run(point: Point) -> tuple[Fraction, ...]:
        return network.run(*(point[name] for name in network.inputs))

    return Side(network.name, network.inputs, True, len(network.layers[-1].bias), run, lambda: network.terms, network)


def _of_circuit(circuit: Circuit) -> Side:
    names = tuple(symbol.name for symbol in circuit.inputs)
    as_network = None if circuit.parameters else circuit.network
    run = _evaluation(circuit.terms)
    return Side(circuit.name, names, True, len(circuit.outputs), run, lambda: circuit.terms, as_network, signs(circuit))


def _evaluation(terms: Sequence[Term]) -> Callable[[Point], tuple[Fraction, ...]]:
    return lambda point: tuple(evaluate_all(terms, point))


def common_inputs(left: Side, right: Side) -> tuple[str, ...]:
    """The names that the inputs of two functions with as many outputs get, as `common_names` gives them.

    Raises `InvalidCircuit` when the numbers of inputs or outputs differ, or an expression has other variables.
    """
    if left.outputs != right.outputs:
        raise InvalidCircuit(
            f"{left.name} has {_count(left.outputs, 'output')}, {right.name} has {right.outputs}: "
            "only functions with as many outputs can be compared"
        )
    return common_names((left, right))


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def common_names(given: Sequence[Side]) -> tuple[str, ...]:
    """The names that the inputs get: those of the first side whose inputs have places, else all of all sides.

    Raises `InvalidCircuit` when the numbers of inputs differ, or an expression has other variables.

    >>> common_names([side("x"), side("max(y, x)")])
    ('x', 'y')
    """
    fixed = next((each for each in given if each.ordered), None)
    if fixed is None:
        return tuple(dict.fromkeys(name for each in given for name in each.inputs))
    for other in given:
        if other.ordered and len(other.inputs) != len(fixed.inputs):
            raise InvalidCircuit(
                f"{fixed.name} has {_count(len(fixed.inputs), 'input')}, {other.name} has {len(other.inputs)}: "
                "only functions of as many inputs can be compared"
            )
        strange = sorted(set(other.inputs) - {*fixed.inputs, *_parameters(fixed)})
        if strange and not other.ordered:
            raise InvalidCircuit(
                f"{other.name} speaks of {', '.join(strange)}; the inputs of {fixed.name} are {', '.join(fixed.inputs)}"
            )
    return fixed.inputs


def renamed(given: Side, names: Sequence[str]) -> Side:
    """The side with its inputs, if they have places, called by these names."""
    if not given.ordered or given.inputs == tuple(names):
        return given
    clash = sorted(set(_parameters(given)) & set(names))
    if clash:
        raise InvalidCircuit(f"{given.name} has a parameter {clash[0]}, which is an input on the other side; rename it")
    old = given.inputs
    values = {name: variable(new) for name, new in zip(old, names, strict=True)}

    def run(point: Point) -> tuple[Fraction, ...]:
        return given.run({**point, **{name: point[new] for name, new in zip(old, names, strict=True)}})

    return given._replace(inputs=tuple(names), run=run, terms=lambda: tuple(substitute(given.terms(), values)))


def _parameters(given: Side) -> set[str]:
    """The variables that are assumed to have a sign."""
    sides = [term for comparison in given.assumed for term in (comparison.left, comparison.right)]
    return {term.name for term in subterms(sides) if term.kind == "variable"} if given.ordered else set()


class Question(NamedTuple):
    """Two sides with common names of their inputs, and the domain, as a claim whose goal does not matter."""

    names: tuple[str, ...]
    left: Side
    right: Side
    domain: Claim


def question(left: Any, right: Any, where: Any = "", products: bool = False) -> Question:
    """What two functions, as `side` takes them, are asked about: the same inputs, and a domain with what both assume.

    The domain speaks of the inputs by the left side's names, or the right side's if the left is an expression. Factors
    may vary with `products`, and where inputs have finitely many values. Raises as `common_inputs` does, and
    `ClaimError` for what is no domain of these inputs.

    >>> asked = question("relu(x)", "max(y, 0)", where="x == y")
    >>> asked.names, asked.domain.where
    (('x', 'y'), (Comparison(left=x, relation='==', right=y),))
    """
    domain = as_claim("0 == 0", where)
    given = [side(value, where, products or bool(domain.ranges)) for value in (left, right)]
    names = common_inputs(*given)
    one, other = (renamed(each, names) for each in given)
    domain = domain._replace(where=tuple(dict.fromkeys((*domain.where, *one.assumed, *other.assumed))))
    parameters = Claim(domain.goal, (*one.assumed, *other.assumed)).variables()
    strange = sorted(set(domain.variables()) - {*names, *parameters})
    if strange:
        raise ClaimError(f"the domain speaks of {', '.join(strange)}; the inputs are {', '.join(names)}")
    return Question(names, one, other, domain)
