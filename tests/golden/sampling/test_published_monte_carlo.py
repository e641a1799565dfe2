"""Our simulation against Monte Carlo columns computed independently, with combined standard errors.

Provenance: float32 networks of n units and d blocks (10⁶ of them, two square matrices a block nowhere), statistics in
float64; L is log_norm_hidden less ln(α² + λ²) d. The rows are judged together by Holm's rule at 1 %.
"""

import math

import numpy as np
import pytest
from scipy import stats

from deeplimits.architectures import MLP, BalancedResNet, ResNet
from deeplimits.sampling import sample
from deeplimits.statistics import holm_rejections

STABLE = {"skip_scale": 1.0, "branch_scale": math.sqrt(1 / 50)}
# architecture, observable, statistic, factor, value, standard error (of factor × statistic), networks
ROWS = [
    (ResNet(width=50, depth=1), "log_norm_hidden", "variance", 50, 4.2946, 0.0071, 100_000),
    (ResNet(width=50, depth=5), "log_norm_hidden", "variance", 50, 21.023, 0.030, 100_000),
    (ResNet(width=50, depth=20), "log_norm_hidden", "variance", 50, 112.59, 0.16, 100_000),
    (ResNet(width=100, depth=10), "log_norm_hidden", "variance", 1, 0.477397, 0.000719, 100_000),
    (ResNet(width=200, depth=20), "log_norm_hidden", "variance", 1, 0.514247, 0.000760, 30_000),
    (ResNet(width=100, depth=10), "log_norm_hidden", "mean", 1, -0.183432, 0.000521, 100_000),
    (ResNet(width=50, depth=2), "log_norm_hidden", "mean", 1, -0.070432, 0.000488, 100_000),
    (BalancedResNet(width=100, depth=50), "log_norm_hidden", "mean", 1, -0.569959, 0.001136, 50_000),
    (BalancedResNet(width=100, depth=50), "log_norm_hidden", "variance", 100, 114.24, 0.15, 50_000),
    (MLP(width=100, depth=11), "log_norm_hidden", "mean", 1, -0.264862, 0.000678, 100_000),
    (MLP(width=100, depth=21), "log_norm_hidden", "variance", 100, 105.755, 0.150, 50_000),
    (ResNet(width=50, depth=50, **STABLE), "log_norm_hidden", "variance", 50, 8.020, 0.013, 50_000),
    (ResNet(width=100, depth=1), "energy_fraction_last", "mean", 200, -0.5682, 0.0013, 200_000),
    (ResNet(width=50, depth=10), "energy_fraction_last", "mean", 100, -1.8368, 0.0019, 100_000),
    (ResNet(width=100, depth=20, skip_scale=-(0.5**0.5)), "energy_fraction_last", "mean", 200, 0.3514, 0.0018, 50_000),
    (ResNet(width=100, depth=10, output_dim=10), "log_squared_norm", "variance", 1, 0.6990, 0.0014, 100_000),
]  # fmt: skip
EVERYDAY = [ROWS[i] for i in (2, 3, 5, 7, 8, 12)]  # four programs to compile in place of thirteen


def z_score(row, runs, defect=0.0):
    architecture, observable, statistic, factor, expected, expected_error, networks = row
    if architecture not in runs:
        runs[architecture] = sample(architecture, num_networks=networks, seed=0)
    estimate = getattr(runs[architecture][observable], statistic)
    value = estimate.value
    if statistic == "mean":
        if observable == "log_norm_hidden" and "skip_scale" in architecture.canonical():
            value -= architecture.depth * math.log(architecture.skip_scale**2 + architecture.branch_scale**2)
        if observable == "energy_fraction_last":
            value -= 0.5
    value *= factor * (1 + defect)
    return (value - expected) / math.hypot(factor * estimate.standard_error, expected_error)


@pytest.mark.parametrize("rows", [EVERYDAY, pytest.param(ROWS, marks=pytest.mark.slow)], ids=["everyday", "every row"])
def test_rows_agree_and_a_small_defect_would_be_seen(rows):
    runs = {}
    scores = np.array([z_score(row, runs) for row in rows])
    p_values = 2 * stats.norm.sf(np.abs(scores))
    assert not any(holm_rejections(list(p_values), 0.01)), list(zip(rows, scores, strict=True))
    # Negative control: the same numbers 2 % larger are rejected.
    wrong = 2 * stats.norm.sf(np.abs([z_score(row, runs, defect=0.02) for row in rows]))
    assert any(holm_rejections(list(wrong), 0.01))
