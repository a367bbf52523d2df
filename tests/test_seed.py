"""The seed by a user's commands: claims are proved, saved and checked; near-misses give a point to check by hand."""

import json
from fractions import Fraction

import pytest
from cases import SEED
from click.testing import CliRunner

from symcircuits.cli import commands


def arguments(case):
    named = [part for name, body in case.let for part in ("--let", f"{name}={body}")]
    return [*(["--where", case.where] if case.where else []), *named]


@pytest.mark.parametrize("case", [case for case in SEED if case.expected], ids=lambda case: case.id)
def test_a_seed_claim_is_proved_saved_and_checked(case, tmp_path):
    certificate = str(tmp_path / "certificate.json")
    proved = CliRunner().invoke(commands, ["prove", case.text, *arguments(case), "--save", certificate])
    assert proved.exit_code == 0 and proved.output.startswith("proved"), proved.output
    checked = CliRunner().invoke(commands, ["check", certificate, "--claim", case.text, *arguments(case)])
    assert checked.exit_code == 0 and checked.output.startswith("accepted"), checked.output


@pytest.mark.parametrize("case", [case for case in SEED if not case.expected], ids=lambda case: case.id)
def test_a_near_miss_is_refuted_at_a_point_that_a_reader_can_check(case):
    refuted = CliRunner().invoke(commands, ["prove", case.text, *arguments(case), "--json"])
    assert refuted.exit_code == 1, refuted.output
    point = {name: Fraction(value) for name, value in json.loads(refuted.output)["counterexample"].items()}
    assert not case.claim().goal.holds(point)
    assert all(abs(value) <= 10 and value.denominator <= 10 for value in point.values())


def test_the_seed_is_whole():
    assert len([case for case in SEED if case.expected]) >= 9 and len([case for case in SEED if not case.expected]) >= 9
