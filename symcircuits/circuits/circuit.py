"""Circuits: neurons and blocks on named wires.

A circuit has inputs (SymPy symbols), parts in order, and outputs. A *neuron* puts relu(argument) on the wire of its
name; a *block* puts the outputs of another circuit, fed with arguments, on its wires. Arguments and outputs are
affine in the inputs and the wires before them; coefficients are rational, or products of powers of parameters:
symbols whose sign SymPy knows.

A circuit is a value: `c.outputs` are its outputs on its own wires, `c.exprs` the same as SymPy expressions of the
inputs, `c.layers` its weight matrices once the linear pieces between hidden layers are merged.

>>> from sympy import symbols
>>> x1, x2, z1, z2, z3 = symbols("x1 x2 z1 z2 z3", real=True)
>>> MIN = Circuit("min", (x1, x2), (Neuron(z1, x1 - x2), Neuron(z2, x1), Neuron(z3, -x1)), (-z1 + z2 - z3,))
>>> MIN.expr
-relu(-x1) + relu(x1) - relu(x1 - x2)
>>> MIN.widths, MIN.run(3, 5), MIN.run(3, -5)
((3,), (Fraction(3, 1),), (Fraction(-5, 1),))
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from sympy import Expr, ImmutableMatrix, Symbol

from symcircuits.circuits.affine import as_expression, as_wire, coefficients, exact
from symcircuits.cpwl.substitute import substitute
from symcircuits.errors import InvalidCircuit
from symcircuits.expr.from_sympy import from_sympy
from symcircuits.expr.relu import relu
from symcircuits.kernel.term import Term, evaluate


class Neuron(NamedTuple):
    """relu(argument) on a wire; the role says what it detects."""

    wire: Symbol
    argument: Expr
    role: str = ""


class Block(NamedTuple):
    """The outputs of a circuit fed with the arguments, on the wires."""

    wires: tuple[Symbol, ...]
    circuit: Circuit
    arguments: tuple[Expr, ...]


Part = Neuron | Block


class Layer(NamedTuple):
    """x -> weights * x + bias, followed by relu in every layer but the last; rows are neurons."""

    weights: ImmutableMatrix
    bias: ImmutableMatrix


class Activation(NamedTuple):
    """The value of a neuron before and after relu."""

    wire: Symbol
    before: Fraction
    after: Fraction


@dataclass(frozen=True)
class Circuit:
    """A ReLU circuit; raises `InvalidCircuit` when a part uses a wire that is not there before it, or is not affine."""

    name: str
    inputs: tuple[Symbol, ...]
    parts: tuple[Part, ...]
    outputs: tuple[Expr, ...]

    def __post_init__(self) -> None:
        parts = tuple(_exact_part(part, self.name) for part in self.parts)
        object.__setattr__(self, "inputs", tuple(as_wire(symbol, f"{self.name}, input") for symbol in self.inputs))
        object.__setattr__(self, "parts", parts)
        outputs = tuple(as_expression(output, f"{self.name}, output") for output in self.outputs)
        object.__setattr__(self, "outputs", outputs)
        known = list(self.inputs)
        names = [symbol.name for symbol in (*known, *(wire for part in parts for wire in _wiring(part)[0]))]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise InvalidCircuit(f"{self.name}: the wire {twice} is there twice; give each input and wire its own name")
        for part in parts:
            wires, arguments = _wiring(part)
            for argument in arguments:
                coefficients(argument, known, f"{self.name}, {'/'.join(map(str, wires))}")
            known.extend(wires)
        for output in outputs:
            coefficients(output, known, f"{self.name}, output")

    @cached_property
    def parameters(self) -> tuple[Symbol, ...]:
        """The symbols that stand for weights, sorted by name; SymPy knows the sign of each."""
        wired = {*self.inputs, *(wire for part in self.parts for wire in _wiring(part)[0])}
        used = {symbol for expression in self._expressions() for symbol in expression.free_symbols}
        inner = {symbol for part in self.parts if isinstance(part, Block) for symbol in part.circuit.parameters}
        return tuple(sorted((used - wired) | inner, key=lambda symbol: symbol.name))

    def _expressions(self) -> Iterator[Expr]:
        for part in self.parts:
            yield from _wiring(part)[1]
        yield from self.outputs

    @cached_property
    def exprs(self) -> tuple[Expr, ...]:
        """The outputs as SymPy expressions of the inputs and the parameters."""
        values: dict[Symbol, Expr] = {}
        for part in self.parts:
            wires, arguments = _wiring(part)
            fed = [argument.xreplace(values) for argument in arguments]
            if isinstance(part, Neuron):
                values[part.wire] = relu(fed[0])
            else:
                inner = dict(zip(part.circuit.inputs, fed, strict=True))
                values.update(zip(wires, (expr.xreplace(inner) for expr in part.circuit.exprs), strict=True))
        return tuple(output.xreplace(values) for output in self.outputs)

    @property
    def expr(self) -> Expr:
        """The output of a circuit that has one, as a SymPy expression; it means what the circuit means."""
        if len(self.exprs) != 1:
            raise InvalidCircuit(f"{self.name} has {len(self.exprs)} outputs: use `exprs`")
        return self.exprs[0]

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """The outputs as kernel terms, in which parts and blocks are shared and keep their shape."""
        return self._wire_terms[1]

    @cached_property
    def wire_terms(self) -> dict[str, Term]:
        """The kernel term on each wire, and each input, by name."""
        return self._wire_terms[0]

    @cached_property
    def _wire_terms(self) -> tuple[dict[str, Term], tuple[Term, ...]]:
        signed = [symbol.name for symbol in self.parameters]
        values = {symbol.name: from_sympy(symbol) for symbol in self.inputs}
        for part in self.parts:
            wires, arguments = _wiring(part)
            fed = substitute([from_sympy(argument, parameters=signed) for argument in arguments], values)
            if isinstance(part, Neuron):
                values[part.wire.name] = Term("relu", (fed[0],))
            else:
                inner = {symbol.name: term for symbol, term in zip(part.circuit.inputs, fed, strict=True)}
                outer = substitute(part.circuit.terms, inner)
                values.update((wire.name, term) for wire, term in zip(wires, outer, strict=True))
        outputs = substitute([from_sympy(output, parameters=signed) for output in self.outputs], values)
        return values, tuple(outputs)

    @cached_property
    def flat(self) -> Circuit:
        """The same circuit without blocks: the neurons of a block m are called m.z and so on."""
        if all(isinstance(part, Neuron) for part in self.parts):
            return self
        values: dict[Symbol, Expr] = {}
        taken = {symbol.name for symbol in (*self.inputs, *(wire for part in self.parts for wire in _wiring(part)[0]))}
        neurons: list[Neuron] = []
        for part in self.parts:
            wires, arguments = _wiring(part)
            fed = [argument.xreplace(values).expand() for argument in arguments]
            if isinstance(part, Neuron):
                neurons.append(part._replace(argument=fed[0]))
                continue
            inner: dict[Symbol, Expr] = dict(zip(part.circuit.inputs, fed, strict=True))
            prefix = "_".join(wire.name for wire in wires)
            for neuron in part.circuit.neurons:
                wire = _fresh(f"{prefix}_{neuron.wire.name}", taken)
                neurons.append(neuron._replace(wire=wire, argument=neuron.argument.xreplace(inner).expand()))
                inner[neuron.wire] = wire
            outer = (output.xreplace(inner).expand() for output in part.circuit.flat.outputs)
            values.update(zip(wires, outer, strict=True))
        outputs = tuple(output.xreplace(values).expand() for output in self.outputs)
        return Circuit(self.name, self.inputs, tuple(neurons), outputs)

    @property
    def neurons(self) -> tuple[Neuron, ...]:
        """The neurons of the flat circuit, in order."""
        return tuple(part for part in self.flat.parts if isinstance(part, Neuron))

    @cached_property
    def levels(self) -> tuple[tuple[Neuron, ...], ...]:
        """The neurons of the flat circuit by hidden layer: one more than the highest neuron that the argument uses."""
        level: dict[Symbol, int] = {}
        for neuron in self.neurons:
            level[neuron.wire] = 1 + max((level.get(symbol, 0) for symbol in neuron.argument.free_symbols), default=0)
        depth = max(level.values(), default=0)
        return tuple(tuple(n for n in self.neurons if level[n.wire] == at) for at in range(1, depth + 1))

    @property
    def depth(self) -> int:
        """The number of hidden layers."""
        return len(self.levels)

    @property
    def widths(self) -> tuple[int, ...]:
        """The number of neurons of each hidden layer."""
        return tuple(map(len, self.levels))

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """The layers of the multilayer perceptron, hidden ones first, then the output.

        Raises `InvalidCircuit` when a value skips a layer, so that no plain multilayer perceptron has these neurons.
        """
        before: list[Symbol] = list(self.inputs)
        layers: list[Layer] = []
        for neurons in self.levels:
            layers.append(_layer([neuron.argument for neuron in neurons], before, self.name))
            before = [neuron.wire for neuron in neurons]
        return (*layers, _layer(self.flat.outputs, before, self.name))

    def values(self, inputs: Sequence[Any], parameters: Mapping[str, Any] | None = None) -> dict[str, Fraction]:
        """The exact value on every wire, input and parameter, by name, for rational inputs and parameters."""
        if len(inputs) != len(self.inputs):
            raise InvalidCircuit(f"{self.name} has {len(self.inputs)} inputs; {len(inputs)} values are given")
        given = {symbol.name: exact(value) for symbol, value in zip(self.inputs, inputs, strict=True)}
        for symbol in self.parameters:
            if symbol.name not in (parameters or {}):
                raise InvalidCircuit(f"{self.name} needs a value of its parameter {symbol.name}")
            given[symbol.name] = exact((parameters or {})[symbol.name])
            if not (given[symbol.name] > 0 if symbol.is_positive else given[symbol.name] < 0):
                sign = "positive" if symbol.is_positive else "negative"
                raise InvalidCircuit(f"{self.name}: the parameter {symbol.name} must be {sign}")
        return given | {name: evaluate(term, given) for name, term in self.wire_terms.items()}

    def run(self, *inputs: Any, parameters: Mapping[str, Any] | None = None) -> tuple[Fraction, ...]:
        """The exact outputs for rational inputs.

        >>> x, z = Symbol("x", real=True), Symbol("z", real=True)
        >>> Circuit("ramp", (x,), (Neuron(z, x - Fraction(1, 2)),), (2 * z,)).run(1)
        (Fraction(1, 1),)
        """
        known = self.values(inputs, parameters)
        return tuple(evaluate(term, known) for term in self.terms)

    def activations(
        self, *inputs: Any, parameters: Mapping[str, Any] | None = None
    ) -> tuple[tuple[Activation, ...], ...]:
        """The value before and after relu at each neuron, by hidden layer."""
        known = self.flat.values(inputs, parameters)
        terms = self.flat.wire_terms
        return tuple(
            tuple(
                Activation(neuron.wire, evaluate(terms[neuron.wire.name].args[0], known), known[neuron.wire.name])
                for neuron in neurons
            )
            for neurons in self.levels
        )


def _exact_part(part: Part, name: str) -> Part:
    """The part with tuples of symbols and expressions, as many arguments and wires as a block's circuit has."""
    if isinstance(part, Neuron):
        place = f"{name}, {part.wire}"
        return Neuron(as_wire(part.wire, place), as_expression(part.argument, place), part.role)
    wires, circuit, arguments = part
    place = f"{name}, {'/'.join(map(str, wires))}"
    if len(circuit.inputs) != len(arguments):
        raise InvalidCircuit(f"{place}: {circuit.name} has {len(circuit.inputs)} inputs; {len(arguments)} are given")
    if len(circuit.outputs) != len(wires):
        raise InvalidCircuit(
            f"{place}: {circuit.name} has {len(circuit.outputs)} outputs; {len(wires)} wires are given"
        )
    given = tuple(as_expression(argument, place) for argument in arguments)
    return Block(tuple(as_wire(wire, place) for wire in wires), circuit, given)


def _fresh(name: str, taken: set[str]) -> Symbol:
    """A wire of that name, or with more underscores, and its name is taken now."""
    while name in taken:
        name += "_"
    taken.add(name)
    return Symbol(name, real=True)


def _wiring(part: Part) -> tuple[tuple[Symbol, ...], tuple[Expr, ...]]:
    return ((part.wire,), (part.argument,)) if isinstance(part, Neuron) else (part.wires, part.arguments)


def _layer(arguments: Iterable[Expr], before: Sequence[Symbol], name: str) -> Layer:
    try:
        rows = [coefficients(argument, before, name) for argument in arguments]
    except InvalidCircuit:
        raise InvalidCircuit(
            f"{name}: a value skips a hidden layer, so there are no layered weights; carry it through every layer"
        ) from None
    weights = ImmutableMatrix(len(rows), len(before), [c for row, _ in rows for c in row])
    return Layer(weights, ImmutableMatrix(len(rows), 1, [bias for _, bias in rows]))
