"""Max and min of variables, also where they are written with relu: the 0-1 principle, by decision diagrams.

>>> from symcircuits.provers.prove import prove
>>> prove("max(a, min(b, c)) == min(max(a, b), a + relu(c - a))").certificate.count("zero_one")
1
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from symcircuits.kernel.check import Goal
from symcircuits.kernel.lattice import Diagrams
from symcircuits.kernel.term import Claim, Comparison, Term, subterms, variable
from symcircuits.provers.domain import Inside
from symcircuits.provers.points import simple_counterexample
from symcircuits.provers.recognise import recognised, rewrite
from symcircuits.provers.result import Clock, Counterexample
from symcircuits.provers.route import Passed
from symcircuits.provers.search import Search, renewed

RELATIONS, LARGE, DEEP = ("==", "<=", ">="), 100, 3
"""Relations that the principle is about; how many parts with a choice, and how many in one another, are many."""
COMPACT = 100
"""Parts of a term whose diagram may be smaller."""


def prove_by_zero_one(search: Search, inside: Inside, clock: Clock) -> Counterexample | Inside | None:
    """Close the goal, or return a counterexample; `Passed` if it is about more than max and min of variables.

    Where it is false outside the domain only, what comes back is the goal with the max and min that were recognised.
    """
    goal = inside.goal
    if not is_lattice(goal[1]):
        found = recognised(goal[1][::2])
        if not found:
            raise Passed("no max or min is recognised")
        goal = rewrite(search, goal, found)
    if not is_lattice(goal[1]):
        if not is_large(search.claim) and _closes(search, goal):
            return None
        raise Passed("not all is made of max and min of variables")
    point = separating_point(goal[1], search.proof.draft.variables, clock)
    if point is None:
        search.steps.append(["zero_one"])  # the very diagrams have shown it
        return None
    counter = simple_counterexample(search, goal[0], [point[name] for name in search.proof.draft.variables])
    if counter is not None or _closes(search, goal):
        return counter
    if goal is inside.goal:
        raise Passed("it is false at a point outside the domain")
    return inside._replace(goal=goal)


class Choices(NamedTuple):
    """How many parts of a claim choose, as relu, abs, max and min do, and how many at most are inside one another."""

    number: int
    depth: int


def choices(claim: Claim) -> Choices:
    """The choices in the claim's goal.

    >>> from symcircuits.expr.parse import parse_claim
    >>> choices(parse_claim("max(a, relu(b - abs(a))) >= relu(a)"))
    Choices(number=4, depth=3)
    """
    depth: dict[int, int] = {}
    number = 0
    for term in subterms(claim.goal[::2]):
        is_choice = term.kind in ("relu", "abs", "max", "min")
        number += is_choice
        depth[id(term)] = is_choice + max((depth[id(part)] for part in term.args), default=0)
    return Choices(number, max(depth.values()))


def is_large(claim: Claim) -> bool:
    """Whether the claim has so many choices, one inside another, that its normal form may be far larger than itself."""
    number, depth = choices(claim)
    return number >= LARGE and depth >= DEEP


def _closes(search: Search, goal: Goal) -> bool:
    """Close the goal if the normal forms of its sides agree."""
    if goal[1].relation == "==" and not goal[0].gap(goal[1]).numerators:
        search.apply(goal, "normal")
        return True
    return False


def is_lattice(goal: Comparison) -> bool:
    """Whether both sides are made of max and min of variables only.

    >>> from symcircuits.expr.parse import parse_claim
    >>> is_lattice(parse_claim("max(a, min(b, a)) == a").goal), is_lattice(parse_claim("max(a, 0) == a").goal)
    (True, False)
    """
    return goal.relation in RELATIONS and all(term.kind in ("max", "min", "variable") for term in subterms(goal[::2]))


def separating_point(goal: Comparison, names: tuple[str, ...], clock: Clock) -> dict[str, Fraction] | None:
    """A point of {0,1}^n at which the comparison is false; None when the 0-1 principle proves it.

    >>> from symcircuits.expr.parse import parse_claim
    >>> point = separating_point(parse_claim("max(a, min(b, c)) == max(a, b)").goal, ("a", "b", "c"), Clock())
    >>> {name: int(value) for name, value in point.items()}
    {'a': 0, 'b': 1, 'c': 0}
    """
    diagrams = Diagrams(names, clock.spend)
    left, right = diagrams.functions(subterms(goal[::2]), goal[::2])
    union = diagrams.join(1, left, right)
    pair = {"==": (left, right), "<=": (union, right), ">=": (union, left)}[goal.relation]
    if pair[0] == pair[1]:
        return None
    point = dict.fromkeys(names, Fraction(0))
    while max(pair) > 1:
        place = min(diagrams.nodes[node][0] for node in pair)
        for half in (1, 2):
            inner = [diagrams.nodes[node][half] if diagrams.nodes[node][0] == place else node for node in pair]
            if inner[0] != inner[1]:
                break
        point[names[place]] = Fraction(half - 1)
        pair = inner[0], inner[1]
    return point


def compacted(search: Search, goal: Goal, clock: Clock) -> Goal:
    """The goal with small terms in the place of large ones of max and min of variables, if their diagrams are small."""
    places = _lattice_parts(goal[1])
    found = [(term, value) for term in places if (value := _as_diagram(search, term, clock)) is not None]
    if not found:
        return goal
    pairs = [[search.number(term), search.number(value)] for term, value in found]
    *premises, after = search.apply(renewed(goal), "rewrite", pairs)
    for premise in premises:
        search.apply(premise, "zero_one")
    return after


def _lattice_parts(goal: Comparison) -> list[Term]:
    """The largest parts of the sides that are made of max and min of variables only."""
    order = subterms(goal[::2])
    pure: dict[int, Term] = {}
    for term in order:
        if term.kind == "variable" or (term.kind in ("max", "min") and all(id(part) in pure for part in term.args)):
            pure[id(term)] = term
    inner = {id(part) for term in order if id(term) in pure for part in term.args}
    return [term for term in pure.values() if id(term) not in inner and term.args]


def _as_diagram(search: Search, whole: Term, clock: Clock) -> Term | None:
    """The decision diagram of a term as a term of max and min; None unless it is much the smaller one."""
    order, names = subterms([whole]), search.proof.draft.variables
    if len(order) < COMPACT:
        return None
    diagrams = Diagrams(names, clock.spend)
    (root,) = diagrams.functions(order, [whole])
    made: dict[int, Term] = {}
    stack = [root]
    while stack:
        place, low, high = diagrams.nodes[stack[-1]]
        if waiting := [node for node in (low, high) if node > 1 and node not in made]:
            stack += waiting
            continue
        x = variable(names[place])
        upper = Term("min", (x, made[high])) if high > 1 else x  # the function rises: it is max(low, min(x, high))
        made[stack.pop()] = Term("max", (made[low], upper)) if low > 1 else upper
    return made[root] if 4 * len(made) < len(order) else None
