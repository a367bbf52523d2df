# Infinitely many networks at once: the identity with any positive and any negative input weight.
from sympy import Symbol, symbols

from symcircuits import Circuit, prove
from symcircuits.circuits.circuit import Neuron
from symcircuits.circuits.theorem import prove_circuit

x, z1, z2 = symbols("x z1 z2", real=True)
p, n = Symbol("p", positive=True), Symbol("n", negative=True)

# Each neuron's scale is free: its output weight undoes it.
family = Circuit("identity", (x,), (Neuron(z1, p * x), Neuron(z2, n * x)), (z1 / p + z2 / n,))
print(prove_circuit(family, x))

# One member of the family, run exactly.
weights = {"p": "1/3", "n": -7}
for value in (3, -5):
    print(value, "->", family.run(value, parameters=weights)[0])
    for wire, before, after in family.activations(value, parameters=weights)[0]:
        print("  ", wire, "before", before, "after", after)

# The sign matters: with two positive weights it is no identity.
q = Symbol("q", positive=True)
wrong = Circuit("not the identity", (x,), (Neuron(z1, p * x), Neuron(z2, q * x)), (z1 / p + z2 / q,))
print(prove((wrong.expr, x)))

# Output:
# Theorem: for all real x, p, n with n < 0, p > 0: relu(p*x)/p + relu(n*x)/n == x
# 3 -> 3
#    z1 before 1 after 1
#    z2 before -21 after 0
# -5 -> -5
#    z1 before -5/3 after 0
#    z2 before 35 after 35
# at x = -1, p = 1, q = 1: left side 0, right side -1
