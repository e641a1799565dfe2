"""Experiment ``mean-field-resnet`` from the command: every claim of a quick run has the outcome declared for it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deeplimits.experiments import load


@pytest.mark.slow
def test_a_quick_run_is_never_surprised_and_decides_every_claim(command: Callable[..., Any], tmp_path: Path) -> None:
    out = tmp_path / "quick"
    outcome = command("reproduce", "mean-field-resnet", "--scale", "quick", "--out", str(out), "--workers", "2")
    assert outcome.code == 0
    judged = {one["name"]: one for one in json.loads((out / "claims.json").read_text())}
    assert set(judged) == {claim.name for claim in load("mean-field-resnet").claims}
    assert {name: one["outcome"] for name, one in judged.items()} == {
        claim.name: claim.expected for claim in load("mean-field-resnet").claims
    }
    figures = {file.stem for file in out.rglob("*.pdf")}
    assert {"forward", "kernel", "training", "loss-bound"} <= figures
