"""Induction: what the kernel demands of a family, and that nothing less makes a theorem about every level."""

from __future__ import annotations

import json
import pickle
from fractions import Fraction
from typing import Any

import pytest

from symcircuits.kernel.check import check
from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.induction import EveryLevel, check_induction, family, obligations
from symcircuits.kernel.term import Claim, evaluate
from symcircuits.provers.certificate import text_of
from symcircuits.provers.cite import Lemmas
from symcircuits.provers.induction import _description, level
from symcircuits.provers.prove import prove_claim

TENT = "2*relu(x) - 4*relu(x - 1/2)"
SQUARE: dict[str, Any] = {
    "inner": {"x": TENT},
    "values": {"y": ("x", "x - t/2 + y/4")},
    "constants": {"e": ("1/4", "e/4")},
    "claims": ["x*x <= y", "y <= x*x + e"],
    "where": "0 <= x <= 1",
}
ATTAINED: dict[str, Any] = {
    **SQUARE,
    "constants": {"e": ("1/2", "e/2")},
    "claims": ["y == x*x + e*e"],
    "where": "x == e, 0 <= e <= 1/2",
}
SWAP: dict[str, Any] = {
    "inner": {"u": "v", "v": "u"},
    "values": {"p": ("max(u, v)", "max(p, q)"), "q": ("min(u, v)", "min(p, q)")},
    "constants": {},
    "claims": ["p >= u", "p >= v", "q <= u", "q <= v"],
    "where": "",
}


def description(**parts: Any) -> str:
    return _description(parts["inner"], parts["values"], parts["constants"], parts["claims"], parts["where"])


def certificate(claims: list[Claim]) -> str:
    return text_of(Lemmas([answer for claim in claims if (answer := prove_claim(claim, seconds=20))]).theorems)


def proved(**parts: Any) -> EveryLevel:
    text = description(**parts)
    return check_induction(text, certificate(obligations(family(text))))


def test_the_obligations_of_the_square() -> None:
    says = [str(claim) for claim in obligations(family(description(**SQUARE)))]
    assert says == [
        f"for all real t, x with 0 <= x, x <= 1, t == {TENT}: 0 <= t",
        f"for all real t, x with 0 <= x, x <= 1, t == {TENT}: t <= 1",
        "for all real x with 0 <= x, x <= 1: x*x <= x",
        "for all real x with 0 <= x, x <= 1: x <= x*x + (1/4)",
        f"for all real x, t, y, e with 0 <= x, x <= 1, t == {TENT}, 0 <= t, t <= 1, t*t <= y, y <= t*t + e: "
        "x*x <= x - t/2 + y/4",
        f"for all real x, t, y, e with 0 <= x, x <= 1, t == {TENT}, 0 <= t, t <= 1, t*t <= y, y <= t*t + e: "
        "x - t/2 + y/4 <= x*x + (e/4)",
    ]


def test_limits_of_constants_are_shown_from_level_to_level() -> None:
    says = [str(claim) for claim in obligations(family(description(**ATTAINED)))]
    assert says[:4] == [
        "without variables: 0 <= 1/2",
        "without variables: 1/2 <= 1/2",
        "for all real e with 0 <= e, e <= 1/2: 0 <= e/2",
        "for all real e with 0 <= e, e <= 1/2: e/2 <= 1/2",
    ]
    assert says[4] == (
        f"for all real t, e, x with 0 <= e, e <= 1/2, x == e/2, 0 <= e/2, e/2 <= 1/2, t == {TENT}: t == e"
    )


@pytest.mark.parametrize("parts", [SQUARE, ATTAINED, SWAP], ids=["square", "attained", "swap"])
def test_what_is_proved_holds_at_every_level_that_is_evaluated(parts: dict[str, Any]) -> None:
    theorem = proved(**parts)
    found = family(theorem.record[0])
    constants = list(found["start"])
    tried = 0
    for m in range(5):
        functions = level(theorem, m)
        at_level = dict(zip(found["e"], constants, strict=True))
        for n in range(-2, 35):
            point = {**dict(zip(found["x"], (Fraction(n, 32), Fraction(3 - n, 7)), strict=False)), **at_level}
            if all(comparison.holds(point) for comparison in found["domain"]):
                values = {y: evaluate(f, point) for y, f in zip(found["y"], functions, strict=True)}
                assert all(comparison.holds({**point, **values}) for comparison in found["claims"])
                tried += 1
        constants = [evaluate(after, at_level) for after in found["next"]]
    assert tried >= 5


def test_every_obligation_is_needed() -> None:
    text = description(**SQUARE)
    wanted = obligations(family(text))
    for left_out in wanted:
        rest = certificate([claim for claim in wanted if claim is not left_out])
        with pytest.raises(CertificateRejected, match="the certificate has no theorem for all real"):
            check_induction(text, rest)


def test_a_theorem_that_is_not_proved_counts_for_nothing() -> None:
    text = description(**SQUARE)
    good = json.loads(certificate(obligations(family(text))))
    for theorem in good["theorems"]:
        proof, theorem["proof"] = theorem["proof"], [["normal"]]
        with pytest.raises(CertificateRejected, match="theorem"):
            check_induction(text, json.dumps(good))
        theorem["proof"] = proof
    assert check_induction(text, json.dumps(good)).record[0] == text


# Falsehoods about the family of the square: what is wrong with each is an obligation that has no proof.
FALSE = [
    {"constants": {"e": ("1/8", "e/4")}},  # the first bound is too small
    {"constants": {"e": ("1/4", "e/5")}},  # the bound falls too fast
    {"values": {"y": ("x", "x - t/2 + y/3")}},
    {"inner": {"x": "3*relu(x) - 6*relu(x - 1/2)"}},  # leaves the domain
    {"where": "0 <= x"},
    {"claims": ["x*x <= y", "y <= x*x + e - 1/1000"]},
    {"where": "x == e, 0 <= e <= 1", "constants": {"e": ("1", "2*e")}},  # the constants leave their limits
    {"where": "x == e, 1 <= e", "constants": {"e": ("1/2", "e/2")}},  # the first constant is not in its limits
]


@pytest.mark.parametrize("change", FALSE)
def test_a_falsehood_has_an_obligation_without_proof(change: dict[str, Any]) -> None:
    text = description(**{**SQUARE, **change})
    wanted = obligations(family(text))
    found = certificate([claim for claim in wanted if prove_claim(claim, seconds=20)])
    with pytest.raises(CertificateRejected, match="the certificate has no theorem"):
        check_induction(text, found)


def changed(**changes: Any) -> str:
    data = json.loads(description(**ATTAINED))
    for key, value in changes.items():
        data[key] = value
    return json.dumps({key: value for key, value in data.items() if value is not None})


def number_of(text: str, wanted: str) -> int:
    """The number of the variable of that name."""
    data = json.loads(text)
    return [name for key in "xtye" for name in data[key]].index(wanted)


X, T, Y, E = (number_of(changed(), name) for name in "xtye")
MALFORMED = [
    (changed(x=None), "it must be an object with the keys"),
    (changed(more=1), "it must be an object with the keys"),
    ("[]", "it must be an object with the keys"),
    ("{", "it is not a family"),
    ("[" * 100_000, "it is not a family"),
    (changed(x=["x", "x"], t=["t", "u"]), "variables must be distinct names"),
    (changed(y=["x"]), "variables must be distinct names"),
    (changed(t=["t", "u"], domain=[], claims=[["==", 0, 0]], inner=[0, 0], base=[0], step=[0], next=[4]), "zip"),
    (changed(inner=[]), "zip"),
    (changed(base=[X, X]), "zip"),
    (changed(step=[]), "zip"),
    (changed(start=[]), "zip"),
    (changed(next=[E, E]), "zip"),
    (changed(start=[0.5]), "a rational must be"),
    (changed(start=["1/0"]), "a rational must be"),
    (changed(base=[99]), "a term's number must be an integer from 0"),
    (changed(claims=[["==", 0]]), "a comparison must be"),
    (changed(claims=[], domain=[]), "a comparison must be|a list"),
    (changed(terms=[["scale", X, X, -1]], inner=[4], step=[Y], next=[E], domain=[], claims=[["==", X, X]]), "quotient"),
    (changed(base=[Y]), "base may have no quotient, and of variables only x"),
    (changed(base=[T]), "base may have no quotient, and of variables only x"),
    (changed(inner=[E]), "inner may have no quotient, and of variables only x"),
    (changed(inner=[T]), "inner may have no quotient, and of variables only x"),
    (changed(step=[E]), "step may have no quotient, and of variables only x, t, y"),
    (changed(next=[X]), "next may have no quotient, and of variables only e"),
    (changed(domain=[["==", Y, X]]), "domain may have no quotient, and of variables only x, e"),
    (changed(domain=[["==", X, T]]), "domain may have no quotient, and of variables only x, e"),
    (changed(claims=[["==", T, X]]), "claims may have no quotient, and of variables only x, y, e"),
]


@pytest.mark.parametrize(("text", "reason"), MALFORMED)
def test_what_is_no_family_is_refused(text: str, reason: str) -> None:
    with pytest.raises(CertificateRejected, match=reason):
        check_induction(text, "{}")


def test_only_the_check_makes_one() -> None:
    made = EveryLevel()
    for other in (made, pickle.loads(pickle.dumps(proved(**SWAP)))):
        with pytest.raises(CertificateRejected, match="not made by check_induction"):
            other.record  # noqa: B018
    with pytest.raises(TypeError, match="no subclasses"):
        type("Forged", (EveryLevel,), {})
    with pytest.raises(TypeError, match="cannot be changed"):
        EveryLevel.record = "forged"  # type: ignore[assignment,method-assign]


def test_the_certificate_of_an_induction_is_one_of_ordinary_theorems() -> None:
    text, proof = proved(**SQUARE).record
    assert check(proof).claim in obligations(family(text))


# A falsehood for each kind of obligation, and how many of its obligations are of that kind, from which place on.
IDENTITY: dict[str, Any] = {"inner": {"x": "x"}, "constants": {}, "where": ""}
ATTACKS = {
    "the first constant is outside its limits": (
        {"values": {"y": ("5", "y")}, "constants": {"e": ("2", "e/2")}, "claims": ["y <= 0"], "where": "e <= 1"},
        slice(0, 1),
    ),
    "the constants leave their limits": (
        {"values": {"y": ("0", "y + 1")}, "constants": {"e": ("1", "3 - e")}, "claims": ["y <= 0"], "where": "e <= 1"},
        slice(1, 2),
    ),
    "the inner point leaves the domain": (
        {"inner": {"x": "3*x"}, "values": {"y": ("x", "y")}, "claims": ["y <= 1"], "where": "0 <= x <= 1"},
        slice(1, 2),
    ),
    "the first function is wrong": ({"values": {"y": ("2", "y")}, "claims": ["y <= 1"]}, slice(0, 1)),
    "the step is wrong": ({"values": {"y": ("0", "y + 1")}, "claims": ["y <= 1"]}, slice(1, 2)),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_without_one_obligation_a_falsehood_gets_through(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parts, left_out = ATTACKS[name]
    text = description(**{**IDENTITY, **parts})
    wanted = obligations(family(text))
    rest = [claim for claim in wanted if claim not in wanted[left_out]]
    assert len(rest) == len(wanted) - 1 and all(prove_claim(claim, seconds=20) for claim in rest)
    proof = certificate(rest)
    with pytest.raises(CertificateRejected, match="the certificate has no theorem"):
        check_induction(text, proof)
    monkeypatch.setattr("symcircuits.kernel.induction.obligations", lambda found: rest)
    forged = check_induction(text, proof)
    found = family(text)
    failures, constants = 0, list(found["start"])
    for m in range(3):
        point = {"x": Fraction(1), **dict(zip(found["e"], constants, strict=True))}
        (y,) = (evaluate(f, point) for f in level(forged, m))
        in_domain = all(comparison.holds(point) for comparison in found["domain"])
        failures += in_domain and not all(c.holds({**point, "y": y}) for c in found["claims"])
        constants = [evaluate(after, point) for after in found["next"]]
    assert failures
