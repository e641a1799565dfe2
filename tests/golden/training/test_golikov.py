"""Golikov 2020: exponents at small widths, and the losses that the author stored in an earlier study on MNIST."""

import math
import runpy
from functools import lru_cache
from pathlib import Path

import pytest

from deeplimits.architectures import MLP
from deeplimits.datasets import load_data
from deeplimits.parametrizations import TrainingSetup
from deeplimits.statistics import Estimate, scaling_exponent
from deeplimits.training import TrainingRun, train

pytestmark = pytest.mark.slow

WIDTHS = [128, 256, 512, 1024, 2048]
UNIFORM = {"weight_variance": 1 / 3, "input_variance": 1 / 3}  # entries uniform on ±fan_in^(−1/2)


@lru_cache
def on_synthetic(mode: str, width: int) -> TrainingRun:
    data = load_data("synthetic")
    network = MLP(width=width, depth=1, input_dim=300, output_dim=1, activation="leaky-relu:1,0.1", **UNIFORM)
    setup = TrainingSetup(learning_rate=0.02, steps=50, parametrization=mode)
    return train(network, data, setup, seeds=3, weight_law="uniform")


def exponent(mode: str, measure: str) -> float:
    found = [on_synthetic(mode, width)[measure] for width in WIDTHS]
    if measure.startswith("variance_"):
        roots = [math.sqrt(one.value) for one in found]
        found = [
            Estimate(root, one.standard_error / (2 * root), one.count) for one, root in zip(found, roots, strict=True)
        ]
    return scaling_exponent(WIDTHS, found).value


# Mean, tolerance: an independent simulation on data of this kind. Readout increments are of effective weights, so
# smaller than those of normalised ones by the weights' own exponent.
EXPONENTS = {
    ("mean-field", "input_increment"): (0.0, 0.03),
    ("ntk", "input_increment"): (-0.5, 0.03),
    ("intermediate:0.75", "input_increment"): (-0.25, 0.04),
    ("mean-field", "output_increment"): (-1.0, 0.05),
    ("ntk", "output_increment"): (-1.03, 0.05),
    ("intermediate:0.75", "output_increment"): (-1.02, 0.06),
    ("mean-field", "variance_mixed"): (0.0, 0.1),
    ("ntk", "variance_mixed"): (-0.95, 0.08),
    ("intermediate:0.75", "variance_mixed"): (-0.5, 0.1),
    **{(mode, "variance_input"): (0.0, 0.07) for mode in ("mean-field", "ntk", "intermediate:0.75")},
    **{(mode, "variance_output"): (0.0, 0.15) for mode in ("mean-field", "ntk", "intermediate:0.75")},
}


@pytest.mark.parametrize(("mode", "measure"), EXPONENTS)
def test_exponents_at_small_widths(mode: str, measure: str) -> None:
    expected, tolerance = EXPONENTS[mode, measure]
    assert exponent(mode, measure) == pytest.approx(expected, abs=tolerance)


def test_the_terms_sum_to_the_logits_at_every_width() -> None:
    for mode in ("mean-field", "ntk"):
        assert max(on_synthetic(mode, width).by_seed["terms_residual"].max() for width in WIDTHS) < 1e-5


EXAMPLE = runpy.run_path(str(Path(__file__).parents[3] / "examples" / "golikov_stored_losses.py"))


@pytest.mark.parametrize(("width", "mode", "optimizer", "measure", "stored", "tolerance"), EXAMPLE["STORED"])
def test_losses_are_those_stored(
    width: int, mode: str, optimizer: str, measure: str, stored: float, tolerance: float
) -> None:
    assert EXAMPLE["trained"](width, mode, optimizer)[measure].value == pytest.approx(stored, abs=tolerance)


@pytest.mark.parametrize(("one", "other", "stored", "tolerance"), EXAMPLE["DIFFERENCES"])
def test_differences_between_widths_are_those_stored(
    one: tuple[int, str], other: tuple[int, str], stored: float, tolerance: float
) -> None:
    assert EXAMPLE["difference"](one, other) == pytest.approx(stored, abs=tolerance)
