"""The text of a certificate that two networks are equal, for a file."""

from __future__ import annotations

import json
from typing import Any

from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.networks import CHARACTERS, HEAD, KEYS, NetworkTheorem


def certificate_text(theorem: NetworkTheorem) -> str:
    """The certificate of a theorem about networks as JSON, which `check_networks` and `symcircuits check` read.

    Raises `InvalidCircuit` for one that is longer than the format allows.

    >>> from symcircuits.circuits.network import network
    >>> from symcircuits.kernel.networks import check_networks
    >>> from symcircuits.transform.canonical import canonical
    >>> theorem = canonical(network("ramp", ["x"], [([[2]], [-2]), ([[3]], [0])])).theorem
    >>> check_networks(certificate_text(theorem)).inputs
    1
    """
    values: list[Any] = [*HEAD, *theorem.certificate]
    lines = [f'"{key}":{_compact(value)}' for key, value in zip(KEYS, values, strict=True)]
    text = "{" + ",\n".join(lines) + "}\n"
    if len(text) > CHARACTERS:
        raise InvalidCircuit(f"the certificate has {len(text)} characters; texts have at most {CHARACTERS}")
    return text


def _compact(value: Any) -> str:
    try:
        return json.dumps(value, separators=(",", ":"))
    except ValueError:
        raise InvalidCircuit("a weight has too many digits for the text of a certificate") from None
