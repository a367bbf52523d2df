"""The gadget library, walked as a whole; the seed's networks weight by weight; and what guards the certificates."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from sympy import Expr, ImmutableMatrix, Min, Symbol, symbols

import symcircuits.circuits.gadget as gadget_module
from symcircuits.circuits.circuit import Block, Circuit
from symcircuits.circuits.gadget import Gadget, certificate_names
from symcircuits.circuits.gadgets import by_module, gadget, library
from symcircuits.circuits.theorem import prove_circuit
from symcircuits.errors import CertificateRejected, InvalidCircuit
from symcircuits.expr.from_sympy import from_sympy
from symcircuits.kernel.check import Theorem, check

FOLDER = Path(gadget_module.__file__).parent / "gadgets"
CERTIFICATES = FOLDER / "certificates"
NAMES = sorted(library())
MIN = gadget("min")


@pytest.mark.parametrize("name", NAMES)
def test_every_gadget_is_described_and_proved_as_stored(name: str) -> None:
    each = library()[name]
    assert each is gadget(name) and each.name == name
    assert each.title and each.note.endswith(".") and len(each.examples) >= 2 and each.circuit.name
    stored_now = [(CERTIFICATES / place).read_text(encoding="utf-8") for place in certificate_names(each)]
    assert [theorem.certificate for theorem in each.prove_all()] == stored_now
    assert not any(theorem.is_vacuous for theorem in each.theorems)


def test_the_library_is_what_its_files_hold() -> None:
    files = [name for each in library().values() for name in certificate_names(each)]
    assert sorted(path.name for path in CERTIFICATES.glob("*.json")) == sorted(files)
    modules = [path.stem for path in sorted(FOLDER.glob("*.py")) if not path.stem.startswith("_")]
    assert list(by_module()) == modules
    found = [each.name for gadgets in by_module().values() for each in gadgets]
    assert list(library()) == found and len(set(found)) == len(found)
    assert set(PUBLISHED) <= set(found)


def test_an_unknown_name_is_answered_with_the_names() -> None:
    with pytest.raises(InvalidCircuit, match=r"there is no gadget 'xyz'; there are [0-9]+: see library"):
        gadget("xyz")
    with pytest.raises(InvalidCircuit, match=r"did you mean min"):
        gadget("mni")


DETECTORS = [[1, -1], [1, 0], [-1, 0]]
FIRST_OF_FOUR = [
    [1, -1, 0, 0], [1, 0, 0, 0], [-1, 0, 0, 0], [0, 0, 1, -1], [0, 0, 1, 0], [0, 0, -1, 0],
]  # fmt: skip
SECOND_OF_FOUR = [[-1, 1, -1, 1, -1, 1], [-1, 1, -1, 0, 0, 0], [1, -1, 1, 0, 0, 0]]
w1, w2 = Symbol("w1", positive=True), Symbol("w2", negative=True)
PUBLISHED: dict[str, list[list[list[Expr | int]]]] = {
    "identity": [[[1], [-1]], [[1, -1]]],
    "identity_family": [[[w1], [w2]], [[1 / w1, 1 / w2]]],
    "negative_identity": [[[1], [-1]], [[-1, 1]]],
    "abs": [[[1], [-1]], [[1, 1]]],
    "add": [[[1, 1], [-1, -1]], [[1, -1]]],
    "subtract": [[[1, -1], [-1, 1]], [[1, -1]]],
    "min": [DETECTORS, [[-1, 1, -1]]],
    "min_of_four": [FIRST_OF_FOUR, SECOND_OF_FOUR, [[-1, 1, -1]]],
    "min_two_layers": [DETECTORS, [[-1, 1, -1], [1, -1, 1]], [[1, -1]]],
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_weights_of_the_seed_and_no_biases(name: str) -> None:
    circuit = gadget(name).circuit
    assert [weights for weights, _ in circuit.layers] == [ImmutableMatrix(rows) for rows in PUBLISHED[name]]
    assert all(bias.is_zero_matrix for _, bias in circuit.layers)
    assert circuit.widths == tuple(len(rows) for rows in PUBLISHED[name][:-1])


def fresh(name: str) -> Gadget:
    """The gadget without the theorem it has already loaded."""
    old = gadget(name)
    return Gadget(old.name, old.title, old.source, old.computes, old.note, old.examples, old.cites)


def serve(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(gadget_module, "files", lambda package: folder)


def place(folder: Path, name: str, text: str) -> None:
    (folder / "certificates").mkdir()
    (folder / "certificates" / f"{name}.json").write_text(text, encoding="utf-8")


def stored(name: str) -> str:
    return (CERTIFICATES / f"{name}.json").read_text(encoding="utf-8")


def test_the_stored_files_are_what_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    place(tmp_path, "min", stored("min").replace('["normal"]', '["split",[[1,0]]],["normal"],["normal"]'))
    serve(monkeypatch, tmp_path)
    assert '"split"' in fresh("min").theorem.certificate and fresh("min").theorem.claim == MIN.claim


def without_proof(text: str) -> str:
    data = json.loads(text)
    data["theorems"][-1]["proof"] = []
    return json.dumps(data)


TAMPERED: dict[str, Callable[[str], str]] = {
    "another weight": lambda text: text.replace("[-1,1]]", "[-2,1]]"),
    "another sign": lambda text: text.replace("[-1,4]", "[1,4]"),
    "maximum for minimum": lambda text: text.replace('"min"', '"max"'),
    "no proof": without_proof,
    "an inequality": lambda text: text.replace('"=="', '"<="'),
    "a true theorem about something else": lambda text: stored("max"),
    "the same function, another circuit": lambda text: stored("min_two_layers"),
    "other names": lambda text: text.replace('"x1","x2"', '"a","b"'),
    "the sides exchanged": lambda text: text.replace('["==",7,8]', '["==",8,7]'),
    "half a file": lambda text: text[: len(text) // 2],
    "nothing": lambda text: "",
}


@pytest.mark.parametrize("change", TAMPERED)
def test_a_tampered_or_exchanged_certificate_is_refused(
    change: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = TAMPERED[change](stored("min"))
    assert text != stored("min")
    place(tmp_path, "min", text)
    serve(monkeypatch, tmp_path)
    with pytest.raises(CertificateRejected):
        _ = fresh("min").theorem


def test_a_missing_certificate_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    serve(monkeypatch, tmp_path)
    with pytest.raises(CertificateRejected, match=r"no certificate min\.json of the gadget min; install it again"):
        _ = fresh("min").theorem


def test_an_exchanged_certificate_is_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    place(tmp_path, "min", stored("abs"))
    serve(monkeypatch, tmp_path)
    with pytest.raises(CertificateRejected, match=r"of the gadget min proves: for all real x: .*abs"):
        _ = fresh("min").theorem


def test_the_minimum_of_four_cites_the_minimum_three_times_and_opens_no_case() -> None:
    lemma, theorem = json.loads(gadget("min_of_four").theorem.certificate)["theorems"]
    assert lemma == json.loads(MIN.theorem.certificate)["theorems"][0]
    rules = [step[0] for step in theorem["proof"]]
    assert rules == ["congruence", "cite"] * 3 + ["normal"]
    assert [step[1] for step in theorem["proof"] if step[0] == "cite"] == [0, 0, 0]


Known = dict[Circuit, tuple[Expr, Theorem]]


def tree(size: int, known: Known) -> Circuit:
    """The minimum of `size` numbers as two halves and one minimum circuit, each half proved once and then cited."""
    if size == 2:
        return MIN.circuit
    half = tree(size // 2, known)
    inputs, (left, right, out) = symbols(f"x1:{size + 1}", real=True), symbols("left right out", real=True)
    halves = (Block((left,), half, inputs[: size // 2]), Block((right,), half, inputs[size // 2 :]))
    circuit = Circuit(f"min of {size}", inputs, (*halves, Block((out,), MIN.circuit, (left, right))), (out,))
    target = Min(*inputs, evaluate=False)
    known[circuit] = target, prove_circuit(circuit, target, known)
    return circuit


def test_a_tree_of_64_minimum_circuits_is_proved_by_citation_alone_at_linear_cost() -> None:
    known: Known = {MIN.circuit: (MIN.target, MIN.theorem)}
    start = time.process_time()
    root = tree(64, known)
    assert time.process_time() - start < 60
    theorems = {len(circuit.inputs): theorem for circuit, (_, theorem) in known.items()}
    certificate = theorems[64].certificate
    data = json.loads(certificate)["theorems"]
    rules = [step[0] for theorem in data[1:] for step in theorem["proof"]]
    assert len(data) == 6 and set(rules) == {"congruence", "cite", "normal"} and rules.count("cite") == 3 * 5
    assert check(certificate).claim.goal.right == from_sympy(Min(*root.inputs, evaluate=False))
    sizes = [len(theorems[size].certificate) for size in (16, 32, 64)]
    assert sizes[1] < 2.2 * sizes[0] and sizes[2] < 2.2 * sizes[1]
    numbers = [Fraction((37 * at) % 64 - 20, 3) for at in range(64)]
    assert root.run(*numbers) == (min(numbers),)


def test_the_same_tree_from_one_level_of_blocks() -> None:
    sizes = []
    for size in (16, 32, 64):
        inputs = symbols(f"x1:{size + 1}", real=True)
        row, parts = list(inputs), list[Block]()
        while len(row) > 1:
            pairs = list(zip(row[::2], row[1::2], strict=True))
            row = [Symbol(f"m{len(parts) + at}", real=True) for at in range(len(pairs))]
            parts += [Block((wire,), MIN.circuit, pair) for wire, pair in zip(row, pairs, strict=True)]
        circuit = Circuit("tree", inputs, tuple(parts), (row[0],))
        theorem = prove_circuit(circuit, Min(*inputs, evaluate=False), {MIN.circuit: (MIN.target, MIN.theorem)})
        assert 3 <= theorem.certificate.count('["cite"') <= size - 1 and '"split"' not in theorem.certificate
        sizes.append(len(theorem.certificate))
    assert sizes[1] < 2.2 * sizes[0] and sizes[2] < 2.2 * sizes[1]
