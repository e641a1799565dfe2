"""Experiment ``residual-regimes`` from the command: every claim of a quick run has the outcome declared for it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deeplimits.experiments import load


@pytest.mark.slow
def test_a_quick_run_is_never_surprised_and_decides_every_control(command: Callable[..., Any], tmp_path: Path) -> None:
    out = tmp_path / "quick"
    outcome = command("reproduce", "residual-regimes", "--scale", "quick", "--out", str(out), "--workers", "2")
    assert outcome.code == 0
    judged = {one["name"]: one for one in json.loads((out / "claims.json").read_text())}
    assert set(judged) == {claim.name for claim in load("residual-regimes").claims}
    assert [name for name, one in judged.items() if one["as_expected"] is False] == []
    assert {one["outcome"] for one in judged.values() if one["expected"] == "deviates"} == {"deviates"}
    undecided = [name for name, one in judged.items() if one["outcome"] == "undecided"]
    assert set(undecided) <= {"map-of-explosions", "critical-line"}, undecided
    figures = {file.stem for file in out.rglob("*.pdf")}
    assert {"independent-weights", "exact-moment", "log-normal", "smooth-weights", "map"} <= figures
