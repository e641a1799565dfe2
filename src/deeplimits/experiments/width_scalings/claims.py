"""The claims with their tolerances and sources.

Some were stated anew after small first runs; `kept-logits` was given its range of widths after one.
"""

from __future__ import annotations

from functools import partial

from deeplimits.experiments.width_scalings.divergences import divergence_excesses
from deeplimits.experiments.width_scalings.grid import (
    LEARNING_RATE,
    RATE_EXPONENTS,
    RMSPROP_RATE,
    WEIGHT_EXPONENTS,
    map_run,
    run_name,
)
from deeplimits.experiments.width_scalings.slopes import slope_distances
from deeplimits.sweeps import Claim

_PAPER = "golikov2020towards, figures 1 and 2 and their exponents (rederived)"
_STABILITY = "golikov2020dynamically, stability of scalings (one step, rederived)"
_MEAN_FIELD, _BETWEEN, _NTK, _STANDARD = (
    run_name(mode, LEARNING_RATE) for mode in ("mean-field", "intermediate:0.75", "ntk", "standard")
)
_DEEP = {"hidden": 3, "steps": 50}
_ONE_STEP = {"hidden": 1, "steps": 1}
_BASE = {"hidden": 1, "optimizer": "gd", "steps": 50}


def _slopes(name: str, statement: str, measure: str, exponents: tuple[float, float, float], tolerance: float) -> Claim:
    claimed = dict(zip((_MEAN_FIELD, _BETWEEN, _NTK), exponents, strict=True))
    return Claim(name, statement, _PAPER, tolerance, partial(slope_distances, measure, claimed, _BASE))


def _first_steps(*, moving: bool) -> dict[str, float]:
    """Return the exponent of the first step's change of the logits, for each point of the plane on one side."""
    plane = ((weight, rate) for weight in WEIGHT_EXPONENTS for rate in RATE_EXPONENTS)
    return {
        map_run(weight, rate): max(2 * weight + rate + 1, 3 * weight + 2 * rate + 1)
        for weight, rate in plane
        if (weight + rate > 0) == moving
    }


CLAIMS: tuple[Claim, ...] = (
    _slopes(
        "features",
        "With one hidden layer, a neuron's input weights move by n^0 in mean field, n^(−1/4) in between and n^(−1/2) "
        "in NTK, exponents within 0.1.",
        "input_increment",
        (0.0, -0.25, -0.5),
        0.1,
    ),
    _slopes(
        "readout",
        "The readout weights move by n^(−1) in all three, exponents within 0.15.",
        "output_increment",
        (-1.0, -1.0, -1.0),
        0.15,
    ),
    _slopes(
        "mixed-term",
        "The logit's term with both increments is n^0 in mean field, n^(−1/2) in between and n^(−1) in NTK, exponents "
        "within 0.15.",
        "variance_mixed",
        (0.0, -0.5, -1.0),
        0.15,
    ),
    _slopes(
        "input-term",
        "The term with the input weights' increment is n^0 in all three, exponents within 0.1.",
        "variance_input",
        (0.0, 0.0, 0.0),
        0.1,
    ),
    _slopes(
        "kernel",
        "The relative change of the tangent kernel is n^0 in mean field, n^(−1/2) in between and n^(−1) in NTK, "
        "exponents within 0.15.",
        "kernel_change",
        (0.0, -0.5, -1.0),
        0.15,
    ),
    Claim(
        "flat-loss",
        "In mean field the test loss is n^0, exponent within 0.05.",
        _PAPER,
        0.05,
        partial(slope_distances, "test_loss", {_MEAN_FIELD: 0.0}, _BASE),
    ),
    Claim(
        "readout-when-standard",
        "In the standard parametrization too the readout weights move by n^(−1), exponent within 0.15: they do not, "
        "their learning rate does not follow the width.",
        _PAPER,
        0.15,
        partial(slope_distances, "output_increment", {_STANDARD: -1.0}, _BASE),
        "deviates",
    ),
    Claim(
        "deep-gradient-descent",
        "With three hidden layers and gradient descent, mean field is trivial: what training adds to the logits "
        "falls as n^(−1) or faster, exponent within 0.5.",
        _PAPER,
        0.5,
        partial(slope_distances, "variance_change", {_MEAN_FIELD: -1.0}, {**_DEEP, "optimizer": "gd"}, at_most=True),
    ),
    Claim(
        "deep-rmsprop",
        "With three hidden layers and RMSProp it is not: what training adds to the logits is n^0, exponent within "
        "0.25.",
        _PAPER,
        0.25,
        partial(
            slope_distances,
            "variance_change",
            {run_name("mean-field", RMSPROP_RATE): 0.0},
            {**_DEEP, "optimizer": "rmsprop"},
        ),
    ),
    Claim(
        "first-step",
        "One step changes the logits by n^(2q + r + 1), q the exponent of weights and r of learning rates, where "
        "q + r ≤ 0; exponents within 0.2.",
        _STABILITY,
        0.2,
        partial(slope_distances, "variance_change", _first_steps(moving=False), _ONE_STEP),
    ),
    Claim(
        "first-step-beyond",
        "Where q + r > 0 a step moves weights by more than their size, and already at these widths the logits change "
        "by n^(3q + 2r + 1), exponents within 0.2: they do not, that needs far wider networks or larger rates.",
        _STABILITY,
        0.2,
        partial(slope_distances, "variance_change", _first_steps(moving=True), _ONE_STEP),
        "deviates",
    ),
    Claim(
        "kept-logits",
        "After training, a mean-field network that keeps the initial logits has logits no further from those of the "
        "reference network than plain mean field or NTK at the same width, from four times the reference width on; "
        "divergences within 0.05 nats.",
        "golikov2020dynamically, abstract: the initialisation-corrected limit",
        0.05,
        divergence_excesses,
    ),
)
