from pathlib import Path

import pytest

from deeplimits.files import remove_leftovers, write_atomically
from deeplimits.sweeps.chunk import DamagedChunkError, chunk_frame, encode, read_chunk
from deeplimits.sweeps.results import Finished

RESULTS = [
    Finished("aa", [{"x": 1.5}, {"x": 2}], 0.1, "cpu", "e"),
    Finished("bb", [], 0.2, "cpu", "e"),
]
FIELDS = {"aa": {"width": 3}, "bb": {"width": 4}}


@pytest.fixture
def chunk(tmp_path: Path) -> Path:
    name, data = encode(chunk_frame(RESULTS, FIELDS))
    write_atomically(tmp_path / name, data)
    return tmp_path / name


def test_a_chunk_comes_back(chunk: Path) -> None:
    table = read_chunk(chunk)
    assert table["cell"].to_list() == ["aa", "aa", "bb"]
    assert table["_row"].to_list() == [0, 1, -1]
    assert table["x"].to_list() == [1.5, 2.0, None]
    assert table["width"].to_list() == [3, 3, 4]


def test_every_truncation_and_every_flipped_bit_is_seen(chunk: Path) -> None:
    data = chunk.read_bytes()
    damaged = [data[:length] for length in range(0, len(data), 37)]
    damaged += [data[:i] + bytes([data[i] ^ 1]) + data[i + 1 :] for i in range(0, len(data), 41)]
    for content in damaged:
        chunk.write_bytes(content)
        with pytest.raises(DamagedChunkError, match="do not have the checksum in its name"):
            read_chunk(chunk)


def test_a_foreign_file_is_no_chunk(tmp_path: Path) -> None:
    (tmp_path / "notes.parquet").write_text("mine")
    with pytest.raises(DamagedChunkError, match="not a file of this store"):
        read_chunk(tmp_path / "notes.parquet")


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    write_atomically(path, b"before")

    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(path, b"after")
    assert path.read_bytes() == b"before"
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_it_is_on_the_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    replace = Path.replace
    monkeypatch.setattr("os.fsync", lambda descriptor: order.append("flush"))
    monkeypatch.setattr(Path, "replace", lambda self, target: (order.append("rename"), replace(self, target)))
    write_atomically(tmp_path / "file", b"x")
    assert order == ["flush", "rename", "flush"]


def test_leftovers_of_a_killed_run_are_removed_and_nothing_else(tmp_path: Path) -> None:
    for name in (".chunk-1.parquet.77.tmp", ".hidden", "chunk", "a.tmp"):
        (tmp_path / name).write_text("x")
    remove_leftovers(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".hidden", "a.tmp", "chunk"]
