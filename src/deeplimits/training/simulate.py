"""Seeds of a training run side by side, from their initial weights to their measures, as one compiled program."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import optax
from jax import Array, lax

from deeplimits.randomness.keys import Key, fold_in
from deeplimits.training.batches import batches
from deeplimits.training.input_layer import Vectors
from deeplimits.training.losses import accuracy_of, loss_of
from deeplimits.training.measures import measure
from deeplimits.training.network_in_training import NetworkInTraining
from deeplimits.training.optimizers import direction_of
from deeplimits.training.program import Labels, Numbers, Program, Record
from deeplimits.training.weights import Weights, num_matrices_of


def simulate(program: Program, numbers: Numbers, keys: Key, vectors: Vectors, labels: Labels) -> Record:
    """Train one network for each key, side by side."""
    run = _hastily if jax.default_backend() == "cpu" and _work(program, vectors) < _LITTLE else _thoroughly
    record: Record = run(program, numbers, keys, vectors, labels)
    return record


def _train_all(program: Program, numbers: Numbers, keys: Key, vectors: Vectors, labels: Labels) -> Record:
    with jax.default_matmul_precision("highest"):
        return jax.vmap(lambda key: _train(program, numbers, key, vectors, labels))(keys)


# Without optimization a program compiles in half the time, which little work takes less of than it saves.
_hastily = jax.jit(_train_all, static_argnames=("program",), compiler_options={"xla_backend_optimization_level": 0})
_thoroughly = jax.jit(_train_all, static_argnames=("program",))
_LITTLE = 4e10  # floating-point operations of one seed; of all, the result would depend on how many seeds there are


def _work(program: Program, vectors: Vectors) -> float:
    network, (samples, entries) = program.architecture, vectors.train.shape
    inputs = samples if program.span else 2 * entries
    per_sample = 2.0 * network.width * (inputs + 3 * num_matrices_of(network) * network.width)
    return per_sample * (program.steps * (program.batch or samples) + 10 * (samples + vectors.test.shape[0]))


def _train(program: Program, numbers: Numbers, key: Key, vectors: Vectors, labels: Labels) -> Record:
    network = NetworkInTraining(program, numbers, key, vectors)
    direction = direction_of(program.optimizer)
    test_origin = network.start._replace(input=network.first.test_start)
    backwards = Weights(*(-rate for rate in numbers.rates))

    def tested(trained: Weights) -> tuple[Array, Array]:
        f = network.function(network.test_point(trained), test_origin)
        return loss_of(program.loss, f, labels.test), accuracy_of(f, labels.test)

    def step(carry: tuple[Weights, Any], item: tuple[Array, Array | None]) -> tuple[tuple[Weights, Any], Any]:
        trained, state = carry
        number, batch = item
        current = labels.train if batch is None else labels.train[batch]
        loss, accuracy, gradient = network.gradient(trained, batch, current)
        seen = (loss, accuracy, network.gradient_norm(gradient, batch) if program.gradient_norm else None)
        if program.test_every:
            blank = (jnp.float32(0), jnp.float32(0))
            seen += lax.cond(number % program.test_every == 0, tested, lambda _: blank, trained)
        moves, state = direction.update(gradient, state)
        return (optax.apply_updates(trained, Weights(*moves).times(backwards)), state), seen

    begin = network.trained_at_start()
    order = None if program.batch is None else batches(fold_in(key, 0), labels.train.size, program.batch, program.steps)
    (trained, _), path = lax.scan(step, (begin, direction.init(begin)), (jnp.arange(program.steps), order))
    return _record(network, trained, path, numbers, vectors, labels)


def _record(
    network: NetworkInTraining,
    trained: Weights,
    path: tuple[Any, ...],
    numbers: Numbers,
    vectors: Vectors,
    labels: Labels,
) -> Record:
    """Evaluate start and end at once, and put what was seen on the way between."""
    program, size = network.program, labels.train.size
    origin, end = network.all_points(trained)
    points: Weights = jax.tree.map(lambda *both: jnp.stack(both), origin, end)
    outputs = jax.vmap(lambda point: network.function(point, origin))(points)
    (_, train_end), (test_start, test_end) = outputs[..., :size], outputs[..., size:]

    def judged(values: Array, classes: Array) -> tuple[Array, Array]:
        return loss_of(program.loss, values, classes), accuracy_of(values, classes)

    start, last = judged(test_start, labels.test), judged(test_end, labels.test)
    between = [part[:: program.test_every][1:] for part in path[3:]] or [jnp.zeros(0)] * 2
    on_test = [
        jnp.concatenate([first[None], middle, final[None]])
        for first, middle, final in zip(start, between, last, strict=True)
    ]
    on_train = [jnp.append(*parts) for parts in zip(path[:2], judged(train_end, labels.train), strict=True)]
    tests = points._replace(input=points.input[..., size:])
    measures = measure(network, trained, tests, numbers, vectors, test_end)
    return Record(
        train_loss=on_train[0],
        train_accuracy=on_train[1],
        gradient_norm=jnp.zeros(0) if path[2] is None else path[2],
        test_loss=on_test[0],
        test_accuracy=on_test[1],
        start_logits=test_start,
        end_logits=test_end,
        measures=measures,
    )
