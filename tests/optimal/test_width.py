"""Least widths: the values known, networks that attain them, and agreement with trying all orientations."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symcircuits.errors import ClaimError, InvalidCircuit
from symcircuits.expr.parse import parse_expression
from symcircuits.kernel.term import ONE, Term, evaluate, subterms, total, variable
from symcircuits.kernel.widths import check_width
from symcircuits.optimal.one_layer import TwoJumps, at, one_layer
from symcircuits.optimal.width import LeastWidth, NoLayer, Undecided, least_width, of_term
from symcircuits.provers.result import Clock

F = Fraction
BOX, QUADRANT = "-1 <= x <= 1, -1 <= y <= 1", "x >= 0, y >= 0"
# function, domain, model, skip, width
KNOWN = [
    ("relu(x)", "", "both", False, 1),
    ("7", "", "both", False, 0),
    ("x", "", "both", False, 2),
    ("abs(x)", "", "both", False, 2),
    ("max(x, x/100)", "", "both", False, 2),
    ("max(0, min(1, x))", "", "both", False, 2),
    ("relu(x - 1/2) - relu(-x - 1/2)", "", "both", False, 2),
    ("relu(abs(x) - 1/2)", "", "both", False, 2),
    ("min(x, y)", "", "both", False, 3),
    ("max(x, y)", "", "both", False, 3),
    ("relu(1 - abs(x))", "", "both", False, 3),
    ("abs(x - y)", "", "both", False, 2),
    ("abs(abs(x) - abs(y))", "", "both", False, 5),
    ("abs(x) + abs(y)", "", "both", False, 4),
    ("abs(x) + abs(y) + abs(z)", "", "both", False, 5),
    ("max(x, y, z) - min(x, y, z)", "", "both", False, 3),
    ("max(x, y) + max(y, z)", "", "both", False, 4),
    ("3*relu(x) + 5*relu(x - 1) + 9*relu(x - 2) - 14*x", "", "both", False, 3),
    ("3*relu(x) + 5*relu(x - 1) + 9*relu(x - 2) - 13*x", "", "both", False, 4),
    ("min(x, y)", BOX, "both", False, 2),
    ("x", "0 <= x <= 1", "both", False, 1),
    ("abs(x) + abs(y)", BOX, "both", False, 3),
    ("relu(x - 3) + y", BOX, "both", False, 1),
    ("x", "x >= 0", "both", False, 1),
    ("x - y", QUADRANT, "both", False, 2),
    ("relu(x - 2) + x - y", QUADRANT, "both", False, 3),
    ("x + y + 1", QUADRANT, "both", False, 1),
    ("abs(x) + y", "", "both", True, 1),
    ("min(x, y)", "", "both", True, 1),
    ("5*x - 7", "", "hidden", True, 0),
    ("x + 1", "", "hidden", False, 2),
    ("relu(x) + 3", "", "hidden", False, 2),
    ("relu(x) - 3", "", "hidden", False, 2),
    ("max(x, y) + 1", "", "hidden", False, 3),
    ("abs(x) + x/2 + 1", "", "hidden", False, 3),
    ("x + 1", "0 <= x <= 1", "hidden", False, 1),
    ("x - 1/2", "0 <= x <= 1", "hidden", False, 2),
    ("-x - 1", "0 <= x <= 1", "hidden", False, 1),
    ("abs(x)", "", "none", False, 2),
    ("x + y", BOX, "none", False, 2),
    ("x + y", QUADRANT, "none", False, 1),
    ("relu(x) + 3", "", "none", False, None),
    ("relu(x - 1)", "", "none", False, None),
    ("relu(x - 1)", "", "none", True, None),
    ("relu(x) + 3", "", "none", True, 1),
]


@pytest.mark.parametrize(("function", "where", "bias", "skip", "width"), KNOWN)
def test_known_widths(function, where, bias, skip, width):
    found = least_width(function, where, bias, skip, seconds=30)
    assert isinstance(found, LeastWidth) and found.width == width
    assert check_width(found.theorem.record[0]).record == found.theorem.record
    if width is not None:
        assert sum(part.kind == "relu" for part in subterms((found.network,))) <= width


@pytest.mark.parametrize(
    "function",
    [
        "max(0, x, y)",
        "max(x, y, z)",
        "max(min(x, y), min(y, z), min(x, z))",
        "relu(min(x, y))",
        "relu(1 - relu(x) - relu(-y) - relu(y - x))",
        "relu(relu(x) - relu(y))",
        "relu(abs(x) - relu(y))",
    ],
)
def test_two_points_show_that_one_hidden_layer_is_not_enough(function):
    found = least_width(function, seconds=30)
    assert isinstance(found, NoLayer) and found.theorem.record[2] is None
    names = ("x", "y", "z")[: len(found.found.hyperplane) - 1]
    for place in found.found.places:
        assert at(found.found.hyperplane, place.point) == 0 and place.radius > 0
        for corner in product((-1, 1), repeat=len(names)):
            point = [x + side * place.radius for x, side in zip(place.point, corner, strict=True)]
            value = evaluate(parse_expression(function), dict(zip(names, point, strict=True)))
            assert value == place.layer.value(point)


def test_a_part_of_the_domain_may_be_simpler():
    assert least_width("max(0, x, y)", "x >= 0, y <= -1").width == 1
    assert least_width("max(0, x, y)", "0 <= x <= 1, y <= -1").width == 1
    assert isinstance(least_width("max(0, x, y)", "-1 <= x, -1 <= y"), NoLayer)


coefficients = st.fractions(-3, 3, max_denominator=2)


@st.composite
def layers(draw, most=6):
    """A sum of relus of affine forms, and the number of the relus."""
    names = [f"x{place}" for place in range(1, draw(st.integers(1, 4)) + 1)]
    parts = []
    for _ in range(draw(st.integers(0, most))):
        slopes = [(draw(coefficients), variable(name)) for name in names]
        parts.append((draw(coefficients), Term("relu", (total([*slopes, (draw(coefficients), ONE)]),))))
    return total([*parts, (draw(coefficients), ONE)]), names, len(parts)


@settings(max_examples=80)
@given(layers(), st.data())
def test_the_width_is_never_above_that_of_the_network_it_is_found_for(case, data):
    term, names, count = case
    found = of_term(term, names, (), "both", False, Clock(60))
    assert isinstance(found, LeastWidth) and found.width is not None and found.width <= count
    point = {name: data.draw(coefficients) for name in names}
    assert evaluate(found.network, point) == evaluate(term, point)


@settings(max_examples=60)
@given(layers(4))
def test_all_orientations_agree(case):
    term, names, _ = case
    layer = one_layer(term, names, (), Clock())
    assume(not isinstance(layer, TwoJumps))
    found = of_term(term, names, (), "both", False, Clock(60))
    lefts = []
    for chosen in product((0, 1), repeat=len(layer.kinks)):
        rows = [layer.affine, *([kink.factor * c for c in kink.form] for kink in layer.kinks)]
        lefts.append(
            [
                sum(share * row[place] for share, row in zip((1, *chosen), rows, strict=True))
                for place in range(1, len(names) + 1)
            ]
        )
    extra = 2
    if any(not any(left) for left in lefts):
        extra = 0
    elif any(_is_multiple(left, kink.form[1:]) for left in lefts for kink in layer.kinks):
        extra = 1
    assert found.width == len(layer.kinks) + extra


def _is_multiple(vector, normal):
    pivot = next(place for place, c in enumerate(normal) if c)
    return all(c * normal[pivot] == vector[pivot] * d for c, d in zip(vector, normal, strict=True))


def test_many_kinks_are_searched_by_halves():
    text = " + ".join(f"{(7 * k * k) % 19 + 1}*relu(x - {k})" for k in range(26))
    found = least_width(f"{text} - 50*x", seconds=60)
    assert isinstance(found, LeastWidth) and found.width in (26, 27)


def test_limits_give_bounds_and_no_number():
    text = " + ".join(f"{2**k}*relu(x - {k})" for k in range(45))
    found = least_width(text)
    assert isinstance(found, Undecided) and (found.at_least, found.at_most) == (45, 47) and not found
    assert "at most 34" in found.reason
    many = " + ".join(f"relu({k}*x + y)" for k in range(17))
    assert isinstance(least_width(f"{many} + x - y", QUADRANT), LeastWidth | Undecided)
    stopped = least_width(" + ".join(f"abs(abs(x{k} - x{k + 1}) - x{k})" for k in range(1, 8)), seconds=0.2)
    assert isinstance(stopped, Undecided) and "0.2 seconds" in stopped.reason


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("x*y",), ClaimError, "product"),
        (("w*x", "w > 0"), ClaimError, "product"),
        (("x", "x == 1"), ClaimError, "no interior"),
        (("x", "x >= 1, x <= 0"), ClaimError, "empty"),
        (("x", "abs(x) <= 1"), ClaimError, "affine"),
        (("x", "x in {0, 1}"), ClaimError, "finitely many"),
        ((("x", "y"),), InvalidCircuit, "one function"),
        (("x", "", "some"), InvalidCircuit, "bias must be"),
    ],
)
def test_what_is_no_question_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        least_width(*arguments)
