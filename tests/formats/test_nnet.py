"""NNet files: decimals are exact, normalisation and box, and every way in which a file can lie."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcircuits.circuits.network import network
from symcircuits.errors import InvalidCircuit
from symcircuits.formats.nnet import decimal_text, nnet_text, read_nnet

SMALL = """// a comment
// another
2,2,1,3,
2,3,1,
0,
-1.0,0,
3.0,4,
1,2,0.5,
2.0,4.0,10,
0.1,-1,
1,1.5e-1,
-.5,2.,
0.25,
0,
-1,
1,1,1,
0.7,
"""


def written(tmp_path, text):
    path = tmp_path / "small.nnet"
    path.write_text(text)
    return path


def test_decimals_are_exact_and_the_box_is_normalised(tmp_path):
    net = read_nnet(written(tmp_path, SMALL))
    assert net.shape == "2-3-1"
    assert net.run(1, 0) == (Fraction(1, 10) + Fraction(1, 4) + 1 + Fraction(7, 10),)
    assert net.box == ((-1, 1), (Fraction(-1, 2), Fraction(1, 2)))


@given(st.tuples(*[st.fractions(-9, 9)] * 2))
def test_the_own_units_are_the_normalised_ones_scaled(tmp_path_factory, point):
    path = written(tmp_path_factory.mktemp("nnet"), SMALL)
    normal, own = read_nnet(path), read_nnet(path, normalised=False)
    x, y = point
    assert own.run(x, y)[0] == normal.run((x - 1) / 2, (y - 2) / 4)[0] * 10 + Fraction(1, 2)
    assert own.box == ((-1, 3), (0, 4))


def test_early_files_have_longer_lines(tmp_path):
    lines = SMALL.splitlines()
    lines[5:9] = ["-1.0,0,77,", "3.0,4,78,", "1,2,79,0.5,", "2.0,4.0,80,10,"]
    early = read_nnet(written(tmp_path, "\n".join(lines)), normalised=False)
    assert early == read_nnet(written(tmp_path, SMALL), normalised=False)


def test_no_bounds_are_no_box(tmp_path):
    net = network("net", ["x1"], [([["1/8"]], [3])])
    assert read_nnet(written(tmp_path, nnet_text(net))).box is None


def test_a_box_that_is_no_decimal_is_written_around(tmp_path):
    net = network("net", ["x1"], [([[1]], [0])], box=[("-1/3", "2/3")])
    ((low, high),) = read_nnet(written(tmp_path, nnet_text(net))).box
    assert Fraction(-1, 3) - Fraction(1, 10**15) < low < Fraction(-1, 3)
    assert Fraction(2, 3) < high < Fraction(2, 3) + Fraction(1, 10**15)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_decimals_of_a_float_are_exact(value):
    assert Fraction(decimal_text(Fraction(value))) == Fraction(value)


@given(st.fractions())
def test_decimals_are_those_of_a_near_rational(value):
    assert abs(Fraction(decimal_text(value)) - value) <= abs(value) / 10**16


LINES = SMALL.splitlines()


@pytest.mark.parametrize("count", range(len(LINES)))
def test_every_truncated_file_is_refused(tmp_path, count):
    path = written(tmp_path, "\n".join(LINES[:count]))
    with pytest.raises(InvalidCircuit, match=r"small\.nnet"):
        read_nnet(path)


def changed(at, line):
    return "\n".join([*LINES[:at], line, *LINES[at + 1 :]])


REFUSED = {
    "counts as text": (changed(2, "two,2,1,3,"), "line 3: 'two' is not a finite decimal"),
    "counts too few": (changed(2, "2,2,1,"), "line 3: the line of counts needs 4 numbers; there are 3"),
    "fraction of a layer": (changed(2, "2.5,2,1,3,"), "line 3: the line of counts must be positive integers"),
    "no layers": (changed(2, "0,2,1,3,"), "line 3: the line of counts must be positive integers"),
    "2 GB claim": (
        changed(3, "2,2000000000,1,"),
        "line 13: row 4 of the weights of layer 1 needs 2 numbers; there are 1",
    ),
    "claim of layers": (changed(2, "999999999,2,1,3,"), "line 4: the line of layer sizes needs 1000000000 numbers"),
    "sizes do not fit": (changed(3, "3,3,1,"), "line 4: layer sizes 3 to 1 do not fit 2 inputs, 1 outputs"),
    "box turned": (changed(5, "9,9,"), "line 7: a minimum is greater than its maximum"),
    "range 0": (changed(8, "2.0,0,10,"), "line 9: a range is not positive"),
    "nan": (changed(9, "nan,-1,"), "line 10: 'nan' is not a finite decimal"),
    "infinity": (changed(9, "inf,-1,"), "line 10: 'inf' is not a finite decimal"),
    "huge exponent": (changed(9, "1e999999999,-1,"), "line 10: '1e999999999' is not a finite decimal"),
    "row too long": (changed(9, "0.1,-1,1,"), "line 10: row 1 of the weights of layer 1 needs 2 numbers; there are 3"),
    "bias too long": (changed(12, "0.25,1,"), "line 13: bias 1 of layer 1 needs 1 numbers; there are 2"),
    "more lines": (SMALL + "5,\n", "line 18: more numbers than the layer sizes say"),
    "only comments": ("// nothing\n", "ends before the line of counts"),
    "hexadecimal": (changed(9, "0x1,-1,"), "line 10: '0x1' is not a finite decimal"),
    "empty number": (changed(9, "0.1,,"), "line 10: row 1 of the weights of layer 1 needs 2 numbers; there are 1"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_lie_is_told_by_line(tmp_path, case):
    text, reason = REFUSED[case]
    with pytest.raises(InvalidCircuit, match=re.escape(reason)):
        read_nnet(written(tmp_path, text))
