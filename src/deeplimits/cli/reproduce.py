"""``deeplimits reproduce``: run a paper's experiment and judge its claims."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from deeplimits.cli.numbers import whole_number
from deeplimits.cli.run_options import Flag, RunOptions, print_json, print_note

if TYPE_CHECKING:
    from deeplimits.sweeps import Experiment, SweepResult

EXAMPLE = """\
Examples:
  deeplimits reproduce --list
  deeplimits reproduce mlp-log-norm --scale demo --out runs/demo
  deeplimits reproduce width-scalings --scale demo --data digits --out runs/scalings"""
DEMO_NOTE = "scale demo is a smoke run of a few cells: most claims stay undecided or are not tested"


def reproduce(
    name: str | None = None,
    /,
    *,
    list: Flag = False,
    all: Flag = False,
    scale: str = "quick",
    data: str | None = None,
    data_dir: Path | None = None,
    out: Path | None = None,
    seed: Annotated[int, Parameter(converter=whole_number)] = 0,
    options: RunOptions | None = None,
) -> int:
    """Run a paper's experiment, judge its claims and write its report; run it again to go on from what is saved.

    Args:
        name: an experiment of the list, or FILE.py:CLASS for one of yours.
        list: list the experiments.
        all: run every experiment, each in a folder of its name below --out.
        scale: demo (smoke), quick (minutes) or paper.
        data: data to train on, for experiments that train: mnist, digits, synthetic, cifar2 or cifar10.
        data_dir: folder of your copy of CIFAR-10.
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
    settings = {key: value for key, value in (("data", data), ("data_dir", data_dir)) if value is not None}
    if settings and all:
        raise ValueError("--data and --data-dir are for one experiment: give its name in place of --all")
    if data_dir is not None and not data_dir.is_dir():
        raise ValueError(
            f"--data-dir must be the folder with your copy of the data, got {str(data_dir)!r}, which is none"
        )
    chosen = {out: load(name, **settings)} if name is not None else {out / known: load(known) for known in names()}
    results = []
    for folder, experiment in chosen.items():
        results.append(options.run(experiment, out=folder, scale=scale, seed=seed))
        if not options.json:
            print(_outcome(experiment, results[-1], scale))
    page = _write_pages(out, chosen, single=name is not None)
    if options.json:
        documents = [as_json(result, e.name, scale) for e, result in zip(chosen.values(), results, strict=True)]
        content = documents[0] if name is not None else {"experiments": documents}
        print_json({**content, "report": str(page)})
    else:
        print(f"report: {page}")
    if scale == "demo" and not options.quiet:
        print(DEMO_NOTE, file=sys.stderr)
    return exit_code(results)


def _write_pages(out: Path, chosen: Mapping[Path, Experiment], *, single: bool) -> Path:
    """Write the report of every run, and the index over several; return the page to start from."""
    from deeplimits.reports import write_index, write_report
    from deeplimits.sweeps import Store

    if not single:
        return write_index(out, [Store.open(folder) for folder in chosen])
    ((folder, experiment),) = chosen.items()
    return write_report(Store.open(folder), experiment, note=print_note)


def _about(experiment: Experiment) -> str:
    """Return what an experiment shows, its claims, its reference, and how long each scale takes on one core."""
    from deeplimits.cli.layout import labelled
    from deeplimits.reports.bibliography import citation
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
    from deeplimits.cli.layout import labelled
    from deeplimits.cli.sweep_outcome import failures_text, judgement_text

    lines = [f"{experiment.name} at scale {scale}: {experiment.title}", ""]
    tested = [judgement for judgement in result.judgements if judgement.outcome != "not tested"]
    lines += [f"{judgement_text(judgement)}\n" for judgement in tested]
    others = [judgement.claim.name for judgement in result.judgements if judgement.outcome == "not tested"]
    if others:
        lines += [labelled("not tested at this scale", ", ".join(others)), ""]
    return "\n".join([*lines, *failures_text(result.failures), f"store: {result.folder}"])


def _duration(seconds: float) -> str:
    unit, name = (3600.0, "h") if seconds >= 5400 else (60.0, "min") if seconds >= 90 else (1.0, "s")
    return f"{seconds / unit:.0f} {name}"
