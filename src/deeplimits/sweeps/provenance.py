"""Where a store's numbers come from: versions, machine, commit, and every run with its command and times."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deeplimits.sweeps.environment import commit, environment_id, machine, versions
from deeplimits.sweeps.experiment import Experiment
from deeplimits.sweeps.store import SCHEMA


def begin_run(
    earlier: Mapping[str, Any], experiment: Experiment, *, seed: int, command: str, workers: int, reused: int
) -> dict[str, Any]:
    """Return the provenance of a store in which a run begins.

    Args:
        earlier: the provenance so far; empty for a new store.
        experiment: what is computed.
        seed: the public seed.
        command: what the user typed.
        workers: cells computed at once.
        reused: cells found finished.
    """
    found = versions(experiment.libraries)
    run = {
        "command": command,
        "started": now(),
        "ended": None,
        "outcome": "running or killed",
        "workers": workers,
        "reused": reused,
        "computed": 0,
        "failed": 0,
        "environment": environment_id(found),
        "commit": commit(),
        **machine(),
    }
    return {
        "schema": SCHEMA,
        "experiment": experiment.name,
        "version": experiment.version,
        "seed": seed,
        "environments": {**earlier.get("environments", {}), environment_id(found): found},
        "runs": [*earlier.get("runs", []), run],
    }


def end_run(provenance: Mapping[str, Any], outcome: str, *, computed: int, failed: int) -> dict[str, Any]:
    """Return ``provenance`` with its last run ended."""
    *before, last = provenance["runs"]
    ended = {**last, "ended": now(), "outcome": outcome, "computed": computed, "failed": failed}
    return {**provenance, "runs": [*before, ended]}


def differences(provenance: Mapping[str, Any], then: str, present: Mapping[str, str]) -> str:
    """Return in words how the versions ``present`` differ from those with id ``then``."""
    past = provenance.get("environments", {}).get(then)
    if not isinstance(past, Mapping):
        return "versions that provenance.json does not name"
    names = [name for name in {**past, **present} if name != "python" and past.get(name) != present.get(name)]
    return ", ".join(f"{name} {past.get(name, 'absent')} (now {present.get(name, 'absent')})" for name in names)


def now() -> str:
    """Return the present time."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def command_line() -> str:
    """Return what the user typed, or ``Python`` in a session without arguments."""
    import shlex

    if Path(sys.argv[0]).stem in ("deeplimits", "__main__"):
        return shlex.join(["deeplimits", *sys.argv[1:]])
    return shlex.join(["python", *sys.argv]) if any(sys.argv) else "Python"
