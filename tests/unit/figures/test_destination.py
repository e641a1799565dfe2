from pathlib import Path

import pytest
from matplotlib.figure import Figure

from deeplimits.figures import check_destination, write_figure


@pytest.mark.parametrize("name", ["figure.svg", "figure.PDF", "figure.png"])
def test_accepts_a_file_in_a_folder_that_exists(tmp_path: Path, name: str) -> None:
    assert check_destination(tmp_path / name) == tmp_path / name


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("figure.jpg", "must end in .svg, .pdf, .png"),
        ("figure", "must end in .svg, .pdf, .png"),
        ("missing/figure.svg", "does not exist; make it first"),
        ("folder.svg", "is a folder"),
    ],
)
def test_refuses_what_cannot_be_written(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "folder.svg").mkdir()
    with pytest.raises(ValueError, match=message):
        check_destination(tmp_path / name)


def test_refuses_a_folder_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The superuser may write anywhere, so the system's answer is replaced rather than the folder's mode.
    monkeypatch.setattr("os.access", lambda path, mode: False)
    with pytest.raises(ValueError, match="no permission"):
        check_destination(tmp_path / "figure.svg")


@pytest.mark.parametrize(("name", "start"), [("a.svg", b"<?xml"), ("a.pdf", b"%PDF"), ("a.png", b"\x89PNG")])
def test_writes_the_format_of_the_ending_and_the_same_bytes_again(tmp_path: Path, name: str, start: bytes) -> None:
    written = []
    for _ in range(2):
        figure = Figure(figsize=(2, 1))
        figure.subplots().plot([0, 1])
        write_figure(figure, tmp_path / name)
        written.append((tmp_path / name).read_bytes())
    assert written[0].startswith(start)
    assert written[0] == written[1]
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_figure_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    class Broken(Figure):
        def savefig(self, *arguments: object, **options: object) -> None:
            raise OSError("disk full")

    file = tmp_path / "figure.svg"
    file.write_text("old")
    with pytest.raises(OSError, match="disk full"):
        write_figure(Broken(), file)
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]
