"""Max and min of variables, also where they are written with relu: the 0-1 principle, by decision diagrams.

>>> from symcircuits.provers.prove import prove
>>> prove("max(a, min(b, c)) == min(max(a, b), a + relu(c - a))").certificate.count("zero_one")
1
"""

from __future__ import annotations

from fractions import Fraction

from symcircuits.kernel.check import Goal
from symcircuits.kernel.lattice import Diagrams
from symcircuits.kernel.term import Claim, Comparison, subterms
from symcircuits.provers.domain import Inside
from symcircuits.provers.points import simple_counterexample
from symcircuits.provers.recognise import recognised, rewrite
from symcircuits.provers.result import Clock, Counterexample
from symcircuits.provers.route import Passed
from symcircuits.provers.search import Search

RELATIONS, LARGE, DEEP = ("==", "<=", ">="), 100, 3
"""Relations that the principle is about; how many parts with a choice, and how many in one another, are many."""


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


def is_large(claim: Claim) -> bool:
    """Whether the claim has so many choices, one inside another, that its normal form may be far larger than itself."""
    depth: dict[int, int] = {}
    choices = 0
    for term in subterms(claim.goal[::2]):
        is_choice = term.kind in ("relu", "abs", "max", "min")
        choices += is_choice
        depth[id(term)] = is_choice + max((depth[id(part)] for part in term.args), default=0)
    return choices >= LARGE and max(depth.values()) >= DEEP


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
    nodes = diagrams.nodes_of(subterms(goal[::2]))
    left, right = nodes[id(goal.left)], nodes[id(goal.right)]
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
