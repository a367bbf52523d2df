"""`decide`: every kind of object of a claims file, and no object that makes it raise."""

import json
import time
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcircuits.claims import contradicts, decide, decide_line
from symcircuits.expr.parse import parse_claim

KEYS = {"verdict", "seconds", "method", "counterexample", "certificate_bytes", "reason", "vacuous"}


def claim(lhs: str, relation: str, rhs: str, *domain: str, **more: object) -> dict[str, Any]:
    return {"lhs": lhs, "relation": relation, "rhs": rhs, "domain": list(domain), **more}


PROVED = [
    (claim("Min(a,b)", "==", "b-relu(b-a)", vars=["a", "b"]), None),
    (claim("relu(x)", "<=", "Abs(x)"), "breakpoints"),
    (claim("relu(Abs(x) + y) - relu(y)", "<=", "Abs(x)"), None),
    (claim("x", "==", "relu(x)-relu(-x)"), "normal form"),
    (claim("x", "<", "x + 1"), "linear bound"),
    (claim("x + y", ">=", "1", "x >= 1", "y >= 0"), "linear bound"),
    (claim("x", "==", "y", "x >= 1", "x <= 0"), "empty domain"),
    (claim("h", "<=", "k", "x >= -1", let=[["h", "relu(x)"], ["k", "h + 1"]]), None),
    (claim("relu(x)", "within", "x/2", "x >= -1", "x <= 1", bound="1/2"), None),
    (claim("x", "==", "x*x", "x in {0,1}"), None),
    (claim("z", "==", "z", "x in -6..6", let=[["z", "x*x"]]), None),
    (claim("x", "within", "x**2", "x >= 0", "x <= 1", bound="1/4"), None),
]
REFUTED = [
    claim("Min(a,b)", "==", "b-relu(a-b)"),
    claim("Abs(x)", "<=", "1", "x <= 3/2", "x >= 0"),
    claim("x", "<", "x"),
    claim("x", "==", "x*x", "x in {-1,0,1}"),
    claim("x", "within", "x**2", "x >= 0", "x <= 1", bound="1/5"),
    claim("u*v", "<=", "1"),
    claim("relu(x)", "within", "x", "x >= -1", bound="1/2", vars=["x", "unused"]),
]
UNKNOWN = [
    (claim("relu(x)", "pieces", "2", "x in {0,1}"), "pieces over finitely many values"),
    (claim("relu(x)", "min_width", "1", "x in {0,1}"), "min_width over finitely many values"),
    (claim("u**3 + v**3 - u*v*(u + v)", ">=", "0", "u >= 0", "v >= 0"), "outside what the prover decides"),
]
ERROR = [
    ({}, "relation is missing"),
    ([], "a claim is an object"),
    (claim("", "theorem", ""), "a statement and no question"),
    (claim("x", "!=", "x"), "the relation must be one of"),
    (claim("relu(x)", "pieces", "x"), "rhs must be a number"),
    (claim("relu(x)", "cells", "2", "x == 0"), "the domain has no interior"),
    (claim("w*relu(x)", "cells", "2", "w > 0"), "a parameter multiplies"),
    (claim("x", "", "x"), "the relation must be one of"),
    ({**claim("x", "==", "x"), "relation": ["=="]}, "relation must be text"),
    ({**claim("x", "==", "x"), "lhs": 3}, "lhs must be text"),
    ({"lhs": "x", "relation": "=="}, "rhs is missing"),
    (claim("x", "within", "x"), "bound is missing"),
    (claim("(x", "within", "x", bound="1"), "in the claim"),
    (claim("x) + (y", "within", "x", bound="1"), "in the claim"),
    (claim("x == y", "==", "y"), "second relation"),
    (claim("", "==", "x == y"), "an expression is missing"),
    (claim("x", "==", "z", vars=["x", "y"]), "z is neither among vars"),
    (claim("x", "==", "x", vars="x"), "vars must be a list of texts"),
    ({**claim("x", "==", "x"), "domain": [1]}, "domain must be a list of texts"),
    (claim("x", "==", "x", "relu(x) >="), "in the domain"),
    (claim("x", "==", "x", let=[["h"]]), "let must be a list of pairs"),
    (claim("x", "==", "x", let={"h": "x"}), "let must be a list of pairs"),
    (claim("__import__('os')", "==", "x"), "in the claim"),
]


@pytest.mark.parametrize(("data", "method"), PROVED)
def test_proved(data: dict[str, Any], method: str | None) -> None:
    answer = decide(data)
    assert set(answer) == KEYS
    assert (answer["verdict"], answer["reason"], answer["counterexample"]) == ("proved", None, None)
    assert answer["certificate_bytes"] > 100
    assert answer["method"] == method or method is None
    assert answer["vacuous"] == (method == "empty domain")


@pytest.mark.parametrize("data", REFUTED)
def test_refuted_at_a_point_where_the_claim_is_false(data: dict[str, Any]) -> None:
    answer = decide(data)
    assert set(answer) == KEYS
    assert (answer["verdict"], answer["method"], answer["vacuous"]) == ("refuted", "exact point", False)
    point = {name: Fraction(value) for name, value in answer["counterexample"].items()}
    assert set(data.get("vars", [])) <= set(point)
    lhs, rhs = data["lhs"], data["rhs"]
    text = f"abs({lhs} - ({rhs})) <= {data['bound']}" if "bound" in data else f"{lhs} {data['relation']} {rhs}"
    stated = parse_claim(text, data["domain"])
    assert all(comparison.holds(point) for comparison in stated.where)
    assert not stated.goal.holds(point)


TENT = "2*relu({0}) - 4*relu({0} - 1/2)"
CANTOR = "Max(1 - 3*{0}, 0, 3*{0} - 2)"
UNIT = ("x >= 0", "x <= 1")
COUNTS = [  # Montufar et al. 2014; Telgarsky 2015; Yarotsky 2017; Zaslavsky 1975; Stargalla, Hertrich, Reichman 2025
    (claim("t2", "pieces", "4", *UNIT, let=[["t", TENT.format("x")], ["t2", TENT.format("t")]]), 4),
    (claim("Abs(Abs(Abs(x) - 2) - 1)", "pieces", "8"), 8),
    (claim("c2", "pieces", "7", *UNIT, let=[["c", CANTOR.format("x")], ["c2", CANTOR.format("c")]]), 7),
    (claim("relu(1 - Abs(x))", "pieces", "4"), 4),
    (claim("Max(a,b,c)", "pieces", "3"), 3),
    (claim("Max(Min(a,b),Min(b,c),Min(a,c))", "pieces", "6"), 6),
    (claim("Max(Min(a,b),Min(b,c),Min(a,c))", "pieces", "3"), 6),
    (claim("Max(a,b,c) - Min(a,b,c)", "pieces", "6"), 6),
    (claim("relu(x) + 2*relu(y) + 4*relu(x + y - 1)", "cells", "7"), 7),
    (claim("relu(x) + 2*relu(y) + 4*relu(x + y - 1) + 8*relu(x - 2*y + 3)", "cells", "11"), 11),
    (claim("relu(x) + 2*relu(y) + 4*relu(z) + 8*relu(x + y + z - 1)", "cells", "15"), 15),
    (claim("relu(a - b) + 2*relu(b - c) + 4*relu(a - c)", "cells", "6"), 6),
    (claim("relu(Abs(x) + Abs(y) - 1)", "cells", "8"), 8),
    (claim("relu(Abs(x) + Abs(y) - 1)", "pieces", "5"), 5),
    (claim("relu(x)", "pieces", "1", "x >= 1", "x <= 0"), 0),
]


@pytest.mark.parametrize(("data", "value"), COUNTS)
def test_counts_of_pieces_and_cells(data: dict[str, Any], value: int) -> None:
    answer = decide(data)
    assert answer["value"] == value
    assert answer["verdict"] == ("proved" if int(data["rhs"]) == value else "refuted")


WIDTHS = [  # Dereich, Kassing 2021; Mukherjee, Basu 2017; Hertrich, Basu, Di Summa, Skutella 2021
    (claim("Min(a,b)", "min_width", "3"), "proved", 3),
    (claim("Min(a,b)", "min_width", "2"), "refuted", 3),
    (claim("Abs(x)+Abs(y)+Abs(z)", "min_width", "6"), "refuted", 5),
    (claim("Min(a,b)", "min_width", "2", "a >= 0", "a <= 1", "b >= 0", "b <= 1"), "proved", 2),
    (claim("Max(0,x,y)", "min_width", "3"), "refuted", None),
    (claim("Max(a,b,c)-Min(a,b,c)", "one_hidden_layer", "one_hidden_layer"), "proved", None),
    (claim("Max(0,x,y)", "one_hidden_layer", "one_hidden_layer"), "refuted", None),
]


@pytest.mark.parametrize(("data", "verdict", "value"), WIDTHS)
def test_widths(data: dict[str, Any], verdict: str, value: int | None) -> None:
    answer = decide(data)
    assert (answer["verdict"], answer.get("value"), answer["method"]) == (verdict, value, "kinks")
    assert answer["certificate_bytes"] > 300
    assert ("witnesses" in answer) == (data["relation"] == "one_hidden_layer" and verdict == "refuted")


@pytest.mark.parametrize(("data", "reason"), UNKNOWN)
def test_unknown(data: dict[str, Any], reason: str) -> None:
    answer = decide(data)
    assert set(answer) == KEYS
    assert answer["verdict"] == "unknown"
    assert reason in answer["reason"]


@pytest.mark.parametrize(("data", "reason"), ERROR)
def test_error(data: dict[str, Any], reason: str) -> None:
    answer = decide(data)
    assert set(answer) == KEYS
    assert answer["verdict"] == "error"
    assert reason in answer["reason"]


def test_a_limit_of_time_gives_unknown() -> None:
    values = ", ".join(f"abs(x{i} - x{j})" for i in range(6) for j in range(i))
    answer = decide(claim(f"max({values})", "<=", "max(x0,x1,x2,x3,x4,x5) - min(x0,x1,x2,x3,x4,x5)"), seconds=0.01)
    assert answer["verdict"] == "unknown"
    assert "limit of 0.01 seconds" in answer["reason"]


def test_an_unexpected_error_is_a_verdict_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise MemoryError("no more")

    monkeypatch.setattr("symcircuits.claims.prove_on", fail)
    answer = decide(claim("x", "==", "x"))
    assert (answer["verdict"], answer["reason"]) == ("error", "internal error: MemoryError: no more")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 1_000_000, "not JSON"),
        (b'{"id": ' + b"9" * 5000 + b"}", "not JSON"),
        (b"3", "not a JSON object"),
        (b'{"id": 7, "expected": "yes"}', "expected must be"),
    ],
)
def test_a_line_that_cannot_be_read(line: bytes, reason: str) -> None:
    answer = decide_line(line)
    assert answer["verdict"] == "error"
    assert reason in answer["reason"]
    assert not contradicts(answer)
    assert set(answer) == KEYS | {"id", "expected"}


def test_a_line_may_start_with_a_byte_order_mark() -> None:
    line = b"\xef\xbb\xbf" + json.dumps({"id": ["a"], **claim("x", "==", "x")}).encode()
    assert (decide_line(line)["verdict"], decide_line(line)["id"]) == ("proved", ["a"])


@pytest.mark.parametrize("verdict", ["proved", "refuted", "unknown", "error"])
@pytest.mark.parametrize("expected", [True, False, None])
def test_only_opposites_contradict(verdict: str, expected: bool | None) -> None:
    wrong = contradicts({"verdict": verdict, "expected": expected})
    assert wrong == ((verdict, expected) in [("proved", False), ("refuted", True)])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["x", "==", "x >= 0", "relu(x", "h"]),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.sampled_from(["x", "h"]), parts, max_size=2),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["vars", "let", "lhs", "rhs", "relation", "domain", "bound"]), JSON))
def test_no_object_makes_it_raise_or_fail(data: dict[str, Any]) -> None:
    answer = decide(data, seconds=1)
    assert set(answer) == KEYS
    assert not (answer["reason"] or "").startswith("internal error")


def test_a_misspelt_key_is_an_error_and_a_note_is_not():
    claim = {"lhs": "relu(x)", "relation": "==", "rhs": "x"}
    answer = decide({**claim, "domian": ["x >= 0"]})
    assert answer["verdict"] == "error" and "did you mean domain?" in answer["reason"]
    assert decide({**claim, "domain": ["x >= 0"], "family": "seed", "notes": "from a paper"})["verdict"] == "proved"


def test_reading_counts_as_time_and_is_stopped() -> None:
    lhs = " + ".join(f"relu({n}*x{n % 50} - {n % 7}*y)" for n in range(1, 60_000))
    start = time.perf_counter()
    answer = decide({"lhs": lhs, "relation": "==", "rhs": "0"}, seconds=0.3)
    assert answer["verdict"] == "unknown" and "0.3 seconds" in answer["reason"]
    assert time.perf_counter() - start < 3
