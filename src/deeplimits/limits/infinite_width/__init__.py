"""The infinite-width limit."""

from deeplimits.limits.infinite_width.limit import InfiniteWidth

__all__ = ["InfiniteWidth"]
