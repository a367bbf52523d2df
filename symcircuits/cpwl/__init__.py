"""Mathematics of continuous piecewise-linear functions on kernel terms, without SymPy."""
