"""Prove every gadget again, parts before wholes, and write the certificates that come with the package."""

from collections.abc import Iterator
from pathlib import Path

from symcircuits.circuits.gadget import Gadget, Verified, certificate_names
from symcircuits.circuits.gadgets import library


def parts_first(gadgets: list[Verified]) -> Iterator[Gadget]:
    """The gadgets, and those that they cite, each after those that it cites."""
    done: list[Verified] = []

    def visit(each: Verified) -> Iterator[Gadget]:
        if each not in done:
            done.append(each)
            for part in each.parts:
                yield from visit(part)
            if isinstance(each, Gadget):
                yield each

    for each in gadgets:
        yield from visit(each)


if __name__ == "__main__":
    folder = Path(__file__).parent / "certificates"
    for each in parts_first(list(library().values())):
        if library().get(each.name) is each:
            for theorem, name in zip(each.prove_all(), certificate_names(each), strict=True):
                (folder / name).write_text(theorem.certificate, encoding="utf-8")
                print(f"{each.name}: {theorem.claim}")
