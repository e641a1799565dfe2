"""Where and with what a result was made."""

from __future__ import annotations

import importlib.metadata
import platform
from datetime import UTC, datetime
from typing import Any

import jax


def provenance() -> dict[str, Any]:
    """Return versions, platform, device and the present time, JSON-ready."""
    device = jax.devices()[0]
    return {
        "deeplimits": importlib.metadata.version("deeplimits"),
        "jax": jax.__version__,
        "numpy": importlib.metadata.version("numpy"),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "backend": device.platform,
        "device": device.device_kind,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
    }
