"""What a run of pytest asks of the assertions: limits, a folder for certificates, and what is told at the end.

It is apart from the assertions so that the plugin, which every run of pytest loads, imports nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

SECONDS, EXAMPLES = 10.0, 200
"""How long an assertion looks for a proof, and at how many points it samples, unless told."""
PROVED, SAMPLED = "symcircuits_proved", "symcircuits_sampled"
"""What an assertion says of itself, and the properties of a test's report with the numbers of these."""
PLAIN = re.compile(r"[A-Za-z0-9_./:-]*")
OTHER = re.compile(r"[^A-Za-z0-9_.-]+")
LONG = 120


@dataclass
class Session:
    """The options of a run, the test that runs, how many certificates it has, and what its assertions say."""

    certificates: Path | None = None
    seconds: float = SECONDS
    examples: int = EXAMPLES
    test: str = ""
    kept: int = 0
    said: list[tuple[str, str]] = field(default_factory=list)

    def begin(self, test: str) -> None:
        """A test starts."""
        self.test, self.kept = test, 0
        self.said.clear()

    def next_file(self, folder: Path) -> Path:
        """The file for the next certificate of the test: its name, from the second on with a number."""
        self.kept += 1
        return folder / f"{file_name(self.test)}{f'.{self.kept}' if self.kept > 1 else ''}.json"


def file_name(test: str) -> str:
    """The name of a test as that of a file, the same for no other test.

    >>> file_name("tests/test_net.py::test_max"), file_name("test_net.py::test_max[a b]")
    ('tests-test_net.py-test_max', 'test_net.py-test_max-a-b--efdc7518')
    """
    name = OTHER.sub("-", test) or "no-test"
    is_clear = PLAIN.fullmatch(test) and "-" not in test and len(name) <= LONG
    return name if is_clear else f"{name[:LONG]}-{sha256(test.encode()).hexdigest()[:8]}"


SESSIONS: list[Session] = []
"""The runs of pytest in this process, one inside another; assertions heed the last."""


def current() -> Session:
    """The run whose tests run now; outside pytest, one without a folder."""
    return SESSIONS[-1] if SESSIONS else Session()
