"""Predict, sample and compare: which scaling limit describes your neural network, and does a finite one obey it?

>>> import deeplimits as dl
>>> net = dl.ResNet(width=100, depth=50)
>>> law = dl.predict(net, limit="log-gaussian")["log_squared_norm"]
>>> run = dl.sample(net, num_networks=1000, seed=0)
>>> abs(run["log_squared_norm"].mean.value - law.mean) < 0.3
True

Names are imported when they are first used, so that ``import deeplimits`` costs nothing. No module of the package
imports this one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deeplimits import (
        activations,
        architectures,
        comparison,
        datasets,
        experiments,
        figures,
        gp,
        limits,
        matrices,
        observables,
        parametrizations,
        sampling,
        statistics,
        sweeps,
        training,
        weights,
    )
    from deeplimits.activations import Activation, custom, leaky_relu
    from deeplimits.architectures import MLP, BalancedResNet, DenseNet, ResNet, stable
    from deeplimits.comparison.compare import compare
    from deeplimits.comparison.planning.plan import plan
    from deeplimits.datasets import load_data, read_inputs
    from deeplimits.experiments.sweep import sweep
    from deeplimits.kernels import nngp, ntk
    from deeplimits.limits import predict
    from deeplimits.parametrizations import Parametrization, TrainingSetup
    from deeplimits.reports.citing import cite
    from deeplimits.sampling.merge import merge
    from deeplimits.sampling.persistence import load, save
    from deeplimits.sampling.sample import extend, sample
    from deeplimits.training.train import train
    from deeplimits.weights import LayerWeights
    from deeplimits.weights.scaling.weight_scaling import weight_scaling

    __version__: str

__all__ = [
    "MLP",
    "Activation",
    "BalancedResNet",
    "DenseNet",
    "LayerWeights",
    "Parametrization",
    "ResNet",
    "TrainingSetup",
    "__version__",
    "activations",
    "architectures",
    "cite",
    "compare",
    "comparison",
    "custom",
    "datasets",
    "experiments",
    "extend",
    "figures",
    "gp",
    "leaky_relu",
    "limits",
    "load",
    "load_data",
    "matrices",
    "merge",
    "nngp",
    "ntk",
    "observables",
    "parametrizations",
    "plan",
    "predict",
    "read_inputs",
    "sample",
    "sampling",
    "save",
    "stable",
    "statistics",
    "sweep",
    "sweeps",
    "train",
    "training",
    "weight_scaling",
    "weights",
]

_HOME = {
    "MLP": "architectures",
    "Activation": "activations",
    "BalancedResNet": "architectures",
    "DenseNet": "architectures",
    "LayerWeights": "weights",
    "Parametrization": "parametrizations",
    "ResNet": "architectures",
    "TrainingSetup": "parametrizations",
    "cite": "reports",
    "compare": "comparison",
    "custom": "activations",
    "extend": "sampling",
    "leaky_relu": "activations",
    "load": "sampling",
    "load_data": "datasets",
    "merge": "sampling",
    "nngp": "kernels",
    "ntk": "kernels",
    "plan": "comparison",
    "predict": "limits",
    "read_inputs": "datasets",
    "sample": "sampling",
    "save": "sampling",
    "stable": "architectures",
    "sweep": "experiments",
    "train": "training",
    "weight_scaling": "weights",
}


def __getattr__(name: str) -> object:
    """Import ``name`` when it is first asked for (PEP 562)."""
    if name == "__version__":
        from importlib.metadata import version

        return version("deeplimits")
    if name not in __all__:
        raise AttributeError(f"module 'deeplimits' has no attribute {name!r}")
    from importlib import import_module

    if name not in _HOME:
        return import_module(f"deeplimits.{name}")
    value: object = getattr(import_module(f"deeplimits.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, imported or not."""
    return sorted(__all__)
