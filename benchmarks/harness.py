"""Run variants of a computation by turns, each in a fresh process pinned to its cores, and sum up what they took."""

import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def cores():
    """The cores that this process may use."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else list(range(os.cpu_count() or 1))


def start(command, where):
    pin = ["taskset", "-c", ",".join(map(str, where))] if _has_taskset() else []
    quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2"}
    return subprocess.Popen([*pin, *map(str, command)], stdout=subprocess.PIPE, text=True, env=quiet)


def finish_lines(process):
    """Wait for a run; return the JSON object of each line that it printed."""
    out, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{process.args} ended with code {process.returncode}")
    return [json.loads(text) for text in out.splitlines()]


def finish(process):
    """Wait for a run; return the JSON object that it printed last."""
    return finish_lines(process)[-1]


def python_run(**spec):
    """The command of one run of `one_run`."""
    return [sys.executable, HERE / "one_run.py", json.dumps(spec)]


def alternate(variants, rounds=3, where=None):
    """Run the commands of ``variants`` by turns; return what each printed, one result per round."""
    results = {name: [] for name in variants}
    for _ in range(rounds):
        for name, command in variants.items():
            results[name].append(finish(start(command, where or cores()[-1:])))
    return results


def together(commands):
    """Run ``commands`` at the same time, each on a core of its own."""
    processes = [start(command, [core]) for command, core in zip(commands, cores(), strict=False)]
    return [finish(process) for process in processes]


def times(results, clock="cpu"):
    """Seconds of every repeat of every round."""
    return [run[clock] for result in results for run in result["runs"]]


def median_and_spread(values):
    """The median, and half the distance of the quartiles, relative to it."""
    middle = statistics.median(values)
    if len(values) < 4:
        return middle, (max(values) - min(values)) / 2 / middle
    quarters = statistics.quantiles(values, n=4)
    return middle, (quarters[2] - quarters[0]) / 2 / middle


def line(quantity, asked, measured, met=None, detail=""):
    """One line of the results: what, what was asked, what was measured, whether that meets it."""
    return {"quantity": quantity, "asked": asked, "measured": measured, "met": met, "detail": detail}


def machine():
    """What runs here, without its name."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = [line.split(":")[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
        model = lines[0] if lines else model
    return f"{model}, {len(cores())} cores, {platform.system()}, Python {platform.python_version()}"


def _has_taskset():
    from shutil import which

    return which("taskset") is not None
