# Every linear piece of a function, as its affine map and the inequalities that bound it, each provable.
from sympy import Max, Min, symbols

from symcircuits import cells, pieces

x, y = symbols("x y", real=True)
f = Max(Min(x, y), 0)
for piece in pieces(f):
    print(piece)
print(len(cells(f)), "activation cells")

for theorem in pieces(Max(x, 0))[1].prove():
    print(theorem)

# Output:
# 0 where x <= y, x <= 0 or x >= y, y <= 0
# x where x <= y, x >= 0
# y where x >= y, y >= 0
# 4 activation cells
# Theorem: for all real x with x >= 0: max(0, x) == x
