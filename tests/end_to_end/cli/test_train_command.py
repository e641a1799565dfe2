"""``deeplimits train classifier``, as it is typed."""

import json
from collections.abc import Callable
from typing import Any

SMALL = ("train", "classifier", "--data", "synthetic", "--train-size", "30", "--test-size", "20", "--width", "8")


def test_it_prints_which_data_and_intervals_over_seeds(command: Callable[..., Any]) -> None:
    outcome = command(*SMALL, "--steps", "3", "--seeds", "2", "--parametrization", "mean-field", "--quiet")
    assert outcome.code == 0
    assert "data synthetic: Gaussian inputs" in outcome.out
    assert "30 training and 20 test inputs of dimension 300" in outcome.out
    assert "test_loss" in outcome.out and "2 seeds, 0 diverged" in outcome.out
    assert outcome.err == ""


def test_a_divergence_is_a_result_in_json(command: Callable[..., Any]) -> None:
    outcome = command(*SMALL, "--steps", "3", "--seeds", "2", "--learning-rate", "1e30", "--json", "--quiet")
    assert outcome.code == 0
    document = json.loads(outcome.out)
    assert document["num_diverged"] == 2
    assert document["data"]["name"] == "synthetic"
    assert document["measures"]["test_loss"]["value"] is None


def test_mistakes_are_bad_input(command: Callable[..., Any]) -> None:
    for wrong, message in (
        (("--data", "cifar2"), "give data_dir"),
        (("--data", "mnst"), "did you mean 'mnist'"),
        (("--optimizer", "sdg"), "did you mean 'sgd'"),
        (("--kind", "cnn"), "unknown kind"),
        (("--batch", "10", "--optimizer", "gd"), "gd takes all samples"),
    ):
        outcome = command("train", "classifier", *wrong)
        assert outcome.code == 2
        assert message in outcome.err
