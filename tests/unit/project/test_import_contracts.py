"""The import contracts hold (`make test` runs them on the package itself), and each one sees a violation."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CONTRACTS = {
    "Ground, theory, roof: imports go down": ("architectures/mlp.py", "from deeplimits import observables"),
    "Ground, reality, roof: imports go down": ("matrices/lazy.py", "import deeplimits.networks"),
    "Theory never imports reality, not even indirectly": ("kernels/__init__.py", "import deeplimits.sampling"),
    "Reality never imports theory, not even indirectly": ("networks/__init__.py", "import deeplimits.limits"),
    "Simulation uses the pointwise activation only": ("sampling/sample.py", "import deeplimits.activations.duals"),
    "No module imports the root package": ("statistics/estimate.py", "import deeplimits"),
    "Only figures draw": ("comparison/compare.py", "import matplotlib"),
}


def broken_contracts(folder: Path) -> set[str]:
    """Run the contracts on the package in ``folder`` and return the names of those that are broken."""
    shown = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as main; main()", "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": "", "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Contracts:" in shown.stdout, shown.stdout + shown.stderr
    return {name for name in CONTRACTS if f"{name} BROKEN" in shown.stdout}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    shutil.copy(ROOT / ".importlinter", tmp_path)
    shutil.copytree(ROOT / "src" / "deeplimits", tmp_path / "deeplimits", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_the_house_stands(package: Path) -> None:
    assert broken_contracts(package) == set()


def test_every_contract_sees_its_violation(package: Path) -> None:
    for file, line in CONTRACTS.values():
        path = package / "deeplimits" / file
        path.write_text(f"{path.read_text()}\n\ndef violate() -> None:\n    {line}\n")
    assert broken_contracts(package) == set(CONTRACTS)


def test_a_subpackage_without_a_place_is_refused(package: Path) -> None:
    (package / "deeplimits" / "helpers").mkdir()
    (package / "deeplimits" / "helpers" / "__init__.py").write_text("")
    assert broken_contracts(package) == {name for name in CONTRACTS if name.startswith("Ground")}
