"""Experiment ``inherited-regularity`` from the command."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deeplimits.experiments import load

FIGURES = {"weight-paths", "regularity", "accuracy-map"}


def judged(command: Callable[..., Any], out: Path, scale: str, workers: str) -> dict[str, Any]:
    outcome = command("reproduce", "inherited-regularity", "--scale", scale, "--out", str(out), "--workers", workers)
    assert outcome.code == 0
    assert {file.stem for file in out.rglob("*.pdf")} >= FIGURES
    found = {one["name"]: one for one in json.loads((out / "claims.json").read_text())}
    assert set(found) == {claim.name for claim in load("inherited-regularity").claims}
    assert [name for name, one in found.items() if one["as_expected"] is False] == []
    assert {one["outcome"] for one in found.values() if one["expected"] == "deviates"} == {"deviates"}
    return found


@pytest.mark.slow
def test_a_demo_run_is_never_surprised_and_decides_every_control(command: Callable[..., Any], tmp_path: Path) -> None:
    found = judged(command, tmp_path / "demo", "demo", "0")
    decided = {name for name, one in found.items() if one["outcome"] == "reproduced"}
    assert {"rough-stays-rough", "smooth-stays-smooth", "inherited", "moved", "chance-when-exploding"} <= decided


@pytest.mark.slow
def test_a_quick_run_decides_every_claim_as_expected(command: Callable[..., Any], tmp_path: Path) -> None:
    found = judged(command, tmp_path / "quick", "quick", "2")
    assert {one["outcome"] for one in found.values()} == {"reproduced", "deviates"}
