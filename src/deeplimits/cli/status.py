"""``deeplimits status``: what a store holds, at any moment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter


def status(
    folder: Path,
    /,
    *,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> None:
    """Say what a sweep's store holds, also while it is being written.

    Args:
        folder: a store, or a folder of stores.
        json: print one JSON object instead of the text.
    """
    from deeplimits.sweeps.status import in_words, status, stores_in

    found = [status(store) for store in stores_in(folder)]
    if json:
        import json as json_format

        single = len(found) == 1 and Path(found[0]["folder"]) == folder
        print(json_format.dumps(found[0] if single else {"stores": found}, allow_nan=False))
    else:
        print("\n".join(in_words(one) for one in found))
