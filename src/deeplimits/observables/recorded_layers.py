"""Which layers a layered observable is kept for: theory and simulation must agree on them."""

from __future__ import annotations

MAX_LAYERS = 64


def layer_stride(num_blocks: int, max_layers: int = MAX_LAYERS) -> int:
    """Return the distance of recorded layers: 1 if all of z_0 … z_num_blocks fit into ``max_layers``."""
    # Both ends count, and where the stride does not divide the depth the last layer is one more.
    return 1 if num_blocks < max_layers else -(-num_blocks // max(1, max_layers - 2))


def recorded_layers(num_blocks: int, max_layers: int = MAX_LAYERS) -> tuple[int, ...]:
    """Return which of the preactivation vectors z_0 … z_num_blocks are recorded: at most ``max_layers``, evenly spaced.

    >>> recorded_layers(4)
    (0, 1, 2, 3, 4)
    >>> recorded_layers(11, max_layers=5)
    (0, 4, 8, 11)
    """
    stride = layer_stride(num_blocks, max_layers)
    layers = range(0, num_blocks + 1, stride)
    return tuple(layers) if num_blocks % stride == 0 else (*layers, num_blocks)
