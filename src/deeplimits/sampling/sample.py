"""Draw networks and stream what they show into estimates."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from deeplimits import observables as catalogue
from deeplimits._typing import ArrayLike
from deeplimits.architectures import Architecture, require_architecture
from deeplimits.datasets import Inputs, are_parallel, as_inputs
from deeplimits.sampling.advance import advance, settings_of
from deeplimits.sampling.memory import check_memory
from deeplimits.sampling.methods import choose
from deeplimits.sampling.range import check_range
from deeplimits.sampling.samples import Samples
from deeplimits.sampling.states import States
from deeplimits.validation import positive_integer


def sample(
    architecture: Architecture,
    x: ArrayLike | Inputs | None = None,
    *,
    num_networks: int,
    observables: Iterable[str] = catalogue.DEFAULT,
    seed: int = 0,
    matrix: str = "auto",
    max_layers: int = catalogue.MAX_LAYERS,
    first_network: int = 0,
    batch_size: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    checkpoint: Callable[[Samples], object] | None = None,
    device: str | None = None,
) -> Samples:
    """Draw independent random networks and estimate the law of each observable.

    Exact in law for every matrix: nothing is approximated but rounding. Memory does not grow with ``num_networks``;
    results do not depend on ``batch_size``, and the first N networks of a longer run with the same matrix are the same
    networks.

    Args:
        architecture: the network.
        x: None for the first unit vector, one vector (input_dim,) or several (inputs, input_dim).
        num_networks: how many networks to draw.
        observables: names from the catalogue of observables.
        seed: any integer of at least 0.
        matrix: how products with weight matrices are drawn, always exactly in law: ``lazy`` (deferred decisions,
            O(width) per layer), ``dense`` (the reference, O(width²)), ``fused`` (one input), ``compiled`` (the same at
            more than twice the speed, for one-matrix networks without extensions; needs Numba), ``chain`` (one input,
            no skip connection: O(1) per layer), ``pair`` (two inputs, however small their angle becomes), or ``auto``
            for the fastest of them; it compiles only if that pays, see `deeplimits.sampling.methods.choose`.
        max_layers: most layers kept of a layered observable, evenly spaced, first and last included.
        first_network: networks of the stream to leave out, whole blocks: for runs on several machines to `merge`.
        batch_size: networks per device call, rounded to whole blocks; chosen from the network's size by default.
        progress: called as ``progress(done, total)`` after each device call.
        checkpoint: called with the run so far every ten seconds and at an interrupt, say to `save` it.
        device: ``cpu``, ``gpu`` or ``tpu``, all of them side by side, or one as ``gpu:0``; by default those that JAX
            prefers. Numbers on another kind of device differ in their last bits.

    Returns:
        One streamed summary per observable and input, over networks that are not dead.

    Raises:
        ValueError: an argument is out of range, a name is unknown, or the networks would not fit in memory.
        SamplingError: a state overflowed float32 (possible for activations that are not homogeneous).

    >>> from deeplimits.architectures import ResNet
    >>> run = sample(ResNet(width=20, depth=4), num_networks=500, seed=1)
    >>> run["log_squared_norm"].mean.count
    500
    """
    run = begin(
        architecture,
        x,
        num_networks=num_networks,
        observables=observables,
        seed=seed,
        matrix=matrix,
        max_layers=max_layers,
        first_network=first_network,
    )
    return advance(run, positive_integer("num_networks", num_networks), batch_size, progress, checkpoint, device)


def begin(
    architecture: Architecture,
    x: ArrayLike | Inputs | None = None,
    *,
    num_networks: int,
    observables: Iterable[str] = catalogue.DEFAULT,
    seed: int = 0,
    matrix: str = "auto",
    max_layers: int = catalogue.MAX_LAYERS,
    first_network: int = 0,
) -> Samples:
    """Return the run that `sample` with these arguments makes, with no networks drawn yet: `extend` draws them.

    Args:
        architecture: as in `sample`, like all the others.
        x: input vectors.
        num_networks: how many networks there are to be; only ``matrix="auto"`` looks at it.
        observables: names from the catalogue of observables.
        seed: any integer of at least 0.
        matrix: how products with weight matrices are to be drawn.
        max_layers: most layers kept of a layered observable.
        first_network: networks of the stream to leave out.

    Raises:
        ValueError: an argument is out of range, a name is unknown, or the networks would not fit in memory.

    >>> from deeplimits.architectures import MLP
    >>> begin(MLP(width=10, depth=3), num_networks=100).num_networks
    0
    """
    inputs = as_inputs(x, require_architecture(architecture).input_dim)
    total = positive_integer("num_networks", num_networks)
    names = _checked_names(observables, inputs)
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**63:
        raise ValueError(f"seed must be an integer from 0 to 2^63 - 1, got {seed!r}")
    if positive_integer("max_layers", max_layers) < 3:
        raise ValueError(f"max_layers must be at least 3: the first, the last and one between, got {max_layers}")
    method = choose(matrix, architecture, inputs.count, names, total)
    check_range(architecture, inputs)
    check_memory(architecture, inputs.count, method)
    if isinstance(first_network, bool) or first_network < 0 or first_network % method.block_size:
        raise ValueError(f"first_network must be a multiple of {method.block_size} (a block), got {first_network}")
    nothing = States.empty(settings_of(architecture, inputs, names, max_layers), inputs.count)
    return Samples(
        architecture, inputs, seed, method.name, names, max_layers, first_network, nothing, nothing, provenance={}
    )


def extend(
    samples: Samples,
    *,
    num_networks: int,
    batch_size: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    checkpoint: Callable[[Samples], object] | None = None,
    device: str | None = None,
) -> Samples:
    """Continue a run until it has ``num_networks`` networks: bit for bit the run that had so many from the start.

    Args:
        samples: the run so far.
        num_networks: networks in all, at least as many as there are.
        batch_size: networks per device call, rounded to whole blocks.
        progress: called as ``progress(done, total)`` after each device call.
        checkpoint: called with the run so far every ten seconds and at an interrupt, say to `save` it.
        device: ``cpu``, ``gpu`` or ``tpu``, all of them side by side, or one as ``gpu:0``; by default those that JAX
            prefers. Numbers on another kind of device differ in their last bits.

    Raises:
        ValueError: ``num_networks`` is less than the run already has.

    >>> from deeplimits.architectures import MLP
    >>> short = sample(MLP(width=10, depth=3), num_networks=100)
    >>> extend(short, num_networks=300).num_networks
    300
    """
    total = positive_integer("num_networks", num_networks)
    if total < samples.num_networks:
        raise ValueError(f"the run has {samples.num_networks} networks already, num_networks={total} is fewer")
    return advance(samples, total, batch_size, progress, checkpoint, device)


def _checked_names(observables: Iterable[str], inputs: Inputs) -> tuple[str, ...]:
    names = (observables,) if isinstance(observables, str) else tuple(observables)
    if not names:
        raise ValueError(f"observables is empty; choose from {', '.join(catalogue.CATALOGUE)}")
    for observable in map(catalogue.get, names):
        if observable.inputs not in (1, inputs.count):
            raise ValueError(f"{observable.name} needs exactly {observable.inputs} input vectors, got {inputs.count}")
    if "log_sine" in names and are_parallel(inputs):
        raise ValueError("log_sine is −∞ for two parallel input vectors, got two; give vectors of different directions")
    # In one order whatever the user's, so that the compiled program and its results are the same.
    return tuple(name for name in catalogue.CATALOGUE if name in names)
