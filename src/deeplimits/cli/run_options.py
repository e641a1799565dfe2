"""The options of every command that runs a sweep, and running it with them."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from deeplimits.cli.numbers import whole_number

if TYPE_CHECKING:
    from deeplimits.sweeps import Executor, Experiment, SweepResult

Flag = Annotated[bool, Parameter(negative=(), show_default=False)]
WholeNumber = Annotated[int | None, Parameter(converter=whole_number)]


@Parameter(name="*")
@dataclass(frozen=True)
class RunOptions:
    """Hold where a sweep is computed and what is shown of it.

    Args:
        workers: processes of this machine, each pinned to a core; one per core by default, 0 for none but this one.
        scheduler: compute on a Dask cluster, as tcp://host:8786.
        timeout: seconds after which a cell counts as hanging; at least 600 by default.
        mix_versions: keep cells that other versions of the libraries have computed.
        json: print one JSON object instead of the text, and progress as JSON events.
        quiet: show no progress and no notes.
    """

    workers: WholeNumber = None
    scheduler: str | None = None
    timeout: float | None = None
    mix_versions: Flag = False
    json: Flag = False
    quiet: Flag = False

    def executor(self) -> Executor:
        """Return where to compute.

        Raises:
            ValueError: both workers and a scheduler are given, a number is out of range, or no scheduler answers.
        """
        from deeplimits.experiments.sweep import as_executor
        from deeplimits.validation import positive_number

        if self.timeout is not None:
            positive_number("timeout", self.timeout)
        if self.scheduler is None:
            if self.workers is not None and self.workers < 0:
                raise ValueError(f"workers must be at least 0 (none but this process), got {self.workers}")
            return as_executor("inline" if self.workers == 0 else self.workers)
        if self.workers is not None:
            raise ValueError("--workers is for this machine and --scheduler has its own workers; give one of them")
        return as_executor(self.scheduler if "://" in self.scheduler else f"tcp://{self.scheduler}")

    def run(self, experiment: Experiment, *, out: Path, scale: str | None = None, seed: int = 0) -> SweepResult:
        """Run the sweep, showing how far it is."""
        from deeplimits.sweeps import run_sweep
        from deeplimits.sweeps.progress import show_sweep

        executor = self.executor()
        with show_sweep(quiet=self.quiet, as_json=self.json) as observer:
            return run_sweep(
                experiment,
                experiment.grid(scale or "quick"),
                out=out,
                executor=executor,
                seed=seed,
                scale=scale,
                time_limit=self.timeout,
                mix_versions=self.mix_versions,
                observer=observer,
            )


def print_json(content: Mapping[str, Any]) -> None:
    """Print one JSON object."""
    print(json.dumps(content, allow_nan=False))


def print_note(sentence: str) -> None:
    """Say beside the results what a person should know."""
    print("deeplimits:", sentence, file=sys.stderr)
