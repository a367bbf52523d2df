"""The prover beside its rivals: corpus, encodings, workers, runner, tables. See `__main__` for how to run it."""
