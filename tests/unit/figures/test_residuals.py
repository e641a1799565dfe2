"""Residual axes keep the band in sight, whatever the residuals are."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from deeplimits.figures.residuals import BAND, prepare_residuals, scale_residuals


@pytest.mark.parametrize("largest", [0.1, 5.0, 80.0, 1e6])
def test_the_band_and_the_data_are_in_sight_and_ticks_are_few(largest: float) -> None:
    axes = Figure().subplots()
    prepare_residuals(axes)
    axes.plot(np.linspace(-largest / 2, largest, 20), ".")
    scale_residuals(axes)
    low, high = axes.get_ylim()
    assert low < -max(BAND, largest / 2)
    assert high > max(BAND, largest)
    ticks = axes.get_yticks()
    assert {-BAND, BAND} <= set(ticks)
    assert len(ticks) <= 8
    assert all(low <= tick <= high for tick in ticks)
    assert [text.get_text() for text in axes.get_yticklabels()].count("\u22122") == 1
