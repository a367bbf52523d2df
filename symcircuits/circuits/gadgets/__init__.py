"""The gadget library: one file a family, found by discovery.

A family's module lists its gadgets in `GADGETS`, and in `FAMILIES` the functions that make gadgets from parameters.
Each gadget has targets, a circuit, a note, worked examples and theorems whose certificates lie in `certificates/`.
`python -m symcircuits.circuits.gadgets` proves all of them again and writes those files.

>>> from symcircuits.circuits.gadgets import gadget
>>> gadget("min").theorem.claim.goal.right
min(x1, x2)
>>> gadget("min", 3), gadget("min_3") is gadget("min", 3)
(<Gadget min_3: min(x1, x2, x3)>, True)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from symcircuits.circuits.gadget import Family, Gadget
from symcircuits.errors import InvalidCircuit


@cache
def by_module() -> dict[str, tuple[Gadget, ...]]:
    """The gadgets of each module of the library, modules in alphabetical order."""
    return {name: (*getattr(module, "GADGETS", ()), *_defaults(module)) for name, module in _modules()}


@cache
def families() -> dict[str, Family]:
    """The functions that make gadgets from parameters, by name."""
    found: dict[str, Family] = {}
    for _, module in _modules():
        for each in getattr(module, "FAMILIES", ()):
            if found.setdefault(each.name, each) is not each:
                raise InvalidCircuit(f"two families of gadgets are called {each.name}")
    return found


@cache
def library() -> dict[str, Gadget]:
    """Every gadget by name, families in alphabetical order, those made from parameters with their default ones."""
    found: dict[str, Gadget] = {}
    for gadgets in by_module().values():
        for each in gadgets:
            if found.setdefault(each.name, each) is not each:
                raise InvalidCircuit(f"two gadgets are called {each.name}")
    return found


def _modules() -> Iterator[tuple[str, Any]]:
    for module in sorted(iter_modules(__path__), key=lambda module: module.name):
        if not module.name.startswith("_"):
            yield module.name, import_module(f"{__name__}.{module.name}")


def _defaults(module: Any) -> Iterator[Gadget]:
    for each in getattr(module, "FAMILIES", ()):
        yield from (each(*parameters) for parameters in each.defaults)


def gadget(name: str, *parameters: Any) -> Gadget:
    """The gadget of that name, or the one that a family makes from the parameters, which may stand in the name.

    Raises `InvalidCircuit` with the names when there is none.
    """
    if parameters and name in families():
        return families()[name](*parameters)
    if not parameters and name in library():
        return library()[name]
    stem, *numbers = re.split(r"_(?=[0-9]+(?:_[0-9]+)*$)", name, maxsplit=1)
    if not parameters and numbers and stem in families():
        return families()[stem](*map(int, numbers[0].split("_")))
    known = families() if parameters else {**library(), **families()}
    near = [each for each in get_close_matches(name, known, 3, 0.5) if each != name]
    hint = (
        f"did you mean {' or '.join(near)}?"
        if near
        else f"there are {len(known)}: see library(), or: symcircuits gadgets"
    )
    if name in known:
        hint = f"it is made from parameters: gadget({name!r}, 3)"
    raise InvalidCircuit(f"there is no gadget {name!r}{' with parameters' if parameters else ''}; {hint}")
