"""Every experiment that ``reproduce`` knows, by name; a user's own by its file."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path

from deeplimits.sweeps import Experiment
from deeplimits.validation import unknown_name

# Named rather than imported, so that listing them costs nothing.
_HOMES = {"mlp-log-norm": "deeplimits.experiments.mlp_log_norm:MlpLogNorm"}


def names() -> tuple[str, ...]:
    """Return the names of all experiments of this package."""
    return tuple(_HOMES)


def load(name: str) -> Experiment:
    """Return an experiment.

    Args:
        name: one of `names`, or ``FILE.py:CLASS`` for one in a file of the user's.

    Raises:
        ValueError: the name is unknown, or the file or class is not there.
    """
    if name in _HOMES:
        module, _, attribute = _HOMES[name].partition(":")
        experiment: Experiment = getattr(importlib.import_module(module), attribute)()
        return experiment
    file, colon, attribute = name.rpartition(":")
    if not colon or not file.endswith(".py"):
        raise unknown_name("experiment", name, names())
    return _from_file(Path(file), attribute)


def _from_file(path: Path, attribute: str) -> Experiment:
    if not path.is_file():
        raise ValueError(f"{str(path)!r} does not exist or is not a file")
    spec = importlib.util.spec_from_file_location(f"_experiment_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ValueError(f"{str(path)!r} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[module.__name__] = module
    spec.loader.exec_module(module)
    found = getattr(module, attribute, None)
    if not (isinstance(found, type) and issubclass(found, Experiment)):
        raise ValueError(f"{str(path)!r} has no experiment class {attribute!r}")
    # Workers cannot import this module by its name: it travels to them as a whole.
    import cloudpickle

    cloudpickle.register_pickle_by_value(module)
    return found()
