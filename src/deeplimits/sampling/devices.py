"""Which devices of this machine draw networks."""

from __future__ import annotations

import os

import jax

# The cores that this process may use.
NUM_THREADS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def devices_of(name: str | None) -> tuple[jax.Device, ...]:
    """Return the devices called ``name``: all of a platform (``cpu``, ``gpu``, ``tpu``), or one of them (``gpu:0``).

    A processor that is a single device is returned once for each core: a program of ours keeps one core busy.

    Args:
        name: None for the platform that JAX prefers here.

    Raises:
        ValueError: there is no such device here.

    >>> {device.platform for device in devices_of("cpu:0")}
    {'cpu'}
    """
    if name is None:
        return _filled(tuple(jax.local_devices()))
    platform, _, index = name.partition(":")
    try:
        devices = tuple(jax.local_devices(backend=platform))
    except RuntimeError:
        here = ", ".join(sorted({device.platform for device in jax.local_devices()} | {"cpu"}))
        raise ValueError(f"there is no device {name!r} on this machine; there is {here}") from None
    if not index:
        return _filled(devices)
    if not index.isdecimal() or int(index) >= len(devices):
        names = ", ".join(f"{platform}:{i}" for i in range(len(devices)))
        raise ValueError(f"there is no device {name!r} on this machine; there is {names}")
    return _filled((devices[int(index)],))


def _filled(devices: tuple[jax.Device, ...]) -> tuple[jax.Device, ...]:
    is_processor = len(devices) == 1 and devices[0].platform == "cpu"
    return devices * NUM_THREADS if is_processor else devices
