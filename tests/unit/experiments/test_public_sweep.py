"""``sweep`` and the rows that it gives."""

from pathlib import Path

import polars as pl
import pytest

from deeplimits.architectures import MLP, ResNet
from deeplimits.comparison import compare
from deeplimits.experiments import sweep
from deeplimits.experiments.sweep import as_executor
from deeplimits.limits import for_architecture
from deeplimits.sampling import sample
from deeplimits.sweeps import Experiment, Grid, Inline, Processes

GRID = {"num_networks": 300, "seed": 5, "architecture": {"kind": "resnet", "width": 8, "depth": [2, 3]}}


@pytest.fixture(scope="module")
def table() -> pl.DataFrame:
    return sweep(GRID, executor="inline", quiet=True)


def test_a_cell_is_the_same_as_sampling_and_comparing_it(table: pl.DataFrame) -> None:
    network = ResNet(width=8, depth=3)
    samples = sample(network, num_networks=300, seed=5)
    comparison = compare(samples, for_architecture(network))
    cell = table.filter(depth=3)
    for name, (summary,) in samples.summaries.items():
        (measured,) = cell.filter(observable=name).select("mean", "variance", "count").unique().rows()
        assert measured == (summary.mean.value, summary.variance.value, summary.count)
    judged = cell.filter(pl.col("verdict").is_not_null())
    assert len(judged) == len(comparison.rows)
    for row in comparison.rows:
        (found,) = judged.filter(observable=row.observable, limit=row.limit).to_dicts()
        assert found["verdict"] == row.verdict
        assert found["detectable"] == row.detectable
        assert found["distance"] == row.distances[row.judged_by].value
        assert found["predicted_mean"] == row.law.mean


def test_a_grid_gives_the_same(table: pl.DataFrame) -> None:
    grid = Grid.product({"depth": [2, 3]}, kind="resnet", width=8, num_networks=300, seed=5)
    same = sweep(grid, executor="inline", quiet=True)
    assert same.select(table.columns).equals(table)
    with pytest.raises(ValueError, match=r"architecture.width: width must be an integer"):
        sweep(Grid.cells([{"kind": "mlp", "width": 0, "depth": 3, "num_networks": 9}]))


def test_a_refusal_says_why(table: pl.DataFrame) -> None:
    refused = table.filter(limit="exact")
    assert refused["verdict"].null_count() == len(refused) > 0
    assert refused["reason"].str.len_chars().min() > 10


def test_every_observable_has_a_row_also_without_limits() -> None:
    alone = sweep({**GRID, "limits": [], "observables": ["log_norm_hidden"]}, executor="inline", quiet=True)
    assert alone["observable"].to_list() == ["log_norm_hidden"] * 2
    assert alone["limit"].null_count() == 2


def test_several_inputs_give_several_rows() -> None:
    grid = {**GRID, "limits": [], "observables": ["log_norm_hidden"], "x": [[1.0] * 10, [2.0] * 10]}
    found = sweep(grid, executor="inline", quiet=True)
    assert found["input"].to_list() == [0, 1, 0, 1]
    samples = sample(ResNet(width=8, depth=2), [[1.0] * 10, [2.0] * 10], num_networks=300, seed=5)
    expected = [summary.mean.value for summary in samples.summaries["log_norm_hidden"]]
    assert found["mean"].to_list()[:2] == pytest.approx(expected, rel=1e-6)


def test_layers_pairs_of_layers_and_ensembles_have_rows_too() -> None:
    names = ["log_norm", "energy_fraction_covariance", "output_kurtosis", "correlation"]
    vectors = [[1.0] * 10, [1.0, *[0.0] * 9]]
    found = sweep({**GRID, "observables": names, "x": vectors}, executor="inline", quiet=True).filter(depth=3)
    network = ResNet(width=8, depth=3)
    samples = sample(network, vectors, num_networks=300, seed=5, observables=names)
    layers = found.filter(observable="log_norm", input=1, limit="log-gaussian").sort("layer")
    measured = samples.estimates("log_norm")[1]
    assert layers["layer"].to_list() == list(measured.layers)
    assert layers["mean"].to_list() == [row.mean.value for row in measured]
    assert layers["variance_standard_error"].to_list() == [row.variance.standard_error for row in measured]
    predicted = next(answer for answer in for_architecture(network, vectors) if answer.limit == "log-gaussian")
    assert layers["predicted_mean"].to_list() == pytest.approx(predicted.laws["log_norm"][1].mean)  # type: ignore[union-attr]
    assert set(layers["distance_of"]) <= {"mean", "variance"} and layers["verdict"].null_count() == 0
    assert layers["distance_low"].to_list() <= layers["distance"].to_list() <= layers["distance_high"].to_list()
    pairs = found.filter(observable="energy_fraction_covariance", input=0)
    judged = pairs.filter(pl.col("verdict").is_not_null(), limit="log-gaussian")
    assert judged.select("layer", "other_layer").rows() == [(2, 2), (2, 3)]  # from the base layer on
    covariance = samples.estimates("energy_fraction_covariance")[0]
    size = len(covariance.layers)
    assert len(pairs.select("layer", "other_layer").unique()) == size * (size + 1) // 2
    (corner,) = pairs.filter(layer=covariance.layers[0], other_layer=covariance.layers[-1])["mean"].unique()
    assert corner == covariance.values[0, -1]
    assert found.filter(observable="output_kurtosis")["verdict"].null_count() == 0
    (kurtosis,) = found.filter(observable="output_kurtosis", input=0)["mean"].unique()
    assert kurtosis == samples.estimates("output_kurtosis")[0].mean.value
    joined = found.filter(observable="correlation")
    assert joined["input"].unique().to_list() == [0]
    assert joined["layer"].n_unique() == len(samples.estimates("correlation")[0].layers)


def test_it_goes_on_in_its_folder(tmp_path: Path, table: pl.DataFrame, capsys: pytest.CaptureFixture[str]) -> None:
    first = sweep(GRID, out=tmp_path / "run", executor="inline")
    assert "computed 2, reused 0" in capsys.readouterr().err
    second = sweep(GRID, out=tmp_path / "run", executor="inline")
    assert "computed 0, reused 2" in capsys.readouterr().err
    assert first.equals(second)
    assert first.equals(table)


def test_networks_that_cannot_be_measured_fail_their_cell_only() -> None:
    # A ReLU MLP of width 1 dies in each layer with probability 1/2: at depth 200 none is left.
    grid = {"num_networks": 64, "architecture": {"kind": "mlp", "width": 1, "depth": [1, 200]}, "limits": ["exact"]}
    with pytest.warns(
        RuntimeWarning, match=r"1 cells failed and are not in the table; the first: ValueError: .*0 of 64"
    ):
        found = sweep(grid, executor="inline", quiet=True)
    assert set(found["depth"]) == {1}


def test_executors_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(as_executor("inline"), Inline)
    assert isinstance(as_executor(None), Processes)
    assert as_executor(3).workers == 3
    inline = Inline()
    assert as_executor(inline) is inline
    with pytest.raises(ValueError, match="executor must be 'inline' or an address"):
        as_executor("threads")
    with pytest.raises(ValueError, match="workers must be an integer of at least 1, got 0"):
        as_executor(0)
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    monkeypatch.delitem(__import__("sys").modules, "deeplimits.sweeps.executors.dask", raising=False)
    with pytest.raises(ValueError, match=r"a Dask scheduler needs dask: pip install 'deeplimits\[dask\]'"):
        as_executor("tcp://localhost:1")


def test_a_scale_that_there_is_not() -> None:
    with pytest.raises(ValueError, match="unknown scale 'large'; "):
        sweep(GRID, scale="large", executor="inline")


def test_an_experiment_of_the_users_own() -> None:
    class Mine(Experiment):
        name = "mine"

        def grid(self, scale):  # type: ignore[no-untyped-def]
            return Grid.product({"depth": [1, 2]})

        def run(self, cell, seed):  # type: ignore[no-untyped-def]
            yield {"width": MLP(width=3, depth=cell["depth"]).width}

    assert sweep(Mine(), executor="inline", quiet=True)["width"].to_list() == [3, 3]
