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
from typing import Any, Self

from sympy import Add, Expr, ImmutableMatrix, Rational, Symbol

from symcircuits.circuits.affine import affine_items, as_expression, as_wire, coefficients, evaluate_all, exact
from symcircuits.circuits.compose import Composable, Signal, assemble
from symcircuits.circuits.layered import Carried, layered, network_of
from symcircuits.circuits.network import Network
from symcircuits.circuits.parts import Activation, Block, Layer, Neuron, Part, exact_part, sequence, wiring
from symcircuits.circuits.tree import inner_first, tree_lines
from symcircuits.cpwl.substitute import substitute
from symcircuits.errors import InvalidCircuit
from symcircuits.expr.from_sympy import from_sympy
from symcircuits.expr.relu import relu
from symcircuits.kernel.term import Term, variable

__all__ = ["Activation", "Block", "Circuit", "Layer", "Neuron", "Part", "circuit_of", "exact"]


SHOWN = 8
"""How many inputs the short text of a circuit lists."""


@dataclass(frozen=True, repr=False)
class Circuit(Composable):
    """A ReLU circuit; raises `InvalidCircuit` when a part uses a wire that is not there before it, or is not affine.

    Circuits compose: `f >> g` in sequence, `f @ g` side by side, `f(a, b)` on wires, `f[0]` for one output, and sums
    and rational multiples of single outputs.
    """

    name: str
    inputs: tuple[Symbol, ...]
    parts: tuple[Part, ...]
    outputs: tuple[Expr, ...]

    def __post_init__(self) -> None:
        if not isinstance(self.name, str):
            raise InvalidCircuit(f"the name {self.name!r:.60} of a circuit is not a text")
        inputs, parts, outputs = (
            sequence(getattr(self, field), f"{self.name}, {field}") for field in ("inputs", "parts", "outputs")
        )
        object.__setattr__(self, "inputs", tuple(as_wire(symbol, f"{self.name}, input") for symbol in inputs))
        object.__setattr__(self, "parts", tuple(exact_part(part, self.name) for part in parts))
        object.__setattr__(self, "outputs", tuple(as_expression(out, f"{self.name}, output") for out in outputs))
        self._check_names()
        known = dict.fromkeys(self.inputs)
        for part in self.parts:
            wires, arguments = wiring(part)
            place = f"{self.name}, {'/'.join(wire.name for wire in wires)}"
            for argument in arguments:
                affine_items(argument, known, place)
            known.update(dict.fromkeys(wires))
        for output in self.outputs:
            affine_items(output, known, f"{self.name}, output")

    def _check_names(self) -> None:
        seen: set[str] = set()
        for symbol in self._wires():
            if symbol.name in seen:
                raise InvalidCircuit(
                    f"{self.name}: the wire {symbol.name} is there twice; give each input and wire its own name"
                )
            seen.add(symbol.name)
        clash = next((symbol.name for symbol in self.parameters if symbol.name in seen), None)
        if clash is not None:
            raise InvalidCircuit(f"{self.name}: {clash} is a parameter and a wire or an input; rename one of them")

    def _wires(self) -> Iterator[Symbol]:
        yield from self.inputs
        for part in self.parts:
            yield from wiring(part)[0]

    def __hash__(self) -> int:
        return hash((self.name, self.inputs, len(self.parts), self.outputs))

    def __repr__(self) -> str:
        neurons = sum(isinstance(part, Neuron) for part in self.parts)
        counts = ((neurons, "neuron"), (len(self.parts) - neurons, "block"), (len(self), "output"))
        sizes = [f"{n} {what}{'' if n == 1 else 's'}" for n, what in counts if n or what == "output"]
        names = [symbol.name for symbol in self.inputs]
        shown = ", ".join(names if len(names) <= SHOWN else [*names[: SHOWN - 2], "...", names[-1]]) or "none"
        return f"<Circuit {self.name}: inputs {shown}; {'; '.join(sizes)}>"

    @property
    def input_symbols(self) -> tuple[Symbol, ...]:
        return self.inputs

    def __len__(self) -> int:
        return len(self.outputs)

    @classmethod
    def composed(cls, name: str, signals: tuple[Signal, ...], inputs: tuple[Symbol, ...] | None = None) -> Self:
        assembly = assemble(signals, inputs)
        made = cls(name, assembly.inputs, assembly.blocks, assembly.outputs)
        made.__dict__["signals"] = signals
        return made

    @cached_property
    def parameters(self) -> tuple[Symbol, ...]:
        """The symbols that stand for weights, sorted by name; SymPy knows the sign of each."""
        wired = set(self._wires())
        used = {symbol for expression in self._expressions() for symbol in expression.free_symbols}
        blocks = {id(part.circuit): part.circuit for part in self.parts if isinstance(part, Block)}
        inner = {symbol for circuit in blocks.values() for symbol in circuit.parameters}
        return tuple(sorted((used - wired) | inner, key=lambda symbol: symbol.name))

    def _expressions(self) -> Iterator[Expr]:
        for part in self.parts:
            yield from wiring(part)[1]
        yield from self.outputs

    @cached_property
    def exprs(self) -> tuple[Expr, ...]:
        """The outputs as SymPy expressions of the inputs and the parameters."""
        values: dict[Symbol, Expr] = {}
        for part in self.parts:
            wires, arguments = wiring(part)
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

    @property
    def terms(self) -> tuple[Term, ...]:
        """The outputs as kernel terms, in which parts and blocks are shared and keep their shape."""
        return self._all_terms()[1]

    @property
    def wire_terms(self) -> dict[str, Term]:
        """The kernel term on each wire, and each input, by name."""
        return self._all_terms()[0]

    def _all_terms(self) -> tuple[dict[str, Term], tuple[Term, ...]]:
        if "_made_terms" not in self.__dict__:
            for inner in inner_first(self):  # so that no nesting of blocks is too deep for Python's stack
                _ = inner._made_terms
        return self._made_terms

    @cached_property
    def _made_terms(self) -> tuple[dict[str, Term], tuple[Term, ...]]:
        signed = [symbol.name for symbol in self.parameters]
        values = {symbol.name: variable(symbol.name) for symbol in self.inputs}

        def term(expression: Expr) -> Term:
            if isinstance(expression, Symbol) and expression.name in values:
                return values[expression.name]
            return substitute([from_sympy(expression, parameters=signed)], values)[0]

        for part in self.parts:
            wires, arguments = wiring(part)
            fed = list(map(term, arguments))
            if isinstance(part, Neuron):
                values[part.wire.name] = Term("relu", (fed[0],))
            else:
                inner = {symbol.name: term for symbol, term in zip(part.circuit.inputs, fed, strict=True)}
                outer = substitute(part.circuit.terms, inner)
                values.update((wire.name, term) for wire, term in zip(wires, outer, strict=True))
        return values, tuple(map(term, self.outputs))

    @property
    def flat(self) -> Circuit:
        """The same circuit without blocks: the neurons of a block on the wire m are called m_z and so on."""
        if all(isinstance(part, Neuron) for part in self.parts):
            return self
        if "_made_flat" not in self.__dict__:
            for inner in inner_first(self):
                _ = inner._made_flat
        return self._made_flat

    def flatten(self) -> Circuit:
        """The same circuit without blocks, `flat`."""
        return self.flat

    @cached_property
    def _made_flat(self) -> Circuit:
        values: dict[Symbol, Expr] = {}
        taken = {symbol.name for symbol in self._wires()}
        neurons: list[Neuron] = []
        for part in self.parts:
            wires, arguments = wiring(part)
            fed = [argument.xreplace(values).expand() for argument in arguments]
            if isinstance(part, Neuron):
                neurons.append(part._replace(argument=fed[0]))
                continue
            inner: dict[Symbol, Expr] = dict(zip(part.circuit.inputs, fed, strict=True))
            prefix = wires[0].name if wires else "block"
            for neuron in part.circuit.neurons:
                wire = _fresh(f"{prefix}_{neuron.wire.name}", taken)
                neurons.append(neuron._replace(wire=wire, argument=neuron.argument.xreplace(inner).expand()))
                inner[neuron.wire] = wire
            outer = (output.xreplace(inner).expand() for output in part.circuit.flat.outputs)
            values.update(zip(wires, outer, strict=True))
        outputs = tuple(output.xreplace(values).expand() for output in self.outputs)
        return Circuit(self.name, self.inputs, tuple(neurons), outputs)

    @property
    def tree(self) -> str:
        """The blocks as an indented text, each with its circuit, wires and number of neurons.

        >>> from symcircuits.circuits.gadgets import gadget
        >>> print(gadget("min_of_four").circuit.tree)
        min of four: 9 neurons
          m12 = min: 3 neurons
          m34 = min: 3 neurons
          y = min: 3 neurons
        """
        return "\n".join(tree_lines(self))

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
        rows: list[list[Neuron]] = [[] for _ in range(max(level.values(), default=0))]
        for neuron in self.neurons:
            rows[level[neuron.wire] - 1].append(neuron)
        return tuple(map(tuple, rows))

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

    def _given(self, inputs: Sequence[Any], parameters: Mapping[str, Any] | None) -> dict[str, Fraction]:
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
        return given

    def values(self, inputs: Sequence[Any], parameters: Mapping[str, Any] | None = None) -> dict[str, Fraction]:
        """The exact value on every wire, input and parameter, by name, for rational inputs and parameters."""
        given, terms = self._given(inputs, parameters), self.wire_terms
        return given | dict(zip(terms, evaluate_all(terms.values(), given), strict=True))

    @cached_property
    def network(self) -> Network:
        """The same function as a network of integers, in which values may skip layers.

        Raises `InvalidCircuit` for a circuit with parameters.
        """
        return network_of(self)

    def mlp(self) -> Carried:
        """The plain multilayer perceptron in which reconstructors carry what skips layers, with its theorems.

        >>> x, z = Symbol("x", real=True), Symbol("z", real=True)
        >>> skip = Circuit("skip", (x,), (Neuron(z, x - 1),), (z + x,))
        >>> carried = skip.mlp()
        >>> carried.network.shape, carried.theorem.claim.goal.right
        ('1-3-1', relu(x - 1) + relu(x) - relu(-x))
        """
        return layered(self)

    def run(self, *inputs: Any, parameters: Mapping[str, Any] | None = None) -> tuple[Fraction, ...]:
        """The exact outputs for rational inputs.

        >>> x, z = Symbol("x", real=True), Symbol("z", real=True)
        >>> Circuit("ramp", (x,), (Neuron(z, x - Fraction(1, 2)),), (2 * z,)).run(1)
        (Fraction(1, 1),)
        """
        return tuple(evaluate_all(self.terms, self._given(inputs, parameters)))

    def activations(
        self, *inputs: Any, parameters: Mapping[str, Any] | None = None
    ) -> tuple[tuple[Activation, ...], ...]:
        """The value before and after relu at each neuron, by hidden layer."""
        known = self.flat.values(inputs, parameters)
        terms = self.flat.wire_terms
        before = iter(evaluate_all((terms[n.wire.name].args[0] for row in self.levels for n in row), known))
        return tuple(
            tuple(Activation(neuron.wire, next(before), known[neuron.wire.name]) for neuron in neurons)
            for neurons in self.levels
        )


def _fresh(name: str, taken: set[str]) -> Symbol:
    """A wire of that name, or with more underscores, and its name is taken now."""
    while name in taken:
        name += "_"
    taken.add(name)
    return Symbol(name, real=True)


def _layer(arguments: Iterable[Expr], before: Sequence[Symbol], name: str) -> Layer:
    try:
        rows = [coefficients(argument, before, name) for argument in arguments]
    except InvalidCircuit:
        raise InvalidCircuit(
            f"{name}: a value skips a hidden layer, so there are no layered weights; "
            "carry it through every layer, as mlp() does"
        ) from None
    weights = ImmutableMatrix(len(rows), len(before), [c for row, _ in rows for c in row])
    return Layer(weights, ImmutableMatrix(len(rows), 1, [bias for _, bias in rows]))


def circuit_of(network: Network) -> Circuit:
    """The circuit with the neurons of a network, on wires h1_1, h1_2 and so on.

    >>> from symcircuits.circuits.network import network
    >>> ramp = circuit_of(network("ramp", ("x",), [([[1], [1]], [0, -1]), ([[1, -1]], ["1/2"])]))
    >>> ramp, ramp.expr, ramp.network.layers == ramp.flat.network.layers
    (<Circuit ramp: inputs x; 2 neurons; 1 output>, relu(x) - relu(x - 1) + 1/2, True)
    """
    wires = [Symbol(name, real=True) for name in network.inputs]
    inputs, taken, rows, parts = tuple(wires), set(network.inputs), list[Expr](), list[Part]()
    for level, layer in enumerate(network.layers, start=1):
        read = [wires[at] for at in layer.sources]
        table = zip(layer.weights, layer.bias, layer.denominators, strict=True)
        rows = [_affine(read, weights, shift, below) for weights, shift, below in table]
        if level <= network.depth:
            fresh = [_fresh(f"h{level}_{place}", taken) for place in range(1, len(rows) + 1)]
            parts += map(Neuron, fresh, rows)
            wires += fresh
    return Circuit(network.name, inputs, tuple(parts), tuple(rows))


def _affine(wires: Sequence[Symbol], weights: Sequence[int], shift: int, below: int) -> Expr:
    items = (Rational(weight, below) * wire for weight, wire in zip(weights, wires, strict=True) if weight)
    return Add(*items, Rational(shift, below))
