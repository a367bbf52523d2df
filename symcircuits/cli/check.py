"""`symcircuits check`: a certificate in, the kernel's word out; no prover is imported."""

from __future__ import annotations

import json
import time
from typing import Any

import click

from symcircuits.cli.files import read_input
from symcircuits.cli.options import json_option, let_option, where_option
from symcircuits.cli.terminal import coloured, one_line
from symcircuits.errors import ClaimError
from symcircuits.kernel.certificate import BYTES
from symcircuits.kernel.check import Theorem, check
from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.networks import Layer, NetworkTheorem, check_networks
from symcircuits.kernel.term import Claim, Comparison
from symcircuits.kernel.widths import WidthTheorem, check_width

MIRROR = {"==": "==", "<=": ">=", "<": ">"}


@click.command
@click.argument("file")
@click.option("--claim", metavar="TEXT", help="Accept only a certificate that proves this claim.")
@click.option("--networks", nargs=2, metavar="A B", help="Accept only a certificate that these two files are equal.")
@where_option
@let_option
@json_option("Print one JSON object instead of text.")
def command(
    file: str,
    claim: str | None,
    networks: tuple[str, str] | None,
    where: tuple[str, ...],
    let: list[tuple[str, str]],
    as_json: bool,
) -> int:
    """Check a certificate with the kernel alone.

    FILE is the certificate, - for standard input, about a claim, two networks, or a width. With --claim it must prove
    that very claim; with --networks it must prove that the networks of these two files are equal.

    \b
      symcircuits check proof.json
      symcircuits check proof.json --claim "min(a, b) == b - relu(b - a)"
      symcircuits check equal.json --networks net.onnx net.nnet

    Exit code: 0 accepted, 1 rejected or it proves another claim, 2 the file or TEXT cannot be read.
    """
    if claim is None and (where or let):
        raise click.UsageError("--where and --let belong to --claim TEXT")
    wanted = None if claim is None else _parse(claim, where, let)
    if claim is not None and networks:
        raise click.UsageError("a certificate is about a claim or about networks: give --claim or --networks")
    started = time.perf_counter()
    try:
        text, kind = _read(file)
        if kind == "networks":
            if wanted is not None:
                raise click.UsageError("this certificate is about two networks; --claim is for claims")
            return _say_networks(check_networks(text), networks, len(text.encode()), started, as_json)
        if kind is not None:
            return _say_width(check_width(text), claim is not None or networks is not None, started, as_json)
        if networks:
            raise click.UsageError("this certificate is about a claim; --networks is for two networks")
        theorem = check(text)
    except CertificateRejected as error:
        return _say("rejected", None, one_line(str(error)), started, as_json)
    if wanted is not None and not proves(theorem.claim, wanted):
        return _say("rejected", theorem, f"it proves another claim than {wanted}", started, as_json)
    return _say("accepted", theorem, None, started, as_json)


def proves(proved: Claim, wanted: Claim) -> bool:
    """Whether the one claim is the other as written, up to the order of sides, more comparisons, and fewer values.

    >>> from symcircuits.expr.parse import parse_claim
    >>> proves(parse_claim("relu(x) == x", where="x >= 0"), parse_claim("x == relu(x)", where="x <= 1, 0 <= x"))
    True
    >>> proves(parse_claim("relu(x) == x", where="x >= 0"), parse_claim("relu(x) == x"))
    False
    >>> proves(parse_claim("x*x == x", where="x in {0, 1}"), parse_claim("x*x == x", where="x in {1}"))
    True
    """
    given = {way for comparison in wanted.where for way in _ways(comparison)}
    ranges = dict(wanted.ranges)
    within = all(name in ranges and set(ranges[name]) <= set(values) for name, values in proved.ranges)
    return wanted.goal in _ways(proved.goal) and given.issuperset(proved.where) and within


def _ways(comparison: Comparison) -> tuple[Comparison, Comparison]:
    left, relation, right = comparison
    mirrored = {**MIRROR, **{b: a for a, b in MIRROR.items()}}[relation]
    return comparison, Comparison(right, mirrored, left)


def _parse(claim: str, where: tuple[str, ...], let: list[tuple[str, str]]) -> Claim:
    from symcircuits.expr.parse import parse_claim  # here because the kernel alone must start fast

    return parse_claim(claim, where, let)


def _read(file: str) -> tuple[str, object]:
    """The text of the certificate and its kind; `ClaimError` if it is no text in UTF-8, or no JSON."""
    data, name = read_input(file, BYTES + 1), one_line(click.format_filename(file))
    if len(data) > BYTES:
        raise CertificateRejected(f"it has more than {BYTES} bytes")
    try:
        text = data.decode("utf-8")
        top = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except UnicodeDecodeError as error:
        raise ClaimError(f"{name} is not text in UTF-8 (byte {error.start})") from None
    except ValueError as error:
        raise ClaimError(f"{name} is not JSON: {error}") from None
    except RecursionError:
        raise CertificateRejected("it is not a certificate: brackets are nested too deeply") from None
    return text, top.get("kind") if isinstance(top, dict) else None


def _say_networks(
    theorem: NetworkTheorem, networks: tuple[str, str] | None, size: int, started: float, as_json: bool
) -> int:
    seconds, reason = time.perf_counter() - started, None
    for path, layers in zip(networks or (), (theorem.left, theorem.right), strict=False):
        from symcircuits.formats.read import read_network  # here because the kernel alone must start fast

        if not _is_same(read_network(path).layers, layers):
            reason = f"{one_line(click.format_filename(path))} is another network than the certificate's"
    verdict = "rejected" if reason else "accepted"
    statement = str(theorem).removeprefix("NetworkTheorem: ")
    if as_json:
        result = {"verdict": verdict, "seconds": round(seconds, 6), "reason": reason, "claim": statement}
        click.echo(json.dumps({**result, "certificate_bytes": size, "vacuous": False}))
    else:
        click.echo(coloured(verdict) + (f": {reason}" if reason else ""))
        click.echo(f"{'it proves: ' if reason else ''}{statement}")
        click.echo(f"certificate: {size} bytes, checked in {1000 * seconds:.1f} ms")
    return 1 if reason else 0


def _say_width(theorem: WidthTheorem, is_compared: bool, started: float, as_json: bool) -> int:
    if is_compared:
        raise click.UsageError("this certificate is about a width; --claim and --networks are for others")
    seconds, (text, statement, _) = time.perf_counter() - started, theorem.record
    if as_json:
        result = {"verdict": "accepted", "seconds": round(seconds, 6), "reason": None, "claim": statement}
        click.echo(json.dumps({**result, "certificate_bytes": len(text.encode()), "vacuous": False}))
    else:
        click.echo(coloured("accepted"))
        click.echo(statement)
        click.echo(f"certificate: {len(text.encode())} bytes, checked in {1000 * seconds:.1f} ms")
    return 0


def _is_same(one: tuple[Layer, ...], other: tuple[Layer, ...]) -> bool:
    """Whether the layers are equal as rationals."""
    return len(one) == len(other) and all(
        a.sources == b.sources
        and len(a.bias) == len(b.bias)
        and all(
            v * under == w * below
            for row, shift, below, near, bias, under in zip(
                a.weights, a.bias, a.denominators, b.weights, b.bias, b.denominators, strict=True
            )
            for v, w in zip((*row, shift), (*near, bias), strict=True)
        )
        for a, b in zip(one, other, strict=True)
    )


def _say(verdict: str, theorem: Theorem | None, reason: str | None, started: float, as_json: bool) -> int:
    seconds = time.perf_counter() - started
    result: dict[str, Any] = {"verdict": verdict, "seconds": round(seconds, 6), "reason": reason}
    if theorem is not None:
        size = len(theorem.certificate.encode())
        result |= {"claim": str(theorem.claim), "certificate_bytes": size, "vacuous": theorem.is_vacuous}
    if as_json:
        click.echo(json.dumps(result))
    else:
        click.echo(coloured(verdict) + (f": {reason}" if reason else ""))
    if theorem is not None and not as_json:
        click.echo(f"{'it proves: ' if reason else ''}{theorem.claim}")
        if theorem.is_vacuous:
            click.echo("the domain is empty: no point satisfies it, so every claim about it is true")
        click.echo(f"certificate: {result['certificate_bytes']} bytes, checked in {1000 * seconds:.1f} ms")
    return 0 if verdict == "accepted" else 1
