# A circuit is a SymPy expression: differentiate it, substitute, compile it to NumPy, print it in LaTeX.
import numpy as np
from sympy import Rational, lambdify, latex, symbols

from symcircuits import Circuit, relu
from symcircuits.circuits.circuit import Neuron

# A hat: 0 outside of 0..2, with its top 1 at x = 1.
x, z1, z2, z3 = symbols("x z1 z2 z3", real=True)
neurons = (Neuron(z1, x), Neuron(z2, x - 1), Neuron(z3, x - 2))
hat = Circuit("hat", (x,), neurons, (z1 - 2 * z2 + z3,))

print(hat.expr, "with", hat.widths[0], "neurons, output weights", hat.layers[1].weights)
print("exactly at 4/3:", hat.run("4/3")[0], "and by SymPy:", hat.expr.subs(x, Rational(4, 3)))
for wire, before, after in hat.activations(Rational(4, 3))[0]:
    print(wire, "before", before, "after", after)

print("slope:", hat.expr.diff(x))
print("slope at 1/2:", hat.expr.diff(x).subs(x, Rational(1, 2)))
print(latex(hat.expr))

fast = lambdify(x, hat.expr, "numpy")
print("NumPy:", fast(np.array([-1.0, 0.5, 1.0, 1.5, 3.0])))
print("of relu(x):", hat.expr.subs(x, relu(x)))

# Output:
# relu(x) + relu(x - 2) - 2*relu(x - 1) with 3 neurons, output weights Matrix([[1, -2, 1]])
# exactly at 4/3: 2/3 and by SymPy: 2/3
# z1 before 4/3 after 4/3
# z2 before 1/3 after 1/3
# z3 before -2/3 after 0
# slope: Heaviside(x, 0) + Heaviside(x - 2, 0) - 2*Heaviside(x - 1, 0)
# slope at 1/2: 1
# \operatorname{relu}\left(x\right) + \operatorname{relu}\left(x - 2\right) - 2 \operatorname{relu}\left(x - 1\right)
# NumPy: [0.  0.5 1.  0.5 0. ]
# of relu(x): relu(x) + relu(relu(x) - 2) - 2*relu(relu(x) - 1)
