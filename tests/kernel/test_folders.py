"""The stored certificates: what must be accepted and with which statement, and what must be rejected and why."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import symcircuits
from symcircuits.kernel.check import RULES, check
from symcircuits.kernel.errors import CertificateRejected

CERTIFICATES = Path(__file__).parents[1] / "certificates"
REASONS: dict[str, dict[str, str]] = json.loads((CERTIFICATES / "reasons.json").read_text(encoding="utf-8"))
REFUSED = [(folder, name) for folder, reasons in REASONS.items() for name in reasons]
VACUOUS = {
    "domain_empty_by_a_maximum",
    "empty_domain",
    "empty_strict_domain",
    "known_inequality_against_the_domain",
}
WALK = """
import sys
from pathlib import Path
from symcircuits.kernel.check import check

for path in sorted(Path(sys.argv[1]).glob("*/*.json")):
    try:
        verdict = str(check(path.read_text(encoding="utf-8")).claim)
    except ValueError as error:
        verdict = f"{type(error).__name__}: {error}"
    except Exception as error:
        verdict = f"crash: {type(error).__name__}"
    print(path.parent.name, path.stem, ascii(verdict))
"""


def names(folder: str, suffix: str = ".json") -> set[str]:
    return {path.stem for path in (CERTIFICATES / folder).glob(f"*{suffix}")}


def read(folder: str, name: str) -> str:
    return (CERTIFICATES / folder / f"{name}.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(names("accepted")))
def test_an_accepted_certificate_proves_the_stated_claim(name: str) -> None:
    theorem = check(read("accepted", name))
    assert f"{theorem.claim}\n" == (CERTIFICATES / "accepted" / f"{name}.txt").read_text(encoding="utf-8")
    assert theorem.is_vacuous == (name in VACUOUS)


@pytest.mark.parametrize(("folder", "name"), REFUSED, ids=[name for _, name in REFUSED])
def test_a_wrong_certificate_is_rejected_for_its_reason(folder: str, name: str) -> None:
    with pytest.raises(CertificateRejected) as caught:
        check(read(folder, name))
    assert REASONS[folder][name] in str(caught.value)


@pytest.mark.parametrize("folder", REASONS)
def test_every_wrong_certificate_has_a_reason_and_every_reason_a_certificate(folder: str) -> None:
    assert names(folder) == set(REASONS[folder])
    assert all(REASONS[folder].values())


def test_every_accepted_certificate_has_a_statement_and_nothing_else_is_there() -> None:
    assert names("accepted") == names("accepted", ".txt")
    assert {path.name for path in CERTIFICATES.iterdir()} == {"accepted", "rejected", "malformed", "reasons.json"}


def test_the_accepted_certificates_use_every_rule_and_every_kind_of_term() -> None:
    theorems = [theorem for name in names("accepted") for theorem in json.loads(read("accepted", name))["theorems"]]
    assert {step[0] for theorem in theorems for step in theorem["proof"]} == set(RULES)
    kinds = {entry[0] for theorem in theorems for entry in theorem["terms"]}
    assert kinds == {"one", "sum", "relu", "abs", "max", "min", "scale"}


def test_the_rejected_certificates_try_every_rule() -> None:
    theorems = [theorem for name in names("rejected") for theorem in json.loads(read("rejected", name))["theorems"]]
    steps = [step[0] for theorem in theorems for step in theorem["proof"] if step]
    assert all(rule in steps for rule in RULES)


def verdicts(*options: str, seed: str) -> str:
    root = Path(symcircuits.__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONHASHSEED": seed}
    command = [sys.executable, *options, "-c", WALK, str(CERTIFICATES)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60).stdout


def test_verdicts_depend_neither_on_optimisation_nor_on_hash_order() -> None:
    expected = verdicts(seed="0")
    assert expected.count("\n") == len(names("accepted")) + len(REFUSED)
    assert "crash" not in expected
    for option, seed in (("-O", "0"), ("-O", "1"), ("-OO", "2"), ("-B", "1"), ("-B", "2")):
        assert verdicts(option, seed=seed) == expected
