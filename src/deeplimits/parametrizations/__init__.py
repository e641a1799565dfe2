"""Parametrizations: how initial weights and learning rates follow width and depth; and what training is, as data."""

from deeplimits.parametrizations.catalogue import (
    BUILT_IN,
    depth_mup,
    from_exponents,
    frozen_gradient,
    init_corrected_mean_field,
    intermediate,
    linearised,
    mean_field,
    mup,
    ntk,
    parse,
    resolve,
    standard,
    sym_default,
)
from deeplimits.parametrizations.exponents import Exponents
from deeplimits.parametrizations.optimizer import Optimizer, resolve_optimizer
from deeplimits.parametrizations.parametrization import DYNAMICS, Parametrization
from deeplimits.parametrizations.training_setup import LOSSES, TrainingSetup
from deeplimits.parametrizations.weight_groups import WeightGroups

__all__ = [
    "BUILT_IN",
    "DYNAMICS",
    "LOSSES",
    "Exponents",
    "Optimizer",
    "Parametrization",
    "TrainingSetup",
    "WeightGroups",
    "depth_mup",
    "from_exponents",
    "frozen_gradient",
    "init_corrected_mean_field",
    "intermediate",
    "linearised",
    "mean_field",
    "mup",
    "ntk",
    "parse",
    "resolve",
    "resolve_optimizer",
    "standard",
    "sym_default",
]
