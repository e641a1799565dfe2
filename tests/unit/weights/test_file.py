"""Weights in a file: written and read back, and every malformed file is refused in one sentence."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deeplimits.weights import LayerWeights, read_weights, write_weights


def test_what_is_written_is_read(tmp_path: Path) -> None:
    one = LayerWeights(np.arange(6.0).reshape(3, 2), scale=np.ones(3), bias=np.zeros((3, 2)))
    file = tmp_path / "weights.npz"
    write_weights(file, {3: one, 4: [LayerWeights(np.ones((4, 2))), LayerWeights(np.full((4, 2), 2.0))]})
    found = read_weights(file)
    assert list(found) == [3, 4] and [len(networks) for networks in found.values()] == [1, 2]
    (read,) = found[3]
    assert np.array_equal(read.product, one.product)
    assert np.array_equal(read.scale, one.scale) and np.array_equal(read.bias, one.bias)  # type: ignore[arg-type]
    assert found[4][1].weight_path[0, 0] == 2


def test_short_and_long_names_and_integers_are_read(tmp_path: Path) -> None:
    file = tmp_path / "weights.npz"
    np.savez(file, **{"L2": np.ones((2, 3), dtype=np.int32), "L10/weight": np.ones(10, np.float32), "L10/scale": 0.5})
    found = read_weights(file)
    assert list(found) == [2, 10]
    assert found[10][0].product.shape == (10, 1) and found[10][0].product[0, 0] == 0.5


MALFORMED: dict[str, tuple[dict[str, Any], str]] = {
    "no arrays": ({}, "holds no arrays"),
    "another name": ({"weights": np.ones((3, 2))}, "unexpected array 'weights'; the names are \"L<depth>\""),
    "another part": ({"L3/gain": np.ones((3, 2))}, "unexpected array 'L3/gain'"),
    "depth 0": ({"L0": np.ones((3, 2))}, "unexpected array 'L0'"),
    "no weights": ({"L3/scale": np.ones(3)}, "L3 has scale but no weights: 'L3' or 'L3/weight' is missing"),
    "both names": ({"L3": np.ones((3, 2)), "L3/weight": np.ones((3, 2))}, "is there twice"),
    "leading axis": ({"L3": np.ones((2, 3))}, r"the weights of L3 must have shape \(3, …\), .* got shape \(2, 3\)"),
    "a number": ({"L3": 1.0}, r"got shape \(\)"),
    "objects": ({"L3": np.array([None, 1, 2], dtype=object)}, "'L3' is an array of objects"),
    "text": ({"L3": np.array(["a", "b", "c"])}, "L3: weight must be an array of real numbers, got one of <U1"),
    "not finite": ({"L3": np.array([1.0, np.inf, 1.0])}, r"L3: weight must be finite, got inf at index \(1,\)"),
    "scale": ({"L3": np.ones((3, 2)), "L3/scale": np.ones((3, 1))}, "L3: scale must be one number or have shape"),
    "bias": ({"L3/seed1": np.ones((3, 2)), "L3/seed1/bias": np.ones(4)}, "L3/seed1: bias must have shape"),
}


@pytest.mark.parametrize(("arrays", "message"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_file_is_refused(tmp_path: Path, arrays: dict[str, Any], message: str) -> None:
    file = tmp_path / "weights.npz"
    np.savez(file, allow_pickle=True, **arrays)
    with pytest.raises(ValueError, match=message) as caught:
        read_weights(file)
    assert str(caught.value).startswith(f"weights file {str(file)!r}: ")


def test_what_is_no_npz_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="does not exist"):
        read_weights(tmp_path / "missing.npz")
    text = tmp_path / "text.npz"
    for content in (b"", b"L3 1 2 3", b"PK\x03\x04 and nothing else"):
        text.write_bytes(content)
        with pytest.raises(ValueError, match=r"it is not an \.npz file"):
            read_weights(text)
    single = tmp_path / "single.npy"
    np.save(single, np.ones((3, 2)))
    with pytest.raises(ValueError, match="it holds a single array"):
        read_weights(single)


def test_a_damaged_array_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "weights.npz"
    np.savez(file, L3=np.ones((3, 50)))
    content = bytearray(file.read_bytes())
    content[600] ^= 0xFF  # among the numbers: the checksum no longer fits
    file.write_bytes(bytes(content))
    with pytest.raises(ValueError, match="'L3' is damaged: Bad CRC"):
        read_weights(file)
