"""Sum, difference and absolute value with one hidden layer: a reconstructor of the combination, or both detectors."""

from sympy import Abs

from symcircuits.circuits.circuit import Circuit, Neuron
from symcircuits.circuits.gadget import Example, Gadget
from symcircuits.circuits.gadgets._wires import x, x1, x2, z1, z2

ABS = Gadget(
    "abs",
    "Absolute value",
    Circuit(
        "abs",
        (x,),
        (Neuron(z1, x, "positiveness detector"), Neuron(z2, -x, "negativeness detector")),
        (z1 + z2,),
    ),
    Abs(x),
    "Of the two detectors of x one gives the size of x, the other 0.",
    (Example((3,), 3), Example((-5,), 5)),
)
ADD = Gadget(
    "add",
    "Sum",
    Circuit(
        "add",
        (x1, x2),
        (
            Neuron(z1, x1 + x2, "positiveness detector"),
            Neuron(z2, -x1 - x2, "negativeness detector"),
        ),
        (z1 - z2,),
    ),
    x1 + x2,
    "The reconstructor circuit of x1 + x2.",
    (Example((3, 5), 8), Example((3, -5), -2)),
)
SUBTRACT = Gadget(
    "subtract",
    "Difference",
    Circuit(
        "subtract",
        (x1, x2),
        (
            Neuron(z1, x1 - x2, "greaterness detector"),
            Neuron(z2, x2 - x1, "greaterness detector"),
        ),
        (z1 - z2,),
    ),
    x1 - x2,
    "The reconstructor circuit of x1 - x2.",
    (Example((3, 5), -2), Example((3, -5), 8)),
)
GADGETS = (ABS, ADD, SUBTRACT)
