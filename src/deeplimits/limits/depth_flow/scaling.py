"""Which branch scales have an infinite-depth limit, and the time of the flow that a network runs through."""

from __future__ import annotations

from deeplimits.architectures import Architecture, BalancedResNet, ResNet

_LARGEST_STEP = 0.5
_SHORT, _LONG = 1.0, 10.0


def flow_time(architecture: ResNet) -> float:
    """Return T = branch_scale² · depth: a block is a step of the flow of length branch_scale².

    >>> round(flow_time(ResNet(width=10, depth=50, skip_scale=1.0, branch_scale=0.1)), 12)
    0.5
    """
    return architecture.branch_scale**2 * architecture.depth


def refusal(architecture: Architecture) -> str | None:
    """Say why ``architecture`` is near no infinite-depth limit, or None if it is.

    A family of networks has one if branch_scale² · depth stays bounded. One network is held to be of such a family if
    skip_scale is 1 or −1, and if its branch scale is stable(t), or all blocks together make a short path, T ≤ 1, or a
    block is a short step, branch_scale² ≤ 1/2, of one that is not long, T ≤ 10.
    """
    if not isinstance(architecture, ResNet):
        return (
            f"without skip connections the kernel of {type(architecture).__name__} has no flow along the depth: use a "
            "ResNet with branch_scale stable(t)"
        )
    if abs(abs(architecture.skip_scale) - 1) > 1e-12:
        return (
            f"with skip_scale {architecture.skip_scale:.4g} each layer changes what comes from the input by a factor "
            "that does not tend to 1, and infinite depth forgets it: the scaling with an infinite-depth limit has "
            "skip_scale 1 and branch_scale sqrt(t/depth), stable(t)"
        )
    if architecture.normalization != "none":
        return (
            "the depth flow and its fluctuations are worked out without normalization; this network has "
            f"{architecture.normalization} normalization; infinite-width covers it"
        )
    step, time = architecture.branch_scale**2, flow_time(architecture)
    if architecture.stable_time is None and time > (_SHORT if step > _LARGEST_STEP else _LONG):
        return (
            f"with branch_scale {architecture.branch_scale:.4g} a block multiplies variances by a factor that does not "
            "tend to 1, so that they have no infinite-depth limit; they have one if branch_scale² · depth stays "
            "bounded: branch_scale sqrt(t/depth), stable(t), makes each block change them by O(1/depth)"
        )
    return None


def parity(architecture: ResNet) -> str:
    """Return what becomes of the odd part of a neuron's activity: kept, alternating (skip_scale −1) or fresh (signs).

    With z_l = (−1)^l y_l a network of skip_scale −1 is one of skip_scale 1 in which φ sees (−1)^l y_l.
    """
    if isinstance(architecture, BalancedResNet):
        return "fresh"
    return "alternating" if architecture.skip_scale < 0 else "kept"
