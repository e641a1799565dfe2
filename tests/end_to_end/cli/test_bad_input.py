"""Every mistake that the command line can be given: one clear line, exit code 2, nothing written."""

from collections.abc import Callable
from pathlib import Path

import pytest

RESNET = ("resnet", "--width", "6", "--depth", "3")
SMALL = (*RESNET, "--networks", "16")

MISTAKES = {
    "unknown command": (("predct",), 'unknown command "predct". Did you mean "predict"?'),
    "unknown architecture": (("predict", "resnt"), 'unknown command "resnt". Did you mean "resnet"?'),
    "unknown option": (("predict", *RESNET, "--skip-scal", "1"), "Did you mean --skip-scale?"),
    "option of another kind": (("predict", "mlp", *RESNET[1:], "--skip-scale", "1"), "unknown option: --skip-scale"),
    "width missing": (("predict", "resnet", "--depth", "3"), "--width is required"),
    "width misspelt": (
        ("predict", "resnet", "--widht", "6", "--depth", "3"),
        "Did you mean --width instead of --widht?",
    ),
    "width without a value": (("predict", "resnet", "--depth", "3", "--width"), "--width requires an argument"),
    "surplus argument": (("predict", *RESNET, "7"), "unexpected argument '7'"),
    "width 0": (("predict", "resnet", "--width", "0", "--depth", "3"), "width must be an integer of at least 1, got 0"),
    "depth -1": (("predict", "resnet", "--width", "6", "--depth", "-1"), "depth must be an integer of at least 1"),
    "width 1.5": (
        ("predict", "resnet", "--width", "1.5", "--depth", "3"),
        "--width: expected a whole number, got '1.5'",
    ),
    "depth a word": (
        ("predict", "resnet", "--width", "6", "--depth", "x"),
        "--depth: expected a whole number, got 'x'",
    ),
    "input_dim 0": (("predict", *RESNET, "--input-dim", "0"), "input_dim must be an integer of at least 1, got 0"),
    "output_dim 0": (("predict", *RESNET, "--output-dim", "0"), "output_dim must be an integer of at least 1, got 0"),
    "scales 0": (("predict", *RESNET, "--skip-scale", "0", "--branch-scale", "0"), "make one of them not 0"),
    "scale NaN": (("predict", *RESNET, "--skip-scale", "nan"), "skip_scale must be a finite number, got nan"),
    "scale infinite": (("predict", *RESNET, "--branch-scale", "inf"), "branch_scale must be a finite number, got inf"),
    "scale a word": (("predict", *RESNET, "--branch-scale", "big"), "branch_scale must be a number, or stable:T"),
    "weight variance 0": (("predict", *RESNET, "--weight-variance", "0"), "weight_variance must be above 0"),
    "unknown activation": (
        ("predict", *RESNET, "--activation", "rleu"),
        "unknown activation 'rleu'; did you mean 'relu'?",
    ),
    "slopes": (("predict", *RESNET, "--activation", "leaky-relu:1"), "leaky-relu takes two slopes"),
    "unknown limit": (("predict", *RESNET, "--limit", "log-gausian"), "did you mean 'log-gaussian'?"),
    "unknown limit shown": (("limits", "exakt"), "did you mean 'exact'?"),
    "limit refuses": (("predict", *RESNET, "--limit", "exact"), "exact makes no statement"),
    "too few networks": (("compare", *RESNET, "--networks", "3"), "needs at least 4 networks, got 3"),
    "networks 0": (("compare", *RESNET, "--networks", "0"), "networks must be an integer of at least 1, got 0"),
    "tolerance 0": (("compare", *SMALL, "--tolerance", "0"), "tolerance must be above 0"),
    "tolerance NaN": (("compare", *SMALL, "--tolerance", "nan"), "tolerance must be a finite number"),
    "seed negative": (("compare", *SMALL, "--seed", "-1"), "seed must be an integer from 0"),
    "unknown matrix": (("compare", *SMALL, "--matrix", "dens"), "unknown matrix 'dens'; did you mean 'dense'?"),
    "figure format": (("compare", *SMALL, "--figure", "laws.jpg"), "must end in .svg, .pdf, .png, got 'laws.jpg'"),
    "figure folder": (("compare", *SMALL, "--figure", "missing/laws.svg"), "'missing' does not exist; make it first"),
    "figure of what is not measured": (
        ("compare", *SMALL, "--observable", "log_norm", "--figure", "laws.svg"),
        "add --observable log_squared_norm",
    ),
    "unknown observable": (
        ("compare", *SMALL, "--observable", "log_nrom"),
        "unknown observable 'log_nrom'; did you mean 'log_norm'?",
    ),
    "observable of two inputs": (("sample", *SMALL, "--observable", "correlation"), "needs exactly 2 input vectors"),
    "max layers": (("sample", *SMALL, "--max-layers", "2"), "max_layers must be at least 3"),
    "memory": (
        ("compare", "resnet", "--width", "1000000", "--depth", "3", "--networks", "16", "--matrix", "dense"),
        "use matrix='lazy'",
    ),
}


@pytest.mark.parametrize(("arguments", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_clear_line(
    command: Callable[..., object],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = command(*arguments)
    assert outcome.code == 2, outcome
    assert outcome.out == ""
    assert outcome.err.startswith("deeplimits: ")
    assert outcome.err.count("\n") == 1
    assert message in outcome.err
    assert list(tmp_path.iterdir()) == []


FILES = {
    "missing": (None, "does not exist"),
    "empty": ("", "holds no numbers"),
    "only a comment": ("# nothing\n", "holds no numbers"),
    "ragged": ("1 2 3\n4 5\n", "line 2 has 2 numbers, the first row has 3"),
    "not numeric": ("1 two 3\n", "line 1 is not numeric"),
    "wrong length": ("1 2\n", "input_dim=3"),
    "all zero": ("1 2 3\n0 0 0\n", "input vector 2 is all 0"),
    "NaN": ("1 nan 3\n", "inputs must be finite, got nan"),
    "infinite": ("1 inf 3\n", "inputs must be finite, got inf"),
    "binary": (b"\xff\xfe\x00", "vectors.txt"),
}


@pytest.mark.parametrize(("content", "message"), FILES.values(), ids=FILES)
def test_a_bad_input_file_is_one_clear_line(
    command: Callable[..., object], tmp_path: Path, content: str | bytes | None, message: str
) -> None:
    file = tmp_path / "vectors.txt"
    if content is not None:
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    before = list(tmp_path.iterdir())
    outcome = command("compare", *SMALL, "--input-dim", "3", "--input", str(file), "--figure", str(tmp_path / "f.svg"))
    assert outcome.code == 2, outcome
    assert outcome.err.count("\n") == 1
    assert "Traceback" not in outcome.err
    assert message in outcome.err
    assert str(file) in outcome.err
    assert list(tmp_path.iterdir()) == before


def test_a_figure_without_permission_is_found_before_sampling(
    command: Callable[..., object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: False)
    monkeypatch.setattr("deeplimits.sampling.sample", lambda *arguments, **options: pytest.fail("sampled"))
    outcome = command("compare", *SMALL, "--figure", str(tmp_path / "laws.svg"))
    assert outcome.code == 2
    assert "no permission" in outcome.err
