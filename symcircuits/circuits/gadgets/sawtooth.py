"""The tent and the sawtooth, which is the tent put into itself: 2**m linear pieces on [0, 1] with 2*m neurons.

Telgarsky (arXiv:1602.04485): a network of one hidden layer needs a neuron for each of the pieces.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symcircuits.circuits.circuit import Circuit, Neuron
from symcircuits.circuits.gadget import Example, Family, Gadget, family
from symcircuits.circuits.gadgets._parameters import natural
from symcircuits.circuits.gadgets._wires import x, z1, z2

TENT = Gadget(
    "tent",
    "Tent",
    Circuit(
        "tent",
        (x,),
        (Neuron(z1, 2 * x - 1, "threshold detector"), Neuron(z2, 1 - 2 * x, "threshold detector")),
        (1 - z1 - z2,),
    ),
    "min(2*x, 2 - 2*x)",
    "Rises from 0 at 0 to 1 at 1/2 and falls to 0 at 1; outside it goes on downwards.",
    (Example((Fraction(1, 4),), Fraction(1, 2)), Example((Fraction(1, 2),), 1), Example((2,), -2)),
)


@family("sawtooth", (2,), (3,))
def sawtooth(m: int) -> Gadget:
    """The tent applied m times: on [0, 1] a wave of 2**(m - 1) tents."""
    depth = natural("sawtooth: the depth", m)
    applied: Any = TENT
    for _ in range(depth - 1):
        applied = applied >> TENT
    step = Fraction(1, 2**depth)
    return Gadget(
        f"sawtooth_{depth}",
        f"Sawtooth of depth {depth}",
        applied,
        applied.targets[0],
        "Every tent folds its input once more, so that depth doubles the teeth that width can only add.",
        (Example((step,), 1), Example((2 * step,), 0), Example((1 - step / 2,), Fraction(1, 2))),
    )


FAMILIES: tuple[Family, ...] = (sawtooth,)
GADGETS = (TENT,)
