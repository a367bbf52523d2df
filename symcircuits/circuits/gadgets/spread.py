"""The range of n numbers, the largest less the smallest: one hidden layer of n neurons for two and three numbers."""

from __future__ import annotations

from fractions import Fraction

from symcircuits.circuits.circuit import Circuit, Neuron
from symcircuits.circuits.gadget import Example, Family, Gadget, Verified, family
from symcircuits.circuits.gadgets._composed import composed
from symcircuits.circuits.gadgets._forms import numbered
from symcircuits.circuits.gadgets._parameters import natural
from symcircuits.circuits.gadgets._wires import x1, x2, x3, z1, z2, z3
from symcircuits.circuits.gadgets.minimum import maximum, minimum
from symcircuits.kernel.term import Term, total, variable

OF_TWO = Circuit(
    "range of two",
    (x1, x2),
    (Neuron(z1, x1 - x2, "greaterness detector"), Neuron(z2, x2 - x1, "greaterness detector")),
    (z1 + z2,),
)
OF_THREE = Circuit(
    "range of three",
    (x1, x2, x3),
    (
        Neuron(z1, x1 - x2, "greaterness detector"),
        Neuron(z2, x2 - x3, "greaterness detector"),
        Neuron(z3, x3 - x1, "greaterness detector"),
    ),
    (z1 + z2 + z3,),
)
NOTES = {
    2: "Both greaterness detectors; one of them gives the distance, the other 0.",
    3: "Round the circle x1, x2, x3 all that is lost in falls is the range, which is all that is won in rises.",
}


@family("range", (2,), (3,), (4,))
def spread(n: int) -> Gadget:
    """The largest of n numbers less the smallest."""
    size = natural("range: the number of inputs", n, 2)
    inputs = numbered(size)
    names = tuple(variable(symbol.name) for symbol in inputs)
    source: Circuit | Verified = {2: OF_TWO, 3: OF_THREE}.get(size, OF_TWO)
    if size > 3:
        source = composed(f"range_{size}", inputs, maximum(size)(*inputs) - minimum(size)(*inputs))
    return Gadget(
        f"range_{size}",
        f"Range of {size} numbers",
        source,
        total([(Fraction(1), Term("max", names)), (Fraction(-1), Term("min", names))]),
        NOTES.get(size, "The tournament of maximum circuits less that of minimum circuits."),
        (Example(tuple(range(size)), size - 1), Example((Fraction(1, 2),) * size, 0)),
    )


FAMILIES: tuple[Family, ...] = (spread,)
GADGETS = ()
