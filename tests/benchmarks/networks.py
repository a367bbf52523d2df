"""Which network files of a folder load, their shapes, and the time of each.

python tests/benchmarks/networks.py FOLDER
"""

import sys
import time
from pathlib import Path

from symcircuits.errors import SymcircuitsError
from symcircuits.formats.read import READERS, read_network


def main(folder: Path) -> None:
    files = sorted(
        path for path in folder.rglob("*") if path.suffix.lower() in READERS and path.name != "manifest.json"
    )
    loaded = 0
    for path in files:
        start = time.perf_counter()
        try:
            net = read_network(path)
            told = f"{net.shape}{'' if net.is_layered else ', with skip connections'}"
            loaded += 1
        except SymcircuitsError as error:
            told = f"refused: {error}"
        print(f"{1000 * (time.perf_counter() - start):8.1f} ms  {path.relative_to(folder)}: {told}")
    print(f"{loaded} of {len(files)} files load")


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("usage: python tests/benchmarks/networks.py FOLDER")
    main(Path(sys.argv[1]))
