"""Prove every gadget again and write the certificates that come with the package."""

from pathlib import Path

from symcircuits.circuits.gadget import certificate_names
from symcircuits.circuits.gadgets import library

if __name__ == "__main__":
    folder = Path(__file__).parent / "certificates"
    for each in library().values():
        for theorem, name in zip(each.prove_all(), certificate_names(each), strict=True):
            (folder / name).write_text(theorem.certificate, encoding="utf-8")
            print(f"{each.name}: {theorem.claim}")
