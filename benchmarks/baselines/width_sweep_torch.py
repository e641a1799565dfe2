"""The baseline of training across widths: PyTorch with the seeds of a width side by side, whole input weights.

    python benchmarks/baselines/width_sweep_torch.py '{"widths": [128, 256], "seeds": 5, "steps": 50, …}'

One hidden layer, full-batch gradient descent, logistic loss. The seeds' first layers are one product of matrices, the
weights are updated in place, and nothing is measured but the training loss of every step and the test loss before and
after. Needs torch and numpy only; prints one JSON object.
"""

import json
import sys
import time

import torch
from correlated_inputs import inputs_and_labels
from torch.nn.functional import binary_cross_entropy_with_logits, leaky_relu


def sweep(spec, inputs, labels):
    """Train every width; return the mean loss at the end of each."""
    size = spec["train_size"]
    return [train(spec, width, inputs[:size], labels[:size], inputs[size:], labels[size:]) for width in spec["widths"]]


def train(spec, width, inputs, labels, test_inputs, test_labels):
    seeds, rate = spec["seeds"], spec["learning_rate"]
    hidden = torch.empty(seeds, width, inputs.shape[1]).uniform_(-1, 1).div_(inputs.shape[1] ** 0.5).requires_grad_()
    output = torch.empty(seeds, 1, width).uniform_(-1, 1).div_(width**0.5).requires_grad_()
    targets = labels.expand(seeds, -1)

    def logits(points):
        return (output @ leaky_relu(hidden @ points.T, 0.1)).squeeze(1)

    def test_loss():
        with torch.no_grad():
            return binary_cross_entropy_with_logits(logits(test_inputs), test_labels.expand(seeds, -1)).item()

    before, losses = test_loss(), []
    for _ in range(spec["steps"]):
        # The sum over seeds, so that each seed has the gradient of its own mean loss.
        loss = binary_cross_entropy_with_logits(logits(inputs), targets) * seeds
        losses.append(loss.item() / seeds)
        for weights, gradient in zip((hidden, output), torch.autograd.grad(loss, (hidden, output)), strict=True):
            with torch.no_grad():
                weights.sub_(gradient, alpha=rate)
    return [before, losses[0], losses[-1], test_loss()]


if __name__ == "__main__":
    spec = json.loads(sys.argv[1])
    torch.set_num_threads(1)
    inputs, labels = inputs_and_labels(spec)
    inputs, labels = torch.tensor(inputs, dtype=torch.float32), torch.tensor(labels, dtype=torch.float32)
    torch.mm(inputs, inputs.T)
    wall, cpu = time.perf_counter(), time.process_time()
    losses = sweep(spec, inputs, labels)
    run = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    a = torch.randn(2048, 2048)
    start = time.process_time()
    for _ in range(5):
        a @ a
    rate = 5 * 2 * 2048**3 / (time.process_time() - start)
    print(json.dumps({"runs": [run], "losses": losses, "flops_per_second": rate, "torch": torch.__version__}))
