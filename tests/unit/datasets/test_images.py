"""Images by name: CIFAR-10 in its true format, and stand-ins that say that they are."""

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deeplimits.datasets import STAND_IN, LabelledImages, load_images

PIXELS = (np.arange(12 * 3072) * 7 % 256).astype(np.uint8).reshape(12, 3072)
LABELS = [*range(10), 0, 1]
BATCHES = [*(f"data_batch_{number}" for number in range(1, 6)), "test_batch"]
MEAN, DEVIATION = (0.4914, 0.4822, 0.4465), (0.2023, 0.1994, 0.2010)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with small files of the published Python version."""
    inside = tmp_path / "cifar-10-batches-py"
    inside.mkdir()
    for name in BATCHES:
        (inside / name).write_bytes(pickle.dumps({b"labels": LABELS, b"data": PIXELS}, protocol=2))
    return tmp_path


def test_cifar_has_rows_of_red_green_and_blue_planes(folder: Path) -> None:
    data = load_images("cifar10", data_dir=folder)
    assert (data.train_size, data.test_size, data.shape, data.num_classes) == (60, 12, (32, 32, 3), 10)
    assert data.train_images.dtype == np.float32 and data.train_labels.tolist() == LABELS * 5
    for channel, row, column in ((0, 0, 0), (0, 3, 31), (1, 31, 0), (2, 5, 17)):
        pixel = PIXELS[4, 1024 * channel + 32 * row + column] / 255
        expected = (pixel - MEAN[channel]) / DEVIATION[channel]
        assert data.test_images[4, row, column, channel] == pytest.approx(expected, abs=1e-6)
    assert data.black == pytest.approx([-m / d for m, d in zip(MEAN, DEVIATION, strict=True)])
    assert str(folder) in data.origin and STAND_IN not in data.origin


def test_a_part_of_cifar_keeps_the_classes_shares(folder: Path) -> None:
    data = load_images("cifar10", train_size=30, test_size=6, data_dir=folder)
    assert (data.train_size, data.test_size) == (30, 6)
    assert np.bincount(data.train_labels, minlength=10).max() <= 6


@pytest.mark.parametrize(
    ("name", "shape", "sizes"), [("digits", (8, 8, 1), (1400, 397)), ("mnist", (28, 28, 1), (4000, 1000))]
)
def test_stand_ins_say_that_they_are(name: str, shape: tuple[int, int, int], sizes: tuple[int, int]) -> None:
    data = load_images(name)
    assert (data.shape, (data.train_size, data.test_size)) == (shape, sizes)
    assert STAND_IN in str(data) and STAND_IN in data.to_dict()["origin"]
    everything = np.concatenate([data.train_images, data.test_images])
    assert everything.mean() == pytest.approx(0, abs=0.02) and everything.std() == pytest.approx(1, abs=0.02)
    assert everything.min() == pytest.approx(data.black[0], abs=1e-6)
    assert np.bincount(data.test_labels).min() >= 0.09 * data.test_size


def test_test_images_are_no_training_images_and_the_seed_decides() -> None:
    data, again, other = (load_images("digits", train_size=100, test_size=50, seed=seed) for seed in (0, 0, 1))
    assert data.to_dict() == again.to_dict() != other.to_dict()
    rows = {image.tobytes() for image in data.train_images}
    assert not any(image.tobytes() in rows for image in data.test_images)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"name": "cifar"}, "did you mean 'cifar10'"),
        ({"name": "cifar10"}, "give data_dir"),
        ({"name": "digits", "data_dir": "x"}, "digits needs no folder"),
        ({"name": "digits", "train_size": 1500}, "fewer than the 1500 to train on and 397 to test on"),
        ({"name": "digits", "train_size": 0}, "train_size must be an integer"),
        ({"name": "cifar10", "data_dir": "nowhere"}, "no CIFAR-10 in 'nowhere'"),
    ],
)
def test_mistakes_are_explained(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        load_images(**arguments)


def test_more_of_cifar_than_there_is_is_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match="has 12 images of this kind, fewer than the 13"):
        load_images("cifar10", test_size=13, data_dir=folder)


def test_images_are_checked() -> None:
    images, labels = np.zeros((2, 3, 3, 1), np.float32), np.array([0, 1])
    fine: dict[str, Any] = {
        "train_images": images,
        "train_labels": labels,
        "test_images": images,
        "test_labels": labels,
    }
    about: dict[str, Any] = {"name": "two", "origin": "made up", "num_classes": 2, "black": (0.0,)}
    assert LabelledImages(**about, **fine).shape == (3, 3, 1)
    for wrong, message in (
        ({"train_images": images[:1]}, "one label each"),
        ({"test_images": images[:, :2]}, "one shape"),
        ({"black": (0.0, 0.0)}, "black of each channel"),
        ({"train_images": images + np.inf}, "finite"),
        ({"test_labels": labels + 1}, "from 0 to 1"),
    ):
        with pytest.raises(ValueError, match=message):
            LabelledImages(**{**about, **fine, **wrong})
