# Errors against a square are bounded, and claims over finitely many values are decided, each with a certificate.
from symcircuits import gadget, prove

square = gadget("square", 3)
print(square.circuit.widths, "within", square.bound, "of x*x on [0, 1]")
print(len(square.theorem.certificate), "bytes of certificate")

print(prove("relu(a + b - 1) == a*b", where="a, b in {0, 1}"))
print(prove("relu(a + b - 1) == a*b", where="a in 0..2, b in {0, 1}"))

# Output:
# (2, 2, 2) within 1/256 of x*x on [0, 1]
# 4895 bytes of certificate
# Theorem: for all real a, b with a in {0, 1}, b in {0, 1}: relu(a + b - 1) == a*b
# at a = 2, b = 0: left side 1, right side 0
