"""The prover beside z3, cvc5 and Yices: the same claims, the same limits, every answer checked exactly.

    pip install -e ".[rivals]"
    python tests/benchmarks/prover                        the corpus of 458 claims, 10 CPU seconds a claim: hours
    python tests/benchmarks/prover --first 3 --limit 2    its small claims: minutes
    python tests/benchmarks/prover --named                cases that stand for one method each
    python tests/benchmarks/prover --longer --json results.jsonl

With `--json` results are kept and a run goes on where it was stopped; ours are measured anew when the package's source
has changed. `--join rivals.jsonl` puts the results of another run beside. `--contenders ours` is our prover alone.

Rules of the measurement
- Times and limits are CPU time, from the text in memory to the answer: for the solvers parsing and search; for ours
  parsing, search and the kernel's check, in a process that has forgotten the claim. z3, cvc5 and ours are warm; Yices
  is a process for each claim, and the mean of the ratios is told without its start, too. Reading the claim and encoding
  it for the solvers is not counted. 4 GiB of memory, one thread.
- A time below a second is the median of three runs.
- A contender that failed on two claims of a series in a row is not asked about larger ones.
- A refutation counts only with a counterexample that is one in exact arithmetic, by a reading of the claim that shares
  nothing with the package. Every certificate is checked again by the kernel in another process, against the claim.
- A wrong answer is printed in red, heads the tables, and makes the exit code 1.
"""

import sys
from pathlib import Path

if __package__ != "prover":  # run as a folder; its modules are those of the package `prover` in the folder above
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from prover.command import main

if __name__ == "__main__":
    sys.exit(main())
