"""What a result was computed with, and how that is told from another."""

import sys

import pytest

from deeplimits.sweeps.environment import commit, device, environment_id, machine, versions
from deeplimits.sweeps.provenance import command_line, differences


def test_versions_are_those_installed() -> None:
    import numpy

    found = versions(("numpy", "no-such-package"))
    assert found["numpy"] == numpy.__version__
    assert found["no-such-package"] == "absent"
    assert found["python"] == ".".join(map(str, sys.version_info[:3]))


def test_the_id_tells_libraries_apart_but_not_pythons() -> None:
    found = {"python": "3.11.0", "jax": "0.10.2"}
    assert environment_id(found) == environment_id({**found, "python": "3.12.0"})
    assert environment_id(found) != environment_id({**found, "jax": "0.10.3"})
    assert environment_id(found) != environment_id({**found, "numpy": "2.0"})


def test_differences_in_words() -> None:
    now = {"python": "3.12", "jax": "0.11", "numpy": "2.4"}
    then = {"python": "3.11", "jax": "0.10", "numpy": "2.4"}
    past = {"environments": {"then": then}}
    assert differences(past, "then", now) == "jax 0.10 (now 0.11)"
    assert differences(past, "other", now) == "versions that provenance.json does not name"
    assert differences({}, "then", now) == "versions that provenance.json does not name"


def test_device_and_machine_have_words() -> None:
    assert len(device().split()) >= 2
    assert all(machine().values())


def test_the_commit_is_this_trees_or_none() -> None:
    found = commit()
    assert found is None or len(found.partition(",")[0]) == 40


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (["/x/bin/deeplimits", "status", "a b"], "deeplimits status 'a b'"),
        (["/x/deeplimits/__main__.py", "status"], "deeplimits status"),
        (["mine.py", "3"], "python mine.py 3"),
        ([""], "Python"),
    ],
)
def test_the_command_is_what_was_typed(monkeypatch: pytest.MonkeyPatch, typed: list[str], shown: str) -> None:
    monkeypatch.setattr(sys, "argv", typed)
    assert command_line() == shown
