"""This package seen from outside: the certificate that a call of `decide` made, its check's time, what it remembers."""

from __future__ import annotations

import cProfile
import gc
import hashlib
import pstats
import sys
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from prover.claim import CorpusClaim
from prover.clock import cpu_seconds

PACKAGE = "symcircuits"


class Instrument:
    """`decide`, with a stopwatch at the kernel's `check`.

    The stopwatch must be there before any other module takes `check` from the kernel, so that it sees every call.
    """

    def __init__(self) -> None:
        import symcircuits.kernel.check as kernel

        if f"{PACKAGE}.provers.prove" in sys.modules:
            raise RuntimeError("the prover was imported before its check could be measured")
        self.certificate: str | None = None
        self.check_seconds = 0.0
        self.check = kernel.check
        kernel.check = self._timed
        from symcircuits import decide

        self.answer: Callable[[Mapping[str, Any], float], dict[str, Any]] = decide

    def _timed(self, *arguments: Any, **options: Any) -> Any:
        start = cpu_seconds()
        try:
            theorem = self.check(*arguments, **options)
        finally:
            self.check_seconds += cpu_seconds() - start
        self.certificate = theorem.certificate
        return theorem

    def decide(self, claim: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        """The answer, after which `certificate` is the last theorem's and `check_seconds` what all checks took."""
        self.certificate, self.check_seconds = None, 0.0
        said = self.answer(claim, seconds)
        if said["verdict"] == "proved" and len((self.certificate or "").encode()) != said["certificate_bytes"]:
            raise RuntimeError("the certificate that was seen is not the one of the answer")
        return said

    def forget(self) -> None:
        """Empty every table of remembered results in the package, and collect what nothing refers to any more."""
        for table in _tables():
            table.cache_clear()
        gc.collect()


def _tables() -> list[Any]:
    """The functions of the package that remember results."""
    modules = [module for name, module in list(sys.modules.items()) if name.partition(".")[0] == PACKAGE]
    values = [value for module in modules for value in vars(module).values()]
    values += [part for value in values if isinstance(value, type) for part in vars(value).values()]
    return [
        value
        for value in values
        if hasattr(value, "cache_clear") and getattr(value, "__module__", "").startswith(PACKAGE)
    ]


def print_profile(claim: CorpusClaim, seconds: float) -> None:
    """Print the answer to a claim, and the functions in which most of the time was spent."""
    from symcircuits import decide

    profile = cProfile.Profile()
    said = profile.runcall(decide, claim.to_json(), seconds)
    print(f"{claim.id}: {said['verdict']}, {said['reason'] or said['method']}")
    pstats.Stats(profile).sort_stats("tottime").print_stats(25)


def source_digest() -> str:
    """A fingerprint of the package's source: other code, other results."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ImportError(f"{PACKAGE} is not installed: pip install -e . in the clone")
    sha = hashlib.sha256()
    for path in sorted(Path(spec.origin).parent.rglob("*.py")):
        sha.update(path.read_bytes())
    return sha.hexdigest()[:12]
