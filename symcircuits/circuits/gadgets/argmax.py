"""Argmax: which of n integers is the largest, as n outputs of which one is 1; of equal ones it is the first."""

from __future__ import annotations

from itertools import permutations

from sympy import Expr, Symbol, symbols

from symcircuits.circuits.circuit import Circuit, Neuron
from symcircuits.circuits.gadget import Example, Family, Gadget, family
from symcircuits.circuits.gadgets._finite import few_points, plus, variables, whole, within
from symcircuits.kernel.term import ONE, Term, constant


@family("argmax", (3, 4), (4, 2))
def argmax(n: int, bound: int) -> Gadget:
    """For integers from -bound to bound: output i is 1 where x_i is the first of the largest, else 0.

    Two hidden layers, n*(n - 1) neurons that detect by how much x_i fails against each other, and n that find no fail.
    """
    whole("the number of integers", n, 2)
    few_points(f"argmax of {n} integers from {-whole('the bound', bound, 1)} to {bound}", (2 * bound + 1) ** min(n, 99))
    inputs = symbols(f"x1:{n + 1}", real=True)
    fails = {(i, j): Symbol(f"z{i + 1}_{j + 1}", real=True) for i, j in permutations(range(n), 2)}
    detectors = [Neuron(wire, _lack(inputs, *pair), "greaterness detector") for pair, wire in fails.items()]
    wins = symbols(f"y1:{n + 1}", real=True)
    sums = [1 - sum(fails[i, j] for j in range(n) if j != i) for i in range(n)]
    winners = [Neuron(win, argument, "threshold") for win, argument in zip(wins, sums, strict=True)]
    rising = tuple(min(place, bound) for place in range(n))
    return Gadget(
        f"argmax_{n}_{bound}",
        f"Argmax of {n} integers",
        Circuit(f"argmax of {n}", inputs, (*detectors, *winners), wins),
        tuple(_margin(variables(inputs), i) for i in range(n)),
        "A number wins that fails against none; the target clips to [0, 1] the least margin x_i - x_j, plus 1 for j > "
        "i, so that it is 1 exactly where x_i exceeds all before it and none after it exceeds x_i.",
        (Example((bound,) * n, _one_hot(n, 0)), Example(rising, _one_hot(n, rising.index(max(rising))))),
        where=within(inputs, f"{-bound}..{bound}"),
    )


def _lack(inputs: tuple[Symbol, ...], i: int, j: int) -> Expr:
    """What x_i would need more so as to win against x_j."""
    return inputs[j] - inputs[i] + (1 if j < i else 0)


def _margin(numbers: tuple[Term, ...], i: int) -> Term:
    margins = [
        plus((1, numbers[i]), (-1, other), *([(1, ONE)] if j > i else [])) for j, other in enumerate(numbers) if j != i
    ]
    return Term("max", (constant(0), Term("min", (constant(1), *margins))))


def _one_hot(n: int, place: int) -> tuple[int, ...]:
    return tuple(int(at == place) for at in range(n))


FAMILIES: tuple[Family, ...] = (argmax,)
GADGETS = ()
