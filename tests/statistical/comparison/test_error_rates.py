"""The verdicts' own error rates, on differences planted at the tolerance, where errors are likeliest."""

import math

import numpy as np
import pytest
from scipy import stats
from scipy.special import ndtr, ndtri

from deeplimits.architectures import ResNet
from deeplimits.comparison import compare
from deeplimits.comparison.verdicts import decide
from deeplimits.datasets import as_inputs
from deeplimits.limits.laws.law import Law
from deeplimits.limits.prediction import Prediction
from deeplimits.sampling import Samples
from deeplimits.statistics import Interval, QuantileSketch, Summary, ks_distance, ks_p_value

NETWORK = ResNet(width=100, depth=50, weight_variance=2.0)
INPUTS = as_inputs(None, NETWORK.input_dim)
TOLERANCE = 0.1  # larger than the default, so that few networks decide; the rules know no scale
LAWS = ("log_squared_norm", "log_norm_hidden")
MOMENTS = ("active_fraction_last", "energy_fraction_last")


class StandardGaussian(Law):
    mean, variance = 0.0, 1.0

    def cdf(self, y):
        return ndtr(y)

    def quantile(self, probability):
        return ndtri(probability)


class StandardMoments(Law):
    has_distribution = False
    mean, variance = 0.0, 1.0


def compare_with_standard(draws):
    """Compare draws, one array per observable, with the standard Gaussian or only its moments."""
    count = len(next(iter(draws.values())))
    summaries = {name: (Summary.from_values(values),) for name, values in draws.items()}
    samples = Samples.from_summaries(NETWORK, INPUTS, count, (0,), 0, "lazy", summaries, {})
    laws = {name: (StandardGaussian() if name in LAWS else StandardMoments(),) for name in draws}
    return compare(samples, Prediction("planted", NETWORK, INPUTS, laws, "", ""), tolerance=TOLERANCE)


def shift_of_ks(distance):
    """μ at which sup |Φ(y − μ) − Φ(y)| = 2 Φ(μ / 2) − 1 is the distance."""
    return 2 * ndtri((1 + distance) / 2)


def planted(rng, count):
    """Four rows, of which two are truly within by a hair and two truly outside by one."""
    near, far = TOLERANCE * (1 - 1e-9), TOLERANCE * (1 + 1e-9)
    noise = rng.normal(size=(4, count))
    draws = {
        LAWS[0]: noise[0] + shift_of_ks(near),
        LAWS[1]: noise[1] - shift_of_ks(far),
        MOMENTS[0]: near + math.sqrt(1 + near) * noise[2],  # mean and variance both at the tolerance
        MOMENTS[1]: noise[3] + far,
    }
    return draws, {LAWS[0]: "outside", LAWS[1]: "within", MOMENTS[0]: "outside", MOMENTS[1]: "within"}


def is_wrong(row, wrong_verdict, width):
    """Whether a row gets the wrong verdict if its intervals had ``width`` times their width."""
    verdicts = []
    for distance in row.distances.values():
        half_width = width * (distance.high - distance.value)
        verdicts.append(
            decide(Interval(distance.value, distance.value - half_width, distance.value + half_width), TOLERANCE)
        )
    worst = max(verdicts, key=["within", "undecided", "outside"].index)
    return worst == wrong_verdict


def wrong_comparisons(seed, repetitions, count, width=1.0, names=LAWS + MOMENTS):
    """Count the comparisons in which any row is wrongly decided."""
    rng, wrong = np.random.default_rng(seed), 0
    for _ in range(repetitions):
        draws, wrong_verdicts = planted(rng, count)
        rows = compare_with_standard({name: draws[name] for name in names}).rows
        wrong += any(is_wrong(row, wrong_verdicts[row.observable], width) for row in rows)
    return wrong


def too_many(wrong, repetitions):
    return stats.binomtest(wrong, repetitions, 0.05, alternative="greater").pvalue


def test_a_comparison_has_a_wrong_verdict_in_at_most_5_percent(verdict):
    verdict.accept(lambda seed: too_many(wrong_comparisons(seed, 300, 300), 300))


@pytest.mark.slow
@pytest.mark.parametrize("names", [LAWS, MOMENTS])
def test_intervals_that_are_too_short_are_seen(verdict, names):
    """Control: half the width. The bound on KS deviations holds everywhere at once, so in one place it has room."""
    verdict.reject(lambda seed: too_many(wrong_comparisons(seed, 300, 300, 0.5, names), 300))


@pytest.mark.slow
def test_true_predictions_are_called_detectable_in_5_percent(verdict):
    def p_value(seed):
        rng, found = np.random.default_rng(seed), 0
        for _ in range(400):
            rows = compare_with_standard({name: rng.normal(size=200) for name in LAWS}).rows
            found += any(row.detectable for row in rows)
        return stats.binomtest(found, 400, 1 - 0.975**2).pvalue

    verdict.accept(p_value)


@pytest.mark.slow
def test_detections_without_holms_correction_are_seen(verdict):
    """Control: testing each of two rows at 5 % finds something in 9.75 %."""

    def p_value(seed):
        sketches = map(QuantileSketch.from_values, np.random.default_rng(seed).normal(size=(2000, 200)))
        p_values = [ks_p_value(ks_distance(sketch, ndtr, delta=0.05).value, 200) for sketch in sketches]
        found = int(np.sum(np.reshape(p_values, (1000, 2)).min(axis=1) <= 0.05))
        return stats.binomtest(found, 1000, 1 - 0.975**2).pvalue

    verdict.reject(p_value)


def decided_after_forecast(seed, distance, repetitions):
    """Of the rows left undecided by 150 networks, count those that the forecast number of new networks decides."""
    rng, undecided, decided = np.random.default_rng(seed), 0, 0
    shift = {LAWS[0]: shift_of_ks(distance), MOMENTS[0]: distance}
    for _ in range(repetitions):
        for name in shift:
            (row,) = compare_with_standard({name: rng.normal(size=150) + shift[name]}).rows
            if row.networks_to_decide is not None:
                (again,) = compare_with_standard(
                    {name: rng.normal(size=min(row.networks_to_decide, 10**6)) + shift[name]}
                ).rows
                undecided += 1
                decided += again.verdict != "undecided"
    return decided, undecided


@pytest.mark.slow
@pytest.mark.parametrize("distance", [0.0, 0.2])
def test_the_forecast_number_of_networks_usually_decides(verdict, distance):
    verdict.accept(
        lambda seed: stats.binomtest(*decided_after_forecast(seed, distance, 60), 0.8, alternative="less").pvalue
    )


@pytest.mark.slow
def test_error_rates_at_full_length():
    """2000 comparisons of 1000 networks: the wrong ones stay under 5 % by 3 standard errors."""
    wrong = wrong_comparisons(20_240_117, 2000, 1000)
    assert wrong <= 0.05 * 2000 - 3 * math.sqrt(2000 * 0.05 * 0.95)


@pytest.mark.slow
@pytest.mark.parametrize("sign", [-1, 1])
def test_clear_cases_are_decided_and_rightly(sign):
    """At 40 % below or above the tolerance 20,000 networks decide all four rows of every comparison, rightly."""
    rng, verdicts = np.random.default_rng(7), []
    distance = TOLERANCE * (1 + 0.4 * sign)
    for _ in range(200):
        noise = rng.normal(size=(4, 20_000))
        draws = {
            name: noise[i] + (shift_of_ks(distance) if name in LAWS else distance)
            for i, name in enumerate(LAWS + MOMENTS)
        }
        verdicts += [row.verdict for row in compare_with_standard(draws).rows]
    right = "within" if sign < 0 else "outside"
    assert verdicts.count(right) >= 0.99 * len(verdicts)
    assert set(verdicts) <= {right, "undecided"}
