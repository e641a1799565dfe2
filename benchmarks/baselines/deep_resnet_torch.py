"""The baseline of training very deep ResNets: eager PyTorch, one parameter a layer, as the experiments' authors did.

    python benchmarks/baselines/deep_resnet_torch.py '{"depth": 10000, "width": 10, "batch": 32, "steps": 3, …}'

h' = h + |δ| tanh(h A_k + b_k) with one trainable scalar δ, mean squared error, one learning rate. The weights are lists
of parameters that a Python loop goes through. Needs torch only; prints one JSON object.
"""

import json
import sys
import time

import torch
from torch import nn

OPTIMIZERS = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "rmsprop": torch.optim.RMSprop}


def train(spec, inputs, targets):
    """Take some steps on one batch; return the seconds of processor of each, and the losses."""
    depth, width = spec["depth"], spec["width"]
    weights = [nn.Parameter(torch.randn(width, width) * spec["initial_sd"] / (depth * width)) for _ in range(depth)]
    biases = [nn.Parameter(torch.randn(width) * spec["initial_sd"] / (depth * width**0.5)) for _ in range(depth)]
    scale = nn.Parameter(torch.tensor([1 / depth]))
    optimizer = OPTIMIZERS[spec["optimizer"]]([*weights, *biases, scale], lr=spec["learning_rate"])
    criterion, runs, losses = nn.MSELoss(), [], []
    for _ in range(spec["steps"]):
        wall, cpu = time.perf_counter(), time.process_time()
        optimizer.zero_grad()
        hidden = inputs
        for weight, bias in zip(weights, biases, strict=True):
            hidden = hidden + torch.abs(scale) * torch.tanh(torch.mm(hidden, weight) + bias)
        loss = criterion(hidden, targets)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        runs.append({"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu})
    return runs[1:], losses


if __name__ == "__main__":
    spec = json.loads(sys.argv[1])
    torch.set_num_threads(1)
    torch.manual_seed(0)
    inputs, targets = (torch.nn.functional.normalize(torch.randn(spec["batch"], spec["width"])) for _ in range(2))
    runs, losses = train(spec, inputs, targets)
    print(json.dumps({"runs": runs, "losses": losses, "torch": torch.__version__}))
