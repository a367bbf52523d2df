"""The comparison in tests/benchmarks/prover: its corpus is what it says, and it judges, resumes and stops rightly."""

import doctest
import json
import random
import re
from collections import Counter
from fractions import Fraction
from importlib import import_module
from itertools import islice
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

import pytest
from prover.claim import CorpusClaim, digest
from prover.command import main
from prover.contenders import model_values
from prover.corpus import FAMILIES, corpus
from prover.corpus.deep import deep_copies
from prover.corpus.draw import Draw
from prover.corpus.named import named
from prover.corpus.pruned import two_layers_pruned
from prover.corpus.shallow import shallow_copies
from prover.corpus.tangent import tangents
from prover.expressions import read
from prover.process import Worker
from prover.results import OPEN, SKIPPED, SOLVED, WRONG, Results, judged, new_row, rows_of
from prover.runner import Entry, Race
from prover.sample import cross_check
from prover.smt_lib import smt_lib
from prover.tables import report, standing

FOLDER = Path(__file__).parent / "benchmarks"
SLOW = ("one_layer", "deep_mlp")  # to make; two small claims stand for each
DIGEST = "eb65624525ea278bf9c87d4567d8043fac0bb0b1b15d44f92a92fdf214e189d3"
SHORT = 700  # bytes
MODULES = sorted(path.relative_to(FOLDER).with_suffix("") for path in (FOLDER / "prover").rglob("[a-z]*.py"))
MIN = CorpusClaim("seed", "min2", 1, ("a", "b"), "b - relu(b - a)", "Min(a, b)")
OFF = MIN._replace(rhs="Max(a, b)", counterexample={"a": Fraction(1), "b": Fraction(0)})
ANSWER = {"seconds": 0.25, "prepare_seconds": 0.0, "counterexample": None}
FRESH = """\
(set-option :produce-models true)
(set-logic QF_LRA)
(declare-fun a () Real)
(declare-fun b () Real)
(define-fun n2__ () Real (+ b (* (- 1.0) a)))
(declare-fun n3__ () Real)
(assert (>= n3__ n2__))
(assert (>= n3__ 0.0))
(assert (or (<= n3__ n2__) (<= n3__ 0.0)))
(define-fun n4__ () Real (+ b (* (- 1.0) n3__)))
(declare-fun n5__ () Real)
(assert (<= n5__ a))
(assert (<= n5__ b))
(assert (or (>= n5__ a) (>= n5__ b)))
(assert (or (< n4__ n5__) (> n4__ n5__)))
(check-sat)
"""


@pytest.fixture(scope="module")
def claims() -> list[CorpusClaim]:
    small = [*shallow_copies(Draw(), 2, 5), *deep_copies(Draw(), 2, 2, 3)]
    return [*corpus(Draw(), [family for family in FAMILIES if family not in SLOW]), *small]


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_examples(module):
    assert doctest.testmod(import_module(".".join(module.parts))).failed == 0


def test_the_corpus_never_changes(claims):
    assert digest(claims) == DIGEST
    assert len({claim.id for claim in claims}) == len(claims) == 360


def test_claims_are_what_they_say(claims):
    seen = Counter()
    for claim in claims:
        if claim.text_bytes <= SHORT:
            assert cross_check(claim) is None, claim.id
            seen[claim.expected] += 1
    assert seen[True] > 100 and seen[False] > 50


def test_other_claims_are_drawn_held_out_and_longer():
    sizes = {claim.id for claim in corpus(Draw(), ["interp1d"])}
    longer = {claim.id for claim in corpus(Draw(is_longer=True), ["interp1d"])}
    heldout = list(corpus(Draw(7, is_heldout=True), ["interp1d"]))
    assert longer - sizes == {name for name in longer if name.endswith("/1000")} and sizes < longer
    assert len(heldout) == len(sizes) and len(sizes & {claim.id for claim in heldout}) < len(sizes) / 2


def test_named_cases_are_what_they_say():
    first = list(islice(named(Draw()), 4))
    cases = [*first, *tangents(random.Random(1), 3, 4), two_layers_pruned(random.Random(1), 3, 6)]
    assert [cross_check(claim) for claim in cases] == [None] * 7
    assert first[0].id == "named/median_sort_vs_subsets/true/9"


def test_encodings():
    assert smt_lib(read(MIN), "fresh") == FRESH
    nested = smt_lib(read(MIN._replace(relation="<=", domain=("a in {0,1}",))), "ite")
    assert "(define-fun a () Real (ite a__b 1.0 0.0))" in nested and "(ite (<= a b) a b)" in nested
    assert "(assert (> n4__ n5__))" in nested
    assert model_values("((a (/ 1 3))\n (b (- (/ 2 7))))") == {"a": "1/3", "b": "-2/7"}


def test_a_claim_that_cannot_be_read_is_refused():
    for text in ("a*b", "1/a", "a b", "sin(a)", "relu(a, b)", "(a", ")"):
        with pytest.raises((ValueError, KeyError, IndexError)):
            read(MIN._replace(lhs=text))


@pytest.mark.parametrize(
    ("claim", "answer", "verdict"),
    [
        (MIN, {"verdict": "proved"}, SOLVED),
        (MIN, {"verdict": "unknown"}, OPEN),
        (MIN, {"verdict": "proved", "seconds": 10.1}, OPEN),
        (MIN, {"verdict": "refuted", "counterexample": {"a": "1", "b": "0"}}, WRONG),
        (OFF, {"verdict": "proved"}, WRONG),
        (OFF, {"verdict": "refuted", "counterexample": {"a": "1/3"}}, SOLVED),
        (OFF, {"verdict": "refuted", "counterexample": {"a": "1", "b": "1"}}, WRONG),
        (OFF._replace(domain=("a <= 0",)), {"verdict": "refuted", "counterexample": {"a": "1", "b": "0"}}, WRONG),
        (OFF, {"verdict": "refuted", "counterexample": None}, WRONG),
        (OFF, {"verdict": "refuted", "counterexample": {"a": "1/0"}}, WRONG),
    ],
)
def test_judgement(claim, answer, verdict):
    assert judged(new_row("z3", "1", claim, 10, OPEN), claim, {**ANSWER, **answer}).verdict == verdict


def row(name, claim, seconds, verdict=SOLVED, limit=10.0, **more):
    return new_row(name, "1", claim, limit, verdict)._replace(seconds=seconds, **more)


def test_tables_compare_ours_with_the_best_rival():
    larger = MIN._replace(size=2)
    rows = [row("ours", MIN, 0.004, certificate_bytes=300, check_seconds=0.001), row("ours", larger, 1.0)]
    rows += [row("z3", MIN, 0.002, start_seconds=0.001), row("z3", larger, None, OPEN)]
    rows += [row("yices", MIN, 0.003), row("yices", larger, None, SKIPPED)]
    text = report(standing([MIN, larger], ["ours", "z3", "yices"], {(r.contender, r.id): r for r in rows}))
    assert "| seed                |      2 |    2 |  1 |     1 |         1 |   1 |            2 |" in text
    assert "take to start: 4" in text
    assert "| seed/min2 | true  |           2 |    2 |  1 |     1 |            2 |" in text
    assert "| seed   |      1 |          300 |             274 |" in text
    assert "WRONG" not in text
    bad = row("z3", larger, None, WRONG, reason="proved a false claim")
    assert report(standing([MIN, larger], ["z3"], {(r.contender, r.id): r for r in [*rows, bad]})).startswith(
        "## WRONG ANSWERS"
    )


def test_results_are_used_again_if_nothing_changed(tmp_path):
    results = Results(tmp_path / "rows.jsonl")
    results.add(row("z3", MIN, 0.5))
    results.add(row("z3", OFF, None, OPEN))
    again = Results(tmp_path / "rows.jsonl")
    assert again.known(row("z3", MIN, None)) == rows_of(tmp_path / "rows.jsonl")[0] == row("z3", MIN, 0.5)
    assert again.known(row("z3", OFF, None)) is not None and again.known(row("z3", OFF, None, limit=20.0)) is None
    assert again.known(row("z3", MIN, None, limit=0.1)) is None
    assert again.known(row("z3", MIN._replace(lhs="a"), None)) is None
    assert again.known(row("z3", MIN, None)._replace(version="2")) is None
    with (tmp_path / "rows.jsonl").open("a") as file:
        file.write('{"contender": "z')
    assert len(rows_of(tmp_path / "rows.jsonl")) == 2


def test_a_run_of_ours_alone_resumes(tmp_path, capsys):
    command = ["--contenders", "ours", "--families", "seed", "--limit", "5", "--json", str(tmp_path / "rows.jsonl")]
    assert main(command) == 0
    rows = rows_of(tmp_path / "rows.jsonl")
    assert [r.verdict for r in rows] == [SOLVED] * 17 and all(r.runs == 3 or (r.seconds or 0) > 1 for r in rows)
    proofs = [r for r in rows if r.status == "proved"]
    assert len(proofs) == 11 and all(r.certificate_bytes and r.recheck_seconds is not None for r in proofs)
    assert all(0 < (r.check_seconds or 0) < (r.seconds or 0) for r in proofs)
    assert main(command) == 0
    assert rows_of(tmp_path / "rows.jsonl") == rows
    assert len(re.findall(r"\| seed +\| +17 \| +17 \|", capsys.readouterr().out)) == 2


def test_a_run_that_is_stopped_leaves_no_process(tmp_path):
    hard = next(iter(shallow_copies(Draw(), 5, 200)))
    race = Race(Results(tmp_path / "rows.jsonl"), 60.0, lambda row: None)
    thread = Thread(target=race.run, args=([hard, MIN], [Entry("ours", "1")]))
    thread.start()
    end = monotonic() + 60
    while not any(worker.is_asked for worker in race.workers) and monotonic() < end:
        sleep(0.01)
    processes = [worker.process for worker in race.workers]
    race.stop()
    thread.join(60)
    assert not thread.is_alive() and processes and all(process and process.poll() is not None for process in processes)


def test_a_worker_is_stopped_by_its_cpu_time():
    worker = Worker("ours")
    try:
        claim = next(iter(shallow_copies(Draw(), 5, 200)))
        said = worker.ask({"claim": claim.to_json(), "seconds": 0.001}, 60)
        assert said["verdict"] == "unknown" and "limit" in said["note"]
    finally:
        worker.stop()


def test_bad_options_and_files(tmp_path, capsys):
    for options in (["--families", "nothing"], ["--contenders", "nobody"], ["--jobs", "0"], ["--limit", "x"]):
        with pytest.raises(SystemExit, match="2"):
            main(options)
    (tmp_path / "rows.jsonl").write_text('{"contender": 1}\n{}\n')
    assert main(["--families", "seed", "--join", str(tmp_path / "rows.jsonl")]) == 2
    assert main(["--families", "seed", "--write", str(tmp_path / "claims.jsonl")]) == 0
    assert json.loads((tmp_path / "claims.jsonl").read_text().splitlines()[0])["id"] == "seed/identity/true/1"
    assert "there is no family nothing" in capsys.readouterr().err
