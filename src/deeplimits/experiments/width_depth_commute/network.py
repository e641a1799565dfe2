"""What a cell's fields mean: the network and its inputs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from deeplimits._typing import Float64Array

if TYPE_CHECKING:
    from deeplimits.architectures import ResNet
    from deeplimits.limits import DepthFlowPrediction

STABLE, FIXED = "stable", "fixed"
DEFAULTS: dict[str, str | int | float] = {"branch": STABLE, "activation": "relu"}
"""The published setting: branches scaled by 1/√depth; ``fixed`` ones are not scaled, the negative control."""

INPUT_DIM = 2


def network_of(fields: Mapping[str, Any], **changes: Any) -> ResNet:
    """Return the network that a cell is about: skip_scale 1 and weight_variance 1.

    >>> network_of({**DEFAULTS, "width": 100, "depth": 16}).stable_time
    1.0
    """
    from deeplimits.architectures import ResNet, stable

    shape = {"width": fields["width"], "depth": fields["depth"], "input_dim": INPUT_DIM, **changes}
    scales: dict[str, Any] = {"skip_scale": 1.0, "branch_scale": 1.0}
    if fields["branch"] == STABLE:
        scales["branch_scale"] = stable(1.0)
    return ResNet(**shape, **scales, weight_variance=1.0, activation=fields["activation"])


def flow_of(network: ResNet, x: Float64Array) -> DepthFlowPrediction:
    """Return what the depth flow says of a network whose branches are scaled."""
    from deeplimits.limits import DepthFlowPrediction, predict

    said = predict(network, x, limit="depth-flow")
    assert isinstance(said, DepthFlowPrediction), "that is what this limit returns"
    return said


def inputs_of(correlation: float | None = None) -> Float64Array:
    """Return one input with q_0 = 1, or two of the given correlation.

    >>> inputs_of(0.5) @ inputs_of(0.5).T / INPUT_DIM
    array([[1. , 0.5],
           [0.5, 1. ]])
    """
    if correlation is None:
        return np.array([math.sqrt(INPUT_DIM), 0.0])
    return math.sqrt(INPUT_DIM) * np.array([[1.0, 0.0], [correlation, math.sqrt(1 - correlation**2)]])
