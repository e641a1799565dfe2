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

  deeplimits sweep FILE --out runs/mine

A list in place of a single value is an axis; x holds input vectors, input names
a file of them. A cell beside the grid says what differs from the single values:
  [[cells]]
  width = 100
  depth = 2"""


def sweep(file: Path, /, *, out: Path, options: RunOptions | None = None) -> int:
    """Sample and compare every architecture of a grid, and write its report; run it again to go on from what is saved.

    Args:
        file: TOML of num_networks, seed, matrix, observables, limits, tolerance, x or input, [architecture], [[cells]].
        out: folder of the store; the same folder goes on where the last run ended.
        options: where to compute and what to show.
    """
    from deeplimits.cli.sweep_outcome import as_json, exit_code, failures_text
    from deeplimits.experiments.toml_file import read_sweep

    options = options or RunOptions()
    experiment = read_sweep(file)
    result = options.run(experiment, out=out)
    if not options.json:
        from deeplimits.cli.sweep_table import sweep_table

        print("\n".join([sweep_table(result.table), *failures_text(result.failures), f"store: {result.folder}"]))
    from deeplimits.reports import write_report
    from deeplimits.sweeps import Store

    page = write_report(Store.open(result.folder), experiment)
    if options.json:
        print_json({**as_json(result, experiment.name, None), "report": str(page)})
    else:
        print(f"report: {page}")
    return exit_code([result])
