"""Certificates written: claims with their proofs to the text that the kernel checks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from symcircuits.kernel.certificate import FORMAT, VERSION
from symcircuits.kernel.number import rational_to_text
from symcircuits.kernel.term import Claim, Term, table, variable

PLAIN, INLINE = 2**53, -1
"""Integers below PLAIN are written as numbers; the place of a 1 that stands in a sum only, as its constant."""

Step = list[Any]
Data = dict[str, Any]


def write(proved: Iterable[tuple[Claim, Sequence[Step]]], lemmas: Iterable[Data] = ()) -> str:
    """The certificate's text for claims with their proofs, after lemmas that are JSON data already."""
    return text_of([*lemmas, *(theorem_to_json(claim, proof) for claim, proof in proved)])


def text_of(theorems: Iterable[Data]) -> str:
    """The certificate's text for theorems that are JSON data already; each step stands on a line."""
    laid_out = ",\n".join(map(_layout, theorems))
    return f'{{"format":"{FORMAT}","version":{VERSION},"theorems":[\n{laid_out}]}}\n'


def _layout(theorem: Data) -> str:
    fields = [f'"{name}":{_compact(value)}' for name, value in theorem.items() if name != "proof"]
    steps = ",\n".join(map(_compact, theorem["proof"]))
    return "{" + ",\n".join([*fields, f'"proof":[\n{steps}]']) + "}"


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def theorem_to_json(claim: Claim, proof: Sequence[Step]) -> Data:
    """One theorem as JSON data.

    In a step a `Term` stands for its number, a `Fraction` for itself; variables are numbered as `Claim.variables` lists
    them.
    """
    names = claim.variables()
    roots = [*map(variable, names), *claim.sides(), *_terms(proof)]
    rows, places = table(*roots)
    number: dict[int, int] = {place: at for at, place in enumerate(places[: len(names)])}
    entries: list[Any] = []
    needed = {at for kind, parts, *_ in rows if kind != "sum" for at in parts} | set(places)
    for at, (kind, parts, coefficients, _, exponent) in enumerate(rows):
        if kind == "variable" or (kind == "one" and at not in needed):
            continue
        number[at] = len(names) + len(entries)
        entries.append(_write_term(kind, parts, coefficients, exponent, rows, number))
    place = {id(root): number[at] for root, at in zip(roots, places, strict=True)}
    sides = [number[at] for at in places[len(names) : len(names) + 2 + 2 * len(claim.where)]]
    relations = [comparison.relation for comparison in (claim.goal, *claim.where)]
    comparisons = [[relation, *sides[2 * at : 2 * at + 2]] for at, relation in enumerate(relations)]
    plain = _plain(place.__getitem__)
    steps = [plain(step) for step in proof]
    ranges = [[names.index(name), [*map(number_to_json, values)]] for name, values in claim.ranges]
    domain = {"where": comparisons[1:], **({"ranges": ranges} if ranges else {})}
    return {"variables": names, "terms": entries, **domain, "claim": comparisons[0], "proof": steps}


def _terms(value: Any) -> Iterator[Term]:
    """The terms in steps, also inside lists of lists."""
    if type(value) is Term:
        yield value
    elif type(value) in (list, tuple):
        for part in value:
            yield from _terms(part)


def _write_term(
    kind: str,
    parts: tuple[int, ...],
    coefficients: tuple[Fraction, ...],
    exponent: int,
    rows: Any,
    number: dict[int, int],
) -> list[Any]:
    if kind == "sum":
        pairs = zip(coefficients, parts, strict=True)
        return [
            "sum",
            *(number_to_json(c) if rows[at][0] == "one" else [number_to_json(c), number[at]] for c, at in pairs),
        ]
    return [kind, *(number[at] for at in parts), *([exponent] if kind == "scale" else [])]


def term_to_json(term: Term, places: Sequence[int]) -> list[Any]:
    """A term as an entry of a certificate, its parts having these numbers; a 1 in a sum may be `INLINE`."""
    if term.kind == "sum":
        pairs = zip(map(number_to_json, term.coefficients), places, strict=True)
        return ["sum", *(c if at == INLINE else [c, at] for c, at in pairs)]
    return [term.kind, *places, *([term.exponent] if term.kind == "scale" else [])]


def number_to_json(value: Fraction) -> int | str:
    """A rational as JSON: a small integer as it is, anything else as text."""
    small = value.denominator == 1 and abs(value.numerator) < PLAIN
    return value.numerator if small else rational_to_text(value)


def _plain(place: Callable[[int], int]) -> Callable[[Any], Any]:
    def plain(value: Any) -> Any:
        if type(value) is Term:
            return place(id(value))
        if type(value) is Fraction:
            return number_to_json(value)
        return [plain(part) for part in value] if type(value) in (list, tuple) else value

    return plain
