"""What the depth flow answers: laws at finite width and depth, with the limit itself and the rates beside them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from deeplimits.architectures import ResNet
from deeplimits.limits.depth_flow.fluctuation import width_constant
from deeplimits.limits.depth_flow.path import FlowPath, flow_path
from deeplimits.limits.depth_flow.rates import FlowRates, relative_depth_constant
from deeplimits.limits.prediction import Prediction


@dataclass(frozen=True, eq=False, repr=False)
class DepthFlowPrediction(Prediction):
    """Map each predicted observable to its law; ``path`` is the limit itself, ``rates`` how fast it is approached.

    What one input shows has the law at this width and depth; what joins two is the limit, a point mass at each layer.

    >>> from deeplimits.limits import predict
    >>> stable = ResNet(width=100, depth=16, skip_scale=1.0, branch_scale=0.25, weight_variance=1.0, input_dim=1)
    >>> flow = predict(stable, limit="depth-flow")
    >>> round(float(flow.path.mean_square[0, -1]), 6), round(flow["mean_square"].mean[-1], 6)  # e^½, and at this size
    (1.648721, 1.637898)
    >>> flow.rates[0]  # E (q − e^½)² ≈ 12.709/width + (0.206/depth)²
    FlowRates(width_constant=12.7088..., depth_constant=-0.2060...)
    """

    @cached_property
    def path(self) -> FlowPath:
        """The infinite-depth limit at the recorded layers."""
        return flow_path(self._network, self.inputs)

    @cached_property
    def rates(self) -> tuple[FlowRates, ...]:
        """How the error of ‖z_depth‖²/width falls with width and depth, for each input vector."""
        network, rates = self._network, []
        starts = np.log(self.inputs.squared_norms * (network.input_variance / network.input_dim))
        for start, mean_squares in zip(map(float, starts), self.path.mean_square, strict=True):
            end = float(mean_squares[-1])
            depth = end * relative_depth_constant(network, start, math.log(end))
            rates.append(FlowRates(end**2 * width_constant(network, start), depth))
        return tuple(rates)

    @property
    def _network(self) -> ResNet:
        assert isinstance(self.architecture, ResNet), "other architectures are refused"
        return self.architecture
