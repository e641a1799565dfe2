"""How often the regime's verdict goes wrong, on planted weights of all kinds and mixtures."""

import functools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest
from scipy import stats

from deeplimits.weights import LayerWeights, WeightScaling, depth_grid, weight_scaling
from deeplimits.weights.laws import planted_rough, planted_smooth, planted_sparse
from deeplimits.weights.scaling.regime import decide

# A verdict other than the truth and ``undecided`` is wrong; all marks of a false regime would have to hold, and each
# 95 % interval lies beyond its own end in 2.5 %.
PROMISED = 0.05
# Networks that are trained apart differ: each depth's weights have a size of their own, by ten percent.
SCATTER = 0.1
Weights = Callable[[int, int], np.ndarray]


@dataclass(frozen=True)
class Kind:
    """Planted weights of one kind: depth and seed → weights, with a scale L^-scale, and the regime that they have."""

    truth: str
    weights: Weights
    scale: float | None = None

    def judge(self, depths: list[int], seed: int) -> WeightScaling:
        networks = {}
        for depth in depths:
            size = np.exp(SCATTER * np.random.default_rng([depth, seed]).normal())
            scale = None if self.scale is None else float(depth) ** -self.scale
            networks[depth] = LayerWeights(size * self.weights(depth, seed), scale=scale)
        return weight_scaling(networks)


def smooth(exponent: float, shape: tuple[int, int] = (10, 10)) -> Weights:
    return lambda depth, seed: planted_smooth(depth, shape, exponent=exponent, seed=seed)


def rough(exponent: float, hurst: float = 0.5) -> Weights:
    return lambda depth, seed: planted_rough(depth, (10, 10), exponent=exponent, hurst=hurst, seed=seed)


def sparse(background: float) -> Weights:
    return lambda depth, seed: planted_sparse(depth, (10, 10), background=background, seed=seed)


def mixed(trend: Weights, noise: Weights, share: float) -> Weights:
    return lambda depth, seed: trend(depth, seed) + share * noise(depth, seed)


def fresh(weights: Weights) -> Weights:
    """Another function at each depth, as networks that converge to different ones."""
    return lambda depth, seed: weights(depth, 10_000 * depth + seed)


CLEAR = {
    "smooth L^-1": Kind("ode", smooth(1.0)),
    "smooth L^-1, other at each depth": Kind("ode", fresh(smooth(1.0))),
    "smooth L^-0.2, scale L^-0.8": Kind("ode", smooth(0.2), 0.8),
    "smooth L^0, scale L^-1": Kind("neural-ode", smooth(0.0), 1.0),
    "independent L^-0.5": Kind("sde", rough(0.5)),
    "independent L^0, scale L^-0.5": Kind("sde", rough(0.0), 0.5),
    "trend L^-1 + noise L^-0.5": Kind("sde", mixed(smooth(1.0), rough(0.5), 1.0)),
    "sparse, others L^-1": Kind("sparse", sparse(1.0)),
    "sparse, others L^-0.5": Kind("sparse", sparse(0.5)),
}
HARD = {
    "trend L^-1 + 0.3 noise L^-0.5": Kind("sde", mixed(smooth(1.0), rough(0.5), 0.3)),
    "trend L^-1 + 0.05 noise L^-0.5": Kind("sde", mixed(smooth(1.0), rough(0.5), 0.05)),
    "trend L^-1 + 0.01 noise L^-0.5": Kind("sde", mixed(smooth(1.0), rough(0.5), 0.01)),
    "smooth L^-0.1, scale L^-0.9": Kind("ode", smooth(0.1), 0.9),
    "trend L^-1 + noise L^-1": Kind("undecided", mixed(smooth(1.0), rough(1.0), 1.0)),
    "independent L^-1": Kind("undecided", rough(1.0)),
    "independent L^-0.7": Kind("undecided", rough(0.7)),
    "independent L^0": Kind("undecided", rough(0.0)),
    "smooth L^-0.5": Kind("undecided", smooth(0.5)),
    "smooth L^0": Kind("undecided", smooth(0.0)),
    "fractional H=0.8, L^-0.8": Kind("undecided", rough(0.8, 0.8)),
    "fractional H=0.8, L^-0.5": Kind("undecided", rough(0.5, 0.8)),
    "fractional H=0.3, L^-0.3": Kind("undecided", rough(0.3, 0.3)),
    "fractional H=0.3, L^-0.5": Kind("undecided", rough(0.5, 0.3)),
}


def at_most(failures: int, count: int, rate: float) -> float:
    """Return the p-value of ``rate`` being held."""
    return float(stats.binomtest(failures, count, rate, alternative="greater").pvalue)


EDGE = Kind("undecided", smooth(0.8, shape=(4, 4)))  # at the very end of what is taken for L^-1
EDGES = 20


@functools.cache
def judged_at_the_edge(seed: int) -> tuple[WeightScaling, ...]:
    return tuple(EDGE.judge(depth_grid(40), seed + number) for number in range(EDGES))


def wrong_at_the_edge(seed: int) -> float:
    return at_most(sum(one.regime != "undecided" for one in judged_at_the_edge(seed)), EDGES, PROMISED)


def wrong_without_intervals(seed: int) -> float:
    wrong = 0
    for one in judged_at_the_edge(seed):
        points = {
            n: replace(law, low=law.value, high=law.value, deep_value=law.value) for n, law in one.exponents.items()
        }
        wrong += decide(points).regime != "undecided"
    return at_most(wrong, EDGES, PROMISED)


def test_a_verdict_at_the_edge_is_rarely_wrong(verdict) -> None:  # type: ignore[no-untyped-def]
    verdict.accept(wrong_at_the_edge)


def test_it_would_see_estimates_taken_for_certain(verdict) -> None:  # type: ignore[no-untyped-def]
    verdict.reject(wrong_without_intervals)


@functools.cache
def judged_clear_cases(seed: int) -> tuple[tuple[str, WeightScaling], ...]:
    return tuple((kind.truth, kind.judge(depth_grid(100, base=1.4), seed)) for kind in CLEAR.values())


def missed(seed: int, widening: float) -> float:
    """Return the p-value of clear cases being missed in a fifth at most, with intervals that much wider."""
    count = 0
    for truth, one in judged_clear_cases(seed):
        wide = {n: replace(law, low=law.low - widening, high=law.high + widening) for n, law in one.exponents.items()}
        count += decide(wide).regime != truth
    return at_most(count, len(CLEAR), 0.2)


def test_clear_cases_are_decided_rightly_and_intervals_too_wide_would_be_seen(verdict) -> None:  # type: ignore[no-untyped-def]
    verdict.accept(lambda seed: missed(seed, 0.0))
    verdict.reject(lambda seed: missed(seed, 0.2))  # the same networks, for time's sake


@pytest.mark.slow
@pytest.mark.parametrize(("deepest", "count"), [(100, 100), (1000, 20)])
def test_the_table_of_error_rates(deepest: int, count: int, capsys: pytest.CaptureFixture[str]) -> None:
    depths = depth_grid(deepest)
    lines = [f"\n{len(depths)} depths from 3 to {deepest}, {count} seeds; wrong and undecided in percent"]
    failures = []
    for name, kind in (CLEAR | HARD).items():
        found = Counter(kind.judge(depths, seed).regime for seed in range(count))
        wrong = sum(number for regime, number in found.items() if regime not in (kind.truth, "undecided"))
        lines.append(
            f"  {name:<34} {kind.truth:<10} {100 * wrong / count:5.0f} {100 * found['undecided'] / count:5.0f}"
        )
        left_open = found["undecided"] if name in CLEAR else 0
        if min(at_most(wrong, count, PROMISED), at_most(left_open, count, 0.2)) < 1e-3:
            failures.append(name)
    with capsys.disabled():
        print("\n".join(lines))
    assert not failures
