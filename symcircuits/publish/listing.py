"""A circuit as lines of text: its neurons by layer, with their values at given inputs, and its weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from sympy import Symbol

from symcircuits.circuits.circuit import Block, Circuit
from symcircuits.kernel.number import rational_to_text

FORMULA = 48
"""Characters of a formula that the next columns make room for; a longer one pushes its own line's to the right."""


def circuit_lines(
    circuit: Circuit, inputs: Sequence[Any] | None = None, parameters: Mapping[str, Any] | None = None
) -> list[str]:
    """The circuit from its inputs up, one line a neuron; with inputs, each neuron's value after and before relu.

    >>> from symcircuits.circuits.gadgets import gadget
    >>> print(*circuit_lines(gadget("min").circuit, (3, 5)), sep="\\n")
    inputs          x1 = 3, x2 = 5
    hidden layer 1  z1 = relu(x1 - x2)   after 0  before -2  greaterness detector
                    z2 = relu(x1)        after 3  before  3  positiveness detector
                    z3 = relu(-x1)       after 0  before -3  negativeness detector
    output          y = -z1 + z2 - z3 = 3
    """
    rows: list[tuple[str, str, str, str, str]] = []
    known = {} if inputs is None else circuit.flat.values(inputs, parameters)
    symbols = [*circuit.inputs, *circuit.parameters]
    given = ", ".join(f"{s.name} = {rational_to_text(known[s.name])}" if known else s.name for s in symbols)
    lines = [f"{'inputs':14}  {given}"]
    lines += [f"{'block' if not place else '':14}  {text}" for place, text in enumerate(_blocks(circuit))]
    shown = circuit.activations(*inputs, parameters=parameters) if inputs is not None else None
    for level, neurons in enumerate(circuit.levels):
        for place, neuron in enumerate(neurons):
            after = before = ""
            if shown:
                after, before = (rational_to_text(value) for value in reversed(shown[level][place][1:]))
            label = f"hidden layer {level + 1}" if not place else ""
            rows.append((label, f"{neuron.wire} = relu({neuron.argument})", after, before, neuron.role))
    lines += _columns(rows, bool(shown))
    outputs = circuit.run(*inputs, parameters=parameters) if inputs is not None else ()
    for place, output in enumerate(circuit.flat.outputs):
        value = f" = {rational_to_text(outputs[place])}" if outputs else ""
        left = _output_name(circuit, place)
        lines.append(f"{'output' if not place else '':14}  {left}{output}{value}")
    return lines


def weight_lines(circuit: Circuit) -> list[str]:
    """The weight matrices, and the biases that are not zero, layer by layer; values that skip a layer are carried.

    >>> from symcircuits.circuits.gadgets import gadget
    >>> print(*weight_lines(gadget("min").circuit), sep="\\n")
    W1 = [[1, -1], [1, 0], [-1, 0]]
    W2 = [[-1, 1, -1]]
    """
    lines: list[str] = []
    for number, (weights, bias) in enumerate(matrices(circuit), start=1):
        rows = (f"[{', '.join(row)}]" for row in weights)
        lines.append(f"W{number} = [{', '.join(rows)}]")
        if any(entry != "0" for entry in bias):
            lines.append(f"b{number} = [{', '.join(bias)}]")
    return lines


def matrices(circuit: Circuit) -> list[tuple[list[list[str]], list[str]]]:
    """The weights and the bias of each layer as texts; values that skip a layer are carried by more neurons.

    >>> from symcircuits.circuits.gadgets import gadget
    >>> matrices(gadget("abs").circuit)
    [([['1'], ['-1']], ['0', '0']), ([['1', '1']], ['0'])]
    """
    if circuit.parameters or circuit.network.is_layered:
        return [
            ([list(map(str, row)) for row in layer.weights.tolist()], list(map(str, layer.bias)))
            for layer in circuit.layers
        ]
    found: list[tuple[list[list[str]], list[str]]] = []
    for layer in circuit.mlp().network.layers:
        rows = zip(layer.weights, layer.bias, layer.denominators, strict=True)
        texts = [[rational_to_text(Fraction(entry, below)) for entry in (*row, shift)] for row, shift, below in rows]
        found.append(([text[:-1] for text in texts], [text[-1] for text in texts]))
    return found


def size_line(circuit: Circuit) -> str:
    """The widths of the hidden layers, in words.

    >>> from symcircuits.circuits.gadgets import gadget
    >>> size_line(gadget("min_of_four").circuit)
    '9 hidden neurons, 2 hidden layers (6, 3)'
    """
    neurons, layers = sum(circuit.widths), circuit.depth
    widths = f" ({', '.join(map(str, circuit.widths))})" if layers > 1 else ""
    return f"{_count(neurons, 'hidden neuron')}, {_count(layers, 'hidden layer')}{widths}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _blocks(circuit: Circuit) -> list[str]:
    """The blocks of a circuit as applications of other circuits."""
    return [
        f"{', '.join(wire.name for wire in part.wires)} = {part.circuit.name}({', '.join(map(str, part.arguments))})"
        for part in circuit.parts
        if isinstance(part, Block)
    ]


def _columns(rows: Sequence[tuple[str, str, str, str, str]], values: bool) -> list[str]:
    first = max((len(row[1]) for row in rows if len(row[1]) <= FORMULA), default=0)
    second, third = (max((len(row[at]) for row in rows), default=0) for at in (2, 3))
    lines: list[str] = []
    for label, formula, after, before, role in rows:
        numbers = f"  after {after:>{second}}  before {before:>{third}}" if values else ""
        lines.append(f"{label:14}  {formula:{first}} {numbers}  {role}".rstrip())
    return lines


def _output_name(circuit: Circuit, place: int) -> str:
    """`y = `, numbered if there are several; nothing when a wire has that name already."""
    name = f"y{place + 1}" if len(circuit.outputs) > 1 else "y"
    taken = {*circuit.inputs, *(neuron.wire for neuron in circuit.neurons)}
    return "" if Symbol(name, real=True) in taken else f"{name} = "
