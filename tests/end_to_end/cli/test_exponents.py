"""``deeplimits exponents``: a regime, its evidence, exponents, and one clear line for every mistake."""

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deeplimits.weights import LayerWeights, depth_grid, read_weights, weight_scaling, write_weights
from deeplimits.weights.laws import planted_rough

Command = Callable[..., Any]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("trained") / "weights.npz"
    networks = {depth: planted_rough(depth, (5, 5), exponent=0.0) for depth in depth_grid(100, base=1.4)}
    write_weights(path, {d: LayerWeights(w, scale=d**-0.5, bias=w[:, 0]) for d, w in networks.items()})
    return path


def test_the_regime_comes_first_and_the_exponents_follow(command: Command, file: Path) -> None:
    outcome = command("exponents", str(file))
    assert (outcome.code, outcome.err) == (0, "")
    lines = outcome.out.splitlines()
    assert lines[0] == "regime: sde"
    assert any(line.startswith("  yes  rough: scaled_rms_increment ~ L^") for line in lines)
    rows = {
        line.split()[0]: line.split()[1] for line in lines if line.startswith("  ") and "[" in line and ":" not in line
    }
    assert float(rows["rms_norm"]) == pytest.approx(-0.5, abs=0.05)
    assert float(rows["scale.rms_norm"]) == -0.5
    assert "bias.rms_norm" in rows
    assert outcome.out == f"{weight_scaling(read_weights(file))}\n"


def test_json_is_what_python_gives(command: Command, file: Path) -> None:
    outcome = command("exponents", str(file), "--json", "--seed", "3")
    content = json.loads(outcome.out, parse_constant=lambda constant: pytest.fail(f"{constant} is not JSON"))
    assert content == weight_scaling(read_weights(file), seed=3).to_dict()
    assert (content["schema"], content["regime"]) == (1, "sde")


def test_the_examples_of_the_help_run(
    command: Command, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "weights.npz").write_bytes(file.read_bytes())
    monkeypatch.chdir(tmp_path)
    shown = command("exponents", "--help").out
    examples = [line.strip() for line in shown.splitlines() if line.strip().startswith("deeplimits exponents ")]
    assert len(examples) == 2
    for example in examples:
        assert command(*shlex.split(example)[1:]).code == 0
    assert "<svg" in (tmp_path / "exponents.svg").read_text()


MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "other names": ({"weights": np.ones((3, 2))}, "unexpected array 'weights'; the names are \"L<depth>\""),
    "wrong leading axis": ({"L3": np.ones((2, 3))}, "the weights of L3 must have shape (3, …)"),
    "not finite": ({"L3": np.full((3, 2), np.inf)}, "L3: weight must be finite"),
    "objects": ({"L3": np.array([{}, 1, 2], dtype=object)}, "'L3' is an array of objects"),
    "no weights": ({"L3/scale": np.ones(3)}, "L3 has scale but no weights"),
    "too few depths": ({"L3": np.ones(3), "L4": np.ones(4)}, "exponents need weights at 4 depths or more (for a slope"),
}


@pytest.mark.parametrize(("arrays", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_clear_line(command: Command, tmp_path: Path, arrays: dict[str, Any], message: str) -> None:
    file = tmp_path / "weights.npz"
    np.savez(file, allow_pickle=True, **arrays)
    outcome = command("exponents", str(file), "--figure", str(tmp_path / "never.svg"))
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("deeplimits: ") and outcome.err.count("\n") == 1
    assert message in outcome.err
    assert not (tmp_path / "never.svg").exists()


def test_a_missing_file_and_a_figure_without_a_kind_are_refused(command: Command, file: Path) -> None:
    assert command("exponents", "nowhere.npz").code == 2
    outcome = command("exponents", str(file), "--figure", "figure.gif")
    assert (outcome.code, outcome.out) == (2, "") and "must end in" in outcome.err
