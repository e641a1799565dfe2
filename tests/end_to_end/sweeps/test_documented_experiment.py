"""The experiment in ``docs/extending.md`` works as it stands there."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deeplimits.sweeps import Store

ROOT = Path(__file__).parents[3]


def test_the_experiment_of_the_docs(command: Callable[..., Any], tmp_path: Path) -> None:
    page = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (tmp_path / "narrow.py").write_text(code)
    assert len(code[code.index("RULE") :].strip().splitlines()) <= 30
    outcome = command("reproduce", f"{tmp_path}/narrow.py:Narrow", "--out", str(tmp_path / "run"), "--workers", "1")
    assert outcome.code == 0, outcome.err
    assert "reproduced: wide" in outcome.out
    assert "deviates (as declared): narrow" in outcome.out
    assert Store.open(tmp_path / "run").table()["width"].to_list() == [4, 128]
    named = set(re.findall(r"^\| `([a-z.-]+?)(?:/.*)?` \|", page, re.MULTILINE))
    assert {path.name for path in (tmp_path / "run").iterdir()} <= named | {"failed", "set-aside"}
