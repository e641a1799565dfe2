"""Holm's step-down test of several hypotheses."""

from __future__ import annotations

from collections.abc import Sequence


def holm_rejections(p_values: Sequence[float], level: float = 0.05) -> list[bool]:
    """Say which hypotheses are rejected so that any false rejection has probability at most ``level``.

    The smallest p-value is compared with level / m, the next with level / (m − 1) and so on until the first that is
    not below; whatever the dependence between the tests.

    >>> holm_rejections([0.04, 0.001, 0.03])
    [False, True, False]

    References: holm1979simple, section 3.
    """
    rejected = [False] * len(p_values)
    for rank, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        if p_values[index] > level / (len(p_values) - rank):
            break
        rejected[index] = True
    return rejected
