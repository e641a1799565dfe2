"""The identity of a computation: a stable 64-bit hash of its canonical content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def stable_hash(content: Mapping[str, Any]) -> int:
    """Return a 64-bit hash of JSON-ready ``content`` that is the same in every process and on every machine.

    The order of keys does not matter. Leave out what is at its default, so that fields added later keep old hashes.

    >>> stable_hash({"width": 100, "kind": "mlp"}) == stable_hash({"kind": "mlp", "width": 100})
    True
    """
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
