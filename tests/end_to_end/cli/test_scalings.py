"""``deeplimits scalings``: a verdict, exponents, and one clear line for every mistake."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from deeplimits.limits import width_scaling_at

Command = Callable[..., Any]
POINT = ("scalings", "--weight-exponent", "-0.75", "--lr-exponent", "0.5")


def test_the_verdict_comes_first_and_the_exponents_follow(command: Command) -> None:
    outcome = command(*POINT)
    assert outcome.code == 0
    lines = outcome.out.splitlines()
    assert lines[0] == "stable; limit: intermediate"
    shown = {line.split()[0]: " ".join(line.split()[1:]) for line in lines[1:] if line[2] != " "}
    assert shown["logits"] == "initially n^-0.25, changed by training 1"
    assert shown["features"] == "layer 1: initially 1, changed by training n^-0.25"
    assert shown["kernel"] == "initially 1, changed by training n^-0.5 times that"
    assert shown["terms"] == "parts of the trained logit, by which weights have moved:"
    assert lines[-1].strip() == "initial n^-0.25, input 1, output 1, mixed n^-0.5"


def test_what_is_unstable_is_shown_after_one_step(command: Command) -> None:
    outcome = command("scalings", "--weight-exponent", "-1.25", "--lr-exponent", "1.5", "--depth", "2")
    assert outcome.out.startswith("unstable; limit: diverging\n")
    assert "layer 2: initially n^-0.75, changed by one step n^0.25" in outcome.out


def test_depth_and_optimizer_decide(command: Command) -> None:
    deep = ("scalings", "--parametrization", "mean-field", "--depth", "3", "--optimizer")
    assert command(*deep, "gd").out.startswith("stable; limit: trivial\n")
    assert command(*deep, "rmsprop").out.startswith("stable; limit: mean-field\n")


def test_mean_field_is_another_point_under_normalised_gradients(command: Command) -> None:
    outcome = command("scalings", "--weight-exponent", "-1", "--lr-exponent", "0", "--optimizer", "rmsprop")
    assert outcome.out.startswith("stable; limit: mean-field\n")


def test_json_is_what_python_gives(command: Command) -> None:
    outcome = command(*POINT, "--depth", "2", "--json")
    content = json.loads(outcome.out, parse_constant=lambda constant: pytest.fail(f"{constant} is not JSON"))
    given = {"schema": 1, "weight_exponent": -0.75, "lr_exponent": 0.5}
    assert content == given | width_scaling_at(-0.75, 0.5, depth=2).to_dict()


MISTAKES = {
    "nothing": (("scalings",), "give --weight-exponent and --lr-exponent"),
    "one exponent": (POINT[:3], "give --weight-exponent and --lr-exponent"),
    "exponents and a name": ((*POINT, "--parametrization", "ntk"), "give either it or the two exponents"),
    "exponent NaN": ((*POINT[:4], "nan"), "learning_rate_exponent must be a finite number, got nan"),
    "exponent a word": ((*POINT[:4], "big"), 'unable to convert "big" into float'),
    "exponent absurd": ((*POINT[:4], "1e9"), "exponents must be of modulus at most 1e+06"),
    "unknown name": (("scalings", "--parametrization", "ntkk"), "did you mean 'ntk'?"),
    "unknown optimizer": ((*POINT, "--optimizer", "rms-prop"), "did you mean 'rmsprop'?"),
    "unknown loss": ((*POINT, "--loss", "ce"), "unknown loss 'ce'"),
    "depth 0": ((*POINT, "--depth", "0"), "depth must be an integer of at least 1, got 0"),
    "depth 1.5": ((*POINT, "--depth", "1.5"), "expected a whole number, got '1.5'"),
}


@pytest.mark.parametrize(("arguments", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_clear_line(command: Command, arguments: tuple[str, ...], message: str) -> None:
    outcome = command(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("deeplimits: ")
    assert outcome.err.count("\n") == 1
    assert message in outcome.err
