"""Rows about two inputs: their correlation at each layer, and the mean-square error of their covariance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from deeplimits.experiments.width_depth_commute.network import inputs_of, network_of
from deeplimits.experiments.width_depth_commute.row import Row, row
from deeplimits.experiments.width_depth_commute.square_rows import mean_square_error

_LAYERS = 12


def pair_rows(fields: Mapping[str, Any]) -> Iterator[Row]:
    """Sample one network with pairs of inputs of several correlations.

    Each correlation has networks of its own. What is predicted is the flow through time 1, also for branches that are
    not scaled.
    """
    from dataclasses import replace

    from deeplimits.architectures import stable
    from deeplimits.datasets import as_inputs
    from deeplimits.limits.depth_flow import flow_path
    from deeplimits.sampling import sample

    network = network_of(fields)
    scaled = replace(network, branch_scale=stable(1.0))
    for correlation in fields["input_correlations"]:
        x = inputs_of(correlation)
        path = flow_path(scaled, as_inputs(x, network.input_dim))
        samples = sample(
            network,
            x,
            num_networks=fields["num_networks"],
            observables=["correlation", "covariance"],
            seed=fields["seed"],
            max_layers=_LAYERS,
        )
        assert path.correlation is not None and path.covariance is not None, "there are two inputs"
        for measured in samples["correlation"]:
            where = {"layer": measured.layer, "input_correlation": correlation}
            said = float(np.interp(measured.layer, path.layers, path.correlation))  # the path has more layers
            yield row("correlation", measured.mean, said, infinite=said, **where)
        end, covariances = float(path.covariance[-1]), samples["covariance"]
        last = covariances[len(covariances) - 1]
        yield row("covariance", last.mean, end, infinite=end, input_correlation=correlation)
        error = mean_square_error(covariances, end)
        yield row("covariance_error", error, infinite=0.0, input_correlation=correlation)
