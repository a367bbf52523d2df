"""Prove every gadget again and write the certificates that come with the package."""

from pathlib import Path

from symcircuits.circuits.gadgets import library

if __name__ == "__main__":
    folder = Path(__file__).parent / "certificates"
    for each in library().values():
        (folder / f"{each.name}.json").write_text(each.prove().certificate, encoding="utf-8")
        print(f"{each.name}: {each.theorem.claim}")
