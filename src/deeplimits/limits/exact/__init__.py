"""Laws that are exact at every width and depth."""

from deeplimits.limits.exact.limit import Exact

__all__ = ["Exact"]
