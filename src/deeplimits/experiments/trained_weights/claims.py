"""The claims with their tolerances and sources, written before the first run.

Exponents are those that the paper's scripts imply, to one decimal, with the ranges of a reading of its figures: of the
maximum over layers, which the paper uses.
"""

from __future__ import annotations

import math
from functools import partial

from deeplimits.experiments.trained_weights.distances import denoised, exponents, losses, path_slope
from deeplimits.experiments.trained_weights.grid import RELU, SLOW, TANH
from deeplimits.sweeps import Claim

_PAPER = "cohen2021scaling, figures and scripts"
_THEOREM = "cohen2021scaling, limit theorems"

CLAIMS: tuple[Claim, ...] = (
    Claim(
        "tanh-weights",
        "Tanh, one δ: the largest ‖A_k‖ falls with an exponent from −0.4 to −0.1.",
        _PAPER,
        0.15,
        partial(exponents, {TANH: {"weight.max_norm": -0.25}}),
    ),
    Claim(
        "tanh-scale",
        "Tanh, one δ: |δ| falls with an exponent from −1 to −0.5.",
        _PAPER,
        0.25,
        partial(exponents, {TANH: {"scale.max_norm": -0.75}}),
    ),
    Claim(
        "tanh-product",
        "Tanh, one δ: the largest ‖δ A_k‖ is ~ 1/depth, exponent within 0.2.",
        _PAPER,
        0.2,
        partial(exponents, {TANH: {"max_norm": -1.0}}),
    ),
    Claim(
        "tanh-increments",
        "Tanh, one δ: changes from layer to layer fall beside the weights, exponent below −0.25.",
        _PAPER,
        0.25,
        partial(exponents, {TANH: {"scaled_max_increment": -0.5}}, at_most=True),
    ),
    Claim(
        "relu-product",
        "ReLU, δ in each layer: the largest ‖δ_k A_k‖ is ~ depth^(−1/2), exponent within 0.15.",
        _PAPER,
        0.15,
        partial(exponents, {RELU: {"max_norm": -0.5}}),
    ),
    Claim(
        "relu-increments",
        "ReLU, δ in each layer: changes from layer to layer keep their size beside the weights, exponent within 0.25.",
        _PAPER,
        0.25,
        partial(exponents, {RELU: {"scaled_max_increment": 0.0}}),
    ),
    Claim(
        "relu-root-sum-of-squares",
        "ReLU, δ in each layer: the root of Σ‖δ_k A_k‖² is bounded, exponent within 0.2 of 0.",
        _PAPER,
        0.2,
        partial(exponents, {RELU: {"root_sum_of_squares": 0.0}}),
    ),
    Claim(
        "slow-tanh-product",
        "Tanh with a learning rate ten times smaller: the largest ‖δ A_k‖ is ~ 1/depth too, exponent within 0.2.",
        _PAPER,
        0.2,
        partial(exponents, {TANH: {"max_norm": -1.0}}, rate=SLOW),
    ),
    Claim(
        "slow-relu-product",
        "ReLU with a learning rate ten times smaller: the largest ‖δ_k A_k‖ is ~ depth^(−1/2) too, exponent within "
        "0.15.",
        _PAPER,
        0.15,
        partial(exponents, {RELU: {"max_norm": -0.5}}, rate=SLOW),
    ),
    Claim(
        "mnist-tanh-product",
        "Tanh, one δ, images: the largest ‖δ A_k‖ is ~ 1/depth, exponent within 0.2.",
        _PAPER,
        0.2,
        partial(exponents, {TANH: {"max_norm": -1.0}}, data="mnist"),
    ),
    Claim(
        "mnist-relu-product",
        "ReLU, δ in each layer, images: the largest ‖δ_k A_k‖ is ~ depth^−0.4, exponent within 0.15.",
        _PAPER,
        0.15,
        partial(exponents, {RELU: {"max_norm": -0.4}}, data="mnist"),
    ),
    Claim(
        "tanh-is-an-ode",
        "Tanh, one δ: the hidden path comes to that of the ODE of the weights' trend as 1/depth, exponent within 0.25.",
        _THEOREM,
        0.25,
        partial(path_slope, TANH, "trend", -1.0),
    ),
    Claim(
        "tanh-is-a-linear-ode",
        "Tanh, one δ: it comes to that of the linear ODE too, exponent below −0.25.",
        _THEOREM,
        0.25,
        partial(path_slope, TANH, "linear", -0.5, at_most=True),
    ),
    Claim(
        "relu-is-no-ode",
        "ReLU, δ in each layer: the hidden path stays away from that of the trend's ODE, exponent within 0.25 of 0.",
        _THEOREM,
        0.25,
        partial(path_slope, RELU, "trend", 0.0),
    ),
    Claim(
        "relu-is-an-ode",
        "Control: it comes to it as 1/depth, exponent within 0.25.",
        _THEOREM,
        0.25,
        partial(path_slope, RELU, "trend", -1.0),
        "deviates",
    ),
    Claim(
        "tanh-trend-suffices",
        "Tanh, one δ: rebuilt from the trend of several depths, networks lose no more than 1.5 times as much.",
        _PAPER,
        math.log(1.5),
        partial(denoised, TANH, 0.0),
    ),
    Claim(
        "relu-trend-does-not",
        "ReLU, δ in each layer: rebuilt so, networks lose at least twice as much.",
        _PAPER,
        math.log(2),
        partial(denoised, RELU, math.log(4), at_least=True),
    ),
    *(
        Claim(
            f"{run.partition('-')[0]}-loss",
            f"Training of {run} networks ends below a loss of 0.01 at every depth.",
            "cohen2021scaling, target region of the figures of losses",
            1.0,
            partial(losses, run, 0.01),
        )
        for run in (TANH, RELU)
    ),
)
