"""A problem as a text of SMT-LIB 2, the logic QF_LRA: it is satisfiable exactly if the claim is false.

Two ways to write a switch:

    fresh    a real y with two-sided clauses: y >= a, y >= b, y <= a or y <= b
    ite      nested `ite`, each a definition
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from prover.expressions import KINDS, Node, Problem

ENCODINGS = ("fresh", "ite")
BIT = "__b"


def smt_lib(problem: Problem, encoding: str) -> str:
    """The text, one command a line."""
    if encoding not in ENCODINGS:
        raise ValueError(f"the encodings are {', '.join(ENCODINGS)}, not {encoding}")
    lines = ["(set-option :produce-models true)", "(set-logic QF_LRA)"]
    used = _used(problem)
    names = {at: _name(node, at) for at, node in enumerate(problem.nodes) if at in used}
    for at in sorted(used):
        lines += _node(problem, at, names, encoding)
    for low, relation, high in problem.domain:
        lines.append(f"(assert ({'=' if relation == '==' else relation} {names[low]} {names[high]}))")
    left, right = names[problem.left], names[problem.right]
    above = f"(> {left} {right})"
    lines.append(f"(assert {above})" if problem.claim.relation == "<=" else f"(assert (or (< {left} {right}) {above}))")
    lines.append("(check-sat)")
    return "\n".join(lines) + "\n"


def rational_text(value: Fraction) -> str:
    """A rational in the notation of SMT-LIB.

    >>> rational_text(Fraction(-2, 3)), rational_text(Fraction(4))
    ('(- (/ 2.0 3.0))', '4.0')
    """
    top, bottom = abs(value.numerator), value.denominator
    text = f"{top}.0" if bottom == 1 else f"(/ {top}.0 {bottom}.0)"
    return f"(- {text})" if value < 0 else text


def has_bit(problem: Problem, name: str, encoding: str) -> bool:
    """Whether a variable of two values is written as a choice by a Boolean, the second value if it is true."""
    return encoding == "ite" and len(problem.ranges.get(name, ())) == 2


def _used(problem: Problem) -> set[int]:
    """The places of the nodes that the claim and the domain depend on, and of variables with ranges."""
    ends = {problem.left, problem.right, *(side for left, _, right in problem.domain for side in (left, right))}
    ends |= {at for at, node in enumerate(problem.nodes) if node.name in problem.ranges}
    for at in range(len(problem.nodes) - 1, -1, -1):
        if at in ends:
            ends.update(problem.nodes[at].parts)
    return ends


def _name(node: Node, at: int) -> str:
    match node.kind:
        case "variable":
            return node.name
        case "constant":
            return rational_text(node.shift)
    return f"n{at}__"


def _node(problem: Problem, at: int, names: dict[int, str], encoding: str) -> Iterator[str]:
    node, name = problem.nodes[at], names[at]
    arguments = [names[part] for part in node.parts]
    if node.kind == "variable":
        yield from _variable(problem, name, encoding)
    elif node.kind == "linear":
        yield f"(define-fun {name} () Real {_linear(node, arguments)})"
    elif node.kind in KINDS:
        yield from (_fresh if encoding == "fresh" else _nested)(node.kind, name, arguments)


def _variable(problem: Problem, name: str, encoding: str) -> Iterator[str]:
    values = [rational_text(value) for value in problem.ranges.get(name, ())]
    if has_bit(problem, name, encoding):
        yield f"(declare-fun {name}{BIT} () Bool)"
        yield f"(define-fun {name} () Real (ite {name}{BIT} {values[1]} {values[0]}))"
        return
    yield f"(declare-fun {name} () Real)"
    if values:
        yield f"(assert {_any(f'(= {name} {value})' for value in values)})"


def _any(clauses: Iterator[str]) -> str:
    parts = list(clauses)
    return parts[0] if len(parts) == 1 else f"(or {' '.join(parts)})"


def _linear(node: Node, arguments: Sequence[str]) -> str:
    parts = [
        argument if weight == 1 else f"(* {rational_text(weight)} {argument})"
        for weight, argument in zip(node.weights, arguments, strict=True)
    ]
    parts += [rational_text(node.shift)] if node.shift else []
    return parts[0] if len(parts) == 1 else f"(+ {' '.join(parts)})"


def _alternatives(kind: str, arguments: Sequence[str]) -> list[str]:
    """The values of which the switch takes the largest, or, for min, the least."""
    match kind:
        case "relu":
            return [arguments[0], "0.0"]
        case "abs":
            return [arguments[0], f"(- {arguments[0]})"]
    return list(arguments)


def _fresh(kind: str, name: str, arguments: Sequence[str]) -> Iterator[str]:
    over, under = ("<=", ">=") if kind == "min" else (">=", "<=")
    values = _alternatives(kind, arguments)
    yield f"(declare-fun {name} () Real)"
    yield from (f"(assert ({over} {name} {value}))" for value in values)
    yield f"(assert {_any(f'({under} {name} {value})' for value in values)})"


def _nested(kind: str, name: str, arguments: Sequence[str]) -> Iterator[str]:
    over = "<=" if kind == "min" else ">="
    if kind in ("relu", "abs"):
        first, second = _alternatives(kind, arguments)
        yield f"(define-fun {name} () Real (ite (>= {first} 0.0) {first} {second}))"
        return
    *others, best = arguments
    for count, value in enumerate(reversed(others)):
        result = name if count == len(others) - 1 else f"{name}{count}"
        yield f"(define-fun {result} () Real (ite ({over} {value} {best}) {value} {best}))"
        best = result
