"""``deeplimits equation``: paths beside equations, and one clear line for every mistake."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deeplimits.weights import LayerWeights, write_weights
from deeplimits.weights.laws import planted_smooth

Command = Callable[..., Any]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("smooth") / "weights.npz"
    networks = {
        depth: [LayerWeights(planted_smooth(depth, (3, 3), exponent=0.0, seed=s), scale=1 / depth) for s in range(2)]
        for depth in (4, 10, 20)
    }
    write_weights(path, networks)
    return path


def test_a_table_of_paths_and_losses(command: Command, file: Path) -> None:
    outcome = command("equation", str(file), "--activation", "tanh", "--paths", "0", "--quiet")
    assert (outcome.code, outcome.err) == (0, "")
    rows = [line.split() for line in outcome.out.splitlines() if line.strip()[:2] in ("10", "20")]
    assert [row[0] for row in rows] == ["10", "20", "10", "20"]
    shallow, deep = (float(row[1].partition("(")[0]) for row in rows[:2])
    assert 0.3 < deep / shallow < 0.75
    document = json.loads(
        command("equation", str(file), "--activation", "tanh", "--paths", "0", "--depth", "20", "--json", "--quiet").out
    )
    assert document["depths"][0]["path_errors"]["trend"]["value"] == pytest.approx(deep, rel=0.01)
    assert set(document["depths"][0]["losses"]) == {"network", "trend", "linear", "denoised"}


def test_what_was_recorded_in_training_is_the_default(command: Command, tmp_path: Path) -> None:
    out = tmp_path / "weights.npz"
    small = ("--width", "4", "--train-size", "40", "--test-size", "8", "--batch", "16", "--epochs", "1", "--seed", "3")
    command("train", "deep-resnet", "--depth", "8", "--activation", "relu", *small, "--out", str(out), "--quiet")
    plain = command("equation", str(out), "--paths", "0", "--inputs", "5")
    assert "1 of the networks did not converge (depth 8: epochs)" in plain.err
    assert "seed 3; 40 training" in plain.out and "linear ODE" not in plain.out
    other = command("equation", str(out), "--paths", "0", "--inputs", "5", "--data", "ode", "--quiet")
    assert "not the data that the networks were trained on" not in other.err and other.out == plain.out
    arrays = tmp_path / "mine.npz"
    np.savez(arrays, x_train=np.ones((3, 4)), y_train=np.ones((3, 4)))
    other = command("equation", str(out), "--paths", "0", "--data", str(arrays), "--quiet")
    assert other.code == 0 and "not the data that the networks were trained on" in other.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--activation", "sine"), "unknown activation 'sine'"),
        (("--activation", "tanh", "--depth", "4"), r"at least 8 in the file, [10, 20], got [4]"),
        (("--activation", "tanh", "--inputs", "0"), "inputs must be"),
        (("--activation", "tanh", "--paths", "-1"), "paths must be at least 0"),
        (("--activation", "tanh", "--data", "mnist"), "dimension 25"),
        ((), "no training is recorded beside the weights: give --activation"),
    ],
)
def test_mistakes(command: Command, file: Path, arguments: tuple[str, ...], message: str) -> None:
    outcome = command("equation", str(file), *arguments)
    assert outcome.code == 2
    assert message in outcome.err


def test_networks_that_are_too_shallow_or_not_square(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    write_weights(path, {4: LayerWeights(np.ones((4, 3, 3)))})
    outcome = command("equation", str(path), "--activation", "tanh")
    assert outcome.code == 2 and "at least 8 layers, got depths [4]" in outcome.err
    write_weights(path, {9: LayerWeights(np.ones((9, 2, 3)))})
    outcome = command("equation", str(path), "--activation", "tanh", "--quiet")
    assert outcome.code == 2 and "square weights" in outcome.err
    assert "does not exist" in command("equation", str(tmp_path / "no.npz"), "--activation", "tanh").err
