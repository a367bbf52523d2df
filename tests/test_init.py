"""The package's public names: all of them there, none shadowed, nothing heavy imported before it is used."""

import subprocess
import sys
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import pytest

import symcircuits

LAZY = sorted(symcircuits.HOMES)


@pytest.mark.parametrize("name", LAZY)
def test_a_public_name_is_what_its_module_defines(name: str) -> None:
    home = import_module(symcircuits.HOMES[name])
    value = getattr(symcircuits, name)
    assert value is getattr(home, name)
    assert isinstance(value, ModuleType) == (name in symcircuits.PACKAGES)
    assert symcircuits.__dict__[name] is value


def test_the_lists_of_names_agree() -> None:
    assert sorted(symcircuits.__all__) == sorted([*LAZY, "__version__"])
    assert set(symcircuits.__all__) <= set(dir(symcircuits))


def test_no_name_is_that_of_a_module_in_the_package() -> None:
    assert not {module.name for module in iter_modules(symcircuits.__path__)} & set(symcircuits.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'symcircuits' has no attribute 'nothing'"):
        symcircuits.nothing  # noqa: B018


def loaded(code: str) -> set[str]:
    """The top-level modules loaded after running the code in a new interpreter."""
    program = f"import sys\n{code}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_importing_the_package_imports_nothing_else() -> None:
    program = "import sys; import symcircuits; print(*(n for n in sys.modules if n.startswith('symcircuits')))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == {"symcircuits", "symcircuits.version"}


@pytest.mark.parametrize("code", ["from symcircuits import check", "from symcircuits import prove; prove('x == x')"])
def test_kernel_and_provers_need_the_standard_library_only(code: str) -> None:
    assert not loaded(code) & {"sympy", "numpy", "hypothesis", "click", "rich"}
