# Gadgets compose by calling; the composition carries its theorem, proved by citing the theorems of its parts.
from sympy import symbols

from symcircuits import gadget

a, b, c = symbols("a b c", real=True)
MIN, MAX = gadget("min"), gadget("max")

median = MAX(MIN(a, b), MIN(MAX(a, b), c))
print("hidden layers of", median.widths, "neurons; at 3, 1, 2:", median.run(3, 1, 2)[0])
print("proves", median.theorem.claim.goal.right)
print(median.tree)

spread = 2 * MAX(a, b) - MIN(a, b)
print(spread.theorem.claim.goal.right)

# Output:
# hidden layers of (6, 5, 1) neurons; at 3, 1, 2: 2
# proves max(min(a, b), min(max(a, b), c))
# max(min(a, b), min(max(a, b), c)): 12 neurons
#   min1 = min: 3 neurons
#   max1 = max: 3 neurons
#   min2 = min: 3 neurons
#   max2 = max: 3 neurons
# -min(a, b) + 2*max(a, b)
