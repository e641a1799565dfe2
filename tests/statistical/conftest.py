"""The rule by which every statistical test decides."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from deeplimits.randomness import stable_hash

LEVEL = 1e-3


class Verdict:
    """Judge a p-value twice, with seeds that nobody chose: they are hashes of the test's name."""

    def __init__(self, test: str) -> None:
        self.seeds = [stable_hash({"test": test, "attempt": attempt}) % 2**31 for attempt in range(2)]

    def accept(self, p_value: Callable[[int], float]) -> None:
        """Fail only if the p-value is below the level at both seeds."""
        values = []
        for seed in self.seeds:
            values.append(p_value(seed))
            if values[-1] >= LEVEL:
                return
        pytest.fail(f"p-values {values} at seeds {self.seeds} are all below {LEVEL}")

    def reject(self, p_value: Callable[[int], float]) -> None:
        """Fail unless the p-value of a deliberately wrong control is below the level at both seeds."""
        values = [p_value(seed) for seed in self.seeds]
        assert max(values) < LEVEL, f"the wrong control was not seen: p-values {values} at seeds {self.seeds}"


@pytest.fixture
def verdict(request: pytest.FixtureRequest) -> Verdict:
    return Verdict(request.node.name)


def joint_p_value(first: np.ndarray, second: np.ndarray, seed: int) -> float:
    """Test whether two samples (networks, statistics) have one joint law; return a Bonferroni-combined p-value.

    Marginal tests overlook wrong dependence, so this looks at the means of all statistics and of all their products
    (Hotelling), at each marginal and at 20 random projections (Kolmogorov–Smirnov).
    """
    centre, scale = second.mean(axis=0), second.std(axis=0)
    a, b = (first - centre) / scale, (second - centre) / scale
    upper = np.triu_indices(a.shape[1])
    features = [np.concatenate([s, (s[:, :, None] * s[:, None, :])[:, *upper]], axis=1) for s in (a, b)]
    difference = features[0].mean(axis=0) - features[1].mean(axis=0)
    covariance = sum(np.cov(f, rowvar=False) / len(f) for f in features)
    # Duplicated inputs make the covariance singular: the test lives on its range.
    values, vectors = np.linalg.eigh(covariance)
    kept = values > 1e-9 * values.max()
    statistic = np.sum((vectors[:, kept].T @ difference) ** 2 / values[kept])
    p_values = [stats.chi2.sf(statistic, np.count_nonzero(kept)) * 2]
    directions = np.random.default_rng(seed).normal(size=(20, a.shape[1]))
    directions = np.concatenate([np.eye(a.shape[1]), directions / np.linalg.norm(directions, axis=1, keepdims=True)])
    smallest = min(stats.ks_2samp(np.round(a @ d, 5), np.round(b @ d, 5)).pvalue for d in directions)
    p_values.append(smallest * len(directions) * 2)
    return min(1.0, *p_values)


@pytest.fixture(name="joint_p_value")
def joint_p_value_fixture() -> Callable[[np.ndarray, np.ndarray, int], float]:
    return joint_p_value
