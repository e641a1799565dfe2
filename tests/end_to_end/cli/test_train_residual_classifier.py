"""``deeplimits train residual-classifier``, as it is typed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

SMALL = ("train", "residual-classifier", "--data", "digits", "--width", "6", "--train-size", "64", "--test-size", "32",
         "--batch", "16", "--epochs", "1")  # fmt: skip


def test_it_prints_which_data_and_one_line_for_each_depth_and_rate(command: Callable[..., Any], tmp_path: Path) -> None:
    outcome = command(*SMALL, "--depth", "12,5", "--law", "fbm:0.8", "--learning-rate", "1e-3,1e-2", "--seeds", "2")
    assert outcome.code == 0
    assert "with biases, width 6, φ = relu; initial weights fbm:0.8" in outcome.out
    assert "8 × 8 pixels" in outcome.out and "pixels in [0, 1]" in outcome.out
    rows = [line.split() for line in outcome.out.splitlines()[5:9]]
    assert [row[:3] for row in rows] == [[d, r, "0"] for d in ("5", "12") for r in ("0.001", "0.01")]
    assert "chosen on the test images themselves, so it is optimistic" in outcome.out


def test_weights_of_several_depths_are_read_by_exponents(command: Callable[..., Any], tmp_path: Path) -> None:
    out = tmp_path / "weights.npz"
    outcome = command(*SMALL, "--depth", "5,6,8,12", "--block", "two-matrix", "--out", str(out), "--json", "--quiet")
    assert outcome.code == 0 and outcome.err == ""
    document = json.loads(outcome.out)
    assert [run["network"]["depth"] for run in document["runs"]] == [5, 6, 8, 12]
    assert document["runs"][0]["data"]["origin"].startswith("1797 handwritten digits")
    with np.load(out, allow_pickle=False) as stored:
        assert stored["L12/weight"].shape == (12, 2, 6, 6) and float(stored["L12/scale"]) == 12**-0.5
    assert command("exponents", str(out)).code == 0


def test_a_divergence_is_a_result(command: Callable[..., Any], tmp_path: Path) -> None:
    out = tmp_path / "weights.npz"
    outcome = command(*SMALL, "--depth", "5", "--learning-rate", "1e38", "--out", str(out))
    assert outcome.code == 0 and "no weights were written" in outcome.err and not out.exists()
    assert outcome.out.splitlines()[-1].split()[:3] == ["5", "1e+38", "1"]


def test_mistakes_are_bad_input(command: Callable[..., Any]) -> None:
    for wrong, message in (
        ((), "--depth is required"),
        (("--depth", "1"), "at least 2"),
        (("--depth", "3", "--data", "mnits"), "did you mean 'mnist'"),
        (("--depth", "3", "--data", "cifar10"), "--data-dir"),
        (("--depth", "3", "--law", "fbm"), "Hurst index"),
        (("--depth", "3", "--block", "one"), "one-matrix"),
        (("--depth", "3", "--learning-rate", "1e-3,x"), "expected learning rates"),
        (("--depth", "3", "--train-size", "100"), "at most the 100"),
        (("--depth", "3", "--out", "weights.json"), "ending in .npz"),
        (("--depth", "3", "--out", "w.npz", "--learning-rate", "1e-3,1e-2"), "give --out with one"),
    ):
        outcome = command("train", "residual-classifier", *wrong)
        assert outcome.code == 2, wrong
        assert message in outcome.err, outcome.err
