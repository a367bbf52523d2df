"""The tower: a layer imports only layers below it. Third parties enter where their layer says."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "symcircuits"
# Layers on one line stand side by side and do not import each other.
TOWER = [
    ["kernel", "version"],
    ["errors"],
    ["exact"],
    ["expr", "cpwl"],
    ["provers"],
    ["circuits"],
    ["formats"],
    ["transform", "optimal"],
    ["publish"],
    ["testing"],
    ["claims"],
    ["cli"],
    ["__main__"],
]
HEIGHT = {layer: height for height, layers in enumerate(TOWER) for layer in layers}
THIRD_PARTIES = {
    "sympy": {"expr", "circuits", "transform", "publish", "testing"},
    "mpmath": {"expr"},
    "numpy": {"circuits", "formats", "transform", "testing"},
    "click": {"cli"},
    "rich": {"cli"},
    "hypothesis": {"testing"},
    "pytest": {"testing"},
}
FILES = sorted(path for path in ROOT.rglob("*.py") if path != ROOT / "__init__.py")


def layer_of(path):
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports_of(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield node.module


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path):
    layer = layer_of(path)
    for name in imports_of(path):
        package, _, rest = name.partition(".")
        if package == "symcircuits":
            below = rest.partition(".")[0]
            assert below == layer or HEIGHT[below] < HEIGHT[layer], f"{layer} imports {name}"
        elif package not in sys.stdlib_module_names:
            assert layer in THIRD_PARTIES.get(package, set()), f"{layer} imports {name}"


def test_every_layer_is_in_the_tower():
    assert {layer_of(path) for path in FILES} == set(HEIGHT)
