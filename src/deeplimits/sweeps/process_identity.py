"""Which process this is, so that another one can tell later whether it is still running."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def this_process() -> dict[str, Any]:
    """Return host, boot, process number and the moment it started, JSON-ready."""
    return {"host": platform.node(), "boot": _boot(), "pid": os.getpid(), "started": _start_of(os.getpid())}


def is_here(process: Mapping[str, Any]) -> bool:
    """Whether ``process`` ran on this machine, perhaps before it was started again, or in a container on it."""
    return process.get("host") == platform.node() or process.get("boot") == _boot() != ""


def is_running(process: Mapping[str, Any]) -> bool:
    """Whether ``process`` still runs here: process numbers are used again, moments are not."""
    pid = process.get("pid")
    same_numbers = process.get("host") == platform.node() and process.get("boot") == _boot()
    return same_numbers and isinstance(pid, int) and process.get("started") == _start_of(pid) != ""


def _boot() -> str:
    """Return a name for the time since this machine was started, or an empty string where there is none."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def _start_of(pid: int) -> str:
    """Return when process ``pid`` started, or an empty string if there is none (a zombie is none)."""
    try:
        # The name in brackets may hold spaces; state is the first and start time the twentieth word after it.
        words = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return "" if Path("/proc/self/stat").exists() else _start_by_ps(pid)
    return "" if words[0] in "ZX" else words[19]


def _start_by_ps(pid: int) -> str:
    shown = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return " ".join(shown.stdout.split())
