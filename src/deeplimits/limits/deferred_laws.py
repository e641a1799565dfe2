"""Laws that are worked out when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from deeplimits.limits.laws import AnyLaw


class DeferredLaws(Mapping[str, tuple[AnyLaw, ...]]):
    """Map observables to their laws, some of which are not computed until they are needed.

    Most predictions are made for the law of the output; what happens at each layer would multiply their cost.

    Args:
        ready: laws that are known.
        deferred: functions that return laws.

    >>> from deeplimits.limits.laws import PointMass
    >>> laws = DeferredLaws({}, {"correlation": lambda: (PointMass(1.0),)})
    >>> list(laws), laws["correlation"]
    (['correlation'], (PointMass(value=1.0),))
    """

    def __init__(
        self,
        ready: Mapping[str, tuple[AnyLaw, ...]],
        deferred: Mapping[str, Callable[[], tuple[AnyLaw, ...]]],
    ) -> None:
        self._ready = dict(ready)
        self._deferred = dict(deferred)
        self._names = (*ready, *deferred)

    def __getitem__(self, observable: str) -> tuple[AnyLaw, ...]:
        """Return the laws of ``observable``, one per input vector or the one that joins them."""
        if observable not in self._ready:
            self._ready[observable] = self._deferred[observable]()
        return self._ready[observable]

    def __contains__(self, observable: object) -> bool:
        """Whether ``observable`` is predicted; nothing is computed to tell."""
        return observable in self._names

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the predicted observables."""
        return iter(self._names)

    def __len__(self) -> int:
        """Count the predicted observables."""
        return len(self._names)
