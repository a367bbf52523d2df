"""A worker process as seen by the runner: started when it is needed, asked, stopped with all it started."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

HERE = Path(__file__).resolve().parent.parent
START = 60.0  # seconds on the clock in which a worker must be ready


SILENT: dict[str, Any] = {"verdict": "unknown", "seconds": None, "prepare_seconds": None}


class NotReady(RuntimeError):
    """A contender that cannot take part; the message says why."""


class Stopped(Exception):
    """The run is over: the worker was stopped from outside."""


class Worker:
    """A process for one contender, which lives until it runs out of time or is stopped."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.process: subprocess.Popen[str] | None = None
        self.is_over = self.is_asked = False
        self.lock = Lock()

    def ask(self, request: dict[str, Any], clock: float) -> dict[str, Any]:
        """The answer, or an unknown one if there is none after so many seconds on the clock, or if the process ends."""
        process = self.process or self.start()
        self.is_asked = True
        try:
            with suppress(BrokenPipeError):
                print(json.dumps(request), file=process.stdin, flush=True)
            line = _line(process, clock)
            note = "" if line else self._ended(process)
        finally:
            self.is_asked = False
        return json.loads(line) if line else {**SILENT, "note": note}

    def start(self) -> subprocess.Popen[str]:
        """The process, ready; raises `NotReady` if the contender cannot take part."""
        with self.lock:
            if self.is_over:
                raise Stopped
            process = self.process = _popen(self.name)
        said = json.loads(_line(process, START) or "{}")
        if not said.get("ready"):
            self._ended(process)
            raise NotReady(said.get("note", "its worker does not start"))
        return process

    def stop(self) -> None:
        """End the process and what it started, for good."""
        with self.lock:
            self.is_over = True
        if self.process is not None:
            _kill(self.process)
            if not self.is_asked:  # else the thread that asks closes the pipes
                _close(self.process)

    def _ended(self, process: subprocess.Popen[str]) -> str:
        """What it was that ended the process, which is gone then; raises `Stopped` if it was `stop`."""
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.2)
        code = process.poll()
        _kill(process)
        _close(process)
        self.process = None
        if self.is_over:
            raise Stopped
        if code is None:
            return "time limit on the clock"
        return "time limit" if code == -signal.SIGPROF else f"ended by itself: code {code}"


def _popen(name: str) -> subprocess.Popen[str]:
    """A worker in a session of its own, so that an interruption of the terminal reaches the runner alone."""
    path = os.pathsep.join([str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "prover.worker", name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": path},
    )


def _kill(process: subprocess.Popen[str]) -> None:
    """End the process and all of its session, Yices for instance."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _close(process: subprocess.Popen[str]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):  # what was not sent is of no use now
                pipe.close()


def _line(process: subprocess.Popen[str], clock: float) -> str:
    """The next line of its output; nothing if the process ends before, or so many seconds pass."""
    if process.stdout is None:
        raise ValueError("the process has no pipe")
    end = time.monotonic() + clock
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while not selector.select(max(end - time.monotonic(), 0.0)):
            if time.monotonic() >= end:
                return ""
    line = process.stdout.readline()
    return line if line.endswith("\n") else ""
