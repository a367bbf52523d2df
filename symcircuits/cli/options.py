"""Options that several commands share."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import click

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def _definitions(ctx: click.Context, option: click.Parameter, values: tuple[str, ...]) -> list[tuple[str, str]]:
    pairs = [value.partition("=") for value in values]
    if not all(equals for _, equals, _ in pairs):
        raise click.BadParameter('write NAME=EXPRESSION, e.g. --let "h=relu(x)"')
    return [(name.strip(), body) for name, _, body in pairs]


def _finite(ctx: click.Context, option: click.Parameter, value: float | None) -> float | None:
    if value is not None and not (math.isfinite(value) and value > 0):
        raise click.BadParameter("a positive number is expected")
    return value


def json_option(text: str) -> Decorator:
    """The flag --json."""
    return click.option("--json", "as_json", is_flag=True, help=text)


def seconds_option(default: float | None, text: str) -> Decorator:
    """The option --seconds, a finite positive number."""
    return click.option("--seconds", type=float, default=default, callback=_finite, metavar="S", help=text)


memory_option: Decorator = click.option(
    "--memory", type=float, callback=_finite, metavar="MB", help="Stop when the search has taken so many megabytes."
)
where_option: Decorator = click.option(
    "--where",
    multiple=True,
    metavar="TEXT",
    help='Restrict the variables, e.g. --where "0 <= x <= 1, abs(y) > 2 or y == x".',
)
let_option: Decorator = click.option(
    "--let", multiple=True, metavar="NAME=EXPR", callback=_definitions, help='Name a part, e.g. --let "h=relu(x - y)".'
)
