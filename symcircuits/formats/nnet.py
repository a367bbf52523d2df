"""The NNet format of ACAS Xu, Reluplex and Marabou: a multilayer perceptron in decimals, with its box and scaling.

After comment lines that start with //, each line ends with a comma or not:

    the number of weight layers, of inputs, of outputs, and the largest layer size
    the layer sizes, inputs first
    a flag that no one uses
    the least value of each input, and on the next line the greatest
    the mean of each input and, last, of the outputs, and on the next line the ranges
    by layer: a line for each row of weights, then a line for each bias

The weights work on *normalised* inputs (x - mean) / range, and the output is y * range + mean. Reluplex, Marabou and
VNN-COMP state properties on the normalised inputs and the outputs of the weights as they stand; so does `read_nnet`,
box included, unless `normalised=False` asks for the function on the input's own units. Tools that evaluate a file also
clip inputs to the box; no reader here does. Decimals are exact rationals. Lines for minima, maxima, means and ranges
may be longer than needed, as in early ACAS files: the first values are those of the inputs, the last mean and range
those of the outputs.

Source: https://github.com/sisl/NNet
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from pathlib import Path

from symcircuits.circuits.network import Network, network
from symcircuits.errors import InvalidCircuit
from symcircuits.formats.files import read_text

NORMALISED = (
    "inputs and box are normalised, (x - mean) / range, and outputs not scaled back; "
    "read_nnet(path, normalised=False) takes the file's own units"
)
DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,4})?", re.ASCII)
NO_BOUND = Fraction("3.4028234663852886e38")
"""Written for the bounds of a network without a box, and read as none: the largest float32."""
DIGITS = 800
"""Significant digits up to which a decimal is written in full; every float64 has fewer."""
FULL, TOP = Context(prec=DIGITS), 10**DIGITS
LARGEST = 10**10
"""Sizes from here on are refused."""
EXPONENT = 9000
"""Powers of ten beyond which no number is written; readers take exponents of four digits."""
Matrix = list[list[Fraction]]


class _Lines:
    """The numbers of a file, line by line; complaints name the line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        rows = ((at, line.strip()) for at, line in enumerate(read_text(path).splitlines(), start=1))
        self.rows: Iterator[tuple[int, str]] = ((at, row) for at, row in rows if row and not row.startswith("//"))
        self.at = 0

    def numbers(self, what: str, least: int, most: int | None = None) -> list[Fraction]:
        """The numbers of the next line; from `least` to `most` of them, exactly `least` if `most` is not given."""
        self.at, row = next(self.rows, (0, ""))
        if not self.at:
            raise InvalidCircuit(f"{self.path} ends before {what}; was it written to the end?")
        parts = [part.strip() for part in row.rstrip(", \t").split(",")]
        if not least <= len(parts) <= (least if most is None else most):
            raise self.complaint(f"{what} needs {least} numbers; there are {len(parts)}")
        return [self.number(part) for part in parts]

    def number(self, text: str) -> Fraction:
        """The exact rational of a decimal."""
        if len(text) > 10_000 or not DECIMAL.fullmatch(text):
            raise self.complaint(f"{text[:40]!r} is not a finite decimal number")
        return Fraction(Decimal(text))

    def sizes(self, what: str, least: int, most: int | None = None) -> list[int]:
        """The next line as positive integers."""
        values = self.numbers(what, least, most)
        if any(value.denominator != 1 or not 1 <= value < LARGEST for value in values):
            raise self.complaint(f"{what} must be positive integers below {LARGEST}")
        return [value.numerator for value in values]

    def complaint(self, reason: str) -> InvalidCircuit:
        """The error with the file and the line."""
        return InvalidCircuit(f"{self.path}, line {self.at}: {reason}")


def read_nnet(path: str | os.PathLike[str], normalised: bool = True) -> Network:
    """The network of an NNet file with inputs x1, x2, ... and its box; on the input's own units if not `normalised`.

    Raises `InvalidCircuit` with the line that does not fit.
    """
    lines = _Lines(Path(path))
    count, inputs, outputs, _ = lines.sizes("the line of counts", 4, 5)[:4]
    sizes = lines.sizes("the line of layer sizes", count + 1)
    if (sizes[0], sizes[-1]) != (inputs, outputs):
        raise lines.complaint(f"layer sizes {sizes[0]} to {sizes[-1]} do not fit {inputs} inputs, {outputs} outputs")
    lines.numbers("the flag", 1)
    many = inputs + 1000
    low = lines.numbers("the line of minima", inputs, many)[:inputs]
    high = lines.numbers("the line of maxima", inputs, many)[:inputs]
    if any(a > b for a, b in zip(low, high, strict=True)):
        raise lines.complaint("a minimum is greater than its maximum")
    means = lines.numbers("the line of means", inputs + 1, many)
    ranges = lines.numbers("the line of ranges", inputs + 1, many)
    if any(value <= 0 for value in (*ranges[:inputs], ranges[-1])):
        raise lines.complaint("a range is not positive")
    layers = [_read_layer(lines, place, sizes) for place in range(1, count + 1)]
    _check_end(lines)
    scaling = list(zip(means[:inputs], ranges[:inputs], strict=True))
    box: list[tuple[Fraction, Fraction]] | None = list(zip(low, high, strict=True))
    if box is not None and all(a <= -NO_BOUND and b >= NO_BOUND for a, b in box):
        box = None
    if box is not None and normalised:
        box = [((a - m) / r, (b - m) / r) for (a, b), (m, r) in zip(box, scaling, strict=True)]
    if not normalised:
        layers = _unscaled(layers, scaling, means[-1], ranges[-1])
    made = network(Path(path).stem, [f"x{at}" for at in range(1, inputs + 1)], layers, box)
    is_scaled = any(m != 0 or r != 1 for m, r in zip(means, ranges, strict=False))
    return replace(made, note=NORMALISED) if normalised and is_scaled else made


def _read_layer(lines: _Lines, place: int, sizes: Sequence[int]) -> tuple[Matrix, list[Fraction]]:
    # Nothing is allocated for a claimed size: rows are read one by one, and the file ends early if it lies.
    before, here = sizes[place - 1 : place + 1]
    rows = [lines.numbers(f"row {at} of the weights of layer {place}", before) for at in range(1, here + 1)]
    return rows, [lines.numbers(f"bias {at} of layer {place}", 1)[0] for at in range(1, here + 1)]


def _check_end(lines: _Lines) -> None:
    rest = next(lines.rows, None)
    if rest is not None:
        raise InvalidCircuit(f"{lines.path}, line {rest[0]}: more numbers than the layer sizes say")


def _unscaled(
    layers: list[tuple[Matrix, list[Fraction]]],
    scaling: list[tuple[Fraction, Fraction]],
    mean: Fraction,
    spread: Fraction,
) -> list[tuple[Matrix, list[Fraction]]]:
    """The layers on the input's own units: the scalings of inputs and outputs are taken into the weights."""
    rows, bias = layers[0]
    bias = [
        b - sum((w * m / r for w, (m, r) in zip(row, scaling, strict=True)), Fraction(0))
        for row, b in zip(rows, bias, strict=True)
    ]
    rows = [[w / r for w, (_, r) in zip(row, scaling, strict=True)] for row in rows]
    layers = [(rows, bias), *layers[1:]]
    rows, bias = layers[-1]
    return [*layers[:-1], ([[w * spread for w in row] for row in rows], [b * spread + mean for b in bias])]


def nnet_text(network: Network) -> str:
    """The network in NNet format, with means 0 and ranges 1; decimals in full, so that reading gives the same numbers.

    A rational whose decimals never end is rounded to 17 digits, a bound of the box outward; `write_network` reports
    what that changes.
    """
    sizes = [len(network.inputs), *(len(layer.weights) for layer in network.layers)]
    box = network.box or ((-NO_BOUND, NO_BOUND),) * sizes[0]
    lines = [[len(network.layers), sizes[0], sizes[-1], max(sizes)], sizes, [0]]
    texts = [",".join(map(str, line)) + "," for line in lines]
    texts += [
        ",".join(decimal_text(bound[side], away) for bound in box) + ","
        for side, away in ((0, ROUND_FLOOR), (1, ROUND_CEILING))
    ]
    texts += [_line([Fraction(value)] * (sizes[0] + 1)) for value in (0, 1)]
    for layer in network.layers:
        for row, below in zip(layer.weights, layer.denominators, strict=True):
            texts.append(_line([Fraction(w, below) for w in row]))
        texts += [_line([Fraction(b, d)]) for b, d in zip(layer.bias, layer.denominators, strict=True)]
    title = "// A ReLU network in NNet format; the decimals are exact"
    return "\n".join([title, *texts]) + "\n"


def _line(values: Sequence[Fraction]) -> str:
    return ",".join(map(decimal_text, values)) + ","


def decimal_text(value: Fraction, rounding: str = ROUND_HALF_EVEN) -> str:
    """The decimals of a rational, in full if they end within `DIGITS`, else 17 of them.

    Raises `InvalidCircuit` for numbers that are too large or too small for readers.

    >>> decimal_text(Fraction(-3, 8)), decimal_text(Fraction(1, 3)), decimal_text(Fraction(1, 10**30))
    ('-0.375', '0.33333333333333333', '1E-30')
    """
    decimal = _whole(value)
    if decimal is None:
        decimal = Context(prec=17, rounding=rounding).divide(Decimal(value.numerator), Decimal(value.denominator))
    if abs(decimal.adjusted()) > EXPONENT:
        raise InvalidCircuit(f"a number near 10**{decimal.adjusted()} does not fit decimals; scale the network")
    return f"{decimal:f}" if -20 < decimal.adjusted() < 20 else str(decimal)


def decimal_value(value: Fraction) -> Fraction:
    """The rational that `decimal_text(value)` denotes."""
    return value if _whole(value) is not None else Fraction(decimal_text(value))


def _whole(value: Fraction) -> Decimal | None:
    """The decimals of a rational in full; None if they do not end within `DIGITS`."""
    twos = (value.denominator & -value.denominator).bit_length() - 1
    rest, fives = value.denominator >> twos, 0
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    places = max(twos, fives)
    if rest != 1 or places > 2 * DIGITS:
        return None
    digits = value.numerator * 10**places // value.denominator
    return FULL.scaleb(Decimal(digits), -places) if abs(digits) < TOP else None
