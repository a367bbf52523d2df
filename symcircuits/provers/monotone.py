"""Two circuits of the same max and min, one above the other by a distance at most: gate by gate.

Max and min rise with their arguments, and by d if all of these rise by d. So where u <= v + d holds of each input u of
one circuit and the same input v of another, it holds of each pair of wires up to the outputs: A <= B + d.

>>> from symcircuits.provers.prove import prove
>>> theorem = prove("abs(max(a, min(b, c)) - max(x, min(y, z))) <= max(abs(a - x), abs(b - y), abs(c - z))")
>>> theorem.certificate.count('"have"')
10
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from symcircuits.kernel.check import Goal, Theorem
from symcircuits.kernel.term import Claim, Comparison, Term, total, variable
from symcircuits.provers.certificate import number_to_json
from symcircuits.provers.domain import Inside
from symcircuits.provers.polarity import prove_by_polarity
from symcircuits.provers.recognise import recognised, rewrite
from symcircuits.provers.result import Clock
from symcircuits.provers.route import Passed
from symcircuits.provers.search import Search, renewed

ONCE, MOST = Fraction(1), 64
"""The most arguments of a gate, and parts of a claim."""
GATES, BOUNDED = ("max", "min"), ("max", "abs", "relu")
Pair = tuple[Term, Term]


def prove_by_monotony(search: Search, inside: Inside, clock: Clock, prove: Callable[[Claim], object]) -> None:
    """Close an inequality, the gates' own theorems being found by `prove`; `Passed` if it is not of this kind."""
    if inside.goal[1].relation not in ("<=", ">="):
        raise Passed("two circuits are compared by <= and >= only")
    found = recognised(inside.goal[1][::2])
    goal = rewrite(search, inside.goal, found) if found else renewed(inside.goal)
    if not _compares_circuits(*_sides(goal[1])):
        raise Passed("no two circuits of the same max and min are compared")
    for part in _parts(search, goal):
        circuits = _circuits(*_sides(part[1]))
        if circuits is not None:
            _Comparer(search, inside, clock, prove).close(part, *circuits)
        elif prove_by_polarity(search, inside._replace(goal=part), clock) is not None:
            raise Passed("a part of it is false")


def _parts(search: Search, goal: Goal) -> Iterator[Goal]:
    """The goal, or one for each argument of an abs, max or relu that is bounded from above and no circuit."""
    low, high = _sides(goal[1])
    if _circuits(low, high) is not None:
        yield goal
    elif low.kind in BOUNDED or high.kind == "min":
        for part in search.apply(goal, "parts"):
            yield from _parts(search, part)
    else:
        yield goal


def _sides(goal: Comparison) -> Pair:
    return (goal.left, goal.right) if goal.relation == "<=" else (goal.right, goal.left)


def _compares_circuits(low: Term, high: Term) -> bool:
    """Whether one of the parts of low <= high compares circuits, and there are not many parts."""
    found, stack = False, [(low, high)]
    for _ in range(MOST):
        if not stack:
            return found
        lower, upper = stack.pop()
        if _circuits(lower, upper) is not None:
            found = True
        elif lower.kind in BOUNDED:
            stack += [(part, upper) for part in lower.args]
        elif upper.kind == "min":
            stack += [(lower, part) for part in upper.args]
    return False


def _circuits(low: Term, high: Term) -> tuple[Term, Term, Term] | None:
    """Circuits A and B of the same gates, more than one in each, and d, such that low <= high says A <= B + d."""
    summands = _summands([(ONCE, low), (-ONCE, high)])
    gates = [(c, term) for c, term in summands if abs(c) == 1 and term.kind in GATES]
    for c, one in gates:
        for d, other in gates:
            if c == 1 and d == -1 and _are_circuits(one, other):
                rest = [(-e, term) for e, term in summands if term is not one and term is not other]
                return one, other, rest[0][1] if len(rest) == 1 and rest[0][0] == 1 else total(rest)
    return None


def _summands(items: Iterable[tuple[Fraction, Term]]) -> list[tuple[Fraction, Term]]:
    """The terms, none of them a sum, that a sum is made of, with their coefficients."""
    found: dict[int, tuple[Fraction, Term]] = {}
    stack = [*items]
    while stack:
        c, term = stack.pop()
        if term.kind == "sum":
            stack += [(c * d, part) for d, part in zip(term.coefficients, term.args, strict=True)]
        else:
            found[id(term)] = c + found.get(id(term), (Fraction(0), term))[0], term
    return [(c, term) for c, term in found.values() if c]


def _are_circuits(one: Term, other: Term) -> bool:
    """Whether two gates are the same, and a gate that goes into them too."""
    return _is_gate(one, other) and any(map(_is_gate, one.args, other.args))


def _is_gate(one: Term, other: Term) -> bool:
    """Whether two terms are the same gate, the arguments not looked at."""
    return one.kind in GATES and one.kind == other.kind and len(one.args) == len(other.args) <= MOST


def _wires(one: Term, other: Term) -> Iterator[tuple[Pair, bool]]:
    """Pairs of wires at the same place of two circuits, inputs first, each once; and whether a pair is of gates."""
    seen: set[tuple[int, int]] = set()
    stack = [((one, other), False)]
    while stack:
        pair, entered = stack.pop()
        if entered:
            yield pair, True
            continue
        place = id(pair[0]), id(pair[1])
        if place in seen:
            continue
        seen.add(place)
        if _is_gate(*pair):
            stack.append((pair, True))
            stack.extend((inner, False) for inner in zip(pair[0].args, pair[1].args, strict=True))
        else:
            yield pair, False


class _Comparer:
    def __init__(self, search: Search, inside: Inside, clock: Clock, prove: Callable[[Claim], object]) -> None:
        self.search, self.inside, self.clock, self.prove = search, inside, clock, prove
        self.lemmas: dict[tuple[str, int], int] = {}

    def close(self, goal: Goal, one: Term, other: Term, distance: Term) -> None:
        """Close a goal that says one <= other + distance."""
        known: dict[tuple[int, int], int] = {}
        for (low, high), is_gate in _wires(one, other):
            self.clock.tick()
            bound = total([(ONCE, high), (ONCE, distance)])
            premise, after = self.search.apply(goal, "have", "<=", self.search.number(low), self.search.number(bound))
            if is_gate:
                parts = [known[id(u), id(v)] for u, v in zip(low.args, high.args, strict=True)]
                self._cite(premise, low, high, distance, parts)
            elif prove_by_polarity(self.search, self.inside._replace(goal=premise), self.clock) is not None:
                raise Passed("two inputs are further apart")
            goal = after
            known[id(low), id(high)] = -len(goal[0].known)
        self.search.apply(goal, "farkas", [[known[id(one), id(other)], 1]])

    def _cite(self, goal: Goal, low: Term, high: Term, distance: Term, known: list[int]) -> None:
        lemma = self._lemma(low.kind, len(low.args))
        at = [self.search.number(term) for term in (*low.args, *high.args, distance)]
        for number, condition in zip(known, self.search.apply(goal, "cite", lemma, at), strict=True):
            self.search.apply(condition, "farkas", [[number, number_to_json(ONCE)]])

    def _lemma(self, kind: str, size: int) -> int:
        """The number of the theorem about a gate with so many arguments."""
        if (kind, size) not in self.lemmas:
            lower, upper = ([variable(f"{letter}{at}") for at in range(1, size + 1)] for letter in "ab")
            wholes = [Term(kind, (*part,)) for part in (lower, upper)]
            above = [total([(ONCE, term), (ONCE, variable("d"))]) for term in (*upper, wholes[1])]
            where = [Comparison(u, "<=", v) for u, v in zip(lower, above, strict=False)]
            theorem = self.prove(Claim(Comparison(wholes[0], "<=", above[-1]), tuple(where)))
            if not isinstance(theorem, Theorem):
                raise Passed("the theorem about a gate was not found")
            self.lemmas[kind, size] = self.search.carried(theorem)
        return self.lemmas[kind, size]
