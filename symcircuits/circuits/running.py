"""Networks and expressions run on arrays: fast in floats, exact on integers and Fractions.

`to_numpy` runs the layers of a network; `lambdify` runs any CPWL expression, circuit or network, each shared part once,
however deep. Both are loops over kernel terms or layers: no code is generated.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
from sympy import Expr, Symbol

from symcircuits.circuits.affine import exact
from symcircuits.circuits.circuit import Circuit
from symcircuits.circuits.floats import float_arrays
from symcircuits.circuits.network import Network
from symcircuits.errors import InvalidCircuit, MissingExtra
from symcircuits.expr.from_sympy import from_sympy
from symcircuits.kernel.term import Term, table
from symcircuits.kernel.text import Row

Array = np.ndarray[Any, Any]
Runner = Callable[[Any], Array]


def to_numpy(network: Network) -> Runner:
    """The network as a function of arrays of points, of shape (..., inputs), with values of shape (..., outputs).

    Points in float32 are run in float32, other floats in float64, with weights rounded to that type; integers and
    objects (Fractions) exactly, with values that are Fractions. Raises `InvalidCircuit` for other shapes and types.

    >>> from symcircuits.circuits.network import network
    >>> run = to_numpy(network("ramp", ["x"], [([[1]], ["-1/2"]), ([[2]], ["1/3"])]))
    >>> run([[0.0], [1.0]]), run([[1]])
    (array([[0.33333333],
           [1.33333333]]), array([[Fraction(4, 3)]], dtype=object))
    """
    if not isinstance(network, Network):
        raise InvalidCircuit(f"to_numpy takes a Network, not {type(network).__name__}; lambdify takes circuits too")
    prepared: dict[str, list[tuple[Array, Array]]] = {}

    def run(points: Any) -> Array:
        values = np.asarray(points)
        if values.ndim == 0 or values.shape[-1] != len(network.inputs):
            raise InvalidCircuit(f"{network.name} needs points of {len(network.inputs)} values in the last axis")
        kind = _kind(values)
        if kind == "exact":
            return _run_exactly(network, values)
        if kind not in prepared:
            prepared[kind] = [float_arrays(layer, kind) for layer in network.layers]
        return _run_floats(network, prepared[kind], values.astype(kind))

    return run


def _kind(values: Array) -> str:
    if values.dtype.kind in "iubO":
        return "exact"
    if values.dtype.kind != "f":
        raise InvalidCircuit(f"points of type {values.dtype} are no real numbers")
    return "float32" if values.dtype == np.float32 else "float64"


def _run_exactly(network: Network, points: Array) -> Array:
    made = np.empty((*points.shape[:-1], len(network.layers[-1].bias)), dtype=object)
    for at in np.ndindex(points.shape[:-1]):
        made[at] = network.run(*points[at].tolist())
    return made


def _run_floats(network: Network, layers: Sequence[tuple[Array, Array]], points: Array) -> Array:
    is_layered, wires, read = network.is_layered, points, points
    for layer, (weights, bias) in zip(network.layers, layers, strict=True):
        # A plain multilayer perceptron needs the values of the layer before only.
        values = (read if is_layered else wires[..., list(layer.sources)]) @ weights.T + bias
        read = np.maximum(values, 0)
        if not is_layered:
            wires = np.concatenate([wires, read], axis=-1)
    return np.asarray(values)


class _Backend(NamedTuple):
    """How one kind of numbers is read and combined; `arguments` makes them fit together and gives the constant 1."""

    arguments: Callable[[Sequence[Any]], tuple[Sequence[Any], Any]]
    coefficient: Callable[[Fraction], Any]
    maximum: Callable[[Any, Any], Any]
    minimum: Callable[[Any, Any], Any]


def lambdify(
    expression: Any, backend: str = "numpy", inputs: Sequence[Symbol | str] | None = None
) -> Callable[..., Any]:
    """An expression, circuit or network as a function of its inputs, one argument each.

    The backend says what the arguments are: "numpy" arrays and "torch" tensors, broadcast against each other, or
    "exact" numbers. The arguments follow `inputs`; without it, the inputs of the circuit or network, or the symbols of
    the expression by name. A circuit, a network or a sequence of expressions gives a tuple, an expression one value.
    Raises `InvalidCircuit` for other backends and inputs that are missing; `MissingExtra` without torch.

    >>> from sympy import Max, symbols
    >>> a, b, c = symbols("a b c", real=True)
    >>> lambdify(Max(a, b, c) / 2)(np.array([1.0, 5.0]), 2.0, 3.0)
    array([1.5, 2.5])
    >>> lambdify(Max(a, b, c) / 2, "exact")("1/3", 0, 0)
    Fraction(1, 6)
    """
    terms, names, is_single = _terms(expression)
    if inputs is not None:
        names = tuple(str(each) for each in inputs)
    rows, places = table(*terms)
    missing = sorted({row[3] for row in rows if row[0] == "variable"} - set(names))
    if missing or len(set(names)) < len(names):
        raise InvalidCircuit(f"the inputs {', '.join(names) or '()'} must name {missing or 'each variable once'}")
    chosen = _backend(backend)
    steps = [(row, [chosen.coefficient(value) for value in row[2]]) for row in rows]

    def run(*arguments: Any) -> Any:
        if len(arguments) != len(names):
            raise InvalidCircuit(f"{len(names)} arguments are needed ({', '.join(names)}); {len(arguments)} are given")
        given, one = chosen.arguments(arguments)
        values = _values(steps, dict(zip(names, given, strict=True)), one, chosen)
        outputs = tuple(values[place] for place in places)
        return outputs[0] if is_single else outputs

    return run


def _terms(expression: Any) -> tuple[tuple[Term, ...], tuple[str, ...], bool]:
    if isinstance(expression, Network):
        return expression.terms, expression.inputs, False
    if isinstance(expression, Circuit):
        names = (symbol.name for symbol in (*expression.inputs, *expression.parameters))
        return expression.terms, tuple(names), False
    is_single = not isinstance(expression, list | tuple) or isinstance(expression, Term)
    parts = [expression] if is_single else expression
    terms = tuple(part if isinstance(part, Term) else from_sympy(part) for part in parts)
    found = {row[3] for row in table(*terms)[0] if row[0] == "variable"}
    symbols = {symbol.name for part in parts if isinstance(part, Expr) for symbol in part.free_symbols}
    return terms, tuple(sorted(found | symbols)), is_single


def _values(steps: Sequence[tuple[Row, list[Any]]], given: dict[str, Any], one: Any, backend: _Backend) -> list[Any]:
    values: list[Any] = []
    for (kind, parts, _, name, exponent), coefficients in steps:
        operands = [values[place] for place in parts]
        match kind:
            case "one":
                value = one
            case "variable":
                value = given[name]
            case "sum":
                value = sum((c * part for c, part in zip(coefficients, operands, strict=True)), 0 * one)
            case "relu":
                value = backend.maximum(operands[0], 0 * one)
            case "abs":
                value = abs(operands[0])
            case "max":
                value = reduce(backend.maximum, operands)
            case "min":
                value = reduce(backend.minimum, operands)
            case "scale":
                value = operands[0] * operands[1] if exponent == 1 else operands[0] / operands[1]
            case _:
                raise InvalidCircuit(f"terms of kind {kind!r} cannot be run")
        values.append(value)
    return values


def _backend(name: str) -> _Backend:
    if name not in BACKENDS:
        raise InvalidCircuit(f"the backend {name!r} is not known; these are: {', '.join(BACKENDS)}")
    return BACKENDS[name]()


def _exact_backend() -> _Backend:
    def arguments(given: Sequence[Any]) -> tuple[Sequence[Any], Any]:
        return [exact(value) for value in given], Fraction(1)

    return _Backend(arguments, Fraction, max, min)


def _numpy_backend() -> _Backend:
    def arguments(given: Sequence[Any]) -> tuple[Sequence[Any], Any]:
        arrays = [np.asarray(value) for value in given]
        floats = [array if array.dtype.kind == "f" else array.astype(np.float64) for array in arrays]
        together = np.broadcast_arrays(*floats)
        return together, np.ones(np.broadcast_shapes(*(a.shape for a in floats)), np.result_type(*floats, np.float32))

    return _Backend(arguments, _float, np.maximum, np.minimum)


def _torch_backend() -> _Backend:
    try:
        torch = importlib.import_module("torch")
    except ImportError:
        raise MissingExtra("this needs torch; install it with: pip install 'symcircuits[torch]'") from None

    def arguments(given: Sequence[Any]) -> tuple[Sequence[Any], Any]:
        tensors = [torch.as_tensor(value) for value in given]
        floats = [each if each.is_floating_point() else each.to(torch.get_default_dtype()) for each in tensors]
        together = torch.broadcast_tensors(*floats) if floats else ()
        return together, torch.ones_like(sum(together)) if floats else torch.tensor(1.0)

    return _Backend(arguments, _float, torch.maximum, torch.minimum)


def _float(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        raise InvalidCircuit("a coefficient is too large for a float; use the exact backend") from None


BACKENDS: dict[str, Callable[[], _Backend]] = {
    "numpy": _numpy_backend,
    "torch": _torch_backend,
    "exact": _exact_backend,
}
