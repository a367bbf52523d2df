"""Composition: `f >> g`, `f @ g`, `f(a, b)`, `f[i]` and sums, for circuits and for gadgets alike.

Whatever composes is `Composable`. A call makes no circuit yet: it makes *signals*, affine forms of the outputs of
calls and of symbols, and `assemble` turns signals into blocks on named wires when the circuit is wanted. A result of a
composition that is used in another one brings its calls along, so that a call used twice is one block.

>>> from sympy import symbols
>>> from symcircuits.circuits.gadgets import gadget
>>> a, b, c, d = symbols("a b c d", real=True)
>>> MIN = gadget("min").circuit
>>> four = MIN(MIN(a, b), MIN(c, d))
>>> four.widths, four.run(3, 5, 2, 7)
((6, 3), (Fraction(2, 1),))
>>> spread = 2 * MIN(a, b) - a + 1
>>> spread.inputs, (MIN @ MIN >> MIN).inputs
((a, b), (x1, x2, x1_2, x2_2))
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, ClassVar, NamedTuple, Self

from sympy import Add, Expr, Mul, S, Symbol, preorder_traversal

from symcircuits.circuits.affine import affine_items, as_expression, is_signed
from symcircuits.circuits.parts import Block
from symcircuits.errors import InvalidCircuit

NAME = 60
"""A composition whose name would be longer is called after its outermost part alone."""


class Call:
    """One use of a circuit or gadget on signals; each is itself only, so that using it twice is sharing it."""

    __slots__ = ("arguments", "callee")

    def __init__(self, callee: Composable, arguments: tuple[Signal, ...]) -> None:
        self.callee, self.arguments = callee, arguments


class Item(NamedTuple):
    """A coefficient times one output of a call."""

    coefficient: Expr
    call: Call
    output: int


class Signal(NamedTuple):
    """sum(coefficient * output of a call) + rest, the rest affine in symbols; `leads` if the rest was written first."""

    items: tuple[Item, ...]
    rest: Expr = S.Zero
    leads: bool = False

    def times(self, factor: Expr) -> Signal:
        """The signal times a weight."""
        items = tuple(item._replace(coefficient=factor * item.coefficient) for item in self.items) if factor else ()
        return Signal(items, (factor * self.rest).expand(), self.leads)

    def plus(self, other: Signal) -> Signal:
        """The sum; equal outputs are collected."""
        found: dict[tuple[int, int], Item] = {}
        for item in (*self.items, *other.items):
            key = id(item.call), item.output
            known = found.get(key)
            found[key] = item._replace(coefficient=known.coefficient + item.coefficient) if known else item
        leads = self.leads or (not self.items and bool(self.rest.free_symbols or other.leads))
        return Signal(tuple(item for item in found.values() if item.coefficient != 0), self.rest + other.rest, leads)


class Composable(ABC):
    """What has inputs and outputs, and composes with its like by `>>`, `@`, calls, indexing and affine arithmetic."""

    is_verified: ClassVar[bool] = False
    name: str

    @property
    @abstractmethod
    def input_symbols(self) -> tuple[Symbol, ...]:
        """The inputs in order."""

    @abstractmethod
    def __len__(self) -> int:
        """The number of outputs."""

    @classmethod
    @abstractmethod
    def composed(cls, name: str, signals: tuple[Signal, ...], inputs: tuple[Symbol, ...] | None = None) -> Self:
        """The composition with these outputs; its inputs are the signals' symbols unless they are given."""

    @property
    def sizes(self) -> tuple[int, int]:
        """The numbers of inputs and of outputs."""
        return len(self.input_symbols), len(self)

    @cached_property
    def signals(self) -> tuple[Signal, ...]:
        """The outputs: of a composition as it was written, else those of one call on the inputs."""
        return _outputs(Call(self, tuple(map(as_signal, self.input_symbols))))

    def __call__(self, *arguments: Any) -> Composable:
        """This applied to symbols, affine expressions, numbers, or single outputs of circuits and gadgets.

        The inputs of the result are the symbols in order of first occurrence. Raises `InvalidCircuit` for what is not
        affine, and for a wrong number of arguments.
        """
        if len(arguments) != self.sizes[0]:
            raise InvalidCircuit(
                f"{self.name} has {self.sizes[0]} inputs; {len(arguments)} are given. "
                "A circuit f with several outputs is spread by *f"
            )
        places = (f"{self.name}, argument {place}" for place in range(1, len(arguments) + 1))
        fed = tuple(as_signal(argument, place) for argument, place in zip(arguments, places, strict=True))
        name = f"{self.name}({', '.join(map(_title, arguments))})"
        return _compose([self, *arguments], name, _outputs(Call(self, fed)), self.name)

    def __rshift__(self, other: Any) -> Composable:
        """In sequence: the outputs of this feed the inputs of the other."""
        if not isinstance(other, Composable):
            raise InvalidCircuit(f"{self.name} >> {other!r:.60}: the right side is no circuit; call a circuit on wires")
        wanted = len(other.input_symbols)
        if len(self) != wanted:
            raise InvalidCircuit(
                f"{self.name} >> {other.name}: {self.name} has {len(self)} outputs, {other.name} has "
                f"{wanted} inputs; choose outputs by index, or put circuits side by side with @"
            )
        signals = _outputs(Call(other, self.signals))
        return _compose([self, other], f"{self.name} >> {other.name}", signals, other.name)

    def __matmul__(self, other: Any) -> Composable:
        """Side by side: the inputs of both, and the outputs of both.

        Where a name x is there already, the input on the right is called x_2, or x_3 if that is there too, and so on.
        """
        if not isinstance(other, Composable):
            raise InvalidCircuit(f"{self.name} @ {other!r:.60}: the right side is no circuit")
        left, right = self.input_symbols, other.input_symbols
        renamed = distinct(left, right)
        second = other.signals if renamed == right else _outputs(Call(other, tuple(map(as_signal, renamed))))
        name = f"{self.name} @ {other.name}"
        return _compose([self, other], name, self.signals + second, other.name, (*left, *renamed))

    def __getitem__(self, place: int) -> Composable:
        """One output."""
        if not isinstance(place, int) or not -len(self) <= place < len(self):
            raise InvalidCircuit(f"{self.name}[{place!r}]: {self.name} has the outputs 0 to {len(self) - 1}")
        return self if len(self) == 1 else _compose([self], f"{self.name}[{place}]", (self.signals[place],), self.name)

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Composable]:
        return (self[place] for place in range(len(self)))

    def __add__(self, other: Any) -> Composable:
        return _sum(self, other, S.One, self, other, "+")

    def __radd__(self, other: Any) -> Composable:
        return _sum(self, other, S.One, other, self, "+")

    def __sub__(self, other: Any) -> Composable:
        return _sum(self, other, S.NegativeOne, self, other, "-")

    def __rsub__(self, other: Any) -> Composable:
        return _sum(self, other, S.NegativeOne, other, self, "-")

    def __neg__(self) -> Composable:
        return _multiple(self, S.NegativeOne, f"-{_title(self)}")

    def __mul__(self, other: Any) -> Composable:
        return _multiple(self, _weight(other, self), f"{_title(other)}*{_title(self)}")

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Composable:
        weight = _weight(other, self)
        if weight == 0:
            raise InvalidCircuit(f"{self.name}/0: divide by a number that is not 0")
        return _multiple(self, 1 / weight, f"{_title(self)}/{_title(other)}")

    def __rtruediv__(self, other: Any) -> Composable:
        raise InvalidCircuit(f"{_title(other)}/{_title(self)} is not piecewise linear; divide by numbers only")

    def __pow__(self, other: Any) -> Composable:
        raise InvalidCircuit(
            f"{_title(self)}**{_title(other)} is not piecewise linear; use sums and rational multiples"
        )


def compose(name: str, inputs: Iterable[Symbol], outputs: Any) -> Composable:
    """The composition of that name with these inputs, in this order, and outputs: one or several, as for a call.

    It is a block of its own where it is used: a name is kept. Raises `InvalidCircuit` for a symbol in an output that
    is no input.

    >>> from sympy import symbols
    >>> from symcircuits.circuits.gadgets import gadget
    >>> a, b, c = symbols("a b c", real=True)
    >>> ABS = gadget("abs").circuit
    >>> taxicab = compose("taxicab", (a, b, c), ABS(b - c) + ABS(a))
    >>> taxicab, taxicab(1, b, b).widths
    (<Circuit taxicab: inputs a, b, c; 2 blocks; 1 output>, (4,))
    """
    made = outputs if isinstance(outputs, tuple | list) else (outputs,)
    signals = tuple(as_signal(output, f"{name}, output {place}") for place, output in enumerate(made, start=1))
    if not any(isinstance(output, Composable) for output in made):
        raise InvalidCircuit(f"{name}: no output is made of a circuit; use Circuit({name!r}, inputs, (), outputs)")
    composition = _made_of(made).composed(name, signals, tuple(inputs))
    del composition.__dict__["signals"]  # what has a name is one block from now on
    return composition


def as_signal(value: Any, place: str = "wire") -> Signal:
    """The signal of an argument; `InvalidCircuit` names the place of what is none."""
    if isinstance(value, Composable):
        if len(value) != 1:
            raise InvalidCircuit(
                f"{place}: {value.name} has {len(value)} outputs; choose one by index, as in f[0], or spread them by *f"
            )
        return value.signals[0]
    expression = as_expression(value, place)
    if not isinstance(expression, Symbol):
        wires = tuple(symbol for symbol in _symbols(expression) if not is_signed(symbol))
        affine_items(expression, wires, place)
    return Signal((), expression)


def distinct(left: Sequence[Symbol], right: Sequence[Symbol]) -> tuple[Symbol, ...]:
    """The symbols on the right, those whose name is taken called x_2, x_3 and so on.

    >>> from sympy import symbols
    >>> distinct(symbols("x x_2 y"), symbols("x z y"))
    (x_3, z, y_2)
    """
    taken = {symbol.name for symbol in left}
    renamed: list[Symbol] = []
    for symbol in right:
        name, number = symbol.name, 1
        while name in taken:
            number += 1
            name = f"{re.sub(r'_[0-9]+$', '', symbol.name)}_{number}"
        taken.add(name)
        renamed.append(symbol if name == symbol.name else Symbol(name, real=True))
    return tuple(renamed)


class Assembly(NamedTuple):
    """A circuit's fields, with the call that each block comes from."""

    inputs: tuple[Symbol, ...]
    blocks: tuple[Block, ...]
    outputs: tuple[Expr, ...]
    calls: tuple[Call, ...]


def assemble(signals: Sequence[Signal], inputs: tuple[Symbol, ...] | None = None) -> Assembly:
    """The signals as outputs of blocks, one for each call, on wires called after the circuits in them: min1, min2."""
    calls, symbols = walk(signals)
    given = tuple(symbol for symbol in symbols if not is_signed(symbol)) if inputs is None else inputs
    taken = {symbol.name for symbol in (*given, *symbols)}
    counts: dict[str, int] = {}
    wires: dict[int, tuple[Symbol, ...]] = {}
    blocks: list[Block] = []
    for call in calls:
        wires[id(call)] = _wires(call.callee, counts, taken)
        arguments = tuple(_expression(signal, wires) for signal in call.arguments)
        blocks.append(Block(wires[id(call)], _circuit(call.callee), arguments))
    return Assembly(given, tuple(blocks), tuple(_expression(signal, wires) for signal in signals), tuple(calls))


def walk(signals: Sequence[Signal]) -> tuple[list[Call], list[Symbol]]:
    """The calls that signals are made of, arguments first, and their symbols in order of first occurrence."""
    calls: list[Call] = []
    symbols: dict[Symbol, None] = {}
    seen: set[int] = set()
    stack: list[Signal | Call | Expr | tuple[Call]] = list(reversed(signals))
    while stack:
        top = stack.pop()
        if isinstance(top, Signal):
            parts: list[Any] = [item.call for item in top.items]
            stack += reversed([top.rest, *parts] if top.leads else [*parts, top.rest])
        elif isinstance(top, tuple):
            calls.append(top[0])
        elif isinstance(top, Call):
            if id(top) not in seen:
                seen.add(id(top))
                stack.append((top,))
                stack += reversed(top.arguments)
        else:
            symbols.update(dict.fromkeys(_symbols(top)))
    return calls, list(symbols)


def _symbols(expression: Expr) -> Iterator[Symbol]:
    if isinstance(expression, Symbol):
        return iter((expression,))
    return (part for part in preorder_traversal(expression) if isinstance(part, Symbol))


def _expression(signal: Signal, wires: dict[int, tuple[Symbol, ...]]) -> Expr:
    items = [(item.coefficient, wires[id(item.call)][item.output]) for item in signal.items]
    if len(items) == 1 and signal.rest is S.Zero and items[0][0] is S.One:
        return items[0][1]
    return Add(*(Mul(coefficient, wire) for coefficient, wire in items), signal.rest)


def _wires(callee: Composable, counts: dict[str, int], taken: set[str]) -> tuple[Symbol, ...]:
    slug = re.sub(r"[^A-Za-z0-9]+", "_", callee.name).strip("_")
    if not slug[:1].isalpha() or len(slug) > NAME // 3:
        slug = "block"
    size = len(callee)
    while True:
        counts[slug] = counts.get(slug, 0) + 1
        first = f"{slug}{counts[slug]}" if not slug[-1].isdigit() else f"{slug}_{counts[slug]}"
        names = [first] if size == 1 else [f"{first}_{place}" for place in range(1, size + 1)]
        if taken.isdisjoint(names):
            taken.update(names)
            return tuple(Symbol(name, real=True) for name in names)


def _circuit(callee: Composable) -> Any:
    return callee.circuit if hasattr(callee, "circuit") else callee


def _outputs(call: Call) -> tuple[Signal, ...]:
    return tuple(Signal((Item(S.One, call, place),)) for place in range(len(call.callee)))


def _made_of(operands: Iterable[Any]) -> type[Composable]:
    """What a composition of these is: verified if one of them is."""
    kinds = [type(operand) for operand in operands if isinstance(operand, Composable)]
    return next((kind for kind in kinds if kind.is_verified), kinds[0])


def _compose(
    operands: Sequence[Any],
    name: str,
    signals: tuple[Signal, ...],
    short: str,
    inputs: tuple[Symbol, ...] | None = None,
) -> Composable:
    return _made_of(operands).composed(name if len(name) <= NAME else f"{short:.{NAME - 5}}(...)", signals, inputs)


def _sum(operand: Composable, other: Any, sign: Expr, left: Any, right: Any, mark: str) -> Composable:
    place = f"{_title(left)} {mark} {_title(right)}"
    signal = as_signal(left, place).plus(as_signal(right, place).times(sign))
    return _compose([operand, other], place, (signal,), operand.name)


def _multiple(operand: Composable, factor: Expr, name: str) -> Composable:
    return _compose([operand], name, (as_signal(operand, name).times(factor),), operand.name)


def _weight(value: Any, operand: Composable) -> Expr:
    place = f"{_title(value)}*{_title(operand)}"
    if isinstance(value, Composable):
        raise InvalidCircuit(f"{place} is a product of two outputs: not piecewise linear; multiply by numbers only")
    weight = as_expression(value, place)
    strangers = [symbol for symbol in _symbols(weight) if not is_signed(symbol)]
    if strangers:
        raise InvalidCircuit(
            f"{place} is a product with {strangers[0]}, which is neither a number nor of known sign; "
            "it is not piecewise linear"
        )
    affine_items(weight, (), place)
    return weight


def _title(value: Any) -> str:
    name = value.name if isinstance(value, Composable) else str(value)
    return name if len(name) <= NAME else "..."
