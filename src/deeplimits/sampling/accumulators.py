"""From numbers per network to what is kept of them: how each observable's estimates stream and merge."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from deeplimits import observables as catalogue
from deeplimits._typing import Float64Array
from deeplimits.statistics import EnsembleStatistic, LayerCovariance, LayerSummary, OutputMoments, Summary

State: TypeAlias = Summary | LayerSummary | LayerCovariance | OutputMoments
Measured: TypeAlias = Summary | LayerSummary | LayerCovariance | EnsembleStatistic


@dataclass(frozen=True)
class Setting:
    """Hold what states depend on besides the numbers.

    Args:
        layers: the recorded layers.
        output_dim: coordinates of an output.
        log_scale: ln of a typical squared output coordinate, the unit of output moments.
    """

    layers: tuple[int, ...]
    output_dim: int
    log_scale: float


@dataclass(frozen=True)
class Accumulator:
    """Describe one kind of state.

    Args:
        quantities: numbers per network that it needs.
        state: the class that holds it.
        from_values: makes the state of a block from those quantities.
        empty: makes the state of no networks.
    """

    quantities: tuple[str, ...]
    state: type[State]
    from_values: Callable[[Setting, Mapping[str, Float64Array]], State]
    empty: Callable[[Setting], State]


def _summary(name: str) -> Accumulator:
    return Accumulator((name,), Summary, lambda setting, q: Summary.from_values(q[name]), lambda setting: Summary())


def _layers(name: str) -> Accumulator:
    return Accumulator(
        (name,),
        LayerSummary,
        lambda setting, q: LayerSummary.from_values(setting.layers, q[name]),
        lambda setting: LayerSummary.empty(setting.layers),
    )


_COVARIANCE = Accumulator(
    ("energy_fraction",),
    LayerCovariance,
    lambda setting, q: LayerCovariance.from_values(setting.layers, q["energy_fraction"]),
    lambda setting: LayerCovariance.empty(setting.layers),
)
_OUTPUT_MOMENTS = Accumulator(
    ("log_squared_norm", "output_fourth_ratio"),
    OutputMoments,
    lambda setting, q: OutputMoments.from_values(
        setting.log_scale, setting.output_dim, q["log_squared_norm"], q["output_fourth_ratio"]
    ),
    lambda setting: OutputMoments.empty(setting.log_scale, setting.output_dim),
)

_OUTPUT = "output_moments"
ACCUMULATORS: dict[str, Accumulator] = {
    _OUTPUT: _OUTPUT_MOMENTS,
    **{o.name: _summary(o.name) for o in catalogue.CATALOGUE.values() if o.kind == "network"},
    **{o.name: _layers(o.name) for o in catalogue.CATALOGUE.values() if o.kind == "layer"},
    "energy_fraction_covariance": _COVARIANCE,
}


def accumulator_of(observable: str) -> str:
    """Return the name of the accumulator that ``observable`` is read from: several statistics share one."""
    return _OUTPUT if catalogue.get(observable).kind == "statistic" else observable


def view(observable: str, state: Any) -> Measured:
    """Return what a user sees of ``state`` under the name of ``observable``."""
    return EnsembleStatistic(observable, state) if catalogue.get(observable).kind == "statistic" else state
