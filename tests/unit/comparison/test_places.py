"""What is not one number per network: layers, pairs of layers, and numbers of a whole ensemble."""

import json
import math

import numpy as np
import pytest
from scipy import stats

from deeplimits.comparison import compare
from deeplimits.comparison.moments import networks_for_normal_intervals
from deeplimits.limits.laws import LayeredLaw, LayerPairLaw
from deeplimits.statistics import LayerCovariance, LayerSummary, OutputMoments

COUNT = 40_000
NORM, COVARIANCE = "log_norm", "energy_fraction_covariance"
SECOND, KURTOSIS, CORRELATION = "log_output_second_moment", "output_kurtosis", "output_square_correlation"


@pytest.fixture
def scores(normal_scores):
    """Mean 0 and unbiased variance 1, exactly but for rounding."""
    values = normal_scores(COUNT)
    return values / values.std(ddof=1)


@pytest.fixture
def layered(measure_states, scores):
    """Three layers 0, 4, 9: N(0, 1), N(0.5, 1), N(0, 1.5)."""
    values = np.stack([scores, 0.5 + scores, math.sqrt(1.5) * scores], axis=1)
    return measure_states({NORM: LayerSummary.from_values((0, 4, 9), values)})


def law(laws, *moments, layers=(0, 4, 9)):
    return LayeredLaw(layers, tuple(laws.moments(*pair) for pair in moments))


def test_a_layered_observable_is_one_row_judged_by_its_worst_layer(laws, predict, layered):
    right, wrong = (0.0, 1.0), (0.6, 1.0)
    (row,) = compare(layered, predict("a", {NORM: law(laws, right, wrong, (0.0, 1.5))})).rows
    assert (row.verdict, row.layers, row.judged_by, row.detectable) == ("outside", (4,), "mean", True)
    assert row.distances["mean"].value == pytest.approx(0.1)
    assert (row.law.mean, row.summary.mean.value, row.summary.variance.value) == pytest.approx((0.6, 0.5, 1.0))
    assert [place.verdict for place in row.places] == ["within", "outside", "within"]
    assert row.mean_error.value == pytest.approx(-1 / 6) and row.variance_error.value == pytest.approx(0.0, abs=1e-12)


def test_layers_share_delta(laws, predict, layered):
    """Three layers with two moments each: a sixth of δ for each interval."""
    (row,) = compare(layered, predict("a", {NORM: law(laws, (0.0, 1.0), (0.5, 1.0), (0.0, 1.5))})).rows
    (place, *_) = row.places
    quantile = stats.norm.isf(0.05 / 6 / 2)
    assert place.distances["mean"].high == pytest.approx(quantile / math.sqrt(COUNT), rel=1e-6)
    assert place.distances["variance"].high == pytest.approx(quantile * place.summary.variance.standard_error, rel=1e-6)


def test_every_layer_within_is_within(laws, predict, layered):
    right = predict("a", {NORM: law(laws, (0.0, 1.0), (0.5, 1.0), (0.0, 1.5))})
    (row,) = compare(layered, right, tolerance=0.1).rows
    assert (row.verdict, row.detectable, row.networks_to_decide) == ("within", False, None)
    assert {place.verdict for place in row.places} == {"within"}


def test_a_wrong_variance_at_one_layer_is_seen(laws, predict, layered):
    (row,) = compare(layered, predict("a", {NORM: law(laws, (0.0, 1.0), (0.5, 1.0), (0.0, 1.4))}), tolerance=0.06).rows
    assert (row.verdict, row.layers, row.judged_by) == ("undecided", (9,), "variance")
    (row,) = compare(layered, predict("a", {NORM: law(laws, (0.0, 1.0), (0.5, 1.0), (0.0, 1.3))}), tolerance=0.05).rows
    assert (row.verdict, row.layers, row.judged_by) == ("outside", (9,), "variance")


def test_only_layers_that_are_recorded_and_predicted_count(laws, predict, layered):
    other = law(laws, (0.0, 1.0), (99.0, 1.0), (0.0, 1.5), layers=(0, 5, 9))
    (row,) = compare(layered, predict("a", {NORM: other}), tolerance=0.1).rows
    assert row.verdict == "within" and [place.layers for place in row.places] == [(0,), (9,)]
    with pytest.raises(ValueError, match="a limit predicts nothing of log_norm at the recorded layers"):
        compare(layered, predict("a", {NORM: law(laws, (0.0, 1.0), layers=(1,))}))


def test_few_networks_decide_nothing_of_many_layers(laws, predict, measure_states, normal_scores):
    needed = int(networks_for_normal_intervals(0.05 / 6))
    assert 100 < needed < 1000
    far = law(laws, (9.0, 1.0), (9.0, 1.0), (9.0, 1.0))
    for count, verdict in ((needed - 1, "undecided"), (needed, "outside")):
        values = np.stack([normal_scores(count)] * 3, axis=1)
        (row,) = compare(
            measure_states({NORM: LayerSummary.from_values((0, 4, 9), values)}), predict("a", {NORM: far})
        ).rows
        assert row.verdict == verdict and {place.verdict for place in row.places} == {verdict}
        assert row.networks_to_decide == (needed if verdict == "undecided" else None)


def test_limits_are_ranked_by_their_largest_difference_of_means(laws, predict, layered):
    near = predict("near", {NORM: law(laws, (0.1, 1.0), (0.6, 1.0), (0.1, 1.5))})
    far = predict("far", {NORM: law(laws, (0.0, 1.0), (0.0, 1.0), (0.0, 1.5))})
    (ranking,) = compare(layered, [far, near]).rankings[NORM]
    assert (ranking.by, ranking.order) == ("mean", (("near",), ("far",)))
    assert ranking.distances["near"].value == pytest.approx(0.1)


def test_what_joins_two_inputs_makes_one_row(laws, predict, measure_states, scores):
    x = np.eye(10)[:2]
    state = LayerSummary.from_values((0, 4), np.stack([0.01 * scores, 0.5 + 0.01 * scores], axis=1))
    samples = measure_states({"correlation": state}, x=x)
    both = LayeredLaw((0, 4), (laws.point(0.0), laws.point(0.5)))
    comparison = compare(samples, predict("a", {"correlation": (both,)}, x=x))
    assert [(row.input_index, row.verdict) for row in comparison.rows] == [(0, "within")]
    assert "correlation: measured mean 0.000000(50) at layer 0 … 0.500000(50) at layer 4" in str(comparison)
    found = json.loads(json.dumps(comparison.to_dict(), allow_nan=False))
    assert found["limits"]["a"]["correlation"]["verdict"] == "within"
    assert found["ranking"]["correlation"]["order"] == [["a"]]


@pytest.fixture
def covariance(measure_states, scores):
    """Layers 0, 1, 2, 3; from the base layer 2 on: variance 0.01, covariance with layer 3 of 0.004."""
    independent = np.random.default_rng(5).permutation(scores)
    independent = independent - scores * (scores @ independent) / (scores @ scores)
    independent /= independent.std(ddof=1)
    values = np.stack([scores, scores, scores, 0.4 * scores + math.sqrt(1 - 0.16) * independent], axis=1)
    return measure_states({COVARIANCE: LayerCovariance.from_values((0, 1, 2, 3), 0.5 + 0.1 * values)})


def test_covariances_are_judged_from_the_base_layer_in_its_variance(predict, covariance):
    predicted = np.full((4, 4), 0.02)  # before the base layer: not looked at
    predicted[2, 2], predicted[2, 3], predicted[3, 2] = 0.01, 0.001, 0.001
    (row,) = compare(covariance, predict("a", {COVARIANCE: LayerPairLaw((0, 1, 2, 3), predicted)})).rows
    assert [place.layers for place in row.places] == [(2, 2), (2, 3)]
    assert (row.verdict, row.layers, row.judged_by) == ("outside", (2, 3), "covariance")
    assert row.distances["covariance"].value == pytest.approx(0.3, abs=1e-6)
    predicted[2, 3] = 0.004
    (row,) = compare(covariance, predict("a", {COVARIANCE: LayerPairLaw((0, 1, 2, 3), predicted)}), tolerance=0.05).rows
    assert (row.verdict, row.detectable) == ("within", False)


def test_a_predicted_variance_of_0_is_compared_absolutely(predict, covariance):
    (row,) = compare(covariance, predict("a", {COVARIANCE: LayerPairLaw((0, 1, 2, 3), np.zeros((4, 4)))})).rows
    assert row.distances["covariance"].value == pytest.approx(0.01) and row.detectable


@pytest.fixture
def output(measure_states):
    """Two Gaussian coordinates of one scale each network, its square log-normal with this deviation."""

    def make(deviation, *names, count=COUNT):
        rng = np.random.default_rng(11)
        squares = np.exp(deviation * rng.normal(size=(count, 1))) * rng.normal(size=(count, 2)) ** 2
        energy = squares.sum(axis=1)
        state = OutputMoments.from_values(0.0, 2, np.log(energy), 2 * (squares**2).sum(axis=1) / energy**2)
        return measure_states({"output_moments": state}, observables=names)

    return make


def test_statistics_are_judged_relative_and_logarithms_absolutely(laws, predict, output):
    samples = output(0.3, SECOND, KURTOSIS, CORRELATION)
    measured = {name: samples[name].mean.value for name in samples}
    predicted = {SECOND: measured[SECOND] + 0.1, KURTOSIS: 1.25 * measured[KURTOSIS], CORRELATION: 0.0}
    rows = compare(samples, predict("a", {name: laws.moments(value) for name, value in predicted.items()})).rows
    assert [row.distances["mean"].value for row in rows] == pytest.approx([0.1, 0.2, measured[CORRELATION]])
    assert [row.verdict for row in rows] == ["outside"] * 3 and all(row.detectable for row in rows)
    assert [row.places for row in rows] == [()] * 3


def test_right_statistics_are_within(laws, predict, output):
    samples = output(0.3, SECOND, KURTOSIS)
    kappa = math.exp(0.3**2)
    truth = {SECOND: laws.moments(0.3**2 / 2), KURTOSIS: laws.moments(3 * kappa)}
    rows = compare(samples, predict("a", truth), tolerance=0.2).rows
    assert [(row.verdict, row.detectable) for row in rows] == [("within", False)] * 2


def test_a_heavy_tailed_statistic_decides_nothing_and_says_so(laws, predict, output):
    samples = output(3.0, KURTOSIS)
    assert samples[KURTOSIS].unreliable
    comparison = compare(samples, predict("a", {KURTOSIS: laws.moments(3.0)}))
    (row,) = comparison.rows
    assert (row.verdict, row.detectable, row.networks_to_decide) == ("undecided", False, None)
    assert "a: nothing is decided: 0.1 % of the networks carry over 20 % of the sum" in str(comparison)
    entry = json.loads(json.dumps(comparison.to_dict(), allow_nan=False))["limits"]["a"][KURTOSIS]
    assert entry["distances"]["mean"]["high"] is None and "0.1 % of the networks carry" in entry["reason"]
    assert comparison.rankings[KURTOSIS] == (None,)


def test_a_skewed_statistic_waits_for_more_networks(laws, predict, output):
    samples = output(0.8, KURTOSIS, count=5000)
    assert not samples[KURTOSIS].unreliable
    (row,) = compare(samples, predict("a", {KURTOSIS: laws.moments(300.0)})).rows
    assert row.verdict == "undecided" and row.networks_to_decide > 5000


def test_the_page_and_the_document_name_the_worst_layer(laws, predict, layered):
    prediction = predict("a", {NORM: law(laws, (0.0, 1.0), (0.6, 1.0), (0.0, 1.5))})
    comparison = compare(layered, prediction)
    text, html = str(comparison), comparison._repr_html_()
    assert "log_norm: measured mean 0.0000(50) at layer 0 … 0.0000(61) at layer 9" in text
    note = "a: worst of 3 at layer 4, measured mean 0.5000(50), variance 1.0000(71)"
    assert note in text and note in html
    assert max(map(len, text.splitlines())) <= 100
    found = json.loads(json.dumps(comparison.to_dict(), allow_nan=False))
    assert found["observables"][NORM]["layers"] == [0, 4, 9]
    entry = found["limits"]["a"][NORM]
    assert (entry["verdict"], entry["decided_at"], entry["mean"]) == ("outside", [4], 0.6)
    assert [place["layers"] for place in entry["places"]] == [[0], [4], [9]]
    assert entry["places"][1]["distances"]["mean"] == entry["distances"]["mean"]


def test_an_observable_that_no_limit_predicts(laws, predict, layered):
    comparison = compare(layered, predict("a", {"active_fraction": law(laws, (0.5, 1.0), (0.5, 1.0), (0.5, 1.0))}))
    assert comparison.rows == () and "no limit predicts it" in str(comparison)
    found = comparison.to_dict()["limits"]["a"]
    assert found[NORM]["reason"] == "the limit does not predict this observable" and "active_fraction" not in found
