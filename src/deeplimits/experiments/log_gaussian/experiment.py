"""The experiment: its grid, what a cell measures, its claims and its figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from deeplimits.experiments.log_gaussian.claims import CLAIMS
from deeplimits.experiments.log_gaussian.grid import grid
from deeplimits.experiments.log_gaussian.network import DEFAULTS, MEASURES, inputs_of, network_of
from deeplimits.sweeps import Cell, Claim, Experiment, ExperimentFigure, Grid
from deeplimits.sweeps.experiment import NUMERICAL_LIBRARIES
from deeplimits.sweeps.table import DataFrame
from deeplimits.sweeps.values import Value

_LIMITS = ("infinite-width", "log-gaussian", "exact")
# For costs only: of one core, for one input and for a neuron-layer of two; then per network and recorded layer.
_NEURON_LAYERS_PER_SECOND, _PAIRS_PER_SECOND, _LAYERS_PER_SECOND = 2.5e8, 2e7, 1.5e6
_TRAINED_LAYERS_PER_SECOND = 3e4  # of width 20 and 30 inputs, one step
_SECONDS_TO_COMPILE = 2.0


class LogGaussianLimit(Experiment):
    """Sample vanilla and Balanced ReLU ResNets and set every statement of the log-Gaussian limit beside them.

    Each row holds one measured number with its standard error and what each limit says of it: means and variances of
    the log-norm at the output and at each layer, active fractions, covariances between layers, moments of the output,
    correlations of two inputs, a histogram of ln ‖z_out‖² with each limit's mean density in its bins, and the distances
    of that law to each limit's. Networks that are trained on digits have rows of the loss and the gradient's norm along
    training: mean and standard deviation over seeds of their logarithms.
    """

    name: ClassVar[str] = "log-gaussian"
    version: ClassVar[int] = 1
    title: ClassVar[str] = "As depth and width grow together, the squared norm of a ResNet's output is log-Gaussian"
    references: ClassVar[tuple[str, ...]] = ("li2021future", "hanin2019products")
    defaults: ClassVar[Mapping[str, Value]] = DEFAULTS
    effort: ClassVar[frozenset[str]] = frozenset({"num_networks", "measures", "steps"})
    libraries: ClassVar[tuple[str, ...]] = (*NUMERICAL_LIBRARIES, "optax")
    columns: ClassVar[tuple[str, ...]] = (
        "observable",
        "statistic",
        "limit",
        "layer",
        "other_layer",
        "low",
        "high",
        "count",
        "measured",
        "measured_standard_error",
        "floor",
        "noise",
        *(limit.replace("-", "_") for limit in _LIMITS),
        "unreliable",
        "step",
        "learning_rate",
        "diverged",
        "origin",
    )
    claims: ClassVar[tuple[Claim, ...]] = CLAIMS

    def grid(self, scale: str) -> Grid:
        """Return the cells of ``scale``."""
        return grid(scale)

    def cost(self, cell: Cell) -> float:
        """Return the seconds to compile, to draw or train every neuron, and to record every layer."""
        fields: dict[str, Any] = dict(cell)
        networks, layers = fields["num_networks"], fields["num_networks"] * fields["depth"]
        if fields["measures"] == "training":
            work = layers * fields["steps"] * (fields["width"] / 20) ** 1.5 * fields["train_size"] / 30
            return float(_SECONDS_TO_COMPILE + work / _TRAINED_LAYERS_PER_SECOND)
        rate = _PAIRS_PER_SECOND if fields["measures"] == "pair" else _NEURON_LAYERS_PER_SECOND
        recorded = networks * min(fields["depth"], 64) if fields["measures"] == "layers" else 0
        return float(_SECONDS_TO_COMPILE + layers * fields["width"] / rate + recorded / _LAYERS_PER_SECOND)

    def run(self, cell: Cell, seed: int) -> Iterator[Mapping[str, Any]]:
        """Sample one network, or train it, and measure all that ``measures`` names."""
        fields: dict[str, Any] = dict(cell)
        if fields["measures"] == "training":
            from deeplimits.experiments.log_gaussian.training_rows import training_rows

            yield from training_rows(fields)
            return
        from deeplimits.experiments.log_gaussian.law_rows import law_rows
        from deeplimits.experiments.log_gaussian.layer_rows import layer_rows, pair_rows
        from deeplimits.limits import Prediction, for_architecture
        from deeplimits.sampling import sample

        network = network_of(fields)
        x = inputs_of(fields, network.input_dim)
        # The public seed, so that `deeplimits sample` draws the same networks; each network has keys of its own.
        samples = sample(
            network,
            x,
            num_networks=fields["num_networks"],
            observables=MEASURES[fields["measures"]],
            seed=fields["seed"],
        )
        predictions = {
            answer.limit: answer
            for answer in for_architecture(network, x)
            if isinstance(answer, Prediction) and answer.limit in _LIMITS
        }
        if fields["measures"] == "pair":
            yield from pair_rows(samples, predictions)
            return
        yield from law_rows(samples, predictions)
        if fields["measures"] == "layers":
            yield from layer_rows(samples, predictions)

    def figures(self, table: DataFrame) -> Iterable[ExperimentFigure]:
        """Return one figure for each panel."""
        from deeplimits.experiments.log_gaussian.figures import all_figures

        return all_figures(table)
