"""Which limit a kernel is asked in, and whether the network has it."""

from __future__ import annotations

from deeplimits.architectures import Architecture, ResNet
from deeplimits.kernels.gram.depth_flow import FLOW_TOLERANCE, flow
from deeplimits.kernels.gram.recursion import Steps
from deeplimits.validation import one_of

LIMITS = ("infinite-width", "infinite-depth")


def steps_of(architecture: Architecture, limit: str, tolerance: float = FLOW_TOLERANCE) -> Steps | None:
    """Return the flow at infinite depth, or None for the network's own depth.

    Raises:
        ValueError: the limit is unknown, or the network has none as its depth grows.
    """
    if one_of("limit", limit, LIMITS) == "infinite-width":
        return None
    if not isinstance(architecture, ResNet):
        raise ValueError(
            f"limit='infinite-depth' is of residual networks, got {type(architecture).__name__}: without skip "
            "connections of weight 1 the kernel forgets its inputs or explodes as the depth grows; use "
            "limit='infinite-width', or ResNet(..., branch_scale=stable(t))"
        )
    if architecture.stable_time is None:
        raise ValueError(_no_limit(architecture))
    return flow(architecture.stable_time, tolerance)


def _no_limit(architecture: ResNet) -> str:
    time, skip = architecture.depth * architecture.branch_scale**2, architecture.skip_scale
    return (
        f"branch_scale={float(architecture.branch_scale):.6g} with skip_scale={skip:.6g} has no limit as the depth "
        "grows: each block changes the kernel by a fixed share, so that it explodes, dies out or makes all inputs "
        "alike. branch_scale=stable(t), which is sqrt(t/depth) with skip_scale 1, has one: the branches together keep "
        "a variance of order t"
        + (f"; at this depth, stable({time:.6g}) is this network" if abs(skip) == 1 and time > 0 else "")
    )
