"""Small gadgets: those of Osier's slides, and the identities of max, min and abs; and near misses of each."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from prover.claim import CorpusClaim
from prover.corpus.draw import Draw

MIN = "relu(a) - relu(-a) - relu(a - b)"
# series, variables, left side, right side
SEED = (
    ("identity", "x", "relu(x) - relu(-x)", "x"),
    ("negation", "x", "relu(-x) - relu(x)", "-x"),
    ("abs", "x", "relu(x) + relu(-x)", "Abs(x)"),
    ("add", "ab", "relu(a + b) - relu(-a - b)", "a + b"),
    ("sub", "ab", "relu(a - b) - relu(-a + b)", "a - b"),
    ("min2", "ab", MIN, "Min(a, b)"),
    ("min2_short", "ab", "b - relu(b - a)", "Min(a, b)"),
    ("min2_appendix", "ab", f"relu({MIN}) - relu(-({MIN}))", "Min(a, b)"),
    ("identity_w", "x", "1/3*relu(3*x) - 1/5*relu(-5*x)", "x"),
    ("max2", "ab", "relu(a) - relu(-a) + relu(b - a)", "Max(a, b)"),
)
MIN_OF_FOUR = "relu(m12) - relu(-m12) - relu(m12 - m34)"
MIN_OF_FOUR_OFF = "relu(m12) - relu(-m12) - 999/1000*relu(m12 - m34)"
PAIRS = (("m12", MIN), ("m34", "relu(c) - relu(-c) - relu(c - d)"))
# the same, and the values of a counterexample
SEED_OFF = (
    ("identity", "x", "relu(x) - 999/1000*relu(-x)", "x", (-1,)),
    ("abs", "x", "relu(x) + relu(-x - 1/1000)", "Abs(x)", (-1,)),
    ("sub", "ab", "relu(a - b) - relu(-a + 1001/1000*b)", "a - b", (0, 1)),
    ("min2", "ab", "relu(a) - relu(-a) - relu(a - b - 1/1000)", "Min(a, b)", (1, 0)),
    ("min2_appendix", "ab", f"relu({MIN}) - relu(-({MIN}) - 1/1000)", "Min(a, b)", (-1, 0)),
)
MEDIAN = "Max(Min(a, b), Min(b, d), Min(a, d))"
ABSMAX = (
    ("max_abs", "ab", "(a + b + Abs(a - b))/2", "Max(a, b)"),
    ("min_abs", "ab", "(a + b - Abs(a - b))/2", "Min(a, b)"),
    ("abs_max", "x", "Max(x, -x)", "Abs(x)"),
    ("relu_abs", "x", "(x + Abs(x))/2", "relu(x)"),
    ("sum_maxmin", "ab", "Max(a, b) + Min(a, b)", "a + b"),
    ("diff_maxmin", "ab", "Max(a, b) - Min(a, b)", "Abs(a - b)"),
    ("abs_abs", "ab", "Max(Abs(a), Abs(b))", "(Abs(a + b) + Abs(a - b))/2"),
    ("relu_idem", "x", "relu(relu(x))", "relu(x)"),
    ("relu_max", "ab", "relu(Max(a, b))", "Max(relu(a), relu(b))"),
    ("clip", "x", "Max(0, Min(1, x))", "relu(x) - relu(x - 1)"),
    ("clip_swap", "x", "Max(0, Min(1, x))", "Min(1, Max(0, x))"),
    ("soft_threshold", "x", "relu(x - 1/3) - relu(-x - 1/3)", "x - Max(-1/3, Min(1/3, x))"),
    ("leaky", "x", "Max(x, x/100)", "relu(x) - 1/100*relu(-x)"),
    ("hat", "x", "relu(1 - Abs(x))", "relu(x + 1) - 2*relu(x) + relu(x - 1)"),
    ("median3", "abd", MEDIAN, "a + b + d - Max(a, b, d) - Min(a, b, d)"),
    ("abs_nest", "ab", "Abs(Abs(a) - Abs(b))", "Min(Abs(a - b), Abs(a + b))"),
)
ABSMAX_OFF = (
    ("max_abs", "ab", "(a + b + 999/1000*Abs(a - b))/2", "Max(a, b)", (1, 0)),
    ("abs_abs", "ab", "Max(Abs(a), Abs(b))", "(Abs(a + b) + Abs(a - b - 1/1000))/2", (1, 0)),
    ("clip", "x", "Max(0, Min(1, x))", "relu(x) - relu(x - 1001/1000)", (2,)),
    ("hat", "x", "relu(999/1000 - Abs(x))", "relu(x + 1) - 2*relu(x) + relu(x - 1)", (0,)),
    ("median3", "abd", MEDIAN, "a + b + d - Max(a, b, d - 1/1000) - Min(a, b, d)", (0, 0, 1)),
    ("abs_nest", "ab", "Abs(Abs(a) - Abs(b))", "Min(Abs(a - b), Abs(a + b), 1000)", (2000, 0)),
)
OSIER = "Osier, Mathematical Circuits in Neural Networks (2022)"


def seed(draw: Draw) -> Iterator[CorpusClaim]:
    """The circuits of the slides, and each with one number off."""
    for series, variables, lhs, rhs in SEED:
        yield CorpusClaim("seed", series, 1, tuple(variables), lhs, rhs, source=OSIER)
    four = CorpusClaim("seed", "min4", 4, tuple("abcd"), MIN_OF_FOUR, "Min(a, b, c, d)", let=PAIRS, source=OSIER)
    yield four
    yield four._replace(lhs=MIN_OF_FOUR_OFF, counterexample=dict(zip("abcd", map(Fraction, (1, 1, 0, 0)), strict=True)))
    yield from _off("seed", SEED_OFF, OSIER)


def absmax(draw: Draw) -> Iterator[CorpusClaim]:
    """Textbook identities of max, min and abs, and some with one number off."""
    source = "textbook identities of max, min and abs"
    for series, variables, lhs, rhs in ABSMAX:
        yield CorpusClaim("absmax", series, 1, tuple(variables), lhs, rhs, source=source)
    yield from _off("absmax", ABSMAX_OFF, source)


def _off(
    family: str, rows: tuple[tuple[str, str, str, str, tuple[int, ...]], ...], source: str
) -> Iterator[CorpusClaim]:
    for series, variables, lhs, rhs, values in rows:
        point = dict(zip(variables, map(Fraction, values), strict=True))
        yield CorpusClaim(
            family, series, 1, tuple(variables), lhs, rhs, counterexample=point, source=f"{source}; one number off"
        )
