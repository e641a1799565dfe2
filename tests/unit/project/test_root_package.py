import importlib
import subprocess
import sys

import pytest

import deeplimits

HEAVY = {"numpy", "jax", "jaxlib", "scipy", "matplotlib", "rich", "cyclopts", "equinox", "torch", "dask", "sklearn"}


def modules_after(code: str) -> set[str]:
    """Return the modules that a fresh interpreter has imported after running ``code``."""
    shown = subprocess.run(
        [sys.executable, "-c", f"import sys; before = set(sys.modules)\n{code}\nprint(*set(sys.modules) - before)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(shown.stdout.split())


def test_importing_the_root_imports_nothing_else_of_weight() -> None:
    imported = modules_after("import deeplimits")
    assert "deeplimits" in imported
    assert not [name for name in imported if name.startswith("deeplimits.")]
    assert not imported & HEAVY


def test_import_is_fast() -> None:
    # Processor time, which other processes on the machine do not lengthen.
    code = "import time; start = time.process_time(); import deeplimits; print(time.process_time() - start)"
    assert float(subprocess.check_output([sys.executable, "-c", code])) < 0.3


def test_making_an_architecture_imports_no_jax() -> None:
    imported = modules_after("import deeplimits; deeplimits.ResNet(width=10, depth=3)")
    assert "deeplimits.architectures" in imported
    assert not imported & {"jax", "matplotlib", "rich", "scipy.stats"}


@pytest.mark.parametrize("name", deeplimits.__all__)
def test_every_public_name_exists_and_is_listed(name: str) -> None:
    assert getattr(deeplimits, name) is not None
    assert name in dir(deeplimits)


def test_a_name_is_the_one_of_its_home() -> None:
    for name, home in deeplimits._HOME.items():
        assert getattr(deeplimits, name) is getattr(importlib.import_module(f"deeplimits.{home}"), name)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'deeplimits' has no attribute 'predicted'"):
        _ = deeplimits.predicted  # type: ignore[attr-defined]


def test_the_version_is_the_installed_one() -> None:
    from importlib.metadata import version

    assert deeplimits.__version__ == version("deeplimits")
