"""How fast very deep residual networks are trained, beside eager PyTorch written layer by layer."""

import json

from harness import HERE, alternate, line, median_and_spread, python_run, times

DEEP = {"depth": 10000, "width": 10, "batch": 32, "learning_rate": 0.005, "initial_sd": 0.01}
STEPS = 8
ASKED = {1: 12, 8: 40}


def deep_resnet(options):
    sizes = {f"{seeds} {optimizer}": (seeds, optimizer) for optimizer in ("sgd", "adam") for seeds in ASKED}
    variants = {
        name: python_run(work="deep_resnet", **DEEP, steps=STEPS, seeds=seeds, optimizer=optimizer, repeats=3)
        for name, (seeds, optimizer) in sizes.items()
    }
    if options.torch:
        script = HERE / "baselines" / "deep_resnet_torch.py"
        for optimizer in ("sgd", "adam"):
            variants[f"torch {optimizer}"] = [
                options.torch,
                script,
                json.dumps({**DEEP, "steps": 4, "optimizer": optimizer}),
            ]
    results = alternate(variants, rounds=2)
    step = {name: median_and_spread(times(runs))[0] for name, runs in results.items()}
    for name, (seeds, _) in sizes.items():
        step[name] /= STEPS * seeds
    # Products with the weights forward and back, those that give their gradients, and the preactivations once more
    # in each direction, as segments keep no more than their first state.
    flops = 2 * 5 * DEEP["depth"] * DEEP["width"] ** 2 * DEEP["batch"]
    for name, (seeds, optimizer) in sizes.items():
        base = step.get(f"torch {optimizer}")
        ratio = base and base / step[name]
        asked = ASKED[seeds] if optimizer == "sgd" else None
        torch = "" if base is None else f"; PyTorch {results[f'torch {optimizer}'][0]['torch']} {base:.2f} s"
        yield line(
            f"a {optimizer} step of a ResNet of depth 10,000, width 10, batch 32, {seeds} networks side by side",
            f"≥ {asked} ×" if asked else "",
            f"{step[name] * 1000:.0f} ms of processor a network" if base is None else f"{ratio:.0f} ×",
            ratio >= asked if asked and ratio else None,
            f"{step[name] * 1000:.0f} ms of processor a network, {flops / step[name] / 1e9:.1f} Gflop/s{torch}",
        )


def deep_compilation(options):
    spec = {**DEEP, "steps": 1, "seeds": 1, "optimizer": "adam"}
    variants = {
        f"{depth}": python_run(work="deep_resnet_compilation", **{**spec, "depth": depth}) for depth in (1000, 10000)
    }
    seconds = {name: median_and_spread(times(runs))[0] for name, runs in alternate(variants).items()}
    difference = seconds["10000"] / seconds["1000"] - 1
    yield line(
        "compiling an epoch of Adam at depth 10,000, beside depth 1000",
        "does not depend on depth",
        f"{difference:+.0%}",
        abs(difference) < 0.2,
        f"{seconds['10000']:.2f} and {seconds['1000']:.2f} s of processor",
    )


ROWS = (deep_resnet, deep_compilation)
