"""However the work is cut, ordered, interrupted or repeated, the table is the same."""

import contextlib
import random
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from deeplimits.sweeps import Experiment, Grid, Inline, SweepInterrupted, run_sweep
from deeplimits.sweeps.cell import Cell
from deeplimits.sweeps.experiment import resolve
from deeplimits.sweeps.results import Job, Report

NUMBERS = st.one_of(st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False, width=32))
FIELDS = st.dictionaries(
    st.text("abcxyz_", min_size=1, max_size=4), st.one_of(NUMBERS, st.booleans(), st.text(max_size=5)), min_size=1
)


class Ragged(Experiment):
    """Cells with 0 to 2 rows, of columns that not every cell has."""

    name = "ragged"
    columns = ("first",)
    libraries = ("numpy",)

    def grid(self, scale: str) -> Grid:
        return Grid.product({"i": range(12)})

    def run(self, cell: Cell, seed: int) -> Any:
        i = int(cell["i"])  # type: ignore[call-overload]
        for j in range(i % 3):
            yield {
                "z": seed / 7,
                "first": i,
                **({"only_some": j + i / 2} if i % 4 else {}),
                "number": j if i % 2 else j / 2,
            }


class Shuffled(Inline):
    """Report in any order, and be interrupted after some reports."""

    def __init__(self, seed: int, stop_after: int) -> None:
        super().__init__()
        self.random, self.left = random.Random(seed), stop_after
        self.jobs: list[Job] = []

    @property
    def capacity(self) -> int:
        return 5

    def submit(self, job: Job) -> None:
        self.jobs.append(job)

    def wait(self, seconds: float) -> Sequence[Report]:
        if self.left == 0:
            raise KeyboardInterrupt
        self.left -= 1
        super().submit(self.jobs.pop(self.random.randrange(len(self.jobs))))
        return super().wait(seconds)


def whole() -> pl.DataFrame:
    with TemporaryDirectory() as folder:
        return run_sweep(Ragged(), Ragged().grid(""), out=Path(folder) / "run", executor=Inline()).table


@settings(max_examples=12)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.permutations(range(12))), max_size=4),
    st.integers(1, 12),
)
def test_order_interruptions_and_chunks_do_not_show(runs: list[tuple[int, int, list[int]]], chunk: int) -> None:
    import deeplimits.sweeps.loop as loop

    cells_per_chunk = loop.CELLS_PER_CHUNK
    loop.CELLS_PER_CHUNK = chunk
    try:
        with TemporaryDirectory() as folder:
            out = Path(folder) / "run"
            for seed, stop_after, order in runs:
                grid = Grid.product({"i": order[: seed + 3]})
                with contextlib.suppress(SweepInterrupted):
                    run_sweep(Ragged(), grid, out=out, executor=Shuffled(seed, stop_after))
            assert run_sweep(Ragged(), Ragged().grid(""), out=out, executor=Inline()).table.equals(whole())
    finally:
        loop.CELLS_PER_CHUNK = cells_per_chunk


@given(FIELDS, st.randoms(use_true_random=False))
def test_identity_does_not_depend_on_order_or_on_how_a_number_is_written(
    fields: dict[str, Any], chance: random.Random
) -> None:
    names = list(fields)
    chance.shuffle(names)
    rewritten = {n: float(fields[n]) if type(fields[n]) is int else fields[n] for n in names}
    (a,), (b,) = (resolve(Ragged(), Grid.cells([f])) for f in (fields, rewritten))
    assert (a.id, a.key) == (b.id, b.key)


@given(FIELDS, FIELDS)
def test_different_content_is_a_different_cell(one: dict[str, Any], other: dict[str, Any]) -> None:
    def content(fields: dict[str, Any]) -> Any:
        return {n: (isinstance(v, bool), v) for n, v in {"seed": 0, **fields}.items()}

    (a,), (b,) = (resolve(Ragged(), Grid.cells([f])) for f in (one, other))
    assert (a.id == b.id) == (content(one) == content(other))


@given(FIELDS, st.text("abcxyz_", min_size=5, max_size=6), NUMBERS)
def test_a_new_field_at_its_default_keeps_old_identities(fields: dict[str, Any], new: str, default: Any) -> None:
    class Later(Ragged):
        defaults = {new: default}  # noqa: RUF012

    (old,) = resolve(Ragged(), Grid.cells([fields]))
    (added,) = resolve(Later(), Grid.cells([{**fields, new: default}]))
    assert (old.id, old.key) == (added.id, added.key)
