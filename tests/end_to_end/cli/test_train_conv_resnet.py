"""``deeplimits train conv-resnet``, as it is typed, and the exponents of what it writes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from deeplimits.weights import LayerNorms, norm_scaling, read_norms, write_norms

SMALL = ("train", "conv-resnet", "--data", "digits", "--train-size", "70", "--test-size", "30", "--channels", "3")


def test_it_prints_which_data_and_one_line_a_network(command: Callable[..., Any], tmp_path: Path) -> None:
    out = tmp_path / "conv.npz"
    arguments = (*SMALL, "--stages", "2", "--stages", "3", "--epochs", "1", "--batch", "32", "--out", str(out))
    outcome = command(*arguments)
    assert outcome.code == 0
    assert "a stand-in for CIFAR-10; 70 training and 30 test images of 8 × 8 × 1" in outcome.out
    assert "batch 32, 1 epochs; crops with 1 pixels around\n" in outcome.out
    rows = [line.split() for line in outcome.out.splitlines()[6:]]
    assert [row[:3] for row in rows] == [[depth, "0", "epochs"] for depth in ("2", "3")]
    assert "deeplimits exponents" in outcome.err
    again = command(*arguments, "--json", "--quiet")
    assert again.err == ""
    document = json.loads(again.out)
    assert document["data"]["origin"].endswith("a stand-in for CIFAR-10") and document["setup"]["flip"] is False
    (statistics,) = document["depths"][1]["statistics"]
    assert f"{statistics['first']['max_norm']:.3g}" == rows[1][5]
    assert statistics["second"]["max_norm"] == read_norms(out)["second"][3][0].norms.max()
    other = command(*arguments, "--learning-rate", "0.5")
    assert other.code == 2 and "learning_rate is 0.1 there, 0.5 here" in other.err


def test_mistakes_are_bad_input(command: Callable[..., Any]) -> None:
    for wrong, message in (
        ((), "give --stages"),
        (("--stages", "2,2,2,2", "--depth-list", "paper"), "give --stages"),
        (("--depth-list", "papers"), "did you mean 'paper'"),
        (("--stages", "2,x"), "expected a whole number, got 'x'"),
        (("--stages", "2,2"), "give --channels with 2 numbers"),
        (("--stages", "2,2,2,2"), "give data_dir"),
        (("--stages", "2", "--channels", "3", "--data", "digit"), "did you mean 'digits'"),
        (("--stages", "1", "--channels", "3", "--data", "digits"), "at least 2 blocks"),
        (("--stages", "2", "--channels", "3", "--data", "digits", "--batch", "1500"), "at most the 1400"),
        (("--stages", "2", "--channels", "3", "--data", "digits", "--out", "conv.json"), "ending in .npz"),
    ):
        outcome = command("train", "conv-resnet", *wrong)
        assert outcome.code == 2, wrong
        assert message in outcome.err, outcome.err


def test_exponents_of_norms_are_told_part_by_part(command: Callable[..., Any], tmp_path: Path) -> None:
    path, figure = tmp_path / "conv.npz", tmp_path / "exponents.svg"
    sparse = {d: [LayerNorms(np.r_[2.0, np.full(d - 1, 1 / d)], np.ones(d - 2))] for d in (8, 16, 33, 65, 121)}
    even = {d: [LayerNorms(np.ones(d))] for d in sparse}
    write_norms(path, {"first": sparse, "second": even})
    outcome = command("exponents", str(path), "--figure", str(figure))
    assert outcome.code == 0 and "<svg" in figure.read_text()
    first, second = outcome.out.split("\n\npart: second\n")
    assert first == f"part: first\n{norm_scaling(sparse)}"
    assert "regime: sparse" in first and second.startswith("regime: undecided")
    content = json.loads(command("exponents", str(path), "--json").out)
    assert content["parts"]["first"] == norm_scaling(sparse).to_dict()
    assert content["parts"]["second"] == norm_scaling(even).to_dict()
    broken = tmp_path / "broken.npz"
    np.savez(broken, **{"L8/first/norm": np.ones(7)})
    outcome = command("exponents", str(broken))
    assert outcome.code == 2 and "must have shape (8,)" in outcome.err
