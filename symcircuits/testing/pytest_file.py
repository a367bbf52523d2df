"""The text of a pytest file about a user's own network, which runs as it is.

>>> claim = Stated(Given("net.onnx", 'HERE / "net.onnx"'), Given("max(a, b)", '"max(a, b)"'), "==")
>>> print(pytest_text(claim, [("a == 1, b == 0", ["1"])]))
\"\"\"net.onnx against its target: proved, or refuted with an exact counterexample.\"\"\"
<BLANKLINE>
from pathlib import Path
<BLANKLINE>
import pytest
from symcircuits.testing import assert_circuit_equal
<BLANKLINE>
HERE = Path(__file__).parent
NET = HERE / "net.onnx"
TARGET = "max(a, b)"
VALUES = [
    ("a == 1, b == 0", ["1"]),
]
<BLANKLINE>
<BLANKLINE>
def test_net_on_its_domain():
    assert_circuit_equal(NET, TARGET)
<BLANKLINE>
<BLANKLINE>
@pytest.mark.parametrize(("point", "outputs"), VALUES)
def test_net_at_a_point(point, outputs):
    assert_circuit_equal(NET, outputs, point)
<BLANKLINE>
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from symcircuits.circuits.gadget import Gadget
from symcircuits.circuits.network import Network
from symcircuits.kernel.number import rational_to_text
from symcircuits.testing.comparison import Statement, ask, places
from symcircuits.testing.sampling import search

SHOWN, TRIED, WIDE = 4, 60, 8
"""How many points the file has, of how many tried, and the most inputs with which it has any."""
NAMES = {"==": "assert_circuit_equal", "<=": "assert_circuit_le", "within": "assert_circuit_within"}
Values = Sequence[tuple[str, Sequence[str]]]


class Given(NamedTuple):
    """An operand as the user wrote it, and as Python."""

    shown: str
    code: str


class Stated(NamedTuple):
    """What the file asserts: the relation is ==, <= or within, which has a bound."""

    net: Given
    target: Given
    relation: str
    domain: str = ""
    bound: str = ""


def given(value: Any, text: str, folder: Path) -> Given:
    """An operand, read as `value` from what the user wrote, for a file in the folder."""
    if isinstance(value, Network):
        path = Path(os.path.relpath(text, folder)).as_posix()
        return Given(text, f"HERE / {_quoted(path)}")
    return Given(text, f"gadget({_quoted(text)})" if isinstance(value, Gadget) else _quoted(text))


def _quoted(text: str) -> str:
    """The text as a Python literal: JSON's, which is one, with letters that are not ASCII as they are."""
    return json.dumps(text, ensure_ascii=False)


def values_at_kinks(statement: Statement) -> list[tuple[str, list[str]]]:
    """Simple points of the domain, as domains, and the target's exact outputs there; none if there are many inputs.

    Raises as `ask` does: so a file that is written has sides and a domain that fit.
    """
    asked = ask(statement)
    names = asked.question.left.inputs
    if len(asked.question.names) > WIDE:
        return []
    tried: dict[tuple[Fraction, ...], dict[str, Fraction]] = {}

    def note(point: dict[str, Fraction]) -> bool:
        tried[tuple(point.values())] = point
        return False

    search(places(asked), note, TRIED)
    simple = sorted(tried.values(), key=lambda point: (sum(len(str(value)) for value in point.values()), str(point)))
    return [
        (
            ", ".join(f"{name} == {rational_to_text(point[name])}" for name in names),
            [rational_to_text(value) for value in asked.question.right.run(point)],
        )
        for point in simple[:SHOWN]
        if set(point) == set(names)
    ]


def pytest_text(stated: Stated, values: Values) -> str:
    """The text of the file."""
    return "\n".join(_lines(stated, values)) + "\n"


def _lines(stated: Stated, values: Values) -> Iterator[str]:
    sides = f"{stated.net.code} {stated.target.code}"
    name = _quoted(stated.net.shown)[1:-1]
    yield f'"""{name} against its target: proved, or refuted with an exact counterexample."""'
    yield ""
    yield from ["from pathlib import Path", ""] if "HERE" in sides else []
    yield from ["import pytest"] if values else []
    yield from ["from symcircuits import gadget"] if "gadget(" in sides else []
    yield f"from symcircuits.testing import {NAMES[stated.relation]}"
    yield ""
    yield from ["HERE = Path(__file__).parent"] if "HERE" in sides else []
    yield f"NET = {stated.net.code}"
    yield f"TARGET = {stated.target.code}"
    yield from [f"BOUND = {_quoted(stated.bound)}"] if stated.bound else []
    yield from [f"DOMAIN = {_quoted(stated.domain)}"] if stated.domain else []
    yield from _values(values)
    call, bound = NAMES[stated.relation], ", BOUND" if stated.bound else ""
    yield from ["", "", "def test_net_on_its_domain():"]
    yield f"    {call}(NET, TARGET{bound}{', DOMAIN' if stated.domain else ''})"
    if values:
        yield from ["", "", '@pytest.mark.parametrize(("point", "outputs"), VALUES)']
        yield from ["def test_net_at_a_point(point, outputs):", f"    {call}(NET, outputs{bound}, point)"]


def _values(values: Values) -> Iterator[str]:
    if values:
        yield "VALUES = ["
        yield from (f"    ({_quoted(point)}, {json.dumps(list(outputs))})," for point, outputs in values)
        yield "]"
