"""One timed run in a process of its own, pinned: what the harness starts. Prints one JSON object.

python benchmarks/one_run.py '{"work": "sample", "cores": [0], "repeats": 3, …}'
"""

import json
import os
import resource
import sys
import time
from pathlib import Path


def sample(spec):
    import numpy as np

    import deeplimits as dl
    from deeplimits.architectures import from_dict

    net = from_dict(spec["network"])
    inputs = None
    if spec.get("inputs", 1) > 1:
        inputs = np.random.default_rng(0).standard_normal((spec["inputs"], net.input_dim))

    def work(num_networks, seed):
        dl.sample(
            net, inputs, num_networks=num_networks, seed=seed, matrix=spec["matrix"], observables=spec["observables"]
        )

    # The warm-up has blocks of the size that is timed, so that its programs serve.
    work(min(spec["networks"], spec.get("warm", spec["networks"])), 10**6)
    return lambda repeat: work(spec["networks"], repeat)


def fused_normals(spec):
    """The generator and transform of the JAX samplers, summed up in cache."""
    import jax
    import jax.numpy as jnp

    from deeplimits.randomness.keys import NORMALS, fold_in, key_of, lane_bits
    from deeplimits.randomness.normals import complex_normals

    lanes, pairs, steps = 512, 50, spec["normals"] // (512 * 100)

    @jax.jit
    def draw(seed):
        key, lane = fold_in(key_of(3), seed), jnp.arange(lanes, dtype=jnp.uint32)[None, :]

        def step(carry, _):
            layer, total = carry
            position = layer * jnp.uint32(pairs) + jnp.arange(pairs, dtype=jnp.uint32)[:, None]
            return (layer + jnp.uint32(1), total + complex_normals(lane_bits(key, position, lane, NORMALS))), None

        start = jnp.uint32(0), jnp.zeros((pairs, lanes), jnp.complex64)
        return jax.lax.scan(step, start, None, length=steps)[0][1]

    draw(0).block_until_ready()
    return lambda repeat: draw(repeat).block_until_ready()


def compiled_normals(spec):
    """The generator and transform of the compiled kernel, summed so that nothing is written."""
    import numpy as np
    from numba import njit

    from deeplimits.networks.reductions.compiled import LANES, box_muller, next_word

    @njit(error_model="numpy", fastmath={"contract"})
    def draw(state, total, quads):
        for _ in range(quads):
            for j in range(LANES):
                a, b, c, d = state[j], state[LANES + j], state[2 * LANES + j], state[3 * LANES + j]
                word0, a, b, c, d = next_word(a, b, c, d)
                word1, a, b, c, d = next_word(a, b, c, d)
                word2, a, b, c, d = next_word(a, b, c, d)
                word3, a, b, c, d = next_word(a, b, c, d)
                state[j], state[LANES + j], state[2 * LANES + j], state[3 * LANES + j] = a, b, c, d
                g0, g1 = box_muller(word0, word1)
                g2, g3 = box_muller(word2, word3)
                total[j] += (g0 + g1) + (g2 + g3)

    state = np.random.default_rng(0).integers(2**32, size=4 * LANES, dtype=np.uint32)
    total = np.zeros(LANES, np.float32)
    draw(state, total, 10)
    return lambda repeat: draw(state, total, spec["normals"] // (4 * LANES))


def width_sweep(spec):
    """Training across widths, on the inputs of the baseline."""
    sys.path.insert(0, str(Path(__file__).parent / "baselines"))
    from correlated_inputs import inputs_and_labels

    import deeplimits as dl
    from deeplimits.datasets import LabelledData

    inputs, labels = inputs_and_labels(spec)
    size = spec["train_size"]
    parts = (inputs[:size], labels[:size], inputs[size:], labels[size:])
    data = LabelledData("benchmark", "correlated Gaussian inputs, labels by a linear teacher", *parts, 2)
    setup = dl.TrainingSetup(learning_rate=spec["learning_rate"], steps=spec["steps"])
    uniform = {"activation": "leaky-relu:1,0.1", "weight_variance": 1 / 3, "input_variance": 1 / 3}
    measured = {name: spec[name] for name in ("decomposition", "kernel_inputs")}

    def work(_):
        for width in spec["widths"]:
            net = dl.MLP(width=width, depth=1, input_dim=spec["input_dim"], output_dim=1, **uniform)
            dl.train(net, data, setup, seeds=spec["seeds"], weight_law="uniform", **measured)

    return work


def _deep_epoch(spec):
    """The program of an epoch, and what gives it fresh arguments."""
    import jax.numpy as jnp
    import numpy as np

    from deeplimits.parametrizations import resolve_optimizer
    from deeplimits.training.deep_resnet import DeepResNet
    from deeplimits.training.deep_resnet.epoch import Program, Samples
    from deeplimits.training.deep_resnet.order import random_order
    from deeplimits.training.deep_resnet.parameters import initial_parameters
    from deeplimits.training.optimizers import direction_of
    from deeplimits.training.residual_layers import segments_of

    network = DeepResNet(depth=spec["depth"], width=spec["width"], init_sd=spec["initial_sd"])
    segments, length = segments_of(network.depth)
    optimizer, room, total = resolve_optimizer(spec["optimizer"]), segments * length, spec["steps"] * spec["batch"]
    generators = [np.random.default_rng(number) for number in range(spec["seeds"])]
    points = generators[0].normal(size=(2, total, network.width)).astype(np.float32)
    samples = Samples(*jnp.asarray(points / np.linalg.norm(points, axis=-1, keepdims=True)))

    def arguments():
        parameters = initial_parameters(network, generators, room)
        return (
            Program(network.phi, segments, optimizer),
            (parameters, direction_of(optimizer).init(parameters)),
            jnp.asarray(np.arange(room) < network.depth, jnp.float32),
            samples,
            random_order(generators, total, spec["batch"]),
            jnp.ones(spec["seeds"], bool),
            jnp.float32(spec["learning_rate"]),
        )

    return arguments


def deep_resnet(spec):
    """Steps of very deep networks side by side."""
    import jax

    from deeplimits.training.deep_resnet.epoch import train_epoch

    program, state, *rest = _deep_epoch(spec)()
    state, _ = jax.block_until_ready(train_epoch(program, state, *rest))

    def work(_):
        nonlocal state
        state, _ = jax.block_until_ready(train_epoch(program, state, *rest))

    return work


def deep_resnet_compilation(spec):
    """Compiling an epoch of very deep networks."""
    from deeplimits.training.deep_resnet.epoch import train_epoch

    arguments = _deep_epoch(spec)()
    return lambda repeat: train_epoch.lower(*arguments).compile()


def exact_law(spec):
    """The whole law of a deep MLP, from nothing: its distribution function at 201 points."""
    import numpy as np

    import deeplimits as dl

    def work(width):
        law = dl.predict(dl.MLP(width=width, depth=spec["depth"]), limit="exact")["log_squared_norm"]
        centre, spread = law.mean, law.variance**0.5
        assert np.all(np.diff(law.cdf(centre + spread * np.linspace(-4, 4, 201))) >= -1e-9)

    work(10)
    return lambda repeat: work(spec["width"] + repeat)  # another width each time: nothing is remembered


def _regression(spec):
    import numpy as np

    from deeplimits.architectures import from_dict

    net, generator = from_dict(spec["network"]), np.random.default_rng(0)
    return net, generator.standard_normal((spec["inputs"], net.input_dim)), generator.standard_normal(spec["inputs"])


def gp_fit(spec):
    """A Gaussian process fitted, from inputs to coefficients."""
    from deeplimits.gp import NNGPRegressor

    net, x, y = _regression(spec)
    NNGPRegressor(net).fit(x[:600], y[:600])
    return lambda repeat: NNGPRegressor(net).fit(x, y)


def kernel_and_cholesky(spec):
    """The two parts of it that cannot be saved, by themselves."""
    from scipy.linalg import cho_factor

    from deeplimits.kernels import nngp

    net, x, _ = _regression(spec)

    def work(count):
        covariance = nngp(net, x[:count]).values
        covariance.flat[:: count + 1] += 1e-2
        # The transpose of a symmetric matrix is in LAPACK's order, so that SciPy copies and checks nothing.
        cho_factor(covariance.T, lower=True, overwrite_a=True, check_finite=False)

    work(600)
    return lambda repeat: work(spec["inputs"])


def gram(spec):
    """NNGP and NTK Gram matrices of random inputs, of one length or of lengths that differ."""
    import numpy as np

    from deeplimits.architectures import from_dict, stable
    from deeplimits.kernels import nngp_and_ntk

    content = dict(spec["network"])
    if "stable" in content:
        content["branch_scale"] = stable(content.pop("stable"))
    net, rng = from_dict(content), np.random.default_rng(0)
    x = rng.standard_normal((spec["inputs"], net.input_dim))
    if spec.get("one_length"):
        x *= np.sqrt(net.input_dim) / np.linalg.norm(x, axis=1, keepdims=True)
    out = None
    if spec.get("folder"):
        shape = (len(x), len(x))
        out = tuple(np.memmap(f"{spec['folder']}/{name}", np.float64, "w+", shape=shape) for name in ("k", "t"))
    nngp_and_ntk(net, x[:200])
    return lambda repeat: nngp_and_ntk(net, x, out=out)


def main():
    spec = json.loads(sys.argv[1])
    if spec.get("cores") and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, spec["cores"])
    work, runs = globals()[spec["work"]](spec), []
    for repeat in range(spec.get("repeats", 1)):
        wall, cpu = time.perf_counter(), time.process_time()
        work(repeat)
        runs.append({"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu})
    print(json.dumps({"runs": runs, "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


if __name__ == "__main__":
    main()
