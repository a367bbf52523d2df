"""Sizes and times of `compile`, the theorem included, for four expressions, by goal.

python tests/benchmarks/compile.py
"""

import random
import time
from fractions import Fraction
from itertools import pairwise

from symcircuits.circuits.compiler.compile import compile
from symcircuits.cpwl.univariate import univariate_to_term
from symcircuits.kernel.term import Term, constant, total, variable
from symcircuits.kernel.univariate import Univariate

# Pairs of a network that leaves the median of nine in the middle (Paeth, Graphics Gems, 1990).
MEDIAN_OF_9 = """
    12 45 78 01 34 67 12 45 78 03 58 47 36 14 25 47 42 64 42
"""


def median_of_nine() -> Term:
    """The median of nine variables by 19 comparators."""
    wires = [variable(f"x{number}") for number in range(9)]
    for pair in MEDIAN_OF_9.split():
        low, high = map(int, pair)
        ends = (wires[low], wires[high])
        wires[low], wires[high] = Term("min", ends), Term("max", ends)
    return wires[4]


def table(points: int) -> Term:
    """The interpolation through points with random rational heights."""
    source = random.Random(2022)
    heights = [Fraction(source.randint(-50, 50), source.randint(1, 9)) for _ in range(points)]
    slopes = [after - before for before, after in pairwise(heights)]
    kinks = [
        (Fraction(t), after - before) for t, (before, after) in enumerate(pairwise(slopes), start=1) if before != after
    ]
    return univariate_to_term(Univariate(slopes[0], heights[0], tuple(kinks)), variable("x"))


def nest(size: int, inputs: int = 5) -> Term:
    """Random max, min and abs of sums of random earlier ones, each used once or more, and of the inputs."""
    source = random.Random(2022)
    known = [variable(f"x{number}") for number in range(inputs)]
    unused = [source.choice(known) for _ in range(size)]

    def combination() -> Term:
        first = unused.pop(source.randrange(len(unused)))
        items = [(Fraction(source.choice((1, -1, 2))), first), (Fraction(source.choice((1, -1))), source.choice(known))]
        return total([*items, (Fraction(source.randint(-3, 3)), constant(1))])

    for _ in range(size):
        kind = source.choice(("max", "min", "abs"))
        parts = tuple(combination() for _ in range(1 if kind == "abs" else 2))
        unused.append(Term(kind, parts))
    return total([(Fraction(1), term) for term in unused])


CASES = {
    "max of 64": lambda: Term("max", tuple(variable(f"x{number}") for number in range(64))),
    "median of 9": median_of_nine,
    "table of 500": lambda: table(500),
    "nest of 200": lambda: nest(200),
}


def main() -> None:
    """Compile each case for each goal."""
    for name, build in CASES.items():
        for goal, skips in ((None, True), (None, False), ("depth", False), ("width", False)):
            start = time.perf_counter()
            compiled = compile(build(), goal, skips=skips)
            seconds = time.perf_counter() - start
            widths, size = compiled.network.widths, len(compiled.theorem.certificate) // 1000
            way = goal or ("skips" if skips else "as written")
            print(
                f"{name:13} {way:10} {sum(widths):5} neurons, widths {widths}, {seconds:.2f} s, {size} kB", flush=True
            )


if __name__ == "__main__":
    main()
