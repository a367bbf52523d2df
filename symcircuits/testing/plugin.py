"""The pytest plugin: options, fixtures, and a last line that tells proofs from samples.

    --symcircuits-certificates DIR   keep the certificate of each assertion that is proved, for `symcircuits check`
    --symcircuits-seconds S          how long an assertion looks for a proof
    --symcircuits-examples N         at how many points functions are sampled that cannot be proved

The fixtures `assert_circuit_equal`, `assert_circuit_le` and `assert_circuit_within` are the functions of
`symcircuits.testing`, which are imported when a test asks for one: a run that uses none pays for this file only.
"""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable, Generator
from importlib import import_module
from math import isfinite
from pathlib import Path
from typing import Any

import pytest

from symcircuits.testing.session import EXAMPLES, PROVED, SAMPLED, SECONDS, SESSIONS, Session

SHOWN = 5
"""How many tests that sample only are named at the end."""
KINDS = (PROVED, SAMPLED)
OWN = pytest.StashKey[Session]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options."""
    group = parser.getgroup("symcircuits", "exact assertions about ReLU networks")
    group.addoption(
        "--symcircuits-certificates",
        metavar="DIR",
        help="keep the certificate of each assertion that is proved in this folder, for `symcircuits check`",
    )
    group.addoption(
        "--symcircuits-seconds",
        type=_seconds,
        default=SECONDS,
        metavar="S",
        help=f"stop looking for a proof after so many seconds an assertion; {SECONDS:g} unless given",
    )
    group.addoption(
        "--symcircuits-examples",
        type=_examples,
        default=EXAMPLES,
        metavar="N",
        help=f"sample Python functions, which cannot be proved, at so many points; {EXAMPLES} unless given",
    )


def _seconds(text: str) -> float:
    value = float(text)
    if not (isfinite(value) and value > 0):
        raise ArgumentTypeError(f"{text} is no positive number of seconds")
    return value


def _examples(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ArgumentTypeError(f"{text} is no positive number of points")
    return value


def pytest_configure(config: pytest.Config) -> None:
    """The assertions heed the options of this run."""
    given = config.getoption("symcircuits_certificates")
    folder = None if given is None else Path(config.invocation_params.dir, given)
    if folder is not None and folder.exists() and not folder.is_dir():
        raise pytest.UsageError(f"--symcircuits-certificates {given}: there is a file of this name; give a folder")
    session = Session(
        folder,
        config.getoption("symcircuits_seconds"),
        config.getoption("symcircuits_examples"),
    )
    config.stash[OWN] = session
    SESSIONS.append(session)


def pytest_unconfigure(config: pytest.Config) -> None:
    """The run is over."""
    session = config.stash.get(OWN, None)
    if session is not None:
        SESSIONS[:] = [other for other in SESSIONS if other is not session]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """The certificates from here on belong to the test."""
    item.config.stash[OWN].begin(item.nodeid)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Put what the test's assertions said into its report."""
    try:
        return (yield)
    finally:
        said = item.config.stash[OWN].said
        for name in KINDS:
            if count := sum(kind == name for kind, _ in said):
                item.user_properties.append((name, count))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How many assertions were proved and how many only sampled, if there were any, and where."""
    reports = {id(each): each for group in terminalreporter.stats.values() for each in group}
    calls = [each for each in reports.values() if getattr(each, "when", "") == "call"]
    counts = {name: {each.nodeid: dict(each.user_properties).get(name, 0) for each in calls} for name in KINDS}
    proved, sampled = (sum(counts[name].values()) for name in KINDS)
    if proved:
        folder = terminalreporter.config.getoption("symcircuits_certificates")
        kept = "" if folder is None else f"; certificates are in {folder}"
        terminalreporter.write_line(f"symcircuits: {proved} assertion{'s' * (proved > 1)} proved{kept}")
    if sampled:
        tests = [test for test, count in counts[SAMPLED].items() if count]
        where = ", ".join([*tests[:SHOWN], *([f"and {len(tests) - SHOWN} more"] if len(tests) > SHOWN else [])])
        terminalreporter.write_line(f"symcircuits: {sampled} sampled only, not proved: {where}", yellow=True)


def _assertion(name: str) -> Callable[..., Any]:
    """The fixture of an assertion's name."""

    @pytest.fixture(name=name, scope="session")
    def fixture() -> Callable[..., Any]:
        found: Callable[..., Any] = getattr(import_module("symcircuits.testing"), name)
        return found

    fixture.__doc__ = f"`symcircuits.testing.{name}`, imported when a test asks for it."
    return fixture


equal_fixture = _assertion("assert_circuit_equal")
le_fixture = _assertion("assert_circuit_le")
within_fixture = _assertion("assert_circuit_within")
