"""Rows about one number per network: moments, a histogram, and the distances to each limit's law."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.experiments.log_gaussian.row import Row, row
from deeplimits.limits import Law, Prediction
from deeplimits.sampling import Samples
from deeplimits.statistics import Summary, ks_distance, wasserstein_distance

_STATISTICS = ("log_output_second_moment", "output_kurtosis", "output_square_correlation")
_BINS = 90
_TAIL = 2e-4  # probability of the simulation and of the widest limit left out of the histogram at either end


def law_rows(samples: Samples, predictions: Mapping[str, Prediction]) -> Iterator[Row]:
    """Yield the rows of a sample of networks with one input."""
    for observable in ("log_squared_norm", "log_norm_hidden"):
        summary, laws = samples.summaries[observable][0], _laws(predictions, observable)
        for statistic in ("mean", "variance"):
            said = {limit: getattr(law, statistic) for limit, law in laws.items()}
            yield row(observable, statistic, getattr(summary, statistic), said)
        yield row(observable, "skewness", summary.skewness, {})
    summary, laws = samples.summaries["log_squared_norm"][0], _laws(predictions, "log_squared_norm")
    whole = {limit: law for limit, law in laws.items() if law.has_distribution}
    yield from _distances(summary, whole)
    yield from _histogram(summary, whole)
    for observable in _STATISTICS:
        if observable in samples:
            (entry,) = samples.estimates(observable)
            said = {limit: law.mean for limit, law in _laws(predictions, observable).items()}
            yield {**row(observable, "mean", entry.mean, said), "unreliable": bool(entry.unreliable)}


def _laws(predictions: Mapping[str, Prediction], observable: str) -> dict[str, Law]:
    return {
        limit: law
        for limit, prediction in predictions.items()
        for law in prediction.network_laws(observable)[:1]
    }  # fmt: skip


def _distances(summary: Summary, laws: Mapping[str, Law]) -> Iterator[Row]:
    """Yield D of Kolmogorov and Smirnov and W1 to each limit's law."""
    for limit, law in laws.items():
        about: Row = {"observable": "log_squared_norm", "limit": limit, "count": summary.count}
        kolmogorov = ks_distance(summary.sketch, law.cdf, delta=0.05).value
        floor = summary.sketch.rank_error + law.numerical_error
        yield {**about, "statistic": "ks", "measured": kolmogorov, "floor": floor}
        wasserstein = wasserstein_distance(summary.sketch, law.cdf, law.quantile)
        yield {
            **about,
            "statistic": "wasserstein",
            "measured": wasserstein.value,
            "measured_standard_error": wasserstein.standard_error,
            "noise": wasserstein.noise,
        }


def _histogram(summary: Summary, laws: Mapping[str, Law]) -> Iterator[Row]:
    """Yield the density of the sample in bins of equal width, beside each limit's mean density there.

    The standard error is that of the expected count under the log-Gaussian limit or of the measured one, whichever is
    larger, so that an empty bin has one too.
    """
    edges = _edges(summary, laws)
    width = float(edges[1] - edges[0])
    counts = np.diff(summary.sketch.cdf(edges)) * summary.count
    expected = {limit: np.diff(law.cdf(edges)) for limit, law in laws.items()}
    reference = np.maximum(counts, summary.count * expected.get("log-gaussian", np.zeros(_BINS)))
    errors = np.sqrt(np.maximum(reference, 1.0)) / (summary.count * width)
    for i in range(_BINS):
        yield {
            "observable": "log_squared_norm",
            "statistic": "density",
            "low": float(edges[i]),
            "high": float(edges[i + 1]),
            "count": summary.count,
            "measured": float(counts[i]) / (summary.count * width),
            "measured_standard_error": float(errors[i]),
            **{limit.replace("-", "_"): float(each[i]) / width for limit, each in expected.items()},
        }


def _edges(summary: Summary, laws: Mapping[str, Law]) -> Float64Array:
    ends = np.array([_TAIL, 1 - _TAIL])
    ranges = np.array([summary.sketch.quantile(ends), *(law.quantile(ends) for law in laws.values())])
    return np.asarray(np.linspace(ranges[:, 0].min(), ranges[:, 1].max(), _BINS + 1), dtype=np.float64)
