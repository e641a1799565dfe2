"""Experiment ``trained-convolutions`` from the command: every claim of a quick run has the outcome declared for it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.slow
def test_a_quick_run_is_never_surprised_and_decides_every_control(command: Callable[..., Any], tmp_path: Path) -> None:
    out = tmp_path / "quick"
    outcome = command("reproduce", "trained-convolutions", "--scale", "quick", "--out", str(out), "--workers", "2")
    assert outcome.code == 0
    judged = {one["name"]: one for one in json.loads((out / "claims.json").read_text())}
    tested = {name: one for name, one in judged.items() if one["outcome"] != "not tested"}
    assert {"stand-in-learned", "stand-in-sparse", "stand-in-initial", "ordinary-differential-equation"} == set(tested)
    assert [name for name, one in tested.items() if one["as_expected"] is False] == []
    assert {one["outcome"] for one in tested.values() if one["expected"] == "deviates"} == {"deviates"}
    assert tested["stand-in-sparse"]["outcome"] == "reproduced"
    assert "a stand-in for CIFAR-10" in (out / "report.html").read_text()
    assert {"norms", "sums-and-increments", "training"} <= {file.stem for file in out.rglob("*.pdf")}
