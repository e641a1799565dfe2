"""Words on figures: the claim that a comparison supports, and the settings it was made with."""

from __future__ import annotations

from collections.abc import Sequence

from deeplimits import observables
from deeplimits.comparison import Comparison, Verdict
from deeplimits.figures.style import limit_style
from deeplimits.sampling import Samples


def claim(comparison: Comparison, observable: str) -> str:
    """Return what the verdicts on ``observable`` say, as a sentence; each limit is judged by its worst input vector."""
    symbol = observables.get(observable).symbol
    groups: dict[Verdict, list[str]] = {"within": [], "undecided": [], "outside": []}
    severity = list(groups)
    for answer in comparison.answers:
        rows = comparison.rows_for(limit=answer.limit, observable=observable)
        if rows:
            groups[max((row.verdict for row in rows), key=severity.index)].append(limit_style(answer.limit).label)
    fit, may, fail = groups.values()
    parts = [f"{_listed(fit)} {'fit' if len(fit) > 1 else 'fits'}"] if fit else []
    parts += [f"{_listed(may)} may fit"] if may else []
    parts += [f"{_listed(fail)} {'do' if len(fail) > 1 else 'does'} not{'' if parts else ' fit'}"] if fail else []
    return f"{symbol}: {', '.join(parts) or 'no limit makes a statement'}"


def settings(samples: Samples) -> str:
    """Return the settings of a run in one line: what is not at its default, the networks and the seed."""
    architecture = samples.architecture
    fields = {name: value for name, value in architecture.canonical().items() if name != "kind"}
    shown = [f"{name.replace('_', ' ')} {_short(value)}" for name, value in fields.items()]
    return ", ".join([architecture.kind, *shown, f"{samples.num_networks:,} networks", f"seed {samples.seed}"])


def _listed(labels: Sequence[str]) -> str:
    return " and ".join([", ".join(labels[:-1]), labels[-1]] if len(labels) > 1 else labels)


def _short(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
