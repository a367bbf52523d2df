"""Inequalities with atoms whose rows are not affine, closed row by row without splitting.

f >= 0 follows from f with each row in the place of an atom with a negative coefficient, and from f with one row in the
place of an atom with a positive one. What is left without atoms is closed by multipliers, or by products of hypotheses.

>>> from symcircuits.provers.prove import prove
>>> bool(prove("relu(x*y + z) >= z + x*y"))
True
"""

from __future__ import annotations

from fractions import Fraction

from symcircuits.exact.simplex import Implied, Simplex
from symcircuits.kernel.check import STRICT, Goal
from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.normal import Algebra, Form
from symcircuits.provers.quadratic import Shown, is_quadratic, show_quadratic
from symcircuits.provers.result import Clock
from symcircuits.provers.search import Point, Search, integers, multipliers_to_json

TRIES = 64
"""Choices of rows that are tried for one goal."""


def close_by_rows(search: Search, goal: Goal, simplex: Simplex, inner: Point, clock: Clock) -> bool:
    """Whether an inequality is closed row by row; if not, no step is left of the attempts."""
    if goal[1].relation == "==":
        return False
    mark = len(search.steps)
    attempt = _Attempt(search, simplex, inner, clock)
    try:
        if attempt.close(goal):
            return True
    except (CertificateRejected, _Given):
        pass
    del search.steps[mark:]
    return False


class _Given(Exception):
    """Too many choices were tried."""


class _Attempt:
    def __init__(self, search: Search, simplex: Simplex, inner: Point, clock: Clock) -> None:
        self.search, self.simplex, self.inner, self.clock = search, simplex, inner, clock
        self.tries = 0

    def close(self, goal: Goal) -> bool:
        """Close a goal, or leave no step."""
        self.clock.tick()
        context, comparison = goal
        gap, algebra = context.gap(comparison), context.algebra
        atoms = [at for at in sorted(gap.numerators) if algebra.rows_of(at)]
        negative = [place for place, at in enumerate(atoms) if gap.numerators[at] < 0]
        mark = len(self.search.steps)
        if negative:
            if all(map(self.close, self.search.apply(goal, "polarity", negative[-1]))):
                return True
        elif not _has_atoms(algebra, gap):
            return self.finish(goal, gap)
        elif atoms and atoms[-1] == max(gap.numerators):
            for place in range(len(algebra.rows_of(atoms[-1])) + 1):
                self.tries += 1
                if self.tries > TRIES:
                    raise _Given
                (less,) = self.search.apply(goal, "tangent", [[[1, place - 1]] if place else []])
                if self.close(less):
                    return True
                del self.search.steps[mark:]
        del self.search.steps[mark:]
        return False

    def finish(self, goal: Goal, gap: Form) -> bool:
        """Close a goal whose gap has no atoms."""
        context, comparison = goal
        strict = comparison.relation in STRICT
        if context.algebra.is_affine(gap):
            answer = self.simplex.minimise(integers(gap, self.simplex.n))
            if isinstance(answer, Implied):
                factor = Fraction(1, gap.denominator)
                self.search.apply(goal, "farkas", multipliers_to_json(answer.multipliers, context.hypotheses, factor))
                return True
        if not is_quadratic(context.algebra, gap) or (context.algebra.is_affine(gap) and not context.known):
            return False
        shown = show_quadratic(context, self.simplex.n, gap, self.inner, strict)
        if isinstance(shown, Shown):
            self.search.apply(goal, "products", *shown)
        return isinstance(shown, Shown)


def _has_atoms(algebra: Algebra, form: Form) -> bool:
    return any(algebra.basis[at][1] for at in form.numerators)
