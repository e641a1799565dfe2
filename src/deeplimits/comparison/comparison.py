"""What a comparison found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from deeplimits.comparison.ranking import Ranking
from deeplimits.comparison.row import Row
from deeplimits.limits.prediction import Prediction, Refusal
from deeplimits.sampling import Samples


@dataclass(frozen=True, eq=False)
class Comparison:
    """Hold every row of a comparison, its rankings and the limits that refused.

    ``print(comparison)`` is a table, a notebook shows it in HTML, and `to_dict` is its JSON.

    Args:
        samples: what was measured.
        answers: what each limit said, in the order given.
        tolerance: the largest distance that is within.
        rows: one for each limit, measured observable and input vector.
        rankings: observable → one ranking per input vector, None where no limit predicts it.
    """

    samples: Samples
    answers: tuple[Prediction | Refusal, ...]
    tolerance: float
    rows: tuple[Row, ...] = field(repr=False)
    rankings: Mapping[str, tuple[Ranking | None, ...]] = field(repr=False)

    def rows_for(self, *, limit: str | None = None, observable: str | None = None) -> tuple[Row, ...]:
        """Return the rows of a limit, of an observable, or of both."""
        return tuple(row for row in self.rows if limit in (None, row.limit) and observable in (None, row.observable))

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object: numbers are finite, what is absent is None with a ``reason`` beside it."""
        from deeplimits.comparison.document import document

        return document(self)

    def __repr__(self) -> str:
        """Show the verdicts, one line each limit."""
        limits = {row.limit: [r.verdict for r in self.rows if r.limit == row.limit] for row in self.rows}
        counts = [
            f"{limit}: {', '.join(f'{found.count(v)} {v}' for v in ('within', 'outside', 'undecided') if v in found)}"
            for limit, found in limits.items()
        ]
        return "\n  ".join([f"Comparison({len(self.rows)} rows, tolerance {self.tolerance:g})", *counts])

    def __str__(self) -> str:
        """Return a plain-text table of at most 100 columns."""
        from deeplimits.comparison.text import as_text

        return as_text(self)

    def _repr_html_(self) -> str:
        """Return a table for a notebook."""
        from deeplimits.comparison.html import as_html

        return as_html(self)
