# Simplify piecewise-linear expressions and fuse layers of circuits; each result comes with its theorem.
from sympy import Abs, Max, symbols

from symcircuits import fuse, relu, simplify
from symcircuits.circuits.gadgets import gadget

a, b, x = symbols("a b x", real=True)

for expression in (
    b - relu(b - a),
    relu(x) - relu(-x),
    (a + b) / 2 + Abs(a - b) / 2,
    Max(a, b) - relu(a - b),
):
    print(expression, "=", simplify(expression).expr)

print(simplify(relu(relu(x) - 1)).theorem)

# Where the domain is small, less is needed.
print(simplify(relu(x) + relu(x - 1), where="x >= 1").theorem)

# The minimum circuit of the appendix has a second hidden layer that it does not need.
before = gadget("min_two_layers").circuit
after, theorem = fuse(before)
print(before.widths, "->", after.widths)
print("to", theorem.claim.goal.right)

# Output:
# b - relu(-a + b) = Min(a, b)
# -relu(-x) + relu(x) = x
# a/2 + b/2 + Abs(a - b)/2 = Max(a, b)
# -relu(a - b) + Max(a, b) = b
# Theorem: for all real x: relu(relu(x) - 1) == relu(x - 1)
# Theorem: for all real x with x >= 1: relu(x) + relu(x - 1) == 2*x - 1
# (3, 2) -> (3,)
# to relu(x1) - relu(x1 - x2) - relu(-x1)
