import pytest

from deeplimits.comparison import compare

LOG = "log_squared_norm"


def rank(measure, predict, values, laws):
    return compare(measure({LOG: values}), [predict(name, {LOG: law}) for name, law in laws.items()]).rankings[LOG][0]


def test_limits_with_laws_are_ranked_by_ks_and_overlapping_ones_are_tied(laws, predict, measure, normal_scores):
    ranking = rank(
        measure,
        predict,
        normal_scores(20_000),
        {
            "far": laws.gaussian(2.0, 1.0),
            "wrong": laws.gaussian(0.5, 1.0),
            "right": laws.gaussian(0.0, 1.0),
            "nearly": laws.gaussian(0.01, 1.0),
        },
    )
    assert ranking.by == "ks"
    assert ranking.order == (("right", "nearly"), ("wrong",), ("far",))
    assert ranking.distances["right"].value < 1e-4


def test_a_point_mass_among_laws_makes_it_wasserstein(laws, predict, measure, normal_scores):
    """In the mean the point mass is right; as a law it is not."""
    ranking = rank(
        measure, predict, normal_scores(20_000), {"point": laws.point(0.0), "wider": laws.gaussian(0.0, 1.5)}
    )
    assert (ranking.by, ranking.order) == ("wasserstein1", (("wider",), ("point",)))
    assert ranking.distances["wider"].value == pytest.approx(0.17932, abs=1e-3)  # (sqrt(1.5) − 1) sqrt(2/π)


def test_moments_among_laws_make_it_the_mean(laws, predict, measure, normal_scores):
    ranking = rank(
        measure, predict, normal_scores(20_000), {"law": laws.gaussian(0.3, 1.0), "moments": laws.moments(-0.1)}
    )
    assert (ranking.by, ranking.order) == ("mean", (("moments",), ("law",)))
    assert ranking.distances["law"].value == pytest.approx(0.3)


def test_few_networks_tell_nothing_apart(laws, predict, measure, normal_scores):
    ranking = rank(measure, predict, normal_scores(20), {"a": laws.gaussian(0.3, 1.0), "b": laws.gaussian(0.0, 1.0)})
    assert ranking.order == (("b", "a"),)


def test_limits_without_a_common_distance_are_not_ranked(laws, predict, measure, normal_scores):
    values = normal_scores(1000)
    assert rank(measure, predict, values, {"a": laws.moments(None, 1.0), "b": laws.moments(0.0)}) is None
    assert rank(measure, predict, values, {}) is None
