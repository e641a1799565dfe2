"""Limits and exponents of scalings with the width against the papers' cases.

Sources: the theoretical exponents drawn in the figures of Golikov 2020 (2003.05884) and its claims for deeper networks,
and one-step exponents derived by hand in the project's theory note.
"""

import math

import pytest

from deeplimits.limits import width_scaling, width_scaling_at
from deeplimits.parametrizations import Parametrization, parse
from deeplimits.reports import cite

# Figure 1 and supplementary figure 2: exponents of the logit's terms f_∅, f_a, f_w, f_aw after training.
TERMS = {
    "mean-field": (0, 0, 0, 0),
    "ntk": (0, 0, 0, -1),
    "intermediate:0.75": (-0.25, 0, 0, -0.5),
    "standard": (0, 1, 0, 1),
}
# Supplementary figure 1: the change of normalised weights, of the readout and of the input layer.
INCREMENTS = {"mean-field": (0, 0), "ntk": (-0.5, -0.5), "intermediate:0.75": (-0.25, -0.25), "standard": (0.5, 0)}


@pytest.mark.parametrize("name", TERMS)
def test_terms_of_one_hidden_layer(name):
    trained = width_scaling(name).trained
    got = [trained.terms[term] for term in ("initial", "output", "input", "mixed")]
    assert got == pytest.approx(TERMS[name], abs=1e-12)
    assert trained.terms["hidden"] == -math.inf


@pytest.mark.parametrize("name", INCREMENTS)
def test_increments_of_one_hidden_layer(name):
    trained = width_scaling(name).trained
    sigma = parse(name).width.weight.output - 0.5
    assert (trained.readout - sigma, *trained.features) == pytest.approx(INCREMENTS[name], abs=1e-12)


@pytest.mark.parametrize(("q_weight", "q_rate"), [(-1, 1), (-0.75, 0.5), (-0.5, 0), (-1.25, 1.5), (-0.5, 1)])
def test_one_step(q_weight, q_rate):
    """By hand: f_0, da, dw, the two parts of df, the kernel, and (even activations, odd gradients) their product."""
    found = width_scaling_at(q_weight, q_rate)
    step = found.first_step
    assert found.initial_logits == pytest.approx(q_weight + 0.5)
    assert step.features[0] == pytest.approx(q_weight + q_rate)
    assert step.readout - q_weight == pytest.approx(q_weight + q_rate)
    assert step.terms["input"] == pytest.approx(2 * q_weight + q_rate + 1)
    assert step.terms["output"] == pytest.approx(2 * q_weight + q_rate + 1)
    assert found.initial_kernel == pytest.approx(2 * q_weight + 1 + q_rate)


@pytest.mark.parametrize(("q_weight", "expected"), [(-1, 0), (-0.75, -0.5), (-0.5, -1), (-0.6, -0.8)])
def test_relative_kernel_change(q_weight, expected):
    found = width_scaling_at(q_weight, -1 - 2 * q_weight)
    assert found.relative_kernel_change == pytest.approx(expected)
    assert expected == pytest.approx(max(-1 - q_weight - 0.5, -2 - 2 * q_weight))


@pytest.mark.parametrize(
    ("name", "optimizer", "limits"),
    [
        # "For networks with more than two hidden layers RMSProp has a non-trivial mean-field limit, GD does not."
        ("mean-field", "gd", ("mean-field", "mean-field", "trivial", "trivial")),
        ("mean-field", "rmsprop", ("mean-field", "mean-field", "mean-field", "mean-field")),
        ("mean-field", "adam", ("mean-field", "mean-field", "mean-field", "mean-field")),
        ("ntk", "gd", ("ntk",) * 4),
        ("ntk", "rmsprop", ("ntk",) * 4),
        ("mup", "sgd", ("mean-field", "maximal-update", "maximal-update", "maximal-update")),
        ("mup", "adam", ("mean-field", "maximal-update", "maximal-update", "maximal-update")),
        ("sym-default", "gd", ("sym-default",) * 4),
        ("standard", "gd", ("diverging",) * 4),
        ("standard", "adam", ("diverging",) * 4),
        ("linearised", "gd", ("ntk",) * 4),
        ("frozen-gradient", "gd", ("ntk",) * 4),
        ("init-corrected-mean-field", "gd", ("init-corrected mean-field", "init-corrected mean-field", "trivial")),
        ("intermediate:0.75", "gd", ("intermediate",)),
        ("intermediate:0.75", "rmsprop", ("intermediate",)),
    ],
)
def test_limits_of_deeper_networks(name, optimizer, limits):
    found = tuple(width_scaling(name, depth=depth, optimizer=optimizer).limit for depth in range(1, len(limits) + 1))
    assert found == limits


def test_why_mean_field_is_trivial_with_three_hidden_layers():
    """By hand: hidden weights n^(−1) make activations 1, n^(−1/2), n^(−1), and no step changes these exponents."""
    found = width_scaling("mean-field", depth=3)
    assert found.initial_features == (0, -0.5, -1)
    assert found.trained.features == (-1, -0.5, -1)
    assert found.trained.logits == -1


def test_stability_of_standard_training_depends_on_the_depth():
    # One hidden layer: readout weights outgrow their initial size once, and stay. Two: every step multiplies the next.
    assert width_scaling("standard").stable
    assert not width_scaling("standard", depth=2).stable


def test_diverging_logits_are_stable_only_under_a_bounded_loss_gradient():
    assert width_scaling("sym-default").stable
    assert not width_scaling("sym-default", loss="mse").stable
    assert width_scaling("mean-field", loss="mse").limit == "mean-field"


def test_the_linearised_mean_field_is_the_intermediate_limit():
    frozen = Parametrization(width=parse("mean-field").width, dynamics="linearised")
    assert width_scaling(frozen).limit == "intermediate"
    moving = Parametrization(width=parse("mean-field").width, dynamics="frozen-gradient")
    assert width_scaling(moving).limit == "frozen-gradient"


def test_an_initial_correction_makes_the_intermediate_limit_that_of_ntk():
    corrected = Parametrization(width=parse("intermediate:0.75").width, init_corrected=True)
    assert width_scaling(corrected).limit == "ntk"


def test_intermediate_scalings_of_two_hidden_layers_learn_features_in_the_second():
    """By hand: ΔW_2 h_1, rate n^(−1/2) times gradient n^(−3/4) times n terms, is as large as the initial z_2."""
    found = width_scaling("intermediate:0.75", depth=2)
    assert found.initial_features == (0, -0.25)
    assert found.trained.features == (-0.5, -0.25)
    assert found.limit == "feature-learning"


def test_absurd_exponents_are_refused():
    with pytest.raises(ValueError, match="exponents must be of modulus at most 1e\\+06"):
        width_scaling_at(-1e7, 0)


def test_what_stands_behind_it_can_be_cited():
    assert cite(width_scaling("ntk")).startswith("@inproceedings{golikov2020towards,")
