"""The 0-1 principle: a comparison of functions made of max and min of variables holds if it holds on {0,1}^n.

Such a function is at least t at a point x exactly where it is 1 at the point whose coordinates are 1 where x_i >= t and
0 elsewhere. Its values on {0,1}^n are the bits of an integer: max is `|`, min is `&`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symcircuits.kernel.certificate import reject
from symcircuits.kernel.term import Comparison, Term, subterms

VARIABLES, BLOCK, STEP = 26, 16, 300


def check_zero_one(goal: Comparison, names: Sequence[str], spend: Callable[[int], None]) -> None:
    """Reject unless both sides are made of max and min of the named variables and the goal holds on {0,1}^n."""
    order = subterms((goal.left, goal.right))
    if not all(term.kind in ("max", "min", "variable") for term in order):
        reject("zero_one is for terms made of max and min of variables only")
    used = sorted({term.name for term in order if term.kind == "variable"}, key=names.index)
    if len(used) > VARIABLES or goal.relation not in ("==", "<=", ">="):
        reject(f"zero_one is for ==, <= and >= of at most {VARIABLES} variables")
    low = min(len(used), BLOCK)
    size = 1 << low
    ones = (1 << size) - 1
    edges = sum(1 + len(term.args) for term in order)
    spend(edges * size)
    start = {name: ones // ((1 << (1 << at)) + 1) << (1 << at) for at, name in enumerate(used[:low])}
    for high in range(1 << (len(used) - low)):
        spend(edges * (STEP + size // 8))
        above = {name: ones * (high >> at & 1) for at, name in enumerate(used[low:])}
        left, right = _tables(order, {**start, **above}, goal)
        if {"==": left ^ right, "<=": left & ~right, ">=": right & ~left}[goal.relation]:
            reject("the goal is false at a point of {0,1}^n")


def _tables(order: Sequence[Term], start: dict[str, int], goal: Comparison) -> tuple[int, int]:
    tables: dict[int, int] = {}
    for term in order:
        table = start[term.name] if term.kind == "variable" else tables[id(term.args[0])]
        for part in term.args[1:]:
            table = table | tables[id(part)] if term.kind == "max" else table & tables[id(part)]
        tables[id(term)] = table
    return tables[id(goal.left)], tables[id(goal.right)]
