"""The rows of cells at initialisation: states forward, and tangent kernels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.experiments.mean_field_resnet.row import Row, mean_of, root, row_of, scaled
from deeplimits.experiments.mean_field_resnet.task import INPUTS, LAWS, READOUT, START
from deeplimits.experiments.mean_field_resnet.training_rows import training_rows
from deeplimits.statistics import Moments

if TYPE_CHECKING:
    from deeplimits.limits.mean_field_resnet import ForwardLimit


def cell_rows(fields: Mapping[str, Any]) -> Iterator[Row]:
    """Measure what ``measures`` names; the public seed gives each law and size random numbers of its own."""
    measured = {"forward": _forward_rows, "kernel": _kernel_rows, "training": training_rows}
    yield from measured[fields["measures"]](fields)


def _forward_rows(fields: Mapping[str, Any]) -> Iterator[Row]:
    """Yield mean, L times its bias and LM (of shared layers M) times the variance of each coordinate of x_L."""
    from deeplimits.sampling.mean_field_resnet import final_states

    law, depth, size, layers = LAWS[fields["law"]], fields["depth"], fields["particles"], fields["layers"]
    ends = final_states(
        law,
        START,
        depth=depth,
        particles=size,
        num_networks=fields["num_networks"],
        layers=layers,
        seed=fields["seed"],
    )
    shared = layers == "shared"
    here, far = (_forward_limit(fields["law"], at) for at in (depth, None))
    said, limit = (
        _shared_variance(fields["law"], at) if shared else one.variance for one, at in ((here, depth), (far, None))
    )
    factor = size if shared else depth * size
    expected = here.state + here.mean_shift / factor
    for i in range(2):
        moments = Moments.from_values(ends[:, i])
        about = {"coordinate": i + 1}
        if not shared:
            bias = scaled(moments.mean, depth, float(far.state[i]))
            yield {**row_of("mean", moments.mean, float(expected[i]), float(far.state[i])), **about}
            predicted = float(depth * (expected[i] - far.state[i]))
            yield {**row_of("bias", bias, predicted, float(far.euler_bias[i])), **about}
        variance = scaled(moments.variance, factor)
        yield {**row_of("variance", variance, float(said[i, i]), float(limit[i, i])), **about}


def _kernel_rows(fields: Mapping[str, Any]) -> Iterator[Row]:
    """Yield entries over the roots of the limit's diagonal, their spread, and the smallest eigenvalue."""
    from deeplimits.training.mean_field_resnet import initial_kernels

    law, depth, size = LAWS[fields["law"]], fields["depth"], fields["particles"]
    kernels = initial_kernels(
        law,
        INPUTS,
        READOUT,
        depth=depth,
        particles=size,
        num_networks=fields["num_networks"],
        seed=fields["seed"],
    )
    here, far = (_kernel_limit(fields["law"], at) for at in (depth, None))
    unit = np.sqrt(np.outer(far.diagonal(), far.diagonal()))
    for i, j in zip(*np.triu_indices(len(far)), strict=True):
        entry = mean_of(kernels[:, i, j] / unit[i, j])
        said = (float(kernel[i, j] / unit[i, j]) for kernel in (here, far))
        yield {**row_of("entry", entry, *said), "entry": f"{i + 1},{j + 1}"}
    deviations = (kernels - kernels.mean(0)) / unit
    squares = np.sum(deviations**2, axis=(1, 2)) * len(kernels) / (len(kernels) - 1)
    yield row_of("spread", root(mean_of(squares)))
    lowest = mean_of(np.asarray(np.linalg.eigvalsh(kernels)[:, 0], np.float64))
    yield row_of("smallest_eigenvalue", lowest, *(float(np.linalg.eigvalsh(kernel)[0]) for kernel in (here, far)))


# Predictions are asked for again by cells of other numbers of particles; compiling them takes longest.
@lru_cache(maxsize=64)
def _forward_limit(law: str, depth: int | None) -> ForwardLimit:
    from deeplimits.limits.mean_field_resnet import forward_limit

    return forward_limit(LAWS[law], START, depth=depth)


@lru_cache(maxsize=64)
def _shared_variance(law: str, depth: int | None) -> Float64Array:
    from deeplimits.limits.mean_field_resnet import shared_variance

    return shared_variance(LAWS[law], START, depth=depth)


@lru_cache(maxsize=64)
def _kernel_limit(law: str, depth: int | None) -> Float64Array:
    from deeplimits.limits.mean_field_resnet import tangent_kernel_limit

    return tangent_kernel_limit(LAWS[law], INPUTS, READOUT, depth=depth)
