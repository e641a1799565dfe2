"""A plan as a curve."""

import pytest

from deeplimits.comparison import plan
from deeplimits.figures import draw_plan


@pytest.mark.parametrize(
    ("sizes", "title"),
    [
        ({"depth": 20}, "Width: log-Gaussian from"),
        ({"width": 300, "depth": 10}, "Branch scale: log-Gaussian up to"),
        ({"width": 20, "tolerance": 1e-6}, "Depth: none keeps"),
        ({"depth": 20, "measure": "spread", "tolerance": 0.5}, "Width: log-norm spread from"),
    ],
)
def test_the_title_states_the_answer_and_every_curve_is_named(sizes: dict[str, float], title: str) -> None:
    found = plan(**sizes)
    figure = draw_plan(found)
    assert figure.get_suptitle().startswith(title)
    (axes,) = figure.axes
    words = {text.get_text() for text in axes.texts}
    assert "within the tolerance" in words
    assert len(axes.lines) >= len(found.answers)
    for answer in found.answers:
        assert answer.limit.replace("log-gaussian", "log-Gaussian").replace("infinite-width", "infinite width") in words


def test_the_curve_crosses_the_tolerance_at_the_answer() -> None:
    found = plan(depth=30, limit="infinite-width", tolerance=0.05)
    value = found["infinite-width"].value
    assert value is not None
    widths, distances = found.curve("infinite-width")
    assert (distances[widths >= value] <= 0.05).all()
    assert (distances[widths < 0.99 * value] > 0.05).all()
