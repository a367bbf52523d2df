"""Lists of NumPy arrays and `.npz` files in their variants."""

from fractions import Fraction

import numpy as np
import pytest

from symcircuits.errors import InvalidCircuit
from symcircuits.formats.arrays import from_numpy, read_npz

W1, B1 = np.array([[1.0, -2.0], [0.1, 0.0], [3.0, 4.0]]), np.array([0.5, 0.0, -1.0])
W2, B2 = np.array([[1.0, 1.0, -1.0]]), np.array([0.25])
KNOWN = from_numpy([W1, W2], [B1, B2])
NAMES = {
    "ours": ("W1", "b1", "W2", "b2"),
    "small": ("w1", "b1", "w2", "b2"),
    "long": ("weights_1", "biases_1", "weights_2", "biases_2"),
    "from 9 to 10": ("W9", "b9", "W10", "b10"),
    "layers": ("fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"),
    "numbered layers": ("net.2.weight", "net.2.bias", "net.10.weight", "net.10.bias"),
    "none": ("arr_0", "arr_1", "arr_2", "arr_3"),
}


def test_floats_are_the_rationals_they_are():
    assert KNOWN.run(1, 0) == (Fraction(3, 2) + Fraction(0.1) - 2 + Fraction(1, 4),)
    assert from_numpy([W1.astype(np.float32)], [None]).run(1, 0)[1] == Fraction(float(np.float32(0.1)))
    assert from_numpy([W1.astype(np.float16)], [B1]).run(1, 0)[1] == Fraction(float(np.float16(0.1)))


def test_integers_and_fractions_are_kept():
    thirds = np.array([[Fraction(1, 3), 2]], dtype=object)
    assert from_numpy([thirds], [np.array([1])]).run(1, 1) == (Fraction(10, 3),)
    assert from_numpy([np.array([[2**60 + 1]])], [None]).run(1) == (2**60 + 1,)


@pytest.mark.parametrize("case", NAMES)
def test_names_of_arrays(tmp_path, case):
    np.savez(tmp_path / "net.npz", **dict(zip(NAMES[case], (W1, B1, W2, B2), strict=True)))
    assert read_npz(tmp_path / "net.npz").layers == KNOWN.layers


def test_compressed_files_and_boxes(tmp_path):
    np.savez_compressed(tmp_path / "net.npz", W1=W1, b1=B1, W2=W2, b2=B2, box=np.array([[-1, 1], [0, 0.5]]))
    net = read_npz(tmp_path / "net.npz")
    assert net.layers == KNOWN.layers and net.box == ((-1, 1), (0, Fraction(1, 2)))


def test_matrices_that_fit_only_transposed_are():
    assert from_numpy([W1.T, W2.T], [B1, B2]).layers == KNOWN.layers


def test_a_bias_may_be_left_out_or_a_column():
    assert from_numpy([W1, W2], [None, B2]).layers == from_numpy([W1, W2], [np.zeros(3), B2]).layers
    assert from_numpy([W1, W2], [B1[:, None], B2]).layers == KNOWN.layers


@pytest.mark.parametrize(
    ("weights", "biases", "reason"),
    [
        ([], [], "0 weight matrices do not fit 0 biases"),
        ([W1], [B1, B2], "1 weight matrices do not fit 2 biases"),
        ([W1.tolist()], [B1], "weights 1: list is not an array of real numbers"),
        ([W1.astype(np.longdouble)], [B1], "use float64"),
        ([np.zeros((0, 3))], [None], "weights 1: the array is empty"),
    ],
    ids=["none", "counts", "list", "long", "empty"],
)
def test_bad_lists_are_refused(weights, biases, reason):
    with pytest.raises(InvalidCircuit, match=reason):
        from_numpy(weights, biases)
