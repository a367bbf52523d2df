"""Networks from and to files. Weights read are the exact rationals that the file denotes: decimals or binary floats."""
