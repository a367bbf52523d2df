"""Proofs and refutations as short lines of plain text, for a terminal."""

from __future__ import annotations

import re

from symcircuits.kernel.check import Theorem
from symcircuits.kernel.term import Range, Term, text
from symcircuits.provers.result import Counterexample
from symcircuits.publish.story import Formula, Line, Pieces, Statement, Story, tell, tell_refutation

DIGITS, WIDTH, DEPTH = 60, 240, 10
LONG_NUMBER = re.compile(rf"\d{{{DIGITS + 1},}}")


def proof_lines(theorem: Theorem, limit: int = 40) -> list[str]:
    """The proof of a theorem in at most `limit` lines; the last counts what is left out. `ValueError` if limit < 2.

    >>> from symcircuits.expr.parse import parse_claim
    >>> from symcircuits.provers.prove import prove_claim
    >>> for line in proof_lines(prove_claim(parse_claim("min(a, b) == b - relu(b - a)"))):
    ...     print(line)
    The sign of a - b decides both sides.
    Case a >= b: min(a, b) = b and b - relu(b - a) = b - 0 = b.
    Case a <= b: min(a, b) = a and b - relu(b - a) = b - (b - a) = a.
    """
    story = tell(theorem, limit)
    return [*_written(story), *([left_out(story)] if story.untold else [])]


def refutation_lines(counterexample: Counterexample) -> list[str]:
    """The evaluation of a claim at its counterexample, step by step.

    >>> from symcircuits.expr.parse import parse_claim
    >>> from symcircuits.provers.prove import prove_claim
    >>> for line in refutation_lines(prove_claim(parse_claim("relu(b) - relu(b - a) == min(a, b)"))):
    ...     print(line)
    Take b = -1, a = 0.
      relu(b) = relu(-1) = 0.
      relu(b - a) = relu(-1 - 0) = relu(-1) = 0.
    The left side: relu(b) - relu(b - a) = 0 - 0 = 0.
    The right side: min(a, b) = min(0, -1) = -1.
    So the claim is false: 0 != -1.
    """
    return _written(tell_refutation(counterexample))


def left_out(story: Story) -> str:
    """The sentence that counts what a story leaves out."""
    unit = story.unit + "s" * (story.untold != 1)
    return f"{story.untold} more {unit} of {story.total} not shown here; the certificate has the whole proof."


def _written(story: Story) -> list[str]:
    return [_write_line(line) for line in story.lines]


def _write_line(line: Line) -> str:
    heading, body = _write(line.heading), _write(line.pieces)
    return "  " * min(line.depth, DEPTH) + (f"{heading}: {body}" if heading else body).rstrip()


def _write(pieces: Pieces) -> str:
    return "".join(map(_write_piece, pieces))


def _write_piece(piece: object) -> str:
    match piece:
        case str():
            return piece
        case Formula(terms, relations):
            rest = (f" {relation} {term_text(term)}" for relation, term in zip(relations, terms[1:], strict=True))
            return term_text(terms[0]) + "".join(rest)
        case Range():
            return clipped(str(piece))
        case Statement(claim):
            return clipped(str(claim).replace("\n", ";"))
    raise TypeError(f"no piece of a line: {piece!r}")


def term_text(term: Term) -> str:
    """The term as a person types it, clipped when it is long."""
    (body,), definitions = text((term,))
    parts = dict(definitions)
    whole = parts.pop(body, body)
    return clipped(whole) + (f" [with {len(parts)} long part{'s' * (len(parts) > 1)} not shown]" if parts else "")


def clipped(body: str) -> str:
    """A text with long numbers abbreviated and, if it is still long, without its middle.

    >>> clipped("x + " + "7" * 70)
    'x + 7777777777...7777777777 (70 digits)'
    """
    body = LONG_NUMBER.sub(_short_number, body)
    if len(body) <= WIDTH:
        return body
    return f"{body[: WIDTH // 2]} ... [{len(body) - WIDTH} more characters] ... {body[-WIDTH // 2 :]}"


def _short_number(found: re.Match[str]) -> str:
    digits = found.group()
    return f"{digits[:10]}...{digits[-10:]} ({len(digits)} digits)"
