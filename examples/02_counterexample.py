# A false claim is no error: the answer is an exact point at which anyone can see that it is false.
from symcircuits import prove

found = prove("min(a, b) == b - relu(a - b)")
print(type(found).__name__)
print(found)

# The point and both values are exact fractions.
a, b = found.point["a"], found.point["b"]
print("by hand:", min(a, b), "is not", b - max(0, a - b))

# On the line a == b both sides are a, so there the claim is a theorem.
print(prove("min(a, b) == b - relu(a - b)", where="a == b"))

# The point always lies in the domain, strictly where the domain is strict.
print(prove("relu(x) >= 2*x - 1", where="x > 1"))

# Output:
# Counterexample
# at a = 1, b = 0: left side 0, right side -1
# by hand: 0 is not -1
# Theorem: for all real a, b with a == b: min(a, b) == b - relu(a - b)
# at x = 2: left side 2, right side 3
