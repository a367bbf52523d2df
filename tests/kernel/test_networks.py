"""The checker of networks: what it accepts is true; what was edited is rejected or proves something true."""

from __future__ import annotations

import copy
import json
import pickle
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcircuits.circuits.network import Network, network
from symcircuits.kernel import networks
from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.networks import HEAD, KEYS, Layer, NetworkTheorem, check_networks
from symcircuits.testing.rewrites import REWRITES
from symcircuits.transform.matching import Atoms

RAMP = ((0,), ((1,),), (-1,), (1,)), ((1,), ((3,),), (0,), (1,))
SCALED = ((0,), ((2,),), (-2,), (1,)), ((1,), ((3,),), (0,), (2,))
MIRROR = ((0,), ((1,), (-2,)), (1, -2), (1, 1)), ((1, 2), ((2, -1),), (0,), (2,))
SHIFT = (((0,), ((1,),), (1,), (1,)),)
CONSTANT = (((), ((),), (2,), (4,)),)
HALF = (((), ((),), (1,), (2,)),)
# relu(x) carried through a layer by an always-on neuron, beside a dead one; and relu(x) alone, read by the output.
CARRIED = (
    ((0,), ((1,),), (0,), (1,)),
    ((1,), ((2,), (-1,), (0,)), (1, 0, -1), (3, 1, 1)),
    ((2, 3, 4), ((3, 5, 7),), (-1,), (2,)),
)
ALONE = ((0,), ((5,),), (0,), (1,)), ((0, 1), ((0, 1),), (0,), (5,))
HAND: dict[str, Any] = {
    "scaled": (1, RAMP, SCALED, ("new",), ((0, 2, 1),)),
    "a pair is linear": (1, MIRROR, SHIFT, ("new", (0, -2, 1)), ()),
    "on and off": (1, CARRIED, ALONE, ("new", "on", "off", "off"), ((0, 5, 1),)),
    "constants": (0, CONSTANT, HALF, (), ()),
}
SMALL = network("small", "xy", [([[1, -2], ["1/3", 1]], [0, -1]), ([[1, 1], [-1, 2]], [1, 0]), ([[1, 1]], [3])])


def pair(left: Network, right: Network) -> tuple[Any, ...]:
    """The certificate, found by search, that two networks are equal, in plain tuples."""
    atoms = Atoms(len(left.inputs))
    steps = [atoms.rewrite(each.layers).steps for each in (left, right)]
    layers = (tuple(tuple(layer) for layer in each.layers) for each in (left, right))
    return len(left.inputs), *layers, *steps


FOUND = {rewrite.__name__: pair(SMALL, rewrite(SMALL, seed=1)) for rewrite in REWRITES}
ACCEPTED = {**HAND, **FOUND}


def text_of(values: tuple[Any, ...], **changes: Any) -> str:
    return json.dumps(dict(zip(KEYS, (*HEAD, *values), strict=True)) | changes)


def outputs(layers: Any, point: list[Fraction]) -> list[Fraction]:
    """The values of a network, by the definition."""
    wires, values = list(point), list[Fraction]()
    for sources, weights, bias, denominators in layers:
        inside = [wires[at] for at in sources]
        rows = zip(weights, bias, denominators, strict=True)
        values = [(sum((w * x for w, x in zip(row, inside, strict=True)), Fraction(b))) / d for row, b, d in rows]
        wires += [max(value, Fraction(0)) for value in values]
    return values


def is_true_at_samples(theorem: NetworkTheorem) -> bool:
    source = random.Random(1)
    points = [[Fraction(source.randint(-40, 40), 8) for _ in range(theorem.inputs)] for _ in range(25)]
    return all(outputs(theorem.left, point) == outputs(theorem.right, point) for point in points)


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_is_accepted_is_true_and_says_what_was_checked(name: str) -> None:
    theorem = check_networks(ACCEPTED[name])
    inputs, left, right, *_ = ACCEPTED[name]
    assert theorem.inputs == inputs and theorem.left == left and theorem.right == right
    assert all(type(layer) is Layer for layer in (*theorem.left, *theorem.right))
    assert is_true_at_samples(theorem)
    assert "real arithmetic" in repr(theorem) and theorem.certificate == ACCEPTED[name]


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_text_and_lists_are_as_good_as_tuples(name: str) -> None:
    as_lists = json.loads(json.dumps(ACCEPTED[name]))
    assert check_networks(text_of(ACCEPTED[name])).certificate == ACCEPTED[name]
    assert check_networks(as_lists).certificate == ACCEPTED[name]


def test_the_mirror_image_of_a_deeper_atom() -> None:
    first = ((0,), ((1,), (-1,)), (0, 0), (1, 1))
    last = ((3, 4), ((1, -1),), (0,), (1,))
    deep = first, ((1, 2), ((1, -2), (-1, 2)), (0, 0), (1, 1)), last
    linear = ((0,), ((1,),), (0,), (1,)), ((0, 1), ((2, -1),), (0,), (1,))  # |x| - 3 relu(-x) is 2x - relu(x)
    check_networks((1, deep, linear, ("new", (0, -1, 1), "new", (1, -1, 1)), ((0, 1, 1),)))


Edit = Callable[[Any], None]


def changed(values: Any, path: tuple[Any, ...], new: Any) -> Any:
    data = json.loads(json.dumps(values))
    parent = data
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = new
    return data


WRONG: list[tuple[str, tuple[Any, ...], Any, str]] = [
    ("scaled", (0,), 2.0, "number of inputs"),
    ("scaled", (0,), True, "number of inputs"),
    ("scaled", (0,), -1, "number of inputs"),
    ("scaled", (0,), 0, "left, layer 1 must read distinct wires"),
    ("scaled", (0,), 10**30, "arithmetic"),
    ("scaled", (1,), [], "needs at least its output layer"),
    ("scaled", (1,), None, "must be a list"),
    ("scaled", (2,), 3, "must be a list"),
    ("scaled", (1, 0), [[0], [[1]], [-1]], "sources, weights, bias and denominators"),
    ("scaled", (1, 0), "abcd", "must be a list"),
    ("scaled", (1, 0, 1, 0, 0), True, "integers"),
    ("scaled", (1, 0, 1, 0, 0), 1.0, "integers"),
    ("scaled", (1, 0, 1, 0, 0), "1", "integers"),
    ("scaled", (1, 0, 1, 0), [1, 1], "shapes"),
    ("scaled", (1, 0, 2), [], "shapes"),
    ("scaled", (1, 0, 3), [0], "denominator"),
    ("scaled", (1, 0, 3), [-1], "denominator"),
    ("scaled", (1, 0, 0), [1], "distinct wires"),
    ("scaled", (1, 0, 0), [-1], "distinct wires"),
    ("scaled", (1, 1, 0), [2], "distinct wires"),
    ("a pair is linear", (1, 1, 0), [1, 1], "distinct wires"),
    ("a pair is linear", (1, 1, 0), [2, 1], "distinct wires"),
    ("scaled", (3,), [], "as many steps"),
    ("scaled", (3,), ["new", "new"], "as many steps"),
    ("scaled", (3, 0), "old", "must be a list"),
    ("scaled", (3, 0), "on", "always on"),
    ("scaled", (3, 0), "off", "always off"),
    ("scaled", (3, 0), [0, 1, 1], "not that multiple"),
    ("scaled", (4, 0), [1, 2, 1], "not that multiple"),
    ("scaled", (4, 0), [-1, 2, 1], "not that multiple"),
    ("scaled", (4, 0), [0, 2], "k, p, q"),
    ("scaled", (4, 0), [0, 0, 1], "k, p, q"),
    ("scaled", (4, 0), [0, 2, 0], "k, p, q"),
    ("scaled", (4, 0), [0, -2, -1], "k, p, q"),
    ("scaled", (4, 0), [0, True, 1], "integers"),
    ("scaled", (4, 0), [0, 2.0, 1], "integers"),
    ("scaled", (4, 0), [10**5000, 2, 1], "not that multiple"),
    ("scaled", (4, 0), [0, 10**5000, 1], "not that multiple"),
    ("scaled", (1, 0, 3), [-(10**5000)], "denominator"),
    ("scaled", (1, 0, 0), [10**5000], "distinct wires"),
    ("scaled", (4, 0), [0, 3, 1], "right, layer 1, neuron 0: its row is not that multiple"),
    ("scaled", (4, 0), [0, -2, 1], "not that multiple"),
    ("scaled", (4, 0), "new", "output 0 differs"),
    ("scaled", (2, 1, 2, 0), 1, "output 0 differs"),
    ("scaled", (2, 1), [[1], [], [], []], "left network has 1 outputs, the right one 0"),
    ("a pair is linear", (3, 1), [0, 2, 1], "not that multiple"),
    ("on and off", (1, 1, 2, 0), -1, "always on"),
    ("on and off", (1, 1, 2, 2), 1, "always off"),
    ("on and off", (1, 1, 1, 1), [1], "always off"),
]


@pytest.mark.parametrize(("name", "path", "new", "message"), WRONG, ids=range(len(WRONG)))
def test_what_is_wrong_is_rejected_with_its_place(name: str, path: tuple[Any, ...], new: Any, message: str) -> None:
    with pytest.raises(CertificateRejected, match=re.escape(message)):
        check_networks(changed(HAND[name], path, new))


TEXTS = [
    ("{", "not a certificate"),
    ("[]", "object with the keys"),
    ("{}", "object with the keys"),
    ("[" * 100_000, "not a certificate"),
    (text_of(HAND["scaled"], version=2), "format, version and kind"),
    (text_of(HAND["scaled"], version=True), "format, version and kind"),
    (text_of(HAND["scaled"], version="1"), "format, version and kind"),
    (text_of(HAND["scaled"], kind="terms"), "format, version and kind"),
    (text_of(HAND["scaled"], more=1), "object with the keys"),
    (text_of(HAND["scaled"], inputs=1.0), "number of inputs"),
    (text_of(HAND["scaled"], inputs=float("nan")), "number of inputs"),
    (text_of(HAND["scaled"], inputs={}), "number of inputs"),
    (text_of(HAND["scaled"], left_steps=["new", 1.5]), "must be a list"),
    (text_of(HAND["scaled"], right_steps=[[0, 2.0, 1]]), "integers"),
    (text_of(HAND["scaled"], version=1.0), "format, version and kind"),
    (text_of(HAND["scaled"])[:-1] + ', "kind": "networks"}', "a key twice"),
    (" " * 20_000_001, "characters"),
    ('{"format": ' + "9" * 20_001 + "}", "not a certificate"),
]


@pytest.mark.parametrize(("text", "message"), TEXTS, ids=range(len(TEXTS)))
def test_another_text_is_rejected(text: str, message: str) -> None:
    with pytest.raises(CertificateRejected, match=message):
        check_networks(text)


VALUES = [None, 7, b"{}", {}, (1,), (1, 2), (1, RAMP, SCALED, ("new",)), iter(())]


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_other_values_are_rejected(value: Any) -> None:
    with pytest.raises(CertificateRejected):
        check_networks(value)


class Liar(tuple):  # type: ignore[type-arg]
    """A tuple that shows other entries when it is read again."""

    def __iter__(self) -> Iterator[Any]:
        return iter((2,))


class Number(int):
    def __mul__(self, other: object) -> int:
        return 0


def test_what_may_lie_about_its_content_is_rejected() -> None:
    with pytest.raises(CertificateRejected, match="must be a list"):
        check_networks((1, (((0,), Liar(((1,),)), (-1,), (1,)), RAMP[1]), SCALED, ("new",), ((0, 2, 1),)))
    with pytest.raises(CertificateRejected, match="integers"):
        check_networks((1, (((0,), ((Number(1),),), (-1,), (1,)), RAMP[1]), SCALED, ("new",), ((0, 2, 1),)))


def test_what_is_done_to_lists_afterwards_does_not_reach_the_theorem() -> None:
    data = json.loads(json.dumps(HAND["scaled"]))
    theorem = check_networks(data)
    data[1][0][1][0][0] = 7
    data[0] = 5
    assert theorem.certificate == HAND["scaled"]
    theorem.left[0].__class__ = type("Other", (Layer,), {"__slots__": ()})  # type: ignore[assignment]
    assert type(theorem.left[0]) is Layer


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key, part in enumerate(value) if isinstance(value, tuple | list) else ():
        yield (*path, key)
        yield from places(part, (*path, key))


STEPS: list[Any] = ["new", "on", "off", [0, 1, 1], [0, -1, 1], [1, 2, 1], [1, -1, 2]]


@st.composite
def edited(draw: st.DrawFn) -> Any:
    """An accepted certificate after one to three edits."""
    data = json.loads(json.dumps(ACCEPTED[draw(st.sampled_from(sorted(ACCEPTED)))]))
    for _ in range(draw(st.sampled_from([1, 1, 2, 3]))):
        path = draw(st.sampled_from(list(places(data))))
        parent = data
        for key in path[:-1]:
            parent = parent[key]
        old, key = parent[path[-1]], path[-1]
        if type(old) is int:
            parent[key] = draw(st.sampled_from([old + 1, old - 1, -old, 2 * old, 0, 1, True, None, 10**20]))
        elif path[0] in (3, 4) and len(path) == 2:
            parent[key] = draw(st.sampled_from(STEPS))
        elif draw(st.booleans()):
            parent.insert(key, copy.deepcopy(old))
        else:
            del parent[key]
    return data


@settings(max_examples=1500)
@given(edited())
def test_an_edited_certificate_is_rejected_or_proves_what_is_true(data: Any) -> None:
    try:
        theorem = check_networks(data)
    except CertificateRejected:
        return
    assert is_true_at_samples(theorem)


def test_some_edits_are_accepted() -> None:
    theorem = check_networks(changed(HAND["a pair is linear"], (2, 0, 0), [0]))
    assert theorem.left == MIRROR


def carry(depth: int, weight: int, below: int = 1) -> tuple[Any, ...]:
    """relu(x), then so many layers of one always-on neuron weight * h / below."""
    layers = [((at,), ((weight if at else 1,),), (0,), (below if at else 1,)) for at in range(depth)]
    network = (*layers, ((depth,), ((1,),), (0,), (1,)))
    return 1, network, network, ("new", *["on"] * (depth - 1)), ((0, 1, 1), *["on"] * (depth - 1))


def doubling(depth: int) -> tuple[Any, ...]:
    """Layers of pairs of neurons whose values have denominators that multiply."""
    primes = [10**300 + 331, 10**300 + 8613]
    layers: list[Any] = [((0,), ((1,), (2,)), (0, 1), (1, 1))]
    for at in range(depth):
        layers.append(((2 * at + 1, 2 * at + 2), ((1, 1), (2, 1)), (0, 0), (primes[0] ** (at + 1), primes[1])))
    network = (*layers, ((2 * depth + 1,), ((1,),), (0,), (1,)))
    steps = ("new", "new", *["on"] * (2 * depth))
    return 1, network, network, steps, ((0, 1, 1), (1, 1, 1), *["on"] * (2 * depth))


def dense_chain(size: int) -> tuple[Any, ...]:
    """Many mirror images over many inputs, each read by all of many layers."""
    first = tuple(tuple((at * place) % 97 + 1 for place in range(size)) for at in range(1, size + 1))
    rows = (*first, *(tuple(-w for w in row) for row in first))
    layers: list[Any] = [(tuple(range(size)), rows, (0,) * 2 * size, (1,) * 2 * size)]
    reads = tuple(range(size, 3 * size))
    layers += [(reads, ((1,) * 2 * size,), (0,), (1,))] * 3000
    network = (*layers, ((0,), ((1,),), (0,), (1,)))
    steps = [*["new"] * size, *((at, -1, 1) for at in range(size)), *["on"] * 3000]
    return size, network, network, steps, [*((at, 1, 1) for at in range(size)), *steps[size:]]


HUGE = 10**19_999
COSTLY: dict[str, tuple[Any, ...]] = {
    "deep": carry(3000, 3, 2),
    "deep with long numbers": carry(400, HUGE, HUGE + 1),
    "denominators that multiply": doubling(14),
    "dense values": dense_chain(150),
    "a million inputs": (10**9, SHIFT, SHIFT, (), ()),
}


@pytest.mark.parametrize("name", COSTLY)
def test_costly_certificates_end_in_seconds(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(networks, "WORK", networks.WORK // 10)
    start = time.process_time()
    try:
        check_networks(COSTLY[name])
    except CertificateRejected as error:
        assert "arithmetic" in str(error)
    assert time.process_time() - start < 5


def test_long_numbers_are_checked_without_touching_the_limit_on_digits() -> None:
    limit = sys.get_int_max_str_digits()
    long = ((0,), ((HUGE,),), (-HUGE,), (1,)), ((1,), ((3,),), (0,), (HUGE,))
    theorem = check_networks((1, RAMP, long, ("new",), ((0, HUGE, 1),)))
    assert theorem.right[0].weights == ((HUGE,),) and "1-1-1" in repr(theorem)
    text = text_of(HAND["scaled"]).replace('"inputs": 1', f'"inputs": 1{"0" * 19_000}')
    with pytest.raises(CertificateRejected, match="arithmetic"):
        check_networks(text)
    assert sys.get_int_max_str_digits() == limit


def test_the_checks_stay_under_python_o() -> None:
    script = (
        "from symcircuits.kernel.networks import check_networks\n"
        f"check_networks({HAND['scaled']!r})\n"
        f"try: check_networks({changed(HAND['scaled'], (4, 0), [0, 3, 1])!r})\n"
        "except ValueError as error: print(error)"
    )
    command = [sys.executable, "-O", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "not that multiple" in done.stdout


@pytest.fixture
def theorem() -> NetworkTheorem:
    return check_networks(HAND["scaled"])


def test_only_the_checker_makes_a_theorem(theorem: NetworkTheorem) -> None:
    with pytest.raises(TypeError, match="made by check_networks"):
        NetworkTheorem(HAND["scaled"])
    with pytest.raises(TypeError, match="no subclasses"):
        type("Lemma", (NetworkTheorem,), {})
    bare = object.__new__(NetworkTheorem)
    for name in ("certificate", "inputs", "left", "right"):
        with pytest.raises(TypeError, match="not a theorem"):
            getattr(bare, name)
    with pytest.raises(TypeError, match="not a theorem"):
        repr(bare)
    with pytest.raises(TypeError, match="cannot be changed"):
        NetworkTheorem.inputs = 5  # type: ignore[misc, assignment]
    with pytest.raises(TypeError, match="cannot be changed"):
        del NetworkTheorem.inputs
    with pytest.raises((AttributeError, TypeError)):
        object.__setattr__(theorem, "inputs", 5)


class Impostor:
    __slots__ = ("__weakref__",)


def test_an_impostor_is_no_theorem() -> None:
    impostor: Any = Impostor()
    impostor.__class__ = NetworkTheorem
    with pytest.raises(TypeError, match="not a theorem"):
        _ = impostor.inputs


def test_copies_and_pickles_are_checked_again(theorem: NetworkTheorem) -> None:
    assert theorem.__reduce__() == (check_networks, (HAND["scaled"],))
    for again in (copy.copy(theorem), copy.deepcopy(theorem), pickle.loads(pickle.dumps(theorem))):
        assert type(again) is NetworkTheorem and again.certificate == theorem.certificate
