"""One object of a claims file, answered: a claim as plain data in, a verdict as plain data out; nothing is raised.

A claims file has one JSON object a line, with the keys

    id         any name for the claim; comes back with the answer
    vars       the names of the inputs; may be left out
    let        pairs [name, expression], in order; a later one may use an earlier one
    lhs, rhs   expressions, as `symcircuits.expr.parse` reads them
    relation   ==  <=  >=  <  >, or `within`, which says abs(lhs - rhs) <= bound
    bound      an expression, for `within` only
    domain     conditions and ranges as `symcircuits.expr.where` reads them; none or an empty list for all of R^n
    expected   true or false if the answer is known; may be left out

With the relation `pieces` rhs is the number of linear pieces of lhs in the domain, with `cells` that of its activation
cells (see `symcircuits.cpwl.regions`, `symcircuits.exact.cells`); the answer has one more key, `value`, the true count.
With `min_width` rhs is the least width of a network with one hidden layer, with biases and without a skip connection
(see `symcircuits.optimal.width`), and `value` is the true one; `one_hidden_layer` says that there is such a network, of
any width, whatever rhs is, and `witnesses` are two points that show that there is none.

Other keys are ignored. A line that cannot be read, or that asks nothing, gets the verdict "error".
"""

from __future__ import annotations

import json
import re
import time
import unicodedata
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

from symcircuits.cpwl.domains import solid_rows
from symcircuits.cpwl.regions import linear_pieces
from symcircuits.errors import ClaimError, NotPiecewiseLinear
from symcircuits.exact.cells import cells
from symcircuits.expr.parse import parse_claim, parse_expression
from symcircuits.kernel.certificate import read
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.number import rational_to_text
from symcircuits.kernel.term import RELATIONS, Claim, Comparison, Term, evaluate, subterms, total
from symcircuits.provers.prove import limited, prove_on
from symcircuits.provers.result import Clock, Counterexample, LimitReached, Unknown

NOTES = ("family", "series", "n", "source", "note")
"""Keys without a meaning that are often there; no misspelt ones."""
KEYS = ("id", "vars", "let", "lhs", "rhs", "relation", "domain", "expected", "bound")
WIDTHS = ("min_width", "one_hidden_layer")
COUNTS = ("pieces", "cells")
METHODS = {
    "sweep": "breakpoints",
    "zero_one": "0-1 principle",
    "ordered": "orders of the variables",
    "symmetry": "symmetry",
    "cite": "lemmas",
    "split": "cases",
    "table": "table",
    "products": "products",
    "tangent": "tangents",
    "farkas": "linear bound",
    "normal": "normal form",
}
"""The words for the most telling rule of a proof, which is the first of these that it has."""
STEP = re.compile(r'^\["(\w+)"', re.MULTILINE)
"""How a step begins in a certificate of this package, which has each on a line of its own."""


class _NotAnswered(Exception):
    """A question that no prover answers."""


def decide(claim: Mapping[str, Any], seconds: float | None = 10, memory: float | None = None) -> dict[str, Any]:
    """The verdict on one object of a claims file: proved, refuted, unknown or error; it never raises an `Exception`.

    The answer has the keys verdict, seconds, method, counterexample (values as text, or None), certificate_bytes,
    reason (of "unknown" and "error") and vacuous (whether it is proved only because the domain is empty).

    >>> answer = decide({"vars": ["x"], "lhs": "abs(x)", "relation": "<=", "rhs": "relu(x)", "domain": ["x <= 1"]})
    >>> answer["verdict"], answer["counterexample"]
    ('refuted', {'x': '-1'})
    >>> answer = decide({"lhs": "relu(1 - abs(x))", "relation": "pieces", "rhs": "3"})
    >>> answer["verdict"], answer["value"]
    ('refuted', 4)
    """
    started, clock = time.perf_counter(), Clock(seconds, memory=memory)
    try:
        with limited(clock):
            stated, names = _read_claim(claim)
            if claim["relation"] in COUNTS:
                result = _count(stated, claim["relation"], clock)
            elif claim["relation"] in WIDTHS:
                result = _width(stated, names, claim["relation"], clock)
            else:
                result = answer_to_json(prove_on(stated, clock), 0, names)
    except LimitReached as limit:
        result = verdict("unknown", reason=str(limit))
    except _NotAnswered as reason:
        result = verdict("unknown", reason=str(reason))
    except ClaimError as error:
        result = verdict("error", reason=str(error))
    except Exception as error:  # one claim that fails must not stop a file of thousands
        result = verdict("error", reason=f"internal error: {type(error).__name__}: {error}")
    return {**result, "seconds": round(time.perf_counter() - started, 6)}


def decide_line(line: bytes, seconds: float | None = 10, memory: float | None = None) -> dict[str, Any]:
    """The verdict on one line of a claims file, with the claim's id and what was expected.

    >>> answer = decide_line(b'{"id": "c1", "lhs": "x", "relation": "<", "rhs": "x + 1", "expected": true}')
    >>> answer["id"], answer["verdict"], contradicts(answer)
    ('c1', 'proved', False)
    """
    try:
        claim = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return unreadable(f"the line is not JSON text in UTF-8: {error}")
    if not isinstance(claim, dict):
        return unreadable("the line is not a JSON object")
    name, expected = claim.get("id"), claim.get("expected")
    if expected is not None and not isinstance(expected, bool):
        return unreadable("expected must be true or false", name)
    return {"id": name, **decide(claim, seconds, memory), "expected": expected}


def unreadable(reason: str, name: Any = None) -> dict[str, Any]:
    """The answer to a line that is not read, the claim's id being `name`."""
    return {"id": name, **verdict("error", reason), "expected": None}


def contradicts(answer: Mapping[str, Any]) -> bool:
    """Whether the verdict is the opposite of what was expected; "unknown" and "error" contradict nothing."""
    return (answer["verdict"], answer["expected"]) in (("proved", False), ("refuted", True))


def verdict(name: str, reason: str | None = None, seconds: float = 0.0) -> dict[str, Any]:
    """An answer with nothing but its verdict and reason."""
    return {
        "verdict": name,
        "seconds": round(seconds, 6),
        "method": None,
        "counterexample": None,
        "certificate_bytes": None,
        "reason": reason,
        "vacuous": False,
    }


def answer_to_json(
    answer: Theorem | Counterexample | Unknown, seconds: float, names: Sequence[str] = ()
) -> dict[str, Any]:
    """What `prove` returned, as plain data; `names` are the variables that a counterexample must give values to."""
    match answer:
        case Theorem():
            proved = {"method": method(answer), "certificate_bytes": len(answer.certificate.encode())}
            return {**verdict("proved", None, seconds), **proved, "vacuous": answer.is_vacuous}
        case Counterexample():
            point = {name: rational_to_text(value) for name, value in answer.point.items()}
            free = {name: "0" for name in names if name not in point}
            return {**verdict("refuted", None, seconds), "method": "exact point", "counterexample": {**point, **free}}
        case _:
            return verdict("unknown", answer.reason, seconds)


def method(theorem: Theorem) -> str:
    """How the theorem was proved, in two words: by its proof's most telling rule."""
    if theorem.is_vacuous:
        return "empty domain"
    *_, proof = theorem.certificate.rpartition('"proof":')
    rules = {*STEP.findall(proof)} or {step[0] for step in read(theorem.certificate)[-1]["proof"]}
    return next((words for rule, words in METHODS.items() if rule in rules), "normal form")


def stated(data: Any) -> Claim:
    """The claim that one object of a claims file states; `ClaimError` if it asks something else, or cannot be read.

    >>> print(stated({"lhs": "relu(x)", "relation": ">=", "rhs": "x"}))
    for all real x: relu(x) >= x
    """
    claim, _ = _read_claim(data)
    if data["relation"] in (*COUNTS, *WIDTHS):
        raise ClaimError(f"{data['relation']} is a question about a number, and no claim")
    return claim


def _read_claim(data: Any) -> tuple[Claim, list[str]]:
    """The claim that the object states, and the names of its inputs."""
    if not isinstance(data, Mapping):
        raise ClaimError("a claim is an object with the keys lhs, relation, rhs")
    for key in data:  # further keys are notes of the file's author, but not one that misspells a key with a meaning
        meant = () if key in KEYS or key in NOTES else get_close_matches(str(key), KEYS, 1, 0.75)
        if meant:
            raise ClaimError(f"unknown key {key!r:.40}; did you mean {meant[0]}?")
    relation, let, domain = _text(data, "relation"), _let(data), _texts(data, "domain")
    if relation == "theorem":
        raise ClaimError("a statement and no question: there is nothing to answer")
    if relation not in (*RELATIONS, "within", *COUNTS, *WIDTHS):
        raise ClaimError(f"the relation must be one of {', '.join((*RELATIONS, 'within', *COUNTS, *WIDTHS))}")
    says = "==" if relation in (*COUNTS, *WIDTHS) else relation
    asked = {**data, "rhs": "0"} if relation == "one_hidden_layer" else data
    claim = _within(data, domain, let) if relation == "within" else _parse(asked, says, domain, let)
    names = [unicodedata.normalize("NFKC", name) for name in _texts(data, "vars")]
    stray = [name for name in claim.variables() if "vars" in data and name not in names]
    if stray:
        raise ClaimError(f"{stray[0]} is neither among vars nor defined by let")
    return claim, names


def _count(claim: Claim, relation: str, clock: Clock) -> dict[str, Any]:
    """The verdict on a number of linear pieces or activation cells, and the number."""
    if any(term.kind == "variable" for term in subterms((claim.goal.right,))):
        raise ClaimError("rhs must be a number: how many there are")
    if claim.ranges:
        raise _NotAnswered(f"{relation} over finitely many values: not answered")
    names = claim.variables()
    rows = solid_rows(claim.where, names)
    count = linear_pieces if relation == "pieces" else cells
    try:
        found = 0 if rows is None else sum(1 for _ in count([claim.goal.left], names, rows, clock.tick))
    except NotPiecewiseLinear as error:
        raise ClaimError(str(error)) from None
    is_right = evaluate(claim.goal.right, {}) == found
    return {**verdict("proved" if is_right else "refuted"), "method": "enumeration", "value": found}


def _width(claim: Claim, names: Sequence[str], relation: str, clock: Clock) -> dict[str, Any]:
    """The verdict on the least width of one hidden layer, or on whether there is a network."""
    from symcircuits.optimal.width import LeastWidth, NoLayer, of_term  # here because NumPy takes long to import

    if any(term.kind == "variable" for term in subterms((claim.goal.right,))):
        raise ClaimError("rhs must be a number: how many neurons")
    if claim.ranges:
        raise _NotAnswered(f"{relation} over finitely many values: not answered")
    found = of_term(claim.goal.left, tuple(names or claim.variables()), claim.where, "both", False, clock)
    if not isinstance(found, LeastWidth | NoLayer):
        return verdict("unknown", reason=found.reason)
    is_right = found.width is not None
    answer: dict[str, Any] = {"method": "kinks", "certificate_bytes": len(found.theorem.record[0].encode())}
    if relation == "min_width":
        is_right = is_right and evaluate(claim.goal.right, {}) == found.width
        answer["value"] = found.width
    elif isinstance(found, NoLayer):
        answer["witnesses"] = [list(map(rational_to_text, place.point)) for place in found.found.places]
    return {**verdict("proved" if is_right else "refuted"), **answer}


def _parse(data: Mapping[str, Any], relation: str, domain: list[str], let: list[tuple[str, str]]) -> Claim:
    return parse_claim(f"{_text(data, 'lhs')} {relation} {_text(data, 'rhs')}", domain, let)


def _within(data: Mapping[str, Any], domain: list[str], let: list[tuple[str, str]]) -> Claim:
    bound = parse_expression(_text(data, "bound"), domain, let)
    goal, where, ranges = _parse(data, "<=", domain, let)
    gap = total([(Fraction(1), goal.left), (Fraction(-1), goal.right)])
    return Claim(Comparison(Term("abs", (gap,)), "<=", bound), where, ranges)


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str):
        raise ClaimError(f"{key} is missing" if value is None else f"{key} must be text")
    return value


def _texts(data: Mapping[str, Any], key: str) -> list[str]:
    values = data.get(key) or []
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ClaimError(f"{key} must be a list of texts")
    return values


def _let(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    pairs = data.get("let") or []
    if not isinstance(pairs, list):
        raise ClaimError("let must be a list of pairs [name, expression]")
    for pair in pairs:
        if not isinstance(pair, (list, tuple)) or len(pair) != 2 or not all(isinstance(part, str) for part in pair):
            raise ClaimError("let must be a list of pairs [name, expression]")
    return [(name, body) for name, body in pairs]
