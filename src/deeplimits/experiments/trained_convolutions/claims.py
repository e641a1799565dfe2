"""The claims: the paper's for CIFAR-10, and of stand-ins what can be asked of small networks.

Tolerances of the paper's are those of numbers printed with one decimal. Those of stand-ins were fixed after a pilot of
one network each at depths 6 and 15, before the first run of any scale.
"""

from __future__ import annotations

from functools import partial

from deeplimits.experiments.trained_convolutions.distances import exponents, mean_test_error, sizes, worst_test_error
from deeplimits.sweeps import Claim

_FIGURES = "cohen2021scaling, figures of the convolutional networks (one decimal)"
_READ = "cohen2021scaling, figures of the convolutional networks (values read off, about 5 %)"
_QUALITATIVE = "cohen2021scaling, sparse limit of convolutional networks (qualitative)"
_BOTH = {"first": 0.0, "second": 0.0}

CLAIMS: tuple[Claim, ...] = (
    Claim(
        "largest-first",
        "CIFAR-10: the largest norm of a first convolution A does not change with the depth, exponent 0.0 within 0.1.",
        _FIGURES,
        0.1,
        partial(exponents, "max_norm", {"first": 0.0}, stand_in=False),
    ),
    Claim(
        "largest-second",
        "CIFAR-10: the largest norm of a second convolution Δ falls as depth^-0.1, exponent within 0.1.",
        _FIGURES,
        0.1,
        partial(exponents, "max_norm", {"second": -0.1}, stand_in=False),
    ),
    Claim(
        "sum-of-squares",
        "CIFAR-10: the root of the sum of squared norms does not change with the depth, exponents of A and Δ 0.0 "
        "within 0.1.",
        _FIGURES,
        0.1,
        partial(exponents, "root_sum_of_squares", _BOTH, stand_in=False),
    ),
    Claim(
        "increments",
        "CIFAR-10: nor does the largest increment over the largest norm, exponents of A and Δ 0.0 within 0.1.",
        _FIGURES,
        0.1,
        partial(exponents, "scaled_max_increment", _BOTH, stand_in=False),
    ),
    Claim(
        "median",
        "CIFAR-10: the median norm of A falls from 2.7 at depth 8 to 0.7 at depth 121, exponent -0.5 within 0.2.",
        _READ,
        0.2,
        partial(exponents, "median_norm", {"first": -0.5}, stand_in=False),
    ),
    Claim(
        "size-first",
        "CIFAR-10: the root of the sum of squared norms of A is 11, on average over the depths, within 10 %.",
        _READ,
        0.1,
        partial(sizes, "first", 11.0),
    ),
    Claim(
        "size-second",
        "CIFAR-10: that of Δ is 11.5, within 10 %.",
        _READ,
        0.1,
        partial(sizes, "second", 11.5),
    ),
    Claim(
        "learned",
        "CIFAR-10: networks tell test images wrong in less than half of the cases, on average over the depths.",
        "cohen2021scaling, its networks train without normalisation",
        0.5,
        mean_test_error,
    ),
    Claim(
        "ordinary-differential-equation",
        "Norms fall as depth^-1 in root mean square, as an ODE in the limit would need, exponents of A and Δ within "
        "0.2: they do not.",
        _QUALITATIVE,
        0.2,
        partial(exponents, "rms_norm", {"first": -1.0, "second": -1.0}, stand_in=None),
        "deviates",
    ),
    Claim(
        "stand-in-learned",
        "Stand-in: networks of every depth tell test images wrong in less than a tenth of the cases.",
        "cohen2021scaling, its networks train without normalisation",
        0.1,
        worst_test_error,
    ),
    Claim(
        "stand-in-sparse",
        "Stand-in: the median norm over the largest falls with the depth, exponents of A and Δ at most -0.3, within "
        "0.2.",
        _QUALITATIVE,
        0.2,
        partial(exponents, "scaled_median_norm", {"first": -0.3, "second": -0.3}, stand_in=True, at_most=True),
    ),
    Claim(
        "stand-in-initial",
        "Stand-in: so it does at initialisation: it does not, training makes norms uneven.",
        _QUALITATIVE,
        0.2,
        partial(
            exponents,
            "scaled_median_norm",
            {"first": -0.3, "second": -0.3},
            stand_in=True,
            initial=True,
            at_most=True,
        ),
        "deviates",
    ),
)
