"""What every experiment says of its figures is true: names, claims, references; also before anything is computed."""

import polars as pl
import pytest

from deeplimits.experiments import load, names
from deeplimits.reports.bibliography import keys
from deeplimits.sweeps import Experiment
from deeplimits.sweeps.experiment import resolve


def nothing_computed(experiment: Experiment) -> pl.DataFrame:
    """Return the table of a run of which every cell is missing."""
    cells = resolve(experiment, experiment.grid("demo"))
    table = pl.DataFrame([{"cell": cell.id, **cell.fields} for cell in cells], infer_schema_length=None)
    return table.with_columns(pl.lit(None).alias(name) for name in experiment.columns if name not in table.columns)


@pytest.mark.parametrize("name", names())
def test_figures_are_named_once_and_rest_on_claims_and_references_that_exist(name: str) -> None:
    experiment = load(name)
    figures = list(experiment.figures(nothing_computed(experiment)))
    assert figures
    found = [figure.name for figure in figures]
    assert len(found) == len(set(found))
    assert "results" not in found  # the name of the whole table beside the report
    claims = {claim.name for claim in experiment.claims}
    for figure in figures:
        assert set(figure.claims) <= claims, figure.name
        assert set(figure.references) <= set(keys()), figure.name
        assert figure.title and figure.caption
