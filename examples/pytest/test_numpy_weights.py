# NumPy weights are proved to stay near a square. Run: pytest examples/pytest/test_numpy_weights.py
import numpy as np

from symcircuits.testing import assert_circuit_le, assert_circuit_within

WEIGHTS = [np.array([[1.0], [1.0]]), np.array([0.0, -0.5]), np.array([[0.5, 1.0]]), np.array([0.0])]


def test_the_network_is_near_the_square():
    assert_circuit_within(WEIGHTS, "x1**2", bound="1/16", domain="0 <= x1 <= 1")


def test_the_network_stays_below_the_line():
    assert_circuit_le(WEIGHTS, "x1", domain="0 <= x1 <= 1")
