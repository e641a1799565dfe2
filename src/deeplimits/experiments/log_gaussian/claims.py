"""The claims, with tolerances and sources as fixed before the first run."""

from __future__ import annotations

from functools import partial

from deeplimits.experiments.log_gaussian.claimed_distances import (
    between_layers,
    law_distance,
    predicted,
    ratio_to_balanced,
    recorded_ks,
    recorded_log_norms,
    recorded_wasserstein,
)
from deeplimits.experiments.log_gaussian.grid import ACTIVATIONS, BALANCED, PAIR_CORRELATION
from deeplimits.experiments.log_gaussian.training_distances import (
    spread_as_predicted,
    spread_of_balanced,
    spread_without_depth,
)
from deeplimits.experiments.log_gaussian.training_rows import TRAINED_STEPS
from deeplimits.sweeps import Claim

_PAPER = "li2021future, main theorem"
_RECORDED = "li2021future, experiments at initialisation; numbers of an independent run"
_REDERIVED = "li2021future, hypoactivation and interlayer correlations (rederived at finite depth)"
_TRAINING = "li2021future, main theorem, and what it suggests of training"
_STABLE = {"width": 100, "depth": 100, "skip_scale": 1.0, "branch_scale": 0.1, "input_correlation": PAIR_CORRELATION}
_NEGATIVE = {"width": 100, "depth": 50, "skip_scale": -(0.5**0.5)}
_BALANCED = {"width": 100, "depth": 100, **BALANCED}
_LEAKY = {"width": 100, "depth": 50, "activation": ACTIVATIONS[0]}

CLAIMS: tuple[Claim, ...] = (
    Claim(
        "law",
        "At width 100, depth 10 and 10 outputs, ln ‖z_out‖² has the log-Gaussian law, within a Kolmogorov–Smirnov "
        "distance of 0.02.",
        _PAPER,
        0.02,
        partial(law_distance, "log-gaussian", {"width": 100, "depth": 10}),
    ),
    Claim(
        "law-at-infinite-width",
        "So it has the law of infinite width: it does not, depth/width = 0.1 is far from 0.",
        "neal1996bayesian, chapter 2",
        0.02,
        partial(law_distance, "infinite-width", {"width": 100, "depth": 10}),
        "deviates",
    ),
    Claim(
        "variance-when-wide",
        "At width 400 and depth 20 the variance of the log-norm is that of the formula, within 5 %.",
        _PAPER,
        0.05,
        partial(predicted, "log_norm_hidden", "variance", {"width": 400, "depth": 20}),
    ),
    Claim(
        "variance-when-narrow",
        "So it is at width = depth = 50: it is not, the formula is of leading order in 1/width.",
        _PAPER,
        0.05,
        partial(predicted, "log_norm_hidden", "variance", {"width": 50, "depth": 50}),
        "deviates",
    ),
    Claim(
        "mean",
        "At width 100 and every depth the mean of the log-norm is that of the formula, within 5 % of the predicted "
        "standard deviation.",
        _PAPER,
        0.05,
        partial(predicted, "log_norm_hidden", "mean", {"width": 100, "depth": None}),
    ),
    Claim(
        "published-log-norms",
        "At the published widths and depths, vanilla and Balanced, mean and variance of the log-norm are those "
        "recorded from 10⁴ networks, within 10 % (of the standard deviation, for the mean).",
        _RECORDED,
        0.1,
        recorded_log_norms,
    ),
    Claim(
        "published-ks",
        "The Kolmogorov–Smirnov distances to both limits are those recorded from 5 · 10⁵ networks, within 0.015.",
        _RECORDED,
        0.015,
        recorded_ks,
    ),
    Claim(
        "published-wasserstein",
        "The Wasserstein-1 distances to both limits are those recorded from 5 · 10⁵ networks, within 3 % of the "
        "standard deviation of ln ‖z_out‖².",
        _RECORDED,
        0.03,
        recorded_wasserstein,
    ),
    Claim(
        "hypoactivation",
        "At width = depth = 200 the energy of the active neurons falls short of half by what the formula says, "
        "averaged over the later three quarters of the layers, within 10 % of it.",
        _REDERIVED,
        0.1,
        partial(predicted, "energy_fraction", "late_average", {"width": 200, "depth": 200}),
    ),
    Claim(
        "hyperactivation",
        "With α = −λ it exceeds half by what the formula says, within 10 %.",
        _REDERIVED,
        0.1,
        partial(predicted, "energy_fraction", "late_average", _NEGATIVE),
    ),
    Claim(
        "interlayer-covariance",
        "At width 200 the covariance of the energy fractions of layer 20 and of 1, 2, 3, 5 and 10 layers later is the "
        "formula's, within 5 % of their variance.",
        _REDERIVED,
        0.05,
        partial(between_layers, (1, 2, 3, 5, 10), {"width": 200, "depth": 50}),
    ),
    Claim(
        "balanced-law",
        "In a Balanced ResNet of width and depth 100 the law is log-Gaussian without interlayer terms, within a "
        "Kolmogorov–Smirnov distance of 0.02.",
        _PAPER,
        0.02,
        partial(law_distance, "log-gaussian", _BALANCED),
    ),
    Claim(
        "balanced-variance",
        "There the variance of the log-norm is (2 + 9/4 depth)/width, within 5 %.",
        _PAPER,
        0.05,
        partial(predicted, "log_norm_hidden", "variance", _BALANCED),
    ),
    Claim(
        "second-moment-ratio",
        "At width 100 and depth 20, ln of E z_i² of the vanilla over that of the Balanced ResNet is the formula's, "
        "within 0.03.",
        _REDERIVED,
        0.03,
        partial(ratio_to_balanced, "log_output_second_moment", {"width": 100, "depth": 20}),
    ),
    Claim(
        "kurtosis-ratio",
        "At width 100 and depth 10, ln of the ratio of their kurtoses is the formula's, within 0.1.",
        _REDERIVED,
        0.1,
        partial(ratio_to_balanced, "output_kurtosis", {"width": 100, "depth": 10}),
    ),
    Claim(
        "correlation-mean",
        "With α = 1, λ² = 1/depth and width = depth = 100, the mean correlation of two inputs at the last layer is "
        "that of infinite width, within 3 %: there is no other limit.",
        "li2021future, correlation of two inputs (rederived)",
        0.03,
        partial(predicted, "correlation", "mean", _STABLE, limit="infinite-width"),
    ),
    Claim(
        "correlation-variance",
        "There its variance is the formula's, of order 1/width, within 10 %.",
        "li2021future, correlation of two inputs (rederived)",
        0.1,
        partial(predicted, "correlation", "variance", _STABLE),
    ),
    Claim(
        "leaky-variance",
        "With slopes 1 and 0.5 the variance of the log-norm is the formula's with γ = 0.6, within 5 %.",
        "li2021future, main theorem (rederived for leaky slopes)",
        0.05,
        partial(predicted, "log_norm_hidden", "variance", _LEAKY),
    ),
    Claim(
        "gradient-spread",
        "On digits, at depth/width 1 and 2, the logarithm of the gradient's norm before the first step varies less "
        "from seed to seed in Balanced than in vanilla ResNets: the ratio of standard deviations is below 1.",
        _TRAINING,
        1.0,
        partial(spread_of_balanced, "log_gradient_norm", 0),
    ),
    Claim(
        "trained-loss-spread",
        f"So does the logarithm of the training loss after {TRAINED_STEPS} steps.",
        _TRAINING,
        1.0,
        partial(spread_of_balanced, "log_train_loss", TRAINED_STEPS),
    ),
    Claim(
        "gradient-spread-ratio",
        "Vanilla over Balanced, the gradient's standard deviation before the first step is larger by the factor by "
        "which that of the log-norm is in the log-Gaussian limit, within 0.3 in the factor's logarithm.",
        _TRAINING,
        0.3,
        spread_as_predicted,
    ),
    Claim(
        "gradient-spread-without-depth",
        "In vanilla ResNets it is at depth/width 2 what it is at 0.25, within 0.3 in its logarithm: it is not, depth "
        "matters at finite width.",
        "neal1996bayesian, chapter 2",
        0.3,
        spread_without_depth,
        "deviates",
    ),
)
