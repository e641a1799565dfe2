"""``deeplimits sweep``: sample and compare whatever a TOML file describes."""

from __future__ import annotations

from pathlib import Path

from deeplimits.cli.run_options import RunOptions, print_json

EXAMPLE = """\
Example, with FILE holding these six lines:
  num_networks = 1000
  limits = ["log-gaussian"]
  [architecture]
  kind = "resnet"
  width = [10, 20]
  depth = [5, 10]

  deeplimits sweep FILE --out runs/mine"""


def sweep(file: Path, /, *, out: Path, options: RunOptions | None = None) -> int:
    """Sample and compare every architecture of a grid; run it again to go on from what is saved.

    Args:
        file: TOML file with num_networks, observables, limits, [architecture], [[cells]]; lists are axes.
        out: folder of the store; the same folder goes on where the last run ended.
        options: where to compute and what to show.
    """
    from deeplimits.cli.sweep_outcome import as_json, exit_code, failures_text
    from deeplimits.experiments.toml_file import read_sweep

    options = options or RunOptions()
    experiment = read_sweep(file)
    result = options.run(experiment, out=out)
    if options.json:
        print_json(as_json(result, experiment.name, None))
    else:
        from deeplimits.cli.sweep_table import sweep_table

        print("\n".join([sweep_table(result.table), *failures_text(result.failures), f"store: {result.folder}"]))
    return exit_code([result])
