"""The choice between tables and the recursion itself."""

from __future__ import annotations

import numpy as np

from deeplimits.kernels.gram.angle_table import tabulate
from deeplimits.kernels.gram.length_scale import ONE_LENGTH
from deeplimits.kernels.gram.length_table import tabulate_lengths
from deeplimits.kernels.gram.pair_functions import AnyLength, Network, OneLength, PairFunction
from deeplimits.kernels.gram.rows import Rows

_FEW = 4096
_SECONDS = {True: 2e-6, False: 1e-4}  # of a pair and layer by quadrature, without kinks and with one
_MOST_SECONDS = 3600


def plan_pairs(network: Network, rows: Rows, columns: Rows | None) -> tuple[PairFunction, float]:
    """Return how the pairs are evaluated, and the largest error that was found of it; 0 for the recursion itself."""
    lengths = rows.lengths if columns is None else np.concatenate([rows.lengths, columns.lengths])
    pairs = rows.distinct * (rows.distinct // 2 if columns is None else columns.distinct)
    if network.homogeneous:
        return _one_length(OneLength(network, None), pairs)
    if np.ptp(lengths) <= ONE_LENGTH * lengths.max() and lengths.max() > 0:
        return _one_length(OneLength(network, float(np.median(lengths))), pairs)
    if pairs <= _FEW or (network.closed and not network.smooth):
        return AnyLength(network), 0.0
    table, error = tabulate_lengths(network, lengths)
    if table is not None:
        return table, error
    _refuse_hours(network, pairs)
    return AnyLength(network), 0.0


def _one_length(function: OneLength, pairs: int) -> tuple[PairFunction, float]:
    if pairs <= _FEW:
        return function, 0.0
    table, error = tabulate(function)
    return (function, 0.0) if table is None else (table, error)


def _refuse_hours(network: Network, pairs: int) -> None:
    seconds = pairs * network.terms.depth * _SECONDS[network.smooth]
    if not network.closed and seconds > _MOST_SECONDS:
        raise ValueError(
            f"no table of this kernel over the lengths of the inputs is accurate to 1e-9, and {pairs} pairs through "
            f"{network.terms.depth} layers by quadrature would take about {seconds / 3600:.0f} hours: give inputs of "
            "one length (x / ‖x‖), fewer inputs, or an activation with a closed form (piecewise linear, erf, gelu)"
        )
