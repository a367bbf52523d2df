"""The maximum of n numbers by networks with two hidden layers, in particular that of five.

Two layers suffice for five numbers (Bakaev, Brunck, Hertrich, Stade, Yehudayoff 2025, arXiv:2505.14338): there are
identities that write the maximum as a combination of max(sum of pair maxima, sum of pair maxima). One below is
invariant under all permutations, one has six terms, and one, of nine blocks, is the paper's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, permutations

from prover.claim import CorpusClaim
from prover.corpus.draw import Draw, Weighted, call, linear, names

SOURCE = "the maximum of n as a network with two hidden layers (arXiv:2505.14338)"
X = names(5)
SPARSE: list[Weighted] = [
    (Fraction(1, 2), "Max(m12 + m24, m23 + m25)"),
    (Fraction(-1, 2), "Max(m12 + m45, m13 + m25)"),
    (Fraction(-1, 2), "Max(m13 + m24, m23 + m45)"),
    (Fraction(1, 2), "Max(m12, x3)"),
    (Fraction(1, 2), "Max(m24, x5)"),
    (Fraction(1), "Max(m13, m45)"),
]
NINE_BLOCKS = (
    "Max(m12, m34) + Max(m12, x5)/2 + Max(m34, x5)/2 + (Max(m15 + m35, m25 + m45) + Max(m15 + m45, m25 + m35))/4"
    " - (Max(m34 + m15, m12 + m35) + Max(m34 + m15, m12 + m45)"
    " + Max(m34 + m25, m12 + m35) + Max(m34 + m25, m12 + m45))/4"
)


def max_two_layer(draw: Draw) -> Iterator[CorpusClaim]:
    """The maxima of three, four and five numbers, and the last with one weight off."""
    yield _claim("max_n", 3, "m12 + relu(x3 - m12)", _pairs(3))
    yield _claim("max_n", 4, "m12 + relu(m34 - m12)", _pairs(4))
    terms, few = symmetric_terms(), tuple(pair for pair in _pairs(5) if any(pair[0] in text for _, text in SPARSE))
    yield _claim("max_n", 5, linear(terms), _pairs(5))
    yield _claim("max_n_sparse", 5, linear(SPARSE), few)
    yield _claim("sparse_vs_symmetric", 5, linear(SPARSE), _pairs(5))._replace(rhs=linear(terms))
    off = [*SPARSE[:1], (Fraction(-499, 1000), SPARSE[1][1]), *SPARSE[2:]]
    yield _off(_claim("max_n_sparse", 5, linear(off), few))
    yield _off(_claim("max_n", 5, linear([*terms[:-1], (Fraction(199, 1000), terms[-1][1])]), _pairs(5)))


def nine_blocks() -> CorpusClaim:
    """The identity of the paper, for all of R^5."""
    used = tuple(pair for pair in _pairs(5) if pair[0] in NINE_BLOCKS)
    return _claim("max_of_five_nine_blocks", 5, NINE_BLOCKS, used)


def symmetric() -> CorpusClaim:
    """The identity of ninety terms that permutations of the inputs leave as it is."""
    return _claim("max_of_five_symmetric", 5, linear(symmetric_terms()), _pairs(5))


def _claim(series: str, size: int, lhs: str, let: tuple[tuple[str, str], ...]) -> CorpusClaim:
    x = names(size)
    return CorpusClaim("max_two_layer", series, size, x, lhs, call("Max", x), let=let, source=SOURCE)


def _off(claim: CorpusClaim) -> CorpusClaim:
    """The claim with a counterexample: all inputs are 1, so that a changed weight changes the value."""
    return claim._replace(counterexample=dict.fromkeys(X, Fraction(1)), source=f"{SOURCE}; one weight off")


def _pairs(size: int) -> tuple[tuple[str, str], ...]:
    """The definitions of the maxima of two inputs."""
    return tuple((_pair(i, j), f"x{i} + relu(x{j} - x{i})") for i, j in combinations(range(1, size + 1), 2))


def _pair(i: int, j: int) -> str:
    return f"m{min(i, j)}{max(i, j)}"


def symmetric_terms() -> list[Weighted]:
    """The symmetric identity's terms, one orbit after the other.

    >>> len(symmetric_terms())
    90
    """
    return [
        *((Fraction(1, 30), _larger(*sums)) for sums in _stars_and_paths()),
        *((Fraction(-1, 60), _larger(*sums)) for sums in _paths()),
        *((Fraction(1, 10), f"Max({_pair(i, j)}, x{k})") for i, j, k in combinations(range(1, 6), 3)),
        *((Fraction(1, 5), f"Max({_pair(i, j)}, {_pair(k, m)})") for i, j, k, m in combinations(range(1, 6), 4)),
    ]


Edges = Sequence[tuple[int, int]]


def _larger(first: Edges, second: Edges) -> str:
    return call("Max", (" + ".join(_pair(*edge) for edge in edges) for edges in (first, second)))


def _stars_and_paths() -> Iterator[tuple[Edges, Edges]]:
    """The four edges at a centre in two pairs, in the three ways, for the five centres."""
    for centre in range(1, 6):
        first, *others = (i for i in range(1, 6) if i != centre)
        for partner in others:
            e, f = (i for i in others if i != partner)
            yield ((centre, first), (centre, partner)), ((centre, e), (centre, f))


def _paths() -> Iterator[tuple[Edges, Edges]]:
    """The first and third edge of a path through all five, and the second and fourth."""
    for a, b, c, d, e in permutations(range(1, 6)):
        if a < e:
            yield ((a, b), (c, d)), ((b, c), (d, e))
