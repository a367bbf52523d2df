"""The symbols that gadgets use: real inputs and wires, and parameters with a sign."""

from sympy import Symbol, symbols

x, y = symbols("x y", real=True)
x1, x2, x3, x4 = symbols("x1:5", real=True)
z, z1, z2, z3, z4, z5 = symbols("z z1:6", real=True)
m, m12, m34 = symbols("m m12 m34", real=True)
w1 = Symbol("w1", positive=True)
w2 = Symbol("w2", negative=True)
