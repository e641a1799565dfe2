"""Exponents of norms that were kept in place of weights, and the file that holds them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deeplimits.weights import (
    LayerNorms,
    LayerWeights,
    holds_norms,
    norm_scaling,
    norm_statistics,
    path_statistics,
    read_norms,
    read_weights,
    weight_scaling,
    write_norms,
    write_weights,
)
from deeplimits.weights.laws import planted_rough, planted_sparse

DEPTHS = (8, 12, 20, 33, 50, 80, 121)


def norms_of(path: np.ndarray) -> LayerNorms:
    flat = path.reshape(len(path), -1)
    return LayerNorms(np.linalg.norm(flat, axis=1), np.linalg.norm(np.diff(flat, axis=0), axis=1))


def test_they_are_the_statistics_and_exponents_of_the_weights() -> None:
    weights = {depth: planted_rough(depth, (4, 4), exponent=0.5) for depth in DEPTHS}
    found, expected = norm_scaling({d: [norms_of(w)] for d, w in weights.items()}), weight_scaling(weights)
    of_path, ours = path_statistics(weights[20]), norm_statistics(norms_of(weights[20]))
    assert ours.pop("scaled_median_norm") == pytest.approx(of_path["median_norm"] / of_path["max_norm"])
    for name, value in ours.items():
        assert value == pytest.approx(of_path[name], rel=1e-12)
        assert found.exponents[name].value == pytest.approx(expected.exponents[name].value, abs=1e-12)
    assert (found.resampled, found.num_networks, found.depths) == ("nothing", 1, DEPTHS)
    # An SDE is not sparse; of other regimes norms say nothing.
    assert (
        found.regime == "undecided"
        and found.left_open == ()
        and set(found.evidence)
        == {
            "maximum_stays",
            "median_falls",
            "bounded_root_sum_of_squares",
        }
    )


def test_few_large_blocks_are_sparse_and_equal_ones_are_not() -> None:
    sparse = norm_scaling({d: [norms_of(planted_sparse(d, (4, 4)))] for d in DEPTHS})
    assert sparse.regime == "sparse" and str(sparse).startswith("regime: sparse")
    control = norm_scaling({d: [LayerNorms(np.ones(d), np.ones(d - 1))] for d in DEPTHS})
    assert control.regime == "undecided" and control.left_open == ()
    assert control.exponents["root_sum_of_squares"].value == pytest.approx(0.5)


def test_the_scaled_increment_is_the_papers_with_its_fitted_exponent() -> None:
    generator = np.random.default_rng(0)
    norms = {d: [LayerNorms(d**-0.3 * generator.uniform(1, 2, d), generator.uniform(1, 2, d - 4))] for d in DEPTHS}
    found = norm_scaling(norms)
    beta = -found.exponents["max_norm"].value
    scaled = [beta * np.log(d) + np.log(norms[d][0].increments.max()) for d in DEPTHS]
    slope = np.polyfit(np.log(DEPTHS), scaled, 1)[0]
    assert found.exponents["scaled_max_increment"].value == pytest.approx(slope, abs=1e-12)


def test_several_networks_are_resampled_and_may_differ_in_number() -> None:
    def network(depth: int, seed: int) -> LayerNorms:
        return LayerNorms(np.exp(0.3 * np.random.default_rng([depth, seed]).normal()) * np.ones(depth))

    several = norm_scaling({d: [network(d, s) for s in range(2 + d % 2)] for d in DEPTHS})
    assert (several.resampled, several.num_networks) == ("networks", 2)
    one_gone = norm_scaling({d: [network(d, s) for s in range(1 if d == 8 else 3)] for d in DEPTHS})
    assert (one_gone.resampled, one_gone.num_networks) == ("nothing", 1)
    assert one_gone.exponents["max_norm"].high > one_gone.exponents["max_norm"].value
    assert np.isnan(several.exponents["max_increment"].value)  # no increments at all


def test_a_file_gives_back_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "conv.npz"
    parts = {
        "first": {
            4: [LayerNorms([1.0, 2.0, 3.0, 4.0], [0.5])],
            6: [LayerNorms(np.ones(6)), LayerNorms(np.arange(6.0))],
        },
        "second": {4: [LayerNorms(np.ones(4))]},
    }
    write_norms(path, parts)
    with np.load(path) as stored:
        assert {"L4/first/norm", "L4/first/increment", "L6/seed1/first/norm", "L4/second/norm"} < set(stored.files)
    read = read_norms(path)
    assert {part: {d: len(each) for d, each in by.items()} for part, by in read.items()} == {
        "first": {4: 1, 6: 2},
        "second": {4: 1},
    }
    assert read["first"][6][1].norms.tolist() == list(range(6)) and read["first"][4][0].increments.tolist() == [0.5]
    assert holds_norms(path)
    np.savez(path, **{"L3/norm": np.ones(3)})
    assert list(read_norms(path)) == [""]


def test_weights_are_not_taken_for_norms(tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    write_weights(path, {4: LayerWeights(np.ones((4, 2)))})
    assert not holds_norms(path) and list(read_weights(path)) == [4]
    path.write_bytes(b"nothing")
    assert not holds_norms(path) and not holds_norms(tmp_path / "nowhere.npz")


MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "other names": ({"L3/norm": np.ones(3), "L3/weight": np.ones(3)}, "unexpected array 'L3/weight'"),
    "no norms": ({"L3/first/increment": np.ones(2)}, "L3/first has increments but no norms"),
    "wrong length": ({"L3/norm": np.ones(4)}, r"norms of L3 must have shape \(3,\), one for each block, got \(4,\)"),
    "negative": ({"L3/norm": -np.ones(3)}, "L3: norm must hold finite numbers of at least 0"),
    "not finite": ({"L3/norm": np.full(3, np.inf)}, "finite numbers"),
    "a matrix": ({"L3/norm": np.ones((3, 3))}, "one for each block, got shape"),
    "too many": ({"L3/norm": np.ones(3), "L3/increment": np.ones(3)}, "fewer increments than norms, got 3 and 3"),
    "zero": ({"L3/norm": np.zeros(3)}, "all norms are 0"),
    "one block": ({"L1/norm": np.ones(1)}, "at least 2 norms"),
}


@pytest.mark.parametrize(("arrays", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_wrong_file_is_refused(tmp_path: Path, arrays: dict[str, Any], message: str) -> None:
    np.savez(tmp_path / "conv.npz", **arrays)
    with pytest.raises(ValueError, match=message):
        read_norms(tmp_path / "conv.npz")


def test_too_few_depths_and_wrong_ones_are_refused() -> None:
    with pytest.raises(ValueError, match=r"4 depths or more .* got 2: 3, 4"):
        norm_scaling({d: [LayerNorms(np.ones(d))] for d in (4, 3)})
    with pytest.raises(ValueError, match="depth 5 needs one network or more"):
        norm_scaling({d: [LayerNorms(np.ones(d))] if d != 5 else [] for d in (3, 4, 5, 6)})
    with pytest.raises(ValueError, match="depth 6 needs"):
        norm_scaling({d: [LayerNorms(np.ones(min(d, 5)))] for d in (3, 4, 5, 6)})
