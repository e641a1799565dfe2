"""``deeplimits predict``: what each limit says of a network."""

from __future__ import annotations

from deeplimits.architectures import Architecture
from deeplimits.datasets import Inputs


def predict(architecture: Architecture, inputs: Inputs, *, limit: list[str] | None = None, json: bool = False) -> None:
    """Predict what each limit says of a network.

    Args:
        architecture: the network.
        inputs: its input vectors.
        limit: ask these limits only (see deeplimits limits).
        json: print one JSON object instead of the text.
    """
    from deeplimits.cli.limit_names import asked_of
    from deeplimits.cli.prediction_text import as_json, as_text

    answers = asked_of(architecture, inputs, limit)
    if json:
        import json as json_format

        print(json_format.dumps(as_json(architecture, inputs, answers), allow_nan=False))
    else:
        print(as_text(architecture, answers))
