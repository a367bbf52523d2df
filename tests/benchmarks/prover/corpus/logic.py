"""Logic by relus over {0,1}: parity, binary addition, majority."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from prover.claim import CorpusClaim
from prover.corpus.comparators import tournament
from prover.corpus.draw import Draw, Let, Weighted, call, indicator, linear, names

SOURCE = "logic by relus over {0,1}"
FALSE_PARITIES, FALSE_ADDERS = (4, 8, 16, 32), (2, 4, 8, 16, 32, 64)


def logic(draw: Draw) -> Iterator[CorpusClaim]:
    """Parity by a tree and by a sawtooth, ripple-carry adders against the sum, majority by two relus and by subsets."""
    for size in draw.sizes("parity", [2, 3, 4, 6, 8, 12, 16, 24, 32]):
        yield from _parities(draw, size)
    for size in draw.sizes("adder", [1, 2, 3, 4, 6, 8, 16, 32, 64]):
        yield _adder(size, is_right=True)
        if size in FALSE_ADDERS or (draw.is_heldout and size > 1):
            yield _adder(size, is_right=False)
    for size in dict.fromkeys(size | 1 for size in draw.sizes("majority", [3, 5, 7, 9, 11, 13], low=3, high=13)):
        yield from _majorities(draw, size)


def _bits(variables: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{name} in {{0,1}}" for name in variables)


def conjunction(let: Let, a: str, b: str) -> str:
    """a and b."""
    return let.add(f"relu({a} + {b} - 1)")


def disjunction(let: Let, a: str, b: str) -> str:
    """a or b."""
    return let.add(f"1 - relu(1 - {a} - {b})")


def exclusive(let: Let, a: str, b: str) -> str:
    """a or b but not both."""
    return let.add(f"{a} + {b} - 2*{conjunction(let, a, b)}")


def parity(size: int, weight: Fraction | int = 1) -> CorpusClaim:
    """Parity by a tree of exclusive ors equals a sawtooth of the sum, whose last tooth is multiplied by `weight`."""
    x, let = names(size), Let()
    total = let.add(linear((1, name) for name in x))
    teeth: list[Weighted] = [(1, f"relu({total})")]
    teeth += [(2 * (-1) ** at, f"relu({total} - {at})") for at in range(1, size)]
    teeth[-1] = (teeth[-1][0] * weight, teeth[-1][1])
    lhs = tournament(let, x, exclusive)
    return CorpusClaim(
        "logic",
        "parity_tree_vs_sawtooth",
        size,
        x,
        lhs,
        linear(teeth),
        let=let.pairs,
        domain=_bits(x),
        source=SOURCE,
    )


def _parities(draw: Draw, size: int) -> Iterator[CorpusClaim]:
    yield parity(size)
    if size in FALSE_PARITIES or draw.is_heldout:
        off = parity(size, Fraction(3, 4))
        point = dict.fromkeys(off.variables, Fraction(1))
        yield off._replace(counterexample=point, source=f"{SOURCE}; last weight of the sawtooth off")


def _adder(size: int, is_right: bool) -> CorpusClaim:
    """The value of the outputs is the sum of the two numbers; unless a carry is only passed on at the top, and lost."""
    a, b, let = names(size, "a"), names(size, "b"), Let()
    outputs, carry = [exclusive(let, a[0], b[0])], conjunction(let, a[0], b[0])
    for at in range(1, size):
        differs, both = exclusive(let, a[at], b[at]), conjunction(let, a[at], b[at])
        outputs.append(exclusive(let, differs, carry))
        passed = conjunction(let, differs, carry)
        carry = disjunction(let, both, passed) if is_right or at < size - 1 else both
    value = linear([*((2**at, output) for at, output in enumerate(outputs)), (2**size, carry)])
    total = linear([(2**at, name) for letters in (a, b) for at, name in enumerate(letters)])
    claim = CorpusClaim(
        "logic", "ripple_adder", size, a + b, value, total, let=let.pairs, domain=_bits(a + b), source=SOURCE
    )
    if is_right:
        return claim
    return claim._replace(counterexample=indicator(a + b, [*a, b[0]]), source=f"{SOURCE}; the last carry lost")


def _majorities(draw: Draw, size: int) -> Iterator[CorpusClaim]:
    x, half = names(size), (size + 1) // 2
    votes: list[Weighted] = [(1, name) for name in x]
    lhs = f"relu({linear(votes, 1 - half)}) - relu({linear(votes, -half)})"
    subsets = list(combinations(x, half))

    def claim() -> CorpusClaim:
        rhs = call("Max", (call("Min", subset) for subset in subsets))
        return CorpusClaim("logic", "majority", size, x, lhs, rhs, domain=_bits(x), source=SOURCE)

    yield claim()
    dropped = subsets.pop(draw.source("majority", size).randrange(len(subsets)))
    yield claim()._replace(counterexample=indicator(x, dropped), source=f"{SOURCE}; one majority missing")
