"""What fitting a Gaussian process costs beside its two parts: the kernel, and SciPy's Cholesky factor of it."""

from harness import alternate, line, median_and_spread, python_run, times

NETWORK = {"kind": "resnet", "width": 10, "depth": 50, "input_dim": 50}


def gp_fit(options):
    spec = {"network": NETWORK, "inputs": 5000, "repeats": 2}
    variants = {name: python_run(work=name, **spec) for name in ("gp_fit", "kernel_and_cholesky")}
    results = alternate(variants, rounds=3)
    (fit, spread), (parts, _) = (median_and_spread(times(results[name])) for name in variants)
    yield line(
        "NNGPRegressor.fit, ReLU ResNet of 50 blocks, N = 5000, beside its kernel and scipy.linalg.cho_factor",
        "≤ 1.3 ×",
        f"{fit / parts:.2f} ×",
        fit <= 1.3 * parts,
        f"{fit:.1f} s ± {100 * spread:.0f} % of processor; kernel and factor alone {parts:.1f} s",
    )


ROWS = (gp_fit,)
