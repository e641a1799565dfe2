"""Second and fourth moments of an output coordinate against independent Monte Carlo columns.

Provenance: 10⁶ float32 networks of width 100, equal scales; z is a coordinate of a linear readout of q = ‖z_depth‖²/n,
κ' = E q²/(E q)² a third of the kurtosis. The MLP with d square matrices is a residual network without skip connection.
Checked: all 12 numbers, three of them every day and the others by `slow`.
"""

import math

import pytest

from deeplimits.architectures import BalancedResNet, ResNet
from deeplimits.sampling import sample

# observable → depth → (value, standard error)
VANILLA = {
    "log_output_second_moment": {10: (1.0493, 0.0006), 20: (1.12811, 0.00139), 50: (1.393, 0.004)},
    "output_kurtosis": {5: (1.2194, 0.0011), 10: (1.548, 0.003), 20: (2.542, 0.015)},
    "output_square_correlation": {5: (0.0825, 0.0001), 10: (0.1504, 0.0002), 20: (0.2326, 0.0005)},
}
BALANCED = {"output_kurtosis": {20: (1.5955, 0.0037)}, "log_output_second_moment": {20: (1.0, 0.0)}}
PERCEPTRON = {"output_kurtosis": {10: (1.6607, 0.0038)}}


def rows(kind, table, depth, networks, seed, **scales):
    """Yield what the table says at ``depth``; many outputs, as each adds to what is known of q."""
    network = kind(width=100, depth=depth, input_dim=1, output_dim=100, **scales)
    columns = {name: column[depth] for name, column in table.items() if depth in column}
    run = sample(network, [1.0], num_networks=networks, observables=list(columns), seed=seed)
    for name, (expected, error) in columns.items():
        ours = run[name].mean
        value, own_error = ours.value, ours.standard_error
        if name == "log_output_second_moment":
            value, own_error = math.exp(value), math.exp(value) * own_error
        elif name == "output_kurtosis":
            value, own_error = value / 3, own_error / 3
        yield f"{network.kind}, depth {depth}, {name}", value, own_error, expected, error


def all_rows(networks, seed):
    for depth in (5, 10, 20, 50):
        yield from rows(ResNet, VANILLA, depth, networks, seed)
    yield from rows(BalancedResNet, BALANCED, 20, networks, seed)
    yield from rows(ResNet, PERCEPTRON, 10, networks, seed, skip_scale=0.0, branch_scale=1.0)


def test_some_rows(agree):
    agree(lambda seed: rows(ResNet, VANILLA, 10, 100_000, seed))


@pytest.mark.slow
def test_every_row_with_many_networks(agree):
    agree(lambda seed: all_rows(600_000, seed))
