"""What a cell's fields mean: the network, its inputs, and what is measured of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from deeplimits._typing import Float64Array

if TYPE_CHECKING:
    from deeplimits.architectures import ResNet

EQUAL_SCALES = math.sqrt(0.5)
DEFAULTS: dict[str, str | int | float] = {
    "kind": "resnet",
    "skip_scale": EQUAL_SCALES,
    "branch_scale": EQUAL_SCALES,
    "activation": "relu",
    "output_dim": 10,
    "input_correlation": 1.0,
    "data": "none",
    "train_size": 0,
    "steps": 0,
}
"""The published setting, but for width and depth.

An input correlation below 1 means two inputs. A network that is trained has data, training inputs and steps.
"""

INPUT_DIM = {"none": 10, "digits": 64}

LAW = (
    "log_squared_norm",
    "log_norm_hidden",
    "log_output_second_moment",
    "output_kurtosis",
    "output_square_correlation",
)
LAYERS = ("log_norm", "active_fraction", "energy_fraction", "energy_fraction_covariance")
MEASURES: dict[str, tuple[str, ...]] = {"law": LAW, "layers": LAW + LAYERS, "pair": ("correlation",), "training": ()}
"""Field ``measures`` → sampled observables."""


def network_of(fields: Mapping[str, Any]) -> ResNet:
    """Return the network that a cell is about.

    >>> network_of({**DEFAULTS, "width": 100, "depth": 10}).depth_width_ratio
    0.1
    """
    from deeplimits.architectures import BalancedResNet, ResNet

    return {"resnet": ResNet, "balanced-resnet": BalancedResNet}[fields["kind"]](
        width=fields["width"],
        depth=fields["depth"],
        input_dim=INPUT_DIM[fields["data"]],
        output_dim=fields["output_dim"],
        skip_scale=fields["skip_scale"],
        branch_scale=fields["branch_scale"],
        activation=fields["activation"],
    )


def inputs_of(fields: Mapping[str, Any], input_dim: int) -> Float64Array:
    """Return the input of norm 1 that the paper's runs have, or two unit vectors of the given correlation."""
    correlation = fields["input_correlation"]
    if correlation == 1:
        return np.full(input_dim, input_dim**-0.5)
    pair = np.zeros((2, input_dim))
    pair[0, 0], pair[1, 0], pair[1, 1] = 1.0, correlation, math.sqrt(1 - correlation**2)
    return pair
