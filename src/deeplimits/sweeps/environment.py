"""What a result was computed with: versions that can change its numbers, and the device."""

from __future__ import annotations

import importlib.metadata
import platform
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from deeplimits.randomness import stable_hash


def versions(libraries: Iterable[str]) -> dict[str, str]:
    """Return Python's version and that of each library; one that is not installed is ``absent``."""
    found = {"python": platform.python_version()}
    for name in libraries:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "absent"
    return found


def environment_id(found: Mapping[str, str]) -> str:
    """Return the id of these versions but Python's, which changes no numbers."""
    return f"{stable_hash({name: value for name, value in found.items() if name != 'python'}):016x}"


def device() -> str:
    """Return what numbers are computed on: the accelerator if this process uses JAX, and the kind of machine."""
    jax = sys.modules.get("jax")
    kind = jax.devices()[0].device_kind if jax is not None else "cpu"
    return f"{kind} {platform.machine()}"


def machine() -> dict[str, str]:
    """Return host, operating system and processor, JSON-ready."""
    return {"host": platform.node(), "platform": platform.platform(), "processor": _processor()}


def commit() -> str | None:
    """Return the commit of the source tree that this package runs from, or None for an installed package."""
    here = Path(__file__)
    tracked = _git(here.parent, "ls-files", "--error-unmatch", here.name)
    head = _git(here.parent, "rev-parse", "HEAD")
    if not tracked or not head:
        return None
    return f"{head}, with changes" if _git(here.parent, "status", "--porcelain", "--untracked-files=no") else head


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
