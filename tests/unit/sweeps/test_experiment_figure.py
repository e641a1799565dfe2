"""The record by which an experiment offers a figure."""

import polars as pl
import pytest

from deeplimits.sweeps import ExperimentFigure

TABLE = pl.DataFrame({"cell": ["a"], "value": [1.0]})


def test_nothing_is_drawn_before_it_is_asked_for() -> None:
    def fail(rows: pl.DataFrame) -> None:
        raise AssertionError

    figure = ExperimentFigure("law-at-100", "A claim", "How to read it", TABLE, fail)
    assert (figure.claims, figure.references, figure.alt) == ((), (), "")


@pytest.mark.parametrize("name", ["", "Law", "a law", "law/100", "law-", "../law"])
def test_a_name_that_is_none_for_a_file_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="lower-case words joined by hyphens"):
        ExperimentFigure(name, "", "", TABLE, lambda rows: None)


def test_data_that_does_not_say_its_cells_is_refused() -> None:
    with pytest.raises(ValueError, match="no column 'cell'"):
        ExperimentFigure("law", "", "", TABLE.drop("cell"), lambda rows: None)
