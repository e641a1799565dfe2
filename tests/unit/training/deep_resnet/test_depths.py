"""Sweeps over depths: the files, and going on where an earlier call was ended."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deeplimits.datasets import load_regression
from deeplimits.training.deep_resnet import DeepResNet, DeepSetup, depths, train_deep_resnet, train_depths
from deeplimits.weights import read_weights

DATA = load_regression("ode", width=4, train_size=40, test_size=8)
NETWORK = DeepResNet(depth=2, width=4, delta="per-layer", init="xavier", init_sd=1.0)
SETUP = DeepSetup(batch=16, epochs=2, epsilon=0, learning_rate=0.05)


def trained(wanted: list[int], out: Path | None, **options: Any) -> Any:
    return train_depths(NETWORK, wanted, DATA, options.pop("setup", SETUP), out=out, seeds=2, **options)


def test_the_file_has_arrays_by_depth_and_needs_no_pickle(tmp_path: Path) -> None:
    out, seen = tmp_path / "weights.npz", []
    runs = trained([6, 3], out, progress=lambda *counts: seen.append(counts))
    assert [record.depth for record in runs.records] == [3, 6]
    assert seen == [(3, 18), (6, 18), (12, 18), (18, 18)]
    with np.load(out, allow_pickle=False) as stored:
        parts = ("weight", "scale", "bias")
        assert set(stored.files) == {f"L{d}/seed{s}/{part}" for d in (3, 6) for s in (0, 1) for part in parts}
        assert stored["L6/seed1/weight"].shape == (6, 4, 4) and stored["L6/seed1/scale"].shape == (6,)
    run = train_deep_resnet(replace(NETWORK, depth=6), DATA, SETUP, seeds=2)
    assert np.array_equal(read_weights(out)[6][1].weight, run.weight[1])
    assert runs.records[1].train_loss == run.train_loss.tolist()
    run.save_weights(tmp_path / "one.npz")
    assert np.array_equal(read_weights(tmp_path / "one.npz")[6][0].bias, run.bias[0])


def test_depths_that_are_there_are_not_trained_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "weights.npz"
    first, calls = trained([3, 6], out), []

    def counted(network: DeepResNet, *args: Any, **options: Any) -> Any:
        calls.append(network.depth)
        return train_deep_resnet(network, *args, **options)

    monkeypatch.setattr(depths, "train_deep_resnet", counted)
    second = trained([3, 4, 6], out)
    assert calls == [4]
    assert [second.records[0], second.records[2]] == list(first.records)
    assert sorted(second.weights) == [3, 4, 6] == sorted(read_weights(out))
    for depth in (3, 6):
        assert np.array_equal(first.weights[depth][0].weight, second.weights[depth][0].weight)


def test_other_settings_and_files_from_elsewhere_are_refused(tmp_path: Path) -> None:
    out = tmp_path / "weights.npz"
    trained([3], out)
    with pytest.raises(ValueError, match=r"epochs is 2 there, 3 here. Give another file"):
        trained([3], out, setup=replace(SETUP, epochs=3))
    with pytest.raises(ValueError, match="seed is 0 there, 5 here"):
        trained([3], out, seed=5)
    records = out.with_suffix(".training.json")
    text = records.read_text()
    records.write_text(text.replace('"schema": 1', '"schema": 7'))
    with pytest.raises(ValueError, match="has schema 7"):
        trained([3], out)
    records.write_text(text[:-20])
    with pytest.raises(ValueError, match="damaged"):
        trained([3], out)
    records.unlink()
    with pytest.raises(ValueError, match="settings are unknown"):
        trained([3], out)
    with pytest.raises(ValueError, match=r"ending in \.npz"):
        trained([3], tmp_path / "weights.txt")
    with pytest.raises(ValueError, match="does not exist"):
        trained([3], tmp_path / "nowhere" / "weights.npz")
    with pytest.raises(ValueError, match="at least 2"):
        trained([1, 3], None)


def test_a_depth_at_which_all_diverged_is_recorded_without_weights(tmp_path: Path) -> None:
    out = tmp_path / "weights.npz"
    wild = replace(SETUP, learning_rate=1e38)
    for _ in range(2):
        runs = trained([3], out, setup=wild)
        assert runs.records[0].stopped == ["diverged", "diverged"] and runs.weights == {}
    assert json.loads(out.with_suffix(".training.json").read_text())["depths"][0]["train_loss"] == [None, None]
    assert not out.exists()


def test_an_interrupt_loses_no_depth_that_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(network: DeepResNet, *args: Any, **options: Any) -> Any:
        if network.depth == 6:
            raise KeyboardInterrupt
        return train_deep_resnet(network, *args, **options)

    monkeypatch.setattr(depths, "train_deep_resnet", ended)
    with pytest.raises(KeyboardInterrupt, match="holds depths 3, and the same command goes on"):
        trained([3, 6], tmp_path / "weights.npz")
    assert list(read_weights(tmp_path / "weights.npz")) == [3]
