"""LaTeX's accents and dashes, as a screen shows them."""

from __future__ import annotations

import re
import unicodedata

_COMBINING = {"'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303"}


def as_shown(text: str) -> str:
    r"""Return ``text`` with its LaTeX accents and dashes as characters.

    >>> as_shown(r"P\'ebay, Erd{\"o}s: Dvoretzky--Kiefer")
    'Pébay, Erdös: Dvoretzky–Kiefer'
    """
    accented = re.sub(
        r"\{?\\(['`^\"~])\{?(\w)\}{0,2}",
        lambda found: unicodedata.normalize("NFC", found[2] + _COMBINING[found[1]]),
        text,
    )
    return accented.replace("---", "—").replace("--", "–")
