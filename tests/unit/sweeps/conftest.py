"""The toy experiments, and running them in a folder."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deeplimits.experiments import load
from deeplimits.sweeps import Event, Experiment, Inline, SweepResult, run_sweep

TOYS = Path(__file__).parents[2] / "toy_experiments.py"


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Experiment]:
    """Return a toy experiment by its class name; what its cells mark lies in ``tmp_path / "marks"``."""
    monkeypatch.setenv("TOY_MARKS", str(tmp_path / "marks"))
    monkeypatch.setenv("TOY_PAUSE", "0")
    return lambda name: load(f"{TOYS}:{name}")


@pytest.fixture
def events() -> list[Event]:
    return []


@pytest.fixture
def run(tmp_path: Path, events: list[Event]) -> Callable[..., SweepResult]:
    """Run an experiment in this process, in ``tmp_path / "run"`` unless told otherwise."""

    def run_here(experiment: Experiment, grid: Any = None, **options: Any) -> SweepResult:
        chosen = {"out": tmp_path / "run", "executor": Inline(), "observer": events.append, **options}
        return run_sweep(experiment, experiment.grid("quick") if grid is None else grid, **chosen)

    return run_here
