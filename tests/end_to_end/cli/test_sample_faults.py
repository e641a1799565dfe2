"""Runs on disk survive what befalls them: kill -9, Ctrl-C, more networks wanted, several machines."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from deeplimits.randomness import stable_hash
from deeplimits.sampling import Samples, load, merge
from deeplimits.sampling.states import States

Command = Callable[..., Any]
OBSERVABLES = ("log_squared_norm", "log_norm", "energy_fraction_covariance", "output_kurtosis")
RUN = ("sample", "mlp", "--width", "50", "--depth", "10", "--matrix", "chain", "--quiet")
RUN += tuple(word for name in OBSERVABLES for word in ("--observable", name))
BLOCK = 4096
NETWORKS = 40 * BLOCK + 1000  # the last block is a part of one
# Saved after every call, so that kills strike while a file is written too.
OFTEN = """
import sys
import deeplimits.sampling.advance as advance
advance._SECONDS_BETWEEN_CHECKPOINTS = 0.0
advance._NEURON_LAYERS_PER_CALL = 1.0
from deeplimits.cli.main import main
sys.argv[0] = "deeplimits"
main()
"""


def state_of(run: Samples) -> Any:
    """Everything that goes on, bit for bit: the states of whole blocks and of the rest, and the counts."""
    arrays = [
        (name, field, array.shape, array.tobytes())
        for part in (run.complete, run.rest)
        for name, states in part.by_name.items()
        for state in states
        for field, array in state.to_arrays().items()
    ]
    return arrays, run.num_networks, run.num_dead, run.first_network, run.observables


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start the command in a process of its own that saves often; what is left of it is ended."""
    started = []

    def begin(*arguments: object) -> subprocess.Popen[bytes]:
        words = [sys.executable, "-c", OFTEN, *map(str, arguments)]
        started.append(subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE))
        return started[-1]

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    """The run that nothing befell, saved once, at its end."""
    from deeplimits.cli.main import run

    out = tmp_path_factory.mktemp("whole") / "run"
    assert run([*RUN, "--networks", str(NETWORKS), "--out", str(out)]) == 0
    return load(out)


def wait_for_some(process: subprocess.Popen[bytes], out: Path) -> None:
    """Wait until blocks are saved while the process goes on."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        if (out / "run.json").exists() and "chain" in (out / "run.json").read_text():
            return
        time.sleep(0.005)
    pytest.fail(f"nothing was saved in time: {process.communicate()}")


def kill_until_whole(
    start: Callable[..., Any], whole: Samples, folder: Path, kills: int, seed: int, longest: float
) -> list[int]:
    """Kill runs of one folder at random moments, then let it finish; return what was found after each kill."""
    moments, found, out = random.Random(seed), [], folder / "run"
    while len(found) < kills:
        process = start(*RUN, "--networks", NETWORKS, "--out", out)
        wait_for_some(process, out)
        time.sleep(moments.uniform(0, longest))
        process.kill()
        process.communicate()
        if process.returncode == 0:  # it was faster: nothing was injected
            shutil.rmtree(out)
            continue
        assert process.returncode == -signal.SIGKILL
        found.append(load(out).num_networks)
        assert found[-1] < NETWORKS
    finished = start(*RUN, "--networks", NETWORKS, "--out", out)
    _, err = finished.communicate(timeout=120)
    assert finished.returncode == 0, err
    assert state_of(load(out)) == state_of(whole)
    left = sorted(path.name for path in out.iterdir() if path.suffix == ".npz" or path.name == "run.json")
    assert len(left) == 2
    return found


def test_kill_nine_at_random_moments(start: Callable[..., Any], whole: Samples, tmp_path: Path) -> None:
    found = kill_until_whole(start, whole, tmp_path, 2, stable_hash({"test": "kill the sampler"}), 0.5)
    assert max(found) > 0  # kills that find nothing saved would show nothing


@pytest.mark.slow
def test_twenty_kills(start: Callable[..., Any], whole: Samples, tmp_path: Path) -> None:
    for i in range(4):
        found = kill_until_whole(start, whole, tmp_path / str(i), 5, stable_hash({"twenty kills": i}), 0.6)
        assert sorted(found) == found and max(found) > 0


def test_an_interrupt_says_how_to_go_on_and_loses_nothing(
    start: Callable[..., Any], whole: Samples, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    process = start(*RUN, "--networks", NETWORKS, "--out", out)
    wait_for_some(process, out)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    shown, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert shown == b""
    assert err.decode() == f"deeplimits: interrupted; what was drawn is in {out}: the same command goes on there\n"
    assert 0 < load(out).num_networks < NETWORKS
    again = start(*RUN, "--networks", NETWORKS, "--out", out)
    assert (again.communicate(timeout=120)[1], again.returncode) == (b"", 0)
    assert state_of(load(out)) == state_of(whole)


def test_an_interrupt_between_two_blocks_keeps_those_before(
    command: Command, whole: Samples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "run"
    measured = []

    def interrupted(*arguments: Any) -> States:
        if len(measured) == 5:
            raise KeyboardInterrupt
        measured.append(States.of(*arguments))
        return measured[-1]

    with monkeypatch.context() as patch:
        patch.setattr("deeplimits.sampling.advance.States", SimpleNamespace(of=interrupted, empty=States.empty))
        outcome = command(*RUN, "--networks", str(NETWORKS), "--out", str(out))
    assert outcome.code == 130 and f"what was drawn is in {out}" in outcome.err
    assert load(out).num_networks == 5 * BLOCK
    assert command(*RUN, "--networks", str(NETWORKS), "--out", str(out)).code == 0
    assert state_of(load(out)) == state_of(whole)


def test_an_interrupt_before_anything_was_saved_says_so(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules["deeplimits.sampling.sample"], "choose", interrupted)
    outcome = command(*RUN, "--networks", str(NETWORKS), "--out", str(tmp_path / "run"))
    assert (outcome.code, outcome.err) == (130, "deeplimits: interrupted; nothing was written\n")
    assert list(tmp_path.iterdir()) == []


def test_more_networks_continue_the_run(command: Command, whole: Samples, tmp_path: Path) -> None:
    out = str(tmp_path / "run")
    few = 3 * BLOCK + 100
    loud = tuple(word for word in RUN if word != "--quiet")
    assert command(*loud, "--networks", str(few), "--out", out).code == 0
    before = load(out)
    assert before.num_networks == few < NETWORKS
    outcome = command(*loud, "--networks", str(NETWORKS), "--out", out)
    assert f"{few} networks were there, {NETWORKS - few} were drawn" in outcome.err
    assert state_of(load(out)) == state_of(whole) != state_of(before)


def test_a_run_that_is_there_is_shown_and_nothing_is_drawn(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "run"
    first = command(*RUN, "--networks", "500", "--out", str(out))
    written = {path.name: path.stat().st_mtime_ns for path in out.iterdir()}
    monkeypatch.setattr("deeplimits.sampling.advance.run_blocks", lambda *arguments: pytest.fail("networks were drawn"))
    for networks in ("500", "300"):
        assert command(*RUN, "--networks", networks, "--out", str(out)).out == first.out
    other = command(*RUN, "--networks", "500", "--seed", "1", "--out", str(out))
    assert other.code == 2 and "holds another run: seed is 0 there, 1 here; choose another folder" in other.err
    assert {path.name: path.stat().st_mtime_ns for path in out.iterdir()} == written


def test_runs_of_two_machines_merge(command: Command, whole: Samples, tmp_path: Path) -> None:
    first, second = str(tmp_path / "first"), str(tmp_path / "second")
    cut = 17 * BLOCK
    assert command(*RUN, "--networks", str(cut), "--out", first).code == 0
    rest = ("--networks", str(NETWORKS - cut), "--first-network", str(cut), "--out", second)
    assert command(*RUN, *rest).code == 0
    joined = merge(load(first), load(second))
    assert joined.num_networks == NETWORKS and joined.num_dead == whole.num_dead
    assert joined["log_squared_norm"].mean.value == pytest.approx(whole["log_squared_norm"].mean.value, rel=1e-12)
    assert joined["output_kurtosis"].mean.value == pytest.approx(whole["output_kurtosis"].mean.value, rel=1e-11)
    assert joined["energy_fraction_covariance"].values == pytest.approx(whole["energy_fraction_covariance"].values)
    own = command(*RUN, "--networks", str(NETWORKS - cut), "--out", str(tmp_path / "same"))
    assert own.code == 0  # control: the second machine without --first-network
    with pytest.raises(ValueError, match=f"ends at network {cut}, the second begins at 0"):
        merge(load(first), load(tmp_path / "same"))


MEMORY = """
import pathlib, re, resource, sys
import numpy as np
import deeplimits as dl

net = dl.MLP(width=10, depth=2, output_dim=1)
names = ("log_squared_norm", "log_norm_hidden")
hoard = []

def keep(done, total):  # as a sampler that kept the numbers of every network would
    hoard.append(np.ones((len(names), done - sum(numbers.shape[1] for numbers in hoard))))

def peak():  # where ru_maxrss counts the process that started this one too, Linux knows better
    status = pathlib.Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

for number in map(int, sys.argv[2:]):
    hoard.clear()
    progress = keep if sys.argv[1] == "hoard" else None
    dl.sample(net, num_networks=number, matrix="chain", observables=names, progress=progress)
    print(peak())
"""


def growth(how: str, first: int, then: int) -> float:
    """Return by how many MiB the peak of a process grows from one run to a longer one."""
    shown = subprocess.run(
        [sys.executable, "-c", MEMORY, how, str(10**4), str(first), str(then)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "JAX_PLATFORMS": "cpu"},
    ).stdout.split()
    return float(shown[2]) - float(shown[1])


def test_memory_does_not_grow_with_the_networks() -> None:
    """From 5·10⁵ networks, where sketches are nearly full, to 2·10⁶; their numbers alone would grow by 23 MiB."""
    assert growth("stream", 500_000, 2_000_000) < 27
    assert growth("hoard", 500_000, 2_000_000) > 27


@pytest.mark.slow
def test_memory_of_ten_million_networks_is_that_of_ten_thousand() -> None:
    """10⁷ networks take little more than 10⁴, the sketches that fill up: their numbers alone would be 153 MiB."""
    assert growth("stream", 10_000, 10_000_000) < 110
    assert growth("hoard", 10_000, 10_000_000) > 110
