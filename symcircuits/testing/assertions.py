"""Assertions about circuits and networks for a test: a pass carries theorems, a failure shows an exact counterexample.

Both functions may be circuits, gadgets and networks of the package, SymPy expressions, texts, NumPy weights, torch
modules, names of network files, and lists of expressions, one an output. A Python function may stand for one, too: of
it only values can be had, so it is sampled, at exact points on kinks, and nothing is proved; the answer says so.
Inputs correspond by their order, those of expressions by name; weights are the exact numbers that they are.

>>> assert_circuit_equal("relu(x) - relu(-x)", "x")
Proved by prover: relu(x) - relu(-x) == x
>>> assert_circuit_le("min(x, y)", "(x + y)/2").theorem
Theorem: for all real x, y: min(x, y) <= (x + y)/2
>>> assert_circuit_equal("relu(x)", lambda x: x if x > 0 else 0)  # doctest: +ELLIPSIS
Sampled, not proved: relu(x) == <lambda>; <lambda> is a Python function, which can only be sampled: it held at ...
"""

from __future__ import annotations

import math
from typing import Any

from symcircuits.circuits.affine import exact
from symcircuits.errors import InvalidCircuit, SymcircuitsError
from symcircuits.formats.files import write_whole
from symcircuits.kernel.check import Theorem
from symcircuits.testing.comparison import Proved, Sampled, Statement, answer, ask
from symcircuits.testing.message import failure, no_answer
from symcircuits.testing.session import PROVED, SAMPLED, current
from symcircuits.transform.certificate import certificate_text
from symcircuits.transform.equal import Difference, Undecided


class AssertionRefuted(AssertionError):
    """An assertion is false at a point of its domain: `counterexample` has it with both exact values."""

    def __init__(self, message: str, counterexample: Difference) -> None:
        super().__init__(message)
        self.counterexample = counterexample


class AssertionUndecided(AssertionError):
    """An assertion is neither proved nor refuted; the message says what was tried."""


def assert_circuit_equal(
    net: Any, target: Any, domain: Any = "", *, seconds: float | None = None, examples: int | None = None
) -> Proved | Sampled:
    """Assert that both functions are equal on the domain, in every output; the answer has the theorems.

    The domain is a text such as "0 <= x <= 1, y in {0, 1}", SymPy relations, or several; it speaks of inputs by the
    names of the first function whose inputs have an order. `seconds` limits the search for a proof, `examples` the
    points at which a Python function is sampled; unless given, the options of the pytest plugin count.

    Raises `AssertionRefuted` with an exact counterexample, `AssertionUndecided` if there is neither that nor a proof,
    and other errors, each a `SymcircuitsError`, for what is no such function or domain, does not fit, or is empty.

    >>> assert_circuit_equal("relu(x) + relu(y)", "relu(x + y)")
    Traceback (most recent call last):
    ...
    symcircuits.testing.assertions.AssertionRefuted: assert_circuit_equal is false: relu(x) + relu(y) == relu(x + y)
    at x = -1, y = 1
      relu(x) + relu(y) gives 1
      relu(x + y) gives 0
    activation pattern of relu(x) + relu(y):
      relu(x): the argument is negative
      relu(y): the argument is positive
    activation pattern of relu(x + y):
      relu(x + y): the argument is 0, on the kink
    """
    __tracebackhide__ = True
    return _asserted("assert_circuit_equal", Statement("==", net, target, domain), seconds, examples)


def assert_circuit_le(
    net: Any, target: Any, domain: Any = "", *, seconds: float | None = None, examples: int | None = None
) -> Proved | Sampled:
    """Assert that the first function is at most the second on the domain, in every output.

    Arguments, answers and errors are those of `assert_circuit_equal`. The target may have squares and products of
    affine expressions.

    >>> assert_circuit_le("x - 1/4", "x**2").theorem
    Theorem: for all real x: x - 1/4 <= x*x
    """
    __tracebackhide__ = True
    return _asserted("assert_circuit_le", Statement("<=", net, target, domain), seconds, examples)


def assert_circuit_within(
    net: Any,
    target: Any,
    bound: Any,
    domain: Any = "",
    *,
    seconds: float | None = None,
    examples: int | None = None,
) -> Proved | Sampled:
    """Assert that the functions differ by at most the bound on the domain, in every output.

    The bound is an exact number: an integer, a Fraction, a text such as "1/16", or a float, which is the binary number
    that it is. Otherwise as `assert_circuit_le`.

    >>> assert_circuit_within("x - relu(x)/2 + relu(x - 1/2)", "x**2", "1/16", "0 <= x <= 1").theorem
    Theorem: for all real x with 0 <= x, x <= 1: abs((x - relu(x)/2 + relu(x - 1/2)) - x*x) <= 1/16
    """
    __tracebackhide__ = True
    limit = exact(bound)
    if limit < 0:
        raise InvalidCircuit(f"the bound {bound} is negative: nothing differs by so little")
    return _asserted("assert_circuit_within", Statement("within", net, target, domain, limit, bound), seconds, examples)


def _asserted(name: str, statement: Statement, seconds: float | None, examples: int | None) -> Proved | Sampled:
    __tracebackhide__ = True
    session = current()
    try:
        asked = ask(statement)
        found = answer(asked, _seconds(seconds, session.seconds), _examples(examples, session.examples))
    except SymcircuitsError as error:
        raise error.with_traceback(None)  # noqa: B904 the frames between are of no use to who wrote the test
    if isinstance(found, Difference):
        raise AssertionRefuted(failure(name, asked, found), found)
    if isinstance(found, Undecided):
        raise AssertionUndecided(no_answer(name, asked, found))
    session.said.append((PROVED if found else SAMPLED, str(found)))
    if isinstance(found, Proved):
        _keep(found)
    return found


def _seconds(given: float | None, usual: float) -> float:
    if given is None:
        return usual
    if math.isnan(given) or given <= 0:
        raise InvalidCircuit(f"{given} seconds: a positive number is needed, math.inf for no limit")
    return given


def _examples(given: int | None, usual: int) -> int:
    if given is not None and given < 1:
        raise InvalidCircuit(f"{given} examples: a positive number is needed")
    return usual if given is None else given


def _keep(proved: Proved) -> None:
    """Write the certificates to the folder that the run of pytest keeps them in, if it does."""
    session = current()
    if session.certificates is None:
        return
    session.certificates.mkdir(parents=True, exist_ok=True)
    for theorem in proved.theorems:
        text = theorem.certificate if isinstance(theorem, Theorem) else certificate_text(theorem)
        write_whole(session.next_file(session.certificates), text.encode(), overwrite=True)
