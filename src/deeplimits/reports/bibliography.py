"""The package's references: BibTeX entries by key, and how a person would cite them."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources


def keys() -> tuple[str, ...]:
    """Return the keys of all entries, in alphabetical order."""
    return tuple(sorted(re.findall(r"^@\w+\{([^,\s]+),", _text(), flags=re.MULTILINE)))


def bibtex(key: str) -> str:
    """Return the BibTeX entry of ``key``, as it stands in ``references.bib``.

    Raises:
        KeyError: there is no such entry.
    """
    entry = re.search(rf"^@\w+\{{{re.escape(key)},.*?^\}}", _text(), flags=re.MULTILINE | re.DOTALL)
    if entry is None:
        raise KeyError(key)
    return entry.group()


def citation(key: str) -> str:
    """Return authors, year, title and arXiv number or DOI, in one line."""
    entry = bibtex(key)
    authors = [_surname(author) for author in _field(entry, "author").split(" and ")]
    names = ", ".join(authors[:-1]) + (" and " if len(authors) > 1 else "") + authors[-1]
    where = f"arXiv {_field(entry, 'eprint')}" if _field(entry, "eprint") else _field(entry, "doi")
    return ", ".join(part for part in (f"{names} {_field(entry, 'year')}: {_field(entry, 'title')}", where) if part)


def link(key: str) -> str:
    """Return the address of the publication, by its DOI or arXiv number; empty if it has neither."""
    entry = bibtex(key)
    if doi := _field(entry, "doi"):
        return f"https://doi.org/{doi}"
    return f"https://arxiv.org/abs/{eprint}" if (eprint := _field(entry, "eprint")) else ""


@cache
def _text() -> str:
    # This package is a folder below the one that holds the file; naming the root here would import it.
    return resources.files(__package__).joinpath("..", "references.bib").read_text(encoding="utf-8")


def _field(entry: str, name: str) -> str:
    """Return a field's value without its braces, or an empty string."""
    found = re.search(rf"^\s*{name}\s*=\s*[{{\"](.*?)[}}\"],?\s*$", entry, flags=re.MULTILINE | re.DOTALL)
    return " ".join(re.sub(r"[{}]", "", found.group(1)).split()) if found else ""


def _surname(author: str) -> str:
    return author.split(",")[0] if "," in author else author.split()[-1]
