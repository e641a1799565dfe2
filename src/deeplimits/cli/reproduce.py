"""``deeplimits reproduce``: run a paper's experiment and judge its claims."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from deeplimits.cli.numbers import whole_number
from deeplimits.cli.run_options import Flag, RunOptions, print_json

if TYPE_CHECKING:
    from deeplimits.sweeps import Experiment, SweepResult

EXAMPLE = """\
Examples:
  deeplimits reproduce --list
  deeplimits reproduce mlp-log-norm --scale demo --out runs/demo"""
DEMO_NOTE = "scale demo is a smoke run of a few cells: most claims stay undecided"


def reproduce(
    name: str | None = None,
    /,
    *,
    list: Flag = False,
    all: Flag = False,
    scale: str = "quick",
    out: Path | None = None,
    seed: Annotated[int, Parameter(converter=whole_number)] = 0,
    options: RunOptions | None = None,
) -> int:
    """Run a paper's experiment and judge its claims; run it again to go on from what is saved.

    Args:
        name: an experiment of the list, or FILE.py:CLASS for one of yours.
        list: list the experiments.
        all: run every experiment, each in a folder of its name below --out.
        scale: demo (smoke), quick (minutes) or paper.
        out: folder of the store; the same folder goes on where the last run ended.
        seed: seed of the random numbers.
        options: where to compute and what to show.
    """
    from deeplimits.cli.sweep_outcome import as_json, exit_code
    from deeplimits.experiments import load, names
    from deeplimits.sweeps.experiment import checked_scale

    if list:
        print("\n\n".join(_about(load(known)) for known in names()))
        return 0
    if (name is None) != all:
        raise ValueError("give the name of one experiment, or --all, or --list")
    if out is None:
        raise ValueError("give --out, the folder for the results")
    options, scale = options or RunOptions(), checked_scale(scale)
    chosen = {out: load(name)} if name is not None else {out / known: load(known) for known in names()}
    results = []
    for folder, experiment in chosen.items():
        results.append(options.run(experiment, out=folder, scale=scale, seed=seed))
        if not options.json:
            print(_outcome(experiment, results[-1], scale))
    if options.json:
        documents = [as_json(result, e.name, scale) for e, result in zip(chosen.values(), results, strict=True)]
        print_json(documents[0] if name is not None else {"experiments": documents})
    if scale == "demo" and not options.quiet:
        print(DEMO_NOTE, file=sys.stderr)
    return exit_code(results)


def _about(experiment: Experiment) -> str:
    """Return what an experiment shows, its claims, its reference, and how long each scale takes on one core."""
    from deeplimits.cli.bibliography import citation
    from deeplimits.cli.layout import labelled
    from deeplimits.sweeps import SCALES
    from deeplimits.sweeps.experiment import resolve

    lines = [experiment.name, labelled("shows", experiment.title)]
    lines += [labelled("reference", citation(key)) for key in experiment.references]
    for scale in SCALES:
        cells = resolve(experiment, experiment.grid(scale))
        seconds = sum(experiment.cost(cell) for cell in cells)
        lines.append(labelled(scale, f"{len(cells)} cells, roughly {_duration(seconds)} on one core"))
    for claim in experiment.claims:
        expected = "" if claim.expected == "reproduced" else " (declared to deviate)"
        lines.append(labelled("claim", f"{claim.name}{expected}: {claim.statement}"))
    return "\n".join(lines)


def _outcome(experiment: Experiment, result: SweepResult, scale: str) -> str:
    from deeplimits.cli.sweep_outcome import failures_text, judgement_text

    lines = [f"{experiment.name} at scale {scale}: {experiment.title}", ""]
    lines += [f"{judgement_text(judgement)}\n" for judgement in result.judgements]
    return "\n".join([*lines, *failures_text(result.failures), f"store: {result.folder}"])


def _duration(seconds: float) -> str:
    unit, name = (3600.0, "h") if seconds >= 5400 else (60.0, "min") if seconds >= 90 else (1.0, "s")
    return f"{seconds / unit:.0f} {name}"
