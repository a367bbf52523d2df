"""What an ONNX model of ours keeps beside the function: the names of the inputs, and the box."""

from dataclasses import replace
from fractions import Fraction

import onnx
import pytest

from symcircuits.circuits.network import network
from symcircuits.formats.onnx_read import from_onnx
from symcircuits.formats.onnx_write import METADATA, to_onnx

GIVEN = network("diff", ["left", "right"], [([[1, -1]], [0]), ([[1]], [0])], box=[(0, "1/3"), (-2, 2)])


def test_names_and_box_come_back() -> None:
    found = from_onnx(to_onnx(GIVEN), "diff")
    assert found == GIVEN


def test_a_network_without_box_has_none() -> None:
    assert from_onnx(to_onnx(replace(GIVEN, box=None))).box is None


@pytest.mark.parametrize(
    "text",
    [
        "", "no json", "[]", "{}", '{"inputs": 3}', '{"inputs": ["a"]}', '{"inputs": ["a", "a"]}',
        '{"inputs": ["a", "b c"]}',
        '{"inputs": ["a", "relu"]}', '{"inputs": ["a", "b"], "box": [["1", "0"], ["0", "1"]]}',
        '{"inputs": ["a", "b"], "box": [["0", "1"]]}', '{"inputs": ["a", "b"], "box": [["0", "x"], ["0", "1"]]}',
        '{"inputs": ["a", "b"], "box": [[0, 1], [0, 1]]}', '{"inputs": ["a", "b"], "box": 1}', "[" * 100_000,
    ],
)  # fmt: skip
def test_metadata_that_does_not_fit_is_ignored(text: str) -> None:
    model = to_onnx(GIVEN)
    onnx.helper.set_model_props(model, {METADATA: text})
    found = from_onnx(model)
    assert found.inputs == ("x1", "x2") and found.box is None
    assert found.run(1, Fraction(1, 3)) == (Fraction(2, 3),)
