"""Induction: a statement about every level m = 0, 1, 2, ... of a family of functions that is defined by recursion.

A family has variables x, as many variables t, variables y and e, and terms in them, without quotients:

    f_0(x) = F(x),    f_(m+1)(x) = G(x, t, f_m(t)) with t = T(x);    e_0 is given, e_(m+1) = E(e_m)

It also has a domain D(x, e) and a claim P(x, y, e), each some comparisons; those of D in which no x occurs are limits
L(e) for the constants. If these are theorems, one for each comparison at the end of the line,

    limits  where nothing:                                              L(e_0)
            where L(e):                                                 L(E(e))
    inner   where L(e), D(x, E(e)), t == T(x):                          D(t, e)
    base    where D(x, e_0):                                            P(x, F(x), e_0)
    step    where L(e), D(x, E(e)), t == T(x), D(t, e), P(t, y, e):     P(x, G(x, t, y), E(e))

then P(x, f_m(x), e_m) for every m and all x with D(x, e_m). The limits hold for every e_m. For m = 0 that is the base.
If it holds for m, take x with D(x, e_(m+1)), and t = T(x). The inner theorems say D(t, e_m); so P(t, f_m(t), e_m); and
the step theorems with y = f_m(t) and e = e_m say P(x, f_(m+1)(x), e_(m+1)).
"""

from __future__ import annotations

import json
from typing import Any
from weakref import WeakKeyDictionary

from symcircuits.kernel.certificate import _fields, draft, index, listed, rational, read, reject
from symcircuits.kernel.check import _Sealed, check
from symcircuits.kernel.term import Claim, Comparison, Term, constant, rebuilt, subterms, variable

# Names x, t, y, e; comparisons domain and claims; terms next (E), inner (T), base (F) and step (G); rationals start.
Family = dict[str, tuple[Any, ...]]
SCOPES = {"domain": "xe", "claims": "xye", "next": "e", "inner": "x", "base": "x", "step": "xty"}
KEYS = (*"xtye", "terms", "start", *SCOPES)


def family(text: str) -> Family:
    """A family from JSON text, an object with the `KEYS`; terms, numbers and comparisons are as in certificates.

    Raises `CertificateRejected`, or `ValueError` for what is no JSON.
    """
    data = _fields(json.loads(text), KEYS, "it")
    lists = {key: listed(data[key], key) for key in KEYS}
    names, where = [name for key in "xtye" for name in lists[key]], [*lists["domain"], *lists["claims"]]
    made = draft({"variables": names, "terms": data["terms"], "where": where, "claim": (where or [0])[-1], "proof": []})
    found: Family = {**{key: tuple(lists[key]) for key in "xtye"}, "start": tuple(map(rational, lists["start"]))}
    cut = len(lists["domain"])
    found["domain"], found["claims"] = made.claim.where[:cut], made.claim.where[cut:]
    for key, scope in SCOPES.items():
        if key not in found:
            found[key] = tuple(made.terms[index(at, len(made.terms), "a term's number")] for at in lists[key])
        known = {name for letter in scope for name in found[letter]}
        roots = [side for part in found[key] for side in (part[::2] if type(part) is Comparison else (part,))]
        if any(term.exponent < 0 or (term.kind == "variable" and term.name not in known) for term in subterms(roots)):
            reject(f"{key} may have no quotient, and of variables only {', '.join(scope)}")
    return found


def _put(comparisons: tuple[Comparison, ...], values: dict[str, Term]) -> tuple[Comparison, ...]:
    """The comparisons with terms in the place of variables, all at once."""
    sides = [side for comparison in comparisons for side in comparison[::2]]
    put = rebuilt(sides, {id(term): values[term.name] for term in subterms(sides) if term.name in values})
    return tuple(map(Comparison, put[::2], [relation for _, relation, _ in comparisons], put[1::2]))


def obligations(f: Family) -> list[Claim]:
    """The claims that must be theorems: limits, inner, base and step."""
    names, domain, claims = dict(zip(f["x"], map(variable, f["t"]), strict=True)), f["domain"], f["claims"]
    limits = tuple(c for c in domain if not {term.name for term in subterms(c[::2])} & {*f["x"]})
    first, later = (dict(zip(f["e"], values, strict=True)) for values in (map(constant, f["start"]), f["next"]))
    base, step = (dict(zip(f["y"], f[key], strict=True)) for key in ("base", "step"))
    inner = tuple(Comparison(variable(t), "==", term) for t, term in zip(f["t"], f["inner"], strict=True))
    outer, there = (*limits, *_put(domain, later), *inner), _put(domain, names)
    groups = [(_put(limits, first), ()), (_put(limits, later), limits), (there, outer)]
    groups += [(_put(claims, {**first, **base}), _put(domain, first))]
    groups += [(_put(claims, {**later, **step}), (*outer, *there, *_put(claims, names)))]
    return [Claim(goal, where) for goals, where in groups for goal in goals]


class EveryLevel(metaclass=_Sealed):
    """That a family's claim holds for every level; only `check_induction` makes one, and keeps what it says."""

    def __init_subclass__(cls) -> None:
        raise TypeError("EveryLevel has no subclasses")

    @property
    def record(self) -> tuple[str, str]:
        """The texts of the family and of the certificate that were checked."""
        return _RECORDS.get(self) or reject("this object was not made by check_induction: it is not a theorem")


_RECORDS: WeakKeyDictionary[EveryLevel, tuple[str, str]] = WeakKeyDictionary()


def check_induction(description: str, certificate: str) -> EveryLevel:
    """The theorem about every level of a family, given as text, whose obligations are theorems of the certificate.

    All theorems of a certificate are proved where the last one is. Raises `CertificateRejected`.
    """
    try:
        wanted = obligations(family(description))
    except (RecursionError, ValueError) as error:
        reject(f"it is not a family: {error}")
    check(certificate)
    proved = [draft(theorem).claim for theorem in read(certificate)]
    for claim in wanted:
        claim in proved or reject(f"the certificate has no theorem {claim}")
    _RECORDS[theorem := EveryLevel()] = (description, certificate)
    return theorem
