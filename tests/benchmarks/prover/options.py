"""The options of the command, and the claims that they choose."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from prover.claim import CorpusClaim
from prover.contenders import CONTENDERS
from prover.corpus import FAMILIES, corpus
from prover.corpus.draw import Draw
from prover.corpus.named import named


def arguments(text: Sequence[str] | None) -> argparse.Namespace:
    """The options; exits with 2 and a message if they make no sense."""
    description = "Our prover beside z3, cvc5 and Yices: the same claims and limits, every answer checked exactly."
    parser = argparse.ArgumentParser("python tests/benchmarks/prover", description=description)
    _claims(parser.add_argument_group("claims"))
    _tasks(parser.add_argument_group("instead of a run").add_mutually_exclusive_group())
    _run(parser.add_argument_group("run"))
    options = parser.parse_args(text)
    _refuse_unknown(parser, "family", options.families, list(FAMILIES))
    kinds = [name.partition(":")[0] for name in options.contenders]
    _refuse_unknown(parser, "contender", kinds, list(CONTENDERS))
    return options


Group = argparse._ArgumentGroup


def _claims(group: Group) -> None:
    group.add_argument("--named", action="store_true", help="the named cases instead of the corpus")
    group.add_argument("--seed", type=int, default=Draw().seed, metavar="N", help="other weights (default 2022)")
    group.add_argument("--heldout", action="store_true", help="other sizes too, drawn by the seed")
    group.add_argument("--longer", action="store_true", help="go on with series beyond the walls of the rivals")
    group.add_argument("--families", type=_words, default=[], metavar="A,B", help="only these families")
    group.add_argument("--first", type=_positive, metavar="N", help="only the first sizes of each series")


def _tasks(group: argparse._MutuallyExclusiveGroup) -> None:
    group.add_argument("--write", type=Path, metavar="FILE", help="write the claims as a claims file")
    group.add_argument("--cross-check", action="store_true", help="evaluate the claims at random points")
    group.add_argument("--profile", metavar="ID", help="print where our prover spends its time on a claim")


def _run(group: Group) -> None:
    told = f"of {','.join(CONTENDERS)}; z3:ite is z3 with another encoding"
    group.add_argument("--contenders", type=_words, default=list(CONTENDERS), metavar="A,B", help=told)
    group.add_argument("--limit", type=_seconds, default=10.0, metavar="S", help="CPU seconds a claim (default 10)")
    group.add_argument("--jobs", type=_positive, default=1, metavar="N", help="contenders at once (default 1)")
    group.add_argument("--json", type=Path, metavar="FILE", help="keep results as JSON lines, and go on where they end")
    told = "put the results of another run beside"
    group.add_argument("--join", type=Path, action="append", default=[], metavar="FILE", help=told)
    group.add_argument("--verbose", action="store_true", help="print each result")


def _words(text: str) -> list[str]:
    return [word for word in text.split(",") if word]


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"it must be positive: {text}")
    return value


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"it must be positive: {text}")
    return value


def _refuse_unknown(parser: argparse.ArgumentParser, kind: str, given: Sequence[str], known: Sequence[str]) -> None:
    for name in given:
        if name not in known:
            parser.error(f"there is no {kind} {name}; there are {', '.join(known)}")


def is_standard(options: argparse.Namespace) -> bool:
    """Whether the whole corpus is chosen, as it is quoted."""
    changed = options.named or options.heldout or options.longer or options.families or options.first
    return not changed and options.seed == Draw().seed


def chosen(options: argparse.Namespace) -> list[CorpusClaim]:
    """The claims that the options name."""
    draw = Draw(options.seed, options.heldout, options.longer)
    claims = list(named(draw) if options.named else corpus(draw, options.families))
    if options.first is None:
        return claims
    ranks: Counter[tuple[str, str, bool]] = Counter()
    kept = set()
    for claim in sorted(claims, key=lambda claim: claim.size):
        ranks[claim.line] += 1
        if ranks[claim.line] <= options.first:
            kept.add(claim.id)
    return [claim for claim in claims if claim.id in kept]
