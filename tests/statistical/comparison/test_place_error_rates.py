"""The verdicts' error rates along the layers, between layers and for whole ensembles, planted at the tolerance."""

import math

import numpy as np
import pytest
from scipy import stats

from deeplimits.architectures import ResNet
from deeplimits.comparison import compare
from deeplimits.comparison.verdicts import decide
from deeplimits.datasets import as_inputs
from deeplimits.limits.laws import LayeredLaw, LayerPairLaw, MomentsOnly
from deeplimits.limits.prediction import Prediction
from deeplimits.sampling import Samples
from deeplimits.sampling.states import States
from deeplimits.statistics import Interval, LayerCovariance, LayerSummary, OutputMoments

NETWORK = ResNet(width=100, depth=50, weight_variance=2.0)
INPUTS = as_inputs(None, NETWORK.input_dim)
TOLERANCE = 0.1  # larger than the default, so that few networks decide; the rules know no scale
NEAR, FAR = TOLERANCE * (1 - 1e-9), TOLERANCE * (1 + 1e-9)
LAYERS = tuple(range(8))
SPREAD = 0.3  # of a network's log-squared output


def row_of(state, accumulator, observable, law):
    empty = (
        type(state).empty(state.log_scale, state.output_dim)
        if isinstance(state, OutputMoments)
        else type(state).empty(state.layers)
    )
    complete = States({accumulator: (state,)}, (0,), state.count)
    rest = States({accumulator: (empty,)}, (0,), 0)
    samples = Samples(NETWORK, INPUTS, 0, "lazy", (observable,), 64, 0, complete, rest, {})
    prediction = Prediction("planted", NETWORK, INPUTS, {observable: (law,)}, "", "")
    (row,) = compare(samples, prediction, tolerance=TOLERANCE).rows
    return row


def layers(rng, distance):
    """Independent layers, the worst case: all off by ``distance`` if that is within, else one in its mean."""
    within = distance < TOLERANCE
    off = np.full(len(LAYERS), distance) if within else np.eye(len(LAYERS))[3] * distance
    values = off + np.sqrt(1 + off * within) * rng.normal(size=(800 if within else 3000, len(LAYERS)))
    law = LayeredLaw(LAYERS, (MomentsOnly(0.0, 1.0),) * len(LAYERS))
    return row_of(LayerSummary.from_values(LAYERS, values), "log_norm", "log_norm", law)


def pairs(rng, distance):
    """A base layer and three lags, of which one or all have a covariance off by ``distance`` variances."""
    off = np.full(4, distance) if distance < TOLERANCE else np.eye(4)[2] * distance
    predicted = 0.01 * np.array([1.0, 0.6, 0.3, 0.0])
    true = predicted + 0.01 * off
    base = rng.normal(size=(800, 1)) * math.sqrt(true[0])
    slopes = true / true[0]
    rest = np.sqrt(np.maximum(0.011 - slopes**2 * true[0], 0.0)) * (np.arange(4) > 0)
    values = 0.5 + base * slopes + rest * rng.normal(size=(800, 4))
    values = np.concatenate([rng.normal(size=(800, 4)), values], axis=1)  # the base layer is the middle one of eight
    law = LayerPairLaw(LAYERS, np.zeros((8, 8)))
    law.values[4, 4:] = predicted
    name = "energy_fraction_covariance"
    return row_of(LayerCovariance.from_values(LAYERS, values), name, name, law)


def output(rng, count=6000):
    squares = np.exp(SPREAD * rng.normal(size=(count, 1))) * rng.normal(size=(count, 2)) ** 2
    energy = squares.sum(axis=1)
    return OutputMoments.from_values(0.0, 2, np.log(energy), 2 * (squares**2).sum(axis=1) / energy**2)


def kurtosis(rng, distance):
    """Heavy tails make estimates small: on that side errors are likeliest."""
    truth = 3 * math.exp(SPREAD**2)
    predicted = truth / (1 - distance) if distance < TOLERANCE else truth / (1 + distance)
    return row_of(output(rng), "output_moments", "output_kurtosis", MomentsOnly(predicted, None))


def second_moment(rng, distance):
    law = MomentsOnly(SPREAD**2 / 2 + (distance if distance < TOLERANCE else -distance), None)
    return row_of(output(rng, 500), "output_moments", "log_output_second_moment", law)


KINDS = [layers, pairs, kurtosis, second_moment]
CASES = [(kind, distance) for kind in KINDS for distance in (NEAR, FAR)]
QUICK = (second_moment,)  # the others take seconds each


def thinned(cases):
    """Mark as slow what takes long."""
    kinds = [case if callable(case) else case[0] for case in cases]
    marks = [[] if kind in QUICK else [pytest.mark.slow] for kind in kinds]
    pairs_of = zip(cases, marks, strict=True)
    return [pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=mark) for case, mark in pairs_of]


def is_wrong(row, distance, width):
    """Whether the row is wrongly decided, if its intervals had ``width`` times their width."""
    if width == 1.0:
        return row.verdict == ("outside" if distance < TOLERANCE else "within")
    if row.networks_to_decide is None and row.verdict == "undecided":
        return False
    verdicts = []
    for place in row.places or (row,):
        for found in place.distances.values():
            half = width * (found.high - found.value)
            verdicts.append(decide(Interval(found.value, found.value - half, found.value + half), TOLERANCE))
    worst = max(verdicts, key=["within", "undecided", "outside"].index)
    return worst == ("outside" if distance < TOLERANCE else "within")


def wrong_rows(seed, kind, distance, repetitions, width=1.0):
    rng = np.random.default_rng(seed)
    return sum(is_wrong(kind(rng, distance), distance, width) for _ in range(repetitions))


def too_many(wrong, repetitions):
    return stats.binomtest(wrong, repetitions, 0.05, alternative="greater").pvalue


@pytest.mark.parametrize(("kind", "distance"), thinned([case for case in CASES if case != (layers, NEAR)]))
def test_at_most_5_percent_of_the_verdicts_are_wrong(verdict, kind, distance):
    verdict.accept(lambda seed: too_many(wrong_rows(seed, kind, distance, 200), 200))


@pytest.mark.parametrize(("kind", "distance"), thinned(CASES))
def test_intervals_that_are_too_short_are_seen(verdict, kind, distance):
    """Control: half the width; a fifth where one place of many is off, so that what the others may use is room."""
    width = 0.2 if kind in (layers, pairs) and distance == FAR else 0.5
    verdict.reject(lambda seed: too_many(wrong_rows(seed, kind, distance, 200, width), 200))


@pytest.mark.parametrize("kind", thinned(KINDS))
def test_true_predictions_are_called_detectable_in_at_most_5_percent(verdict, kind):
    def p_value(seed):
        rng = np.random.default_rng(seed)
        return too_many(sum(kind(rng, 0.0).detectable for _ in range(200)), 200)

    verdict.accept(p_value)


@pytest.mark.parametrize("kind", thinned(KINDS))
def test_predictions_off_by_the_tolerance_are_called_detectable(verdict, kind):
    """Control: a difference of 0.1 shows in more than 5 % of the comparisons."""

    def p_value(seed):
        rng = np.random.default_rng(seed)
        return too_many(sum(kind(rng, NEAR).detectable for _ in range(200)), 200)

    verdict.reject(p_value)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "distance"), CASES)
def test_error_rates_at_full_length(kind, distance):
    """2000 comparisons each: the wrong ones are not over 5 % by 3 standard errors."""
    wrong = wrong_rows(20_240_117, kind, distance, 2000)
    print(kind.__name__, distance, wrong / 2000)
    assert wrong <= 0.05 * 2000 + 3 * math.sqrt(2000 * 0.05 * 0.95)
