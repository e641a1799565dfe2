"""When training ends."""

from __future__ import annotations

import math
from collections.abc import Sequence

from deeplimits.training.deep_resnet.setup import DeepSetup

PROGRESS = 0.99  # an epoch whose loss is below this share of the best one makes progress


def reason_to_stop(losses: Sequence[float], setup: DeepSetup) -> str | None:
    """Return why training ends now: converged, stalled, epochs or diverged; None if it goes on.

    Args:
        losses: mean training loss of each epoch so far, at least one.
        setup: with the rules.

    >>> reason_to_stop([0.1, 0.0005], DeepSetup(epsilon=1e-3))
    'converged'
    """
    if not math.isfinite(losses[-1]):
        return "diverged"
    if losses[-1] < setup.epsilon:
        return "converged"
    best, without_progress = math.inf, 0
    for loss in losses:
        if loss < PROGRESS * best:
            best, without_progress = loss, 0
        else:
            without_progress += 1
    if without_progress >= setup.patience:
        return "stalled"
    return "epochs" if len(losses) >= setup.epochs else None
