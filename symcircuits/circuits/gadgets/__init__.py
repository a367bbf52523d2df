"""The gadget library: one file a family, found by discovery.

A family's module lists its gadgets in `GADGETS`; each has a target, a circuit, a note, worked examples and a theorem
whose certificate lies in `certificates/`. `python -m symcircuits.circuits.gadgets` proves all of them again and
writes those files.

>>> from symcircuits.circuits.gadgets import gadget
>>> gadget("min").theorem.claim.goal.right
min(x1, x2)
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from symcircuits.circuits.gadget import Gadget
from symcircuits.errors import InvalidCircuit


@cache
def library() -> dict[str, Gadget]:
    """Every gadget by name, families in alphabetical order."""
    found: dict[str, Gadget] = {}
    for module in sorted(iter_modules(__path__), key=lambda module: module.name):
        if not module.name.startswith("_"):
            for each in import_module(f"{__name__}.{module.name}").GADGETS:
                if found.setdefault(each.name, each) is not each:
                    raise InvalidCircuit(f"two gadgets are called {each.name}")
    return found


def gadget(name: str) -> Gadget:
    """The gadget of that name; `InvalidCircuit` lists the names when there is none."""
    try:
        return library()[name]
    except KeyError:
        near = get_close_matches(name, library(), 1)
        hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(library())}"
        raise InvalidCircuit(f"there is no gadget {name!r}; {hint}") from None
