"""Numbers recorded from independent runs at the published settings: what ours are to agree with."""

from __future__ import annotations

from dataclasses import dataclass

RECORDED_NETWORKS = 500_000


@dataclass(frozen=True)
class RecordedDistances:
    """Hold distances of the law of ln ‖z_out‖² to each limit's, from 5 · 10⁵ float32 networks.

    The last digit printed and sampling noise both limit them: 0.0005 for KS, and for W1 0.0014 standard deviations.

    Args:
        kind: ``resnet`` (α² = λ² = 1/2) or ``balanced-resnet``, with the same scales.
        width: neurons in each layer.
        depth: residual blocks.
        output_dim: coordinates of the output.
        log_gaussian: KS and W1 to the log-Gaussian law.
        infinite_width: KS and W1 to the law at infinite width.
    """

    kind: str
    width: int
    depth: int
    output_dim: int
    log_gaussian: tuple[float, float]
    infinite_width: tuple[float, float]


DISTANCES = (
    RecordedDistances("resnet", 20, 5, 10, (0.0109, 0.0310), (0.327, 0.648)),
    RecordedDistances("resnet", 20, 50, 10, (0.0909, 0.888), (0.828, 5.93)),
    RecordedDistances("resnet", 50, 5, 10, (0.0044, 0.0097), (0.192, 0.307)),
    RecordedDistances("resnet", 50, 20, 10, (0.0175, 0.0644), (0.434, 1.091)),
    RecordedDistances("resnet", 50, 200, 10, (0.0474, 0.484), (0.913, 8.49)),
    RecordedDistances("resnet", 100, 2, 10, (0.0007, 0.0008), (0.0535, 0.0699)),
    RecordedDistances("resnet", 100, 5, 10, (0.0025, 0.0040), (0.117, 0.170)),
    RecordedDistances("resnet", 100, 10, 10, (0.0054, 0.0119), (0.201, 0.334)),
    RecordedDistances("resnet", 100, 20, 10, (0.0074, 0.0240), (0.310, 0.620)),
    RecordedDistances("resnet", 100, 100, 10, (0.0123, 0.0668), (0.634, 2.333)),
    RecordedDistances("resnet", 100, 200, 10, (0.0166, 0.116), (0.786, 4.294)),
    RecordedDistances("resnet", 200, 20, 10, (0.0038, 0.0088), (0.210, 0.354)),
    RecordedDistances("resnet", 400, 20, 10, (0.0017, 0.0034), (0.132, 0.199)),
    RecordedDistances("balanced-resnet", 100, 20, 10, (0.0011, 0.0017), (0.227, 0.358)),
    RecordedDistances("balanced-resnet", 100, 100, 10, (0.0015, 0.0057), (0.530, 1.323)),
    RecordedDistances("resnet", 100, 20, 1, (0.0021, 0.0127), (0.097, 0.445)),
    RecordedDistances("resnet", 100, 100, 1, (0.0086, 0.060), (0.351, 2.126)),
)


@dataclass(frozen=True)
class RecordedLogNorm:
    """Hold mean and variance of ``log_norm_hidden`` from 10⁴ networks; the last printed digit is below their noise.

    Args:
        kind: ``resnet`` or ``balanced-resnet``, equal scales.
        width: neurons in each layer.
        depth: residual blocks.
        mean: mean.
        variance: variance.
    """

    kind: str
    width: int
    depth: int
    mean: float
    variance: float


LOG_NORM_NETWORKS = 10_000
LOG_NORMS = (
    RecordedLogNorm("resnet", 100, 10, -0.190, 0.466),
    RecordedLogNorm("balanced-resnet", 100, 10, -0.125, 0.236),
    RecordedLogNorm("resnet", 50, 50, -2.01, 6.14),
    RecordedLogNorm("balanced-resnet", 50, 50, -1.16, 2.32),
    RecordedLogNorm("resnet", 100, 50, -0.981, 2.894),
    RecordedLogNorm("balanced-resnet", 100, 50, -0.567, 1.134),
    RecordedLogNorm("resnet", 100, 100, -1.984, 5.81),
    RecordedLogNorm("balanced-resnet", 100, 100, -1.126, 2.295),
    RecordedLogNorm("resnet", 200, 200, -1.999, 5.40),
    RecordedLogNorm("balanced-resnet", 200, 200, -1.116, 2.229),
)
