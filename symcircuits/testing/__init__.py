"""Property-based testing: Hypothesis strategies for terms, claims and points, and cross-checks of theorems."""
