"""Networks refuse what is no network, whatever made it."""

from fractions import Fraction

import pytest

from symcircuits.circuits.network import Network, network
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.networks import Layer

GOOD = Layer((0,), ((1,),), (0,), (1,))
BAD = [
    (("x", "x"), (Layer((0, 1), ((1, -1),), (0,), (1,)),), "two inputs are called x"),
    (("x y",), (GOOD,), "'x y' cannot name an input"),
    (("relu",), (GOOD,), "'relu' cannot name an input"),
    (("x",), (GOOD._replace(denominators=(-3,)),), "denominators of layer 1 must be positive"),
    (("x",), (GOOD._replace(denominators=(0,)),), "denominators of layer 1 must be positive"),
    (("x",), (GOOD._replace(sources=(1,)),), "sources of layer 1 must increase"),
    (("x",), (GOOD._replace(sources=(-1,)),), "sources of layer 1 must increase"),
    (("x", "y"), (Layer((1, 0), ((1, 1),), (0,), (1,)),), "sources of layer 1 must increase"),
    (("x", "y"), (Layer((0, 0), ((1, 1),), (0,), (1,)),), "sources of layer 1 must increase"),
    (("x",), (GOOD._replace(bias=()),), "shapes of layer 1 do not fit"),
    (("x",), (GOOD._replace(weights=((1, 2),)),), "shapes of layer 1 do not fit"),
    (("x",), (), "has no layers"),
]


@pytest.mark.parametrize(("inputs", "layers", "message"), BAD, ids=range(len(BAD)))
def test_what_is_no_network_is_refused(inputs: tuple[str, ...], layers: tuple[Layer, ...], message: str) -> None:
    with pytest.raises(InvalidCircuit, match=message):
        Network("n", inputs, layers)


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ([([[1, 2]], [0])], "rows of 1 weights are needed"),
        ([([[1]], [0, 1])], "1 rows of weights do not fit 2 biases"),
        ([([[float("nan")]], [0])], "not an exact finite number"),
        ([([["a"]], [0])], "not an exact finite number"),
    ],
)
def test_numbers_that_make_no_layers_are_refused(layers: list[tuple[object, object]], message: str) -> None:
    with pytest.raises(InvalidCircuit, match=message):
        network("n", ["x"], layers)


def test_a_network_is_shown_by_its_shape_and_equal_by_what_it_computes_from() -> None:
    one = network("one", ["x"], [([[1], [2]], [0, 0]), ([["1/2", 3]], [1])])
    assert repr(one) == "<Network one: 1-2-1>" and one.run(2) == (Fraction(14),) and one.depth == 1
    with pytest.raises(InvalidCircuit, match="has 1 inputs; 2 values are given"):
        one.run(1, 2)
