"""The identity and its negative through a hidden layer: reconstructor circuits, and the family of their weights."""

from fractions import Fraction

from symcircuits.circuits.circuit import Circuit, Neuron
from symcircuits.circuits.gadget import Example, Gadget
from symcircuits.circuits.gadgets._wires import w1, w2, x, z1, z2

PAIR = (Neuron(z1, x, "positiveness detector"), Neuron(z2, -x, "negativeness detector"))

IDENTITY = Gadget(
    "identity",
    "Identity, the reconstructor circuit",
    Circuit("identity", (x,), PAIR, (z1 - z2,)),
    x,
    "A positive and a negative reconstructor side by side pass every x on.",
    (Example((3,), 3), Example((-5,), -5)),
)
NEGATIVE_IDENTITY = Gadget(
    "negative_identity",
    "Negative identity, the negative reconstructor circuit",
    Circuit("negative identity", (x,), PAIR, (z2 - z1,)),
    -x,
    "The identity with both output weights turned round.",
    (Example((3,), -3), Example((-5,), 5)),
)
FAMILY = Gadget(
    "identity_family",
    "All weights of the identity",
    Circuit(
        "identity family",
        (x,),
        (Neuron(z1, w1 * x, "positiveness detector"), Neuron(z2, w2 * x, "negativeness detector")),
        (z1 / w1 + z2 / w2,),
    ),
    x,
    "Infinitely many optimal solutions: each neuron's scale is free, its output weight undoes it; w1 > 0 and w2 < 0.",
    (
        Example((3,), 3, {"w1": 2, "w2": Fraction(-1, 2)}),
        Example((-5,), -5, {"w1": 2, "w2": Fraction(-1, 2)}),
    ),
)
GADGETS = (IDENTITY, NEGATIVE_IDENTITY, FAMILY)
