"""What a run says: solved claims and times by family, walls, certificates, the slowest claims, as Markdown tables.

Only claims about which every contender has been asked are counted, or skipped them for the failures before. Times are
CPU seconds; the fastest rival is chosen anew for each claim, and times below a tenth of a millisecond count as one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from math import exp, log
from statistics import median
from typing import NamedTuple

from prover.claim import CorpusClaim
from prover.contenders import OURS
from prover.results import SKIPPED, SOLVED, WRONG, Row

LEAST = 1e-4
SMALL = 50_000  # bytes of a certificate that should be checked at once
FEW = 40  # up to so many claims are listed one by one
Cells = Sequence[str]
NUMBER = re.compile(r"[-+.\de]*|open|skipped|WRONG")  # a cell that stands to the right


class Standing(NamedTuple):
    """The claims that all contenders have rows for, the contenders, and the rows by both."""

    claims: Sequence[CorpusClaim]
    names: Sequence[str]
    rows: Mapping[tuple[str, str], Row]

    @property
    def rivals(self) -> list[str]:
        """All contenders but this package."""
        return [name for name in self.names if name != OURS]

    def solved(self, name: str, claim: CorpusClaim) -> bool:
        """Whether the contender solved it."""
        return self.rows[name, claim.id].verdict == SOLVED

    def seconds(self, name: str, claim: CorpusClaim) -> float:
        """What it took, at least `LEAST`."""
        return max(self.rows[name, claim.id].seconds or 0.0, LEAST)

    def ratio(self, claim: CorpusClaim, with_start: bool = True) -> float:
        """Our time by that of the fastest rival, the start of its process counted or not."""
        rivals = [self.rows[name, claim.id] for name in self.rivals]
        fastest = min((row.seconds or 0.0) - (0.0 if with_start else row.start_seconds) for row in rivals)
        return self.seconds(OURS, claim) / max(fastest, LEAST)

    def common(self, claims: Iterable[CorpusClaim]) -> list[CorpusClaim]:
        """The claims that all contenders solve."""
        return [claim for claim in claims if all(self.solved(name, claim) for name in self.names)]


def standing(claims: Sequence[CorpusClaim], names: Sequence[str], rows: Mapping[tuple[str, str], Row]) -> Standing:
    """What can be compared, and what is wrong even if it cannot; rows of other claims with the same id do not count."""
    keys = [((name, claim.id), claim.digest) for claim in claims for name in names]
    known = {key: rows[key] for key, digest in keys if key in rows and rows[key].digest == digest}
    whole = [claim for claim in claims if all((name, claim.id) in known for name in names)]
    return Standing(whole, names, known)


def has_wrong(stand: Standing) -> bool:
    """Whether any answer was wrong."""
    return any(row.verdict == WRONG for row in stand.rows.values())


def report(stand: Standing) -> str:
    """All tables, those first that are bad news."""
    parts = [_wrong(stand), by_family(stand)]
    if len(stand.claims) <= FEW:
        parts.append(by_claim(stand))
    parts += [walls(stand), certificates(stand), slowest(stand)]
    return "\n\n".join(filter(None, parts))


def table(title: str, heads: Cells, rows: Iterable[Cells]) -> str:
    """A titled Markdown table with aligned columns; nothing if it has no rows.

    >>> print(table("Sizes", ["what", "n"], [["a", "1"], ["b", "10"]]))
    ## Sizes
    <BLANKLINE>
    | what |  n |
    |------|---:|
    | a    |  1 |
    | b    | 10 |
    """
    body = [list(row) for row in rows]
    if not body:
        return ""
    widths = [max(map(len, column)) for column in zip(heads, *body, strict=True)]
    right = [all(NUMBER.fullmatch(cell) for cell in column) for column in zip(*body, strict=True)]
    columns = list(zip(widths, right, strict=True))
    lines = [
        " | ".join(
            f"{cell:{'>' if aligned else '<'}{width}}" for cell, (width, aligned) in zip(row, columns, strict=True)
        )
        for row in (heads, *body)
    ]
    rule = "|".join("-" * (width + 1) + (":" if aligned else "-") for width, aligned in columns)
    first, *others = (f"| {line} |" for line in lines)
    return "\n".join([f"## {title}", "", first, f"|{rule}|", *others])


def _wrong(stand: Standing) -> str:
    wrong = [row for row in stand.rows.values() if row.verdict == WRONG]
    return table("WRONG ANSWERS", ["claim", "contender", "reason"], ([r.id, r.contender, r.reason] for r in wrong))


def _by(claims: Sequence[CorpusClaim], key: Callable[[CorpusClaim], object]) -> Iterator[list[CorpusClaim]]:
    order = {value: at for at, value in enumerate(dict.fromkeys(map(key, claims)))}
    ranked = sorted(claims, key=lambda claim: order[key(claim)])
    return (list(group) for _, group in groupby(ranked, key=key))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"


def geometric_mean(values: Sequence[float]) -> float:
    """The n-th root of the product.

    >>> round(geometric_mean([1, 4, 16]), 9)
    4.0
    """
    return exp(sum(map(log, values)) / len(values))


def by_family(stand: Standing) -> str:
    """Solved claims of each family, and the ratio of times where all contenders solve."""
    compares = OURS in stand.names and bool(stand.rivals)
    heads = ["family", "claims", *stand.names, *(["any rival"] if stand.rivals else [])]
    heads += ["all", "median ratio", "geometric mean", "worst"] if compares else []
    groups = [(group[0].family, group) for group in _by(stand.claims, lambda claim: claim.family)]
    groups += [("**all**", list(stand.claims))] if len(groups) > 1 else []
    rows = [[name, *_solved(stand, group), *(_ratios(stand, group) if compares else [])] for name, group in groups]
    medians = [_median_time(stand, name) for name in stand.names]
    if rows:
        rows.append(["median ms of solved", "", *medians, *[""] * (len(heads) - 2 - len(medians))])
    told = "; ratio of our time to the fastest rival's on claims that all solve" if compares else ""
    return table(f"Solved claims{told}", heads, rows) + (_without_starts(stand) if compares else "")


def _without_starts(stand: Standing) -> str:
    """The geometric mean of ratios if rivals that are processes had not to be started, in a sentence."""
    common = stand.common(stand.claims)
    if not any(stand.rows[name, claim.id].start_seconds for claim in common for name in stand.rivals):
        return ""
    mean = geometric_mean([stand.ratio(claim, with_start=False) for claim in common])
    return f"\n\nGeometric mean without the time that the rivals' processes take to start: {_number(mean)}"


def _solved(stand: Standing, claims: Sequence[CorpusClaim]) -> list[str]:
    counts = [sum(stand.solved(name, claim) for claim in claims) for name in stand.names]
    any_rival = sum(any(stand.solved(name, claim) for name in stand.rivals) for claim in claims)
    return [str(len(claims)), *map(str, counts), *([str(any_rival)] if stand.rivals else [])]


def _ratios(stand: Standing, claims: Sequence[CorpusClaim]) -> list[str]:
    ratios = [stand.ratio(claim) for claim in stand.common(claims)]
    if not ratios:
        return ["0", "", "", ""]
    return [str(len(ratios)), *map(_number, (median(ratios), geometric_mean(ratios), max(ratios)))]


def _median_time(stand: Standing, name: str) -> str:
    times = [1000 * stand.seconds(name, claim) for claim in stand.claims if stand.solved(name, claim)]
    return _number(median(times)) if times else ""


def by_claim(stand: Standing) -> str:
    """The milliseconds of each contender for each claim."""
    rows = ([claim.id, *(_time(stand.rows[name, claim.id]) for name in stand.names)] for claim in stand.claims)
    return table("Milliseconds by claim", ["claim", *stand.names], rows)


def _time(row: Row) -> str:
    """Milliseconds, or why there are none."""
    return _number(1000 * (row.seconds or 0)) if row.verdict == SOLVED else row.verdict


def walls(stand: Standing) -> str:
    """The largest size solved, of series that not all contenders come to the end of."""
    rows = []
    for group in _by(stand.claims, lambda claim: claim.line):
        sizes = sorted(claim.size for claim in group)
        best = [max((c.size for c in group if stand.solved(name, c)), default=0) for name in stand.names]
        if len(group) > 1 and any(size < sizes[-1] for size in best):
            told = [f"{group[0].family}/{group[0].series}", str(group[0].expected).lower(), str(sizes[-1])]
            rows.append([*told, *map(str, best), *_lead(stand, best)])
    heads = ["series", "true?", "sizes go to", *stand.names, *(["ours by best"] if OURS in stand.names else [])]
    return table("Walls: the largest size solved, of series that not all come to the end of", heads, rows)


def _lead(stand: Standing, best: Sequence[int]) -> list[str]:
    if OURS not in stand.names:
        return []
    rivals = max((size for name, size in zip(stand.names, best, strict=True) if name != OURS), default=0)
    ours = best[list(stand.names).index(OURS)]
    return [_number(ours / rivals) if rivals else ""]


def certificates(stand: Standing) -> str:
    """Sizes of certificates, also without the claim's own text, and the share of time in which they are checked."""
    if OURS not in stand.names:
        return ""
    proofs = [claim for claim in stand.claims if stand.rows[OURS, claim.id].certificate_bytes is not None]
    groups = [(group[0].family, group) for group in _by(proofs, lambda claim: claim.family)]
    groups += [("**all**", proofs)] if len(groups) > 1 else []
    rows = [[name, *_sizes([stand.rows[OURS, claim.id] for claim in group])] for name, group in groups]
    heads = ["family", "proofs", "median bytes", "beyond the text", "checking, % of time"]
    heads += ["slowest second check, ms", f"of {SMALL // 1000} kB or less, ms"]
    return table("Certificates", heads, rows)


def _sizes(rows: Sequence[Row]) -> list[str]:
    sizes = [row.certificate_bytes or 0 for row in rows]
    beyond = [size - row.text_bytes for size, row in zip(sizes, rows, strict=True)]
    checking, whole = sum(row.check_seconds or 0 for row in rows), sum(row.seconds or 0 for row in rows)
    share = f"{100 * checking / whole:.0f}" if whole else ""
    again = [row.recheck_seconds or 0 for row in rows]
    of_small = [seconds for seconds, size in zip(again, sizes, strict=True) if size <= SMALL]
    slowest_checks = [_number(1000 * max(times)) if times else "" for times in (again, of_small)]
    return [str(len(rows)), f"{median(sizes):.0f}", f"{median(beyond):.0f}", share, *slowest_checks]


def slowest(stand: Standing, count: int = 10) -> str:
    """The claims that took us longest, unsolved ones first."""
    if OURS not in stand.names:
        return ""
    rows = [stand.rows[OURS, claim.id] for claim in stand.claims]
    asked = [row for row in rows if row.verdict != SKIPPED]
    asked.sort(key=lambda row: (row.verdict == SOLVED, -(row.seconds or 0)))
    told = ([row.id, row.verdict, _number(row.seconds), row.status, row.reason[:80]] for row in asked[:count])
    return table("Our slowest claims", ["claim", "verdict", "seconds", "answer", "reason or method"], told)
