"""``deeplimits limits``: what each limit claims, where it holds, how accurate it is, and who proved it."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter


def limits(name: Annotated[str | None, Parameter(help="show this limit in full, with BibTeX.")] = None, /) -> None:
    """List every limit: its claim, regime, accuracy and reference."""
    from deeplimits.limits import CATALOGUE
    from deeplimits.reports.bibliography import bibtex
    from deeplimits.validation import unknown_name

    if name is None:
        print("\n\n".join(_about(known) for known in CATALOGUE))
    elif name in CATALOGUE:
        print("\n\n".join([_about(name), *map(bibtex, CATALOGUE[name].references)]))
    else:
        raise unknown_name("limit", name, CATALOGUE)


def _about(name: str) -> str:
    """Return one limit's claim, regime, accuracy and references."""
    from deeplimits.cli.latex import as_shown
    from deeplimits.cli.layout import labelled
    from deeplimits.limits import CATALOGUE
    from deeplimits.reports.bibliography import citation

    limit = CATALOGUE[name]
    lines = [labelled("claim", limit.claim), labelled("regime", limit.regime), labelled("accuracy", limit.accuracy)]
    return "\n".join([name, *lines, *(labelled("reference", as_shown(citation(key))) for key in limit.references)])
