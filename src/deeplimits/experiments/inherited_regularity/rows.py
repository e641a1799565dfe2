"""The rows of a cell: regularity of weights before and after training, or accuracies over learning rates."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.statistics import Estimate, mean_over_seeds

if TYPE_CHECKING:
    from deeplimits.datasets import LabelledData
    from deeplimits.training.residual_classifier import ClassifierRun

Row: TypeAlias = dict[str, Any]
ENTRY = (0, 1, 2)  # of the paths that are drawn: V_k[1, 2]


def cell_rows(fields: Mapping[str, Any], data_dir: str | None) -> Iterator[Row]:
    """Train the networks of a cell and yield what they show."""
    from deeplimits.limits.residual_regimes import critical_exponent
    from deeplimits.training.residual_classifier import ClassifierSetup, ResidualClassifier, train_learning_rates

    data = _data(fields["data"], fields["train_size"], fields["test_size"], fields["seed"], data_dir)
    network = ResidualClassifier(**{name: fields[name] for name in ("depth", "width", "exponent", "law", "block")})
    runs = train_learning_rates(
        network,
        data,
        fields["rates"],
        ClassifierSetup(epochs=fields["epochs"]),
        seeds=fields["seeds"],
        # The public seed, so that `deeplimits train residual-classifier` trains the same networks.
        seed=fields["seed"],
    )
    common = {"critical": critical_exponent(fields["law"]), "chance": 1 / data.num_classes, "origin": str(data)}
    rows = path_rows(runs[0]) if fields["measures"] == "paths" else map_rows(runs, 1 / data.num_classes)
    for row in rows:
        yield {**common, **row}


def path_rows(run: ClassifierRun) -> Iterator[Row]:
    """Yield regularity of the blocks' matrices before and after training and of their move, its size, and one entry."""
    from deeplimits.weights import holder_exponent, lag_autocorrelation, relative_movement

    kept = np.flatnonzero(~run.diverged).tolist()
    about = {"rate": run.setup.learning_rate, "diverged": int(run.diverged.sum())}
    before, after = [run.start.path(number) for number in kept], [run.end.path(number) for number in kept]
    moves = [end - start for start, end in zip(before, after, strict=True)]
    for stage, paths in (("start", before), ("end", after), ("move", moves)):
        yield {**about, "stage": stage, **_row("autocorrelation", _over_seeds([lag_autocorrelation(p) for p in paths]))}
        yield {**about, "stage": stage, **_row("holder", _over_seeds([holder_exponent(p) for p in paths]))}
    moved = [relative_movement(*pair) for pair in zip(before, after, strict=True)]
    yield {**about, **_row("movement", _over_seeds(moved))}
    yield {**about, **_row("train_accuracy", accuracy_of(run.train_found[kept]))}
    yield {**about, **_row("test_accuracy", accuracy_of(run.test_found[kept]))}
    for stage, paths in (("start", before[:1]), ("end", after[:1])):
        for path in paths:
            for layer, value in enumerate(path[:, *ENTRY]):
                yield {"stage": stage, "layer": layer, "measure": "entry", "measured": float(value)}


def map_rows(runs: Sequence[ClassifierRun], chance: float) -> Iterator[Row]:
    """Yield the accuracy at each learning rate, and at the best one.

    ``best_accuracy`` is the largest test accuracy over learning rates: chosen on the test images, as in the paper.
    ``chosen_accuracy`` is that on the second half of them, at the rate that is best on the first. A network that
    diverged finds no class: it counts as chance.
    """
    found = [np.where(run.diverged[:, None], chance, run.test_found) for run in runs]
    for run, one in zip(runs, found, strict=True):
        seen = np.where(run.diverged[:, None], chance, run.train_found)
        about = {"rate": run.setup.learning_rate, "diverged": int(run.diverged.sum())}
        yield {**about, **_row("test_accuracy", accuracy_of(one))}
        yield {**about, **_row("train_accuracy", accuracy_of(seen))}
    best = int(np.argmax([one.mean() for one in found]))
    yield {"rate": runs[best].setup.learning_rate, **_row("best_accuracy", accuracy_of(found[best]))}
    half = found[0].shape[1] // 2
    chosen = int(np.argmax([one[:, :half].mean() for one in found]))
    yield {"rate": runs[chosen].setup.learning_rate, **_row("chosen_accuracy", accuracy_of(found[chosen][:, half:]))}


def accuracy_of(found: Any) -> Estimate:
    """Return the mean of (seeds, images); its error has the images' part, and with several seeds that of training."""
    values: Float64Array = np.asarray(found, dtype=np.float64)
    seeds, images = values.shape
    if not seeds:
        return Estimate(math.nan, math.inf, 0)
    if np.ptp(values) == 0:  # all at chance: a mean would round
        return Estimate(float(values[0, 0]), 0.0, seeds)
    error = float(values.mean(axis=0).std(ddof=1)) / math.sqrt(images)
    if seeds > 1:
        error = math.hypot(error, mean_over_seeds(values.mean(axis=1)).standard_error)
    return Estimate(float(values.mean()), error, seeds)


def _over_seeds(estimates: Sequence[Estimate]) -> Estimate:
    """Return the mean over networks, with the larger of the errors by their entries and by their scatter."""
    scatter = mean_over_seeds([one.value for one in estimates])
    if not estimates:
        return scatter
    error = math.hypot(*(one.standard_error for one in estimates)) / len(estimates)
    return Estimate(scatter.value, max(error, scatter.standard_error) if len(estimates) > 1 else error, len(estimates))


def _row(measure: str, estimate: Estimate) -> Row:
    shown = estimate.to_dict() if estimate.count else {"value": None, "standard_error": None}
    return {
        "measure": measure,
        "count": estimate.count,
        "measured": shown["value"],
        "measured_standard_error": shown["standard_error"],
    }


@lru_cache(maxsize=2)
def _data(name: str, train_size: int, test_size: int, seed: int, data_dir: str | None) -> LabelledData:
    from deeplimits.datasets import load_data

    return load_data(name, train_size=train_size, test_size=test_size, seed=seed, data_dir=data_dir, unit_range=True)
