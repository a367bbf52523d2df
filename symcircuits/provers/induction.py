"""`prove_by_induction`: a statement about every level of a family of functions that is defined by recursion.

The claims that the kernel demands of a family (`symcircuits.kernel.induction`) are searched for one by one, written
into one certificate, and checked.

>>> tent = {"x": "2*relu(x) - 4*relu(x - 1/2)"}
>>> print(statement(prove_by_induction(tent, {"y": ("x", "y")}, claims=["0 <= y", "y <= 1"], where="0 <= x <= 1")))
for every m = 0, 1, 2, ... and all real x with 0 <= x, x <= 1, y = f_m(x): 0 <= y, y <= 1
  f_0(x) = x
  f_(m+1)(x) = y for t = 2*relu(x) - 4*relu(x - 1/2), y = f_m(t)
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from symcircuits.cpwl.substitute import substitute
from symcircuits.errors import ClaimError
from symcircuits.expr.parse import parse_claim
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.induction import EveryLevel, Family, check_induction, family, obligations
from symcircuits.kernel.number import rational_to_text
from symcircuits.kernel.term import Claim, Comparison, Term, evaluate, subterms, total, variable
from symcircuits.provers.certificate import Data, number_to_json, text_of, theorem_to_json
from symcircuits.provers.cite import Lemmas
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.result import Clock, Unknown

UNIT = Fraction(1)


def prove_by_induction(
    inner: Mapping[str, str],
    values: Mapping[str, tuple[str, str]],
    constants: Mapping[str, tuple[str, str]] | None = None,
    *,
    claims: Sequence[str],
    where: str = "",
    seconds: float | None = None,
) -> EveryLevel | Unknown:
    """The theorem that the claims hold at every level m of a family f_m, or `Unknown`.

    The functions f_m take the variables x of `inner`, and f_m(x) is called y in `values`: y of level 0 is its first
    term, in x; that of level m + 1 is its second term, in x, t and y = f_m(t), t = T(x) being what `inner` gives. With
    one variable x, t is its name; else t is t_x for each x. A constant e of level m, in `constants`, has a first value
    and a term for the next one. The claims are comparisons of terms in x, y and e, and so is the domain `where`, but
    without y. Raises `ClaimError` for what is no family.

    >>> square = prove_by_induction(
    ...     {"x": "2*relu(x) - 4*relu(x - 1/2)"}, {"y": ("x", "x - t/2 + y/4")}, {"e": ("1/4", "e/4")},
    ...     claims=["x*x <= y", "y <= x*x + e"], where="0 <= x <= 1",
    ... )
    >>> print(statement(square).splitlines()[0])
    for every m = 0, 1, 2, ... and all real x with 0 <= x, x <= 1, y = f_m(x), e = (1/4)**(m+1): x*x <= y, y <= x*x + e
    """
    description = _description(inner, values, constants or {}, claims, where)
    clock, theorems = Clock(seconds), list[Theorem]()
    try:
        wanted = obligations(family(description))
    except ValueError as error:
        raise ClaimError(f"this is no family of functions: {error}") from None
    for claim in wanted:
        answer = prove_claim(claim, None if seconds is None else max(seconds - clock.elapsed(), 0.0))
        if not isinstance(answer, Theorem):
            return Unknown(claim, f"an obligation of the induction is not proved: {claim}: {answer}")
        theorems.append(answer)
    return check_induction(description, text_of(Lemmas(theorems).theorems))


def _description(
    inner: Mapping[str, str],
    values: Mapping[str, tuple[str, str]],
    constants: Mapping[str, tuple[str, str]],
    claims: Sequence[str],
    where: str,
) -> str:
    """The family as the kernel reads it."""
    names = {"x": list(inner), "t": ["t"] if len(inner) == 1 else [f"t_{x}" for x in inner], "y": list(values)}
    names["e"] = list(constants)
    domain = parse_claim("0 == 0", where)
    if domain.ranges:
        raise ClaimError(f"{domain.ranges[0].name} has a range; an induction is about real numbers")
    parts = {
        "next": [_term(after) for _, after in constants.values()],
        "inner": [_term(text) for text in inner.values()],
        "base": [_term(first) for first, _ in values.values()],
        "step": [_term(after) for _, after in values.values()],
    }
    stated = [*domain.where, *(parse_claim(text).goal for text in claims)]
    # The variables stand in the goal, in their order, so that they are numbered in it.
    order = total((UNIT, variable(name)) for key in "xtye" for name in names[key])
    data = theorem_to_json(Claim(Comparison(order, "==", order), tuple(stated)), [[*parts.values()]])
    comparisons, cut = data["where"], len(domain.where)
    found: Data = {**names, "terms": data["terms"], **dict(zip(parts, data["proof"][0], strict=True))}
    start = [number_to_json(evaluate(_term(first), {})) for first, _ in constants.values()]
    return json.dumps({**found, "domain": comparisons[:cut], "claims": comparisons[cut:], "start": start})


def _term(text: str) -> Term:
    return parse_claim(f"{text} == 0").goal.left


def level(theorem: EveryLevel, m: int) -> tuple[Term, ...]:
    """The functions f_m as terms in x, with shared parts.

    >>> tent = {"x": "2*relu(x) - 4*relu(x - 1/2)"}
    >>> waves = prove_by_induction(tent, {"y": ("x", "y")}, claims=["y <= 1"], where="0 <= x <= 1")
    >>> level(waves, 1)
    (2*relu(x) - 4*relu(x - 1/2),)
    """
    found = family(theorem.record[0])
    x, t, y = (found[key] for key in "xty")
    inner = [list(map(variable, x))]
    for _ in range(m):
        inner.append(substitute(found["inner"], dict(zip(x, inner[-1], strict=True))))
    values = substitute(found["base"], dict(zip(x, inner[-1], strict=True)))
    for at, there in zip(inner[-2::-1], inner[:0:-1], strict=True):
        values = substitute(found["step"], dict(zip((*x, *t, *y), (*at, *there, *values), strict=True)))
    return tuple(values)


def statement(theorem: EveryLevel) -> str:
    """What is proved, as text: the claim at every level, and how the family is defined."""
    return "\n".join(_lines(family(theorem.record[0])))


def _lines(found: Family) -> Iterator[str]:
    x, t = (", ".join(found[key]) for key in "xt")
    names = [f"f{place}" for place in range(1, len(found["y"]) + 1)] if len(found["y"]) > 1 else ["f"]
    levels = [f"{y} = {f}_m({x})" for f, y in zip(names, found["y"], strict=True)]
    closed = list(map(_closed_form, found["e"], found["start"], found["next"]))
    constants = [f"{e} = {value or f'{e}_m'}" for e, value in zip(found["e"], closed, strict=True)]
    conditions = ", ".join([*map(_shown, found["domain"]), *levels, *constants])
    yield f"for every m = 0, 1, 2, ... and all real {x} with {conditions}: {', '.join(map(_shown, found['claims']))}"
    inner = ", ".join(f"{name} = {term}" for name, term in zip(found["t"], found["inner"], strict=True))
    before = ", ".join(f"{y} = {f}_m({t})" for f, y in zip(names, found["y"], strict=True))
    for f, base in zip(names, found["base"], strict=True):
        yield f"  {f}_0({x}) = {base}"
    for f, step in zip(names, found["step"], strict=True):
        yield f"  {f}_(m+1)({x}) = {step} for {inner}, {before}"
    for e, value, first, after in zip(found["e"], closed, found["start"], found["next"], strict=True):
        if value is None:
            yield f"  {e}_0 = {rational_to_text(first)}, {e}_(m+1) = {after} for {e} = {e}_m"


def _shown(comparison: Comparison) -> str:
    return f"{comparison.left} {comparison.relation} {comparison.right}"


def _closed_form(name: str, start: Fraction, after: Term) -> str | None:
    """The constant of level m where it is multiplied by a number from level to level; else None."""
    parts = subterms((after,))
    if not all(term.kind == "sum" or term.name == name for term in parts):
        return None
    ratio = evaluate(after, {name: UNIT})
    base, first = _number(ratio), _number(start)
    return f"{base}**(m+1)" if start == ratio else f"{first}*{base}**m" if start != 1 else f"{base}**m"


def _number(value: Fraction) -> str:
    text = rational_to_text(value)
    return text if value >= 0 and value.denominator == 1 else f"({text})"
