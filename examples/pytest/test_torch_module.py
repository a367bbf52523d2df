# A torch module is proved to compute a minimum. Run: pytest examples/pytest/test_torch_module.py
import torch
from torch import nn

from symcircuits.testing import assert_circuit_equal

NET = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
WEIGHTS = [[[1.0, -1.0], [1.0, 0.0], [-1.0, 0.0]], [0.0, 0.0, 0.0], [[-1.0, 1.0, -1.0]], [0.0]]
NET.load_state_dict(dict(zip(NET.state_dict(), map(torch.tensor, WEIGHTS), strict=True)))


def test_the_module_computes_the_minimum():
    assert_circuit_equal(NET, "min(x1, x2)")
