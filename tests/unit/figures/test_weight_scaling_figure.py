"""The figure of weights over depth."""

import numpy as np
import pytest

from deeplimits.figures import draw_weight_scaling
from deeplimits.weights import depth_grid, weight_scaling
from deeplimits.weights.laws import planted_rough


def test_the_title_is_the_verdict_and_the_points_are_the_statistics() -> None:
    depths = depth_grid(100, base=1.4)
    found = weight_scaling({depth: planted_rough(depth, (6, 6), exponent=0.5) for depth in depths})
    figure = draw_weight_scaling(found)
    assert figure.get_suptitle().startswith("sde: T is rough")
    left, right = figure.axes
    x, y = left.lines[0].get_data()
    assert list(x) == pytest.approx(depths)
    assert np.log(y) == pytest.approx(found.statistics["rms_norm"])
    words = {text.get_text() for axes in (left, right) for text in axes.texts}
    assert {f"rms ‖T‖ ~ L^{found.exponents['rms_norm'].value:.2f}", "slope -1", "slope -½"} <= words
    # A fitted line passes through the middle of its points with the exponent as slope.
    line_x, line_y = left.lines[1].get_data()
    assert np.polyfit(np.log(line_x), np.log(line_y), 1)[0] == pytest.approx(found.exponents["rms_norm"].value)
    assert np.log(line_y).mean() == pytest.approx(np.log(y).mean())


def test_what_is_zero_is_left_out() -> None:
    found = weight_scaling({depth: np.full((depth, 2), 1 / depth) for depth in (3, 6, 12, 24)})
    figure = draw_weight_scaling(found)
    assert figure.get_suptitle().startswith("ode:")
    assert not figure.axes[1].lines
