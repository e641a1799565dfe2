import subprocess
import sys

import pytest

from deeplimits import sweeps


@pytest.mark.parametrize("name", sweeps.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(sweeps, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"module 'deeplimits.sweeps' has no attribute 'Cells'"):
        _ = sweeps.Cells
    assert set(sweeps._HOME) == set(sweeps.__all__)


def test_a_worker_starts_light() -> None:
    code = (
        "import sys, deeplimits.sweeps.executors.worker, deeplimits.sweeps.executors.perform;"
        "from deeplimits.sweeps import Cell, Claim, Experiment, Grid;"
        "print(sorted({'numpy', 'polars', 'jax', 'scipy', 'rich', 'distributed'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
