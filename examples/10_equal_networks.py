# Two networks with permuted and rescaled neurons are equal, with a certificate; one weight moved, and a point tells.
import numpy as np

from symcircuits import equal, network

rng = np.random.default_rng(0)
shapes = [(30, 5), (30, 30), (2, 30)]
layers = [(rng.normal(size=s).astype(np.float32), rng.normal(size=s[0]).astype(np.float32)) for s in shapes]
names = [f"x{at}" for at in range(1, 6)]
first = network("first", names, layers)

order, scales = rng.permutation(30), 2.0 ** rng.integers(-3, 4, size=30)
(W1, b1), (W2, b2), output = layers
scaled = scales.astype(np.float32)
second = network(
    "second", names, [(W1[order] * scaled[:, None], b1[order] * scaled), (W2[:, order] / scaled, b2), output]
)
print(first.shape, bool(equal(first, second)), equal(first, second).method)

moved = [(W.copy(), b.copy()) for W, b in layers]
moved[1][0][3, 4] = np.nextafter(moved[1][0][3, 4], np.float32(np.inf))
answer = equal(first, network("moved", names, moved))
print(
    bool(answer),
    "a point where they differ:",
    len(answer.point),
    "coordinates; gap not zero:",
    answer.left != answer.right,
)

# Output:
# 5-30-30-2 True canonical form
# False a point where they differ: 5 coordinates; gap not zero: True
