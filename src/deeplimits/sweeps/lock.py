"""The lock that stops two runners of one store, and that a killed runner does not leave shut."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deeplimits.sweeps.process_identity import is_here, is_running, this_process


class StoreLockedError(ValueError):
    """Say that another process is writing to the store, and which."""


@contextlib.contextmanager
def locked(path: Path) -> Iterator[str]:
    """Hold the lock at ``path`` while the block runs.

    The operating system's own lock decides between processes of one machine, and vanishes with the process. The file's
    content says who holds it, which decides where the system's locks do not reach: between machines.

    Yields:
        What was found: a sentence about the runner that left the lock behind, or an empty string.

    Raises:
        StoreLockedError: another runner holds it, or may hold it on another machine.
    """
    file = _open_current(path)
    try:
        found = _check(path, _read(file))
        os.ftruncate(file, 0)
        os.pwrite(file, json.dumps(this_process()).encode(), 0)
        os.fsync(file)
        yield found
        # Removed while it is held: whoever opened it meanwhile finds it replaced, and opens the new one.
        path.unlink(missing_ok=True)
    except BaseException:
        if _read(file) and _read(file).get("pid") == os.getpid():
            path.unlink(missing_ok=True)
        raise
    finally:
        os.close(file)


def holder(path: Path) -> dict[str, Any]:
    """Return who is running, or an empty mapping; a runner on another machine counts as running."""
    try:
        process: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return process if not is_here(process) or is_running(process) else {}


def _open_current(path: Path) -> int:
    """Return the open file at ``path`` with the system's lock on it."""
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            owner = _read(file)
            os.close(file)
            raise StoreLockedError(
                f"{path.parent} is being written by another run ({_words(owner)}); wait for it to end, or stop it"
            ) from None
        with contextlib.suppress(OSError):
            if os.path.samestat(os.fstat(file), os.stat(path)):
                return file
        os.close(file)


def _check(path: Path, owner: dict[str, Any]) -> str:
    if not owner:
        return ""
    if not is_here(owner):
        raise StoreLockedError(
            f"{path.parent} was last written by a run on another machine ({_words(owner)}) that did not end; "
            f"if it no longer runs there, delete {path} and run again"
        )
    if is_running(owner) and owner.get("pid") != os.getpid():
        raise StoreLockedError(f"{path.parent} is being written by another run ({_words(owner)}); wait for it to end")
    return f"the last run ({_words(owner)}) was killed; going on from what it saved"


def _words(owner: dict[str, Any]) -> str:
    return f"process {owner.get('pid', '?')} on {owner.get('host', '?')}"


def _read(file: int) -> dict[str, Any]:
    try:
        content = json.loads(os.pread(file, 4096, 0))
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
