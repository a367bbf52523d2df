"""Features: what a single neuron detects, and what passes on one sign of its input.

The positiveness detector of x is relu(x), the negativeness detector relu(-x), the greaterness detector of x1 > x2 the
positiveness detector of x1 - x2 (Osier, Mathematical Circuits in Neural Networks, 2022).
"""

from sympy import Max, Min

from symcircuits.circuits.circuit import Circuit, Neuron
from symcircuits.circuits.gadget import Example, Gadget
from symcircuits.circuits.gadgets._wires import x, x1, x2, z, z1, z2

POSITIVENESS = Gadget(
    "positiveness_detector",
    "Positiveness detector",
    Circuit("positiveness detector", (x,), (Neuron(z, x, "positiveness detector"),), (z,)),
    Max(0, x),
    "The neuron is on where x > 0, and then gives x.",
    (Example((3,), 3), Example((-5,), 0)),
)
NEGATIVENESS = Gadget(
    "negativeness_detector",
    "Negativeness detector",
    Circuit("negativeness detector", (x,), (Neuron(z, -x, "negativeness detector"),), (z,)),
    Max(0, -x),
    "The neuron is on where x < 0, and then gives -x.",
    (Example((3,), 0), Example((-5,), 5)),
)
GREATERNESS = Gadget(
    "greaterness_detector",
    "Greaterness detector",
    Circuit("greaterness detector", (x1, x2), (Neuron(z, x1 - x2, "greaterness detector"),), (z,)),
    Max(0, x1 - x2),
    "The positiveness detector of x1 - x2 is on where x1 > x2.",
    (Example((3, 5), 0), Example((3, -5), 8)),
)
POSITIVE_RECONSTRUCTOR = Gadget(
    "positive_reconstructor",
    "Positive reconstructor",
    Circuit("positive reconstructor", (x,), (Neuron(z, x, "positiveness detector"),), (z,)),
    x - Min(0, x),
    "Passes x on where it is positive.",
    (Example((3,), 3), Example((-5,), 0)),
)
NEGATIVE_RECONSTRUCTOR = Gadget(
    "negative_reconstructor",
    "Negative reconstructor",
    Circuit("negative reconstructor", (x,), (Neuron(z, -x, "negativeness detector"),), (-z,)),
    Min(0, x),
    "Passes x on where it is negative.",
    (Example((3,), 0), Example((-5,), -5)),
)
SIGN_SPLIT = Gadget(
    "sign_split",
    "Sign split",
    Circuit(
        "sign split",
        (x,),
        (Neuron(z1, x, "positiveness detector"), Neuron(z2, -x, "negativeness detector")),
        (z1, z2),
    ),
    (Max(0, x), Max(0, -x)),
    "Both detectors side by side: x is the first output less the second, its absolute value their sum.",
    (Example((3,), (3, 0)), Example((-5,), (0, 5))),
)
GADGETS = (POSITIVENESS, NEGATIVENESS, GREATERNESS, POSITIVE_RECONSTRUCTOR, NEGATIVE_RECONSTRUCTOR, SIGN_SPLIT)
