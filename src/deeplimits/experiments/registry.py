"""Every experiment that ``reproduce`` knows, by name; a user's own by its file."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deeplimits.sweeps import Experiment
from deeplimits.validation import unknown_name

# Named rather than imported, so that listing them costs nothing; those on one subject stand together.
_HOMES = {
    "mlp-log-norm": "deeplimits.experiments.mlp_log_norm:MlpLogNorm",
    "log-gaussian": "deeplimits.experiments.log_gaussian:LogGaussianLimit",
    "width-depth-commute": "deeplimits.experiments.width_depth_commute:WidthDepthCommute",
    "width-scalings": "deeplimits.experiments.width_scalings:WidthScalings",
    "residual-regimes": "deeplimits.experiments.residual_regimes:ResidualRegimes",
    "inherited-regularity": "deeplimits.experiments.inherited_regularity:InheritedRegularity",
    "trained-weights": "deeplimits.experiments.trained_weights:TrainedWeights",
    "trained-convolutions": "deeplimits.experiments.trained_convolutions:TrainedConvolutions",
    "mean-field-resnet": "deeplimits.experiments.mean_field_resnet:MeanFieldResNet",
}


def names() -> tuple[str, ...]:
    """Return the names of all experiments of this package."""
    return tuple(_HOMES)


def load(name: str, **settings: Any) -> Experiment:
    """Return an experiment.

    Args:
        name: one of `names`, or ``FILE.py:CLASS`` for one in a file of the user's.
        settings: arguments of its class, such as ``data`` of width-scalings.

    Raises:
        ValueError: the name is unknown, the file or class is not there, or it has no such setting.
    """
    if name in _HOMES:
        module, _, attribute = _HOMES[name].partition(":")
        return _made(getattr(importlib.import_module(module), attribute), settings)
    file, colon, attribute = name.rpartition(":")
    if not colon or not file.endswith(".py"):
        raise unknown_name("experiment", name, names())
    return _from_file(Path(file), attribute, settings)


def _made(kind: type[Experiment], settings: Mapping[str, Any]) -> Experiment:
    known = inspect.signature(kind).parameters
    for setting in settings:
        if setting not in known:
            has = f"its settings are {', '.join(known)}" if known else "it has no settings"
            raise ValueError(f"experiment {kind.name} has no setting {setting!r}: {has}")
    return kind(**settings)


def _from_file(path: Path, attribute: str, settings: Mapping[str, Any]) -> Experiment:
    if not path.is_file():
        raise ValueError(f"{str(path)!r} does not exist or is not a file")
    spec = importlib.util.spec_from_file_location(f"_experiment_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ValueError(f"{str(path)!r} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[module.__name__] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        said = traceback.format_exception_only(error)[-1].strip()
        raise ValueError(f"{str(path)!r} cannot be loaded: {said}") from error
    found = getattr(module, attribute, None)
    if not (isinstance(found, type) and issubclass(found, Experiment)):
        raise ValueError(f"{str(path)!r} has no experiment class {attribute!r}")
    # Workers cannot import this module by its name: it travels to them as a whole.
    import cloudpickle

    cloudpickle.register_pickle_by_value(module)
    experiment = _made(found, settings)
    object.__setattr__(experiment, "loaded_from", f"{path.resolve()}:{attribute}")  # it may be a frozen dataclass
    return experiment
