"""Theorems about widths: certificates that are accepted, many that are not, and what the checker counts with."""

from __future__ import annotations

import copy
import json
import pickle
import time
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcircuits.kernel.certificate import BYTES
from symcircuits.kernel.check import check
from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.widths import WidthTheorem, check_width, modulo, reaches
from symcircuits.provers.prove import prove

FOLDER = Path(__file__).parent / "width_certificates"
STATEMENTS: dict[str, str] = json.loads((FOLDER / "statements.json").read_text(encoding="utf-8"))
REASONS: dict[str, str] = json.loads((FOLDER / "reasons.json").read_text(encoding="utf-8"))
F = Fraction
Vectors = list[tuple[Fraction, ...]]


def stored(folder: str, name: str) -> str:
    return (FOLDER / folder / f"{name}.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", STATEMENTS)
def test_an_accepted_certificate_says_what_is_written_down(name: str) -> None:
    text, statement, width = check_width(stored("accepted", name)).record
    assert statement == STATEMENTS[name] and text == stored("accepted", name)
    assert (width is None) == statement.startswith("no network")
    assert width is None or statement.startswith(f"{width} is the least width")


@pytest.mark.parametrize("name", REASONS)
def test_a_wrong_certificate_is_rejected_for_its_reason(name: str) -> None:
    with pytest.raises(CertificateRejected) as caught:
        check_width(stored("rejected", name))
    assert str(caught.value) == REASONS[name]


def test_the_folder_has_no_other_files() -> None:
    assert {path.stem for path in (FOLDER / "accepted").iterdir()} == set(STATEMENTS)
    assert {path.stem for path in (FOLDER / "rejected").iterdir()} == set(REASONS)
    assert len(REASONS) >= 30


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not a certificate"),
        ("[" * 100_000, "not a certificate"),
        ("[]", "kind must be"),
        ("{}", "kind must be"),
        ('{"kind": "width", "kind": "width"}', "not a certificate"),
        ('{"kind": "width", "width": 1.5}', "not a certificate"),
        (" " * (BYTES + 1), "characters"),
    ],
)
def test_what_is_no_certificate_is_rejected(text: str, reason: str) -> None:
    with pytest.raises(CertificateRejected, match=reason):
        check_width(text)


def certificate(**changes: Any) -> str:
    return json.dumps({**json.loads(stored("accepted", "min_on_the_plane")), **changes})


@pytest.mark.parametrize("entries", [{}, "x", [3], [["1/0"]], [[1.5]], [[True]]], ids=str)
@pytest.mark.parametrize("key", ["inside", "signs"])
def test_points_are_lists_of_rationals(key: str, entries: Any) -> None:
    with pytest.raises(CertificateRejected):
        check_width(certificate(**{key: entries}))


def test_too_many_kinks_are_refused_soon() -> None:
    text = " + ".join(f"{2**at}*relu(x - {at})" for at in range(64))
    form = prove(f"{text} + x == {text} + x").certificate
    start = time.process_time()
    with pytest.raises(CertificateRejected, match="more arithmetic"):
        check_width(certificate(variables=["x"], form=form, network=form, width=66))
    on_a_domain = prove(f"{text} + x == {text} + x", where="x >= -1").certificate
    points = [[70], *([at] for at in range(64))]
    with pytest.raises(CertificateRejected, match="more arithmetic"):
        check_width(certificate(variables=["x"], form=on_a_domain, network=form, width=66, inside=points))
    assert time.process_time() - start < 10


def test_a_theorem_is_made_by_the_checker_only() -> None:
    theorem = check_width(stored("accepted", "min_on_the_plane"))
    assert repr(theorem) == f"WidthTheorem: {STATEMENTS['min_on_the_plane']}"
    for again in (pickle.loads(pickle.dumps(theorem)), copy.copy(theorem)):
        assert again is not theorem and again.record == theorem.record
    with pytest.raises(TypeError, match="only"):
        WidthTheorem("text")
    with pytest.raises(TypeError, match="subclasses"):
        type("Other", (WidthTheorem,), {})
    with pytest.raises(TypeError, match="cannot be changed"):
        WidthTheorem.record = "3 is the least width"  # type: ignore[method-assign, assignment]
    with pytest.raises(TypeError, match="not a theorem"):
        _ = object.__new__(WidthTheorem).record
    with pytest.raises(CertificateRejected):
        check(theorem.record[0])


numbers = st.fractions(-3, 3, max_denominator=3)


@given(st.integers(1, 3).flatmap(lambda size: st.lists(st.tuples(*[numbers] * size), min_size=1, max_size=7)))
def test_a_sum_of_some_vectors_is_found_if_there_is_one(rows: Vectors) -> None:
    start, *vectors = rows
    sums = (
        [first + sum(vector[at] for vector in chosen) for at, first in enumerate(start)]
        for size in range(len(vectors) + 1)
        for chosen in combinations(vectors, size)
    )
    assert reaches(vectors, start, lambda bits: None) == any(not any(total) for total in sums)


@given(st.integers(2, 4).flatmap(lambda size: st.tuples(*[st.tuples(*[numbers] * size)] * 2)), numbers)
def test_modulo_a_normal_only_its_multiples_are_0(rows: Vectors, factor: Fraction) -> None:
    vector, normal = rows
    if any(normal):
        assert not any(modulo(tuple(factor * c for c in normal), normal))
        pivot = next(at for at, c in enumerate(normal) if c)
        share = vector[pivot] / normal[pivot]
        is_multiple = all(a == share * b for a, b in zip(vector, normal, strict=True))
        assert any(modulo(vector, normal)) != is_multiple
