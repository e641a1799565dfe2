import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from deeplimits.sweeps.lock import StoreLockedError, holder, locked
from deeplimits.sweeps.process_identity import is_here, is_running, this_process

HOLD = """
import sys, time
from pathlib import Path
from deeplimits.sweeps.lock import locked
with locked(Path(sys.argv[1])) as found:
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def other(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Return a process that holds the lock."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path / "lock")], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_it_says_who_holds_it_and_is_gone_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with locked(path) as found:
        assert found == ""
        assert holder(path)["pid"] == os.getpid()
    assert not path.exists()
    assert holder(path) == {}


def test_a_second_runner_is_stopped(tmp_path: Path, other) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "lock"
    assert holder(path)["pid"] == other.pid
    said = rf"is being written by another run \(process {other.pid} on "
    with pytest.raises(StoreLockedError, match=said), locked(path):
        pytest.fail("two runners hold the lock")
    assert holder(path)["pid"] == other.pid


def test_a_killed_runner_does_not_leave_it_shut(tmp_path: Path, other) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "lock"
    other.kill()
    other.wait()
    assert path.exists()
    assert holder(path) == {}
    with locked(path) as found:
        assert found.startswith(f"the last run (process {other.pid} on ")
        assert found.endswith("was killed; going on from what it saved")
    assert not path.exists()


def test_an_error_inside_opens_it(tmp_path: Path) -> None:
    with pytest.raises(KeyError), locked(tmp_path / "lock"):
        raise KeyError
    assert not (tmp_path / "lock").exists()


def test_another_machine_is_not_overruled(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.write_text(json.dumps({"host": "elsewhere", "boot": "other", "pid": 1, "started": "1"}))
    assert holder(path)["host"] == "elsewhere"
    said = r"on another machine \(process 1 on elsewhere\) that did not end"
    with pytest.raises(StoreLockedError, match=said), locked(path):
        pytest.fail("the lock of another machine was taken")
    assert path.exists()


@pytest.mark.parametrize("content", ["", "not json", "[]", "{}"])
def test_a_damaged_lock_is_taken(tmp_path: Path, content: str) -> None:
    (tmp_path / "lock").write_text(content)
    with locked(tmp_path / "lock") as found:
        assert found == ""


def test_a_process_number_used_again_is_another_process() -> None:
    mine = this_process()
    assert is_running(mine)
    assert is_here(mine)
    assert not is_running({**mine, "started": "long ago"})
    assert not is_running({**mine, "boot": "before the machine was started again"})
    assert not is_running({**mine, "pid": 2**22 + 1})


def test_a_container_on_this_machine_is_here_and_another_machine_is_not() -> None:
    mine = this_process()
    assert is_here({**mine, "host": "container"})
    assert not is_here({**mine, "host": "elsewhere", "boot": "other"})
