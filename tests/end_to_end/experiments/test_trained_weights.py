"""Experiment ``trained-weights`` from the command: a quick run ends in its figures, and decides what it can."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deeplimits.experiments import load

# What the tanh networks show does not hang on luck; exponents of ReLU networks with these hyperparameters do.
CERTAIN = {"tanh-weights", "tanh-scale", "tanh-product", "tanh-increments", "tanh-is-an-ode", "tanh-is-a-linear-ode"}


@pytest.mark.slow
def test_a_quick_run_shows_the_ode_of_tanh_networks(command: Callable[..., Any], tmp_path: Path) -> None:
    out = tmp_path / "quick"
    outcome = command("reproduce", "trained-weights", "--scale", "quick", "--out", str(out), "--workers", "2")
    assert outcome.code in (0, 1)
    judged = {one["name"]: one for one in json.loads((out / "claims.json").read_text())}
    assert set(judged) == {claim.name for claim in load("trained-weights").claims}
    assert {name: judged[name]["outcome"] for name in CERTAIN} == dict.fromkeys(CERTAIN, "reproduced")
    figures = {file.stem for file in out.rglob("*.pdf")}
    assert {"exponents", "sizes", "changes", "hidden-paths", "losses-of-equations", "along-layers"} <= figures
