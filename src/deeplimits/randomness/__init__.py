"""Where random numbers come from: identities of computations, and the keys made from them."""

from deeplimits.randomness.identity import stable_hash

__all__ = ["stable_hash"]
