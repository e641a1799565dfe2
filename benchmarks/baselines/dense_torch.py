"""The baseline: dense PyTorch, whole weight matrices, batched over networks.

    python benchmarks/baselines/dense_torch.py WIDTH DEPTH NETWORKS

As fast as PyTorch's own operations make it: one buffer of weights that fits in cache, refilled in place, one batched
product and one in-place update a layer, no autograd. Nearly all the time goes into the normal numbers, so PyTorch's
rate of those alone is measured too. Needs torch only; prints one JSON object.
"""

import json
import math
import sys
import time

import torch

CACHE = 2**19  # entries of the buffer: 2 MiB


@torch.inference_mode()
def log_squared_norms(width, depth, networks, output_dim=10):
    """Return ln of the squared output norms of ReLU ResNets, skip and branch scale sqrt(1/2)."""
    batch = max(1, min(networks, CACHE // width**2))
    weights = torch.empty(batch, width, width)
    results = []
    for first in range(0, networks, batch):
        z = torch.randn(batch, width, 1)
        for _ in range(depth):
            weights.normal_()
            # skip z + branch sqrt(2 / width) W relu(z)
            z = torch.baddbmm(z, weights, z.relu(), beta=math.sqrt(0.5), alpha=math.sqrt(1 / width))
        outputs = torch.randn(batch, output_dim, width) @ z / math.sqrt(width)
        results.append(outputs.square().sum(dim=(1, 2)).log()[: networks - first])
    return torch.cat(results)


def timed(work):
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


if __name__ == "__main__":
    width, depth, networks = map(int, sys.argv[1:])
    torch.set_num_threads(1)
    log_squared_norms(width, 2, 2)
    buffer = torch.empty(CACHE)
    buffer.normal_()
    runs = [timed(lambda: log_squared_norms(width, depth, networks))]
    raw = timed(lambda: [buffer.normal_() for _ in range(40)])
    print(json.dumps({"runs": runs, "normals_per_second": 40 * CACHE / raw["cpu"], "torch": torch.__version__}))
