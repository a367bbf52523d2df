"""Networks written and read again, in every format; what was rounded; and what is refused."""

import os
import re
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from symcircuits.circuits.floats import rounded, rounding_error
from symcircuits.circuits.layered import carry
from symcircuits.circuits.network import Network, network
from symcircuits.circuits.running import to_numpy
from symcircuits.errors import InvalidCircuit
from symcircuits.formats.read import READERS, read_network
from symcircuits.formats.write import WRITERS, write_network
from symcircuits.kernel.networks import Layer

NEEDS = {".onnx": "onnx", ".pt": "torch"}
BOX = [(-2, 2), ("-1/2", 1)]


def dense(seed, denominator, widths=(2, 5, 4, 3), box=BOX):
    """A network of random multiples of 1/denominator."""
    rng = np.random.default_rng(seed)
    layers = []
    for before, here in pairwise(widths):
        rows = [[Fraction(int(n), denominator) for n in row] for row in rng.integers(-40, 41, (here, before))]
        layers.append((rows, [Fraction(int(n), denominator) for n in rng.integers(-40, 41, here)]))
    return network("dense", ["x1", "x2"], layers, box)


def with_skips():
    """max(x1, x2) and the network of a layer that reads the inputs and the first layer."""
    first = Layer((0, 1), ((1, -1), (2, 0)), (0, 1), (1, 4))
    second = Layer((0, 2, 3), ((1, 1, -3),), (1,), (2,))
    last = Layer((1, 2, 4), ((1, 1, 0), (0, 1, 5)), (0, 0), (1, 8))
    return Network("skips", ("x1", "x2"), (first, second, last))


def points(count=20):
    return [tuple(Fraction(int(n), 8) for n in row) for row in np.random.default_rng(1).integers(-16, 17, (count, 2))]


@pytest.fixture(params=WRITERS)
def suffix(request):
    if request.param in NEEDS:
        pytest.importorskip(NEEDS[request.param])
    return request.param


def test_floats_come_back_unchanged(tmp_path, suffix):
    net = dense(0, 64)
    report = write_network(net, tmp_path / f"net{suffix}")
    again = read_network(tmp_path / f"net{suffix}")
    assert again.layers == net.layers == report.written.layers
    assert report.changed == 0 and str(report) == f"net{suffix}: no weight was changed"
    if suffix not in NEEDS:
        assert again.box == net.box


@pytest.mark.parametrize("precision", [None, "float32", "float64"])
def test_what_was_rounded_is_bounded(tmp_path, suffix, precision):
    net = dense(1, 3)
    path = tmp_path / f"net{suffix}"
    report = write_network(net, path, precision)
    again = read_network(path)
    assert again.layers == report.written.layers
    assert (report.changed == 0) == (suffix == ".json" and precision is None)
    differences = [
        [abs(a - b) for a, b in zip(net.run(*point), again.run(*point), strict=True)]
        for point in points()
        if -2 <= point[0] <= 2 and Fraction(-1, 2) <= point[1] <= 1
    ]
    worst = [max(column) for column in zip(*differences, strict=True)]
    for bound, error in zip(report.errors, worst, strict=True):
        assert error <= bound <= 1000 * error + Fraction(1, 2**300)


def test_without_a_box_there_is_no_bound(tmp_path):
    net = dense(1, 3, box=None)
    report = write_network(net, tmp_path / "net.npz")
    assert report.errors is None and str(report).endswith("give a box for a bound on what that changes")
    assert write_network(net, tmp_path / "other.npz", box=BOX).errors == rounding(net)


def rounding(net):
    return rounding_error(net, rounded(net, "float64"), BOX)


def test_the_printed_bound_is_a_bound(tmp_path):
    report = write_network(dense(1, 3), tmp_path / "net.npz")
    printed = re.search(r"more than (\S+)", str(report))[1]
    assert max(report.errors) <= Fraction(printed) <= max(report.errors) * Fraction(101, 100)


@pytest.mark.parametrize("ending", [".json", ".onnx"])
def test_skip_connections_come_back(tmp_path, ending):
    if ending in NEEDS:
        pytest.importorskip(NEEDS[ending])
    net = with_skips()
    write_network(net, tmp_path / f"net{ending}")
    again = read_network(tmp_path / f"net{ending}")
    assert again.layers == net.layers if ending == ".json" else again.widths == net.widths
    assert [again.run(*point) for point in points()] == [net.run(*point) for point in points()]


@pytest.mark.parametrize("ending", [".npz", ".nnet", ".pt"])
def test_skip_connections_are_refused_with_the_remedy(tmp_path, ending):
    with pytest.raises(
        InvalidCircuit, match=r"write carry\(network\)\.network of circuits\.layered, or \.onnx or \.json"
    ):
        write_network(with_skips(), tmp_path / f"net{ending}")
    assert not list(tmp_path.iterdir())
    if ending not in NEEDS:
        write_network(carry(with_skips()).network, tmp_path / f"net{ending}")
        again = read_network(tmp_path / f"net{ending}")
        assert [again.run(*point) for point in points()] == [with_skips().run(*point) for point in points()]


@pytest.mark.parametrize(
    "make", [lambda: dense(2, 64), lambda: dense(3, 3), with_skips], ids=["floats", "thirds", "skips"]
)
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_onnx_runs_and_agrees(tmp_path, make, precision):
    pytest.importorskip("onnx")
    runtime = pytest.importorskip("onnxruntime")
    net, path = make(), tmp_path / "net.onnx"
    report = write_network(net, path, precision)
    batch = np.array(points(), dtype=float).astype(precision)
    (values,) = runtime.InferenceSession(path.read_bytes()).run(None, {"input": batch})
    assert values.dtype == precision
    expected = to_numpy(report.written)(batch.astype(object)).astype(float)
    tolerance = 1e-5 if precision == "float32" else 1e-13
    np.testing.assert_allclose(values, expected, rtol=tolerance, atol=tolerance * np.abs(expected).max())


def test_a_layer_that_reads_nothing_runs_in_onnx(tmp_path):
    pytest.importorskip("onnx")
    runtime = pytest.importorskip("onnxruntime")
    net = Network("net", ("x1",), (Layer((0,), ((1,),), (0,), (1,)), Layer((), ((),), (3,), (2,))))
    write_network(net, tmp_path / "net.onnx")
    session = runtime.InferenceSession((tmp_path / "net.onnx").read_bytes())
    assert session.run(None, {"input": np.ones((2, 1), np.float32)})[0].tolist() == [[1.5], [1.5]]
    assert read_network(tmp_path / "net.onnx").run(7) == (Fraction(3, 2),)


def test_an_existing_file_is_kept_unless_overwritten(tmp_path, suffix):
    path = tmp_path / f"net{suffix}"
    path.write_text("precious")
    with pytest.raises(InvalidCircuit, match="exists; use overwrite=True"):
        write_network(dense(0, 64), path)
    assert path.read_text() == "precious"
    write_network(dense(0, 64), path, overwrite=True)
    assert read_network(path).layers == dense(0, 64).layers
    assert os.listdir(tmp_path) == [path.name]


def test_a_network_too_large_for_floats_is_refused_and_nothing_written(tmp_path, suffix):
    huge = network("huge", ["x"], [([[10**400]], [0])])
    if suffix in (".json", ".nnet"):
        assert write_network(huge, tmp_path / f"net{suffix}").changed == 0
        return
    with pytest.raises(InvalidCircuit, match="too large for float"):
        write_network(huge, tmp_path / f"net{suffix}")
    assert not list(tmp_path.iterdir())


def test_a_third_too_large_for_decimals_is_refused(tmp_path):
    with pytest.raises(InvalidCircuit, match="does not fit decimals; scale"):
        write_network(network("huge", ["x"], [([[Fraction(10**9500, 3)]], [0])]), tmp_path / "net.nnet")


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("missing/net.json", "cannot be written"),
        ("", "is not written; these are: .nnet, .onnx, .npz, .json, .pt"),
        ("folder.json", "is not a plain file"),
    ],
    ids=["no folder", "no ending", "a folder"],
)
def test_bad_places_are_refused(tmp_path, place, reason):
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(InvalidCircuit, match=re.escape(reason)):
        write_network(dense(0, 64), tmp_path / place)


def test_an_unknown_precision_is_refused(tmp_path):
    with pytest.raises(InvalidCircuit, match="'float16' is not a known precision"):
        write_network(dense(0, 64), tmp_path / "net.npz", "float16")


def test_what_is_written_is_read():
    assert WRITERS.keys() <= READERS.keys()
