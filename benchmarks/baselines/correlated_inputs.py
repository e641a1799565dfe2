"""The data of the sweep over widths, the same for the baseline and for ours."""

import numpy as np


def inputs_and_labels(spec):
    """Correlated Gaussian inputs with labels by a linear teacher, as the benchmark makes them."""
    generator, entries = np.random.default_rng(0), spec["input_dim"]
    scales, teacher = np.sqrt(1 / np.arange(1, entries + 1)), generator.normal(size=entries)
    inputs = generator.normal(size=(spec["train_size"] + spec["test_size"], entries)) * scales
    inputs *= np.sqrt(entries / np.sum(scales**2))
    return inputs, (inputs @ teacher > 0).astype(np.int64)
