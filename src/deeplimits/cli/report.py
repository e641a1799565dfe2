"""``deeplimits report``: a page about a store, about many, or about two side by side."""

from __future__ import annotations

from pathlib import Path

from deeplimits.cli.run_options import Flag

EXAMPLE = """\
Examples:
  deeplimits report runs/demo
  deeplimits report --compare runs/first runs/second"""


def report(*folders: Path, compare: Flag = False, experiment: str | None = None, out: Path | None = None) -> None:
    """Write report.html into a sweep's store: figures, claims, cells, provenance; from the store alone, at any moment.

    Args:
        folders: a store, or a folder of stores, which gets an index.html too.
        compare: show two stores side by side.
        experiment: FILE.py:CLASS of the experiment whose figures are shown, if the store does not name it.
        out: where the side-by-side page goes; into the first store by default.
    """
    from deeplimits.sweeps.status import stores_in

    if compare:
        print(f"report: {_side_by_side(folders, experiment, out)}")
        return
    if len(folders) != 1:
        raise ValueError(f"give one folder, or two with --compare; got {len(folders)}")
    if out is not None:
        raise ValueError("--out is for --compare; the report of a store is written into the store")
    from deeplimits.cli.run_options import print_note
    from deeplimits.experiments import load
    from deeplimits.reports import write_index, write_report

    (folder,) = folders
    stores = stores_in(folder)
    if stores[0].folder == folder:
        print(f"report: {write_report(stores[0], load(experiment) if experiment else None, note=print_note)}")
    else:
        print(f"report: {write_index(folder, stores)}")


def _side_by_side(folders: tuple[Path, ...], experiment: str | None, out: Path | None) -> Path:
    from deeplimits.experiments import load
    from deeplimits.reports import write_comparison
    from deeplimits.sweeps import Store

    if len(folders) != 2:
        raise ValueError(f"--compare takes two stores, got {len(folders)}")
    first, second = (Store.open(folder) for folder in folders)
    path = out or first.folder / f"compared-with-{second.folder.resolve().name}.html"
    if path.suffix != ".html" or not path.parent.is_dir():
        raise ValueError(f"the page is a file ending in .html in a folder that exists, got {str(path)!r}")
    return write_comparison(first, second, path, load(experiment) if experiment else None)
