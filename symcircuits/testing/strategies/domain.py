"""Polyhedra as comparisons of affine terms."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from hypothesis import strategies as st

from symcircuits.kernel.term import ONE, RELATIONS, Comparison, constant, total, variable
from symcircuits.testing.strategies.expression import combination
from symcircuits.testing.strategies.rational import RATIONALS, UNIT

MIRRORED = {"==": "==", "<=": ">=", ">=": "<=", "<": ">", ">": "<"}


@st.composite
def domains(draw: st.DrawFn, names: Sequence[str] = ("x", "y"), size: int = 3) -> tuple[Comparison, ...]:
    """Polyhedra as comparisons of affine terms: often all of space, and also flat, thin, half-open and empty ones.

    >>> from hypothesis import find
    >>> find(domains(["x"]), lambda where: len(where) == 1)
    (Comparison(left=x, relation='==', right=0),)
    """
    if not draw(st.integers(0, 2)):
        return ()
    parts = [variable(name) for name in names] or [ONE]
    rows: list[Comparison] = []
    for _ in range(draw(st.integers(1, size))):
        relation = draw(st.sampled_from(list(RELATIONS)))
        rows.append(Comparison(combination(draw, parts), relation, constant(draw(RATIONALS))))
    for row in draw(st.lists(st.sampled_from(rows), max_size=2)):
        shift = draw(st.sampled_from((0, 1, -1)))
        relation = draw(st.sampled_from((MIRRORED[row.relation], ">=", "<=")))
        rows.append(Comparison(row.left, relation, total([(UNIT, row.right), (Fraction(shift), ONE)])))
    return tuple(rows)
