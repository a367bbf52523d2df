# Prove that a ReLU network computes the minimum of two numbers, from text and from SymPy expressions.
from sympy import Min, symbols

from symcircuits import cross_check, prove, relu

theorem = prove("min(a, b) == b - relu(b - a)")
print(theorem)

a, b = symbols("a b", real=True)
same = prove((Min(a, b), b - relu(b - a)))
print(same.claim == theorem.claim)

# A claim may hold on a part of space only.
print(prove("max(0, min(1, x)) == x", where="0 <= x <= 1"))

# Long expressions are built from named parts.
print(prove("m - relu(m - c) == min(a, b, c)", let=[("m", "b - relu(b - a)")]))

# Neither prover nor kernel is trusted here: both sides are evaluated at many exact points.
print("tried at more than 20 points:", cross_check(theorem, examples=50) > 20)

# Output:
# Theorem: for all real a, b: min(a, b) == b - relu(b - a)
# True
# Theorem: for all real x with 0 <= x, x <= 1: max(0, min(1, x)) == x
# Theorem: for all real b, a, c: (b - relu(b - a)) - relu((b - relu(b - a)) - c) == min(a, b, c)
# tried at more than 20 points: True
