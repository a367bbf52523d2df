"""Bad files of every format: each is refused with its name, and nothing of it is run."""

import io
import json
import os
import pickle
import re
import struct
import zipfile

import numpy as np
import pytest

from symcircuits.circuits.network import network
from symcircuits.errors import InvalidCircuit, MissingExtra
from symcircuits.formats.files import extra
from symcircuits.formats.read import READERS, read_network
from symcircuits.formats.write import WRITERS, write_network

NEEDS = {".onnx": "onnx", ".pt": "torch", ".pth": "torch", ".h5": "h5py", ".hdf5": "h5py"}
SUFFIXES = tuple(READERS)


class Attack:
    """A pickle that makes a file when it is loaded."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return os.mkdir, (self.path,)


def needs(suffix):
    if suffix in NEEDS:
        pytest.importorskip(NEEDS[suffix])


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: None, "cannot be read: No such file"),
        (lambda path: path.mkdir(), "is a folder"),
        (lambda path: path.write_bytes(b""), "is empty"),
        (lambda path: path.write_bytes(b"\xff\xfe\x00garbage\x80" * 50), "net"),
        (lambda path: path.write_text("hello world\n" * 50), "net"),
        (lambda path: path.write_bytes(pickle.dumps(Attack(path.with_name("attacked")))), "net"),
        (lambda path: path.write_bytes(b"\x00" * 1000), "net"),
        (lambda path: path.write_bytes(b"[" * 100_000), "net"),
    ],
    ids=["missing", "folder", "empty", "bytes", "text", "pickle", "zeros", "nested"],
)
def test_what_is_no_network_is_refused(tmp_path, suffix, make, reason):
    needs(suffix)
    path = tmp_path / f"net{suffix}"
    make(path)
    with pytest.raises(InvalidCircuit, match=reason) as caught:
        read_network(path)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)
    assert not (tmp_path / "attacked").exists()


@pytest.mark.parametrize("suffix", [suffix for suffix in WRITERS if suffix not in (".nnet", ".onnx")])
def test_truncated_and_damaged_files_are_refused_or_the_same(tmp_path, suffix):
    needs(suffix)
    path = tmp_path / f"net{suffix}"
    rng = np.random.default_rng(0)
    write_network(network("net", ["x1", "x2"], [([["1/2", 1]], [3]), ([[2]], ["1/4"])]), path)
    whole = path.read_bytes()
    known = read_network(path)
    for size in [*range(1, min(len(whole) - 1, 300)), *range(300, len(whole) - 1, 97)]:
        path.write_bytes(whole[:size])
        with pytest.raises(InvalidCircuit, match="net"):
            read_network(path)
    for _ in range(60):
        changed = bytearray(whole)
        changed[rng.integers(0, len(whole))] = rng.integers(0, 256)
        path.write_bytes(changed)
        try:
            assert read_network(path).inputs == known.inputs or suffix == ".json"
        except InvalidCircuit as error:
            assert "net" in str(error)


def test_an_unknown_ending_lists_the_known(tmp_path):
    with pytest.raises(InvalidCircuit, match=re.escape("the ending '.txt' is not known; these are: .nnet, .onnx, ")):
        read_network(tmp_path / "net.txt")


def test_an_ending_in_capitals_is_known(tmp_path):
    write_network(network("net", ["x1"], [([[2]], [0])]), tmp_path / "net.JSON")
    assert read_network(tmp_path / "net.JSON").run(3) == (6,)


def test_a_missing_library_is_told_with_its_extra():
    with pytest.raises(
        MissingExtra, match=re.escape("this needs no_such; install it with: pip install 'symcircuits[some]'")
    ):
        extra("no_such.part", "some")


def npz(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return stream.getvalue()


def npy(array, **options):
    stream = io.BytesIO()
    np.save(stream, array, **options)
    return stream.getvalue()


def claimed(shape):
    """The header of an array of that shape, and a few numbers."""
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": "<f8", "fortran_order": False, "shape": shape})
    return stream.getvalue() + b"\x00" * 64


W = np.ones((2, 3))
BAD_ARRAYS = {
    "pickle": (npz(W1=npy(np.array([Attack("attacked")], dtype=object), allow_pickle=True)), "W1.npy: pickled objects"),
    "claim": (npz(W1=claimed((1 << 14, 1 << 14))), "W1.npy: shape (16384, 16384) does not fit"),
    "overflow": (npz(W1=claimed((1 << 60, 1 << 60))), "W1.npy: shape"),
    "negative": (npz(W1=claimed((-1, 8))), "W1.npy: "),
    "bomb": (npz(W1=npy(np.zeros(1 << 21)) + b"\x00" * (1 << 25)), "claims"),
    "no array": (npz(W1=b"hello"), "W1.npy: not an array"),
    "names": (npz(first=npy(W)), "the array 'first' is neither weights nor bias; name them W1, b1, W2, b2, ..."),
    "no weights": (npz(b1=npy(np.ones(2))), "weights W1, W2, ... with biases"),
    "no bias's weights": (npz(W1=npy(W), b2=npy(np.ones(2))), "weights W1, W2, ... with biases"),
    "nothing": (npz(), "weights W1, W2"),
    "nan": (npz(W1=npy(np.full((2, 3), np.nan))), "layer 1: a weight is not finite"),
    "infinity": (npz(W1=npy(W), b1=npy(np.array([np.inf, 0]))), "layer 1: a weight is not finite"),
    "complex": (npz(W1=npy(W * 1j)), "complex128 is not an array of real numbers"),
    "text": (npz(W1=npy(np.array([["a"]]))), "is not an array of real numbers"),
    "dimensions": (npz(W1=npy(np.ones((2, 3, 4)))), "an array of 2 dimensions is needed"),
    "bias does not fit": (npz(W1=npy(W), b1=npy(np.ones(7))), "do not fit a bias of shape (7,)"),
    "layers do not fit": (npz(W1=npy(W), W2=npy(np.ones((4, 5)))), "layer 2: "),
    "odd": (npz(arr_0=npy(W)), "weights and biases in turn"),
    "box": (npz(W1=npy(W), box=npy(np.ones((2, 2)))), "the box needs a pair low, high for each input"),
    "box nan": (npz(W1=npy(W), box=npy(np.full((3, 2), np.nan))), "nan is not an exact finite number"),
}


@pytest.mark.parametrize("case", BAD_ARRAYS)
def test_a_bad_npz_is_told_by_array(tmp_path, case):
    content, reason = BAD_ARRAYS[case]
    path = tmp_path / "net.npz"
    path.write_bytes(content)
    with pytest.raises(InvalidCircuit, match=re.escape(reason)):
        read_network(path)
    assert not os.path.exists("attacked")


def text(**changes):
    value = {
        "format": "symcircuits network",
        "version": 1,
        "name": "net",
        "inputs": ["x"],
        "layers": [{"weights": [["1/2"]], "bias": ["0"]}],
    }
    return json.dumps(value | changes)


BAD_JSON = {
    "other": ("[1]", 'an object with "format": "symcircuits network" is needed'),
    "format": (text(format="else"), 'an object with "format"'),
    "version": (text(version=2), "version 2 is not known; version 1 is"),
    "true version": (text(version=True), "version True is not known"),
    "stranger": (text(activation="tanh"), "the key 'activation' is not known"),
    "layers": (text(layers={}), "layers: a list is needed, not an object"),
    "no layers": (text(layers=[]), "it needs at least the output layer"),
    "layer": (text(layers=[3]), "layer 1: an object with weights and bias is needed"),
    "number": (text(layers=[{"weights": [[0.5]], "bias": ["0"]}]), 'numbers are texts such as "1/3"'),
    "no rational": (text(layers=[{"weights": [["0.5"]], "bias": ["0"]}]), "row 1: not an integer"),
    "divided by 0": (text(layers=[{"weights": [["1/0"]], "bias": ["0"]}]), "row 1: not a rational"),
    "long": (text(layers=[{"weights": [["1" * 30_000]], "bias": ["0"]}]), "row 1: not an integer of at most"),
    "bias": (text(layers=[{"weights": [["1"]], "bias": []}]), "1 rows of weights do not fit 0 biases"),
    "row": (text(layers=[{"weights": [["1", "2"]], "bias": ["0"]}]), "the shapes of layer 1 do not fit"),
    "source": (text(layers=[{"sources": [1], "weights": [["1"]], "bias": ["0"]}]), "sources of layer 1 must increase"),
    "sources": (
        text(layers=[{"sources": [0, 0], "weights": [["1", "1"]], "bias": ["0"]}]),
        "increasing numbers of wires",
    ),
    "true source": (text(layers=[{"sources": [False], "weights": [["1"]], "bias": ["0"]}]), "increasing numbers of"),
    "twice": (text(inputs=["x", "x"]), "two inputs have the same name"),
    "box": (text(box=[["1", "0"]]), "the box needs a pair low <= high"),
    "name": (text(name=3), "the name and the inputs must be texts"),
}


@pytest.mark.parametrize("case", BAD_JSON)
def test_a_bad_json_is_told_by_part(tmp_path, case):
    content, reason = BAD_JSON[case]
    path = tmp_path / "net.json"
    path.write_text(content)
    with pytest.raises(InvalidCircuit, match=re.escape(reason)):
        read_network(path)


def test_a_state_dict_is_read_and_a_module_is_not(tmp_path):
    torch = pytest.importorskip("torch")
    module = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU(), torch.nn.Linear(3, 1))
    torch.save(module.state_dict(), tmp_path / "net.pt")
    assert read_network(tmp_path / "net.pt").shape == "2-3-1"
    for value in (module, Attack(tmp_path / "attacked"), {"0.weight": Attack(tmp_path / "attacked")}, [torch.ones(2)]):
        torch.save(value, tmp_path / "bad.pt")
        with pytest.raises(InvalidCircuit, match="state_dict"):
            read_network(tmp_path / "bad.pt")
    assert not (tmp_path / "attacked").exists()


@pytest.mark.parametrize("is_storage", [True, False], ids=["storage", "strides"])
def test_a_tensor_that_claims_more_than_it_has_is_refused(tmp_path, is_storage):
    torch = pytest.importorskip("torch")
    path = tmp_path / "net.pt"
    tensor = torch.zeros(4, 2) if is_storage else torch.zeros(1).expand(1 << 20, 1 << 20)
    torch.save({"0.weight": tensor}, path)
    if is_storage:
        with zipfile.ZipFile(path) as archive:
            records = {name: archive.read(name) for name in archive.namelist()}
        name = next(name for name in records if name.endswith("data.pkl"))
        large = b"J" + struct.pack("<i", 1 << 28)
        records[name] = records[name].replace(b"K\x08", large).replace(b"K\x04K\x02", large + b"K\x01")
        with zipfile.ZipFile(path, "w") as archive:
            for key, content in records.items():
                archive.writestr(key, content)
    with pytest.raises(InvalidCircuit, match=r"net\.pt|too large"):
        read_network(path)
