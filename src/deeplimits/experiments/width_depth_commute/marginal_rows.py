"""Rows about one preactivation: its histogram over networks, and how far its law is from the limit's Gaussian."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from deeplimits.experiments.width_depth_commute.network import flow_of, inputs_of, network_of
from deeplimits.experiments.width_depth_commute.row import Row, row

_EDGES = np.linspace(-4.0, 4.0, 41)


def marginal_rows(fields: Mapping[str, Any], seed: int) -> Iterator[Row]:
    """Draw z_{depth,1}/√q of independent networks, q the end of the flow, and set N(0, 1) beside it."""
    from scipy.special import ndtr

    from deeplimits.experiments.width_depth_commute.preactivations import last_preactivations
    from deeplimits.statistics import Estimate, Summary, ks_distance

    network, x = network_of(fields), inputs_of()
    variance = float(flow_of(network, x).path.mean_square[0, -1])
    drawn = last_preactivations(network, x[None], fields["num_networks"], seed, units=1).ravel()
    values = drawn / math.sqrt(variance)
    summary = Summary.from_values(values)
    distance = ks_distance(summary.sketch, lambda y: np.asarray(ndtr(y)), delta=0.05).value
    count = summary.count
    yield {**row("ks", Estimate(distance, math.nan, count), 0.0), "floor": summary.sketch.rank_error}
    yield row("kurtosis", summary.excess_kurtosis, infinite=0.0)
    width = float(_EDGES[1] - _EDGES[0])
    counts = np.histogram(values, _EDGES)[0]
    expected = np.diff(ndtr(_EDGES))
    for i, here in enumerate(counts):
        error = math.sqrt(max(float(here), count * float(expected[i]), 1.0)) / (count * width)
        estimate = Estimate(float(here) / (count * width), error, count)
        yield row("density", estimate, float(expected[i]) / width, low=float(_EDGES[i]), high=float(_EDGES[i + 1]))
