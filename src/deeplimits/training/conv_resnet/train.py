"""Train one convolutional network from random initial kernels and take the norms of what it has learned."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np

from deeplimits.datasets import LabelledImages
from deeplimits.randomness import stable_hash
from deeplimits.statistics import finite_or_none
from deeplimits.training.conv_resnet.network import ConvResNet
from deeplimits.training.conv_resnet.result import ConvRun
from deeplimits.training.conv_resnet.setup import ConvSetup
from deeplimits.weights import LayerNorms


def train_conv_resnet(
    network: ConvResNet,
    data: LabelledImages,
    setup: ConvSetup | None = None,
    *,
    number: int = 0,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> ConvRun:
    """Train a network for all epochs of its setup, or until its loss is no finite number.

    Args:
        network: the network; its input channels and classes are those of the data.
        data: images to train and to test on.
        setup: by default the paper's, with its 200 epochs.
        number: of the network among those of one seed: others start from other numbers and see other orders.
        seed: of the random numbers. Networks of one shape start from the same ones whatever their setup.
        progress: called with the number of epochs done and that of all.

    Raises:
        ValueError: network, data and setup do not fit together.

    Note: on whatever device JAX has, in single precision, of products and convolutions in the precision that is JAX's
    default there; the norms in double precision on the host. All images stay on the device; between epochs the order
    goes there and the mean loss comes back. Memory for the gradient is that of all hidden states of one batch.
    Compilation does not depend on depth, but each depth is compiled anew.

    >>> from deeplimits.datasets import load_images
    >>> data = load_images("digits", train_size=64, test_size=32)
    >>> network = ConvResNet(stages=(2,), channels=(2,), input_channels=1)
    >>> run = train_conv_resnet(network, data, ConvSetup(epochs=1, batch=32, padding=1, flip=False))
    >>> run.stopped, run.norms["first"].depth
    ('epochs', 2)

    References: cohen2021scaling.
    """
    settings = ConvSetup() if setup is None else setup
    require_fit(network, data, settings)
    import jax
    import jax.numpy as jnp

    from deeplimits.training.conv_resnet.epoch import Program, Samples, evaluate, train_epoch
    from deeplimits.training.conv_resnet.norms import block_norms
    from deeplimits.training.conv_resnet.order import random_order
    from deeplimits.training.conv_resnet.parameters import initial_parameters, kernels

    begin = time.perf_counter()
    generator = _generator(network, number, seed)
    program = Program(network.strides, settings.padding, settings.flip, settings.momentum, settings.weight_decay)
    parameters = initial_parameters(network, generator)
    state = parameters, program.direction.init(parameters)
    samples, tested = (
        Samples(jnp.asarray(images), jnp.asarray(labels, jnp.int32))
        for images, labels in ((data.train_images, data.train_labels), (data.test_images, data.test_labels))
    )
    black = jnp.asarray(data.black, jnp.float32)
    losses: list[float] = []
    for epoch in range(settings.epochs):
        order = random_order(generator, data.train_size, settings.batch)
        key = jax.random.key(int(generator.integers(2**31)))
        state, loss = train_epoch(program, state, samples, black, order, key, jnp.float32(settings.rate(epoch)))
        losses.append(float(loss))
        if progress is not None:
            progress(epoch + 1, settings.epochs)
        if not math.isfinite(losses[-1]):
            break
    parameters = state[0]
    # The last step may leave the range of numbers after the last loss was taken.
    fine = math.isfinite(losses[-1]) and all(bool(jnp.isfinite(part).all()) for part in jax.tree.leaves(parameters))
    measured: list[float | None] = [None] * 4
    if fine:
        found = [evaluate(program.strides, parameters, some, settings.batch) for some in (samples, tested)]
        measured = [finite_or_none(value) for pair in found for value in pair]
    height, width, _ = data.shape
    return ConvRun(
        network=network,
        stopped="epochs" if fine else "diverged",
        epoch_losses=np.array(losses),
        train_loss=measured[0],
        train_accuracy=measured[1],
        test_loss=measured[2],
        test_accuracy=measured[3],
        norms=block_norms(network, *kernels(parameters), (height, width)) if fine else {},
        wall_seconds=time.perf_counter() - begin,
    )


def initial_norms(
    network: ConvResNet, resolution: tuple[int, int], *, number: int = 0, seed: int = 0
) -> dict[str, LayerNorms]:
    """Return the norms over blocks of the kernels that `train_conv_resnet` starts from, of A and of Δ.

    Args:
        network: the network.
        resolution: height and width of an image.
        number: of the network, as there.
        seed: as there.
    """
    from deeplimits.training.conv_resnet.norms import block_norms
    from deeplimits.training.conv_resnet.parameters import initial_parameters, kernels

    parameters = initial_parameters(network, _generator(network, number, seed))
    return block_norms(network, *kernels(parameters), resolution)


def _generator(network: ConvResNet, number: int, seed: int) -> np.random.Generator:
    identity = stable_hash({"conv_resnet": network.to_dict(), "seed": seed})
    return np.random.default_rng([identity, number])


def require_fit(network: ConvResNet, data: LabelledImages, setup: ConvSetup) -> None:
    """Check that a network can be trained on these images with this setup.

    Raises:
        ValueError: it can't, with the reason.
    """
    if (network.input_channels, network.classes) != (data.shape[2], data.num_classes):
        raise ValueError(
            f"{data.name} has images of {data.shape[2]} channels in {data.num_classes} classes, the network is for "
            f"{network.input_channels} channels and {network.classes} classes"
        )
    if setup.batch > data.train_size:
        raise ValueError(f"batch must be at most the {data.train_size} training images, got {setup.batch}")
