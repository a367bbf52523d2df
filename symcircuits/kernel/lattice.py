"""The 0-1 principle: a comparison of functions made of max and min of variables holds if it holds on {0,1}^n.

Such a function is at least t at a point x exactly where it is 1 at the point whose coordinates are 1 where x_i >= t and
0 elsewhere. On {0,1}^n max is `or`, min is `and`; their functions are kept as ordered binary decision diagrams (Bryant,
Graph-based algorithms for Boolean function manipulation, 1986), in which equal functions are one node.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial, reduce

from symcircuits.kernel.certificate import reject
from symcircuits.kernel.term import Comparison, Term, subterms

STEP, NODE = 1500, 400


def check_zero_one(goal: Comparison, names: Sequence[str], spend: Callable[[int], None]) -> None:
    """Reject unless both sides are made of max and min of the named variables and the goal holds on {0,1}^n."""
    order = subterms(goal[::2])
    if goal.relation not in ("==", "<=", ">=") or not all(term.kind in ("max", "min", "variable") for term in order):
        reject("zero_one is for ==, <= and >= of terms made of max and min of variables only")
    diagrams = Diagrams(names, spend)
    left, right = diagrams.functions(order, (goal.left, goal.right))
    union = diagrams.join(1, left, right)
    if not {"==": left == right, "<=": union == right, ">=": union == left}[goal.relation]:
        reject("the goal is false at a point of {0,1}^n")


class Diagrams:
    """Functions on {0,1}^n by number: 0, 1, and nodes (place of a variable, function where it is 0, where it is 1)."""

    def __init__(self, names: Sequence[str], spend: Callable[[int], None]) -> None:
        self.place, self.spend = {name: at for at, name in enumerate(names)}, spend
        self.nodes: list[tuple[int, int, int]] = [(len(names), 0, 0), (len(names), 1, 1)]
        self.index: dict[tuple[int, int, int], int] = {}
        self.joined: tuple[dict[tuple[int, int], int], ...] = ({}, {})

    def functions(self, order: Sequence[Term], roots: Sequence[Term]) -> list[int]:
        """The functions of the roots; order has all their parts before wholes, made of max, min and variables.

        What max alone, or min alone, makes of parts that nothing else uses is joined when all of them are known.
        """
        uses = Counter(map(id, (*roots, *(part for term in order for part in term.args))))
        made: dict[int, tuple[str, set[int]]] = {}
        for term in order:
            nodes = set[int]() if term.args else {self._node(self.place[term.name], 0, 1)}
            for (kind, inner), count in ((made[id(part)], uses[id(part)]) for part in term.args):
                more = inner if kind == term.kind and count == 1 else {self._joined(kind, inner)}
                small, nodes = sorted((nodes, more), key=len)
                nodes |= small  # which nobody else needs
                self.spend(STEP + NODE * len(small))
            made[id(term)] = term.kind, nodes
        return [self._joined(*made[id(root)]) for root in roots]

    def _joined(self, kind: str, nodes: set[int]) -> int:
        """The max or min of functions, from the last variable up: then joins of variables are short."""
        return reduce(partial(self.join, int(kind == "max")), sorted(nodes, key=lambda at: (-self.nodes[at][0], -at)))

    def join(self, one: int, first: int, second: int) -> int:
        """`first or second` if one is 1, `first and second` if it is 0."""
        done, stack = self.joined[one], [(first, second)]
        while stack:
            self.spend(STEP)
            pair = f, g = stack[-1]
            if f == g or one in pair or 1 - one in pair:
                done[pair] = f if f == g else one if one in pair else f + g - 1 + one
            else:
                place = min(self.nodes[f][0], self.nodes[g][0])
                (f0, f1), (g0, g1) = (self.nodes[h][1:] if self.nodes[h][0] == place else (h, h) for h in pair)
                low, high = (f0, g0), (f1, g1)
                if waiting := [half for half in (low, high) if half not in done]:
                    stack += waiting
                    continue
                done[pair] = self._node(place, done[low], done[high])
            stack.pop()
        return done[first, second]

    def _node(self, place: int, low: int, high: int) -> int:
        if low == high:
            return low
        node = self.index.setdefault((place, low, high), len(self.nodes))
        if node == len(self.nodes):
            self.nodes.append((place, low, high))
        return node
