"""Terms put in the place of variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symcircuits.kernel.term import Term, subterms


def substitute(roots: Sequence[Term], values: Mapping[str, Term]) -> list[Term]:
    """The terms with each named variable replaced, all at once; what is shared stays shared, the rest stays itself.

    What divides can only be replaced by a variable.

    >>> from symcircuits.expr.parse import parse_expression
    >>> substitute([parse_expression("b - relu(b - a)")], {"a": parse_expression("b"), "b": parse_expression("2*a")})
    [(2*a) - relu((2*a) - b)]
    """
    made: dict[int, Term] = {}
    for term in subterms(roots):
        parts = tuple(made[id(part)] for part in term.args)
        if term.kind == "variable":
            made[id(term)] = values.get(term.name, term)
        elif all(new is old for new, old in zip(parts, term.args, strict=True)):
            made[id(term)] = term
        else:
            if term.kind == "scale" and term.exponent < 0 and parts[1].kind != "variable":
                raise ValueError(f"the divisor {term.args[1]} can only be replaced by a variable, not by {parts[1]}")
            made[id(term)] = term._replace(args=parts)
    return [made[id(root)] for root in roots]
