"""How fast networks are trained across widths, beside PyTorch with the seeds of a width side by side."""

import json

from harness import HERE, alternate, line, median_and_spread, python_run, times

SWEEP = {
    "widths": [128, 256, 512, 1024, 2048, 4096],
    "seeds": 5,
    "steps": 50,
    "learning_rate": 0.02,
    "input_dim": 3072,
    "train_size": 1000,
    "test_size": 1000,
}


def width_sweep(options):
    variants = {
        "ours": python_run(work="width_sweep", **SWEEP, decomposition=False, kernel_inputs=0),
        "all": python_run(work="width_sweep", **SWEEP, decomposition=True, kernel_inputs=32),
    }
    if options.torch:
        variants["torch"] = [options.torch, HERE / "baselines" / "width_sweep_torch.py", json.dumps(SWEEP)]
    results = alternate(variants, rounds=1)
    seconds = {name: median_and_spread(times(runs))[0] for name, runs in results.items()}
    products = sum(SWEEP["widths"]) * SWEEP["seeds"] * SWEEP["train_size"] * (SWEEP["steps"] * SWEEP["train_size"])
    yield line(
        "training, one hidden layer, widths 2⁷ … 2¹², 5 seeds, 50 full-batch steps, 1000 samples of 3072 entries",
        "",
        f"{seconds['ours']:.0f} s of processor, compilation included",
        None,
        f"{2 * products / seconds['ours'] / 1e9:.0f} Gflop/s of products in the span of the inputs; with the logit's "
        f"terms and tangent kernels on 32 inputs {seconds['all']:.0f} s",
    )
    if options.torch:
        (run,) = results["torch"]
        whole = 4 * products / SWEEP["train_size"] * SWEEP["input_dim"]
        ratio = seconds["torch"] / seconds["ours"]
        yield line(
            f"the same beside PyTorch {run['torch']}, the seeds of a width side by side",
            "≥ 4 ×",
            f"{ratio:.2f} ×",
            ratio >= 4,
            f"losses in every step and test losses; PyTorch {seconds['torch']:.0f} s, "
            f"{whole / seconds['torch'] / 1e9:.0f} of the {run['flops_per_second'] / 1e9:.0f} Gflop/s that its "
            "products of matrices reach here",
        )


ROWS = (width_sweep,)
