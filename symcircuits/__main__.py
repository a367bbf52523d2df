"""`python -m symcircuits`, the same as the program `symcircuits`."""

from symcircuits.cli import main

if __name__ == "__main__":
    main()
