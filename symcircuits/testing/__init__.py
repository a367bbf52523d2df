"""Property-based testing of claims: Hypothesis strategies for terms, claims and points, and numeric cross-checks of theorems."""
