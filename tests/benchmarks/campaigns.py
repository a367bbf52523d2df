"""Long campaigns against the engine: more of what the tests do, from other seeds each time.

    python tests/benchmarks/campaigns.py [--z3 N] [--mutated N] [--parser SECONDS] [--checker SECONDS] [--seed S]

--z3: random claims (==, <=, >=, <, >, on domains, with finite ranges, with products) are decided and asked of z3.
--mutated: edited certificates; what is accepted must be a claim that it was a certificate of, or true by z3 as well.
--parser, --checker: damaged texts and bytes for so long; only the documented errors may be raised.

The first disagreement or crash is printed, made small, and ends the campaign with exit code 1.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import z3
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from symcircuits.kernel.certificate import draft, read
from symcircuits.kernel.check import Theorem, check
from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.term import Claim, Range, scale, total, variable
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.result import Unknown
from symcircuits.testing.strategies import claims

sys.path.extend(str(Path(__file__).parents[1] / folder) for folder in ("laws", "kernel", "expr"))
from test_against_z3 import formula, satisfiable
from test_check import ACCEPTED, edited, points
from test_parse import TEXTS, read_or_refuse

SHAPES = (("x", 3), ("xy", 2), ("xy", 3), ("xyz", 2), ("xyz", 3))
TOGETHER, LONG = 500, 30.0
"""Examples of one search, which is kept small so that seeds change, and seconds for a claim."""


@st.composite
def mixed(draw: st.DrawFn) -> Claim:
    """A claim, perhaps with a variable of finitely many values, which may multiply a side."""
    claim = draw(st.sampled_from(SHAPES).flatmap(lambda shape: claims(*shape)))
    if draw(st.integers(0, 3)):
        return claim
    chosen = draw(st.sets(st.fractions(-3, 3, max_denominator=2), min_size=1, max_size=3))
    if draw(st.booleans()):
        product = total([(Fraction(1), claim.goal.left), (Fraction(1), scale(claim.goal.right, variable("x")))])
        claim = claim._replace(goal=claim.goal._replace(left=product))
    return Claim(claim.goal, claim.where, (Range("x", tuple(sorted(chosen))),))


def in_domain(claim: Claim) -> list[Any]:
    """The conditions of the claim's domain, for z3."""
    ranges = [z3.Or([z3.Real(name) == z3.RealVal(str(value)) for value in values]) for name, values in claim.ranges]
    return [*map(formula, claim.where), *ranges]


def compare(claim: Claim, seen: Counter[str]) -> None:
    """Decide the claim and ask z3."""
    answer = prove_claim(claim, seconds=LONG)
    is_false = satisfiable(*in_domain(claim), z3.Not(formula(claim.goal)))
    if is_false is None:
        seen["z3 gave up"] += 1
    elif isinstance(answer, Unknown):
        seen["unknown"] += 1
    else:
        assert isinstance(answer, Theorem) == (not is_false), claim
        seen["false" if is_false else "true"] += 1
        seen[claim.goal.relation] += 1
        seen["finite range" if claim.ranges else "on a domain" if claim.where else "everywhere"] += 1


KNOWN = {str(draft(theorem).claim) for text in ACCEPTED.values() for theorem in read(text)}
"""The claims of the certificates that are edited, lemmas too."""


def judge(text: str, seen: Counter[str]) -> None:
    """Check an edited certificate; what it proves must be true."""
    try:
        theorem = check(text)
    except CertificateRejected:
        seen["refused"] += 1
        return
    if str(theorem.claim) in KNOWN:
        seen["accepted, for a claim it was a certificate of"] += 1
        return
    assert all(theorem.claim.goal.holds(point) for point in points(theorem.claim)), theorem
    try:
        is_false = satisfiable(*in_domain(theorem.claim), z3.Not(formula(theorem.claim.goal)))
    except ValueError:
        is_false = None
    assert not is_false, theorem
    seen["accepted, for another claim that is true" + (", at points" if is_false is None else ", by z3 too")] += 1


def damage(text: str, source: random.Random) -> str:
    """The text after a few edits of characters, or a part of it repeated."""
    letters = list(text)
    for _ in range(source.randint(1, 4)):
        at = source.randrange(len(letters) + 1)
        if source.random() < 0.2:
            end = min(len(letters), at + source.randint(1, 40))
            letters[at:at] = letters[at:end] * source.choice((1, 2, 50))
        elif source.random() < 0.5:
            letters[at : at + source.randint(0, 3)] = []
        else:
            letters.insert(at, source.choice('()[]{}",:0123456789-+*/<>=.eE_ xyuminarelbs\n\\\0é²'))
    return "".join(letters)


def read_damaged(example: tuple[str, int], seen: Counter[str]) -> None:
    """Read a text after damage that the number chooses; only `ClaimError` may be raised."""
    text, number = example
    damaged = damage(text, random.Random(number))
    try:
        read_or_refuse(damaged)
    except Exception:
        print(f"not read rightly: {damaged!r}", flush=True)
        raise


def fuzz_checker(source: random.Random, seen: Counter[str]) -> None:
    """A damaged certificate; only `CertificateRejected` may be raised."""
    text = damage(ACCEPTED[source.choice(sorted(ACCEPTED))], source)
    try:
        theorem = check(text)
    except CertificateRejected:
        seen["refused"] += 1
    else:
        assert all(theorem.claim.goal.holds(point) for point in points(theorem.claim, 10)), theorem
        seen["accepted, true at points"] += 1


def repeat(strategy: Any, examine: Callable[[Any, Counter[str]], None], count: int, first: int) -> Counter[str]:
    """Examine so many examples, in searches from seeds that follow one another."""
    seen: Counter[str] = Counter()
    for at in range(first, first + -(-count // TOGETHER)):

        @seed(at)
        @settings(max_examples=TOGETHER, database=None, deadline=None, suppress_health_check=list(HealthCheck))
        @given(strategy)
        def once(example: Any) -> None:
            seen["examined"] += 1
            examine(example, seen)

        once()
    return seen


def for_seconds(seconds: float, once: Callable[[int, Counter[str]], None]) -> Counter[str]:
    """Call with 0, 1, ... until the time is over."""
    seen: Counter[str] = Counter()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        once(seen["runs"], seen)
        seen["runs"] += 1
    return seen


def main() -> None:
    """Run the campaigns asked for, and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--z3", type=int, default=0, metavar="N")
    parser.add_argument("--mutated", type=int, default=0, metavar="N")
    parser.add_argument("--parser", type=float, default=0, metavar="SECONDS")
    parser.add_argument("--checker", type=float, default=0, metavar="SECONDS")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    source = random.Random(options.seed)

    def texts(at: int, seen: Counter[str]) -> None:
        seen.update(repeat(st.tuples(TEXTS, st.integers(0, 2**32)), read_damaged, TOGETHER, options.seed + at))

    campaigns: dict[str, Callable[[], Counter[str]]] = {
        "z3": lambda: repeat(mixed(), compare, options.z3, options.seed),
        "mutated": lambda: repeat(edited(), judge, options.mutated, options.seed),
        "parser": lambda: for_seconds(options.parser, texts),
        "checker": lambda: for_seconds(options.checker, lambda at, seen: fuzz_checker(source, seen)),
    }
    for name, run in campaigns.items():
        if getattr(options, name):
            start = time.monotonic()
            seen = run()
            print(f"{name}, seed {options.seed}, {time.monotonic() - start:.0f} s:", flush=True)
            print(*(f"  {count:7} {what}" for what, count in seen.most_common()), sep="\n", flush=True)


if __name__ == "__main__":
    main()
