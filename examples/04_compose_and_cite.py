# Compose the minimum of four numbers from three minimum circuits; the proof cites the part and never looks inside.
from sympy import Min, symbols

from symcircuits import Circuit
from symcircuits.circuits.circuit import Block
from symcircuits.circuits.gadgets import gadget
from symcircuits.circuits.theorem import prove_circuit

minimum = gadget("min")
print(minimum.theorem)

a, b, c, d = inputs = symbols("a b c d", real=True)
left, right, out = symbols("left right out", real=True)
blocks = (
    Block((left,), minimum.circuit, (a, b)),
    Block((right,), minimum.circuit, (c, d)),
    Block((out,), minimum.circuit, (left, right)),
)
four = Circuit("min of four", inputs, blocks, (out,))
print("layers of", four.widths, "neurons;", "at 3, -5, 2, 7:", four.run(3, -5, 2, 7)[0])

known = {minimum.circuit: (minimum.target, minimum.theorem)}
theorem = prove_circuit(four, Min(*inputs), known)
print("proves", theorem.claim.goal.right)
print("cites:", theorem.certificate.count('"cite"'), "cases:", theorem.certificate.count('"split"'))

# Output:
# Theorem: for all real x1, x2: relu(x1) - relu(x1 - x2) - relu(-x1) == min(x1, x2)
# layers of (6, 3) neurons; at 3, -5, 2, 7: -5
# proves min(a, b, c, d)
# cites: 3 cases: 0
