"""The verb: regimes of clear cases, exponents, intervals, several networks, mistakes."""

import json
import re

import numpy as np
import pytest

import deeplimits as dl
from deeplimits.weights import LayerWeights, PowerLaw, WeightScaling, depth_grid, weight_scaling
from deeplimits.weights.laws import planted_rough, planted_smooth, planted_sparse
from deeplimits.weights.scaling.kept_statistics import log_statistics, scaling_of_logarithms

DEPTHS = depth_grid(100, base=1.4)
SHAPE = (6, 6)


@pytest.fixture(scope="module")
def brownian() -> WeightScaling:
    return weight_scaling({depth: planted_rough(depth, SHAPE, exponent=0.5) for depth in DEPTHS})


@pytest.fixture(scope="module")
def neural_ode() -> WeightScaling:
    return weight_scaling(
        {
            depth: LayerWeights(planted_smooth(depth, SHAPE, exponent=0.0), scale=1 / depth, bias=np.ones((depth, 6)))
            for depth in DEPTHS
        }
    )


def test_rough_weights_are_an_sde(brownian: WeightScaling) -> None:
    assert brownian.regime == "sde" and brownian.left_open == ("sde",)
    law = brownian.exponents["rms_norm"]
    assert law.low < -0.5 < law.high and law.high - law.low < 0.1
    assert law.depths == tuple(DEPTHS) and len(law.local_slopes) == len(DEPTHS) - 1
    assert (brownian.resampled, brownian.num_networks) == ("entries", 1)
    assert not any("." in name for name in brownian.exponents)


def test_smooth_weights_with_a_scale_are_a_neural_ode(neural_ode: WeightScaling) -> None:
    assert neural_ode.regime == "neural-ode"
    assert neural_ode.exponents["scale.rms_norm"].value == pytest.approx(-1)
    assert neural_ode.exponents["weight.rms_norm"].value == pytest.approx(0, abs=0.03)
    assert neural_ode.exponents["bias.max_norm"].value == pytest.approx(0)
    assert neural_ode.exponents["bias.scaled_rms_increment"].zero_at == tuple(DEPTHS)


@pytest.mark.parametrize(
    ("exponent", "scale_exponent", "regime"), [(1.0, None, "ode"), (0.3, 0.7, "ode"), (0.5, None, "undecided")]
)
def test_smooth_weights_that_fall(exponent: float, scale_exponent: float | None, regime: str) -> None:
    networks = {
        depth: LayerWeights(
            planted_smooth(depth, SHAPE, exponent=exponent),
            scale=None if scale_exponent is None else np.full(depth, float(depth) ** -scale_exponent),
        )
        for depth in DEPTHS
    }
    assert weight_scaling(networks).regime == regime


def test_few_large_layers_are_sparse() -> None:
    assert weight_scaling({depth: planted_sparse(depth, SHAPE) for depth in DEPTHS}).regime == "sparse"


def test_layers_that_are_all_but_a_few_zero_are_sparse() -> None:
    networks = {depth: np.zeros((depth, *SHAPE)) for depth in DEPTHS}
    for weights in networks.values():
        weights[1] = 1
    found = weight_scaling(networks)
    assert found.regime == "sparse" and found.evidence["median_falls"].says == "median_norm is 0 at L = 79"


def test_equal_layers_are_smooth() -> None:
    found = weight_scaling({depth: np.full((depth, 4), 1 / depth) for depth in DEPTHS})
    assert found.regime == "ode" and found.resampled == "nothing"
    assert np.isnan(found.exponents["scaled_rms_increment"].value)


def test_long_memory_is_no_sde() -> None:
    # ~ L^-1/2 and rough, but the partial sums grow.
    found = weight_scaling({depth: planted_rough(depth, SHAPE, exponent=0.5, hurst=0.85) for depth in DEPTHS})
    assert found.regime == "undecided"
    assert [name for name, mark in found.evidence.items() if mark.holds is False and "partial" in name]


def test_the_sign_of_a_scale_makes_the_product_rough() -> None:
    signs = {depth: np.random.default_rng(depth).choice([-1.0, 1.0], depth) for depth in depth_grid(100)}
    networks = {d: LayerWeights(planted_smooth(d, SHAPE, exponent=0.0), scale=signs[d] / d) for d in signs}
    found = weight_scaling(networks)
    assert found.exponents["weight.scaled_rms_increment"].value == pytest.approx(-1, abs=0.05)
    assert found.evidence["smooth"].holds is False and found.regime == "undecided"


def test_a_bend_is_flagged_and_decides_nothing() -> None:
    networks = {
        depth: planted_smooth(depth, SHAPE, exponent=1.0) + 0.1 * planted_rough(depth, SHAPE, exponent=0.5)
        for depth in depth_grid(400)
    }
    found = weight_scaling(networks)
    law = found.exponents["rms_norm"]
    assert "rms_norm" in found.curved and law.bend > 0.1
    assert law.deep_value > law.value
    assert found.regime == "undecided"


def test_several_networks_are_resampled_as_networks() -> None:
    def network(depth: int, seed: int) -> LayerWeights:
        size = np.exp(0.2 * np.random.default_rng([depth, seed]).normal())
        return LayerWeights(size * planted_rough(depth, SHAPE, exponent=0.5, seed=seed))

    found = [weight_scaling({d: [network(d, s) for s in range(n)] for d in DEPTHS[::2]}) for n in (1, 8)]
    assert [one.resampled for one in found] == ["entries", "networks"]
    assert found[1].num_networks == 8 and found[1].regime == "sde"
    widths = [one.exponents["rms_norm"].high - one.exponents["rms_norm"].low for one in found]
    assert widths[1] < 0.6 * widths[0]


def test_one_network_in_a_list_or_alone_is_the_same(brownian: WeightScaling) -> None:
    listed = {depth: [LayerWeights(planted_rough(depth, SHAPE, exponent=0.5))] for depth in reversed(DEPTHS)}
    assert weight_scaling(listed).to_dict() == brownian.to_dict()
    assert dl.weight_scaling(listed, seed=1).exponents["rms_norm"].value == brownian.exponents["rms_norm"].value


def test_the_document_is_json_of_the_promised_form(neural_ode: WeightScaling) -> None:
    content = json.loads(json.dumps(neural_ode.to_dict(), allow_nan=False))
    assert (content["schema"], content["regime"]) == (1, "neural-ode")
    assert all(set(law) == {"value", "low", "high"} for law in content["exponents"].values())
    assert content["exponents"]["bias.scaled_rms_increment"] == {"value": None, "low": None, "high": None}
    assert content["evidence"]["marks"]["smooth"]["holds"] is True
    assert content["evidence"]["left_open"] == ["neural-ode"] and content["evidence"]["depths"] == DEPTHS


def test_the_text_says_regime_evidence_and_exponents(neural_ode: WeightScaling, brownian: WeightScaling) -> None:
    text = str(neural_ode)
    assert text.startswith("regime: neural-ode\n")
    assert "yes  smooth: scaled_rms_increment ~ L^-0.9" in text
    assert "bias.scaled_rms_increment" in text and "0 at L = 3" in text
    assert re.search(r"rms_norm +-0\.[45]\d\d  \[-0\.\d{3}, -0\.\d{3}\] ", str(brownian))
    assert "-0.000" not in text and "-0.00 " not in text
    assert max(map(len, text.splitlines())) <= 110


MISTAKES: dict[str, tuple[dict[object, object], str]] = {
    "nothing": ({}, "at 4 depths or more .* got 0: none"),
    "three depths": ({d: np.ones((d, 2)) for d in (3, 4, 5)}, "got 3: 3, 4, 5"),
    "wrong axis": ({4: np.ones((5, 2))}, "weights of depth 4: the leading axis counts layers and must be 4, got 5"),
    "one layer": ({1: np.ones((1, 2))}, "depth of at least 2"),
    "not finite": (
        {3: np.full((3, 2), np.nan)},
        r"weights of depth 3: weight must be finite, got nan at index \(0, 0\)",
    ),
    "zero": ({3: np.zeros((3, 2))}, "all weights are 0"),
    "objects": ({3: np.array([None] * 3)}, "array of real numbers, got one of object"),
    "complex": ({3: np.ones((3, 2)) * 1j}, "real numbers, got one of complex128"),
    "depth 0": ({0: np.ones((3, 2))}, "depth must be an integer of at least 1, got 0"),
    "other layers": ({d: np.ones((d, d)) for d in (3, 4, 5, 6)}, "layers of the same size; depth 3 has weight of 3"),
    "a scale missing": (
        {d: LayerWeights(np.ones((d, 2)), scale=1.0 if d > 3 else None) for d in (3, 4, 5, 6)},
        "depth 4 has weight of 2 entries a layer and scale",
    ),
    "a network missing": (
        {d: [LayerWeights(np.ones((d, 2)))] * (2 if d > 3 else 1) for d in (3, 4, 5, 6)},
        "as many networks at each depth, got 1 at depth 3 and 2 at depth 4",
    ),
}


@pytest.mark.parametrize(("networks", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_refused(networks: dict[int, np.ndarray], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        weight_scaling(networks)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"scale": np.ones(4)}, r"scale must be one number or have shape \(3,\), got shape \(4,\)"),
        ({"scale": np.inf}, "scale must be finite"),
        ({"scale": 0.0}, "all weights are 0"),
        ({"scale": 1e-200}, "between 1e-140 and 1e.140, .* got 1e-200"),
        ({"bias": np.ones((2, 2))}, "bias must have shape"),
        ({"bias": "none"}, "bias must be an array of real numbers"),
    ],
)
def test_a_wrong_part_is_refused(parts: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        LayerWeights(np.ones((3, 2)), **parts)  # type: ignore[arg-type]


def test_an_exponent_is_an_interval(brownian: WeightScaling) -> None:
    law = brownian.exponents["root_sum_of_squares"]
    assert isinstance(law, PowerLaw) and law.to_dict() == {"value": law.value, "low": law.low, "high": law.high}


def test_statistics_that_were_kept_say_what_the_weights_say():
    networks = {
        depth: [
            LayerWeights(
                planted_rough(depth, (4, 4), exponent=0.1, seed=s), scale=depth**-0.4, bias=np.ones((depth, 2))
            )
            for s in range(3)
        ]
        for depth in (8, 16, 32, 64, 128)
    }
    kept: dict[int, dict[str, list[float]]] = {}
    for depth, some in networks.items():
        for one in some:
            for name, value in log_statistics(one).items():
                kept.setdefault(depth, {}).setdefault(name, []).append(value)
    direct, again = weight_scaling(networks), scaling_of_logarithms(kept)
    assert str(again) == str(direct)
    assert again.to_dict() == direct.to_dict()


def test_kept_statistics_need_depths_and_networks():
    one = {"rms_norm": [0.0, 0.1]}
    with pytest.raises(ValueError, match="got 3 depths"):
        scaling_of_logarithms(dict.fromkeys((1, 2, 3), one))
    with pytest.raises(ValueError, match="1 networks"):
        scaling_of_logarithms({depth: {"rms_norm": [0.0]} for depth in (1, 2, 3, 4)})
