"""The theorems about a Piecewise: one for each polyhedron on which one of its branches holds."""

from __future__ import annotations

from typing import Any

from sympy import Basic, Piecewise

from symcircuits.circuits.network import Network
from symcircuits.errors import InvalidCircuit
from symcircuits.expr.piecewise import read_piecewise
from symcircuits.expr.relu import recognised, subexpressions
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.term import Claim, Comparison
from symcircuits.provers.prove import prove_claim


def prove_branches(expression: Any, network: Network, seconds: float | None = None) -> tuple[Theorem, ...]:
    """For each branch of each Piecewise in an expression, that it equals the branch on the closure of where it holds.

    "It" is the network's output where the whole expression is the Piecewise, else the term that it is read as.

    >>> from sympy import Symbol
    >>> from symcircuits.circuits.compiler.compile import compile
    >>> x = Symbol("x", real=True)
    >>> for theorem in compile(Piecewise((0, x < 0), (2 * x, x < 1), (x + 1, True))).branches:
    ...     print(theorem.claim)
    for all real x with -x >= 0: 2*relu(x) - relu(x - 1) == 0
    for all real x with x >= 0, -x + 1 >= 0: 2*relu(x) - relu(x - 1) == 2*x
    for all real x with x - 1 >= 0: 2*relu(x) - relu(x - 1) == x + 1
    """
    found: list[Theorem] = []
    roots = list(expression) if isinstance(expression, tuple | list) else [expression]
    whole = roots[0] if len(roots) == 1 else None
    for part in subexpressions(one for one in roots if isinstance(one, Basic)):
        if not isinstance(part, Piecewise) or recognised(part) is not None:
            continue
        reading = read_piecewise(part)
        subject = network.terms[0] if part is whole else reading.term
        for branch in reading.branches:
            answer = prove_claim(Claim(Comparison(subject, "==", branch.value), branch.where), seconds)
            if not isinstance(answer, Theorem):
                raise InvalidCircuit(f"the branch {branch.value} of {part} is not proved: {answer}")
            found.append(answer)
    return tuple(found)
