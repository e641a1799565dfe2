"""Whatever a sweep's TOML file holds, the command answers with one line and leaves nothing behind."""

import tempfile
import tomllib
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import tomli_w
from hypothesis import example, given
from hypothesis import strategies as st

from deeplimits.cli.main import run

GOOD = """num_networks = 100
limits = ["log-gaussian"]

[architecture]
kind = "resnet"
width = [10, 20]
depth = 5
skip_scale = 0.5
"""
SCALARS = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.booleans(),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.dates(),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab"), inner, max_size=2)
)
TOP = (
    "num_networks",
    "seed",
    "matrix",
    "observables",
    "limits",
    "tolerance",
    "x",
    "input",
    "architecture",
    "cells",
    "nonsense",
)
FIELDS = (
    "kind",
    "width",
    "depth",
    "input_dim",
    "weight_variance",
    "activation",
    "skip_scale",
    "branch_scale",
    "nonsense",
)


def answer(content: bytes) -> tuple[int, str]:
    """Run ``deeplimits sweep`` on a file with this content in a folder of its own, and check what it leaves."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sweep.toml").write_bytes(content)
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = run(["sweep", str(folder / "sweep.toml"), "--out", str(folder / "run"), "--workers", "0", "--quiet"])
        if code == 2:
            assert [path.name for path in folder.iterdir()] == ["sweep.toml"]
            assert out.getvalue() == ""
            assert len(err.getvalue().splitlines()) == 1
            assert err.getvalue().startswith(f"deeplimits: {folder}/sweep.toml: ")
        return code, err.getvalue().partition("sweep.toml: ")[2]


def toml(document: dict[str, Any]) -> bytes:
    return tomli_w.dumps(document).encode()


@given(st.integers(0, len(GOOD) - 1), st.text(st.characters(codec="utf-8"), max_size=3), st.integers(0, 8))
@example(GOOD.index("= 5"), "=", 0)
def test_damaged_text(position: int, inserted: str, deleted: int) -> None:
    content = (GOOD[:position] + inserted + GOOD[position + deleted :]).encode()
    try:
        tomllib.loads(content.decode())
    except tomllib.TOMLDecodeError:
        code, message = answer(content)
        assert code == 2
        assert "at line " in message or "at end of document" in message
    else:
        # Still TOML: what its values mean is the next test's.
        assert tomllib.loads(GOOD)


@given(st.sampled_from(TOP), VALUES)
@example("architecture", {"kind": []})
@example("cells", [{"width": []}])
@example("x", [[]])
def test_a_wrong_value_at_the_top_is_named(key: str, value: Any) -> None:
    document = {**tomllib.loads(GOOD), key: value}
    if key in ("num_networks", "cells", "observables", "seed", "x", "limits", "tolerance") and _may_be_right(
        key, value
    ):
        return
    code, message = answer(toml(document))
    assert code == 2
    assert message.startswith((key, "architecture."))


@given(st.sampled_from(FIELDS), VALUES)
@example("width", [1, [2]])
@example("activation", "leaky-relu:")
def test_a_wrong_field_is_named_by_its_path(field: str, value: Any) -> None:
    document = tomllib.loads(GOOD)
    document["architecture"][field] = value
    if _is_right(field, value):
        return
    code, message = answer(toml(document))
    assert code == 2
    assert message.startswith(f"architecture.{field}")


def _may_be_right(key: str, value: Any) -> bool:
    """Whether ``value`` may be a valid one, which would start a sweep and is none of this test's."""
    values = value if isinstance(value, list) and value else [value]
    if key in ("num_networks", "tolerance", "x"):
        return all(type(v) in (int, float) for v in values)
    if key == "seed":
        return all(type(v) is int and v >= 0 for v in values)
    return value == []


def _is_right(field: str, value: Any) -> bool:
    values = value if isinstance(value, list) and value else [value]
    if field in ("width", "depth", "input_dim"):
        return all(type(v) is int and v >= 1 for v in values)
    if field in ("weight_variance", "skip_scale", "branch_scale"):
        return any(type(v) in (int, float) for v in values)
    return False
