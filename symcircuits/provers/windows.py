"""Equal parts inside a deep claim, merged by small lemmas about what lies between them and a few earlier parts.

All parts are evaluated at exact points: parts with equal values may be equal, a part with values 0 may be 0. Each guess
is a claim about a *window*: the parts from the top down to a few *frontier* parts, which become variables with the
bounds known of them; these come from windows too, as the least and greatest values there. What is proved is cited at
the parts, so that the cost grows with the number of windows, not with what a deep part expands to.

>>> from symcircuits.provers.prove import prove
>>> tent = "1 - abs(2*{0} - 1)", "2*relu({0}) - 2*relu(2*{0} - 1)"
>>> let = [(f"{side}{k}", tent[side == "g"].format(f"{side}{k - 1}" if k else "x")) for k in range(30) for side in "fg"]
>>> theorem = prove("f29 == g29", where="0 <= x <= 1", let=let, seconds=20)
>>> theorem.certificate.count('"cite"') > 30
True
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from itertools import islice
from math import lcm
from operator import or_
from typing import Any, NamedTuple

from symcircuits.cpwl.columns import columns, scaled_point
from symcircuits.cpwl.substitute import substitute
from symcircuits.exact.cells import cells, negative
from symcircuits.exact.simplex import Simplex, Unbounded
from symcircuits.kernel.check import Goal, Theorem
from symcircuits.kernel.term import Claim, Comparison, Range, Term, constant, evaluate, subterms, table, total, variable
from symcircuits.kernel.text import Row
from symcircuits.provers.certificate import number_to_json
from symcircuits.provers.cite import show_premise
from symcircuits.provers.domain import Inside
from symcircuits.provers.points import inner_points
from symcircuits.provers.result import Clock
from symcircuits.provers.route import Passed
from symcircuits.provers.search import Search, renewed

POINTS, PRIME = 40, 100_003
"""Simple points of evaluation, and the denominator of as many more."""
WIDE, BENT, TRIES, CELLS, SHARE = 5, 12, 8, 64, 0.4
"""Parts of a frontier but the first, bent parts, windows and cells of a guess, at most; share of the time left."""
FAR, FEW, LARGE = 10**8, 6, 10**5
"""How far out a few points lie where values larger than the last are taken for values without end."""
BENDS = ("relu", "abs", "max", "min")
Key = tuple[int, str]
"""A row and <= or >=: a bound of its values."""


class Lemma(NamedTuple):
    """A theorem, the rows at which it is cited, and the bounds that it needs, in the order of its conditions."""

    theorem: Theorem
    frontier: tuple[int, ...]
    bounds: tuple[Key, ...]


def merge_equal_parts(search: Search, inside: Inside, clock: Clock, prove: Callable[[Claim], object]) -> Inside:
    """The goal with equal parts merged, each by a theorem that `prove` finds; `Passed` if there is none."""
    goal = inside.goal
    rows, _ = table(goal[1].left, goal[1].right)
    if sum(row[0] in BENDS for row in rows) < 3 or any(row[0] == "scale" for row in rows):
        raise Passed("there is little to merge")
    merger = _Merger(rows, search.claim, _points(search, inside), prove)
    merger.merge(clock, SHARE)
    if not merger.pairs:
        raise Passed("no equal parts were found and proved")
    return inside._replace(goal=merger.apply(search, renewed(goal)))


def _points(search: Search, inside: Inside) -> list[dict[str, Fraction]]:
    """Points of the domain, ranged variables at values of their ranges."""
    source = random.Random(2022)
    near = [point for _, point in zip(range(POINTS), inner_points(inside), strict=False)]
    shares = [Fraction(source.randint(1, PRIME - 1), PRIME) for _ in near]
    # Simple points make too much equal; few of these fall on a kink.
    near += [
        [o + share * (x - o) for x, o in zip(p, near[0], strict=True)]
        for p, share in zip(near[1:], shares, strict=False)
    ]
    found = [search.named(inside.goal[0], point) for point in near]
    for point in found:
        point |= {name: source.choice(values) for name, values in search.claim.ranges}
    return found


def _far_points(names: Sequence[str]) -> list[tuple[int, dict[str, int]]]:
    source = random.Random(2022)
    return [(1, {name: source.randint(-FAR, FAR) for name in names}) for _ in range(FEW)]


class _Merger:
    """What is known of each row: the row or 0 (None) that it is merged with, bounds, the term that stands for it."""

    def __init__(
        self, rows: Sequence[Row], claim: Claim, points: list[dict[str, Fraction]], prove: Callable[[Claim], object]
    ) -> None:
        self.rows, self.claim, self.prove = rows, claim, prove
        scaled = [scaled_point(point) for point in points]
        self.scales, self.columns = [q for q, _ in scaled], columns(rows, scaled)
        self.far = [] if claim.where or claim.ranges else columns(rows, _far_points(claim.variables()))
        self._box = _box(claim)
        self.support: list[int] = []
        for kind, parts, *_ in rows:
            own = 1 << len(self.support) if kind == "variable" else 0
            self.support.append(reduce(or_, (self.support[part] for part in parts), own))
        self.same: dict[int, int | None] = {}
        self.terms: list[Term] = []
        self.standing: list[Term] = []
        self.lemmas: dict[str, Theorem | None] = {}
        self.bounds: dict[Key, tuple[Fraction, Lemma] | None] = {}
        self.known: list[Key] = []
        self.pairs: list[tuple[int, Lemma]] = []

    def merge(self, clock: Clock, share: float) -> None:
        """Guess and prove, from the inner parts to the outer ones, for a share of the time that is left."""
        until = None if clock.seconds is None else clock.elapsed() + share * (clock.seconds - clock.elapsed())
        seen: dict[tuple[tuple[int, ...], int], int] = {}
        for place, (kind, parts, coefficients, name, exponent) in enumerate(self.rows):
            clock.tick()
            self.terms.append(Term(kind, tuple(self.terms[part] for part in parts), coefficients, name, exponent))
            standing = tuple(self.standing[part] for part in parts)
            self.standing.append(Term(kind, standing, coefficients, name, exponent))
            if kind in ("variable", "one") or (until is not None and clock.elapsed() > until):
                continue
            values, below = self.columns[place]
            other = seen.setdefault((tuple(values), below), place)
            if kind in BENDS and not any(values):
                self._merge(place, None)
            elif other != place:
                self._merge(place, other)

    def _merge(self, place: int, other: int | None) -> None:
        lemma = self._lemma(place, "==", other, Fraction(0))
        if lemma is not None:
            self.pairs.append((place, lemma))
            self.same[place] = other
            self.standing[place] = total([]) if other is None else self.standing[other]

    def _lemma(self, place: int, relation: str, other: int | None, value: Fraction) -> Lemma | None:
        """A theorem that a row is in a relation to another one, or to a value, by the first window where it is true."""
        windows = (
            self._lemma_at(frontier, place, relation, other, value) for frontier in self._frontiers(place, other)
        )
        return next((lemma for lemma in windows if lemma is not None), None)

    def _lemma_at(
        self, frontier: tuple[int, ...], place: int, relation: str, other: int | None, value: Fraction
    ) -> Lemma | None:
        made = {row: variable(f"p{number}") for number, row in enumerate(frontier, 1)}
        keys = [(row, side) for row in frontier for side in (">=", "<=")]
        bounds = [(key, bound[0]) for key in keys if (bound := self._bound(key)) is not None]
        names = {self.rows[row][3]: made[row] for row in frontier if self.rows[row][0] == "variable"}
        where = [Comparison(made[row], side, constant(bound)) for (row, side), bound in bounds]
        right = constant(value) if other is None else self._over(other, made)
        goal = Comparison(self._over(place, made), relation, right)
        theorem = self._proved(Claim(goal, (*where, *self._domain(names)), self._ranges(names)))
        return None if theorem is None else Lemma(theorem, frontier, tuple(key for key, _ in bounds))

    def _proved(self, claim: Claim) -> Theorem | None:
        text = str(claim)
        if text not in self.lemmas:
            answer = self.prove(claim)
            self.lemmas[text] = answer if isinstance(answer, Theorem) else None
        return self.lemmas[text]

    def _domain(self, names: Mapping[str, Term]) -> list[Comparison]:
        """The comparisons of the domain about these variables only, with the terms in their places."""
        found = []
        for comparison in self.claim.where:
            used = {term.name for term in subterms(comparison[::2]) if term.kind == "variable"}
            if used and used <= names.keys():
                found.append(
                    Comparison(_renamed(comparison.left, names), comparison[1], _renamed(comparison.right, names))
                )
        return found

    def _ranges(self, names: Mapping[str, Term]) -> tuple[Range, ...]:
        return tuple(Range(names[name].name, values) for name, values in self.claim.ranges if name in names)

    def _frontiers(self, place: int, other: int | None) -> Iterator[tuple[int, ...]]:
        """The parts of the row, and of the other one, then ever deeper ones while they are few.

        The outermost row is opened first; or, in the second round, the one that depends on fewest variables.
        """
        seen: set[tuple[int, ...]] = set()
        for measure in (lambda row: -row, lambda row: (self.support[row].bit_count(), -row)):
            for frontier in islice(self._opened(place, other, measure), TRIES):
                if frontier not in seen:
                    seen.add(frontier)
                    yield frontier

    def _opened(self, place: int, other: int | None, measure: Callable[[int], Any]) -> Iterator[tuple[int, ...]]:
        frontier, bent, is_first = {place} if other is None else {place, other}, 0, True
        while bent <= BENT:
            rows = [row for row in frontier if self.rows[row][0] != "variable"]
            if not rows:
                return
            top = place if is_first else min(rows, key=measure)
            frontier.discard(top)
            inner = {self._merged(part) for part in self.rows[top][1]} - {None}
            frontier |= {part for part in inner if part is not None and self.rows[part][0] != "one"}
            bent += self.rows[top][0] in BENDS
            if frontier and (len(frontier) <= WIDE or is_first):
                yield tuple(sorted(frontier))
            is_first = False

    def _merged(self, row: int) -> int | None:
        """The row that stands for a row; None for 0."""
        place: int | None = row
        while place is not None and place in self.same:
            place = self.same[place]
        return place

    def _over(self, root: int, made: Mapping[int, Term]) -> Term:
        """The term of a row over those of the frontier, merged rows being one."""
        found: dict[int | None, Term] = {row: term for row, term in made.items()}  # noqa: C416 - the keys widen
        found[None] = total([])
        stack = [root]
        while stack:
            kind, parts, coefficients, name, exponent = self.rows[stack[-1]]
            standing = [self._merged(part) for part in parts]
            waiting = [part for part in standing if part is not None and part not in found]
            if waiting and stack[-1] not in found:
                stack += waiting
                continue
            row = stack.pop()
            if row not in found:
                found[row] = Term(kind, tuple(found[part] for part in standing), coefficients, name, exponent)
        return found[root]

    def _bound(self, key: Key) -> tuple[Fraction, Lemma] | None:
        """The bound of a row that is proved; None if there is none."""
        row, side = key
        if key not in self.bounds and self.rows[row][0] != "variable":
            self.bounds[key] = None  # while it is being proved it is not known
            if self._is_endless(key):
                return None
            value, frontier = self._tightest(key)
            lemma = None if value is None else self._lemma_at(frontier, row, side, None, value)
            if value is not None and lemma is not None:
                self.bounds[key] = value, lemma
                self.known.append(key)
        return self.bounds.get(key)

    def _is_endless(self, key: Key) -> bool:
        """Whether values far out are so large that a bound is not to be expected."""
        values, below = self.far[key[0]] if self.far else ([], 1)
        return any((value if key[1] == "<=" else -value) > LARGE * below for value in values)

    def _tightest(self, key: Key) -> tuple[Fraction | None, tuple[int, ...]]:
        """The tightest bound that a window gives, at once if it is a value at a point."""
        best: tuple[Fraction | None, tuple[int, ...]] = None, ()
        for frontier in self._frontiers(key[0], None):
            value = self._extreme(key, frontier)
            if value is not None and (best[0] is None or (value > best[0]) == (key[1] == ">=")):
                best = value, frontier
            if value is not None and self._is_met(key, value):
                break
        return best

    def _is_met(self, key: Key, bound: Fraction) -> bool:
        values, below = self.columns[key[0]]
        return any(
            value * bound.denominator == bound.numerator * below * q
            for value, q in zip(values, self.scales, strict=True)
        )

    def _extreme(self, key: Key, frontier: Sequence[int]) -> Fraction | None:
        """The least value of a row over the bounds of a frontier, for >=, or the greatest; None without end, or loose.

        It is loose if it is of another sign than all values at the points, or the window has many cells.
        """
        row, side = key
        made = {inner: variable(f"p{number}") for number, inner in enumerate(frontier, 1)}
        names, box = [made[inner].name for inner in frontier], list[tuple[int, ...]]()
        for place, inner in enumerate(frontier, 1):
            for low, bound in self._interval(inner):
                sign = 1 if low else -1
                entries = [0] * (len(frontier) + 1)
                entries[0], entries[place] = -sign * bound.numerator, sign * bound.denominator
                box.append(tuple(entries))
        found: list[Fraction] = []
        for cell in islice(cells([self._over(row, made)], names, box), CELLS + 1):
            simplex = Simplex(len(names))
            for inequality in cell.rows:
                simplex.add(inequality)
            form = cell.values[0] if side == ">=" else negative(cell.values[0])
            size = lcm(*(c.denominator for c in form))
            answer = simplex.minimum([int(c * size) for c in form])
            if isinstance(answer, Unbounded) or len(found) == CELLS:
                return None
            found.append(answer.value / size)
        least = min(found, default=None)
        values = self.columns[row][0]
        at_points = min(values) if side == ">=" else -max(values)
        return None if least is None or (least < 0 <= at_points) else least if side == ">=" else -least

    def _interval(self, row: int) -> list[tuple[bool, Fraction]]:
        """The bounds of a frontier row, each with whether it is the lower one."""
        kind, _, _, name, _ = self.rows[row]
        if kind == "variable":
            ranged = next((values for other, values in self.claim.ranges if other == name), None)
            ends = [] if ranged is None else [(True, ranged[0]), (False, ranged[-1])]
            return [*ends, *self._box.get(name, [])]
        pairs = [(side == ">=", self._bound((row, side))) for side in (">=", "<=")]
        return [(low, bound[0]) for low, bound in pairs if bound is not None]

    def apply(self, search: Search, goal: Goal) -> Goal:
        """The goal after the steps that make the bounds known and rewrite every merged part."""
        for key in self.known:
            value, lemma = self.bounds[key] or (Fraction(0), self.pairs[0][1])
            lower, bound = search.number(self.standing[key[0]]), search.number(constant(value))
            premise, goal = search.apply(goal, "have", key[1], lower, bound)
            self._cite(search, premise, lemma)
        pairs = [[search.number(self.terms[row]), search.number(self.standing[row])] for row, _ in self.pairs]
        *premises, goal = search.apply(goal, "rewrite", pairs)
        for premise, (_, lemma) in zip(premises, self.pairs, strict=True):
            self._cite(search, premise, lemma)
        return goal

    def _cite(self, search: Search, premise: Goal, lemma: Lemma) -> None:
        names = lemma.theorem.claim.variables()
        at = [search.number(self.standing[lemma.frontier[int(name[1:]) - 1]]) for name in names]
        conditions = search.apply(premise, "cite", search.carried(lemma.theorem), at)
        for place, condition in enumerate(conditions):
            if place < len(lemma.bounds):
                number = -1 - self.known.index(lemma.bounds[place])
                search.apply(condition, "farkas", [[number, number_to_json(Fraction(1))]])
            else:
                show_premise(search, condition)


def _box(claim: Claim) -> dict[str, list[tuple[bool, Fraction]]]:
    """The bounds that the domain gives to variables by comparisons with constants, each with whether it is lower."""
    found: dict[str, list[tuple[bool, Fraction]]] = {}
    for left, relation, right in claim.where:
        for one, other, flipped in ((left, right, False), (right, left, True)):
            if one.kind == "variable" and all(term.kind in ("one", "sum") for term in subterms([other])):
                bound = evaluate(other, {})
                sides = {"<": [False], ">": [True], "=": [False, True]}[relation[0]]
                found.setdefault(one.name, []).extend((low != flipped, bound) for low in sides)
    return found


def _renamed(term: Term, names: Mapping[str, Term]) -> Term:
    return substitute([term], names)[0]
