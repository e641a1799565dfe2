"""The claims with their sources; tolerances fixed before the first run of the whole grid, after small pilot draws.

`kernel` and `linear-convergence` were undecided in that run: the first then got more networks, and one-sided claims the
interval of the signed excess in place of that of its part above 0.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from deeplimits.experiments.mean_field_resnet.distances import below_start, beside, exponent, one_sided
from deeplimits.experiments.mean_field_resnet.grid import LARGEST, PARTICLES
from deeplimits.sweeps import Claim

_DERIVED = "ding2021overparameterization, mean-field limit (bias and variance derived here)"
_GRAM = "chen2024generalization, Gram matrix of the mean-field limit"
_BOUND = "chen2024generalization, linear convergence of the loss (rederived)"
_FLOW = "ding2021overparameterization, gradient flow of the particles' law"

_FORWARD: dict[str, Any] = {"measures": "forward", "layers": "independent"}
_SHARED: dict[str, Any] = {"measures": "forward", "layers": "shared"}
_BY_DEPTH = {**_FORWARD, "particles": PARTICLES}
_BY_PARTICLES = {**_FORWARD, "depth": 64}
_KERNEL: dict[str, Any] = {"measures": "kernel"}
_DEEP_KERNEL = {**_KERNEL, "depth": 32}
_RESTING: dict[str, Any] = {"measures": "training", "law": "resting", "depth": LARGEST[0], "particles": LARGEST[1]}
_TURNING = {**_RESTING, "law": "turning"}
_LARGEST: dict[str, Any] = {"measures": "training", "depth": LARGEST[0], "particles": LARGEST[1]}

CLAIMS: tuple[Claim, ...] = (
    Claim(
        "bias",
        f"With {PARTICLES} particles, L times the mean less the state of the differential equation is what Euler's "
        "recursion gives, at depths 4, 16 and 64, within 0.04.",
        _DERIVED,
        0.04,
        partial(beside, "bias", _BY_DEPTH),
    ),
    Claim(
        "variance",
        "LM times the variance of the state is the predicted one at every depth and number of particles, within 6 %.",
        _DERIVED,
        0.06,
        partial(beside, "variance", _FORWARD, relative=True),
    ),
    Claim(
        "variance-by-depth",
        f"With {PARTICLES} particles the variance falls as 1/depth, the power within 0.12: layers average.",
        _DERIVED,
        0.12,
        partial(exponent, "variance", -1.0, _BY_DEPTH, divide="LM"),
    ),
    Claim(
        "layers-do-not-average",
        "The variance of independent layers is of order 1/M at every depth, that power within 0.12: it is not.",
        _DERIVED,
        0.12,
        partial(exponent, "variance", 0.0, _BY_DEPTH, divide="LM"),
        "deviates",
    ),
    Claim(
        "variance-by-particles",
        "At depth 64 the variance falls as 1/M, the power within 0.05.",
        _DERIVED,
        0.05,
        partial(exponent, "variance", -1.0, _BY_PARTICLES, divide="LM"),
    ),
    Claim(
        "shared-variance",
        "Where layers share their particles, M times the variance is the predicted one at depths 4 and 64, within 7 %.",
        _DERIVED,
        0.07,
        partial(beside, "variance", _SHARED, relative=True),
    ),
    Claim(
        "kernel",
        "At initialisation every entry of LM times the Gram matrix has the predicted mean, within 0.015 of the roots "
        "of the diagonal.",
        _GRAM,
        0.015,
        partial(beside, "entry", _KERNEL),
    ),
    Claim(
        "kernel-at-infinite-depth",
        "At depth 32 it has that of infinite depth, within 0.06.",
        _GRAM,
        0.06,
        partial(beside, "entry", _DEEP_KERNEL, of="limit"),
    ),
    Claim(
        "kernel-rate",
        "Its entries deviate from their means as (LM)^-1/2, the power within 0.05.",
        _DERIVED,
        0.05,
        partial(exponent, "spread", -0.5, _KERNEL),
    ),
    Claim(
        "eigenvalue-along-training",
        "The smallest eigenvalue along training is that of infinitely many particles, within 0.004 (depth 32, 512 "
        "particles).",
        _FLOW,
        0.004,
        partial(beside, "smallest_eigenvalue", {**_LARGEST, "law": "resting"}),
    ),
    Claim(
        "eigenvalue-along-training-of-turning-particles",
        "So it is for turning particles, within 0.015.",
        _FLOW,
        0.015,
        partial(beside, "smallest_eigenvalue", {**_LARGEST, "law": "turning"}),
    ),
    Claim(
        "loss-along-training",
        "So is the loss there, within 20 %.",
        _FLOW,
        0.2,
        partial(beside, "loss", _LARGEST, relative=True),
    ),
    Claim(
        "movement",
        "So is the root mean square displacement of the particles, within 0.02.",
        _FLOW,
        0.02,
        partial(beside, "movement", _LARGEST),
    ),
    Claim(
        "lazy",
        "Particles stay within 0.1 of where they began, as in the NTK limit: they do not.",
        _FLOW,
        0.1,
        partial(one_sided, "movement", "at most", 0.0, _LARGEST),
        "deviates",
    ),
    Claim(
        "eigenvalue-stays",
        "Of particles that start at rest the smallest eigenvalue stays above its initial limit, but for 3 %.",
        _GRAM,
        0.03,
        partial(below_start, _RESTING),
    ),
    Claim(
        "eigenvalue-stays-for-turning-particles",
        "Of turning particles too: it falls.",
        _GRAM,
        0.03,
        partial(below_start, _TURNING),
        "deviates",
    ),
    Claim(
        "loss-bound",
        "Of particles that start at rest the loss is below loss(0) exp(−2 λ t / N), λ the limit's initial eigenvalue. "
        "The bound is slack here, and would hold with a larger λ.",
        _BOUND,
        0.02,
        partial(one_sided, "over_initial_bound", "at most", 1.0, _RESTING),
    ),
    Claim(
        "loss-bound-for-turning-particles",
        "Of turning particles too: the eigenvalue falls, and the loss is above at late times.",
        _BOUND,
        0.02,
        partial(one_sided, "over_initial_bound", "at most", 1.0, _TURNING),
        "deviates",
    ),
    Claim(
        "loss-bound-along-the-path",
        "For both the loss is below it with λ the least eigenvalue until then.",
        _BOUND,
        0.02,
        partial(one_sided, "over_path_bound", "at most", 1.0, _LARGEST),
    ),
    Claim(
        "linear-convergence",
        "For both ln loss falls at a rate of at least 2 λ / N between any two steps that are looked at, but for 5 %.",
        _BOUND,
        0.05,
        partial(one_sided, "rate", "at least", 1.0, _LARGEST),
    ),
    Claim(
        "twice-as-fast",
        "It does so at a rate of at least 4 λ / N, but for 5 %, as if the bound lacked a factor of 2: it does not.",
        _BOUND,
        0.05,
        partial(one_sided, "rate", "at least", 2.0, _LARGEST),
        "deviates",
    ),
)
