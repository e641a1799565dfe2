"""What the commands print where nothing goes wrong."""

import json
import math
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cyclopts import App

from deeplimits.architectures import KINDS, ResNet
from deeplimits.cli.app import build_app
from deeplimits.limits import CATALOGUE, predict
from deeplimits.sampling import sample

Command = Callable[..., Any]
RESNET = ("resnet", "--width", "8", "--depth", "3")
SMALL = ("compare", *RESNET, "--networks", "200")


def finite_json(text: str) -> Any:
    """Parse the only JSON object in ``text``; NaN and Infinity, which are not JSON, fail."""

    def refuse(constant: str) -> None:
        pytest.fail(f"{constant} is not JSON")

    return json.loads(text, parse_constant=refuse)


def test_limits_lists_claim_regime_accuracy_and_reference(command: Command) -> None:
    outcome = command("limits")
    assert outcome.code == 0
    blocks = outcome.out.split("\n\n")
    assert [block.splitlines()[0] for block in blocks] == list(CATALOGUE)
    for block in blocks:
        assert [word for word in ("claim", "regime", "accuracy", "reference") if f"\n  {word} " not in block] == []


@pytest.mark.parametrize("name", CATALOGUE)
def test_limits_shows_one_with_its_bibtex(command: Command, name: str) -> None:
    outcome = command("limits", name)
    assert outcome.code == 0
    for key in CATALOGUE[name].references:
        assert f"{{{key}," in outcome.out
    assert outcome.out.rstrip().endswith("}")


def test_predict_prints_the_laws_that_python_gives(command: Command) -> None:
    law = predict(ResNet(width=8, depth=3), limit="log-gaussian")["log_squared_norm"]
    outcome = command("predict", *RESNET)
    assert outcome.code == 0
    assert outcome.err == ""
    (line,) = [
        line
        for block in outcome.out.split("\n\n")
        if block.startswith("log-gaussian\n")
        for line in block.splitlines()
        if line.startswith("  log_squared_norm ")
    ]
    expected = [law.mean, math.sqrt(law.variance), *law.quantile([0.05, 0.5, 0.95])]
    assert [float(word) for word in line.split()[1:]] == pytest.approx(expected, rel=1e-5)


def test_predict_says_why_a_limit_refuses(command: Command) -> None:
    blocks = command("predict", *RESNET).out.split("\n\n")
    (refused,) = [block for block in blocks if block.startswith("exact\n")]
    assert refused.splitlines()[1].startswith("  refused   ")


def test_predict_in_json(command: Command) -> None:
    outcome = command("predict", *RESNET, "--json")
    shown = finite_json(outcome.out)
    assert shown["schema"] == 1
    assert shown["architecture"]["kind"] == "resnet"
    assert shown["architecture"]["width"] == 8
    assert shown["limits"]["exact"]["supported"] is False
    assert shown["limits"]["exact"]["reason"]
    law = predict(ResNet(width=8, depth=3), limit="log-gaussian")["log_squared_norm"]
    assert shown["limits"]["log-gaussian"]["supported"] is True
    assert shown["limits"]["log-gaussian"]["log_squared_norm"]["mean"] == law.mean
    assert shown["limits"]["log-gaussian"]["log_squared_norm"]["quantiles"]["0.95"] == law.quantile(0.95)


def test_predict_for_several_inputs_lists_every_statistic(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "vectors.txt"
    file.write_text("# two vectors\n1, 0, 0\n0.5, 2, 1\n")
    arguments = ("predict", *RESNET, "--input-dim", "3", "--input", str(file), "--limit", "log-gaussian")
    laws = predict(ResNet(width=8, depth=3, input_dim=3), [[1, 0, 0], [0.5, 2, 1]], limit="log-gaussian")
    shown = finite_json(command(*arguments, "--json").out)
    assert shown["limits"]["log-gaussian"]["log_squared_norm"]["mean"] == laws["log_squared_norm"].mean
    assert "log_squared_norm[1]" in command(*arguments).out


def test_compare_prints_a_table_with_verdicts(command: Command) -> None:
    outcome = command(*SMALL)
    assert outcome.code == 0
    assert outcome.err == ""
    for word in ("log_squared_norm", "infinite-width", "log-gaussian", "200 networks", "verdict"):
        assert word in outcome.out


def test_compare_in_json_is_what_python_measures(command: Command) -> None:
    outcome = command(*SMALL, "--seed", "5", "--tolerance", "0.1", "--json", "--quiet")
    assert outcome.err == ""
    shown = finite_json(outcome.out)
    assert (shown["schema"], shown["num_networks"], shown["seed"], shown["tolerance"]) == (1, 200, 5, 0.1)
    mean = sample(ResNet(width=8, depth=3), num_networks=200, seed=5)["log_squared_norm"].mean
    assert shown["observables"]["log_squared_norm"]["mean"] == {
        "value": mean.value,
        "standard_error": mean.standard_error,
    }
    log_gaussian = shown["limits"]["log-gaussian"]["log_squared_norm"]
    assert set(log_gaussian) >= {"mean", "variance", "ks", "wasserstein1", "verdict", "detectable"}
    assert set(log_gaussian["ks"]) >= {"value", "low", "high"}
    assert log_gaussian["verdict"] in {"within", "outside", "undecided"}
    assert shown["limits"]["exact"]["supported"] is False


def test_compare_measures_what_is_asked_for(command: Command) -> None:
    asked = ("--observable", "log_norm", "--observable", "output_kurtosis", "--max-layers", "3", "--json", "--quiet")
    shown = finite_json(command("compare", "resnet", "--width", "8", "--depth", "9", "--networks", "200", *asked).out)
    assert list(shown["observables"]) == ["log_norm", "output_kurtosis"]
    assert shown["observables"]["log_norm"]["layers"] == [0, 9]
    entry = shown["limits"]["log-gaussian"]["log_norm"]
    assert [place["layers"] for place in entry["places"]] == [[0], [9]]
    assert entry["decided_at"] in ([0], [9])
    assert shown["limits"]["infinite-width"]["output_kurtosis"]["mean"] == 3.0
    text = command("compare", "resnet", "--width", "8", "--depth", "9", "--networks", "200", *asked[:6]).out
    assert "log-gaussian: worst of 2 at layer" in text
    assert max(map(len, text.splitlines())) <= 100


def test_compare_with_named_limits_only(command: Command) -> None:
    shown = finite_json(command(*SMALL, "--limit", "exact", "--limit", "log-gaussian", "--json").out)
    assert set(shown["limits"]) == {"exact", "log-gaussian"}


def test_compare_draws_and_says_where(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "laws.svg"
    outcome = command(*SMALL, "--figure", str(file))
    assert outcome.out.splitlines()[-1] == f"figure: {file}"
    assert "<svg" in file.read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["laws.svg"]


def test_with_json_the_figure_is_announced_on_stderr(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "laws.png"
    outcome = command(*SMALL, "--figure", str(file), "--json")
    finite_json(outcome.out)
    assert outcome.err == f"figure: {file}\n"
    assert file.read_bytes().startswith(b"\x89PNG")


def test_dense_and_lazy_are_both_sampled(command: Command) -> None:
    lazy = finite_json(command(*SMALL, "--json", "--matrix", "lazy").out)
    dense = finite_json(command(*SMALL, "--json", "--matrix", "dense").out)
    assert (lazy["matrix"], dense["matrix"]) == ("lazy", "dense")
    assert lazy["observables"] != dense["observables"]


def every_command(app: App, chain: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return the command chains of ``app``, its own first."""
    inner = [name for name in app if not name.startswith("-")]
    return [chain, *(found for name in inner for found in every_command(app[name], (*chain, name)))]


CHAINS = every_command(build_app())
# The examples of the other commands need a file or an earlier run; they are tested where those are made.
SELF_CONTAINED = [chain for chain in CHAINS if not chain or chain[0] in ("limits", "predict", "compare")]


def test_every_kind_of_architecture_can_be_predicted_and_compared() -> None:
    kinds = [(verb, *rest) for verb in ("predict", "compare") for rest in [(), *((kind,) for kind in KINDS)]]
    assert sorted(SELF_CONTAINED) == sorted([(), ("limits",), *kinds])


@pytest.mark.parametrize("chain", CHAINS, ids=" ".join)
def test_every_help_has_an_example(command: Command, chain: tuple[str, ...]) -> None:
    shown = command(*chain, "--help").out
    assert re.search(rf"^ +deeplimits {' '.join(chain)}", shown, re.MULTILINE), shown


@pytest.mark.parametrize("chain", SELF_CONTAINED, ids=" ".join)
def test_help_has_examples_that_run(command: Command, chain: tuple[str, ...]) -> None:
    outcome = command(*chain, "--help")
    assert outcome.code == 0
    assert outcome.err == ""
    examples = [line.strip() for line in outcome.out.splitlines() if line.strip().startswith("deeplimits ")]
    assert examples
    for example in examples:
        words = shlex.split(example)
        assert tuple(words[1 : 1 + len(chain)]) == chain
        ran = command(*words[1:])
        assert ran.code == 0, ran
        assert ran.out


@pytest.mark.parametrize("kind", KINDS)
def test_help_says_what_the_docstring_says(command: Command, kind: str) -> None:
    shown = " ".join(command("predict", kind, "--help").out.replace("│", " ").split())
    assert "neurons in each hidden layer, n." in shown or "neurons in each layer, n." in shown
    assert "variance of a hidden weight times its fan-in" in shown


def test_version(command: Command) -> None:
    from importlib.metadata import version

    assert command("--version").out.strip() == version("deeplimits")
