"""A claim of the corpus: what is asked, where it stands in its series, and, if it is false, a point that shows it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

Point = dict[str, Fraction]
ASKED = ("id", "vars", "let", "lhs", "rhs", "relation", "domain", "expected")


class CorpusClaim(NamedTuple):
    """A claim as text: for all real `variables` in the `domain`, `lhs` `relation` `rhs`.

    Claims of one family, series and truth differ by their size. A false claim has a `counterexample`, a true one none.
    """

    family: str
    series: str
    size: int
    variables: tuple[str, ...]
    lhs: str
    rhs: str
    relation: str = "=="
    let: tuple[tuple[str, str], ...] = ()
    domain: tuple[str, ...] = ()
    counterexample: Point | None = None
    source: str = ""

    @property
    def expected(self) -> bool:
        """Whether it is true."""
        return self.counterexample is None

    @property
    def line(self) -> tuple[str, str, bool]:
        """The series along which only the size differs."""
        return self.family, self.series, self.expected

    @property
    def id(self) -> str:
        """A name that no other claim of a corpus has."""
        return f"{self.family}/{self.series}/{'true' if self.expected else 'false'}/{self.size}"

    @property
    def digest(self) -> str:
        """A short fingerprint of what it asks."""
        return digest([self])[:16]

    @property
    def text_bytes(self) -> int:
        """The length of the claim's own text."""
        parts = (self.lhs, self.rhs, self.relation, *self.domain, *(part for pair in self.let for part in pair))
        return sum(len(part.encode()) for part in parts)

    def to_json(self) -> dict[str, Any]:
        """The object of a claims file that asks it."""
        return {
            "id": self.id,
            "family": self.family,
            "series": self.series,
            "n": self.size,
            "vars": list(self.variables),
            "let": [list(pair) for pair in self.let],
            "lhs": self.lhs,
            "rhs": self.rhs,
            "relation": self.relation,
            "domain": list(self.domain),
            "expected": self.expected,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CorpusClaim:
        """The claim that such an object asks; a false one has an empty counterexample."""
        return cls(
            data["family"],
            data["series"],
            data["n"],
            tuple(data["vars"]),
            data["lhs"],
            data["rhs"],
            data["relation"],
            tuple((name, text) for name, text in data["let"]),
            tuple(data["domain"]),
            None if data.get("expected", True) else {},
        )


def digest(claims: Iterable[CorpusClaim] | Iterable[Mapping[str, Any]]) -> str:
    """A fingerprint of what the claims ask: sha256 of the JSON lists of the values of `ASKED`, one claim a line.

    >>> claim = CorpusClaim("seed", "abs", 1, ("x",), "relu(x) + relu(-x)", "abs(x)")
    >>> digest([claim]) == digest([claim.to_json()])
    True
    """
    sha = hashlib.sha256()
    for claim in claims:
        data = claim.to_json() if isinstance(claim, CorpusClaim) else claim
        sha.update(json.dumps([data[key] for key in ASKED], separators=(",", ":")).encode() + b"\n")
    return sha.hexdigest()
