"""How fast NNGP and NTK Gram matrices are computed, beside what was asked."""

import tempfile

import harness
from harness import alternate, cores, line, median_and_spread, python_run, times

DEEP = {"kind": "resnet", "width": 1, "depth": 50, "input_dim": 784}
RECORDED = 6.3  # seconds of neural-tangents, with 2.6 GB, in float32 in an old environment


def measured(network, inputs=2000, **more):
    command = python_run(work="gram", network=network, inputs=inputs, repeats=3, **more)
    results = alternate({"ours": command}, rounds=2)["ours"]
    return (*median_and_spread(times(results)), max(result["peak_mib"] for result in results))


def kernels(options):
    seconds, spread, peak = measured(DEEP)
    yield line(
        "NNGP and NTK Gram matrices, ReLU ResNet of 50 blocks, N = 2000, float64",
        "≤ 0.42 s of processor",
        f"{seconds:.2f} s ± {100 * spread:.0f} %",
        seconds <= 0.42,
        f"peak {peak:.0f} MiB; {RECORDED / seconds:.0f} times under the 6.3 s *recorded* of neural-tangents",
    )
    shallow, deep = (measured({**DEEP, "depth": layers})[0] for layers in (5, 500))
    yield line(
        "the same at depth 5 and 500",
        "no dependence on the depth",
        f"{shallow:.2f} and {deep:.2f} s",
        None,
        "the table is larger at 500 layers, and made once",
    )


def kernels_of_activations(options):
    base = measured(DEEP)[0]
    for name, network, one_length in (
        ("tanh, inputs of one length", {"activation": "tanh"}, True),
        ("GELU, inputs of one length", {"activation": "gelu"}, True),
        ("ReLU with biases, inputs of one length", {"bias_variance": 0.1}, True),
        ("GELU, stable(1), any lengths", {"activation": "gelu", "stable": 1.0}, False),
    ):
        seconds, spread, _ = measured({**DEEP, **network}, one_length=one_length)
        ratio = seconds / base
        yield line(
            f"the same, {name}", "≤ 3 × ReLU", f"{ratio:.1f} ×", ratio <= 3, f"{seconds:.2f} s ± {100 * spread:.0f} %"
        )


def kernels_on_two_cores(options):
    if len(cores()) < 2:
        yield line("Gram matrices on two cores", "≥ 1.7 ×", "one core here")
        return
    command = python_run(work="gram", network=DEEP, inputs=4000, repeats=3)
    walls = []
    for where in (cores()[:1], cores()[:2]):
        runs = alternate({"ours": command}, rounds=2, where=where)["ours"]
        walls.append(median_and_spread(times(runs, "wall"))[0])
    ratio = walls[0] / walls[1]
    yield line("Gram matrices on two cores, N = 4000", "≥ 1.7 ×", f"{ratio:.2f} ×", ratio >= 1.7, "wall")


def large_kernels(options):
    with tempfile.TemporaryDirectory() as folder:
        command = python_run(work="gram", network=DEEP, inputs=20_000, folder=folder)
        result = harness.finish(harness.start(command, cores()))
    (run,) = result["runs"]
    yield line(
        "NNGP and NTK, N = 20 000, into memory maps, all cores",
        "bounded memory",
        f"{run['wall']:.0f} s",
        None,
        f"{run['cpu']:.0f} s of processor, peak {result['peak_mib']:.0f} MiB, of which pages of the maps that the "
        "system may drop",
    )


ROWS = (kernels, kernels_on_two_cores, kernels_of_activations, large_kernels)
