"""What to cite for whatever was used."""

from __future__ import annotations

from typing import Any

from deeplimits.reports.bibliography import bibtex, keys
from deeplimits.validation import unknown_name


def cite(*used: Any) -> str:
    """Return the BibTeX of whatever was used, each entry once, in the order of first mention.

    Args:
        used: names of limits or experiments, keys of ``references.bib``, and predictions, refusals, comparisons, limits
            or experiments themselves.

    Raises:
        ValueError: nothing is given, or a name is unknown.
        TypeError: something has no references.

    >>> import deeplimits as dl
    >>> print(dl.cite(dl.predict(dl.MLP(width=8, depth=4), limit="infinite-width")).splitlines()[0])
    @book{neal1996bayesian,
    """
    if not used:
        raise ValueError("nothing to cite: give the name of a limit, an experiment or a reference")
    return "\n\n".join(bibtex(key) for key in dict.fromkeys(key for thing in used for key in references_of(thing)))


def references_of(used: Any) -> tuple[str, ...]:
    """Return the keys of ``references.bib`` that stand behind one name or object; see `cite`.

    Raises:
        ValueError: the name is unknown.
        TypeError: the object has no references.
    """
    if isinstance(used, str):
        return _references_of_name(used)
    answers = getattr(used, "answers", None)  # a comparison, with everything that it compared
    if answers is not None:
        return tuple(key for answer in answers for key in answer.references)
    references = getattr(used, "references", None)
    if not isinstance(references, tuple):
        raise TypeError(f"{type(used).__name__} has no references; give a name, a prediction, a comparison or a limit")
    return references


def _references_of_name(name: str) -> tuple[str, ...]:
    """Return the references of everything called ``name``: a limit and an experiment may share theirs."""
    from deeplimits.experiments import load, names
    from deeplimits.limits import CATALOGUE

    found: tuple[str, ...] = (name,) if name in keys() else ()
    found += CATALOGUE[name].references if name in CATALOGUE else ()
    found += load(name).references if name in names() else ()
    if not found:
        raise unknown_name("name", name, {*CATALOGUE, *names(), *keys()})
    return found
