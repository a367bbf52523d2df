"""Times of least widths: kinks in general position, whose width is k, k + 1 and k + 2, on the line and in the plane.

    python tests/benchmarks/widths.py [kinks ...]

Printed are the width, the seconds of processor time until it is known, and those of one more check of the certificate.
"""

import random
import sys
import time

from symcircuits.kernel.widths import check_width
from symcircuits.optimal.width import Undecided, least_width


def function(kinks: int, more: int, inputs: int) -> str:
    """A function of so many kinks that needs so many more neurons, by its affine part."""
    source = random.Random(2022)
    slopes = [[source.randint(1, 999) * 2 for _ in range(inputs)] for _ in range(kinks)]
    names = [f"x{place}" for place in range(inputs)]
    forms = [
        " + ".join(f"{c}*{name}" for c, name in zip(row, names, strict=True)) + f" - {source.randint(1, 9999)}"
        for row in slopes
    ]
    left = [-sum(column) for column in zip(*slopes[::2], strict=True)]
    if more:
        left = [c + 2 * d for c, d in zip(left, slopes[0], strict=True)] if more == 1 else [c + 1 for c in left]
    affine = " + ".join(f"({c})*{name}" for c, name in zip(left, names, strict=True))
    return " + ".join([*(f"relu({form})" for form in forms), affine])


def main(sizes: list[int]) -> None:
    """Print a line for each size, dimension and number of neurons beyond the kinks."""
    for kinks in sizes:
        for inputs in (1, 2):
            for more in (0, 1, 2):
                start = time.process_time()
                found = least_width(function(kinks, more, inputs))
                searched = time.process_time() - start
                if isinstance(found, Undecided):
                    print(f"{kinks} kinks, R^{inputs}: {found.reason}, {searched:.2f} s", flush=True)
                    continue
                start = time.process_time()
                check_width(found.theorem.record[0])
                checked = time.process_time() - start
                print(
                    f"{kinks} kinks, R^{inputs}: width {found.width}, {searched:.2f} s, checked in {checked:.2f} s",
                    flush=True,
                )


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10, 20, 30])
