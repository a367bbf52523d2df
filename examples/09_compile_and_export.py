# Compile an expression to a network, write it as a file of floats, and read what was rounded.
import tempfile

from sympy import Abs, Max, Rational, symbols

from symcircuits import compile, read_network, write_network

x, y = symbols("x y", real=True)
compiled = compile(Max(x, y, Abs(x - y) / 3), goal="depth")
print(compiled.network.shape, "at 1, 2:", compiled.network.run(1, 2)[0])
print("proved:", compiled.theorem.claim.goal.left, "==", "the network")

with tempfile.TemporaryDirectory() as folder:
    path = f"{folder}/net.npz"
    print(write_network(compiled.network, path, box=[(-1, 1), (-1, 1)]))
    back = read_network(path)
    error = back.run(0, 1)[0] - compiled.network.run(0, 1)[0]
    print("the file is off by less than 1e-15 at 0, 1:", abs(error) < Rational(1, 10**15))

# Output:
# 2-4-3-1 at 1, 2: 2
# proved: max(x, y, abs(x - y)/3) == the network
# net.npz: 2 of 31 weights were rounded; on the box no output changes by more than 1.12e-16
# the file is off by less than 1e-15 at 0, 1: True
