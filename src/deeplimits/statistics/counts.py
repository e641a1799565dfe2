"""How many networks a statistic needs before its standard error can be told."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

# A standard error is a moment of twice the statistic's order; with fewer values it says nothing of itself.
MINIMUM_COUNT = MappingProxyType({"mean": 2, "variance": 4, "skewness": 6, "excess_kurtosis": 8})


def require_count(num_networks: int, statistics: Iterable[str] = ("mean", "variance"), *, num_dead: int = 0) -> None:
    """Check that ``num_networks`` networks, ``num_dead`` of them dead, suffice for ``statistics``.

    Args:
        num_networks: networks sampled, or to be sampled.
        statistics: names among ``mean``, ``variance``, ``skewness``, ``excess_kurtosis``.
        num_dead: networks that do not count, as far as known.

    Raises:
        ValueError: too few networks are left for one of the statistics.

    >>> require_count(4)
    >>> require_count(3)
    Traceback (most recent call last):
    ...
    ValueError: the standard error of the variance needs at least 4 networks, got 3; sample more networks
    """
    statistic = max(statistics, key=MINIMUM_COUNT.__getitem__)
    needed, alive = MINIMUM_COUNT[statistic], num_networks - num_dead
    if alive < needed:
        dead = f" that are not dead, got {alive} of {num_networks}" if num_dead else f", got {alive}"
        name = statistic.replace("_", " ")
        raise ValueError(
            f"the standard error of the {name} needs at least {needed} networks{dead}; sample more networks"
        )
