"""The wheel is complete: built, installed in a clean environment, and its command run there; no network is needed."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def quietly(*command: str | Path, **options: object) -> str:
    done = subprocess.run(  # type: ignore[call-overload]
        [str(word) for word in command], capture_output=True, text=True, check=False, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def clean_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of an environment that holds the wheel, and sees the dependencies of this one."""
    folder = tmp_path_factory.mktemp("wheel")
    quietly(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
    (wheel,) = folder.glob("deeplimits-*.whl")
    venv.create(folder / "env", with_pip=False, symlinks=True)
    python = folder / "env" / "bin" / "python"
    quietly(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel)
    (site,) = (folder / "env" / "lib").glob("python*/site-packages")
    # A path added this way comes after the environment's own, and its .pth files (an editable install) are not read.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def run_clean(python: Path, *arguments: str | Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return quietly(*arguments, cwd=python.parent, env=environment)


def test_the_package_comes_from_the_wheel_with_its_data(clean_python: Path) -> None:
    code = "import deeplimits, pathlib; print(pathlib.Path(deeplimits.__file__).parent, deeplimits.__version__)"
    home, version = run_clean(clean_python, clean_python, "-c", code).split()
    assert Path(home).is_relative_to(clean_python.parents[1])
    assert f'version = "{version}"' in (ROOT / "pyproject.toml").read_text()
    for name in ("py.typed", "references.bib", "reports/templates/run.html", "reports/templates/style.css"):
        assert (Path(home) / name).is_file()
    packaged = {path.relative_to(home) for path in Path(home).rglob("*.py")}
    assert packaged == {path.relative_to(ROOT / "src/deeplimits") for path in (ROOT / "src/deeplimits").rglob("*.py")}


def test_the_command_runs(clean_python: Path) -> None:
    command = clean_python.with_name("deeplimits")
    assert "@article{" in run_clean(clean_python, command, "limits", "log-gaussian").lower()
    shown = run_clean(clean_python, command, "compare", "resnet", "--width", "9", "--depth", "3", "--networks", "200")
    assert "log-gaussian" in shown
