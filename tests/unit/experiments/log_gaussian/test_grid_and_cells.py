"""Cells are few, mean what their fields say, and are the ones that the claims are about."""

import math

import pytest

from deeplimits.architectures import BalancedResNet
from deeplimits.datasets import as_inputs
from deeplimits.experiments import load
from deeplimits.experiments.log_gaussian.network import DEFAULTS, MEASURES, inputs_of, network_of
from deeplimits.experiments.log_gaussian.recorded import DISTANCES, LOG_NORMS
from deeplimits.observables import CATALOGUE
from deeplimits.sweeps import SCALES
from deeplimits.sweeps.experiment import resolve

EXPERIMENT = load("log-gaussian")


@pytest.mark.parametrize("scale", SCALES)
def test_every_cell_is_a_network_once(scale: str) -> None:
    grid = EXPERIMENT.grid(scale)
    cells = resolve(EXPERIMENT, grid)
    assert len(cells) == len(grid)
    # Not only other identities: no network is sampled twice.
    assert len({(network_of(dict(cell)), cell["input_correlation"]) for cell in cells}) == len(cells)
    for cell in cells:
        assert set(MEASURES[str(cell["measures"])]) <= set(CATALOGUE)
        assert EXPERIMENT.cost(cell) > 0


def test_the_scales_are_what_they_are_said_to_be() -> None:
    demo, quick, paper = (resolve(EXPERIMENT, EXPERIMENT.grid(scale)) for scale in SCALES)
    assert max(map(EXPERIMENT.cost, demo)) < 8
    assert sum(map(EXPERIMENT.cost, demo)) < 2 * 20
    assert sum(map(EXPERIMENT.cost, quick)) < 2 * 120
    assert {cell["num_networks"] for cell in paper if cell["data"] == "none"} == {1_000_000}
    # The networks of a larger scale begin with those of a smaller one.
    assert {cell.key for cell in quick} < {cell.key for cell in paper}


def test_every_recorded_setting_is_a_cell_of_quick() -> None:
    cells = [dict(cell) for cell in EXPERIMENT.grid("quick")]
    shapes = {(cell["kind"], cell["width"], cell["depth"], cell["output_dim"]) for cell in cells}
    assert {(one.kind, one.width, one.depth, one.output_dim) for one in DISTANCES} <= shapes
    assert {(one.kind, one.width, one.depth, 10) for one in LOG_NORMS} <= shapes


def test_fields_make_the_published_network() -> None:
    network = network_of({**DEFAULTS, "kind": "balanced-resnet", "width": 100, "depth": 10})
    assert network == BalancedResNet(width=100, depth=10, input_dim=10, output_dim=10)
    assert network.skip_scale == network.branch_scale == math.sqrt(0.5)
    one = inputs_of(DEFAULTS, 10)
    assert one.tolist() == pytest.approx([10**-0.5] * 10)
    pair = as_inputs(inputs_of({**DEFAULTS, "input_correlation": 0.3}, 10), 10)
    assert pair.squared_norms.tolist() == pytest.approx([1.0, 1.0])
    assert pair.values[0] @ pair.values[1] == pytest.approx(0.3)
