"""The folder `proofs/` holds what the package publishes now, byte for byte, and its certificates check."""

from pathlib import Path

import pytest

from symcircuits import check
from symcircuits.publish.proofs import published, write_proofs

PROOFS = Path(__file__).parent.parent / "proofs"
PUBLISHED = dict(published())
REMEDY = "python -m symcircuits.publish.proofs proofs"


@pytest.mark.parametrize("name", PUBLISHED)
def test_file_is_up_to_date(name):
    assert (PROOFS / name).read_text(encoding="utf-8") == PUBLISHED[name], f"run: {REMEDY}"


def test_nothing_else_is_there():
    found = {
        str(path.relative_to(PROOFS)) for folder in PROOFS.iterdir() if folder.is_dir() for path in folder.iterdir()
    }
    assert found == set(PUBLISHED)


def test_certificates_check():
    for path in sorted(PROOFS.glob("*/certificate.json")):
        relation = check(path.read_text(encoding="utf-8")).claim.goal.relation
        assert relation == ("<=" if path.parent.name.startswith(("square", "product", "polynomial")) else "==")


def test_writing_twice_gives_the_same(tmp_path):
    write_proofs(tmp_path)
    assert {str(p.relative_to(tmp_path)): p.read_text(encoding="utf-8") for p in tmp_path.rglob("*.*")} == PUBLISHED
