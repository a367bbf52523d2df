"""The minimum circuit: of two numbers, with a second hidden layer that it does not need, of four as blocks, of n."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from sympy import Max, Min, symbols

from symcircuits.circuits.circuit import Block, Circuit, Neuron
from symcircuits.circuits.gadget import Example, Family, Gadget, Verified, family
from symcircuits.circuits.gadgets._wires import m12, m34, x1, x2, x3, x4, y, z1, z2, z3, z4, z5
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.term import Term, variable

DETECTORS = (
    Neuron(z1, x1 - x2, "greaterness detector"),
    Neuron(z2, x1, "positiveness detector"),
    Neuron(z3, -x1, "negativeness detector"),
)

MIN = Gadget(
    "min",
    "Minimum of two numbers",
    Circuit("min", (x1, x2), DETECTORS, (-z1 + z2 - z3,)),
    Min(x1, x2),
    "The reconstructor circuit of x1, less the amount by which x1 exceeds x2.",
    (Example((3, 5), 3), Example((3, -5), -5)),
)
MAX = Gadget(
    "max",
    "Maximum of two numbers",
    Circuit(
        "max",
        (x1, x2),
        (
            Neuron(z1, x2 - x1, "greaterness detector"),
            Neuron(z2, x1, "positiveness detector"),
            Neuron(z3, -x1, "negativeness detector"),
        ),
        (z1 + z2 - z3,),
    ),
    Max(x1, x2),
    "The reconstructor circuit of x1, plus the amount by which x2 exceeds x1.",
    (Example((3, 5), 5), Example((3, -5), 3)),
)
MIN_TWO_LAYERS = Gadget(
    "min_two_layers",
    "Minimum of two numbers, first version",
    Circuit(
        "min in two layers",
        (x1, x2),
        (
            *DETECTORS,
            Neuron(z4, -z1 + z2 - z3, "positiveness detector"),
            Neuron(z5, z1 - z2 + z3, "negativeness detector"),
        ),
        (z4 - z5,),
    ),
    Min(x1, x2),
    "Not the smallest: the second layer is a reconstructor circuit of the minimum and merges into the output.",
    (Example((3, 5), 3), Example((3, -5), -5)),
)
MIN_OF_FOUR = Gadget(
    "min_of_four",
    "Minimum of four numbers",
    Circuit(
        "min of four",
        (x1, x2, x3, x4),
        (
            Block((m12,), MIN.circuit, (x1, x2)),
            Block((m34,), MIN.circuit, (x3, x4)),
            Block((y,), MIN.circuit, (m12, m34)),
        ),
        (y,),
    ),
    Min(x1, x2, x3, x4),
    "The minimum circuit of two minimum circuits; the inner minima are linear in the first layer and need no neurons.",
    (Example((3, 5, 2, 7), 2), Example((3, -5, 2, 7), -5)),
    cites=(MIN,),
)


def tournament(gadget: Verified, players: Sequence[Any]) -> Any:
    """The gadget of two inputs on pairs of players, then on pairs of winners, until one is left, a `Composite`.

    >>> from sympy import symbols
    >>> tournament(MIN, symbols("a b c", real=True)).targets
    (min(min(a, b), c),)
    """
    row = list(players)
    while len(row) > 1:
        pairs = list(map(gadget, row[::2], row[1::2]))
        row = pairs + row[2 * len(pairs) :]
    return row[0]


def _extreme(name: str, two: Gadget, n: int) -> Gadget:
    if not isinstance(n, int) or n < 2:
        raise InvalidCircuit(f"the {two.title.split()[0].lower()} is of 2 numbers or more, not of {n!r}")
    inputs = symbols(f"x1:{n + 1}", real=True)
    numbers = tuple((7 * place) % (2 * n + 1) - n for place in range(n))
    return Gadget(
        f"{name}_{n}",
        f"{two.title.split()[0]} of {n} numbers",
        tournament(two, inputs),
        Term(name, tuple(variable(symbol.name) for symbol in inputs)),
        f"A tournament of {n - 1} circuits of two inputs, each round of hidden layers halving the numbers.",
        (Example(numbers, {"min": min, "max": max}[name](numbers)), Example((Fraction(1, 2),) * n, Fraction(1, 2))),
    )


@family("min")
def minimum(n: int) -> Gadget:
    """The minimum of n numbers as a tournament of minimum circuits."""
    return _extreme("min", MIN, n)


@family("max")
def maximum(n: int) -> Gadget:
    """The maximum of n numbers as a tournament of maximum circuits."""
    return _extreme("max", MAX, n)


FAMILIES: tuple[Family, ...] = (minimum, maximum)
GADGETS = (MIN, MAX, MIN_TWO_LAYERS, MIN_OF_FOUR)
