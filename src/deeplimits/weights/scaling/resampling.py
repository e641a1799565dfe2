"""Statistics of weights at one depth, and replicates of their logarithms by which to tell how far they may be off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.randomness import stable_hash
from deeplimits.weights.scaling.path_statistics import DETRENDED_FROM, STATISTICS, Squares, squares_of

REPLICATES = 200
LEAST_ENTRIES, MOST_GROUPS = 8, 256  # fewer entries say too little of their law; more are taken in groups


@dataclass(frozen=True)
class AtDepth:
    """Hold logarithms of a path's statistics at one depth; NaN where one is not defined, -inf where it is 0.

    Args:
        depth: number of layers.
        num_networks: averaged over.
        logarithms: statistic → its logarithm, averaged over networks.
        replicates: statistic → the same of resampled networks or entries, shape (REPLICATES,); the logarithm itself,
            repeated, where there is nothing to resample.
    """

    depth: int
    num_networks: int
    logarithms: dict[str, float]
    replicates: dict[str, Float64Array]


def resampled_from(networks: int, entries: int) -> str:
    """Return what is resampled: ``networks`` if there are several at each depth, else ``entries``, or ``nothing``."""
    if networks > 1:
        return "networks"
    return "entries" if entries >= LEAST_ENTRIES else "nothing"


def measure(paths: Sequence[Float64Array], what: str, seed: int) -> AtDepth:
    """Return the statistics of several networks of one depth, each a path (depth, entries).

    Args:
        paths: of the networks.
        what: to resample, of `resampled_from`.
        seed: of the resampling.

    Note: bootstrap. Entries are taken as processes of one law, each independent of the others but not over layers.
    """
    depth, entries = paths[0].shape
    groups = min(entries, MOST_GROUPS)
    squares = [squares_of(path, groups if what == "entries" else 1) for path in paths]
    single = [_logarithms(part.weighted(np.ones((part.norms.shape[1], 1)))) for part in squares]
    each = {name: np.concatenate([one[name] for one in single]) for name in STATISTICS}
    if what != "entries":
        return resample_networks(depth, each, seed)
    generator = np.random.default_rng(stable_hash({"depth": depth, "entries": entries, "seed": seed}))
    counts = generator.multinomial(groups, np.full(groups, 1 / groups), size=REPLICATES).T.astype(np.float64)
    means = {name: float(values.mean()) for name, values in each.items()}
    return AtDepth(depth, len(paths), means, _logarithms(squares[0].weighted(counts)))


def resample_networks(depth: int, each: Mapping[str, Float64Array], seed: int) -> AtDepth:
    """Return statistics of several networks of one depth from their logarithms, statistic → (networks,).

    Note: bootstrap, spread by sqrt(R/(R - 1)): R networks fall short of the variance by that.
    """
    networks = len(next(iter(each.values())))
    generator = np.random.default_rng(stable_hash({"depth": depth, "networks": networks, "seed": seed}))
    chosen = generator.integers(networks, size=(networks, REPLICATES))
    spread = np.sqrt(networks / (networks - 1)) if networks > 1 else 1.0
    means = {name: float(values.mean()) for name, values in each.items()}
    with np.errstate(invalid="ignore"):
        drawn = {n: means[n] + spread * (values[chosen].mean(axis=0) - means[n]) for n, values in each.items()}
    return AtDepth(depth, networks, means, drawn)


def _logarithms(squares: Squares) -> dict[str, Float64Array]:
    """Return the logarithm of each statistic, shape (replicates,)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        values = {name: np.log(statistic(squares)) for name, statistic in STATISTICS.items()}
    if len(squares.norms) < DETRENDED_FROM:
        values["detrended_partial_sum"] = np.full_like(values["rms_norm"], np.nan)
    return values
