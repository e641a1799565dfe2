"""``deeplimits train deep-resnet``, as it is typed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

SMALL = ("train", "deep-resnet", "--width", "4", "--train-size", "40", "--test-size", "8", "--batch", "16")


def test_it_prints_which_data_and_one_line_a_network(command: Callable[..., Any], tmp_path: Path) -> None:
    out = tmp_path / "weights.npz"
    arguments = (*SMALL, "--depth", "3,5", "--depth", "1e1", "--epochs", "1", "--seeds", "2", "--out", str(out))
    outcome = command(*arguments)
    assert outcome.code == 0
    assert "data ode: uniform points" in outcome.out and "40 training and 8 test samples of dimension 4" in outcome.out
    rows = [line.split() for line in outcome.out.splitlines()[5:]]
    assert [row[:4] for row in rows] == [[d, s, "1", "epochs"] for d in ("3", "5", "10") for s in ("0", "1")]
    assert "deeplimits exponents" in outcome.err
    again = command(*arguments, "--json", "--quiet")
    assert again.err == ""
    document = json.loads(again.out)
    assert f"{document['depths'][2]['train_loss'][1]:.3e}" == rows[5][4]
    assert document["data"]["name"] == "ode" and document["seeds"] == 2
    other = command(*arguments, "--learning-rate", "0.5")
    assert other.code == 2 and "learning_rate is 0.01 there, 0.5 here" in other.err


def test_a_divergence_is_a_result(command: Callable[..., Any]) -> None:
    outcome = command(*SMALL, "--depth", "3", "--epochs", "2", "--seeds", "2", "--learning-rate", "1e38", "--quiet")
    assert outcome.code == 0 and outcome.out.count("diverged") == 2 and outcome.err == ""


def test_mistakes_are_bad_input(command: Callable[..., Any]) -> None:
    for wrong, message in (
        ((), "--depth is required"),
        (("--depth", "3,x"), "expected a whole number, got 'x'"),
        (("--depth", "1"), "at least 2"),
        (("--depth", "3", "--data", "odes"), "did you mean 'ode'"),
        (("--depth", "3", "--data", "mnist", "--width", "10"), "dimension 25"),
        (("--depth", "3", "--delta", "shard"), "did you mean 'shared'"),
        (("--depth", "3", "--optimizer", "adamw"), "did you mean 'adam'"),
        (("--depth", "3", "--batch", "2000"), "at most the 1024"),
        (("--depth", "3", "--out", "weights.json"), "ending in .npz"),
    ):
        outcome = command("train", "deep-resnet", *wrong)
        assert outcome.code == 2, wrong
        assert message in outcome.err
