"""What the commands show on a terminal."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.live import Live
    from rich.spinner import Spinner

COLOURS = {
    **dict.fromkeys(("proved", "accepted"), "green"),
    **dict.fromkeys(("refuted", "rejected", "error"), "red"),
    "unknown": "yellow",
}
PATIENCE = 1.0


def coloured(verdict: str) -> str:
    """The verdict in its colour; click leaves the colour out where the output is no terminal."""
    return click.style(verdict, fg=COLOURS[verdict], bold=True)


def one_line(text: str) -> str:
    """The first line of a text, with what a terminal would not show, or would obey, as an escape.

    >>> one_line("a\\x1b[1mb\\nc")
    'a\\\\x1b[1mb'
    """
    line = text.partition("\n")[0]
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in line)


class SearchStatus:
    """A line on the terminal about work that takes longer than `PATIENCE` seconds: cases closed and open, time."""

    def __init__(self, work: str = "searching") -> None:
        self.work = work
        self.closed = self.open = 0
        self.start = time.monotonic()
        self.live: Live | None = None
        self.spinner: Spinner | None = None
        self.timer = threading.Timer(PATIENCE, self._show)
        self.timer.daemon = True

    def report(self, closed: int, still_open: int) -> None:
        """Note the numbers, which the next drawing shows."""
        self.closed, self.open = closed, still_open

    def done(self) -> str:
        """What was done so far, in words."""
        used = f"{time.monotonic() - self.start:.1f} s"
        if not self.closed and not self.open:
            return used
        return f"{self.closed} case{'' if self.closed == 1 else 's'} closed, {self.open} open, {used}"

    def __enter__(self) -> SearchStatus:
        if sys.stderr.isatty():
            self.timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.timer.cancel()
        if self.timer.ident is not None:
            self.timer.join()
        if self.live:
            self.live.stop()

    def _show(self) -> None:
        from rich.console import Console  # here because most proofs are over before this is needed
        from rich.live import Live
        from rich.spinner import Spinner

        self.spinner = Spinner("dots")
        self.live = Live(get_renderable=self._line, console=Console(stderr=True), transient=True, refresh_per_second=8)
        self.live.start()

    def _line(self) -> Spinner:
        if self.spinner is None:
            raise RuntimeError("the status is drawn before it is shown")
        self.spinner.update(text=f"{self.work}: {self.done()}")
        return self.spinner
