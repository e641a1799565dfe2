"""The public face of the limits: names, refusals as errors, and references that exist."""

import re
import subprocess
import sys
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

import deeplimits.limits
from deeplimits.architectures import MLP, ResNet
from deeplimits.limits import CATALOGUE, Prediction, Refusal, RefusedError, for_architecture, predict

SOURCE = Path(deeplimits.limits.__file__).parents[1]
BIBLIOGRAPHY = resources.files("deeplimits").joinpath("references.bib").read_text(encoding="utf-8")
KEYS = re.findall(r"^@\w+\{([^,]+),$", BIBLIOGRAPHY, flags=re.MULTILINE)


def test_names():
    assert list(CATALOGUE) == ["infinite-width", "log-gaussian", "depth-flow", "exact"]
    assert all(limit.name == name for name, limit in CATALOGUE.items())


def test_an_unknown_limit_suggests_the_nearest():
    with pytest.raises(ValueError, match="did you mean 'log-gaussian'"):
        predict(MLP(width=3, depth=2), limit="log-gausian")


def test_a_refusal_is_an_error_in_predict_and_an_answer_in_the_list():
    net = ResNet(width=10, depth=3)
    with pytest.raises(RefusedError, match="exact makes no statement: with both a skip connection"):
        predict(net, limit="exact")
    answers = for_architecture(net)
    assert [type(answer) for answer in answers] == [Prediction, Prediction, Refusal, Refusal]
    assert [answer.limit for answer in answers] == list(CATALOGUE)


@pytest.mark.parametrize("call", [lambda x: predict(x, limit="exact"), for_architecture])
def test_what_is_not_an_architecture_is_a_value_error(call):
    function = getattr(call, "__wrapped__", call)
    with pytest.raises((ValueError, TypeError), match="architecture"):
        function("resnet")


def test_inputs_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="input_dim=10"):
        predict(MLP(width=3, depth=2), np.ones(4), limit="exact")


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_limit_explains_itself(name):
    limit = CATALOGUE[name]
    for text in (limit.claim, limit.regime, limit.accuracy):
        assert len(text) > 60 and text.endswith(".")
    assert limit.references and set(limit.references) <= set(KEYS)


def test_every_key_in_a_docstring_is_in_the_bibliography():
    cited = set()
    for file in SOURCE.rglob("*.py"):
        for match in re.finditer(r"References: ((?:[^\n.]|\.(?!\s))*)", file.read_text(encoding="utf-8")):
            cited |= set(re.findall(r"(?:^|; )([a-z]+\d{4}[a-z]*)", match.group(1)))
    assert {"li2021future", "cho2009kernel", "davies1973numerical"} <= cited
    assert cited <= set(KEYS), f"not in references.bib: {sorted(cited - set(KEYS))}"


def test_bibliography_entries_are_whole_and_in_order():
    assert sorted(KEYS) == KEYS and len(set(KEYS)) == len(KEYS)
    for entry in re.findall(r"^@\w+\{.*?^\}", BIBLIOGRAPHY, flags=re.MULTILINE | re.DOTALL):
        for field in ("author", "title", "year"):
            assert re.search(rf"^  {field}\s*= \{{.+\}},$", entry, flags=re.MULTILINE), entry


def test_importing_the_limits_imports_nothing_heavy():
    code = (
        "import sys, deeplimits.limits\n"
        "heavy = {'jax', 'scipy.stats', 'scipy.special', 'matplotlib', 'rich'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
