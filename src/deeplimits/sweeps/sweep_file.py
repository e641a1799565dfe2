"""The text of ``sweep.toml``: what is swept, readable by a person and complete."""

from __future__ import annotations

import tomli_w

from deeplimits.sweeps.experiment import Experiment
from deeplimits.sweeps.grid import Grid
from deeplimits.sweeps.store import GRID_MARK, SCHEMA


def sweep_text(experiment: Experiment, grid: Grid, *, scale: str | None, seed: int, num_cells: int) -> str:
    """Return the text: the head (experiment, seed, claims), then the grid as products and explicit cells."""
    head = {
        "schema": SCHEMA,
        "experiment": experiment.name,
        "version": experiment.version,
        "title": experiment.title,
        **({"loaded_from": experiment.loaded_from} if experiment.loaded_from else {}),
        **({} if scale is None else {"scale": scale}),
        "seed": seed,
        "num_cells": num_cells,
        "references": list(experiment.references),
        "columns": list(experiment.columns),
        "settings": dict(experiment.settings()),
        "claim": [claim.declaration() for claim in experiment.claims],
    }
    return f"{tomli_w.dumps(head)}\n{GRID_MARK}\n\n{tomli_w.dumps(grid.to_dict())}"
