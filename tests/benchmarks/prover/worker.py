"""One contender in a process of its own: requests as lines of JSON on standard input, answers on standard output.

    python -m prover.worker NAME

A request has the keys claim, seconds, and certificate for the checker. An answer has those of `Answer`, and seconds and
prepare_seconds, the CPU time of both calls. When the CPU time is over a signal ends the process: no answer is one too.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from typing import Any

from prover.checker import CHECKER, Checker
from prover.claim import CorpusClaim
from prover.clock import cpu_seconds, stop_after
from prover.contenders import Contender, contender

MEMORY = 4 << 30
DEPTH = 100_000


def main(name: str) -> None:
    """Say that the contender is ready, and answer until the input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.setrecursionlimit(DEPTH)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # native libraries may print
    try:
        asked: Any = Checker() if name == CHECKER else contender(name)
    except (ImportError, KeyError, ValueError) as error:
        print(json.dumps({"ready": False, "note": f"{type(error).__name__}: {error}"}), file=out)
        return
    print(json.dumps({"ready": True}), file=out)
    for line in sys.stdin:
        print(json.dumps(answer(asked, json.loads(line))), file=out)


def answer(asked: Contender | Checker, request: dict[str, Any]) -> dict[str, Any]:
    """The answer to one request; who fails has not solved the claim."""
    try:
        return _measured(asked, request)
    except MemoryError:
        note = "out of memory"
    except Exception as error:
        note = f"{type(error).__name__}: {error}"[:200]
    stop_after(0)
    return {"verdict": "unknown", "note": note, "seconds": None, "prepare_seconds": None}


def _measured(asked: Any, request: dict[str, Any]) -> dict[str, Any]:
    more = [request["certificate"]] if "certificate" in request else []
    before = cpu_seconds()
    prepared = asked.prepare(CorpusClaim.from_json(request["claim"]), *more)
    stop_after(asked.patience * request["seconds"])
    start = cpu_seconds()
    found = asked.decide(prepared, request["seconds"])
    end = cpu_seconds()
    stop_after(0)
    seconds = end - start if found.seconds is None else found.seconds
    return {**found._asdict(), "seconds": seconds, "prepare_seconds": start - before}


if __name__ == "__main__":
    main(sys.argv[1])
