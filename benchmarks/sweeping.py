"""How fast the engine of sweeps is: the benchmarks of `sweeps_engine`, with what was asked of them."""

import sys

import harness
from harness import HERE, cores, line


def sweeps(options):
    asked = {"trivial": "≤ 5 ms a cell", "resume": "≤ 2 s", "workers": "≥ 1.8 ×", "dask": "≥ 90 %"}
    for name in asked:
        figures = harness.finish_lines(harness.start([sys.executable, HERE / "sweeps_engine.py", name], cores()))
        for figure in figures:
            kept = {key: value for key, value in figure.items() if key not in ("benchmark", "cores", "load", "note")}
            measured = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in kept.items())
            yield line(figure["benchmark"], asked[name], measured, None, figure.get("note", ""))


ROWS = (sweeps,)
