"""Reading: only what the format allows, and exactly what was written."""

from __future__ import annotations

import json
import time
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcircuits.kernel import certificate
from symcircuits.kernel.certificate import draft, index, is_name, items, listed, rational, read
from symcircuits.kernel.check import check
from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.number import integer_from_text
from symcircuits.kernel.term import RELATIONS, Claim, Comparison, Range, Term, scale, total, variable
from symcircuits.provers.certificate import write

THEOREM: dict[str, Any] = {"variables": ["x"], "terms": [], "where": [], "claim": ["==", 0, 0], "proof": [["normal"]]}
F = Fraction
X, Y, W = map(variable, ("x", "β", "w_2"))
JUNK: dict[str, Any] = {
    "null": None, "true": True, "false": False, "float": 1.5, "word": "x", "digit": "0", "list": [], "object": {},
    "nested": [[]], "pair": {"a": 1}, "negative": -1, "huge": 10**5000,
}  # fmt: skip


def text(**changes: Any) -> str:
    return json.dumps({"format": "symcircuits-certificate", "version": 1, "theorems": [{**THEOREM, **changes}]})


numbers = st.fractions() | st.integers(-(10**30), 10**30).map(F) | st.just(F(2**40, 3))
leaves = st.sampled_from([X, Y, W])


def wholes(parts: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    many = st.lists(parts, min_size=1, max_size=3)
    return st.one_of(
        st.lists(st.tuples(numbers, parts), max_size=3).map(total),
        st.builds(lambda kind, part: Term(kind, (part,)), st.sampled_from(["relu", "abs"]), parts),
        st.builds(lambda kind, args: Term(kind, tuple(args)), st.sampled_from(["max", "min"]), many),
        st.builds(scale, parts, leaves, st.sampled_from([1, -1])),
    )


terms = st.recursive(leaves, wholes, max_leaves=8)
comparisons = st.tuples(terms, st.sampled_from(sorted(RELATIONS)), terms).map(lambda parts: Comparison(*parts))
claims = st.tuples(comparisons, st.lists(comparisons, max_size=2).map(tuple)).map(lambda parts: Claim(*parts))


@given(claims)
def test_a_claim_is_read_as_it_was_written(claim: Claim) -> None:
    (data,) = read(write([(claim, [])]))
    found = draft(data)
    assert found.claim == claim and str(found.claim) == str(claim)
    assert list(found.variables) == claim.variables() and found.proof == ()


def test_huge_numbers_are_written_read_checked_and_printed() -> None:
    huge = 10**5000
    left = Term("relu", (total([(F(huge), X), (F(-1, huge), X)]),))
    claim = Claim(Comparison(left, "==", total([(F(huge * huge - 1, huge), Term("relu", (X,)))])))
    theorem = check(write([(claim, [["normal"]])]))
    assert theorem.claim == claim
    assert "1" + "0" * 5000 in str(theorem.claim) and "9" * 10_000 + "/1" + "0" * 5000 in repr(theorem)


def test_terms_of_depth_10000_are_written_read_checked_and_printed() -> None:
    start = time.process_time()
    deep = X
    for _ in range(10_000):
        deep = Term("relu", (deep,))
    claim = Claim(Comparison(deep, "==", Term("relu", (X,))))
    theorem = check(write([(claim, [["normal"]])]))
    assert theorem.claim == claim and check(theorem.certificate).claim == claim
    assert len(str(theorem)) < 100_000
    assert time.process_time() - start < 60


@pytest.mark.parametrize("name", ["x", "x1", "_", "α", "Жук", "größe", "t1", "None", "lambda", "relux", "maxi", "Pi2"])
def test_names(name: str) -> None:
    assert is_name(name)
    theorem = check(text(variables=[name], terms=[["relu", 0], ["relu", 1]], claim=["==", 1, 2]))
    assert theorem.claim.variables() == [name]


NO_NAMES = [
    "",
    "変数",
    "xーy",
    "xᐸy",
    "x一y",
    "x٠",
    "x\u115f",
    "1",
    "1x",
    "x y",
    " x",
    "x\n",
    "x\u200b",
    "x-y",
    "x.y",
    "ﬁ",
    "ª",
    "e\u0301",
    "ReLU",
    "Max",
]


@pytest.mark.parametrize("name", [*NO_NAMES, *sorted(certificate.RESERVED)])
def test_what_is_no_name(name: str) -> None:
    assert not is_name(name)


@pytest.mark.parametrize("junk", JUNK)
def test_an_index_is_an_integer_in_its_range(junk: str) -> None:
    with pytest.raises(CertificateRejected, match="the place must be an integer from 0 to 2"):
        index(JUNK[junk], 3, "the place")
    with pytest.raises(CertificateRejected, match="the place must be an integer from 0 to 2"):
        index(3, 3, "the place")
    assert [index(at, 3, "the place") for at in (0, 1, 2)] == [0, 1, 2]


@pytest.mark.parametrize("junk", sorted(JUNK.keys() - {"digit", "negative", "huge"}))
def test_a_rational_is_an_integer_or_a_text(junk: str) -> None:
    with pytest.raises(CertificateRejected, match="a rational must be an integer or a text"):
        rational(JUNK[junk])


def test_rationals() -> None:
    found = [rational(value) for value in (3, "3", "-6/4", -(10**5000))]
    assert found == [3, 3, F(-3, 2), -(10**5000)] and {type(value) for value in found} == {Fraction}


@pytest.mark.parametrize("junk", sorted(JUNK.keys() - {"list", "nested"}))
def test_a_list_is_a_list(junk: str) -> None:
    with pytest.raises(CertificateRejected, match="the row must be a list of at most 1000000 entries"):
        listed(JUNK[junk], "the row")


def test_a_list_has_a_million_entries_at_most() -> None:
    assert len(listed([0] * 1_000_000, "the row")) == 1_000_000
    with pytest.raises(CertificateRejected, match="the row must be a list of at most 1000000 entries"):
        listed([0] * 1_000_001, "the row")


def test_a_text_has_a_limited_length(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = text()
    monkeypatch.setattr(certificate, "BYTES", len(whole))
    assert read(whole) == [THEOREM]
    with pytest.raises(CertificateRejected, match=f"it has {len(whole) + 1} characters; at most {len(whole)}"):
        read(whole + " ")


def test_the_entries_of_a_combination() -> None:
    assert items([2, ["1/2", 0], [-1, 2]], 3, "a number") == [(F(2), None), (F(1, 2), 0), (F(-1), 2)]
    with pytest.raises(CertificateRejected, match="a number must be an integer from 0 to 1"):
        items([[1, 2]], 2, "a number")


@pytest.mark.parametrize("field", [*THEOREM, "ranges"])
@pytest.mark.parametrize("junk", JUNK)
def test_junk_in_a_field_is_rejected_and_never_crashes(field: str, junk: str) -> None:
    data = {**THEOREM, field: JUNK[junk]}
    if junk == "list":
        data["claim"] = ["==", 1, 0]
    with pytest.raises(CertificateRejected):
        draft(data)


@pytest.mark.parametrize("junk", JUNK)
@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("entry", [["relu", 0], ["sum", [1, 0]], ["max", 0, 0], ["scale", 0, 0, 1], ["one"]], ids=repr)
def test_junk_in_a_term_is_rejected_and_never_crashes(entry: list[Any], place: int, junk: str) -> None:
    changed = [*entry[:place], JUNK[junk], *entry[place + 1 :]]
    if entry[0] == "sum" and place and junk in ("digit", "negative", "huge"):
        assert draft({**THEOREM, "terms": [changed]}).terms[1].kind == "sum"
        return
    with pytest.raises(CertificateRejected):
        draft({**THEOREM, "terms": [changed]})


VALUES = st.sets(st.fractions(), min_size=1, max_size=4).map(sorted).map(tuple)


@given(comparisons, st.dictionaries(st.sampled_from(["x", "β", "z"]), VALUES))
def test_ranges_are_read_as_they_were_written(goal: Comparison, values: dict[str, tuple[Fraction, ...]]) -> None:
    claim = Claim(goal, (), tuple(Range(name, chosen) for name, chosen in values.items()))
    (data,) = json.loads(write([(claim, [])]), parse_int=integer_from_text)["theorems"]
    assert draft(data).claim == claim
    assert draft({**data, "ranges": []}).claim == claim._replace(ranges=()) if values else "ranges" not in data


def test_an_undeclared_subterm_cannot_be_reached_by_its_name() -> None:
    with pytest.raises(CertificateRejected):
        draft({**THEOREM, "terms": [["variable", "y"]]})
