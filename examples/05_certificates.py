# Save a proof as a certificate and check it in a fresh process that loads the small kernel and nothing else.
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import symcircuits
from symcircuits import CertificateRejected, check, prove

theorem = prove("abs(x) + abs(y) >= abs(x + y)")
print(theorem)

CHECKER = """
import sys
from pathlib import Path
from symcircuits.kernel.check import check
print(check(Path(sys.argv[1]).read_text(encoding="utf-8")))
print("SymPy was needed:", "sympy" in sys.modules)
"""

with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "triangle.json"
    path.write_text(theorem.certificate, encoding="utf-8")
    home = {**os.environ, "PYTHONPATH": str(Path(symcircuits.__file__).parents[1])}
    run = subprocess.run([sys.executable, "-c", CHECKER, path], env=home, capture_output=True, text=True, check=True)
    print(run.stdout, end="")

# A certificate that says more than it proves is rejected.
try:
    check(theorem.certificate.replace('">="', '">"'))
except CertificateRejected as error:
    print("rejected:", error)

# Output:
# Theorem: for all real x, y: abs(x) + abs(y) >= abs(x + y)
# Theorem: for all real x, y: abs(x) + abs(y) >= abs(x + y)
# SymPy was needed: False
# rejected: theorem 0: step 2 ('farkas'): the multipliers must leave a constant that is positive
