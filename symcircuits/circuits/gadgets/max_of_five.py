"""The maximum of five numbers with two hidden layers, one less than a tournament has.

That two are enough was found by Bakaev, Brunck, Hertrich, Stade and Yehudayoff (2025, arXiv:2505.14338). Both circuits
here have the same first layer, ten neurons that give x2 and, with m_ij for the maximum of x_i and x_j, the differences

    A = m12 - x2,  B = m23 - x2,  C = m24 - x2,  D = m25 - x2,  P = m13 - x2,  Q = m45 - x2.

The second layers are two identities for the maximum. One has 9 terms and what is linear in the first layer:

    x2 + A/4 + B/4 - D/2 + relu(Q - P) + relu(P)/2 + relu(Q)/2 + relu(B + D - A - C)/4 + relu(A + D - B - C)/4
        - (relu(Q - P + A - C) + relu(Q - P + A - D) + relu(Q - P + B - C) + relu(Q - P + B - D))/4

The other has 6, since max(u, v) = v + relu(u - v):

    max(m12 + m24, m23 + m25)/2 - max(m12 + m45, m13 + m25)/2 - max(m13 + m24, m23 + m45)/2
        + max(m12, x3)/2 + max(m24, x5)/2 + max(m13, m45)
"""

from __future__ import annotations

from fractions import Fraction

from sympy import Expr, Max, Rational, symbols

from symcircuits.circuits.circuit import Circuit, Neuron
from symcircuits.circuits.gadget import Example, Gadget

INPUTS = x1, x2, x3, x4, x5 = symbols("x1:6", real=True)
WIRES = A, B, C, D, p, q, below3, below5, plus2, minus2 = symbols("A B C D p q b3 b5 p2 n2", real=True)
ARGUMENTS = (x1 - x2, x3 - x2, x4 - x2, x5 - x2, x1 - x3, x4 - x5, x2 - x3, x2 - x5, x2, -x2)
ROLES = ("greaterness detector",) * 8 + ("positiveness detector", "negativeness detector")
FIRST = tuple(map(Neuron, WIRES, ARGUMENTS, ROLES))
SECOND = plus2 - minus2
P, Q = B - below3 + p, D - below5 + q
HALF, QUARTER = Rational(1, 2), Rational(1, 4)
EXAMPLES = (
    Example((3, 5, 2, 7, 4), 7),
    Example((-3, -5, -2, -7, -4), -2),
    Example((1, Fraction(1, 2), 1, 1, Fraction(3, 2)), Fraction(3, 2)),
)


def _circuit(name: str, terms: tuple[tuple[Expr, Expr], ...], linear: Expr) -> Circuit:
    """The sum of c*relu(t) over the terms (c, t), and of what is linear in the first layer."""
    wires = symbols(f"h1:{len(terms) + 3}", real=True)
    pair = (Neuron(wires[-2], linear, "positiveness detector"), Neuron(wires[-1], -linear, "negativeness detector"))
    second = (*(Neuron(wire, argument) for wire, (_, argument) in zip(wires, terms, strict=False)), *pair)
    output = sum((weight * wire for wire, (weight, _) in zip(wires, terms, strict=False)), start=wires[-2] - wires[-1])
    return Circuit(name, INPUTS, (*FIRST, *second), (output,))


MAX_OF_FIVE = Gadget(
    "max_of_five",
    "Maximum of five numbers in two hidden layers",
    _circuit(
        "max of five",
        (
            (1, Q - P),
            (HALF, P),
            (HALF, Q),
            (QUARTER, B + D - A - C),
            (QUARTER, A + D - B - C),
            *((-QUARTER, Q - P + left - right) for left in (A, B) for right in (C, D)),
        ),
        SECOND + A / 4 + B / 4 - D / 2,
    ),
    Max(*INPUTS),
    "Nine neurons of the second layer compare sums of maxima of two numbers, two reconstruct what is linear in these.",
    EXAMPLES,
)
MAX_OF_FIVE_NARROW = Gadget(
    "max_of_five_narrow",
    "Maximum of five numbers in two hidden layers, by six maxima",
    _circuit(
        "max of five by six maxima",
        (
            (HALF, A + C - B - D),
            (-HALF, A + Q - P - D),
            (-HALF, P + C - B - Q),
            (HALF, A + below3 - B),
            (HALF, C + below5 - D),
            (1, P - Q),
        ),
        SECOND + (B - below3 + D - below5 - P + Q) / 2,
    ),
    Max(*INPUTS),
    "Each of six maxima of sums is one of the sums plus the amount by which the other exceeds it; a pair "
    "reconstructs the rest.",
    EXAMPLES,
)
GADGETS = (MAX_OF_FIVE, MAX_OF_FIVE_NARROW)
FAMILIES = ()
