"""What the tests of all experiments share."""

from collections.abc import Callable, Iterable

import pytest
from matplotlib.figure import Figure

from deeplimits.figures.style import visual_language
from deeplimits.sweeps import ExperimentFigure


def drawn(figures: Iterable[ExperimentFigure]) -> int:
    """Draw every figure that has rows, and check that each says its claim; return how many were drawn."""
    count = 0
    for figure in figures:
        if figure.data.is_empty():
            continue
        with visual_language():
            made = figure.draw(figure.data)
            assert isinstance(made, Figure)
            made.draw_without_rendering()
        assert made.get_suptitle().replace("\n", " ") == figure.title
        count += 1
    return count


@pytest.fixture(scope="session")
def draw_every() -> Callable[[Iterable[ExperimentFigure]], int]:
    return drawn
