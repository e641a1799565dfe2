import math

import numpy as np
import pytest
from scipy import stats

from deeplimits.architectures import ResNet
from deeplimits.comparison import compare
from deeplimits.limits import predict as predict_limit
from deeplimits.limits.prediction import Refusal

NETWORK = ResNet(width=100, depth=50, weight_variance=2.0)
LOG, HIDDEN, ACTIVE = "log_squared_norm", "log_norm_hidden", "active_fraction_last"


def test_a_law_is_judged_by_its_ks_distance(laws, predict, measure, normal_scores):
    samples = measure({LOG: normal_scores(50_000)})
    (row,) = compare(samples, predict("right", {LOG: laws.gaussian(0.0, 1.0)})).rows
    assert row.ks.value == pytest.approx(1e-5, rel=1e-6)
    assert row.ks.high == pytest.approx(1e-5 + math.sqrt(math.log(40) / 1e5), rel=1e-9)
    assert (row.judged_by, row.verdict, row.detectable, row.networks_to_decide) == ("ks", "within", False, None)
    assert row.wasserstein1.value < row.wasserstein1.noise / 5


@pytest.mark.parametrize(
    ("shift", "verdict", "detectable"), [(0.0, "within", False), (0.03, "within", True), (0.2, "outside", True)]
)
def test_verdict_and_detectability_are_separate(laws, predict, measure, normal_scores, shift, verdict, detectable):
    samples = measure({LOG: normal_scores(100_000)})
    (row,) = compare(samples, predict("shifted", {LOG: laws.gaussian(shift, 1.0)})).rows
    assert row.ks.value == pytest.approx(2 * stats.norm.cdf(shift / 2) - 1, abs=2e-5)
    assert (row.verdict, row.detectable) == (verdict, detectable)


def test_few_networks_leave_it_undecided_and_say_how_many_would_do(laws, predict, measure, normal_scores):
    samples = measure({LOG: normal_scores(1000)})
    (row,) = compare(samples, predict("right", {LOG: laws.gaussian(0.0, 1.0)})).rows
    assert row.verdict == "undecided"
    assert row.networks_to_decide == 24_000
    (row,) = compare(measure({LOG: normal_scores(row.networks_to_decide)}), predict("right", {LOG: row.law})).rows
    assert row.verdict == "within"


@pytest.mark.parametrize(
    ("law", "distances"),
    [
        # measured: mean 0.52, variance 0.01
        (("moments", 0.5, None), {"mean": 0.02 / 0.5}),
        (("moments", 0.5, 0.0), {"mean": 0.02 / 0.5}),
        (("moments", 0.5, 0.04), {"mean": 0.02 / 0.2, "variance": 0.75}),
        (("moments", -0.5, None), {"mean": 1.02 / 0.5}),
        (("moments", 0.0, None), {"mean": 0.52}),
        (("moments", 1e-16, None), {"mean": 0.52}),
        (("moments", None, 0.02), {"variance": 0.5}),
        (("point", 0.5), {"mean": 0.02 / 0.5}),
        (("point", 0.0), {"mean": 0.52}),
    ],
)
def test_moments_are_judged_in_the_units_of_the_design(laws, predict, measure, normal_scores, law, distances):
    scores = normal_scores(20_000)
    samples = measure({ACTIVE: 0.52 + 0.1 * scores / scores.std(ddof=1)})
    kind, *moments = law
    (row,) = compare(samples, predict("some", {ACTIVE: getattr(laws, kind)(*moments)})).rows
    assert {name: distance.value for name, distance in row.distances.items()} == pytest.approx(distances)
    for name, distance in row.distances.items():
        estimate = samples[ACTIVE].mean if name == "mean" else samples[ACTIVE].variance
        scale = abs(estimate.value - (row.law.mean if name == "mean" else row.law.variance)) / distance.value
        quantile = stats.norm.isf(0.025 / len(row.distances))
        assert distance.high - distance.value == pytest.approx(quantile * estimate.standard_error / scale)
    assert row.ks is None


def test_a_wrong_variance_alone_puts_a_moment_row_outside(laws, predict, measure, normal_scores):
    samples = measure({ACTIVE: normal_scores(100_000)})
    (row,) = compare(samples, predict("some", {ACTIVE: laws.moments(0.0, 1.2)})).rows
    assert (row.judged_by, row.verdict, row.detectable) == ("variance", "outside", True)
    assert row.distances["mean"].high < 0.02


def test_a_point_mass_has_a_wasserstein_distance_and_no_ks(laws, predict, measure):
    samples = measure({HIDDEN: np.array([-1.0, 1.0, 2.0, 2.0])})
    (row,) = compare(samples, predict("point", {HIDDEN: laws.point(0.0)})).rows
    assert row.ks is None
    assert (row.wasserstein1.value, row.wasserstein1.noise) == (1.5, 0.0)


def test_networks_that_all_agree_with_a_point_mass(laws, predict, measure):
    samples = measure({HIDDEN: np.full(10, 0.25)})
    comparison = compare(samples, [predict("a", {HIDDEN: laws.point(0.25)}), predict("b", {HIDDEN: laws.point(0.3)})])
    assert [(row.verdict, row.detectable) for row in comparison.rows] == [("within", False), ("outside", True)]


def test_confidence_is_shared_between_all_rows(laws, predict, measure, normal_scores):
    scores = normal_scores(5000)
    values = {LOG: scores, HIDDEN: scores}
    law = {LOG: laws.gaussian(0.0, 1.0), HIDDEN: laws.moments(0.0, 1.0)}
    comparison = compare(measure(values), [predict("a", law), predict("b", law), Refusal("c", "no")])
    assert len(comparison.rows) == 4
    delta = 0.05 / 4
    ks, moments = comparison.rows[:2]
    assert ks.ks.high - ks.ks.value == pytest.approx(math.sqrt(math.log(2 / delta) / 1e4))
    half_width = moments.distances["mean"].high - moments.distances["mean"].value
    assert half_width == pytest.approx(stats.norm.isf(delta / 4) * moments.summary.mean.standard_error)


def test_detectable_is_holms_test_over_all_rows(laws, predict, measure, normal_scores):
    """p = 0.03 is detectable alone, and not as the second of two."""
    scores = normal_scores(10_000)
    error = scores.std(ddof=1) / 100
    wrong = {ACTIVE: laws.moments(2.17 * error, 1.0)}
    (alone,) = compare(measure({ACTIVE: scores}), predict("a", {ACTIVE: laws.moments(2.17 * error, None)})).rows
    assert alone.p_value == pytest.approx(0.03, abs=2e-4) and alone.detectable
    with_right = compare(
        measure({ACTIVE: scores, HIDDEN: scores}),
        predict("a", {ACTIVE: laws.moments(2.17 * error), HIDDEN: laws.gaussian(0.0, 1.0)}),
    )
    assert not any(row.detectable for row in with_right.rows)
    (two_parts,) = compare(measure({ACTIVE: scores}), predict("a", wrong)).rows
    assert two_parts.p_value == pytest.approx(0.06, abs=4e-4) and not two_parts.detectable


def test_several_inputs_make_rows_in_input_order(laws, predict, measure, normal_scores):
    x, scores = np.eye(10)[:3], normal_scores(1000)
    samples = measure({LOG: [scores, scores + 1, scores + 2]}, x=x)
    law = {LOG: tuple(laws.gaussian(float(i), 1.0) for i in range(3))}
    comparison = compare(samples, predict("right", law, x=x))
    assert [row.input_index for row in comparison.rows] == [0, 1, 2]
    assert all(row.ks.value < 0.001 for row in comparison.rows)
    assert len(comparison.rankings[LOG]) == 3


def test_rows_can_be_picked(laws, predict, measure, normal_scores):
    samples = measure({LOG: normal_scores(100), HIDDEN: normal_scores(100)})
    law = {LOG: laws.gaussian(0.0, 1.0), HIDDEN: laws.gaussian(0.0, 1.0)}
    comparison = compare(samples, [predict("a", law), predict("b", law)])
    assert len(comparison.rows_for(limit="a")) == len(comparison.rows_for(observable=LOG)) == 2
    assert [row.limit for row in comparison.rows_for(limit="b", observable=LOG)] == ["b"]


def test_dead_networks_count_among_those_that_would_decide(laws, predict, measure, normal_scores):
    prediction = predict("right", {LOG: laws.gaussian(0.0, 1.0)})
    values = np.concatenate([np.zeros(1000), normal_scores(1000)])
    (alive,) = compare(measure({LOG: normal_scores(1000)}), prediction).rows
    (half,) = compare(measure({LOG: values}, num_dead=(1000,)), prediction).rows
    assert half.networks_to_decide == 2 * alive.networks_to_decide
    (some,) = compare(measure({LOG: values[300:]}, num_dead=(700,)), prediction).rows
    share = alive.networks_to_decide / 1000 * 1700
    assert share <= some.networks_to_decide < 1.1 * share and len(str(some.networks_to_decide).rstrip("0")) <= 2


def test_refusals_alone_make_no_rows(measure, normal_scores):
    comparison = compare(measure({LOG: normal_scores(100)}), Refusal("exact", "it needs an MLP"))
    assert comparison.rows == () and comparison.rankings == {LOG: (None,)}


def test_limits_by_name_and_every_limit_by_default(measure, normal_scores):
    x = 2 * np.eye(10)[1]
    samples = measure({LOG: normal_scores(100)}, x=x)
    everything = compare(samples)
    assert [answer.limit for answer in everything.answers] == ["infinite-width", "log-gaussian", "depth-flow", "exact"]
    assert len(everything.rows) == 2 and all(isinstance(answer, Refusal) for answer in everything.answers[2:])
    (row,) = compare(samples, "log-gaussian").rows
    assert row.law.mean == pytest.approx(predict_limit(NETWORK, x, limit="log-gaussian")[LOG].mean)
    with pytest.raises(ValueError, match="did you mean 'exact'"):
        compare(samples, ["exakt"])


def test_another_architecture_is_refused(laws, predict, measure, normal_scores):
    other = predict("some", {LOG: laws.gaussian(0.0, 1.0)}, network=ResNet(width=100, depth=51, weight_variance=2.0))
    with pytest.raises(
        ValueError, match="some prediction is for another architecture than was sampled: depth is 51 there, 50 here;"
    ):
        compare(measure({LOG: normal_scores(100)}), other)


def test_another_x_is_refused(laws, predict, measure, normal_scores):
    other = predict("some", {LOG: laws.gaussian(0.0, 1.0)}, x=2 * np.eye(10)[0])
    with pytest.raises(ValueError, match="another x than the networks were given"):
        compare(measure({LOG: normal_scores(100)}), [other])


def test_a_limit_given_twice_is_refused(laws, predict, measure, normal_scores):
    prediction = predict("some", {LOG: laws.gaussian(0.0, 1.0)})
    with pytest.raises(ValueError, match="the some limit is given twice"):
        compare(measure({LOG: normal_scores(100)}), [prediction, prediction])


def test_what_is_no_prediction_is_refused(laws, measure, normal_scores):
    with pytest.raises(ValueError, match=r"what predict or limits\.for_architecture returns, got Gaussian"):
        compare(measure({LOG: normal_scores(100)}), iter([laws.gaussian(0.0, 1.0)]))


@pytest.mark.parametrize("tolerance", [0.0, -0.1, float("nan")])
def test_tolerances_that_are_not_above_zero_are_refused(measure, normal_scores, tolerance):
    with pytest.raises(ValueError, match="tolerance must be"):
        compare(measure({LOG: normal_scores(100)}), [], tolerance=tolerance)


def test_too_few_networks_are_refused(laws, predict, measure):
    prediction = predict("some", {LOG: laws.gaussian(0.0, 1.0)})
    with pytest.raises(ValueError, match="variance needs at least 4 networks, got 3"):
        compare(measure({LOG: np.arange(3.0)}), prediction)
    with pytest.raises(ValueError, match="needs at least 4 networks that are not dead, got 2 of 5"):
        compare(measure({LOG: np.arange(5.0)}, num_dead=(3,)), prediction)


def test_a_law_that_says_nothing_is_refused(laws, predict, measure, normal_scores):
    with pytest.raises(ValueError, match="empty limit predicts neither"):
        compare(measure({LOG: normal_scores(100)}), predict("empty", {LOG: laws.moments(None)}))


@pytest.mark.parametrize(("count", "expected"), [(179, ("undecided", False)), (180, ("outside", True))])
def test_with_too_few_networks_moments_decide_nothing(laws, predict, measure, normal_scores, count, expected):
    samples = measure({ACTIVE: 5 + normal_scores(count)})
    (row,) = compare(samples, predict("some", {ACTIVE: laws.moments(0.0, 1.0)})).rows
    assert (row.verdict, row.detectable) == expected
