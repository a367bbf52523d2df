"""Keras files, made here as Keras keeps them, against a plain evaluation in floats."""

import json
import re
from fractions import Fraction

import numpy as np
import pytest

from symcircuits.circuits.running import to_numpy
from symcircuits.errors import InvalidCircuit
from symcircuits.formats.keras import read_keras

h5py = pytest.importorskip("h5py")
RNG = np.random.default_rng(0)
KERNELS = [RNG.normal(size=(3, 4)).astype(np.float32), RNG.normal(size=(4, 2)).astype(np.float32)]
BIASES = [RNG.normal(size=4).astype(np.float32), RNG.normal(size=2).astype(np.float32)]


def layer(kind, name, **config):
    return {"class_name": kind, "config": {"name": name, **config}}


def dense(name, activation="linear", **config):
    return layer("Dense", name, activation=activation, use_bias=True, **config)


def save(path, layers, kernels=KERNELS, biases=BIASES, config=()):
    """A file of a Sequential model whose Dense layers have these weights in order."""
    with h5py.File(path, "w") as file:
        model = {"class_name": "Sequential", "config": {"name": "model", "layers": layers, **dict(config)}}
        file.attrs["model_config"] = json.dumps(model)
        group = file.create_group("model_weights")
        names = [each["config"].get("name", "a") for each in layers if each["class_name"] == "Dense"]
        for name, kernel, bias in zip(names, kernels, biases, strict=False):
            inner = group.create_group(name)
            inner.attrs["weight_names"] = [f"{name}/kernel:0".encode(), f"{name}/bias:0".encode()]
            inner[f"{name}/kernel:0"], inner[f"{name}/bias:0"] = kernel, bias
    return path


def relu(values):
    return np.maximum(values, 0)


ACTIVATIONS = {
    "relu": ([dense("a", "relu"), dense("b")], relu),
    "layer": ([layer("InputLayer", "i"), dense("a"), layer("ReLU", "r"), dense("b")], relu),
    "activation": ([dense("a"), layer("Activation", "r", activation="relu"), dense("b")], relu),
    "relu6": ([dense("a", "relu6"), dense("b")], lambda values: np.clip(values, 0, 6)),
    "clamp": ([dense("a"), layer("ReLU", "r", max_value=0.5), dense("b")], lambda values: np.clip(values, 0, 0.5)),
    "leaky": ([dense("a"), layer("LeakyReLU", "r", alpha=0.25), dense("b")], lambda v: np.where(v > 0, v, v / 4)),
    "default leaky": ([dense("a"), layer("LeakyReLU", "r"), dense("b")], lambda v: np.where(v > 0, v, 0.3 * v)),
    "slope": ([dense("a"), layer("ReLU", "r", negative_slope=0.5), dense("b")], lambda v: np.where(v > 0, v, v / 2)),
    "dropout": ([dense("a", "relu"), layer("Dropout", "d", rate=0.5), layer("Flatten", "f"), dense("b")], relu),
}


@pytest.mark.parametrize("case", ACTIVATIONS)
def test_a_file_is_what_its_layers_compute(tmp_path, case):
    layers, activation = ACTIVATIONS[case]
    net = read_keras(save(tmp_path / "net.h5", layers))
    points = np.random.default_rng(1).normal(size=(20, 3))
    hidden = activation(points @ KERNELS[0].astype(float) + BIASES[0])
    np.testing.assert_allclose(to_numpy(net)(points), hidden @ KERNELS[1].astype(float) + BIASES[1], rtol=1e-12)


def test_weights_are_the_floats_exactly(tmp_path):
    net = read_keras(save(tmp_path / "net.h5", [dense("a")]))
    assert net.run(0, 1, 0)[2] == Fraction(float(KERNELS[0][1, 2])) + Fraction(float(BIASES[0][2]))


def branch(name, source):
    return dense(name) | {"inbound_nodes": [[[source, 0, 0, {}]]]}


START = layer("InputLayer", "i") | {"inbound_nodes": []}
REFUSED = {
    "softmax": (
        [dense("a", "softmax")],
        "layer a: the activation 'softmax' is not read; these are: linear, relu, relu6",
    ),
    "class": ([layer("LSTM", "a")], "layer a: layers of class LSTM are not read; these are: Dense, "),
    "threshold": (
        [dense("a"), layer("ReLU", "r", threshold=1.0)],
        "layer r: a ReLU with threshold 1 is not continuous",
    ),
    "branches": ([START, branch("a", "i"), branch("b", "i")], "the layer b does not read just the layer before"),
    "two inputs": ([START, layer("InputLayer", "j") | {"inbound_nodes": []}], "the layer j is a second input"),
    "order": ([dense("a"), dense("b"), dense("c")], "is not a whole Keras file"),
    "own activation": (
        [dense("a", {"class_name": "relu"})],
        "layer a: the activation {'class_name': 'relu'} is not read",
    ),
    "output": (
        [dense("a"), dense("b")],
        "the output is not that of the last layer, b",
        {"output_layers": [["a", 0, 0]]},
    ),
    "input axes": ([dense("a", batch_input_shape=[None, 5, 3])], "inputs of shape [5, 3] need a Flatten layer"),
    "empty": ([], "it needs a linear layer"),
    "no name": ([{"class_name": "Dense", "config": {}}], "is not a whole Keras file"),
    "text slope": ([dense("a"), layer("LeakyReLU", "r", alpha="x")], "layer r: 'x' is not a number"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_other_layers_are_refused_by_name(tmp_path, case):
    layers, reason, *config = REFUSED[case]
    with pytest.raises(InvalidCircuit, match=re.escape(reason)):
        read_keras(save(tmp_path / "net.h5", layers, config=config[0] if config else {}))


@pytest.mark.parametrize(
    ("kernels", "reason"),
    [
        ([np.full((3, 4), np.nan)], "a weight is not finite"),
        ([np.ones((3, 4, 5))], "do not fit"),
        ([np.ones((3, 7))], "do not fit a bias of shape (4,)"),
        ([np.ones((3, 4), dtype=np.int32)], "a/kernel:0 of shape (3, 4) and type int32 is not read"),
    ],
    ids=["nan", "axes", "shape", "type"],
)
def test_bad_weights_are_refused(tmp_path, kernels, reason):
    with pytest.raises(InvalidCircuit, match=re.escape(reason)):
        read_keras(save(tmp_path / "net.h5", [dense("a")], kernels))


@pytest.mark.parametrize("config", [None, b"{", b"[]", b"3", b'{"class_name": "Other"}', b"[" * 100_000])
def test_bad_configurations_are_refused(tmp_path, config):
    path = save(tmp_path / "net.h5", [dense("a")])
    with h5py.File(path, "a") as file:
        del file.attrs["model_config"]
        if config is not None:
            file.attrs.create("model_config", config[:60_000])
    with pytest.raises(InvalidCircuit, match=r"net\.h5"):
        read_keras(path)


def test_weights_alone_are_refused_with_the_remedy(tmp_path):
    path = save(tmp_path / "net.h5", [dense("a")])
    with h5py.File(path, "a") as file:
        del file.attrs["model_config"]
    with pytest.raises(InvalidCircuit, match="save the whole model"):
        read_keras(path)


def test_a_claim_of_2_gb_is_refused(tmp_path):
    path = save(tmp_path / "net.h5", [dense("a")])
    with h5py.File(path, "a") as file:
        group = file["model_weights/a"]
        del group["a/kernel:0"]
        group.create_dataset("a/kernel:0", shape=(1 << 14, 1 << 15), dtype="f4", chunks=(64, 64))
    assert path.stat().st_size < 20_000
    with pytest.raises(InvalidCircuit, match=re.escape("of shape (16384, 32768) and type float32 is not read")):
        read_keras(path)


def test_weights_in_another_file_are_refused(tmp_path):
    path = save(tmp_path / "net.h5", [dense("a")])
    (tmp_path / "secret").write_bytes(b"\x00" * 48)
    with h5py.File(path, "a") as file:
        group = file["model_weights/a"]
        del group["a/kernel:0"]
        group.create_dataset("a/kernel:0", (3, 4), "f4", external=[(str(tmp_path / "secret"), 0, 48)])
    with pytest.raises(InvalidCircuit, match="is kept in another file"):
        read_keras(path)


def test_a_link_to_another_file_is_refused(tmp_path):
    save(tmp_path / "other.h5", [dense("a")])
    path = save(tmp_path / "net.h5", [dense("a")])
    with h5py.File(path, "a") as file:
        del file["model_weights/a"]
        file["model_weights/a"] = h5py.ExternalLink(str(tmp_path / "other.h5"), "model_weights/a")
    with pytest.raises(InvalidCircuit, match="is kept in another file"):
        read_keras(path)


def test_truncated_files_are_refused(tmp_path):
    path = save(tmp_path / "net.h5", [dense("a", "relu"), dense("b")])
    whole = path.read_bytes()
    for size in range(1, len(whole), 397):
        path.write_bytes(whole[:size])
        with pytest.raises(InvalidCircuit, match=r"net\.h5"):
            read_keras(path)
