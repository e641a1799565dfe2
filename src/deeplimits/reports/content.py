"""What a page says of a run, from its store and the experiment's declaration of its figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from deeplimits.reports.drawing import Drawn, draw_all, offered
from deeplimits.reports.tables import Entry, constants, entries, number, shown_columns, write_tables
from deeplimits.sweeps import Experiment, ExperimentFigure, Store
from deeplimits.sweeps.status import status

ROWS_AT_MOST = 2000
STYLES = {True: "expected", False: "surprise", None: "open"}
_WORST_FIRST = (False, None, True)


@dataclass(frozen=True)
class Run:
    """Hold everything that a page shows of one run.

    Args:
        store: where it lies.
        head: the declaration of the sweep.
        found: counts of cells, claims, versions; see ``sweeps.status``.
        figures: drawn, or with the reason why not.
        note: why no figure is offered, or not all of them; empty if that needs no word.
        failed_figures: whether the experiment raised something in place of its figures; the note says what.
        unfound: why the experiment, whose figures are to be shown, cannot be had; empty if it can.
        references: keys of ``references.bib``.
        table: the results with a row of nulls for each missing cell.
        tables: files of the table, relative to the store.
    """

    store: Store
    head: Mapping[str, Any]
    found: Mapping[str, Any]
    figures: tuple[Drawn, ...]
    note: str
    failed_figures: bool
    unfound: str
    references: tuple[str, ...]
    table: pl.DataFrame
    tables: tuple[Path, ...]

    @property
    def name(self) -> str:
        """The experiment's name."""
        return str(self.head["experiment"])

    @property
    def settings(self) -> list[tuple[str, str]]:
        """Scale, seed, version of the experiment: whatever tells this run from another of its experiment."""
        scale = [("scale", self.head["scale"])] if "scale" in self.head else []
        return [*scale, ("seed", str(self.head["seed"])), ("experiment version", str(self.head["version"]))]

    @property
    def command(self) -> str:
        """What was typed for the last run."""
        last = self.found["last_run"] or {}
        return str(last.get("command", "not recorded"))

    @property
    def runs(self) -> list[Mapping[str, Any]]:
        """Every run that wrote to the store."""
        return list(self.store.provenance().get("runs", []))

    @property
    def environments(self) -> Mapping[str, Mapping[str, str]]:
        """Id → library → version."""
        return dict(self.store.provenance().get("environments", {}))

    @property
    def versions(self) -> str:
        """The versions that the last run was made with, in a line."""
        last = self.found["last_run"] or {}
        found = self.environments.get(last.get("environment", ""), {})
        return ", ".join(f"{name} {version}" for name, version in found.items()) or "not recorded"

    @property
    def outcomes(self) -> list[tuple[str, str]]:
        """How many claims came out how, each with the class of its appearance."""
        counts = Counter(
            (_outcome(claim) + _declared(claim), STYLES[claim.get("as_expected")]) for claim in self.found["claims"]
        )
        return [(f"{count} {outcome}", style) for (outcome, style), count in counts.items()]

    @property
    def counts(self) -> list[tuple[str, str]]:
        """How many cells are finished, failed and missing, likewise."""
        cells, finished, failed, missing = (self.found[name] for name in ("cells", "finished", "failed", "missing"))
        parts = [(f"{finished} of {cells} cells finished", "")]
        parts += [(f"{len(failed)} failed", "surprise")] if failed else []
        return parts + ([(f"{missing} missing", "surprise")] if missing else [])

    def claims(self, names: Sequence[str] | None = None) -> list[list[Entry]]:
        """Return the verdict table: of the claims called ``names``, or of all."""
        return [_claim(claim) for claim in self.found["claims"] if names is None or claim["name"] in names]

    def badge(self, names: Sequence[str]) -> Entry | None:
        """Return the worst outcome of the claims called ``names``: a surprise, else an open one; None if no claim."""
        about = [claim for claim in self.found["claims"] if claim["name"] in names]
        if not about:
            return None
        worst = min(about, key=lambda claim: _WORST_FIRST.index(claim.get("as_expected")))
        return Entry(_outcome(worst) + _declared(worst), style=STYLES[worst.get("as_expected")])

    @property
    def constants(self) -> list[tuple[str, str]]:
        """What all rows of the table have in common, and `rows` leaves out."""
        return [(name, number(value)) for name, value in constants(self.table).items()]

    @property
    def columns(self) -> list[str]:
        """The columns of `rows`, the state of the cell first."""
        return ["state", *self._shown]

    @property
    def _shown(self) -> list[str]:
        return shown_columns(self.table, self.store.grid().columns)

    @property
    def rows(self) -> list[list[Entry]]:
        """The first rows of the table of results."""
        finished = set(self.store.finished()["cell"])
        failed = {failure["cell"]: failure["error"] for failure in self.found["failed"]}
        columns = self._shown
        return [
            [_state(row["cell"], finished, failed), *entries(row, columns)]
            for row in self.table.head(ROWS_AT_MOST).to_dicts()
        ]


def read_run(store: Store, experiment: Experiment | None = None, prefix: str = "") -> Run:
    """Read ``store``, draw its figures, and write these and its tables into ``report/`` in it.

    Args:
        store: the run.
        experiment: what offers the figures; by default the one that the store names, of this package or of a file.
        prefix: see `draw_all`.

    Raises:
        ValueError: the store is damaged, or belongs to another experiment.
    """
    head, table = store.description(), store.table(missing=True)
    found = status(store)
    experiment, note, unfound = _offering(head, experiment)
    figures: list[ExperimentFigure] = []
    problem = ""
    if experiment is not None:
        figures, problem = offered(experiment, table)
        note = problem or ("" if figures else "This sweep draws no figures.")
    folder = store.folder / "report"
    folder.mkdir(exist_ok=True)
    return Run(
        store,
        head,
        found,
        tuple(draw_all(store, figures, folder, prefix)),
        note,
        bool(problem),
        unfound,
        _references(found["claims"], experiment),
        table,
        tuple(path.relative_to(store.folder) for path in write_tables(table, folder, "results")),
    )


def _offering(head: Mapping[str, Any], given: Experiment | None) -> tuple[Experiment | None, str, str]:
    """Return the experiment whose figures fit the store, or None and why there is none, or why it cannot be had."""
    from deeplimits.experiments import NetworkSweep

    if given is None and head["experiment"] == NetworkSweep.name:
        return None, "This sweep draws no figures.", ""
    experiment, unfound = (given, "") if given is not None else _named(head)
    if experiment is None:
        return None, f"Figures are drawn by the experiment, which was not found: {unfound}.", unfound
    if experiment.name != head["experiment"]:
        raise ValueError(f"the store holds a sweep of {head['experiment']}, not of {experiment.name}")
    if experiment.version != head["version"]:
        note = (
            f"These are results of version {head['version']} of the experiment; the figures of version "
            f"{experiment.version} would misread them."
        )
        return None, note, ""
    return experiment, "", ""


def _named(head: Mapping[str, Any]) -> tuple[Experiment | None, str]:
    """Return the experiment that a store names, of this package or of the file that it was loaded from, or why not."""
    from deeplimits.experiments import load, names

    file = head.get("loaded_from", "")
    if not file and head["experiment"] not in names():
        return None, "this package has none of this name, and the store names no file"
    try:
        experiment = load(file or head["experiment"])
    except (ValueError, TypeError) as error:
        return None, str(error)
    if experiment.name != head["experiment"]:
        return None, f"{file} holds {experiment.name} now"
    return experiment, ""


def _references(claims: Sequence[Mapping[str, Any]], experiment: Experiment | None) -> tuple[str, ...]:
    """Return the keys that the experiment and the sources of its claims name, each once."""
    from deeplimits.reports.bibliography import keys

    declared = experiment.references if experiment else ()
    sources = (str(claim["source"]).partition(",")[0] for claim in claims)
    return tuple(dict.fromkeys([*declared, *(key for key in sources if key in keys())]))


def _claim(claim: Mapping[str, Any]) -> list[Entry]:
    """Return one row of a verdict table: outcome, claim, expected, distance, tolerance, where, source."""
    distance = claim.get("distance") or {}
    where = "; ".join(part for part in (claim.get("where"), claim.get("reason")) if part)
    return [
        Entry(_outcome(claim), style=STYLES[claim.get("as_expected")]),
        Entry(claim["statement"]),
        Entry(claim["expected"]),
        Entry(_interval(distance), repr(distance["value"]) if distance else "", "number"),
        Entry(number(claim["tolerance"]), repr(claim["tolerance"]), "number"),
        Entry(where),
        Entry(claim["source"]),
    ]


def _outcome(claim: Mapping[str, Any]) -> str:
    return str(claim["outcome"] or "not judged yet")


def _declared(claim: Mapping[str, Any]) -> str:
    """Say that a claim was made to be refuted, and is."""
    return " as declared" if claim["expected"] == "deviates" and claim.get("as_expected") else ""


def _interval(distance: Mapping[str, Any]) -> str:
    if not distance:
        return ""
    return f"{distance['value']:.3g} ({distance['low']:.3g} to {distance['high']:.3g})"


def _state(cell: str, finished: set[str], failed: Mapping[str, str]) -> Entry:
    if cell in finished:
        return Entry("finished")
    return Entry(f"failed: {failed[cell]}", style="failed") if cell in failed else Entry("missing", style="missing")
