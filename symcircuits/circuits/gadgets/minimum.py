"""The minimum circuit: of two numbers, with a second hidden layer that it does not need, of three, four and n."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

from sympy import Max, Min, symbols

from symcircuits.circuits.circuit import Block, Circuit, Neuron
from symcircuits.circuits.gadget import Example, Family, Gadget, Verified, family
from symcircuits.circuits.gadgets._forms import numbered
from symcircuits.circuits.gadgets._parameters import natural
from symcircuits.circuits.gadgets._wires import m12, m34, x1, x2, x3, x4, y, z1, z2, z3, z4, z5
from symcircuits.kernel.term import Term, variable

p, q, r = symbols("p q r", real=True)
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


HIGHER = (
    Neuron(z1, x1 - x3, "greaterness detector"),
    Neuron(z2, x2 - x3, "greaterness detector"),
    Neuron(z3, x3, "positiveness detector"),
    Neuron(z4, -x3, "negativeness detector"),
)
LOWER = (
    Neuron(z1, x3 - x1, "greaterness detector"),
    Neuron(z2, x3 - x2, "greaterness detector"),
    HIGHER[2],
    HIGHER[3],
)
MAX_OF_THREE = Gadget(
    "max_of_three",
    "Maximum of three numbers",
    Circuit(
        "max of three",
        (x1, x2, x3),
        (
            *HIGHER,
            Neuron(p, z2 - z1, "greaterness detector"),
            Neuron(q, z1 + z3 - z4, "positiveness detector"),
            Neuron(r, -z1 - z3 + z4, "negativeness detector"),
        ),
        (p + q - r,),
    ),
    Max(x1, x2, x3),
    "The larger amount by which x1 and x2 exceed x3, and x3, which both layers carry; smaller than two blocks, (5, 3).",
    (Example((3, 5, 2), 5), Example((3, -5, 4), 4)),
)
MIN_OF_THREE = Gadget(
    "min_of_three",
    "Minimum of three numbers",
    Circuit(
        "min of three",
        (x1, x2, x3),
        (
            *LOWER,
            Neuron(p, z2 - z1, "greaterness detector"),
            Neuron(q, z3 - z4 - z1, "positiveness detector"),
            Neuron(r, z1 - z3 + z4, "negativeness detector"),
        ),
        (q - r - p,),
    ),
    Min(x1, x2, x3),
    "x3 less the larger amount by which it exceeds x1 and x2; smaller than two blocks, (5, 3).",
    (Example((3, 5, 2), 2), Example((3, -5, 4), -5)),
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


def chain(gadget: Verified, players: Sequence[Any]) -> Any:
    """The gadget of two inputs on the first two players, then on the winner and the next, a `Composite`.

    >>> from sympy import symbols
    >>> chain(MIN, symbols("a b c", real=True)).widths
    (3, 3)
    """
    return reduce(gadget, players)


def _extreme(two: Gadget, n: int, suffix: str, compose: Callable[..., Any], note: str) -> Gadget:
    """The gadget of n inputs that puts the one of two inputs together as `compose` says."""
    word = two.title.split()[0]
    size, name = natural(f"{two.name}{suffix}: the number of inputs", n, 2), two.name
    inputs = numbered(size)
    numbers = tuple((7 * place) % (2 * size + 1) - size for place in range(size))
    value = {"min": min, "max": max}[name](numbers)
    return Gadget(
        f"{name}{suffix}_{size}",
        f"{word} of {size} numbers{', one after the other' if suffix else ''}",
        compose(two, inputs),
        Term(name, tuple(variable(symbol.name) for symbol in inputs)),
        note.format(count=f"{size - 1} circuit{'s' * (size > 2)} of two inputs"),
        (Example(numbers, value), Example((Fraction(1, 2),) * size, Fraction(1, 2))),
    )


ROUNDS = "A tournament of {count}, each round of hidden layers halving the numbers."
ONE_BY_ONE = "A chain of {count}, each comparing one more number with the best so far; as deep as there are circuits."


@family("min", (5,))
def minimum(n: int) -> Gadget:
    """The minimum of n numbers as a tournament of minimum circuits."""
    return _extreme(MIN, n, "", tournament, ROUNDS)


@family("max", (5,))
def maximum(n: int) -> Gadget:
    """The maximum of n numbers as a tournament of maximum circuits."""
    return _extreme(MAX, n, "", tournament, ROUNDS)


@family("min_chain", (4,))
def minimum_chain(n: int) -> Gadget:
    """The minimum of n numbers as a chain of minimum circuits."""
    return _extreme(MIN, n, "_chain", chain, ONE_BY_ONE)


@family("max_chain", (4,))
def maximum_chain(n: int) -> Gadget:
    """The maximum of n numbers as a chain of maximum circuits."""
    return _extreme(MAX, n, "_chain", chain, ONE_BY_ONE)


FAMILIES: tuple[Family, ...] = (minimum, maximum, minimum_chain, maximum_chain)
GADGETS = (MIN, MAX, MIN_TWO_LAYERS, MAX_OF_THREE, MIN_OF_THREE, MIN_OF_FOUR)
