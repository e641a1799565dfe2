"""``deeplimits cite``: the BibTeX of whatever was used."""

from __future__ import annotations


def cite(*names: str) -> None:
    """Print the BibTeX of limits, experiments and references, each entry once.

    Args:
        names: of limits, experiments or references; without one, everything that can be cited is listed.
    """
    from deeplimits import reports

    print(reports.cite(*names) if names else _everything())


def _everything() -> str:
    """Return every name with what stands behind it, then every reference with its authors, year and title."""
    from deeplimits import experiments
    from deeplimits.cli.latex import as_shown
    from deeplimits.cli.layout import labelled
    from deeplimits.limits import CATALOGUE
    from deeplimits.reports.bibliography import citation, keys
    from deeplimits.reports.citing import references_of

    names = sorted({*CATALOGUE, *experiments.names()})
    column = max(map(len, [*names, *keys()])) + 4
    # A limit and an experiment of one name may stand on the same references.
    found = {name: ", ".join(dict.fromkeys(references_of(name))) for name in names}
    lines = ["limits and experiments", *(labelled(name, references, column) for name, references in found.items())]
    return "\n".join([*lines, "", "references", *(labelled(key, as_shown(citation(key)), column) for key in keys())])
