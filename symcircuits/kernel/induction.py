"""Induction: a statement about every level m = 0, 1, 2, ... of a family of functions that is defined by recursion.

A family has variables x, as many variables t, variables y and e, and terms in them, without quotients:

    f_0(x) = F(x),    f_(m+1)(x) = G(x, t, f_m(t)) with t = T(x);    e_0 is given, e_(m+1) = E(e_m)

It also has a domain D(x, e) and a claim P(x, y, e), each some comparisons. If these are theorems, one for each
comparison at the end of the line,

    base    where D(x, e_0):                                       P(x, F(x), e_0)
    inner   where D(x, E(e)), t == T(x):                           D(t, e)
    step    where D(x, E(e)), t == T(x), D(t, e), P(t, y, e):      P(x, G(x, t, y), E(e))

then P(x, f_m(x), e_m) for every m and all x with D(x, e_m). For m = 0 that is the base. If it holds for m, take x with
D(x, e_(m+1)), and t = T(x). The inner theorems say D(t, e_m); so P(t, f_m(t), e_m); and the step theorems with
y = f_m(t) and e = e_m say P(x, f_(m+1)(x), e_(m+1)).
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
    """The claims that must be theorems: base, inner and step."""
    names = dict(zip(f["x"], map(variable, f["t"]), strict=True))
    first, later = (dict(zip(f["e"], values, strict=True)) for values in (map(constant, f["start"]), f["next"]))
    base, step = (dict(zip(f["y"], f[key], strict=True)) for key in ("base", "step"))
    inner = tuple(Comparison(variable(t), "==", term) for t, term in zip(f["t"], f["inner"], strict=True))
    outer, there = (*_put(f["domain"], later), *inner), _put(f["domain"], names)
    known = (*outer, *there, *_put(f["claims"], names))
    return [
        *(Claim(goal, _put(f["domain"], first)) for goal in _put(f["claims"], {**first, **base})),
        *(Claim(goal, outer) for goal in there),
        *(Claim(goal, known) for goal in _put(f["claims"], {**later, **step})),
    ]


class EveryLevel(metaclass=_Sealed):
    """That a family's claim holds for every level; only `check_induction` makes one, and keeps what it says."""

    @property
    def record(self) -> tuple[str, str]:
        """The texts of the family and of the certificate that were checked."""
        if type(self) is not EveryLevel or self not in _RECORDS:
            raise TypeError("this object was not made by check_induction: it is not a theorem")
        return _RECORDS[self]


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
