"""Which limits a command line asks for, and what they answer."""

from __future__ import annotations

from collections.abc import Sequence

from deeplimits.architectures import Architecture
from deeplimits.datasets import Inputs
from deeplimits.limits import CATALOGUE, Prediction, Refusal, RefusedError, for_architecture
from deeplimits.validation import unknown_name


def asked_of(architecture: Architecture, inputs: Inputs, names: Sequence[str] | None) -> list[Prediction | Refusal]:
    """Return the answer of each limit in ``names``, or of every limit if none is named.

    Raises:
        ValueError: a name is unknown, or limits are named and every one of them refuses.
    """
    for name in names or ():
        if name not in CATALOGUE:
            raise unknown_name("limit", name, CATALOGUE)
    answers = [answer for answer in for_architecture(architecture, inputs) if not names or answer.limit in names]
    refusals = [answer for answer in answers if isinstance(answer, Refusal)]
    if names and len(refusals) == len(answers):
        raise RefusedError("; ".join(f"{refusal.limit} makes no statement: {refusal.reason}" for refusal in refusals))
    return answers
