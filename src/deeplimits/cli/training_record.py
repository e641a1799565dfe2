"""What ``deeplimits train deep-resnet`` wrote beside the weights: what was trained on which data, and how it ended."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def training_record(weights: Path) -> dict[str, Any] | None:
    """Return the record of a training beside a file of weights; None if there is none, or none of ours."""
    path = weights.with_suffix(".training.json")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {"settings": dict(content["settings"]), "depths": list(content["depths"])}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def unconverged(record: dict[str, Any], depths: list[int]) -> str | None:
    """Return in words which networks of these depths ended otherwise than converged; None if all did."""
    ended = [
        f"depth {one['depth']}: {reason}"
        for one in record["depths"]
        if one.get("depth") in depths
        for reason in one.get("stopped", ())
        if reason not in ("converged", "diverged")  # diverged ones are not in the file
    ]
    if not ended:
        return None
    shown = ", ".join(ended[:4]) + (", …" if len(ended) > 4 else "")
    return f"{len(ended)} of the networks did not converge ({shown}): they count like the others"
