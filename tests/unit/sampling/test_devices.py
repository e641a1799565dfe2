"""Blocks spread over the devices of a machine: the same networks, whatever the devices."""

import json
import subprocess
import sys

import pytest

from deeplimits.architectures import ResNet
from deeplimits.sampling import sample
from deeplimits.sampling.devices import devices_of

SCRIPT = """
import json, jax, jax.numpy as jnp
from deeplimits.architectures import ResNet
from deeplimits.sampling import sample

runs = {}
for device in (None, "cpu:1"):
    run = sample(ResNet(width=8, depth=3), num_networks=2500, seed=3, device=device)
    runs[str(device)] = [run[name].mean.value.hex() for name in run]
print(json.dumps({"devices": len(jax.local_devices()), "runs": runs}))
"""


@pytest.fixture(scope="module")
def on_three_devices():
    environment = {"XLA_FLAGS": "--xla_force_host_platform_device_count=3", "PATH": "/usr/bin:/bin"}
    done = subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_sharded_over_three_devices_or_on_one_the_networks_are_the_same(on_three_devices):
    assert on_three_devices["devices"] == 3
    run = sample(ResNet(width=8, depth=3), num_networks=2500, seed=3)
    here = [run[name].mean.value.hex() for name in run]
    assert on_three_devices["runs"] == {"None": here, "cpu:1": here}


def test_other_networks_are_seen_to_be_others(on_three_devices):
    run = sample(ResNet(width=8, depth=3), num_networks=2500, seed=4)
    assert [run[name].mean.value.hex() for name in run] != on_three_devices["runs"]["None"]


@pytest.mark.parametrize("name", ["nonsense", "cpu:7000", "cpu:x"])
def test_a_device_that_is_not_there(name):
    with pytest.raises(ValueError, match=f"there is no device '{name}' on this machine; there is cpu"):
        devices_of(name)
