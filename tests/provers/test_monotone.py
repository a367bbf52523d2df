"""Two circuits of the same max and min, gate by gate."""

from __future__ import annotations

import pytest

from symcircuits.kernel.check import Theorem, check
from symcircuits.provers.prove import prove
from symcircuits.provers.result import Counterexample

FAR = "max(abs(a - x), abs(b - y), abs(c - z))"
CIRCUIT = "max(min({0}, {1}), min(max({0}, {1}), {2}))"
ONE, OTHER = CIRCUIT.format("a", "b", "c"), CIRCUIT.format("x", "y", "z")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (f"abs({ONE} - {OTHER}) <= {FAR}", ""),
        (f"{FAR} >= {OTHER} - {ONE}", ""),
        (f"{ONE} <= {OTHER} + {FAR}", ""),
        (f"{ONE} - {OTHER} <= 1", "a <= x + 1, b <= y + 1/2, c <= z"),
        (f"max({ONE} - {OTHER}, {OTHER} - {ONE}, -1) <= {FAR}", ""),
        (f"{ONE} <= {CIRCUIT.format('a + relu(x)', 'b', 'c + 2')}", ""),
    ],
)
def test_what_rises_with_its_inputs(text: str, where: str) -> None:
    theorem = prove(text, where=where)
    assert isinstance(theorem, Theorem), theorem
    assert check(theorem.certificate).claim == theorem.claim and '"have"' in theorem.certificate


def test_gates_written_with_relu_and_with_many_arguments() -> None:
    let = []
    for name, (p, q, r) in (("f", "abc"), ("g", "xyz")):
        let += [(f"{name}1", f"{p} - relu({p} - {q})"), (f"{name}2", f"{p} + relu({q} - {p})")]
        let += [(f"{name}3", f"{name}2 - relu({name}2 - {r})"), (name, f"max({name}1, {name}3, {p})")]
    theorem = prove(f"abs(f - g) <= {FAR}", let=let)
    assert isinstance(theorem, Theorem) and '"have"' in theorem.certificate


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (f"abs({ONE} - {OTHER}) <= {FAR.replace('abs(c - z)', '999/1000*abs(c - z)')}", ""),
        (f"{ONE} - {OTHER} <= 1", "a <= x + 1, b <= y + 1"),
        (f"{ONE} <= {OTHER}", "a <= x, b <= y"),
    ],
)
def test_falsehoods_are_refuted(text: str, where: str) -> None:
    assert isinstance(prove(text, where=where), Counterexample)


def test_deep_nests_are_no_error() -> None:
    let = [("m0", "x")] + [(f"m{at}", f"max(m{at - 1}, y, relu(m{at - 1} - {at}))") for at in range(1, 3000)]
    found = prove("m2999 <= max(x, y)", let=let)
    assert isinstance(found, Counterexample) and max(found.point.values()) < 0
